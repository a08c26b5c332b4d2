//! The basket: a sale that is still open. Every change can be undone; nothing here knows a total.

use serde::{Deserialize, Serialize};

use crate::ids::{BasketId, LineId, VariantId};
use crate::item::Sellable;
use crate::money::Money;
use crate::quantity::{Quantity, QuantityError};
use crate::tender::Tender;

/// One line: a variant as it was when it was added, and how much of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its id; kept by the sale.
    pub id: LineId,
    /// What is sold, frozen: a later price change does not reach into an open basket.
    pub sellable: Sellable,
    /// How much; always positive.
    pub quantity: Quantity,
    /// Another price for one unit, and why.
    pub price_override: Option<PriceOverride>,
    /// For the customer or the kitchen.
    pub note: Option<String>,
}

/// A price set at the till.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceOverride {
    /// For one unit.
    pub price: Money,
    /// Why, as printed; empty for an item without a price of its own.
    pub reason: String,
}

impl Line {
    /// The price of one unit: the override, else the catalogue's.
    pub fn unit_price(&self) -> Option<Money> {
        self.price_override.as_ref().map(|o| o.price).or(self.sellable.price)
    }

    fn takes_more_of(&self, variant: VariantId) -> bool {
        self.sellable.variant == variant
            && !self.sellable.unit.is_divisible()
            && self.price_override.is_none()
            && self.note.is_none()
    }
}

/// A change that a person makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Add so much of a variant: to the line that has it already, else on a new line.
    Add {
        /// Used if a new line is made.
        line: LineId,
        /// What.
        sellable: Sellable,
        /// How much.
        quantity: Quantity,
        /// For an item without a price.
        price: Option<Money>,
    },
    /// Set how much.
    SetQuantity(LineId, Quantity),
    /// Set another price, or take the override back.
    SetPrice(LineId, Option<PriceOverride>),
    /// Set or clear a note.
    SetNote(LineId, Option<String>),
    /// Take the line out.
    Remove(LineId),
    /// Take every line out.
    Clear,
}

/// How to take a change back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Inverse {
    Remove(LineId),
    Put { index: usize, line: Box<Line> },
    Replace(Box<Line>),
    PutAll(Vec<Line>),
}

/// A change that was made, for the Undo row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What was done.
    pub kind: StepKind,
    /// To which item, by name.
    pub name: String,
    inverse: Inverse,
}

/// The kinds of steps that can be undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// A line or a unit came in.
    Added,
    /// A line was changed.
    Changed,
    /// A line went out.
    Removed,
    /// All lines went out.
    Cleared,
}

/// What a basket refuses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BasketError {
    /// No such line.
    #[error("that line is no longer in the basket")]
    NoSuchLine,
    /// The quantity cannot be sold.
    #[error(transparent)]
    Quantity(#[from] QuantityError),
    /// The item has no price and none was given.
    #[error("\"{name}\" has no price: enter one")]
    NeedsPrice {
        /// The item.
        name: String,
    },
    /// A price below nothing.
    #[error("a price cannot be below nothing")]
    NegativePrice,
    /// Too many lines.
    #[error("a basket holds up to {} lines: pay this one and start another", Basket::MAX_LINES)]
    TooManyLines,
    /// A note too long to print.
    #[error("a note holds up to {} characters", Basket::MAX_NOTE)]
    NoteTooLong,
    /// Money was taken already.
    #[error("part of this basket is paid: take the payment back before you change it")]
    PartlyPaid,
    /// Nothing to take back.
    #[error("there is nothing to undo")]
    NothingToUndo,
}

/// An open sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basket {
    id: BasketId,
    lines: Vec<Line>,
    tenders: Vec<Tender>,
    /// Set while it waits for its customer to come back.
    pub parked: Option<Parked>,
    steps: Vec<Step>,
}

/// A basket that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parked {
    /// What the cashier calls it: `Blue coat`; empty for none.
    pub label: String,
}

impl Basket {
    /// More than any real trolley; a limit so that a stuck scanner key cannot fill the memory.
    pub const MAX_LINES: usize = 1_000;
    /// Characters of a note.
    pub const MAX_NOTE: usize = 200;
    /// Changes that can be taken back.
    pub const MAX_STEPS: usize = 20;

    /// An empty basket.
    pub const fn new(id: BasketId) -> Self {
        Self { id, lines: Vec::new(), tenders: Vec::new(), parked: None, steps: Vec::new() }
    }

    /// Its id; the sale's too, once paid.
    pub const fn id(&self) -> BasketId {
        self.id
    }

    /// Its lines, in the order in which they came.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// What was paid so far.
    pub fn tenders(&self) -> &[Tender] {
        &self.tenders
    }

    /// The change that [`Basket::undo`] would take back.
    pub fn last_step(&self) -> Option<&Step> {
        self.steps.last()
    }

    /// True when there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.tenders.is_empty()
    }

    /// Makes a change; on an error nothing has changed. Returns the line concerned.
    ///
    /// # Errors
    /// See [`BasketError`].
    pub fn apply(&mut self, change: Change) -> Result<Option<LineId>, BasketError> {
        if !self.tenders.is_empty() {
            return Err(BasketError::PartlyPaid);
        }
        match change {
            Change::Add { line, sellable, quantity, price } => {
                self.add(line, sellable, quantity, price).map(Some)
            }
            Change::SetQuantity(id, quantity) => self.change(id, |line| {
                line.quantity = quantity.for_line(line.sellable.unit)?;
                Ok(())
            }),
            Change::SetPrice(id, price) => self.change(id, |line| {
                if price.as_ref().is_some_and(|p| p.price.is_negative()) {
                    return Err(BasketError::NegativePrice);
                }
                if price.is_none() && line.sellable.price.is_none() {
                    return Err(BasketError::NeedsPrice { name: line.sellable.name.clone() });
                }
                check_note(price.as_ref().map(|p| p.reason.as_str()))?;
                line.price_override = price;
                Ok(())
            }),
            Change::SetNote(id, note) => self.change(id, |line| {
                check_note(note.as_deref())?;
                line.note = note.filter(|text| !text.trim().is_empty());
                Ok(())
            }),
            Change::Remove(id) => self.remove(id),
            Change::Clear => {
                let lines = std::mem::take(&mut self.lines);
                self.remember(StepKind::Cleared, String::new(), Inverse::PutAll(lines));
                Ok(None)
            }
        }
    }

    /// Takes the last change back.
    ///
    /// # Errors
    /// [`BasketError::NothingToUndo`], or [`BasketError::PartlyPaid`].
    pub fn undo(&mut self) -> Result<(), BasketError> {
        if !self.tenders.is_empty() {
            return Err(BasketError::PartlyPaid);
        }
        let step = self.steps.pop().ok_or(BasketError::NothingToUndo)?;
        match step.inverse {
            Inverse::Remove(id) => self.lines.retain(|line| line.id != id),
            Inverse::Put { index, line } => {
                self.lines.insert(index.min(self.lines.len()), *line);
            }
            Inverse::Replace(before) => {
                if let Some(line) = self.lines.iter_mut().find(|line| line.id == before.id) {
                    *line = *before;
                }
            }
            Inverse::PutAll(lines) => self.lines = lines,
        }
        Ok(())
    }

    /// Adds a payment. What may be paid is [`crate::tender`]'s to say.
    pub fn add_tender(&mut self, tender: Tender) {
        self.tenders.push(tender);
    }

    /// Takes a payment back; true if it was there.
    pub fn remove_tender(&mut self, id: crate::ids::TenderId) -> bool {
        let before = self.tenders.len();
        self.tenders.retain(|tender| tender.id != id);
        self.tenders.len() < before
    }

    fn add(
        &mut self,
        id: LineId,
        sellable: Sellable,
        quantity: Quantity,
        price: Option<Money>,
    ) -> Result<LineId, BasketError> {
        let quantity = quantity.for_line(sellable.unit)?;
        if price.is_some_and(Money::is_negative) {
            return Err(BasketError::NegativePrice);
        }
        if price.is_none() {
            if sellable.price.is_none() {
                return Err(BasketError::NeedsPrice { name: sellable.name });
            }
            let same = self.lines.iter_mut().rev().find(|l| l.takes_more_of(sellable.variant));
            if let Some(line) = same {
                let before = line.clone();
                line.quantity = line.quantity.plus(quantity).for_line(line.sellable.unit)?;
                let (id, name) = (line.id, line.sellable.name.clone());
                self.remember(StepKind::Added, name, Inverse::Replace(Box::new(before)));
                return Ok(id);
            }
        }
        if self.lines.len() >= Self::MAX_LINES {
            return Err(BasketError::TooManyLines);
        }
        let name = sellable.name.clone();
        let price_override = price.map(|price| PriceOverride { price, reason: String::new() });
        self.lines.push(Line { id, sellable, quantity, price_override, note: None });
        self.remember(StepKind::Added, name, Inverse::Remove(id));
        Ok(id)
    }

    fn change(
        &mut self,
        id: LineId,
        edit: impl FnOnce(&mut Line) -> Result<(), BasketError>,
    ) -> Result<Option<LineId>, BasketError> {
        let line =
            self.lines.iter_mut().find(|line| line.id == id).ok_or(BasketError::NoSuchLine)?;
        let mut after = line.clone();
        edit(&mut after)?;
        let name = after.sellable.name.clone();
        let before = std::mem::replace(line, after);
        self.remember(StepKind::Changed, name, Inverse::Replace(Box::new(before)));
        Ok(Some(id))
    }

    fn remove(&mut self, id: LineId) -> Result<Option<LineId>, BasketError> {
        let index =
            self.lines.iter().position(|line| line.id == id).ok_or(BasketError::NoSuchLine)?;
        let line = self.lines.remove(index);
        let name = line.sellable.name.clone();
        self.remember(StepKind::Removed, name, Inverse::Put { index, line: Box::new(line) });
        Ok(None)
    }

    fn remember(&mut self, kind: StepKind, name: String, inverse: Inverse) {
        if self.steps.len() >= Self::MAX_STEPS {
            self.steps.remove(0);
        }
        self.steps.push(Step { kind, name, inverse });
    }
}

fn check_note(text: Option<&str>) -> Result<(), BasketError> {
    if text.is_some_and(|text| text.chars().count() > Basket::MAX_NOTE) {
        return Err(BasketError::NoteTooLong);
    }
    Ok(())
}
