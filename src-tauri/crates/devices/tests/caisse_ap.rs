//! The driver of Caisse-AP against the twin of a terminal.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod card;

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use card::{Log, order, unique, wait_for};
use countertop_devices::{
    Address, CaisseApOptions, CaisseApTerminal, CaisseApTimers, DeviceErrorKind, Door, PaymentEnd,
    PaymentKind, PaymentTerminal, Progress, ReadOutcome, Resolution, open,
};
use countertop_devices::{CaisseApHabits, CaisseApTwin, TerminalButton};

const MS: Duration = Duration::from_millis(1);

fn options() -> CaisseApOptions {
    let timers = CaisseApTimers {
        answer: 5_000 * MS,
        quiet: 30 * MS,
        rest: 100 * MS,
        status: 2_000 * MS,
        ..CaisseApTimers::default()
    };
    CaisseApOptions { timers, ..CaisseApOptions::default() }
}

fn habits() -> CaisseApHabits {
    CaisseApHabits { quiet: 20 * MS, slow: 200 * MS, ..CaisseApHabits::default() }
}

fn twin() -> (CaisseApTwin, Address) {
    let door = Door::twin(&format!("caisse-{}", unique())).unwrap();
    let address = door.address().clone();
    (CaisseApTwin::start(door, habits()).unwrap(), address)
}

fn pay(address: &Address) -> (PaymentEnd, Log) {
    let mut log = Log::default();
    let mut terminal = CaisseApTerminal::new(address.clone(), options());
    let end = terminal.run(&order(PaymentKind::Charge, 1234), &mut log);
    (end, log)
}

fn words(end: &PaymentEnd) -> &str {
    match end {
        PaymentEnd::InDoubt(doubt) => {
            assert!(!doubt.may_ask_again && doubt.words.contains("display"), "{doubt:?}");
            &doubt.words
        }
        other => panic!("{other:?} is no doubt"),
    }
}

#[test]
fn a_card_pays_over_the_network() {
    let any: SocketAddr = (Ipv4Addr::LOCALHOST, 0).into();
    for door in [Door::tcp(any).unwrap(), Door::twin("a-card-pays-by-network").unwrap()] {
        let address = door.address().clone();
        let twin = CaisseApTwin::start(door, habits()).unwrap();
        twin.always(Some(TerminalButton::Approve));
        let (end, log) = pay(&address);
        let PaymentEnd::Approved(facts) = end else { panic!("{end:?}") };
        assert_eq!((facts.brand.as_str(), facts.last_four.as_str()), ("CB", "0674"));
        assert_eq!((&*facts.authorisation, &*facts.application), ("184117", "A0000000421010"));
        assert_eq!(log.decided, [Ok(facts)]);
        assert_eq!(log.said, [Progress::Sending, Progress::Accepted]);
        let ledger = twin.ledger();
        assert_eq!((ledger.len(), ledger[0].amount, ledger[0].currency), (1, 1234, 978));
        let mut terminal = CaisseApTerminal::new(address, options());
        assert!(terminal.status().unwrap().ready);
        assert_eq!(twin.ledger().len(), 1, "asking how it is charges nothing");
    }
}

#[test]
fn a_refusal_says_why_in_words() {
    for (button, code, stopped) in
        [(TerminalButton::Decline, "04", false), (TerminalButton::CustomerStops, "06", true)]
    {
        let (twin, address) = twin();
        twin.press(button);
        let (end, log) = pay(&address);
        let PaymentEnd::Declined(refusal) = end else { panic!("{end:?}") };
        assert_eq!((refusal.code.as_str(), refusal.stopped), (code, stopped));
        assert_eq!(log.decided, [Err(refusal)]);
        assert_eq!(twin.ledger(), []);
    }
}

#[test]
fn a_terminal_that_charges_and_cannot_say_so_leaves_the_payment_in_doubt() {
    for button in [TerminalButton::NotVerified, TerminalButton::DieAfterCharging] {
        let (twin, address) = twin();
        twin.press(button);
        let charge = order(PaymentKind::Charge, 1234);
        let mut terminal = CaisseApTerminal::new(address, options());
        let mut log = Log::default();
        words(&terminal.run(&charge, &mut log));
        assert_eq!((log.decided.len(), twin.ledger().len()), (0, 1));
        let resolved = terminal.resolve(&charge, &mut log);
        assert!(matches!(resolved, Resolution::InDoubt(doubt) if !doubt.may_ask_again));
    }
}

#[test]
fn silence_is_a_doubt_and_a_slow_card_is_waited_for() {
    let (twin, address) = twin();
    twin.press(TerminalButton::Slow);
    assert!(matches!(pay(&address).0, PaymentEnd::Approved(_)));
    twin.press(TerminalButton::TimeOut);
    let mut impatient = options();
    impatient.timers.answer = 200 * MS;
    let mut terminal = CaisseApTerminal::new(address, impatient);
    let end = terminal.run(&order(PaymentKind::Charge, 1234), &mut Log::default());
    assert!(words(&end).contains("does not answer"), "{end:?}");
}

#[test]
fn money_is_given_back_and_nothing_is_undone_from_here() {
    let (twin, address) = twin();
    twin.always(Some(TerminalButton::Approve));
    let mut terminal = CaisseApTerminal::new(address, options());
    let end = terminal.run(&order(PaymentKind::Refund, 5), &mut Log::default());
    assert!(matches!(end, PaymentEnd::Approved(_)), "{end:?}");
    let undo = order(PaymentKind::Reversal { receipt: 1 }, 500);
    let end = terminal.run(&undo, &mut Log::default());
    assert!(matches!(&end, PaymentEnd::Declined(no) if no.words.contains("itself")), "{end:?}");
    let end = terminal.run(&order(PaymentKind::Charge, 100_000_000), &mut Log::default());
    assert!(matches!(&end, PaymentEnd::Declined(no) if no.words.contains("Split")), "{end:?}");
    let ledger = twin.ledger();
    assert_eq!((ledger.len(), &ledger[0].kind, ledger[0].amount), (1, &PaymentKind::Refund, 5));
}

#[test]
fn a_terminal_that_is_not_there_may_be_tried_again() {
    let any: SocketAddr = (Ipv4Addr::LOCALHOST, 0).into();
    let address = Door::tcp(any).unwrap().address().clone();
    let (end, log) = pay(&address);
    let PaymentEnd::NotSent(fault) = end else { panic!("{end:?}") };
    assert_eq!(fault.kind(), DeviceErrorKind::ConnectionRefused);
    assert!(fault.may_repeat() && log.decided.is_empty());
}

#[test]
fn a_customer_who_pays_after_the_line_broke_is_in_the_terminals_books_only() {
    let (twin, address) = twin();
    let mut impatient = options();
    impatient.timers.answer = 100 * MS;
    let mut terminal = CaisseApTerminal::new(address.clone(), impatient);
    words(&terminal.run(&order(PaymentKind::Charge, 1234), &mut Log::default()));
    // Meanwhile it takes no other order.
    let (end, _) = pay(&address);
    assert!(matches!(end, PaymentEnd::Declined(_)), "{end:?}");
    twin.press(TerminalButton::Approve);
    wait_for("the card", || twin.ledger().len() == 1);
    assert_eq!(twin.shows(), "APPROVED", "for whoever goes and looks");
}

/// Pays at a terminal that answers `fields`, whatever it was asked; in `pieces` pieces.
fn scripted(fields: &[(&str, &str)], pieces: usize, hang_up: bool) -> (PaymentEnd, Log) {
    let door = Door::twin(&format!("scripted-caisse-{}", unique())).unwrap();
    let address = door.address().clone();
    let field = |(tag, value): &(&str, &str)| format!("{tag}{:03}{value}", value.len());
    let answer: String = fields.iter().map(field).collect();
    let terminal = std::thread::spawn(move || {
        let mut line = door.accept(card::LONG).unwrap();
        let mut asked = [0; 512];
        let ReadOutcome::Data(count) = line.read(&mut asked, card::LONG) else { panic!() };
        for piece in answer.as_bytes().chunks(answer.len().div_ceil(pieces)) {
            line.write_all(piece, card::LONG).unwrap();
        }
        if !hang_up {
            // Until the register has hung up.
            let mut scrap = [0];
            while line.read(&mut scrap, card::LONG) != ReadOutcome::Closed {}
        }
        String::from_utf8(asked[..count].to_vec()).unwrap()
    });
    let mut log = Log::default();
    let mut driver = CaisseApTerminal::new(address, options());
    let end = driver.run(&order(PaymentKind::Charge, 1234), &mut log);
    let asked = terminal.join().unwrap();
    assert!(asked.starts_with("CZ0040320BA0010CA00201CB0041234CD0010CE003978CF010T"), "{asked}");
    assert!(asked.ends_with("CJ012012345678901"), "{asked}");
    (end, log)
}

const ECHO: [(&str, &str); 5] =
    [("CZ", "0320"), ("CA", "01"), ("CB", "1234"), ("CD", "0"), ("CE", "978")];

fn with<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = ECHO.iter().filter(|(tag, _)| more.iter().all(|(other, _)| other != tag));
    kept.chain(more).filter(|(_, value)| !value.is_empty()).copied().collect()
}

#[test]
fn an_answer_in_any_number_of_pieces_is_one_answer() {
    let answer = with(&[("CB", "000000001234"), ("AE", "10"), ("AC", "A00395")]);
    for pieces in [1, 2, 3, 7, 60] {
        for hang_up in [false, true] {
            let (end, _) = scripted(&answer, pieces, hang_up);
            let PaymentEnd::Approved(facts) = end else { panic!("{pieces} {hang_up}: {end:?}") };
            assert_eq!(facts.authorisation, "A00395");
        }
    }
}

#[test]
fn an_answer_counts_only_if_all_of_it_is_the_orders() {
    for (more, why) in [
        (vec![("AE", "10"), ("CA", "02")], "for which payment"),
        (vec![("AE", "10"), ("CE", "840")], "for which payment"),
        (vec![("AE", "10"), ("CD", "1")], "for which payment"),
        (vec![("AE", "10"), ("CE", "")], "for which payment"),
        (vec![("AE", "10"), ("CB", "1235")], "another amount"),
        (vec![("AE", "10"), ("CB", "")], "another amount"),
        (vec![("AE", "10"), ("AF", "04")], "both that it was done"),
        (vec![("AE", "01"), ("AF", "01")], "both that it was not done"),
        (vec![("AE", "01")], "broke off"),
        (vec![("AE", "11")], "does not tell its end"),
        (vec![("AE", "77")], "nobody knows"),
        (vec![("AE", "10"), ("CF", "T012345678")], "another payment"),
        (vec![("AE", "10"), ("cf", "x")], "garbled"),
    ] {
        let (end, log) = scripted(&with(&more), 1, false);
        assert!(words(&end).contains(why), "{more:?}: {end:?}");
        assert_eq!(log.decided, []);
    }
    // A private field of the terminal's own says nothing, on the order's own connection.
    let (end, _) = scripted(&with(&[("AE", "10"), ("CF", "1010000000")]), 1, false);
    assert!(matches!(end, PaymentEnd::Approved(_)), "{end:?}");
}

#[test]
fn of_a_card_only_four_digits_leave_the_driver() {
    const PAN: &str = "4976701234567890";
    let card = [("AA", PAN), ("AB", "2712"), ("AC", PAN), ("AI", PAN), ("CC", PAN), ("ZT", PAN)];
    for status in [("AE", "10"), ("AE", "11")] {
        let mut more = card.to_vec();
        more.push(status);
        let (end, log) = scripted(&with(&more), 1, false);
        let shown = format!("{end:?} {:?} {:?}", log.said, log.decided);
        assert!(shown.contains("7890") && !shown.contains(PAN), "{shown}");
    }
}

#[test]
fn an_order_that_the_terminal_cannot_read_is_refused_and_not_charged() {
    let (twin, address) = twin();
    twin.always(Some(TerminalButton::Approve));
    for (asked, reason) in [
        ("CZ0040320CA00201CB0041234CD0010CE003978", "AF00209"),
        ("CZ0040320CJ012012345678901CA00201CB0040000CD0010CE003978", "AF00209"),
        ("CZ0040320CJ012012345678901CA00201CB0041234CD0012CE003978", "AF00212"),
    ] {
        let mut line = open(&address, card::LONG).unwrap();
        line.write_all(asked.as_bytes(), card::LONG).unwrap();
        let mut heard = [0; 512];
        let ReadOutcome::Data(count) = line.read(&mut heard, card::LONG) else { panic!() };
        let answer = String::from_utf8_lossy(&heard[..count]).into_owned();
        assert!(answer.contains("AE00201") && answer.contains(reason), "{answer}");
    }
    assert_eq!(twin.ledger(), []);
}
