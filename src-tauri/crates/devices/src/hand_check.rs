//! What a person is told where a terminal cannot be asked what became of a payment.

use countertop_domain::card::CardFacts;
use countertop_domain::money::Money;

use crate::terminal::{Doubt, PaymentEnd, PaymentKind, PaymentOrder, PaymentWitness, Refusal};

/// Nobody knows, for this reason, and only a person can find out.
pub(crate) fn doubt(order: &PaymentOrder, why: &str, seen: Option<CardFacts>) -> Doubt {
    let amount = order.amount;
    let (done, not) = match order.kind {
        PaymentKind::Charge => ("was charged", "was not charged"),
        PaymentKind::Refund | PaymentKind::Reversal { .. } => {
            ("was given back", "was not given back")
        }
    };
    let words = format!(
        "{why} This kind of terminal cannot be asked again: look at its display, or at the slip \
         that it printed. If it says that {amount} was approved, decide \"{done}\"; if it says \
         refused, or shows nothing of it, decide \"{not}\". Do not ask for the card again before \
         that."
    );
    Doubt { words, may_ask_again: false, seen }
}

/// What the machine is called in messages.
pub(crate) const MACHINE: &str = "card terminal";

/// Why a payment is not undone.
pub(crate) const UNDO_THERE: &str =
    "this terminal cannot be told from here to undo a payment: do it on the terminal itself";

/// The order was never sent, and cannot have been charged.
pub(crate) fn never_sent(refusal: Refusal, witness: &mut dyn PaymentWitness) -> PaymentEnd {
    // Whoever could not write it down finds the payment open, asks again, and loses nothing.
    let _ = witness.decided(&Err(refusal.clone()));
    PaymentEnd::Declined(refusal)
}

/// The order was not sent at all, for a reason that has nothing to do with the line.
pub(crate) fn not_asked(words: &str) -> Refusal {
    Refusal { code: String::new(), words: words.to_owned(), stopped: false }
}

/// The cashier stopped it before the terminal had heard of it.
pub(crate) fn stopped() -> Refusal {
    Refusal {
        code: String::new(),
        words: "stopped before the terminal was asked".to_owned(),
        stopped: true,
    }
}

/// What is said to a cashier who wants to stop a payment that only the terminal can stop.
pub(crate) const PRESS_THE_RED_KEY: &str =
    "Only the terminal itself can stop this: press its red key";

/// An amount in minor units, if a language that has room for `most` takes it.
pub(crate) fn amount(amount: Money, most: i64) -> Result<u32, Refusal> {
    let minor = amount.minor();
    let fits = (1..=most).contains(&minor).then(|| u32::try_from(minor).ok()).flatten();
    fits.ok_or_else(|| {
        let most = Money::new(most, amount.currency()).unwrap_or(amount);
        not_asked(&format!(
            "{amount} cannot be asked of this terminal: it takes more than nothing and at most \
             {most} at once. Split the payment, or take it another way"
        ))
    })
}
