//! Paying money out: refunds, and exchanges that come to less than nothing.

use super::take::{check_texts, countable, more_than_nothing};
use super::{Tender, TenderError, TenderKind, TenderState};
use crate::cash_rounding::{CashRounding, asked};
use crate::ids::TenderId;
use crate::money::Money;
use crate::returns::TenderLeft;

/// What is to be paid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayOut<'a> {
    /// Made by the client and kept over every retry.
    pub id: TenderId,
    /// How.
    pub kind: TenderKind,
    /// How much, as a positive amount; in cash, as it is counted out.
    pub wished: Money,
    /// Card code, credit code, customer id.
    pub reference: Option<String>,
    /// Name of a custom tender or of a wallet.
    pub name: Option<String>,
    /// The payment that it goes back to, with what is left of it.
    pub original: Option<&'a TenderLeft>,
}

impl<'a> PayOut<'a> {
    /// Pays out `wished`, without a reference, to no payment in particular.
    pub const fn new(id: TenderId, kind: TenderKind, wished: Money) -> Self {
        Self { id, kind, wished, reference: None, name: None, original: None }
    }

    /// The same, back to a payment of the original sale.
    #[must_use]
    pub fn back_to(self, original: &'a TenderLeft) -> Self {
        Self { original: Some(original), ..self }
    }
}

/// What [`pay_out`] would pay out of `due` (below nothing) at the most: all that the customer gets,
/// or what is left of the original payment; in cash as it is counted out.
///
/// # Errors
/// See [`TenderError`].
pub fn most_to_pay_out(
    kind: TenderKind,
    due: Money,
    original: Option<&TenderLeft>,
    rounding: Option<CashRounding>,
) -> Result<Money, TenderError> {
    Ok(most(kind, due, original, rounding)?.counted_out)
}

/// The most that can be paid out: what it settles, and what is counted out for it.
struct Most {
    settles: Money,
    counted_out: Money,
}

fn most(
    kind: TenderKind,
    due: Money,
    original: Option<&TenderLeft>,
    rounding: Option<CashRounding>,
) -> Result<Most, TenderError> {
    if due.is_zero() {
        return Err(TenderError::NothingDue);
    }
    if !due.is_negative() {
        return Err(TenderError::NothingOwed { due });
    }
    if matches!(kind, TenderKind::ForeignCash | TenderKind::Deposit) {
        return Err(TenderError::CannotPayOut { kind });
    }
    let owed = due.negated();
    let settles = match original {
        Some(original) if original.left.minus(owed)?.is_negative() => original.left,
        _ => owed,
    };
    let counted_out = match original {
        _ if !kind.is_cash() => settles,
        None => asked(settles, rounding)?,
        Some(original) => cash_back(original, settles, rounding)?,
    };
    Ok(Most { settles, counted_out })
}

/// Cash for a part of an earlier payment: what is due back with this part, rounded, less what went
/// back before. Whatever the parts, the last one brings the sum to what was handed over then.
fn cash_back(
    original: &TenderLeft,
    part: Money,
    rounding: Option<CashRounding>,
) -> Result<Money, TenderError> {
    let paid = original.tender.amount;
    let handed = original.tender.handed()?;
    let back_with_this = paid.minus(original.left)?.plus(part)?;
    // Foreign cash may have been worth an amount that the shop's own coins do not make up.
    let whole = asked(handed, rounding)?;
    let so_far = asked(back_with_this, rounding)?;
    let all_of_it = !back_with_this.minus(paid)?.is_negative();
    let above = !so_far.minus(whole)?.is_negative();
    let target = if all_of_it || above { whole } else { so_far };
    let now = asked(target.minus(handed.minus(original.left_handed)?)?, rounding)?;
    Ok(if now.is_negative() { Money::zero(now.currency()) } else { now })
}

/// Pays out towards `due`, which is below nothing. Amount and received of the tender are below
/// nothing too; nothing is ever paid out above what the customer gets, nor more to an original
/// payment than it brought. Cash is counted out in the shop's steps.
///
/// # Errors
/// See [`TenderError`].
pub fn pay_out(
    wish: PayOut<'_>,
    due: Money,
    rounding: Option<CashRounding>,
) -> Result<Tender, TenderError> {
    let PayOut { id, kind, wished, reference, name, original } = wish;
    let Most { settles, counted_out } = most(kind, due, original, rounding)?;
    let (reference, name) = check_texts(kind, reference, name)?;
    let over = wished.minus(counted_out)?;
    if !(over.is_zero() && kind.is_cash() && !settles.is_zero()) {
        more_than_nothing(wished)?;
    }
    if !over.is_zero() && !over.is_negative() {
        return Err(match original {
            Some(original) if original.left == settles && settles != due.negated() => {
                TenderError::MoreThanPaid { wished, left: counted_out }
            }
            _ => TenderError::MoreThanOwed { wished, owed: counted_out },
        });
    }
    if kind.is_cash() {
        countable(wished, counted_out, rounding)?;
    }
    // Fewer coins than asked settle their own worth, and so must leave some to settle: else the
    // last of a payment would go back for less than was handed over.
    if !over.is_zero() && !wished.minus(settles)?.is_negative() {
        return Err(TenderError::LastOfPayment { wished, asked: counted_out });
    }
    let amount = if over.is_zero() { settles } else { wished };
    Ok(Tender {
        id,
        kind,
        amount: amount.negated(),
        received: wished.negated(),
        rounding: amount.minus(wished)?,
        state: TenderState::Taken,
        reference,
        name,
        foreign: None,
        refunds: original.map(|original| original.tender.id),
        card: None,
    })
}
