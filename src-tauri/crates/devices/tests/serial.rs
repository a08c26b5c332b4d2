//! A printer on a serial port, played by the other end of a pseudo-terminal.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod job;

use std::io::{ErrorKind, Read, Write};
use std::thread;
use std::time::Duration;

use countertop_devices::{Address, DeviceErrorKind, Phase, ReadOutcome, Settled, open};
use job::{Patience, PrinterAt};
use serialport::{FlowControl, SerialPort, StopBits, TTYPort};

const LONG: Duration = Duration::from_secs(30);
const SHORT: Duration = Duration::from_millis(100);

/// The machine, the register's end (held open, so that the line stays up between two jobs), and the
/// address of that end.
fn line(settings: &str) -> (TTYPort, TTYPort, Address) {
    let (machine, ours) = TTYPort::pair().unwrap();
    let address = format!("serial:{}{settings}", ours.name().unwrap()).parse().unwrap();
    (machine, ours, address)
}

/// Takes `count` bytes from the line.
fn take(machine: &mut TTYPort, count: usize) -> Vec<u8> {
    let mut taken = vec![0; count];
    let mut filled = 0;
    while filled < count {
        match machine.read(&mut taken[filled..]) {
            Ok(more) => filled += more,
            Err(error) if error.kind() == ErrorKind::TimedOut => {}
            Err(error) => panic!("after {filled} bytes: {error}"),
        }
    }
    taken
}

#[test]
fn every_byte_reaches_the_printer_unchanged() {
    let (mut machine, _ours, address) = line("?baud=115200");
    // 00, XON, XOFF, FF, line ends and control characters among them, and more than any buffer.
    let job: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    let expected = job.clone();
    let printer = thread::spawn(move || (take(&mut machine, expected.len()) == expected, machine));
    let sent = PrinterAt::new(address).print(&job).unwrap();
    assert_eq!((sent.bytes, sent.settled), (100_000, Settled::Yes));
    assert!(printer.join().unwrap().0);
}

#[test]
fn one_job_after_the_other_comes_out_in_order() {
    let (mut machine, _ours, address) = line("");
    let mut printer = PrinterAt::new(address);
    printer.print(b"first ").unwrap();
    printer.print(b"second").unwrap();
    assert_eq!(take(&mut machine, 12), b"first second");
}

#[test]
fn the_port_is_set_as_the_address_says() {
    let (_machine, ours, address) = line("?baud=19200&stop=2&flow=software");
    let _link = open(&address, LONG).unwrap();
    // A pseudo-terminal keeps these; it is always 8 bits without parity.
    assert_eq!(ours.baud_rate().unwrap(), 19200);
    assert_eq!(ours.stop_bits().unwrap(), StopBits::Two);
    assert_eq!(ours.flow_control().unwrap(), FlowControl::Software);
}

#[test]
fn a_printer_that_is_not_plugged_in_is_not_there_and_nothing_was_sent() {
    let mut printer = PrinterAt::new("serial:/dev/ttyNOSUCH".parse().unwrap());
    let fault = printer.print(b"receipt").unwrap_err();
    assert_eq!((fault.kind(), fault.phase()), (DeviceErrorKind::NotFound, Phase::BeforeSend));
    assert!(fault.may_repeat());
    let words = fault.to_string();
    assert!(words.starts_with("The printer at /dev/ttyNOSUCH is not there"), "{words}");
    assert!(words.contains("plug it in"), "{words}");
}

#[test]
fn a_port_belongs_to_one_job_at_a_time() {
    let (_machine, _ours, address) = line("");
    let first = open(&address, LONG).unwrap();
    let fault = PrinterAt::new(address.clone()).print(b"receipt").unwrap_err();
    assert_eq!((fault.kind(), fault.phase()), (DeviceErrorKind::Busy, Phase::BeforeSend));
    assert!(fault.to_string().contains("in use by another program"), "{fault}");
    drop(first);
    assert!(PrinterAt::new(address).print(b"receipt").is_ok());
}

#[test]
fn a_file_is_no_serial_port() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let address = format!("serial:{}", file.path().display()).parse().unwrap();
    let fault = PrinterAt::new(address).print(b"receipt").unwrap_err();
    assert_eq!((fault.kind(), fault.phase()), (DeviceErrorKind::WrongKind, Phase::BeforeSend));
    assert_eq!(std::fs::read(file.path()).unwrap(), b"");
}

#[test]
fn a_printer_unplugged_before_the_first_byte_may_be_tried_again() {
    let (machine, _ours, address) = line("");
    let mut link = open(&address, LONG).unwrap();
    drop(machine);
    let fault = link.write_all(b"receipt", LONG).unwrap_err();
    assert_eq!((fault.kind(), fault.phase()), (DeviceErrorKind::Disconnected, Phase::BeforeSend));
    assert!(fault.to_string().contains("went away"), "{fault}");
    // The link stays dead and keeps saying so.
    let fault = link.write_all(b"receipt", LONG).unwrap_err();
    assert_eq!((fault.kind(), fault.phase()), (DeviceErrorKind::Disconnected, Phase::BeforeSend));
}

#[test]
fn a_printer_unplugged_in_the_middle_is_a_question_for_a_person() {
    let (mut machine, _ours, address) = line("?baud=115200");
    let unplugged = thread::spawn(move || take(&mut machine, 5000).len());
    let fault = PrinterAt::new(address).print(&[b'x'; 1_000_000]).unwrap_err();
    assert_eq!((fault.kind(), fault.phase()), (DeviceErrorKind::Disconnected, Phase::AfterSend));
    assert!(!fault.may_repeat());
    assert!(fault.to_string().contains("look before sending it again"), "{fault}");
    assert_eq!(unplugged.join().unwrap(), 5000);
}

#[test]
fn a_printer_unplugged_before_the_line_was_empty_is_noticed_at_the_end() {
    let (machine, _ours, address) = line("");
    let mut link = open(&address, LONG).unwrap();
    link.write_all(b"receipt", LONG).unwrap();
    drop(machine);
    let fault = link.finish(LONG).unwrap_err();
    assert_eq!((fault.kind(), fault.phase()), (DeviceErrorKind::Disconnected, Phase::AfterSend));
}

#[test]
fn a_printer_that_takes_nothing_holds_nobody_up_and_starts_afresh() {
    let (mut machine, _ours, address) = line("?baud=4000000");
    let patience = Patience { open: LONG, write: SHORT, finish: SHORT };
    let mut printer = PrinterAt::new(address).patient(patience);
    // More than the line holds.
    let fault = printer.print(&[b'x'; 20_000]).unwrap_err();
    assert_eq!((fault.kind(), fault.phase()), (DeviceErrorKind::Timeout, Phase::AfterSend));
    assert!(fault.to_string().contains("check paper and cover"), "{fault}");

    // Paper is back. What had reached the machine (4095 bytes in a pseudo-terminal) is its own;
    // what the line still held is gone, and the next receipt follows.
    let taken = thread::spawn(move || {
        let mut taken = Vec::new();
        while !taken.ends_with(b"next") {
            taken.extend(take(&mut machine, 1));
        }
        (taken, machine)
    });
    while let Err(fault) = printer.print(b"next") {
        // The old job's port is being closed.
        assert_eq!((fault.kind(), fault.phase()), (DeviceErrorKind::Busy, Phase::BeforeSend));
    }
    let (taken, _machine) = taken.join().unwrap();
    assert!(taken.len() <= 4099, "{} bytes of the old job came out", taken.len() - 4);
}

#[test]
fn what_the_printer_says_is_heard() {
    let (mut machine, ours, address) = line("");
    let mut link = open(&address, LONG).unwrap();
    let mut buffer = [0; 8];
    assert_eq!(link.read(&mut buffer, SHORT), ReadOutcome::Timeout);
    machine.write_all(&[0x16, 0x11, 0x13]).unwrap();
    let mut heard = Vec::new();
    while heard.len() < 3 {
        match link.read(&mut buffer, LONG) {
            ReadOutcome::Data(count) => heard.extend_from_slice(&buffer[..count]),
            other => panic!("{other:?} after {heard:?}"),
        }
    }
    assert_eq!(heard, [0x16, 0x11, 0x13]);
    drop((machine, ours));
    assert_eq!(link.read(&mut buffer, LONG), ReadOutcome::Closed);
}
