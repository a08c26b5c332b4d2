//! The driver of Concert E+ against the twin of a terminal.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod card;

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use card::{Log, order, unique, wait_for};
use countertop_devices::{
    Address, ConcertOptions, ConcertTerminal, ConcertTimers, DeviceErrorKind, Door, Link,
    PaymentEnd, PaymentKind, PaymentTerminal, Private, Progress, ReadOutcome, Refunds, Resolution,
    TerminalError, open,
};
use countertop_devices::{ConcertHabits, ConcertTwin, TerminalButton};

const MS: Duration = Duration::from_millis(1);

/// Quick where a test waits for silence, patient where it waits for an answer.
fn options() -> ConcertOptions {
    let timers = ConcertTimers {
        quiet: MS,
        enquiry: 200 * MS,
        pause: MS,
        order: 200 * MS,
        answer: 5_000 * MS,
        message: 200 * MS,
        end: 200 * MS,
        late: 2_000 * MS,
        ..ConcertTimers::default()
    };
    ConcertOptions { timers, ..ConcertOptions::default() }
}

fn habits() -> ConcertHabits {
    ConcertHabits {
        patience: 300 * MS,
        pause: 50 * MS,
        tries: 8,
        slow: 300 * MS,
        ..ConcertHabits::default()
    }
}

fn twin() -> (ConcertTwin, Address) {
    let door = Door::twin(&format!("concert-{}", unique())).unwrap();
    let address = door.address().clone();
    (ConcertTwin::start(door, habits()).unwrap(), address)
}

fn pay(address: &Address, button: TerminalButton) -> (PaymentEnd, Log) {
    let mut log = Log::default();
    let mut terminal = ConcertTerminal::new(address.clone(), options());
    let end = terminal.run(&order(PaymentKind::Charge, 1234), &mut log);
    assert!(matches!(log.said.first(), Some(Progress::Sending)), "{button:?}");
    (end, log)
}

fn words(end: &PaymentEnd) -> &str {
    match end {
        PaymentEnd::InDoubt(doubt) => {
            assert!(!doubt.may_ask_again, "there is nobody to ask");
            assert!(doubt.words.contains("display") && doubt.words.contains("slip"));
            &doubt.words
        }
        other => panic!("{other:?} is no doubt"),
    }
}

#[test]
fn a_card_pays_over_every_kind_of_line() {
    let folder = tempfile::tempdir().unwrap();
    let any: SocketAddr = (Ipv4Addr::LOCALHOST, 0).into();
    for door in [
        Door::twin("a-card-pays").unwrap(),
        Door::tcp(any).unwrap(),
        Door::serial(&folder.path().join("ttyTERMINAL")).unwrap(),
    ] {
        let address = door.address().clone();
        let twin = ConcertTwin::start(door, habits()).unwrap();
        twin.always(Some(TerminalButton::Approve));
        wait_for("the line", || open(&address, card::LONG).is_ok());
        let charge = order(PaymentKind::Charge, 1234);
        let mut log = Log::default();
        let mut terminal = ConcertTerminal::new(address.clone(), options());
        let end = terminal.run(&charge, &mut log);
        let PaymentEnd::Approved(facts) = end else { panic!("{address}: {end:?}") };
        assert_eq!(facts.last_four, "0674");
        assert_eq!(log.decided, [Ok(facts)], "{address}");
        assert_eq!(log.said, [Progress::Sending, Progress::Accepted]);
        let ledger = twin.ledger();
        assert_eq!((ledger.len(), ledger[0].amount, ledger[0].currency), (1, 1234, 978));
        assert_eq!(twin.shows(), "APPROVED");
        assert!(terminal.status().unwrap().ready);
    }
}

#[test]
fn what_the_terminal_refuses_is_declined_and_not_charged() {
    for button in [TerminalButton::Decline, TerminalButton::CustomerStops] {
        let (twin, address) = twin();
        twin.press(button);
        let (end, log) = pay(&address, button);
        let PaymentEnd::Declined(refusal) = end else { panic!("{end:?}") };
        assert_eq!(refusal.code, "7");
        assert_eq!(log.decided, [Err(refusal)]);
        assert_eq!(twin.ledger(), []);
    }
}

#[test]
fn what_the_terminal_does_not_know_is_a_persons_decision() {
    let (twin, address) = twin();
    twin.press(TerminalButton::NotVerified);
    let (end, log) = pay(&address, TerminalButton::NotVerified);
    assert!(words(&end).contains("does not know"), "{end:?}");
    assert_eq!(log.decided, []);
    assert_eq!(twin.ledger().len(), 1, "the worst case: it was charged");
}

#[test]
fn a_terminal_that_dies_after_charging_leaves_the_payment_in_doubt() {
    let (twin, address) = twin();
    twin.press(TerminalButton::DieAfterCharging);
    let (end, log) = pay(&address, TerminalButton::DieAfterCharging);
    assert!(words(&end).contains("12.34 EUR"), "{end:?}");
    assert_eq!((log.decided.len(), twin.ledger().len()), (0, 1));

    // Its power comes back; it has forgotten that it had something to say.
    twin.press(TerminalButton::PlugIn);
    let mut terminal = ConcertTerminal::new(address.clone(), options());
    let resolved = terminal.resolve(&order(PaymentKind::Charge, 1234), &mut log_of_nothing());
    assert!(matches!(resolved, Resolution::InDoubt(doubt) if !doubt.may_ask_again));
    assert_eq!(twin.ledger().len(), 1, "asking charges nothing");
}

fn log_of_nothing() -> Log {
    Log::default()
}

#[test]
fn a_slow_card_is_waited_for() {
    let (twin, address) = twin();
    twin.press(TerminalButton::Slow);
    let (end, _) = pay(&address, TerminalButton::Slow);
    assert!(matches!(end, PaymentEnd::Approved(_)), "{end:?}");
}

#[test]
fn a_terminal_that_never_answers_leaves_the_payment_in_doubt() {
    let (twin, address) = twin();
    twin.press(TerminalButton::TimeOut);
    let mut options = options();
    options.timers.answer = 200 * MS;
    let mut terminal = ConcertTerminal::new(address, options);
    let end = terminal.run(&order(PaymentKind::Charge, 1234), &mut Log::default());
    assert!(words(&end).contains("does not answer"), "{end:?}");
}

#[test]
fn an_answer_that_comes_late_counts_if_it_bears_the_payments_own_token() {
    let (twin, address) = twin();
    let charge = order(PaymentKind::Charge, 1234);
    let mut options = options();
    options.timers.answer = 30 * MS;
    let mut terminal = ConcertTerminal::new(address.clone(), options);
    // The register goes away before the customer has found the card.
    let end = terminal.run(&charge, &mut Log::default());
    words(&end);
    twin.press(TerminalButton::Approve);
    wait_for("the card", || twin.ledger().len() == 1);

    let mut log = Log::default();
    let resolved = terminal.resolve(&charge, &mut log);
    let Resolution::Approved(facts) = resolved else { panic!("{resolved:?}") };
    assert_eq!(log.decided, [Ok(facts)]);
}

#[test]
fn a_late_answer_to_another_payment_resolves_nothing() {
    let (twin, address) = twin();
    let mut options = options();
    options.timers.answer = 30 * MS;
    options.timers.late = 500 * MS;
    let mut terminal = ConcertTerminal::new(address.clone(), options);
    words(&terminal.run(&order(PaymentKind::Charge, 1234), &mut Log::default()));
    twin.press(TerminalButton::Approve);
    wait_for("the card", || twin.ledger().len() == 1);

    // Another payment of the same amount is in doubt, too.
    let mut log = Log::default();
    let resolved = terminal.resolve(&order(PaymentKind::Charge, 1234), &mut log);
    assert!(matches!(resolved, Resolution::InDoubt(_)), "{resolved:?}");
    assert_eq!(log.decided, []);
    assert!(log.said.iter().any(|said| matches!(said, Progress::Says(words)
        if words.contains("earlier payment: approved"))));
}

#[test]
fn the_answer_to_an_earlier_payment_is_not_taken_for_this_one() {
    let (twin, address) = twin();
    let mut options = options();
    options.timers.answer = 30 * MS;
    let mut terminal = ConcertTerminal::new(address.clone(), options);
    words(&terminal.run(&order(PaymentKind::Charge, 1234), &mut Log::default()));
    twin.press(TerminalButton::Approve);
    wait_for("the card", || twin.ledger().len() == 1);

    // The next customer pays the same amount, and the card is refused.
    twin.press(TerminalButton::Decline);
    options.timers.answer = 5_000 * MS;
    let mut terminal = ConcertTerminal::new(address, options);
    let mut log = Log::default();
    let end = terminal.run(&order(PaymentKind::Charge, 1234), &mut log);
    assert!(matches!(end, PaymentEnd::Declined(_)), "{end:?}");
    assert_eq!(twin.ledger().len(), 1);
}

#[test]
fn money_is_given_back_where_the_terminal_can() {
    let (twin, address) = twin();
    twin.always(Some(TerminalButton::Approve));
    let mut terminal = ConcertTerminal::new(address.clone(), options());
    assert!(terminal.abilities().refunds);
    let end = terminal.run(&order(PaymentKind::Refund, 500), &mut Log::default());
    assert!(matches!(end, PaymentEnd::Approved(_)), "{end:?}");
    assert_eq!(twin.ledger()[0].kind, PaymentKind::Refund);

    let never = ConcertOptions { refunds: Refunds::Never, ..options() };
    let mut terminal = ConcertTerminal::new(address, never);
    for kind in [PaymentKind::Refund, PaymentKind::Reversal { receipt: 1 }] {
        let end = terminal.run(&order(kind, 500), &mut Log::default());
        let PaymentEnd::Declined(refusal) = end else { panic!("{end:?}") };
        assert!(refusal.words.contains("on the terminal itself"), "{}", refusal.words);
    }
    assert_eq!(twin.ledger().len(), 1);
    let mut log = Log::default();
    assert_eq!(terminal.end_of_day(&mut log), Err(TerminalError::Unable));
}

#[test]
fn an_amount_of_more_than_eight_digits_is_refused_before_it_is_sent() {
    let (twin, address) = twin();
    twin.always(Some(TerminalButton::Approve));
    let mut terminal = ConcertTerminal::new(address, options());
    for cents in [100_000_000, 0, -5] {
        let mut log = Log::default();
        let end = terminal.run(&order(PaymentKind::Charge, cents), &mut log);
        let PaymentEnd::Declined(refusal) = end else { panic!("{end:?}") };
        assert!(refusal.words.contains("999999.99 EUR"), "{}", refusal.words);
    }
    let end = terminal.run(&order(PaymentKind::Charge, 99_999_999), &mut Log::default());
    assert!(matches!(end, PaymentEnd::Approved(_)), "{end:?}");
    assert_eq!(twin.ledger().len(), 1);
}

#[test]
fn a_terminal_that_is_not_there_may_be_tried_again() {
    let mut terminal = ConcertTerminal::new("twin:nobody-here".parse().unwrap(), options());
    let end = terminal.run(&order(PaymentKind::Charge, 1234), &mut Log::default());
    let PaymentEnd::NotSent(fault) = end else { panic!("{end:?}") };
    assert!(fault.may_repeat() && fault.to_string().contains("card terminal"), "{fault}");

    // Somebody is there, and does not listen.
    let door = Door::twin("a-deaf-terminal").unwrap();
    let deaf = std::thread::spawn(move || door.accept(card::LONG));
    let mut options = options();
    options.timers.enquiry = 20 * MS;
    let mut terminal = ConcertTerminal::new("twin:a-deaf-terminal".parse().unwrap(), options);
    let end = terminal.run(&order(PaymentKind::Charge, 1234), &mut Log::default());
    let PaymentEnd::NotSent(fault) = end else { panic!("{end:?}") };
    assert_eq!(fault.kind(), DeviceErrorKind::NoAnswer);
    // Three times "may I speak", each with its end, and not one byte of the order.
    let mut heard = [0; 64];
    let mut line = deaf.join().unwrap().unwrap();
    assert_eq!(line.read(&mut heard, card::LONG), ReadOutcome::Data(6));
    assert_eq!(heard[..6], [5, 4, 5, 4, 5, 4]);
}

#[test]
fn a_cashier_stops_it_before_the_order_left_and_only_the_terminal_after() {
    let (twin, address) = twin();
    let mut terminal = ConcertTerminal::new(address, options());
    let mut log = Log { stop: true, ..Log::default() };
    let end = terminal.run(&order(PaymentKind::Charge, 1234), &mut log);
    assert!(matches!(&end, PaymentEnd::Declined(refusal) if refusal.stopped), "{end:?}");
    assert_eq!(twin.ledger(), []);
}

#[test]
fn an_answer_that_cannot_be_written_down_is_not_acknowledged() {
    let (twin, address) = twin();
    twin.always(Some(TerminalButton::Approve));
    let charge = order(PaymentKind::Charge, 1234);
    let mut terminal = ConcertTerminal::new(address, options());
    let end = terminal.run(&charge, &mut Log { full: true, ..Log::default() });
    assert!(words(&end).contains("written down"), "{end:?}");
    // The terminal still has it, and tells it once more when somebody listens.
    let mut log = Log::default();
    let resolved = terminal.resolve(&charge, &mut log);
    assert!(matches!(resolved, Resolution::Approved(_)), "{resolved:?}");
    assert_eq!((log.decided.len(), twin.ledger().len()), (1, 1));
}

#[test]
fn a_model_that_keeps_the_private_field_to_itself_needs_a_setting() {
    let answer = "0100000123414976701234567890 2712";
    for (private, approved) in [(Private::Returned, false), (Private::Replaced, true)] {
        let options = ConcertOptions { private, ..options() };
        let text = format!("{answer:<67}978 184117   ");
        let (end, log) = scripted(&text, options);
        assert_eq!(matches!(end, PaymentEnd::Approved(_)), approved, "{private:?} {end:?}");
        let shown = format!("{end:?} {:?} {:?}", log.said, log.decided);
        assert!(shown.contains("7890") && !shown.contains("4976701234567890"), "{shown}");
    }
}

#[test]
fn an_answer_counts_only_if_all_of_it_is_the_orders() {
    let replaced = ConcertOptions { private: Private::Replaced, ..options() };
    let answers = [
        ("020000012341978          ", "another register"),
        ("010000012341840          ", "another register"),
        ("010000012351978          ", "another amount"),
        ("010000000001978          ", "another amount"),
        ("014000012341978          ", "a sign that nobody knows"),
        ("017000012351978          ", "another amount"),
        ("01000001234", "garbled"),
    ];
    for (answer, why) in answers {
        let (end, log) = scripted(answer, replaced);
        assert!(words(&end).contains(why), "{answer}: {end:?}");
        assert_eq!(log.decided, []);
    }
    let (end, _) = scripted("017000000001978          ", replaced);
    assert!(matches!(end, PaymentEnd::Declined(_)), "a refusal without amount: {end:?}");
}

fn hear(line: &mut dyn Link, count: usize) -> Vec<u8> {
    let mut heard = vec![0; count];
    for place in 0..count {
        assert_eq!(line.read(&mut heard[place..=place], card::LONG), ReadOutcome::Data(1));
    }
    heard
}

/// Pays at a terminal that takes any order and says `text`, whatever it was asked.
fn scripted(text: &str, options: ConcertOptions) -> (PaymentEnd, Log) {
    let door = Door::twin(&format!("scripted-{}", unique())).unwrap();
    let address = door.address().clone();
    let mut answer = vec![2];
    answer.extend(text.bytes().chain([3]));
    answer.push(answer[1..].iter().fold(0, |sum, byte| sum ^ byte));
    let terminal = std::thread::spawn(move || {
        let mut line = door.accept(card::LONG).unwrap();
        assert_eq!(hear(&mut *line, 1), [5]);
        line.write_all(&[6], card::LONG).unwrap();
        let asked = hear(&mut *line, 37);
        assert_eq!((asked[0], asked[35], &asked[27..31]), (2, 3, b"A010".as_slice()));
        line.write_all(&[6, 5], card::LONG).unwrap();
        assert_eq!(hear(&mut *line, 2), [4, 6]);
        line.write_all(&answer, card::LONG).unwrap();
        assert_eq!(hear(&mut *line, 1), [6]);
        line.write_all(&[4], card::LONG).unwrap();
    });
    let mut log = Log::default();
    let mut driver = ConcertTerminal::new(address, options);
    let end = driver.run(&order(PaymentKind::Charge, 1234), &mut log);
    terminal.join().unwrap();
    (end, log)
}
