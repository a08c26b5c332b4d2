//! The ledgers of gift cards, store credit and customers' accounts, as they stand.

use countertop_domain::credit::CreditKind;
use countertop_domain::ids::{CreditIssueId, RedemptionId, TenderId};
use countertop_domain::money::Money;
use countertop_domain::time::Timestamp;
use rusqlite::{OptionalExtension, params};

use crate::error::StoreError;
use crate::snapshot::Snapshot;

/// One change of a balance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreditMoveRow {
    /// When.
    pub at: Timestamp,
    /// The receipt of the sale that did it.
    pub receipt: Option<String>,
    /// Why it was done by hand; empty for a sale.
    pub reason: String,
    /// How much, in minor units: below nothing was spent, or was paid of an account.
    pub amount: i64,
}

#[allow(clippy::missing_errors_doc)]
impl Snapshot<'_> {
    /// What is on a card or a credit, or what a customer owes on account; none if nothing ever
    /// moved on it.
    pub fn credit_balance(
        &self,
        kind: CreditKind,
        code: &str,
    ) -> Result<Option<Money>, StoreError> {
        let code = self.ledger_of(kind, code)?;
        let minor: Option<i64> = self
            .connection()
            .prepare_cached(
                "SELECT balance_minor FROM credit_balance WHERE kind = ?1 AND code = ?2",
            )?
            .query_row(params![kind.name(), code], |row| row.get(0))
            .optional()?;
        Ok(minor.map(|minor| Money::new(minor, self.identity().currency)).transpose()?)
    }

    /// What changed a balance, the newest first.
    pub fn credit_moves(
        &self,
        kind: CreditKind,
        code: &str,
        limit: u32,
    ) -> Result<Vec<CreditMoveRow>, StoreError> {
        let code = self.ledger_of(kind, code)?;
        self.credit_moves_of(kind, &code, limit)
    }

    /// The same of one ledger as it is written, also of one that became part of another.
    pub fn credit_moves_of(
        &self,
        kind: CreditKind,
        code: &str,
        limit: u32,
    ) -> Result<Vec<CreditMoveRow>, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT at_ms, offset_min, receipt, reason, amount_minor FROM credit_move
             WHERE kind = ?1 AND code = ?2 ORDER BY seq DESC, position DESC LIMIT ?3",
        )?;
        let rows = statement.query_map(params![kind.name(), code, limit], |row| {
            Ok(CreditMoveRow {
                at: Timestamp { utc_ms: row.get(0)?, offset_min: row.get(1)? },
                receipt: row.get(2)?,
                reason: row.get(3)?,
                amount: row.get(4)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Credit that was given out by hand under this id: its code and how much.
    pub fn credit_issue(
        &self,
        id: CreditIssueId,
    ) -> Result<Option<(CreditKind, String, Money)>, StoreError> {
        let found = self
            .connection()
            .prepare_cached(
                "SELECT kind, code, amount_minor FROM credit_issue WHERE issue_id = ?1",
            )?
            .query_row([id.uuid().as_bytes().as_slice()], |row| {
                let kind = super::named(row, 0, CreditKind::parse)?;
                Ok((kind, row.get::<_, String>(1)?, row.get::<_, i64>(2)?))
            })
            .optional()?;
        let Some((kind, code, minor)) = found else { return Ok(None) };
        Ok(Some((kind, code, Money::new(minor, self.identity().currency)?)))
    }

    /// Credit that was spent away from the till under this id: its code and how much.
    pub fn credit_redemption(
        &self,
        id: RedemptionId,
    ) -> Result<Option<(CreditKind, String, Money)>, StoreError> {
        let found = self
            .connection()
            .prepare_cached(
                "SELECT kind, code, amount_minor FROM credit_redemption WHERE redemption_id = ?1",
            )?
            .query_row([id.uuid().as_bytes().as_slice()], |row| {
                let kind = super::named(row, 0, CreditKind::parse)?;
                Ok((kind, row.get::<_, String>(1)?, row.get::<_, i64>(2)?))
            })
            .optional()?;
        let Some((kind, code, minor)) = found else { return Ok(None) };
        Ok(Some((kind, code, Money::new(minor, self.identity().currency)?)))
    }

    /// Whether an account was paid with this tender: the place of its entry in the journal.
    pub fn account_payment(&self, tender: TenderId) -> Result<Option<i64>, StoreError> {
        Ok(self
            .connection()
            .prepare_cached("SELECT seq FROM account_payment WHERE tender_id = ?1")?
            .query_row([tender.uuid().as_bytes().as_slice()], |row| row.get(0))
            .optional()?)
    }
}
