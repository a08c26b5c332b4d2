//! Whether the payment that a terminal calls its last is the one that is asked about.
//!
//! A terminal tells its last payment that succeeded, which may well be an older one of the same
//! amount. So the number, the amount, the currency, the terminal and the time must all agree.

use std::time::Duration;

use countertop_domain::card::{CardFacts, TerminalMark};

use super::message::Status;
use super::moment::Moment;
use crate::terminal::{PaymentKind, PaymentOrder};

/// Receipt numbers have four digits, trace numbers six; after the last one comes 1.
const RECEIPTS: u32 = 10_000;
const TRACES: u32 = 1_000_000;

/// What the terminal's last payment is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The one that is asked about.
    Ours(CardFacts),
    /// The one that was known before it: this one was not booked.
    Older,
    /// Nobody can tell, and why.
    Unclear(&'static str),
}

/// The one riddle that time may solve: somebody connects the right terminal.
pub(crate) const ANOTHER_TERMINAL: &str =
    "this is another terminal: connect the one that was asked to pay";

/// What is known besides the order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known<'a> {
    /// The newest payment before the order, if one is known.
    pub(crate) last: Option<&'a TerminalMark>,
    /// The terminal's id, as it told when the register signed on; may be empty.
    pub(crate) terminal: &'a str,
    /// By how much its clock may be off.
    pub(crate) skew: Duration,
}

/// Judges `status`.
pub(crate) fn judge(order: &PaymentOrder, known: Known<'_>, status: &Status) -> Verdict {
    if !status.is_success() {
        return Verdict::Unclear("the terminal did not tell a payment that succeeded");
    }
    let mut facts = status.facts.clone();
    if facts.terminal.is_empty() {
        known.terminal.clone_into(&mut facts.terminal);
    }
    if let Some(last) = known.last
        && !last.terminal.is_empty()
        && !facts.terminal.is_empty()
        && last.terminal != facts.terminal
    {
        return Verdict::Unclear(ANOTHER_TERMINAL);
    }
    let asked = Moment::of(order.at);
    let told = Moment::told(status, asked);
    match number(known.last, &facts) {
        Number::Same => {
            let may_be_new = told.is_some_and(|told| told.fits(asked, Duration::ZERO));
            // A terminal may count from 1 again each day; only the trace number tells then.
            if facts.trace.is_none() && may_be_new && status.amount == minor(order) {
                return Verdict::Unclear("the terminal's number is not newer, but its time is");
            }
            return Verdict::Older;
        }
        Number::Next | Number::NothingKnown => {}
        Number::Jump => {
            return Verdict::Unclear(
                "the terminal's number is not the one after the last: it was used by hand, or its \
                 day was closed in between",
            );
        }
        Number::None => return Verdict::Unclear("the terminal sent no number"),
    }
    if status.takes_back.is_some() && !matches!(order.kind, PaymentKind::Reversal { .. }) {
        return Verdict::Unclear("the terminal's last payment takes another one back");
    }
    if let Some(words) = differs(order, status) {
        return Verdict::Unclear(words);
    }
    let Some(told) = told else {
        return Verdict::Unclear("the terminal did not tell when it was paid");
    };
    // With no number to compare, nothing from before the order may pass.
    let skew = if known.last.is_some() { known.skew } else { Duration::ZERO };
    if !told.fits(asked, skew) {
        return Verdict::Unclear(
            "the terminal's time does not fit: compare its clock with this one",
        );
    }
    facts.at = told.text();
    Verdict::Ours(facts)
}

/// Why the amount is not the one that was asked for, if so.
pub(crate) fn differs(order: &PaymentOrder, status: &Status) -> Option<&'static str> {
    if status.amount.is_none() {
        return Some("the terminal did not tell the amount");
    }
    if status.amount != minor(order) {
        return Some("the terminal tells another amount");
    }
    let currency = u64::from(order.amount.currency().numeric());
    status
        .currency
        .is_some_and(|told| told != currency)
        .then_some("the terminal tells another currency")
}

fn minor(order: &PaymentOrder) -> Option<u64> {
    u64::try_from(order.amount.minor()).ok()
}

enum Number {
    Same,
    Next,
    Jump,
    NothingKnown,
    None,
}

/// How the payment's numbers stand to the last ones that are known.
fn number(last: Option<&TerminalMark>, facts: &CardFacts) -> Number {
    if facts.receipt.is_none() && facts.trace.is_none() {
        return Number::None;
    }
    let Some(last) = last.filter(|last| last.receipt.is_some() || last.trace.is_some()) else {
        return Number::NothingKnown;
    };
    let receipt = facts.receipt.zip(last.receipt).map(|(new, old)| ahead(new, old, RECEIPTS));
    let trace = facts.trace.zip(last.trace).map(|(new, old)| ahead(new, old, TRACES));
    match (receipt, trace) {
        (Some(0), Some(0) | None) | (None, Some(0)) => Number::Same,
        // Refused payments may use up trace numbers; receipts are numbered without a gap.
        (Some(1), None) | (None, Some(1)) => Number::Next,
        (Some(1), Some(trace)) if (1..TRACES / 2).contains(&trace) => Number::Next,
        (None, None) => Number::None,
        _ => Number::Jump,
    }
}

/// How many numbers `new` is ahead of `old`, where 1 follows the highest.
fn ahead(new: u32, old: u32, numbers: u32) -> u32 {
    if new >= old { new - old } else { (new + numbers - 1).saturating_sub(old) }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use countertop_domain::card::{CardFacts, TerminalMark};
    use countertop_domain::ids::TenderId;
    use countertop_domain::money::{Currency, Money};
    use countertop_domain::time::Timestamp;

    use super::{Known, Verdict, judge};
    use crate::terminal::{PaymentKind, PaymentOrder};
    use crate::zvt::message::Status;

    type Outcome = Result<(), Box<dyn std::error::Error>>;

    fn order(kind: PaymentKind) -> Result<PaymentOrder, Box<dyn std::error::Error>> {
        Ok(PaymentOrder {
            attempt: "019a0000-0000-7000-8000-000000000001".parse::<TenderId>()?,
            kind,
            amount: Money::new(1610, Currency::EUR)?,
            // 2026-11-23 14:00:00 on the counter's clock.
            at: Timestamp { utc_ms: 1_795_438_800_000, offset_min: 60 },
            last_known: None,
        })
    }

    fn mark(receipt: u32, trace: u32) -> TerminalMark {
        TerminalMark { terminal: "28004869".into(), receipt: Some(receipt), trace: Some(trace) }
    }

    fn told() -> Status {
        Status {
            result: Some(0),
            amount: Some(1610),
            currency: Some(978),
            date: Some((None, 11, 23)),
            time: Some((14, 0, 30)),
            facts: CardFacts {
                terminal: "28004869".into(),
                receipt: Some(8),
                trace: Some(108),
                ..CardFacts::default()
            },
            ..Status::default()
        }
    }

    fn verdict(
        change: impl FnOnce(&mut Status),
        last: Option<TerminalMark>,
    ) -> Result<Verdict, Box<dyn std::error::Error>> {
        let mut status = told();
        change(&mut status);
        let known =
            Known { last: last.as_ref(), terminal: "28004869", skew: Duration::from_secs(120) };
        Ok(judge(&order(PaymentKind::Charge)?, known, &status))
    }

    #[test]
    fn a_payment_is_ours_only_if_number_amount_currency_terminal_and_time_agree() -> Outcome {
        let last = || Some(mark(7, 107));
        let Verdict::Ours(facts) = verdict(|_| {}, last())? else { return Err("not ours".into()) };
        assert_eq!(facts.at, "2026-11-23 14:00:30");
        let changes: [fn(&mut Status); 11] = [
            |s| s.result = Some(0x6C),
            |s| s.result = None,
            |s| s.amount = Some(1611),
            |s| s.amount = None,
            |s| s.currency = Some(756),
            |s| s.facts.terminal = "28004870".into(),
            |s| s.facts.receipt = Some(9),
            |s| s.facts.trace = Some(99),
            |s| s.time = Some((13, 57, 59)),
            |s| s.time = None,
            |s| s.takes_back = Some(107),
        ];
        for (at, change) in changes.into_iter().enumerate() {
            assert!(matches!(verdict(change, last())?, Verdict::Unclear(_)), "change {at}");
        }
        Ok(())
    }

    #[test]
    fn an_older_payment_of_the_same_amount_is_not_ours() -> Outcome {
        assert_eq!(verdict(|_| {}, Some(mark(8, 108)))?, Verdict::Older);
        Ok(())
    }

    #[test]
    fn a_number_that_began_again_is_a_question_for_a_person() -> Outcome {
        let no_trace = |status: &mut Status| status.facts.trace = None;
        let same = TerminalMark { trace: None, ..mark(8, 0) };
        assert!(matches!(verdict(no_trace, Some(same.clone()))?, Verdict::Unclear(_)));
        let older = |status: &mut Status| {
            status.facts.trace = None;
            status.time = Some((12, 0, 0));
        };
        assert_eq!(verdict(older, Some(same))?, Verdict::Older);
        Ok(())
    }

    #[test]
    fn after_the_highest_number_comes_one() -> Outcome {
        let one = |status: &mut Status| {
            status.facts.receipt = Some(1);
            status.facts.trace = Some(1);
        };
        let last = mark(9_999, 999_999);
        assert!(matches!(verdict(one, Some(last))?, Verdict::Ours(_)));
        Ok(())
    }

    #[test]
    fn with_no_payment_known_before_nothing_older_than_the_order_is_ours() -> Outcome {
        assert!(matches!(verdict(|_| {}, None)?, Verdict::Ours(_)));
        let before = |status: &mut Status| status.time = Some((13, 59, 59));
        assert!(matches!(verdict(before, None)?, Verdict::Unclear(_)));
        Ok(())
    }
}
