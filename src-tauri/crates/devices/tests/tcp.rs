//! A printer on the network, played by a listener.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod job;

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use countertop_devices::{Address, DeviceErrorKind, Phase, ReadOutcome, Settled, open};
use job::PrinterAt;

const LONG: Duration = Duration::from_secs(30);
const SHORT: Duration = Duration::from_millis(100);

/// A printer that does `work` with its one connection.
fn printer<T: Send + 'static>(
    work: impl FnOnce(TcpStream) -> T + Send + 'static,
) -> (Address, JoinHandle<T>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("tcp:{}", listener.local_addr().unwrap()).parse().unwrap();
    (address, thread::spawn(move || work(listener.accept().unwrap().0)))
}

fn everything(mut stream: TcpStream) -> Vec<u8> {
    let mut taken = Vec::new();
    stream.read_to_end(&mut taken).unwrap();
    taken
}

#[test]
fn every_byte_reaches_the_printer_unchanged() {
    let (address, taken) = printer(everything);
    let job: Vec<u8> = (0..=255).cycle().take(20_000).collect();
    let sent = PrinterAt::new(address).print(&job).unwrap();
    assert_eq!((sent.bytes, sent.settled), (20_000, Settled::Yes));
    assert_eq!(taken.join().unwrap(), job);
}

#[test]
fn a_slow_printer_gets_everything() {
    let (address, taken) = printer(|mut stream| {
        let (mut taken, mut some) = (Vec::new(), [0; 65_536]);
        loop {
            let count = stream.read(&mut some).unwrap();
            if count == 0 {
                return taken;
            }
            taken.extend_from_slice(&some[..count]);
            thread::sleep(Duration::from_millis(1));
        }
    });
    // More than both ends of the connection hold.
    let job: Vec<u8> = (0..=255).cycle().take(16_000_000).collect();
    let sent = PrinterAt::new(address).print(&job).unwrap();
    assert_eq!(sent.settled, Settled::Yes);
    assert!(taken.join().unwrap() == job);
}

#[test]
fn a_printer_that_talks_back_loses_nothing_at_the_end() {
    let (address, taken) = printer(|mut stream| {
        // Its status, unasked for and unread: closing on it would reset the connection.
        stream.write_all(&[0x14, 0, 0, 0x0F]).unwrap();
        everything(stream)
    });
    let mut link = open(&address, LONG).unwrap();
    // The status is there before the job is.
    let mut first = [0; 1];
    assert_eq!(link.read(&mut first, LONG), ReadOutcome::Data(1));
    let job = vec![b'x'; 100_000];
    link.write_all(&job, LONG).unwrap();
    assert_eq!(link.finish(LONG).unwrap(), Settled::Yes);
    assert!(taken.join().unwrap() == job);
}

#[test]
fn a_printer_that_never_hangs_up_holds_nobody_up() {
    let (address, connection) = printer(|stream| stream);
    let mut link = open(&address, LONG).unwrap();
    link.write_all(b"receipt", LONG).unwrap();
    assert_eq!(link.finish(SHORT).unwrap(), Settled::Unconfirmed);
    assert_eq!(everything(connection.join().unwrap()), b"receipt");
}

#[test]
fn a_printer_that_takes_nothing_is_a_question_for_a_person() {
    let (address, connection) = printer(|stream| stream);
    let mut link = open(&address, LONG).unwrap();
    let fault = link.write_all(&vec![b'x'; 32_000_000], SHORT).unwrap_err();
    assert_eq!((fault.kind(), fault.phase()), (DeviceErrorKind::Timeout, Phase::AfterSend));
    drop(connection.join().unwrap());
}

#[test]
fn a_refused_connection_says_which_port_to_check() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut printer = PrinterAt::new(format!("tcp:{free}").parse().unwrap());
    let fault = printer.print(b"receipt").unwrap_err();
    assert_eq!(
        (fault.kind(), fault.phase()),
        (DeviceErrorKind::ConnectionRefused, Phase::BeforeSend)
    );
    let words = fault.to_string();
    assert!(words.starts_with(&format!("The printer at {free} is on the network")), "{words}");
    assert!(words.contains("most printers use 9100"), "{words}");
}

#[test]
fn a_printer_that_hangs_up_in_the_middle_is_a_question_for_a_person() {
    let (address, taken) = printer(|mut stream| stream.read_exact(&mut [0; 10]).is_ok());
    let fault = PrinterAt::new(address).print(&vec![b'x'; 32_000_000]).unwrap_err();
    assert_eq!((fault.kind(), fault.phase()), (DeviceErrorKind::Disconnected, Phase::AfterSend));
    assert!(fault.to_string().contains("hung up too early"), "{fault}");
    assert!(taken.join().unwrap());
}

#[test]
fn a_printer_that_hangs_up_on_a_short_receipt_is_noticed_too() {
    // All of it fits into the connection, so that only the end can tell.
    let (address, hung_up) = printer(drop);
    let mut link = open(&address, LONG).unwrap();
    hung_up.join().unwrap();
    let fault = match link.write_all(b"receipt", LONG) {
        Ok(()) => link.finish(LONG).unwrap_err(),
        Err(fault) => fault,
    };
    assert_eq!((fault.kind(), fault.phase()), (DeviceErrorKind::Disconnected, Phase::AfterSend));
}

#[test]
fn a_hang_up_before_the_end_counts_even_if_nothing_complains() {
    // Far away, the network's complaint about the lost bytes comes too late to be seen.
    let (address, hung_up) = printer(|stream| {
        stream.shutdown(Shutdown::Write).unwrap();
        stream
    });
    let mut link = open(&address, LONG).unwrap();
    let _stream = hung_up.join().unwrap();
    link.write_all(b"receipt", LONG).unwrap();
    let fault = link.finish(LONG).unwrap_err();
    assert_eq!((fault.kind(), fault.phase()), (DeviceErrorKind::Disconnected, Phase::AfterSend));
}

#[test]
fn what_the_printer_says_is_heard() {
    let (address, said) = printer(|mut stream| {
        stream.write_all(&[0x16]).unwrap();
        stream
    });
    let mut link = open(&address, LONG).unwrap();
    let mut buffer = [0; 8];
    assert_eq!(link.read(&mut buffer, LONG), ReadOutcome::Data(1));
    assert_eq!(buffer[0], 0x16);
    assert_eq!(link.read(&mut buffer, SHORT), ReadOutcome::Timeout);
    drop(said.join().unwrap());
    assert_eq!(link.read(&mut buffer, LONG), ReadOutcome::Closed);
}
