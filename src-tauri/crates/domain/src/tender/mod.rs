//! Tenders: the payments of a sale, in any mix, each on its own feet.

mod kind;
mod pay_out;
mod quick_cash;
mod take;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::card::CardFacts;
use crate::ids::TenderId;
use crate::money::{Money, MoneyError};

pub use self::kind::TenderKind;
pub use self::pay_out::{PayOut, most_to_pay_out, pay_out};
pub use self::quick_cash::quick_cash;
pub use self::take::{Offer, TenderError, home_value, take};

/// Whether the money is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TenderState {
    /// It is.
    #[default]
    Taken,
    /// It is announced: a transfer or a wallet payment that nobody has seen come in yet.
    Pending,
}

impl TenderState {
    /// The name in files and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Pending => "pending",
        }
    }

    const fn is_taken(&self) -> bool {
        matches!(self, Self::Taken)
    }
}

/// Cash of another currency, as it was handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignCash {
    /// What was handed over, in its own currency.
    pub received: Money,
    /// What one whole unit of it was worth in whole units of the shop's currency.
    pub rate: Decimal,
}

/// One payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Wire")]
pub struct Tender {
    /// Made by the client and kept over every retry.
    pub id: TenderId,
    /// How.
    pub kind: TenderKind,
    /// What counts towards total and tip; below nothing for what is paid out.
    pub amount: Money,
    /// What was handed over, in the shop's currency: amount + rounding + change. Below nothing for
    /// what was paid out.
    pub received: Money,
    /// What cash rounding added to the amount, or took off it (below nothing).
    #[serde(skip_serializing_if = "is_nothing")]
    pub rounding: Money,
    /// Whether the money is there.
    #[serde(skip_serializing_if = "TenderState::is_taken")]
    pub state: TenderState,
    /// What tells where it came from: a card's code, a customer's id, a voucher's or a transfer's
    /// number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The name of the shop's own kind of tender, or of the wallet; as printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// For cash of another currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub foreign: Option<ForeignCash>,
    /// The payment of an earlier sale that this one pays back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refunds: Option<TenderId>,
    /// For a card at a terminal that the register drives: what the terminal said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card: Option<Box<CardFacts>>,
}

impl Tender {
    /// Characters of a reference or a name.
    pub const MAX_TEXT: usize = 140;

    /// What goes back over the counter, in the shop's currency: received less amount and rounding.
    ///
    /// # Errors
    /// Never for a tender that [`take`] or [`pay_out`] made.
    pub fn change(&self) -> Result<Money, MoneyError> {
        self.received.minus(self.amount)?.minus(self.rounding)
    }

    /// What it moved in the end, rounding included: what cash handed over, less the change.
    ///
    /// # Errors
    /// Never for a tender that [`take`] or [`pay_out`] made.
    pub fn handed(&self) -> Result<Money, MoneyError> {
        self.amount.plus(self.rounding)
    }

    /// True while the money is only announced.
    pub const fn is_pending(&self) -> bool {
        matches!(self.state, TenderState::Pending)
    }
}

fn is_nothing(amount: &Money) -> bool {
    amount.is_zero()
}

/// A tender as it is written: what is usual is left out.
#[derive(Deserialize)]
struct Wire {
    id: TenderId,
    kind: TenderKind,
    amount: Money,
    received: Money,
    #[serde(default)]
    rounding: Option<Money>,
    #[serde(default)]
    state: TenderState,
    #[serde(default)]
    reference: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    foreign: Option<ForeignCash>,
    #[serde(default)]
    refunds: Option<TenderId>,
    #[serde(default)]
    card: Option<Box<CardFacts>>,
}

impl From<Wire> for Tender {
    fn from(wire: Wire) -> Self {
        Self {
            id: wire.id,
            kind: wire.kind,
            amount: wire.amount,
            received: wire.received,
            rounding: wire.rounding.unwrap_or(Money::zero(wire.amount.currency())),
            state: wire.state,
            reference: wire.reference,
            name: wire.name,
            foreign: wire.foreign,
            refunds: wire.refunds,
            card: wire.card,
        }
    }
}
