//! Taking a payment.

use rust_decimal::Decimal;

use super::{ForeignCash, Tender, TenderKind, TenderState};
use crate::cash_rounding::{CashRounding, asked};
use crate::ids::TenderId;
use crate::money::{Currency, Money, MoneyError};
use crate::rounding::half_up;

/// Decimals of an exchange rate; banks publish up to six.
const MAX_RATE_DECIMALS: u32 = 10;

/// What a customer offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Made by the client and kept over every retry.
    pub id: TenderId,
    /// How they pay.
    pub kind: TenderKind,
    /// What they hold out; in its own currency for foreign cash.
    pub offered: Money,
    /// For foreign cash: what one whole unit of it is worth in whole units of the shop's currency.
    pub rate: Option<Decimal>,
    /// Card code, customer id, voucher or transfer number, held order.
    pub reference: Option<String>,
    /// Name of a custom tender or of a wallet.
    pub name: Option<String>,
}

impl Offer {
    /// A plain offer, as cash and cards are.
    pub const fn new(id: TenderId, kind: TenderKind, offered: Money) -> Self {
        Self { id, kind, offered, rate: None, reference: None, name: None }
    }
}

/// What a tender is refused for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TenderError {
    /// Nothing, or less.
    #[error("a payment must be more than nothing")]
    NotPositive,
    /// Everything is paid.
    #[error("this sale is paid already")]
    NothingDue,
    /// Money was taken for what must be paid out.
    #[error("the customer gets {owed} back: pay it out instead of taking a payment")]
    OwedToCustomer {
        /// How much.
        owed: Money,
    },
    /// Money was to be paid out, but the customer owes some.
    #[error("nothing is to be paid out: the customer still owes {due}")]
    NothingOwed {
        /// How much.
        due: Money,
    },
    /// More than is due, of a kind that gives no change.
    #[error("{offered} is more than the {due} left to pay: {} gives no change", kind.in_words())]
    MoreThanDue {
        /// How.
        kind: TenderKind,
        /// What was offered.
        offered: Money,
        /// What is left.
        due: Money,
    },
    /// More is to be paid out than the customer gets.
    #[error("{wished} is more than the {owed} to pay out: pay out {owed} or less")]
    MoreThanOwed {
        /// What was to be paid out.
        wished: Money,
        /// What the customer gets.
        owed: Money,
    },
    /// More is to go back to a payment than it brought.
    #[error("{wished} is more than the {left} left of that payment: pay the rest another way")]
    MoreThanPaid {
        /// What was to be paid out.
        wished: Money,
        /// What is left of the original payment.
        left: Money,
    },
    /// Too few coins to settle what they would settle by their worth.
    #[error("{asked} in cash settles what is left of that payment, not {wished}: pay out {asked}")]
    LastOfPayment {
        /// What was to be paid out.
        wished: Money,
        /// What settles it.
        asked: Money,
    },
    /// Cash that no coins make up.
    #[error("{amount} cannot be counted in coins: cash goes in steps of {step}, here {asked}")]
    NotInSteps {
        /// What was given.
        amount: Money,
        /// The smallest coin.
        step: Money,
        /// What is asked in cash for all that is due.
        asked: Money,
    },
    /// The register must know from what it comes.
    #[error("{} needs {}: scan or enter it", kind.in_words(), kind.reference_in_words())]
    NeedsReference {
        /// How.
        kind: TenderKind,
    },
    /// A custom tender without a name.
    #[error("choose which of the shop's own kinds of payment this is")]
    NeedsName,
    /// A reference or a name too long to print.
    #[error("a reference or a name holds up to {} characters", Tender::MAX_TEXT)]
    TextTooLong,
    /// Foreign cash without a rate.
    #[error("there is no rate for {currency}: enter one in the settings first")]
    NeedsRate {
        /// Its code.
        currency: &'static str,
    },
    /// A rate that nothing can be worth.
    #[error(
        "{rate} is no rate: give what one {currency} is worth, more than nothing, with up to \
         {MAX_RATE_DECIMALS} decimals"
    )]
    BadRate {
        /// What was given.
        rate: Decimal,
        /// Code of the foreign currency.
        currency: &'static str,
    },
    /// Foreign cash in the shop's own currency.
    #[error("{currency} is the shop's own currency: take it as cash")]
    NotForeign {
        /// Its code.
        currency: &'static str,
    },
    /// A way that only takes money.
    #[error("{} cannot pay money out: use cash, a card or store credit", kind.in_words())]
    CannotPayOut {
        /// How.
        kind: TenderKind,
    },
    /// Currencies, or too large.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// Takes an offer towards `due`. Of cash there may be more, the rest is change; of anything else
/// there may not. Cash is asked in the shop's steps, and what settles the last of it counts as all
/// that is due: the difference is the tender's rounding.
///
/// # Errors
/// See [`TenderError`].
pub fn take(
    offer: Offer,
    due: Money,
    rounding: Option<CashRounding>,
) -> Result<Tender, TenderError> {
    if due.is_zero() {
        return Err(TenderError::NothingDue);
    }
    if due.is_negative() {
        return Err(TenderError::OwedToCustomer { owed: due.negated() });
    }
    let Offer { id, kind, offered, rate, reference, name } = offer;
    let (reference, name) = check_texts(kind, reference, name)?;
    let mut tender = Tender {
        id,
        kind,
        amount: offered,
        received: offered,
        rounding: Money::zero(due.currency()),
        state: if kind.starts_pending() { TenderState::Pending } else { TenderState::Taken },
        reference,
        name,
        foreign: None,
        refunds: None,
        card: None,
    };
    match kind {
        TenderKind::Cash => take_cash(&mut tender, due, rounding)?,
        TenderKind::ForeignCash => take_foreign_cash(&mut tender, due, rate, rounding)?,
        _ => {
            let left = due.minus(offered)?;
            more_than_nothing(offered)?;
            if left.is_negative() {
                return Err(TenderError::MoreThanDue { kind, offered, due });
            }
        }
    }
    Ok(tender)
}

fn take_cash(
    tender: &mut Tender,
    due: Money,
    rounding: Option<CashRounding>,
) -> Result<(), TenderError> {
    let offered = tender.received;
    let asked = asked(due, rounding)?;
    let more = offered.minus(asked)?;
    // What is too little for the smallest coin is settled with nothing.
    if !(offered.is_zero() && asked.is_zero()) {
        more_than_nothing(offered)?;
    }
    countable(offered, asked, rounding)?;
    if !more.is_negative() {
        tender.amount = due;
        tender.rounding = asked.minus(due)?;
    }
    Ok(())
}

/// Change is counted out in the shop's currency, so it goes in the shop's steps.
fn take_foreign_cash(
    tender: &mut Tender,
    due: Money,
    rate: Option<Decimal>,
    rounding: Option<CashRounding>,
) -> Result<(), TenderError> {
    let handed = tender.received;
    let (foreign, home) = (handed.currency(), due.currency());
    if foreign == home {
        return Err(TenderError::NotForeign { currency: foreign.code() });
    }
    more_than_nothing(handed)?;
    let rate = rate.ok_or(TenderError::NeedsRate { currency: foreign.code() })?;
    let value = home_value(handed, rate, home)?;
    more_than_nothing(value)?;
    tender.foreign = Some(ForeignCash { received: handed, rate: rate.normalize() });
    tender.received = value;
    tender.amount = value;
    let over = value.minus(due)?;
    if !over.is_negative() || !value.minus(asked(due, rounding)?)?.is_negative() {
        let change = if over.is_negative() { Money::zero(home) } else { asked(over, rounding)? };
        tender.amount = due;
        tender.rounding = over.minus(change)?;
    }
    Ok(())
}

/// What cash of another currency is worth: amount × rate, halves away from zero.
///
/// # Errors
/// [`TenderError::BadRate`], or too large.
pub fn home_value(foreign: Money, rate: Decimal, home: Currency) -> Result<Money, TenderError> {
    let rate = rate.normalize();
    if rate.is_zero() || rate.is_sign_negative() || rate.scale() > MAX_RATE_DECIMALS {
        return Err(TenderError::BadRate { rate, currency: foreign.currency().code() });
    }
    let exact = || {
        let numerator = i128::from(foreign.minor())
            .checked_mul(rate.mantissa())?
            .checked_mul(10_i128.checked_pow(home.exponent())?)?;
        let denominator = 10_i128.checked_pow(foreign.currency().exponent() + rate.scale())?;
        half_up(numerator, denominator)
    };
    Ok(Money::new(exact().ok_or(MoneyError::TooLarge)?, home)?)
}

pub(super) fn more_than_nothing(amount: Money) -> Result<(), TenderError> {
    if amount.is_zero() || amount.is_negative() {
        return Err(TenderError::NotPositive);
    }
    Ok(())
}

pub(super) fn countable(
    amount: Money,
    asked: Money,
    rounding: Option<CashRounding>,
) -> Result<(), TenderError> {
    match rounding {
        Some(rounding) if !rounding.can_be_counted(amount) => {
            Err(TenderError::NotInSteps { amount, step: rounding.step(), asked })
        }
        _ => Ok(()),
    }
}

/// Blank texts are none; what a kind needs must be there.
pub(super) fn check_texts(
    kind: TenderKind,
    reference: Option<String>,
    name: Option<String>,
) -> Result<(Option<String>, Option<String>), TenderError> {
    let tidy = |text: Option<String>| match text.as_deref().map(str::trim) {
        None | Some("") => Ok(None),
        Some(text) if text.chars().count() > Tender::MAX_TEXT => Err(TenderError::TextTooLong),
        Some(text) => Ok(Some(text.to_owned())),
    };
    let (reference, name) = (tidy(reference)?, tidy(name)?);
    if kind.needs_reference() && reference.is_none() {
        return Err(TenderError::NeedsReference { kind });
    }
    if kind == TenderKind::Custom && name.is_none() {
        return Err(TenderError::NeedsName);
    }
    Ok((reference, name))
}
