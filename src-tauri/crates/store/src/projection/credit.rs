//! Ledgers of gift cards, store credit and accounts, as the journal has them.

use countertop_domain::credit::{
    self, AccountPayment, CreditIssued, CreditKind, CreditMove, CreditRedeemed,
};
use countertop_domain::journal::Entry;
use countertop_domain::posting;
use countertop_domain::time::Timestamp;
use rusqlite::{Connection, params};

use crate::error::StoreError;
use crate::table::link;

/// Writes what entry `seq` moves on the ledgers.
pub(crate) fn apply(connection: &Connection, seq: i64, entry: &Entry) -> Result<(), StoreError> {
    match entry {
        Entry::SaleCompleted(sale) => {
            let moves = credit::of_sale(sale);
            if moves.is_empty() {
                return Ok(());
            }
            let receipt = sale.receipt.to_string();
            post(connection, seq, &moves, sale.at, Some(&receipt), "")
        }
        Entry::CreditIssued(issued) => {
            super::post(connection, seq, &posting::of_credit_issued(issued)?)?;
            credit_issue(connection, seq, issued)?;
            let moves = [credit::of_issue(issued)];
            post(connection, seq, &moves, issued.at, None, &issued.reason)
        }
        Entry::AccountPaid(paid) => {
            account_payment(connection, seq, paid)?;
            post(connection, seq, &[credit::of_account_payment(paid)], paid.at, None, "")
        }
        Entry::DepositTaken(taken) => {
            let moves: Vec<_> = CreditMove::of_tender(&taken.tender).into_iter().collect();
            post(connection, seq, &moves, taken.at, None, "")
        }
        Entry::OrderCancelled(cancelled) => {
            let moves = credit::of_tenders(&cancelled.refunds);
            post(connection, seq, &moves, cancelled.at, None, &cancelled.reason)
        }
        Entry::CreditRedeemed(redeemed) => {
            super::post(connection, seq, &posting::of_credit_redeemed(redeemed)?)?;
            redemption(connection, seq, redeemed)?;
            let moves = [credit::of_redemption(redeemed)];
            post(connection, seq, &moves, redeemed.at, None, &redeemed.reason)
        }
        Entry::CustomersMerged(merged) => {
            post(connection, seq, &credit::of_merge(merged), merged.at, None, "")
        }
        Entry::PointsMoved(moved) => {
            let Some(amount) = moved.credit else { return Ok(()) };
            super::post(connection, seq, &posting::of_points(moved)?)?;
            let code = moved.customer.to_string();
            let moves = [CreditMove { kind: CreditKind::StoreCredit, code, amount }];
            post(connection, seq, &moves, moved.at, None, &moved.reason)
        }
        _ => Ok(()),
    }
}

/// The id under which credit was spent, so that it is not spent again.
fn redemption(
    connection: &Connection,
    seq: i64,
    redeemed: &CreditRedeemed,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO credit_redemption(seq, redemption_id, kind, code, amount_minor)
             VALUES(?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![
            seq,
            redeemed.id.uuid().as_bytes().as_slice(),
            redeemed.kind.name(),
            redeemed.code,
            redeemed.amount.minor(),
        ])?;
    Ok(())
}

fn post(
    connection: &Connection,
    seq: i64,
    moves: &[CreditMove],
    at: Timestamp,
    receipt: Option<&str>,
    reason: &str,
) -> Result<(), StoreError> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO credit_move(seq, position, kind, code, amount_minor, at_ms, offset_min,
           receipt, reason) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    // What names a customer whose record became part of another's moves the other's ledger.
    let moves: Vec<CreditMove> = moves
        .iter()
        .map(|one| {
            let code = link::ledger_of(connection, one.kind, &one.code)?;
            Ok(CreditMove { code, ..one.clone() })
        })
        .collect::<Result<_, StoreError>>()?;
    for (position, one) in (1_i64..).zip(&moves) {
        insert.execute(params![
            seq,
            position,
            one.kind.name(),
            one.code,
            one.amount.minor(),
            at.utc_ms,
            at.offset_min,
            receipt,
            reason,
        ])?;
    }
    // A card that is loaded and spent in one sale is below nothing at no time that counts.
    let mut ledgers: Vec<_> = moves.iter().map(|one| (one.kind, one.code.as_str())).collect();
    ledgers.sort_unstable();
    ledgers.dedup();
    // Not one statement with ON CONFLICT: its row is checked for being below nothing before the
    // balance is added.
    let mut add = connection.prepare_cached(
        "UPDATE credit_balance SET balance_minor = balance_minor + ?3 WHERE kind = ?1 AND code = ?2",
    )?;
    let mut begin = connection.prepare_cached(
        "INSERT INTO credit_balance(kind, code, balance_minor) VALUES(?1, ?2, ?3)",
    )?;
    for (kind, code) in ledgers {
        let of_this = moves.iter().filter(|one| one.kind == kind && one.code == code);
        let sum: i64 = of_this.map(|one| one.amount.minor()).sum();
        if add.execute(params![kind.name(), code, sum])? == 0 {
            begin.execute(params![kind.name(), code, sum])?;
        }
    }
    Ok(())
}

/// The id under which credit was given, so that it is not given again.
fn credit_issue(
    connection: &Connection,
    seq: i64,
    issued: &CreditIssued,
) -> Result<(), StoreError> {
    let Some(id) = issued.id else { return Ok(()) };
    connection
        .prepare_cached(
            "INSERT INTO credit_issue(seq, issue_id, kind, code, amount_minor)
             VALUES(?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![
            seq,
            id.uuid().as_bytes().as_slice(),
            issued.kind.name(),
            issued.code,
            issued.amount.minor(),
        ])?;
    Ok(())
}

fn account_payment(
    connection: &Connection,
    seq: i64,
    paid: &AccountPayment,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO account_payment(seq, tender_id, customer_id, shift_id, kind, amount_minor)
             VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            seq,
            paid.tender.id.uuid().as_bytes().as_slice(),
            paid.customer.uuid().as_bytes().as_slice(),
            paid.shift.uuid().as_bytes().as_slice(),
            paid.tender.kind.name(),
            paid.tender.amount.minor(),
        ])?;
    Ok(())
}
