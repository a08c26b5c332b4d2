//! No card's number, stripe or PIN leaves the driver, in whatever field a terminal sends it; and
//! whatever bytes come, the decoders stand.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use countertop_devices::{
    Address, DeviceError, Link, PaymentEnd, PaymentKind, PaymentTerminal, ReadOutcome, Settled,
    SystemClock, ZvtFraming, ZvtOptions, ZvtTerminal, ZvtTimers, fuzz_frames,
};
use proptest::prelude::{ProptestConfig, any};
use proptest::proptest;

use crate::books::{Books, order};

const PAN: &str = "4111111111111111";
const STRIPE: &str = "4111111111111111=25121010000012345678";

/// A terminal that says what it is told to, message by message, each once the last one is answered.
struct Script {
    says: Arc<Mutex<VecDeque<Vec<u8>>>>,
    ready: Vec<u8>,
}

impl Link for Script {
    fn write_all(&mut self, bytes: &[u8], _deadline: Duration) -> Result<(), DeviceError> {
        // To a question it says nothing but the answer; after an answer, what comes next.
        let mut says = self.says.lock().unwrap();
        if bytes.first() != Some(&0x80) {
            self.ready.extend([0x80, 0x00, 0x00]);
        }
        self.ready.extend(says.pop_front().unwrap_or_default());
        Ok(())
    }

    fn read(&mut self, buffer: &mut [u8], _timeout: Duration) -> ReadOutcome {
        if self.ready.is_empty() {
            return ReadOutcome::Timeout;
        }
        let count = self.ready.len().min(buffer.len());
        buffer[..count].copy_from_slice(&self.ready[..count]);
        self.ready.drain(..count);
        ReadOutcome::Data(count)
    }

    fn finish(self: Box<Self>, _deadline: Duration) -> Result<Settled, DeviceError> {
        Ok(Settled::Yes)
    }
}

fn apdu(class: u8, instr: u8, data: &[u8]) -> Vec<u8> {
    let length = u8::try_from(data.len()).ok().filter(|length| *length < 0xFF);
    let mut bytes = vec![class, instr];
    match length {
        Some(length) => bytes.push(length),
        None => {
            let [low, high, ..] = data.len().to_le_bytes();
            bytes.extend([0xFF, low, high]);
        }
    }
    bytes.extend(data);
    bytes
}

/// A payment with such a status, and slips and progress with canaries in them.
fn pays(status: &[u8]) -> (PaymentEnd, Books) {
    let stripe = STRIPE.as_bytes();
    let line = [&[0x81], stripe].concat();
    let text = [&[0x07, u8::try_from(stripe.len()).unwrap()], stripe].concat();
    let block = [&[0x25, u8::try_from(text.len() + 3).unwrap()], text.as_slice(), &[9, 1, 0x81]];
    let block = block.concat();
    let shown = [&[0x24, u8::try_from(text.len()).unwrap()], text.as_slice()].concat();
    let container = |inside: &[u8]| [&[6, u8::try_from(inside.len()).unwrap()], inside].concat();
    let says = VecDeque::from([
        apdu(0x06, 0x0F, &[0x19, 0, 0x29, 0x28, 0, 0x48, 0x69]),
        Vec::new(),
        apdu(0x04, 0xFF, &[&[0xFF][..], &container(&shown)].concat()),
        apdu(0x06, 0xD1, &line),
        apdu(0x06, 0xD3, &container(&block)),
        apdu(0x04, 0x0F, status),
        apdu(0x06, 0x0F, &[]),
    ]);
    let says = Arc::new(Mutex::new(says));
    let address: Address = "twin:script".parse().unwrap();
    let opener = move || {
        let link: Box<dyn Link> = Box::new(Script { says: says.clone(), ready: Vec::new() });
        Ok(link)
    };
    let short = Duration::from_millis(5);
    let timers = ZvtTimers {
        t3: short,
        t4: short,
        ask: short,
        errand: short,
        reopen: short,
        poll: short,
        ..ZvtTimers::default()
    };
    let options = ZvtOptions::default().framed(ZvtFraming::Net).timed(timers);
    let clock = Arc::new(SystemClock::new());
    let mut terminal = ZvtTerminal::on(address, options, Box::new(opener), clock);
    let books = Books::default();
    let last = countertop_domain::card::TerminalMark {
        receipt: Some(7),
        ..countertop_domain::card::TerminalMark::default()
    };
    let end = terminal.run(&order(PaymentKind::Charge, 1610, Some(last)), &mut books.watch());
    let shown = format!("{end:?} {books:?}");
    for secret in [PAN, &PAN[4..], "25121010000012345678", "0000012345678"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
    (end, books)
}

/// A status that is all right.
fn good() -> Vec<u8> {
    let mut status = vec![0x27, 0, 0x04, 0, 0, 0, 0, 0x16, 0x10, 0x49, 0x09, 0x78];
    status.extend([0x0C, 0x14, 0, 0x30, 0x0D, 0x11, 0x23, 0x87, 0, 0x08, 0x0B, 0, 1, 8]);
    status
}

/// `text` with its length in two or three digits.
fn counted(field: u8, digits: usize, text: &[u8]) -> Vec<u8> {
    let length = format!("{:0digits$}", text.len());
    [vec![field], length.bytes().map(|digit| 0xF0 | (digit - b'0')).collect(), text.to_vec()]
        .concat()
}

#[test]
fn a_card_number_in_any_field_never_leaves_the_driver() {
    let bcd: Vec<u8> =
        PAN.as_bytes().chunks(2).map(|pair| (pair[0] - b'0') << 4 | (pair[1] - b'0')).collect();
    let mut tried = 0;
    let mut tags: Vec<Vec<u8>> = (1..0x20).filter(|t| t & 0x1F != 0x1F).map(|t| vec![t]).collect();
    tags.extend((0x40..0x5F).map(|tag| vec![tag]));
    tags.extend((0..0x7F).map(|tag| vec![0x1F, tag]));
    for value in [PAN.as_bytes(), STRIPE.as_bytes(), bcd.as_slice()] {
        let mut fields: Vec<Vec<u8>> = Vec::new();
        for field in [0x22, 0x23, 0x2D, 0x8B, 0xA7, 0xD1, 0xE1, 0xE8, 0xF1, 0xF8] {
            fields.push(counted(field, 2, value));
        }
        for field in [0x24, 0x2E, 0x3C, 0x60, 0x9A, 0xAF] {
            fields.push(counted(field, 3, value));
        }
        for tag in &tags {
            let one = [tag.as_slice(), &[u8::try_from(value.len()).unwrap()], value].concat();
            let inner = [&[0x60, u8::try_from(one.len()).unwrap()], one.as_slice()].concat();
            for inside in [one, inner] {
                fields
                    .push([&[6, u8::try_from(inside.len()).unwrap()], inside.as_slice()].concat());
            }
        }
        // As much of it as fits a field of fixed length.
        for (field, length) in [(0x2A, 15), (0x3B, 8)] {
            let fits: Vec<u8> = value.iter().copied().chain([b' '; 15]).take(length).collect();
            fields.push([&[field], fits.as_slice()].concat());
        }
        for field in fields {
            let mut status = good();
            status.extend(field);
            let (end, _) = pays(&status);
            assert!(matches!(end, PaymentEnd::Approved(_)), "{status:02X?}: {end:?}");
            let mut refused = status.clone();
            refused[1] = 0x6C;
            pays(&refused);
            tried += 2;
        }
    }
    println!("zvt canaries: {tried} payments, 0 card numbers outside the driver");
    let mut with_number = good();
    with_number.extend(counted(0x22, 2, &bcd));
    let (end, books) = pays(&with_number);
    let PaymentEnd::Approved(facts) = end else { panic!("{end:?}") };
    assert_eq!(facts.last_four, "1111");
    assert_eq!(
        books.with(|disk| disk.slips[0].lines.join("")),
        "************1111*********************"
    );
}

#[test]
fn a_status_that_is_not_what_was_ordered_is_never_paid() {
    type Change = fn(&mut Vec<u8>);
    let changes: [(&str, Change); 8] = [
        ("another amount", |s| s[8] = 0x11),
        ("no amount", |s| drop(s.drain(2..9))),
        ("another currency", |s| s[11] = 0x56),
        ("no result", |s| drop(s.drain(..2))),
        ("an unknown field", |s| s.extend([0x99, 1, 2])),
        ("a field that is cut off", |s| s.extend([0x04, 1])),
        ("an amount that is no number", |s| s[8] = 0x1A),
        ("the number of the one before", |s| {
            let place = s.iter().position(|byte| *byte == 0x87).unwrap();
            s[place + 2] = 0x07;
        }),
    ];
    for (what, change) in changes {
        let mut status = good();
        change(&mut status);
        let (end, books) = pays(&status);
        assert!(matches!(end, PaymentEnd::InDoubt(_)), "{what}: {end:?}");
        let decided = books.with(|disk| disk.decided.clone());
        assert_eq!(decided, None, "{what}");
    }
    let (end, _) = pays(&good());
    let PaymentEnd::Approved(facts) = end else { panic!("{end:?}") };
    assert_eq!(facts.at, "2026-11-23 14:00:30");
}

#[test]
fn no_bytes_at_all_break_the_decoders() {
    let runs = std::env::var("COUNTERTOP_FUZZ_RUNS").ok().and_then(|runs| runs.parse().ok());
    let runs: u32 = runs.unwrap_or(20_000);
    let usual = [
        0x10, 0x02, 0x03, 0x06, 0x15, 0x04, 0x0F, 0xFF, 0x27, 0x00, 0x80, 0x84, 0x82, 0x81, 0x1F,
        0x25, 0x07, 0x22, 0xF0, 0xF1, 0xF8, 0x3C, 0xD1, 0xD3, 0x49, 0x8B,
    ];
    let mut state = 1_u64;
    let mut next = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        usize::try_from(state >> 33).unwrap() % below
    };
    let mut understood = 0;
    for _ in 0..runs {
        let length = next(120);
        let bytes: Vec<u8> = (0..length)
            .map(|_| match next(4) {
                0 => u8::try_from(next(256)).unwrap(),
                _ => usual[next(usual.len())],
            })
            .collect();
        understood += fuzz_frames(&bytes);
    }
    println!("zvt fuzz: {runs} runs, {understood} messages understood, 0 panics");
    assert!(understood > 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None,
        ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..700)) {
        fuzz_frames(&bytes);
    }
}
