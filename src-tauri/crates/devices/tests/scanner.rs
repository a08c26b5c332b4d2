//! Scanners: their twin, and a serial line that goes away and comes back.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::Write;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use countertop_devices::{
    Address, Framing, ScanFault, ScannerEvent, ScannerTwin, SerialScanner, Suffix,
};
use serialport::{SerialPort, TTYPort};

const SOON: Duration = Duration::from_secs(20);

fn listen(address: Address, framing: Framing) -> (SerialScanner, Receiver<ScannerEvent>) {
    let (tell, hear) = channel();
    let scanner = SerialScanner::start(address, framing, move |event| {
        let _ = tell.send(event);
    });
    (scanner.unwrap(), hear)
}

fn next_code(heard: &Receiver<ScannerEvent>) -> String {
    match heard.recv_timeout(SOON).unwrap() {
        ScannerEvent::Scanned(scanned) => scanned.code,
        other => panic!("{other:?}"),
    }
}

#[test]
fn codes_arrive_one_by_one_in_the_order_of_the_scans() {
    for suffix in [Suffix::Cr, Suffix::CrLf, Suffix::Tab] {
        let name = format!("order-{}", suffix.name());
        let framing = Framing { suffix, stx_etx: false };
        let twin = ScannerTwin::plug(&name, framing).unwrap();
        let (_scanner, heard) = listen(format!("twin:{name}").parse().unwrap(), framing);
        assert_eq!(heard.recv_timeout(SOON).unwrap(), ScannerEvent::Ready);
        for number in 0..50 {
            twin.scan(&format!("]E0{number:013}"));
        }
        for number in 0..50 {
            assert_eq!(next_code(&heard), format!("{number:013}"));
        }
    }
}

#[test]
fn a_code_cut_off_is_told_and_the_next_one_is_whole() {
    let twin = ScannerTwin::plug("cut-off", Framing::default()).unwrap();
    let (_scanner, heard) = listen("twin:cut-off".parse().unwrap(), Framing::default());
    assert_eq!(heard.recv_timeout(SOON).unwrap(), ScannerEvent::Ready);
    twin.send(b"40063");
    let fault = heard.recv_timeout(SOON).unwrap();
    let ScannerEvent::Fault(ScanFault::CutOff { begun }) = fault else { panic!("{fault:?}") };
    assert_eq!(begun, "40063");
    twin.scan("4006381333931");
    assert_eq!(next_code(&heard), "4006381333931");
}

#[test]
fn a_scanner_without_a_suffix_is_told_by_silence() {
    let framing = Framing { suffix: Suffix::None, stx_etx: false };
    let (mut machine, ours) = TTYPort::pair().unwrap();
    let (_scanner, heard) =
        listen(format!("serial:{}", ours.name().unwrap()).parse().unwrap(), framing);
    assert_eq!(heard.recv_timeout(SOON).unwrap(), ScannerEvent::Ready);
    for code in ["4006381333931", "96385074"] {
        machine.write_all(code.as_bytes()).unwrap();
        assert_eq!(next_code(&heard), code);
    }
}

#[test]
fn a_scanner_that_is_unplugged_is_told_once_and_listened_to_again() {
    let folder = tempfile::tempdir().unwrap();
    let port = folder.path().join("scanner");
    let plug = || {
        let (machine, ours) = TTYPort::pair().unwrap();
        let _ = std::fs::remove_file(&port);
        std::os::unix::fs::symlink(ours.name().unwrap(), &port).unwrap();
        (machine, ours)
    };
    let (mut machine, ours) = plug();
    let address: Address = format!("serial:{}", port.display()).parse().unwrap();
    let (scanner, heard) = listen(address, Framing::default());
    assert_eq!(heard.recv_timeout(SOON).unwrap(), ScannerEvent::Ready);
    machine.write_all(b"96385074\r").unwrap();
    assert_eq!(next_code(&heard), "96385074");
    drop((machine, ours));
    std::fs::remove_file(&port).unwrap();
    assert!(matches!(heard.recv_timeout(SOON).unwrap(), ScannerEvent::Lost(_)));
    let (mut machine, _ours) = plug();
    loop {
        match heard.recv_timeout(SOON).unwrap() {
            ScannerEvent::Ready => break,
            // Pulled out first, not there after that: two faults, each told once.
            ScannerEvent::Lost(_) => {}
            other => panic!("{other:?}"),
        }
    }
    machine.write_all(b"4006381333931\r").unwrap();
    assert_eq!(next_code(&heard), "4006381333931");
    drop(scanner);
    assert!(heard.recv().is_err(), "its thread is gone");
}
