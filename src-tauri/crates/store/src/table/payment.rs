//! Payments at card terminals, on disk before a terminal hears of them.

use countertop_domain::card::{CardFacts, CardPaymentKind, TerminalMark, TerminalPayment};
use countertop_domain::ids::{BasketId, DeviceId, TenderId};
use countertop_domain::money::{Currency, Money};
use countertop_domain::staff::Actor;
use countertop_domain::time::Timestamp;
use rusqlite::types::Type;
use rusqlite::{OptionalExtension, Row, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{named, uuid_at};
use crate::error::StoreError;
use crate::snapshot::{Snapshot, Tx};

/// Where a payment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentState {
    /// On disk; the terminal may have heard of it.
    Sent,
    /// The terminal took it and asks for a card.
    Accepted,
    /// Nobody knows what became of it.
    InDoubt,
    /// Done, as the terminal says.
    Approved,
    /// Not done, as the terminal says.
    Declined,
    /// The terminal never heard of it.
    NotSent,
    /// Done, as a person says.
    ResolvedApproved,
    /// Not done, as a person says.
    ResolvedDeclined,
}

impl PaymentState {
    const ALL: [Self; 8] = [
        Self::Sent,
        Self::Accepted,
        Self::InDoubt,
        Self::Approved,
        Self::Declined,
        Self::NotSent,
        Self::ResolvedApproved,
        Self::ResolvedDeclined,
    ];

    /// The name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Accepted => "accepted",
            Self::InDoubt => "in_doubt",
            Self::Approved => "approved",
            Self::Declined => "declined",
            Self::NotSent => "not_sent",
            Self::ResolvedApproved => "resolved_approved",
            Self::ResolvedDeclined => "resolved_declined",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// True while it may still go either way.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Sent | Self::Accepted | Self::InDoubt)
    }

    /// True once it counts as done.
    pub const fn is_done(self) -> bool {
        matches!(self, Self::Approved | Self::ResolvedApproved)
    }
}

/// What a payment is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentPurpose {
    /// A basket is paid.
    Pay,
    /// A basket pays out.
    PayBack,
    /// A payment is taken back: of a basket that is still open, or one that has no sale.
    Undo,
}

impl PaymentPurpose {
    const fn name(self) -> &'static str {
        match self {
            Self::Pay => "pay",
            Self::PayBack => "pay_back",
            Self::Undo => "undo",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        [Self::Pay, Self::PayBack, Self::Undo].into_iter().find(|p| p.name() == name)
    }
}

/// What a terminal decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// It was done.
    Approved(Box<CardFacts>),
    /// It was not, and why.
    Declined(String),
}

/// A payment at a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentRow {
    /// Its id; of the tender that it becomes, too.
    pub tender: TenderId,
    /// For which basket.
    pub basket: BasketId,
    /// At which terminal.
    pub device: DeviceId,
    /// What people called it then.
    pub terminal: String,
    /// What is asked of the terminal.
    pub kind: CardPaymentKind,
    /// What it is for.
    pub purpose: PaymentPurpose,
    /// The terminal's number of what a reversal undoes.
    pub receipt: Option<u32>,
    /// The payment that this one gives back.
    pub refunds: Option<TenderId>,
    /// How much; more than nothing.
    pub amount: Money,
    /// When it was asked.
    pub at: Timestamp,
    /// The newest payment that was known of the terminal then.
    pub last_known: Option<TerminalMark>,
    /// Where it is.
    pub state: PaymentState,
    /// What the terminal decided: it may come before the state follows.
    pub told: Option<Told>,
    /// Why it was refused, not sent, or is in doubt; in plain words.
    pub words: String,
    /// While in doubt: whether asking the terminal again may help.
    pub may_ask: bool,
    /// What the terminal showed as its last payment.
    pub seen: Option<CardFacts>,
    /// Of the person who decided.
    pub reason: String,
    /// Who asked for it.
    pub actor: Actor,
    /// At which screen.
    pub client: String,
    /// Whether to print the receipt when it completes the sale.
    pub print: bool,
    /// Done, but there is no basket and no sale that it belongs to.
    pub orphaned: bool,
    /// Nothing is left to be done about it.
    pub settled: bool,
}

impl PaymentRow {
    /// What the terminal said of it, if that is what became of it.
    pub fn facts(&self) -> Option<&CardFacts> {
        match &self.told {
            Some(Told::Approved(facts)) => Some(facts),
            _ => None,
        }
    }

    /// As the journal names it.
    pub fn for_journal(&self) -> TerminalPayment {
        TerminalPayment {
            payment: self.tender,
            kind: self.kind,
            basket: self.basket,
            terminal: self.terminal.clone(),
            amount: self.amount,
            asked: self.at,
            card: self.facts().cloned().map(Box::new),
        }
    }
}

const SELECT: &str = "SELECT tender_id, basket_id, device_id, terminal, kind, purpose, receipt,
  refunds, amount_minor, currency, at_ms, offset_min, last_known, state, told, words, may_ask, seen,
  reason, actor, client, print, orphaned, settled FROM payment_attempt";

/// Everything here fails only as the disk or the database fails: see [`StoreError`].
#[allow(clippy::missing_errors_doc)]
impl Snapshot<'_> {
    /// A payment at a terminal.
    pub fn payment(&self, id: TenderId) -> Result<Option<PaymentRow>, StoreError> {
        Ok(self
            .connection()
            .prepare_cached(&format!("{SELECT} WHERE tender_id = ?1"))?
            .query_row([id.uuid().as_bytes().as_slice()], from_row)
            .optional()?)
    }

    /// Payments about which something is left to be done, the oldest first.
    pub fn unsettled_payments(&self) -> Result<Vec<PaymentRow>, StoreError> {
        let mut statement =
            self.connection().prepare_cached(&format!("{SELECT} WHERE settled = 0 ORDER BY id"))?;
        let rows = statement.query_map([], from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The payments that give this one back, or tried to, the oldest first.
    pub fn payments_back_of(&self, id: TenderId) -> Result<Vec<PaymentRow>, StoreError> {
        let mut statement = self
            .connection()
            .prepare_cached(&format!("{SELECT} WHERE refunds = ?1 ORDER BY id"))?;
        let rows = statement.query_map([id.uuid().as_bytes().as_slice()], from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The newest payment that is known of a terminal.
    pub fn terminal_mark(&self, device: DeviceId) -> Result<Option<TerminalMark>, StoreError> {
        let text: Option<String> = self
            .connection()
            .prepare_cached("SELECT mark FROM terminal_mark WHERE device_id = ?1")?
            .query_row([device.uuid().as_bytes().as_slice()], |row| row.get(0))
            .optional()?;
        text.map(|text| {
            serde_json::from_str(&text).map_err(|error| StoreError::damaged("terminal", error))
        })
        .transpose()
    }
}

/// Everything here fails only as the disk or the database fails: see [`StoreError`].
#[allow(clippy::missing_errors_doc)]
impl Tx<'_> {
    /// Writes a payment, before its terminal hears of it. The database refuses a second one for its
    /// terminal or its basket while the first may still go either way.
    pub fn add_payment(&self, payment: &PaymentRow) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "INSERT INTO payment_attempt(tender_id, basket_id, device_id, terminal, kind,
                   purpose, receipt, refunds, amount_minor, currency, at_ms, offset_min, last_known,
                   state, told, words, may_ask, seen, reason, actor, client, print, orphaned, settled)
                 VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,
                   ?18, ?19, ?20, ?21, ?22, ?23, ?24)",
            )?
            .execute(params![
                payment.tender.uuid().as_bytes().as_slice(),
                payment.basket.uuid().as_bytes().as_slice(),
                payment.device.uuid().as_bytes().as_slice(),
                payment.terminal,
                payment.kind.name(),
                payment.purpose.name(),
                payment.receipt,
                payment.refunds.map(|id| id.uuid().as_bytes().to_vec()),
                payment.amount.minor(),
                payment.amount.currency().code(),
                payment.at.utc_ms,
                payment.at.offset_min,
                json(payment.last_known.as_ref())?,
                payment.state.name(),
                json(payment.told.as_ref())?,
                payment.words,
                payment.may_ask,
                json(payment.seen.as_ref())?,
                payment.reason,
                json(Some(&payment.actor))?,
                payment.client,
                payment.print,
                payment.orphaned,
                payment.settled,
            ])?;
        Ok(())
    }

    /// Writes what has become of a payment: state, what was told, words, what was seen, reason,
    /// orphaned, settled. What was asked never changes.
    pub fn set_payment(&self, payment: &PaymentRow) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "UPDATE payment_attempt SET state = ?2, told = ?3, words = ?4, may_ask = ?5,
                   seen = ?6, reason = ?7, orphaned = ?8, settled = ?9 WHERE tender_id = ?1",
            )?
            .execute(params![
                payment.tender.uuid().as_bytes().as_slice(),
                payment.state.name(),
                json(payment.told.as_ref())?,
                payment.words,
                payment.may_ask,
                json(payment.seen.as_ref())?,
                payment.reason,
                payment.orphaned,
                payment.settled,
            ])?;
        Ok(())
    }

    /// Keeps the newest payment that is known of a terminal.
    pub fn set_terminal_mark(
        &self,
        device: DeviceId,
        mark: &TerminalMark,
    ) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "INSERT INTO terminal_mark(device_id, mark) VALUES(?1, ?2)
                 ON CONFLICT(device_id) DO UPDATE SET mark = excluded.mark",
            )?
            .execute(params![device.uuid().as_bytes().as_slice(), json(Some(mark))?])?;
        Ok(())
    }

    /// What is known of a terminal no longer holds: it is asked before the next payment.
    pub fn forget_terminal_mark(&self, device: DeviceId) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached("DELETE FROM terminal_mark WHERE device_id = ?1")?
            .execute([device.uuid().as_bytes().as_slice()])?;
        Ok(())
    }

    /// The terminal told its last payment before it heard of this one.
    pub fn set_last_known(&self, id: TenderId, mark: &TerminalMark) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached("UPDATE payment_attempt SET last_known = ?2 WHERE tender_id = ?1")?
            .execute(params![id.uuid().as_bytes().as_slice(), json(Some(mark))?])?;
        Ok(())
    }
}

fn json<T: Serialize>(value: Option<&T>) -> Result<Option<String>, StoreError> {
    value
        .map(|value| {
            serde_json::to_string(value).map_err(|error| StoreError::damaged("payment", error))
        })
        .transpose()
}

fn from_json<T: DeserializeOwned>(row: &Row<'_>, index: usize) -> rusqlite::Result<Option<T>> {
    let text: Option<String> = row.get(index)?;
    text.map(|text| serde_json::from_str(&text).map_err(|error| unreadable(index, error)))
        .transpose()
}

fn unreadable(
    index: usize,
    error: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(index, Type::Text, error.into())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<PaymentRow> {
    let currency: String = row.get(9)?;
    let currency = Currency::parse(&currency).map_err(|error| unreadable(9, error))?;
    let refunds =
        if row.get_ref(7)?.as_blob_or_null()?.is_some() { Some(uuid_at(row, 7)?) } else { None };
    let actor = from_json(row, 19)?.ok_or_else(|| unreadable(19, "nobody"))?;
    Ok(PaymentRow {
        tender: TenderId::new(uuid_at(row, 0)?),
        basket: BasketId::new(uuid_at(row, 1)?),
        device: DeviceId::new(uuid_at(row, 2)?),
        terminal: row.get(3)?,
        kind: named(row, 4, CardPaymentKind::parse)?,
        purpose: named(row, 5, PaymentPurpose::parse)?,
        receipt: row.get(6)?,
        refunds: refunds.map(TenderId::new),
        amount: Money::new(row.get::<_, i64>(8)?, currency)
            .map_err(|error| unreadable(8, error))?,
        at: Timestamp { utc_ms: row.get(10)?, offset_min: row.get(11)? },
        last_known: from_json(row, 12)?,
        state: named(row, 13, PaymentState::parse)?,
        told: from_json(row, 14)?,
        words: row.get(15)?,
        may_ask: row.get(16)?,
        seen: from_json(row, 17)?,
        reason: row.get(18)?,
        actor,
        client: row.get(20)?,
        print: row.get(21)?,
        orphaned: row.get(22)?,
        settled: row.get(23)?,
    })
}
