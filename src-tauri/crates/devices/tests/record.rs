//! Recordings of a line: complete, bounded, without secrets, and played back.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod card;

use std::time::Duration;

use card::{LONG, Log, order, unique};
use countertop_devices::{
    Address, ConcertHabits, ConcertOptions, ConcertTerminal, ConcertTwin, Door, Link, Mask,
    PaymentEnd, PaymentKind, PaymentTerminal, ReadOutcome, Recording, Replay, TerminalButton, Way,
    mask_cards, mask_concert, mask_nothing, mask_zvt, open,
};

const PAN: &[u8] = b"4976701234567890";

/// A line, its machine's end, and its address.
fn line() -> (Box<dyn Link>, Box<dyn Link>, Address) {
    let door = Door::twin(&format!("recorded-{}", unique())).unwrap();
    let address = door.address().clone();
    let register = open(&address, LONG).unwrap();
    (register, door.accept(LONG).unwrap(), address)
}

fn hear(register: &mut dyn Link, machine: &mut dyn Link, bytes: &[u8]) {
    machine.write_all(bytes, LONG).unwrap();
    let (mut buffer, mut heard) = ([0; 64], 0);
    while heard < bytes.len() {
        match register.read(&mut buffer, LONG) {
            ReadOutcome::Data(count) => heard += count,
            other => panic!("{other:?}"),
        }
    }
}

/// A recording's text without its times.
fn lines(recording: &Recording) -> Vec<String> {
    let text = recording.text();
    let untimed = |line: &str| line.split_once(' ').unwrap().1.trim_end().to_owned();
    text.lines().skip(1).map(untimed).collect()
}

#[test]
fn what_goes_over_a_line_is_written_down_in_order_even_if_it_was_open_already() {
    let (mut register, mut machine, address) = line();
    register.write_all(b"before", LONG).unwrap();
    let recording = Recording::start(&address, mask_nothing);
    register.write_all(b"W\r", LONG).unwrap();
    hear(&mut *register, &mut *machine, b"\x0201.255\r");
    drop(machine);
    for _ in 0..3 {
        assert_eq!(register.read(&mut [0; 8], LONG), ReadOutcome::Closed);
    }
    assert_eq!(
        lines(&recording),
        [
            format!("> {:47} | W.", "57 0D"),
            format!("< {:47} | .01.255.", "02 30 31 2E 32 35 35 0D"),
            "= the other end hung up".to_owned(),
        ]
    );
    assert!(recording.text().starts_with(&format!("# {address}\n")));
    drop(recording);
    let again = Recording::start(&address, mask_nothing);
    assert_eq!(lines(&again), Vec::<String>::new(), "what nobody asked for is not kept");
}

#[test]
fn a_recording_holds_the_end_and_drops_the_beginning() {
    let (mut register, machine, address) = line();
    let reader = std::thread::spawn(move || {
        let mut machine = machine;
        while machine.read(&mut [0; 4096], LONG) != ReadOutcome::Closed {}
    });
    let recording = Recording::start(&address, mask_nothing);
    for part in 0..300 {
        register.write_all(format!("{part:01000}").as_bytes(), LONG).unwrap();
    }
    drop(register);
    reader.join().unwrap();
    let text = recording.text();
    let bytes = text.lines().filter(|line| line.contains(" > ")).count() * 16;
    assert!((180_000..=202_000).contains(&bytes), "{bytes}");
    assert!(text.contains("the beginning was dropped") && text.contains("00299"));
}

fn recorded(mask: Mask, way: Way, pieces: &[&[u8]]) -> String {
    let (mut register, mut machine, address) = line();
    let recording = Recording::start(&address, mask);
    for piece in pieces {
        match way {
            Way::Out => register.write_all(piece, LONG).unwrap(),
            Way::In => hear(&mut *register, &mut *machine, piece),
        }
    }
    recording.text()
}

#[test]
fn a_cards_number_is_hidden_however_it_comes() {
    // Whole, in two pieces at every place, and byte by byte.
    let mut ways: Vec<Vec<&[u8]>> = (1..PAN.len()).map(|at| vec![&PAN[..at], &PAN[at..]]).collect();
    ways.push(vec![PAN]);
    ways.push(PAN.chunks(1).collect());
    for pieces in &ways {
        let mut message = vec![b"\x020100".as_slice()];
        message.extend(pieces);
        message.push(b" 2712\x03");
        let text = recorded(mask_cards, Way::In, &message);
        let shown: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        for digits in PAN.windows(4) {
            let hex: String = digits.iter().map(|digit| format!("{digit:02X}")).collect();
            let digits = String::from_utf8_lossy(digits);
            assert!(!shown.contains(&hex) && !shown.contains(&*digits), "{pieces:?}: {text}");
        }
        assert!(text.contains("32 37 31 32 03"), "what is no secret is there: {text}");
    }
}

#[test]
fn a_concert_line_shows_the_amount_and_not_the_card() {
    let answer = b"\x020100000123414976701234567890 2712";
    let text = recorded(mask_concert, Way::In, &[answer.as_slice()]);
    assert!(text.contains(".010000012341") && text.contains("20 32 37"), "{text}");
    assert!(!text.contains("4976") && !text.contains("7890"), "{text}");
    let short = b"\x02010000012341978T123456789";
    assert!(!recorded(mask_concert, Way::In, &[short.as_slice()]).contains("**"));
}

#[test]
fn a_zvt_line_shows_neither_passwords_nor_cards() {
    for (way, bytes, hidden) in [
        // Registration with the password 123456, on the network and on a serial line.
        (Way::Out, b"\x06\x00\x06\x12\x34\x56\xBA\x09\x78".as_slice(), "12 34 56"),
        (Way::Out, b"\x10\x02\x06\x00\x06\x12\x34\x56\xBA\x09\x78\x10\x03\x24\xC3", "12 34 56"),
        (Way::Out, b"\x06\x50\x03\x12\x34\x56", "12 34 56"),
        // A card's number masked by the terminal, in full, as text on a slip, and a track.
        (
            Way::In,
            b"\x04\x0F\x0E\x27\x00\x22\xF1\xF0\x67\x19\xEE\xEE\xEE\xEE\xEE\xEE\x12\x34",
            "67 19",
        ),
        (Way::In, b"\x04\x0F\x0C\x22\xF0\xF8\x49\x76\x70\x12\x34\x56\x78\x90", "49 76"),
        (Way::In, b"\x04\x0F\x0A\x99\x49\x76\x70\x00\x00\x00\x00\x07", "49 76"),
        (Way::In, b"\x06\xD1\x11\x404976701234567890", "34 39"),
        (Way::In, b"\x04\x0F\x0D\x23\xF1\xF0\x49\x76\x70\xD2\x71\x2F\xFF\xFF\xFF\x00", "49 76"),
    ] {
        let text = recorded(mask_zvt, way, &[bytes]);
        assert!(text.contains("**") && !text.contains(hidden), "{text}");
    }
    // An amount of money is no card's number.
    let amount = b"\x06\x01\x0A\x04\x00\x00\x00\x00\x12\x34\x49\x09\x78";
    assert!(!recorded(mask_zvt, Way::Out, &[amount]).contains("**"));
    let told = b"\x04\x0F\x09\x27\x00\x04\x00\x00\x00\x00\x12\x34\x87\x00\x42";
    assert!(!recorded(mask_zvt, Way::In, &[told]).contains("**"));
}

#[test]
fn a_recorded_payment_is_played_back_without_the_terminal() {
    let door = Door::twin(&format!("played-back-{}", unique())).unwrap();
    let address = door.address().clone();
    let twin = ConcertTwin::start(door, ConcertHabits::default()).unwrap();
    twin.press(TerminalButton::Approve);
    let recording = Recording::start(&address, mask_concert);
    let charge = order(PaymentKind::Charge, 1234);
    let options = ConcertOptions::default();
    let live = ConcertTerminal::new(address.clone(), options).run(&charge, &mut Log::default());
    assert!(matches!(live, PaymentEnd::Approved(_)), "{live:?}");
    let text = recording.text();
    drop((twin, recording));

    let replay: Replay = text.parse().unwrap();
    let mut played = Some(Box::new(replay.clone()) as Box<dyn Link>);
    let mut driver =
        ConcertTerminal::over(address.clone(), options, move || Ok(played.take().unwrap()));
    assert_eq!(driver.run(&charge, &mut Log::default()), live);

    // Another payment is not what was recorded.
    let mut played = Some(Box::new(replay.clone()) as Box<dyn Link>);
    let mut driver = ConcertTerminal::over(address, options, move || Ok(played.take().unwrap()));
    let other = driver.run(&order(PaymentKind::Charge, 1234), &mut Log::default());
    assert!(matches!(other, PaymentEnd::InDoubt(_)), "{other:?}");

    let mut link = replay;
    assert_eq!(link.read(&mut [0; 8], Duration::ZERO), ReadOutcome::Timeout);
    assert!(!link.is_over());
    let wrong = "# twin:x\n0.000 > ZZ | .\n".parse::<Replay>().unwrap_err();
    assert!(wrong.line == 2 && wrong.to_string().contains("line 2"), "{wrong}");
}
