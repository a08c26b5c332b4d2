//! Every command, on a serial port, on the network and inside the program.

use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use countertop_devices::{
    Address, ChargedKind, ChargedState, Door, PaymentEnd, PaymentKind, PaymentTerminal, Resolution,
    TerminalError, ZvtButton, ZvtFraming, ZvtOptions, ZvtTerminal, ZvtTimers, ZvtTwin,
    ZvtTwinSettings,
};
use countertop_domain::card::CardFacts;

use crate::books::{AT, Books, State, order};

/// Short enough not to wait for, and long enough for a machine that is busy with other tests.
fn timers() -> ZvtTimers {
    ZvtTimers {
        t1: Duration::from_millis(60),
        t3: Duration::from_secs(3),
        glance: Duration::from_millis(10),
        poll: Duration::from_millis(20),
        reopen: Duration::from_millis(20),
        ..ZvtTimers::default()
    }
}

fn settings(framing: ZvtFraming) -> ZvtTwinSettings {
    ZvtTwinSettings {
        framing,
        by_itself: Some(ZvtButton::Approve),
        thinking: Duration::from_millis(5),
        clock: AT,
        ..ZvtTwinSettings::default()
    }
}

fn options(pairs: &[(&str, &str)]) -> ZvtOptions {
    let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    ZvtOptions::read(&pairs.collect()).unwrap().timed(timers())
}

/// A terminal on each kind of wire.
fn on_each_wire(print: &str, mut walk: impl FnMut(&mut ZvtTerminal, &ZvtTwin)) {
    let folder = tempfile::tempdir().unwrap();
    let name = format!("zvt-{}", folder.path().file_name().unwrap().to_string_lossy());
    let doors = [
        (Door::twin(&name.replace('.', "")).unwrap(), ZvtFraming::Serial),
        (Door::tcp((Ipv4Addr::LOCALHOST, 0).into()).unwrap(), ZvtFraming::Net),
        #[cfg(unix)]
        (Door::serial(&folder.path().join("terminal")).unwrap(), ZvtFraming::Serial),
    ];
    for (door, framing) in doors {
        let address = door.address().clone();
        let twin = ZvtTwin::at(door, settings(framing)).unwrap();
        walk(&mut ZvtTerminal::new(there(address), options(&[("print", print)])), &twin);
    }
}

/// The address, once somebody is there.
fn there(address: Address) -> Address {
    let until = Instant::now() + LONG;
    while matches!(address, Address::Serial(_)) && countertop_devices::open(&address, LONG).is_err()
    {
        assert!(Instant::now() < until, "{address} never came");
    }
    address
}

const LONG: Duration = Duration::from_secs(10);

fn approved(end: PaymentEnd) -> CardFacts {
    match end {
        PaymentEnd::Approved(facts) => facts,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_card_pays_is_refused_is_given_money_and_is_paid_back_on_every_wire() {
    on_each_wire("terminal", |terminal, twin| {
        let books = Books::default();
        let known = terminal.last_payment().unwrap().unwrap();
        assert_eq!((known.receipt, known.trace), (Some(41), Some(141)));
        books.with(|disk| disk.last_known = Some(known.mark()));

        let charge = books.intend(PaymentKind::Charge, 1610, AT);
        let facts = approved(books.run(terminal, &charge, &mut books.watch()));
        assert_eq!((facts.receipt, facts.trace), (Some(42), Some(142)));
        assert_eq!(facts.brand, "girocard");
        assert_eq!(facts.last_four, "4711");
        assert_eq!(facts.authorisation, "000142");
        assert_eq!(facts.terminal, "28004869");
        assert_eq!(facts.application, "A000000359101002");
        assert!(facts.at.starts_with("2026-11-23 14:0"), "{}", facts.at);
        let said = books.with(|disk| disk.said.join(", "));
        assert!(said.contains("Sending, Accepted"), "{said}");
        assert!(said.contains("hold the card") && said.contains("Asking the bank"), "{said}");

        twin.press(ZvtButton::Decline);
        let refused = books.intend(PaymentKind::Charge, 500, AT);
        books.run(terminal, &refused, &mut books.watch());
        let State::Declined(no) = books.state() else { panic!("{:?}", books.state()) };
        assert_eq!((no.code.as_str(), no.stopped), ("05", false));

        let refund = books.intend(PaymentKind::Refund, 300, AT);
        approved(books.run(terminal, &refund, &mut books.watch()));
        let reversal = books.intend(PaymentKind::Reversal { receipt: 42 }, 1610, AT);
        approved(books.run(terminal, &reversal, &mut books.watch()));
        let again = books.intend(PaymentKind::Reversal { receipt: 42 }, 1610, AT);
        books.run(terminal, &again, &mut books.watch());
        let State::Declined(no) = books.state() else { panic!("{:?}", books.state()) };
        assert_eq!(no.code, "B4");

        let ledger: Vec<_> =
            twin.ledger()[1..].iter().map(|c| (c.kind, c.amount, c.state, c.reversed)).collect();
        assert_eq!(
            ledger,
            [
                (ChargedKind::Charge, 1610, ChargedState::Booked, true),
                (ChargedKind::Refund, 300, ChargedState::Booked, false),
                (ChargedKind::Reversal, 1610, ChargedState::Booked, false),
            ]
        );
    });
}

#[test]
fn the_other_commands_do_what_they_say_on_every_wire() {
    on_each_wire("lines", |terminal, _| {
        let books = Books::default();
        let status = terminal.status().unwrap();
        assert_eq!((status.ready, status.terminal.as_str()), (true, "28004869"));
        terminal.diagnose(&mut books.watch()).unwrap();
        let charge = books.intend(PaymentKind::Charge, 1990, AT);
        approved(books.run(terminal, &charge, &mut books.watch()));
        assert_eq!(books.with(|disk| disk.slips.len()), 2);
        terminal.repeat_receipt(&mut books.watch()).unwrap();
        let slips = books.with(|disk| disk.slips.clone());
        assert_eq!(slips.len(), 4);
        assert!(!slips[0].for_customer && slips[1].for_customer);
        assert!(slips[0].lines.contains(&"  Händlerbeleg & Kundenbeleg".to_owned()), "{slips:?}");
        assert!(slips[1].lines.contains(&"KUNDE".to_owned()));
        let day = terminal.end_of_day(&mut books.watch()).unwrap();
        assert_eq!(day.total.map(|total| total.to_string()).as_deref(), Some("36.00 EUR"));
        terminal.log_off().unwrap();
        assert!(terminal.status().unwrap().ready, "it signs on again by itself");
    });
}

#[test]
fn slips_come_in_blocks_where_that_is_wished() {
    on_each_wire("blocks", |terminal, _| {
        let books = Books::default();
        let charge = books.intend(PaymentKind::Charge, 1990, AT);
        approved(books.run(terminal, &charge, &mut books.watch()));
        let slips = books.with(|disk| disk.slips.clone());
        assert_eq!(slips.len(), 2);
        assert!(!slips[0].for_customer && slips[1].for_customer, "{slips:?}");
    });
}

#[test]
fn a_payment_that_is_asked_about_is_found_or_is_known_not_to_be_booked() {
    on_each_wire("terminal", |terminal, _| {
        let books = Books::default();
        let known = terminal.last_payment().unwrap().unwrap();
        let never_sent = order(PaymentKind::Charge, 1610, Some(known.mark()));
        let resolved = terminal.resolve(&never_sent, &mut books.watch());
        assert!(matches!(resolved, Resolution::NotCharged(_)), "{resolved:?}");
        let charge = order(PaymentKind::Charge, 1610, Some(known.mark()));
        let facts = approved(terminal.run(&charge, &mut books.watch()));
        let resolved = terminal.resolve(&charge, &mut books.watch());
        assert_eq!(resolved, Resolution::Approved(facts.clone()));
        let refund = order(PaymentKind::Refund, 100, Some(facts.mark()));
        let back = approved(terminal.run(&refund, &mut books.watch()));
        assert_eq!(terminal.resolve(&refund, &mut books.watch()), Resolution::Approved(back));
    });
}

#[test]
fn nobody_at_home_means_that_nothing_was_sent() {
    let address: Address = "twin:zvt-nobody".parse().unwrap();
    let mut terminal = ZvtTerminal::new(address, options(&[]));
    let charge = order(PaymentKind::Charge, 1610, None);
    let end = terminal.run(&charge, &mut Books::default().watch());
    let PaymentEnd::NotSent(fault) = end else { panic!("{end:?}") };
    assert!(fault.to_string().starts_with("The card terminal at zvt-nobody is not"), "{fault}");
    assert!(matches!(terminal.status(), Err(TerminalError::Device(_))));
}

#[test]
fn settings_are_read_and_what_is_wrong_with_one_is_said() {
    let read = |name: &str, value: &str| {
        ZvtOptions::read(&[(name.to_owned(), value.to_owned())].into()).err().unwrap_or_default()
    };
    for (name, value) in [
        ("password", "123456"),
        ("currency", "chf"),
        ("print", "blocks"),
        ("width", "48"),
        ("lock", "yes"),
        ("mirror", "no"),
        ("keep-open", "yes"),
        ("framing", "net"),
        ("skew", "0"),
    ] {
        assert_eq!(read(name, value), "", "{name}={value}");
        let wrong = read(name, "12345x");
        assert!(wrong.contains(name), "{name}: {wrong}");
    }
    assert!(read("baud", "9600").contains("it has password"));
    let shown = format!("{:?}", options(&[("password", "987654")]));
    assert!(!shown.contains("98"), "{shown}");
}
