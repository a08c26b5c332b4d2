//! Points: earned with the sale where the shop switched them on, turned into store credit, corrected by
//! hand. Never below nothing.

use countertop_domain::ids::{CustomerId, PointsMoveId};
use countertop_domain::journal::Entry;
use countertop_domain::loyalty::{self, LoyaltyError, LoyaltyRule, PointsMoved, PointsReason};
use countertop_domain::sale::Sale;
use countertop_domain::staff::Right;
use countertop_store::{PointsMoveRow, Snapshot, Tx};

use crate::app::require;
use crate::app::{App, Caller};
use crate::error::AppError;
use crate::returns::needed;

const SETTING: &str = "loyalty";

/// The points of a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PointsAccount {
    /// Whose; of a record that became part of another's, the other's id.
    pub customer: CustomerId,
    /// How many.
    pub points: i64,
    /// What they are worth as store credit, in minor units; nothing where they cannot become any.
    pub worth: i64,
}

/// What points are earned by and worth; none where the shop gives none.
///
/// # Errors
/// The store's, or a right.
pub fn rule(app: &App, caller: &Caller) -> Result<Option<LoyaltyRule>, AppError> {
    require(caller, Right::LookUp)?;
    app.store.read(read_rule)
}

/// Sets what points are earned by and worth, from the next sale on; none switches them off, and what
/// customers have stays theirs.
///
/// # Errors
/// A rule that cannot hold, or a right.
pub fn set_rule(app: &App, caller: &Caller, rule: Option<LoyaltyRule>) -> Result<(), AppError> {
    require(caller, Right::ChangeSettings)?;
    if let Some(rule) = &rule {
        rule.check()?;
    }
    let text = serde_json::to_string(&rule).map_err(|error| AppError::BadText {
        reason: format!("the rule cannot be kept: {error}"),
    })?;
    app.store.write::<_, AppError>(move |tx| Ok(tx.set_setting(SETTING, &text)?))?;
    app.changed(&caller.client, &["customers"]);
    Ok(())
}

fn read_rule(snapshot: &Snapshot<'_>) -> Result<Option<LoyaltyRule>, AppError> {
    let Some(text) = snapshot.setting(SETTING)? else { return Ok(None) };
    serde_json::from_str(&text).map_err(|error| AppError::BadText {
        reason: format!("what points are earned by cannot be read ({error}): set it anew"),
    })
}

/// The points that a customer has.
///
/// # Errors
/// No such customer, or a right.
pub fn balance(app: &App, caller: &Caller, id: CustomerId) -> Result<PointsAccount, AppError> {
    require(caller, Right::LookUp)?;
    app.store.read(|snapshot| account(snapshot, id))
}

fn account(snapshot: &Snapshot<'_>, id: CustomerId) -> Result<PointsAccount, AppError> {
    let customer = snapshot.customer(id)?.ok_or(AppError::no_customer())?.id;
    let points = snapshot.points_balance(customer)?;
    let worth = match read_rule(snapshot)? {
        Some(rule) if points > 0 => rule.worth(points).map_or(0, |worth| worth.minor()),
        _ => 0,
    };
    Ok(PointsAccount { customer, points, worth })
}

/// What moved a customer's points before a place in the journal, the newest first.
///
/// # Errors
/// No such customer, or a right.
pub fn moves(
    app: &App,
    caller: &Caller,
    id: CustomerId,
    before: i64,
    limit: u32,
) -> Result<Vec<PointsMoveRow>, AppError> {
    require(caller, Right::LookUp)?;
    app.store.read(|snapshot| {
        let customer = snapshot.customer(id)?.ok_or(AppError::no_customer())?;
        Ok(snapshot.points_moves(customer.id, before, limit)?)
    })
}

/// Turns points into store credit of the same customer; what is asked for twice is done once.
///
/// # Errors
/// No such customer, fewer points than that, points that are worth nothing, or a right.
pub fn redeem(
    app: &App,
    caller: &Caller,
    id: PointsMoveId,
    customer: CustomerId,
    points: i64,
) -> Result<PointsAccount, AppError> {
    require(caller, Right::IssueCredit)?;
    let rule = app.store.read(read_rule)?.ok_or(LoyaltyError::SwitchedOff)?;
    let worth = rule.worth(points)?;
    let moved = PointsMoved {
        id: Some(id),
        customer,
        points: -points,
        why: PointsReason::Redeemed,
        sale: None,
        credit: Some(worth),
        reason: "points".to_owned(),
        at: app.now(),
        actor: caller.actor.clone(),
    };
    write(app, caller, moved)
}

/// Gives points, or takes some, with a reason; what is asked for twice is done once.
///
/// # Errors
/// No such customer, fewer points than are to be taken, no reason, or a right.
pub fn adjust(
    app: &App,
    caller: &Caller,
    id: PointsMoveId,
    customer: CustomerId,
    points: i64,
    reason: &str,
) -> Result<PointsAccount, AppError> {
    require(caller, Right::IssueCredit)?;
    if points == 0 || points.unsigned_abs() > loyalty::MAX_POINTS.unsigned_abs() {
        return Err(LoyaltyError::OutOfRange.into());
    }
    let moved = PointsMoved {
        id: Some(id),
        customer,
        points,
        why: PointsReason::Adjusted,
        sale: None,
        credit: None,
        reason: needed(reason)?,
        at: app.now(),
        actor: caller.actor.clone(),
    };
    write(app, caller, moved)
}

fn write(app: &App, caller: &Caller, mut moved: PointsMoved) -> Result<PointsAccount, AppError> {
    let account = app.store.write::<_, AppError>(move |tx| {
        let customer = tx.customer(moved.customer)?.ok_or(AppError::no_customer())?.id;
        moved.customer = customer;
        if let Some(before) = moved.id.map(|id| tx.points_move(id)).transpose()?.flatten() {
            let same = before.points == moved.points
                && before.why == moved.why
                && tx.kept_customer(before.customer)? == customer;
            if same {
                return account(tx, customer);
            }
            return Err(AppError::Conflict {
                code: "id_taken",
                reason: "this id moved other points: make a new one".to_owned(),
            });
        }
        let after = loyalty::apply(tx.points_balance(customer)?, moved.points)?;
        if after > loyalty::MAX_POINTS {
            return Err(LoyaltyError::OutOfRange.into());
        }
        tx.append(moved.at.utc_ms, &Entry::PointsMoved(moved))?;
        account(tx, customer)
    })?;
    app.changed(&caller.client, &["customers"]);
    Ok(account)
}

/// The points of a sale, in its transaction: only where the shop switched them on, and the sale has a
/// customer. What goes back takes the points along that it earned, but never more than there are.
pub(crate) fn of_sale(tx: &Tx<'_>, sale: &Sale) -> Result<(), AppError> {
    let Some(customer) = &sale.customer else { return Ok(()) };
    let rule = read_rule(tx).unwrap_or_else(|error| {
        // A setting that nobody can read must not stop a sale.
        tracing::error!(%error, "the sale earns no points");
        None
    });
    let Some(rule) = rule else { return Ok(()) };
    let customer = tx.kept_customer(customer.id)?;
    let points = rule.points_of(sale)?.max(-tx.points_balance(customer)?);
    if points == 0 {
        return Ok(());
    }
    let moved = PointsMoved {
        id: None,
        customer,
        points,
        why: if points > 0 { PointsReason::Earned } else { PointsReason::TakenBack },
        sale: Some(sale.id),
        credit: None,
        reason: String::new(),
        at: sale.at,
        actor: sale.actor.clone(),
    };
    tx.append(sale.at.utc_ms, &Entry::PointsMoved(moved))?;
    Ok(())
}
