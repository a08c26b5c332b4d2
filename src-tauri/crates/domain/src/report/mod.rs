//! Reports: what a fact adds to the figures of its day, by everything that a shop asks about.
//!
//! The arithmetic only. Sums of days, months and years are kept by the store, behind the journal, so
//! that a report is read and never added up sale by sale.

mod span;

use crate::ids::ShiftId;
use crate::journal::Entry;
use crate::money::{Money, MoneyError};
use crate::order::OrderCancelled;
use crate::pricing::{TaxSum, extend};
use crate::rounding::RoundingMode;
use crate::sale::{Sale, SaleLine};
use crate::staff::Actor;
use crate::tax::TaxMode;
use crate::tender::{Tender, TenderKind};
use crate::time::{BusinessDay, Timestamp};
use crate::voids::Voided;

pub use self::span::{Level, Span, cover};

/// What figures are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum About {
    /// All tickets.
    All,
    /// An hour of a day of the week: code `00` to `23`, detail `1` (Monday) to `7`.
    Hour,
    /// A variant: its id.
    Item,
    /// A category: its name; empty for goods that have none.
    Category,
    /// A member of staff: their id.
    Staff,
    /// A way of paying: its kind, and as detail the name of the shop's own kind, of the wallet, or the
    /// code of the foreign currency.
    Tender,
    /// A tax: its code, and as detail its rate and mode, `20 inclusive`.
    Tax,
}

impl About {
    /// Everything there is.
    pub const ALL: [Self; 7] =
        [Self::All, Self::Hour, Self::Item, Self::Category, Self::Staff, Self::Tender, Self::Tax];

    /// The name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Hour => "hour",
            Self::Item => "item",
            Self::Category => "category",
            Self::Staff => "staff",
            Self::Tender => "tender",
            Self::Tax => "tax",
        }
    }
}

/// Sums. Amounts are minor units of the shop's currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Tickets that came to nothing or more; lines that were sold; payments that were taken.
    pub count: i64,
    /// Tickets below nothing; lines that came back; payments that were paid out.
    pub back: i64,
    /// Baskets that were given up.
    pub voids: i64,
    /// Goods, in thousandths of a unit; of foreign cash its own minor units.
    pub quantity: i64,
    /// With tax, tips not included. Of a payment: what counts towards total and tip.
    pub total: i64,
    /// Without tax. Of a tax: what it was taken on.
    pub net: i64,
    /// The tax.
    pub tax: i64,
    /// What reductions took off, on the label.
    pub discount: i64,
    /// What customers gave on top.
    pub tip: i64,
    /// What cash rounding added, or took off.
    pub rounding: i64,
    /// What the goods cost the shop, where that is known.
    pub cost: i64,
    /// The net of the goods whose cost is known: less their cost it is the margin.
    pub costed_net: i64,
}

impl Figures {
    /// How many there are.
    pub const COLUMNS: usize = 12;

    /// In the order of their declaration.
    pub const fn columns(&self) -> [i64; Self::COLUMNS] {
        [
            self.count,
            self.back,
            self.voids,
            self.quantity,
            self.total,
            self.net,
            self.tax,
            self.discount,
            self.tip,
            self.rounding,
            self.cost,
            self.costed_net,
        ]
    }

    /// What [`Figures::columns`] gave.
    pub const fn of_columns(columns: [i64; Self::COLUMNS]) -> Self {
        let [
            count,
            back,
            voids,
            quantity,
            total,
            net,
            tax,
            discount,
            tip,
            rounding,
            cost,
            costed_net,
        ] = columns;
        Self {
            count,
            back,
            voids,
            quantity,
            total,
            net,
            tax,
            discount,
            tip,
            rounding,
            cost,
            costed_net,
        }
    }

    /// The sum of two; none if it cannot be counted.
    pub fn plus(&self, other: &Self) -> Option<Self> {
        let mut sums = self.columns();
        for (sum, more) in sums.iter_mut().zip(other.columns()) {
            *sum = sum.checked_add(more)?;
        }
        Some(Self::of_columns(sums))
    }

    fn turned(self, back: bool) -> Self {
        Self { count: i64::from(!back), back: i64::from(back), ..self }
    }
}

/// What a fact adds to the figures about one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// About what.
    pub about: About,
    /// Which one.
    pub code: String,
    /// What else tells it from others.
    pub detail: String,
    /// What people call it; the last one that is heard of holds.
    pub name: String,
    /// How much.
    pub figures: Figures,
}

/// The shift whose day a fact belongs to; none for facts that no report counts.
pub fn shift_of(entry: &Entry) -> Option<ShiftId> {
    match entry {
        Entry::SaleCompleted(sale) => Some(sale.shift),
        Entry::BasketVoided(voided) => voided.shift,
        Entry::AccountPaid(paid) => Some(paid.shift),
        Entry::DepositTaken(taken) => Some(taken.shift),
        Entry::OrderCancelled(cancelled) => Some(cancelled.shift),
        _ => None,
    }
}

/// What a fact of a business day adds, in parts; several may be about the same thing.
///
/// # Errors
/// Too large.
pub fn parts(entry: &Entry, day: BusinessDay) -> Result<Vec<Part>, MoneyError> {
    Ok(match entry {
        Entry::SaleCompleted(sale) => of_sale(sale, day)?,
        Entry::BasketVoided(voided) => of_void(voided, day),
        Entry::AccountPaid(paid) => vec![of_tender(&paid.tender)?],
        Entry::DepositTaken(taken) => vec![of_tender(&taken.tender)?],
        Entry::OrderCancelled(cancelled) => of_cancel(cancelled, day)?,
        _ => Vec::new(),
    })
}

fn of_sale(sale: &Sale, day: BusinessDay) -> Result<Vec<Part>, MoneyError> {
    let mut ticket = Figures {
        total: sale.total.minor(),
        net: sale.net.minor(),
        tax: sale.tax.minor(),
        discount: sale.discount.minor(),
        tip: sale.tip.map_or(0, Money::minor),
        rounding: sale.cash_rounding()?.minor(),
        ..Figures::default()
    }
    .turned(sale.is_refund());
    let mut lines = Vec::with_capacity(sale.lines.len() * 2 + 8);
    for line in &sale.lines {
        let figures = of_line(line)?;
        ticket.quantity = ticket.quantity.checked_add(figures.quantity).ok_or(TOO_LARGE)?;
        ticket.cost = ticket.cost.checked_add(figures.cost).ok_or(TOO_LARGE)?;
        ticket.costed_net = ticket.costed_net.checked_add(figures.costed_net).ok_or(TOO_LARGE)?;
        let item = line.variant.to_string();
        lines.push(part(About::Item, item, String::new(), &line.name, figures));
        let category = line.category.clone().unwrap_or_default();
        lines.push(part(About::Category, category.clone(), String::new(), &category, figures));
    }
    let mut parts = of_ticket(sale.at, day, &sale.actor, ticket);
    parts.append(&mut lines);
    for tender in &sale.tenders {
        parts.push(of_tender(tender)?);
    }
    parts.extend(sale.taxes.iter().map(of_tax));
    Ok(parts)
}

const TOO_LARGE: MoneyError = MoneyError::TooLarge;

fn of_line(line: &SaleLine) -> Result<Figures, MoneyError> {
    let quantity = line.quantity.thousandths();
    let back = quantity < 0;
    let reductions = line.adjustments.iter().filter(|rule| rule.kind.is_reduction() && !back);
    let discount = reductions.fold(0, |sum: i64, rule| sum.saturating_sub(rule.amount.minor()));
    let (total, net) = (line.total.minor(), line.net.minor());
    // Away from zero at a half, so that what comes back takes off exactly what was added.
    let cost = line.unit_cost.map(|cost| extend(cost, line.quantity, RoundingMode::HalfUp));
    let cost = cost.transpose()?;
    Ok(Figures {
        quantity,
        total,
        net,
        tax: total.saturating_sub(net),
        discount,
        cost: cost.map_or(0, Money::minor),
        costed_net: if cost.is_some() { net } else { 0 },
        ..Figures::default()
    }
    .turned(back))
}

/// The whole ticket, by everything that has one part in it.
fn of_ticket(at: Timestamp, day: BusinessDay, actor: &Actor, figures: Figures) -> Vec<Part> {
    let hour = format!("{:02}", at.local_hour());
    vec![
        part(About::All, String::new(), String::new(), "", figures),
        part(About::Hour, hour, day.weekday().to_string(), "", figures),
        part(About::Staff, actor.staff.to_string(), String::new(), &actor.name, figures),
    ]
}

fn of_void(voided: &Voided, day: BusinessDay) -> Vec<Part> {
    let figures = Figures { voids: 1, ..Figures::default() };
    of_ticket(voided.at, day, &voided.actor, figures)
}

/// The payments that went back, and the fee that was kept: takings without a ticket.
fn of_cancel(cancelled: &OrderCancelled, day: BusinessDay) -> Result<Vec<Part>, MoneyError> {
    let mut parts = Vec::new();
    let rounding =
        Money::sum(cancelled.kept.currency(), cancelled.refunds.iter().map(|one| one.rounding))?;
    let fee = cancelled.fee.as_ref();
    let figures = Figures {
        total: fee.map_or(0, |fee| fee.total.minor()),
        net: fee.map_or(0, |fee| fee.net.minor()),
        tax: fee.map_or(0, |fee| fee.tax.minor()),
        rounding: rounding.minor(),
        ..Figures::default()
    };
    if figures != Figures::default() {
        parts.extend(of_ticket(cancelled.at, day, &cancelled.actor, figures));
    }
    for tender in &cancelled.refunds {
        parts.push(of_tender(tender)?);
    }
    parts.extend(fee.into_iter().flat_map(|fee| fee.taxes.iter().map(of_tax)));
    Ok(parts)
}

fn of_tender(tender: &Tender) -> Result<Part, MoneyError> {
    let foreign = tender.foreign.map(|foreign| foreign.received);
    let detail = match (foreign, tender.kind) {
        (Some(received), _) => received.currency().code().to_owned(),
        (None, TenderKind::Custom | TenderKind::Wallet) => tender.name.clone().unwrap_or_default(),
        (None, _) => String::new(),
    };
    let figures = Figures {
        quantity: foreign.map_or(0, Money::minor),
        total: tender.amount.minor(),
        rounding: tender.rounding.minor(),
        ..Figures::default()
    }
    .turned(tender.amount.is_negative());
    Ok(part(About::Tender, tender.kind.name().to_owned(), detail.clone(), &detail, figures))
}

fn of_tax(sum: &TaxSum) -> Part {
    let mode = match sum.tax.mode {
        TaxMode::Inclusive => "inclusive",
        TaxMode::Exclusive => "exclusive",
    };
    let detail = format!("{} {mode}", sum.tax.rate_text());
    let figures = Figures { net: sum.base.minor(), tax: sum.amount.minor(), ..Figures::default() };
    part(About::Tax, sum.tax.code.clone(), detail, &sum.tax.name, figures)
}

fn part(about: About, code: String, detail: String, name: &str, figures: Figures) -> Part {
    Part { about, code, detail, name: name.to_owned(), figures }
}
