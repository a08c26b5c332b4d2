//! Changes to a basket, each with its way back.

use serde::{Deserialize, Serialize};

use super::{Basket, BasketError, Coupon, Line, PriceOverride, Terms};
use crate::customer::CustomerRef;
use crate::discount::Discount;
use crate::ids::LineId;
use crate::item::Sellable;
use crate::label::Label;
use crate::money::Money;
use crate::quantity::Quantity;
use crate::returns::ReturnLine;

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
    /// Add goods whose label says more than what they are, on a line of their own.
    AddLabelled {
        /// The new line.
        line: LineId,
        /// What.
        sellable: Sellable,
        /// How much.
        quantity: Quantity,
        /// Another price of one unit than the catalogue's.
        price: Option<Money>,
        /// What the label says.
        label: Label,
    },
    /// Add a gift card of so much, on a line of its own.
    AddGiftCard {
        /// The new line.
        line: LineId,
        /// The card as something to sell.
        sellable: Sellable,
        /// The card's code.
        code: String,
        /// What is loaded on it.
        amount: Money,
    },
    /// Take goods back.
    AddReturn(Box<ReturnLine>),
    /// Set how much.
    SetQuantity(LineId, Quantity),
    /// Set another price, or take the override back.
    SetPrice(LineId, Option<PriceOverride>),
    /// Set or clear a note.
    SetNote(LineId, Option<String>),
    /// Set or clear what comes off a line.
    SetDiscount(LineId, Option<Discount>),
    /// Set or clear what comes off the whole basket.
    SetBasketDiscount(Option<Discount>),
    /// Set or clear who buys.
    SetCustomer(Option<CustomerRef>),
    /// Set or clear the fiscal position, such as take away.
    SetPosition(Option<String>),
    /// A coupon is shown.
    AddCoupon(Coupon),
    /// A coupon is taken back, by its code.
    RemoveCoupon(String),
    /// Take the line or the return out.
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
    PutAll { lines: Vec<Line>, returns: Vec<ReturnLine>, terms: Box<Terms> },
    RemoveReturn(LineId),
    PutReturn { index: usize, line: Box<ReturnLine> },
    Terms(Box<Terms>),
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

impl Basket {
    /// Makes a change; on an error nothing has changed. Returns the line concerned.
    ///
    /// # Errors
    /// See [`BasketError`].
    pub fn apply(&mut self, change: Change) -> Result<Option<LineId>, BasketError> {
        if self.is_being_paid() {
            return Err(BasketError::PartlyPaid);
        }
        match change {
            Change::Add { line, sellable, quantity, price } => {
                self.add(line, sellable, quantity, price).map(Some)
            }
            Change::SetQuantity(id, quantity) => self.change(id, |line| {
                if line.gift_card.is_some() {
                    return Err(BasketError::GiftCard);
                }
                line.quantity = quantity.for_line(line.sellable.unit)?;
                // The label's amount was for what the label says.
                line.label.price = None;
                Ok(())
            }),
            Change::AddLabelled { line, sellable, quantity, price, label } => {
                self.add_labelled(line, sellable, quantity, price, label).map(Some)
            }
            Change::AddGiftCard { line, sellable, code, amount } => {
                self.add_gift_card(line, sellable, code, amount).map(Some)
            }
            Change::AddReturn(line) => self.add_return(*line).map(Some),
            Change::SetPrice(id, price) => self.change(id, |line| {
                if line.gift_card.is_some() {
                    return Err(BasketError::GiftCard);
                }
                if price.as_ref().is_some_and(|p| p.price.is_negative()) {
                    return Err(BasketError::NegativePrice);
                }
                if price.is_none() && line.sellable.price.is_none() {
                    return Err(BasketError::NeedsPrice { name: line.sellable.name.clone() });
                }
                check_note(price.as_ref().map(|p| p.reason.as_str()))?;
                line.price_override = price;
                line.label.price = None;
                Ok(())
            }),
            Change::SetNote(id, note) => self.change(id, |line| {
                check_note(note.as_deref())?;
                line.note = note.filter(|text| !text.trim().is_empty());
                Ok(())
            }),
            Change::SetDiscount(id, discount) => self.change(id, |line| {
                if line.gift_card.is_some() {
                    return Err(BasketError::GiftCard);
                }
                check_note(discount.as_ref().map(|d| d.reason.as_str()))?;
                line.discount = discount;
                Ok(())
            }),
            Change::Remove(id) => self.remove(id),
            Change::Clear => {
                self.clear();
                Ok(None)
            }
            other => self.apply_to_all(other),
        }
    }

    fn clear(&mut self) {
        let lines = std::mem::take(&mut self.lines);
        let returns = std::mem::take(&mut self.returns);
        let terms = Box::new(std::mem::take(&mut self.terms));
        self.remember(StepKind::Cleared, String::new(), Inverse::PutAll { lines, returns, terms });
    }

    /// The changes that concern the basket as a whole; the others are none of its business.
    fn apply_to_all(&mut self, change: Change) -> Result<Option<LineId>, BasketError> {
        match change {
            Change::SetBasketDiscount(discount) => {
                check_note(discount.as_ref().map(|d| d.reason.as_str()))?;
                let name = discount.as_ref().map(|d| d.reason.clone()).unwrap_or_default();
                self.change_terms(name, |terms| {
                    terms.discount = discount;
                    Ok(())
                })
            }
            Change::SetCustomer(customer) => {
                let name = customer.as_ref().map(|c| c.name.clone()).unwrap_or_default();
                self.change_terms(name, |terms| {
                    terms.customer = customer;
                    Ok(())
                })
            }
            Change::SetPosition(position) => {
                self.change_terms(position.clone().unwrap_or_default(), |terms| {
                    terms.position = position;
                    Ok(())
                })
            }
            Change::AddCoupon(coupon) => self.change_terms(coupon.code.clone(), |terms| {
                if terms.coupons.iter().any(|c| c.code == coupon.code) {
                    return Err(BasketError::CouponTwice { code: coupon.code });
                }
                if terms.coupons.len() >= Self::MAX_COUPONS {
                    return Err(BasketError::TooManyCoupons);
                }
                terms.coupons.push(coupon);
                Ok(())
            }),
            Change::RemoveCoupon(code) => self.change_terms(code.clone(), |terms| {
                let before = terms.coupons.len();
                terms.coupons.retain(|coupon| coupon.code != code);
                if terms.coupons.len() == before {
                    return Err(BasketError::NoSuchCoupon { code });
                }
                Ok(())
            }),
            _ => Ok(None),
        }
    }

    /// Takes the last change back.
    ///
    /// # Errors
    /// [`BasketError::NothingToUndo`], or [`BasketError::PartlyPaid`].
    pub fn undo(&mut self) -> Result<(), BasketError> {
        if self.is_being_paid() {
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
            Inverse::PutAll { lines, returns, terms } => {
                self.lines = lines;
                self.returns = returns;
                self.terms = *terms;
            }
            Inverse::RemoveReturn(id) => self.returns.retain(|line| line.id != id),
            Inverse::PutReturn { index, line } => {
                self.returns.insert(index.min(self.returns.len()), *line);
            }
            Inverse::Terms(terms) => self.terms = *terms,
        }
        Ok(())
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
        if self.full() {
            return Err(BasketError::TooManyLines);
        }
        self.push(id, sellable, quantity, price, Label::default());
        Ok(id)
    }

    fn add_labelled(
        &mut self,
        id: LineId,
        sellable: Sellable,
        quantity: Quantity,
        price: Option<Money>,
        label: Label,
    ) -> Result<LineId, BasketError> {
        let quantity = quantity.for_line(sellable.unit)?;
        if [price, label.price].into_iter().flatten().any(Money::is_negative) {
            return Err(BasketError::NegativePrice);
        }
        if price.is_none() && sellable.price.is_none() {
            return Err(BasketError::NeedsPrice { name: sellable.name });
        }
        if self.full() {
            return Err(BasketError::TooManyLines);
        }
        self.push(id, sellable, quantity, price, label);
        Ok(id)
    }

    fn push(
        &mut self,
        id: LineId,
        sellable: Sellable,
        quantity: Quantity,
        price: Option<Money>,
        label: Label,
    ) {
        let name = sellable.name.clone();
        let price_override = price.map(|price| PriceOverride { price, reason: String::new() });
        self.lines.push(Line {
            id,
            sellable,
            quantity,
            price_override,
            note: None,
            discount: None,
            gift_card: None,
            label,
        });
        self.remember(StepKind::Added, name, Inverse::Remove(id));
    }

    fn add_gift_card(
        &mut self,
        id: LineId,
        sellable: Sellable,
        code: String,
        amount: Money,
    ) -> Result<LineId, BasketError> {
        if amount.is_negative() || amount.is_zero() {
            return Err(BasketError::EmptyGiftCard);
        }
        if self.lines.iter().any(|line| line.gift_card.as_ref() == Some(&code)) {
            return Err(BasketError::GiftCardTwice { code });
        }
        if self.full() {
            return Err(BasketError::TooManyLines);
        }
        let name = sellable.name.clone();
        self.lines.push(Line {
            id,
            sellable,
            quantity: Quantity::ONE,
            price_override: Some(PriceOverride { price: amount, reason: String::new() }),
            note: None,
            discount: None,
            gift_card: Some(code),
            label: Label::default(),
        });
        self.remember(StepKind::Added, name, Inverse::Remove(id));
        Ok(id)
    }

    fn add_return(&mut self, line: ReturnLine) -> Result<LineId, BasketError> {
        if self.full() {
            return Err(BasketError::TooManyLines);
        }
        let (id, name) = (line.id, line.name.clone());
        self.returns.push(line);
        self.remember(StepKind::Added, name, Inverse::RemoveReturn(id));
        Ok(id)
    }

    fn full(&self) -> bool {
        self.lines.len() + self.returns.len() >= Self::MAX_LINES
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

    fn change_terms(
        &mut self,
        name: String,
        edit: impl FnOnce(&mut Terms) -> Result<(), BasketError>,
    ) -> Result<Option<LineId>, BasketError> {
        let mut after = self.terms.clone();
        edit(&mut after)?;
        let before = std::mem::replace(&mut self.terms, after);
        self.remember(StepKind::Changed, name, Inverse::Terms(Box::new(before)));
        Ok(None)
    }

    fn remove(&mut self, id: LineId) -> Result<Option<LineId>, BasketError> {
        if let Some(index) = self.returns.iter().position(|line| line.id == id) {
            let line = self.returns.remove(index);
            let name = line.name.clone();
            let before = Inverse::PutReturn { index, line: Box::new(line) };
            self.remember(StepKind::Removed, name, before);
            return Ok(None);
        }
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
