//! Concert E+ against pyTeliumManager, a register that other people wrote, over a pseudo-terminal:
//! that register at our twin of a terminal, and a terminal made of its messages at our driver.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod card;

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use card::{LONG, Log, order, wait_for};
use countertop_devices::{
    ConcertHabits, ConcertOptions, ConcertTerminal, ConcertTwin, Door, PaymentEnd, PaymentKind,
    PaymentTerminal, TerminalButton, open,
};
use serde_json::Value;

/// A Python that has pyTeliumManager; none, with a word on the terminal, if none is named.
fn python() -> Option<PathBuf> {
    let python = std::env::var_os("COUNTERTOP_PEERS").map(PathBuf::from);
    if python.is_none() {
        let ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
        assert!(!ci, "set COUNTERTOP_PEERS: `cargo xtask test` does");
        eprintln!(
            "left out: set COUNTERTOP_PEERS to a Python with pyTeliumManager 2.4.2 to run it"
        );
    }
    python
}

fn script(python: &Path, text: &str, arguments: &[&str]) -> Child {
    let mut command = Command::new(python);
    command.args(["-c", text]).args(arguments).stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// What the script printed last.
fn outcome(script: Child) -> Value {
    let output = script.wait_with_output().unwrap();
    let (out, err) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}{err}");
    serde_json::from_str(out.lines().last().unwrap_or_default()).unwrap()
}

const REGISTER: &str = r"
import json, sys
from telium import Telium, TeliumAsk
path, kind, long = sys.argv[1:4]
terminal = Telium(path, timeout=5)
assert terminal.is_ok(), 'the terminal does not listen'
ask = TeliumAsk.new_payment(12.34, payment_mode=kind, target_currency='EUR',
    checkout_unique_id='7', collect_payment_source_info=long == 'long')
assert terminal.ask(ask), 'the order was not understood'
answer = terminal.verify(ask, waiting_timeout=20)
print(json.dumps({'succeeded': answer.has_succeeded, 'result': answer.transaction_result,
    'amount': answer.amount, 'pos': answer.pos_number, 'currency': answer.currency_numeric,
    'report': answer.repport}))
";

#[test]
fn another_makers_register_takes_a_card_at_our_twin() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ttyTERMINAL");
    let door = Door::serial(&path).unwrap();
    let address = door.address().clone();
    let twin = ConcertTwin::start(door, ConcertHabits::default()).unwrap();
    wait_for("the line", || open(&address, LONG).is_ok());
    let path = path.to_str().unwrap();
    let mut booked = 0;
    for (button, kind, long, result) in [
        (TerminalButton::Approve, "debit", "long", 0),
        (TerminalButton::Approve, "debit", "short", 0),
        (TerminalButton::Approve, "refund", "long", 0),
        (TerminalButton::Decline, "debit", "long", 7),
        (TerminalButton::NotVerified, "debit", "short", 9),
    ] {
        twin.press(button);
        let answer = outcome(script(&python, REGISTER, &[path, kind, long]));
        assert_eq!(answer["result"], result, "{button:?} {answer}");
        assert_eq!(answer["succeeded"], result == 0);
        assert_eq!((&answer["amount"], &answer["pos"]), (&12.34.into(), &"07".into()));
        assert_eq!(answer["currency"], "978");
        let report = answer["report"].as_str().unwrap().trim();
        assert_eq!(!report.is_empty(), long == "long" && result == 0, "{answer}");
        booked += usize::from(result != 7);
        let ledger = twin.ledger();
        assert_eq!(ledger.len(), booked);
        if result != 7 {
            let is_refund = ledger[booked - 1].kind == PaymentKind::Refund;
            assert_eq!((ledger[booked - 1].amount, is_refund), (1234, kind == "refund"));
        }
    }
}

const TERMINAL: &str = r"
import json, sys
from telium import Telium, TeliumAsk
from telium.payment import TeliumResponse
path, result, report = sys.argv[1:4]
line = Telium(path, timeout=10)
print('plugged in', flush=True)
assert line._wait_signal('ENQ')
line._send_signal('ACK')
raw = line._device.read(37)
ask = TeliumAsk.decode(raw)
line._send_signal('ACK')
assert line._wait_signal('EOT')
answer = TeliumResponse(ask.pos_number, result, ask.amount, ask.payment_mode, report.ljust(55),
    ask.currency_numeric, raw[17:27].decode('ascii'))
line._send_signal('ENQ')
assert line._wait_signal('ACK')
line._send(answer.encode())
assert line._wait_signal('ACK')
line._send_signal('EOT')
print(json.dumps({'amount': ask.amount, 'pos': ask.pos_number, 'currency': ask.currency_numeric,
    'kind': ask.transaction_type, 'delay': ask.delay, 'authorization': ask.authorization,
    'flag': ask.answer_flag, 'same': ask.encode()[:17].encode() == raw[:17]}))
";

#[test]
fn another_makers_messages_are_understood_by_our_driver() {
    let Some(python) = python() else { return };
    for (result, kind, kind_sent) in [
        ("0", PaymentKind::Charge, "0"),
        ("7", PaymentKind::Charge, "0"),
        ("9", PaymentKind::Charge, "0"),
        ("0", PaymentKind::Refund, "2"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ttyREGISTER");
        let door = Door::serial(&path).unwrap();
        let address = door.address().clone();
        // The register has this end of the line, their terminal opens the other one.
        let mut line = door.accept(LONG);
        let path = path.to_str().unwrap();
        let mut terminal =
            script(&python, TERMINAL, &[path, result, "4976701234567890 2712 A0000000421010"]);
        let mut first = String::new();
        // Not through a buffer: the rest is for later.
        let said = terminal.stdout.as_mut().unwrap();
        while !first.ends_with('\n') {
            let mut byte = [0];
            said.read_exact(&mut byte).unwrap();
            first.push(byte[0].into());
        }
        assert_eq!(first, "plugged in\n");
        let options = ConcertOptions { pos: 7, ..ConcertOptions::default() };
        let mut driver = ConcertTerminal::over(address, options, move || Ok(line.take().unwrap()));
        let mut log = Log::default();
        let end = driver.run(&order(kind.clone(), 1234), &mut log);
        let asked = outcome(terminal);
        assert_eq!((&asked["amount"], &asked["pos"]), (&12.34.into(), &"07".into()));
        assert_eq!((&asked["kind"], &asked["currency"]), (&kind_sent.into(), &"978".into()));
        assert_eq!((&asked["delay"], &asked["authorization"]), (&"A010".into(), &"B010".into()));
        assert_eq!(asked["same"], true, "{asked}");
        match (result, &end) {
            ("0", PaymentEnd::Approved(facts)) => assert_eq!(facts.last_four, "7890"),
            ("7", PaymentEnd::Declined(refusal)) => assert_eq!(refusal.code, "7"),
            ("9", PaymentEnd::InDoubt(doubt)) => assert!(!doubt.may_ask_again),
            _ => panic!("{result}: {end:?}"),
        }
        assert!(!format!("{end:?} {:?}", log.decided).contains("4976701234567890"));
    }
}
