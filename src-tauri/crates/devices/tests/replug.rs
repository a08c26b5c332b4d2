//! A machine is unplugged and plugged in again a thousand times.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod card;

use std::sync::mpsc::{self, Sender};
use std::time::Duration;

use card::{LONG, wait_for};
use countertop_devices::{
    Backoff, DeviceError, DeviceErrorKind, Door, LineOwner, Link, ReadOutcome, Reopening,
};

const CYCLES: usize = 1_000;

/// Says "here" when it finds its line, and passes on what it hears.
struct Ear {
    heard: Vec<u8>,
    tell: Sender<String>,
    lost: Sender<DeviceErrorKind>,
}

impl LineOwner for Ear {
    fn found(&mut self, link: &mut dyn Link) {
        self.heard.clear();
        let _ = link.write_all(b"here", LONG);
    }

    fn work(&mut self, link: &mut dyn Link) -> bool {
        let mut buffer = [0; 64];
        match link.read(&mut buffer, Duration::from_millis(50)) {
            ReadOutcome::Data(count) => {
                self.heard.extend(&buffer[..count]);
                if self.heard.ends_with(b"\r") {
                    let code = std::mem::take(&mut self.heard);
                    let _ = self.tell.send(String::from_utf8_lossy(&code).trim().to_owned());
                }
                true
            }
            ReadOutcome::Timeout => true,
            ReadOutcome::Closed => false,
        }
    }

    fn lost(&mut self, fault: &DeviceError) {
        assert!(fault.to_string().contains("scanner"), "{fault}");
        let _ = self.lost.send(fault.kind());
    }
}

fn count(what: &str) -> usize {
    std::fs::read_dir(format!("/proc/self/{what}")).unwrap().count()
}

#[test]
fn a_line_that_is_unplugged_a_thousand_times_works_each_time_and_leaks_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let door = Door::serial(&folder.path().join("ttySCANNER")).unwrap();
    let ((tell, told), (lost, losses)) = (mpsc::channel(), mpsc::channel());
    let backoff = Backoff { first: Duration::from_millis(1), longest: Duration::from_millis(8) };
    let ear = Ear { heard: Vec::new(), tell, lost };
    let reopening = Reopening::start("scanner", door.address().clone(), backoff, ear).unwrap();
    assert_eq!(losses.recv_timeout(LONG), Ok(DeviceErrorKind::NotFound), "nothing is plugged in");

    let mut before = (0, 0);
    for cycle in 0..CYCLES {
        let mut plug = door.accept(LONG).unwrap();
        let (mut buffer, mut heard) = ([0; 16], Vec::<u8>::new());
        while heard != b"here" {
            let ReadOutcome::Data(count) = plug.read(&mut buffer, LONG) else {
                panic!("cycle {cycle}: the register does not find its scanner")
            };
            heard.extend(&buffer[..count]);
        }
        plug.write_all(format!("{cycle}\r").as_bytes(), LONG).unwrap();
        assert_eq!(told.recv_timeout(LONG), Ok(cycle.to_string()));
        drop(plug);
        // That it is not there, while it is out, may have been said after the cycle before.
        while losses.recv_timeout(LONG).unwrap() != DeviceErrorKind::Disconnected {}
        if cycle == 10 {
            before = (count("fd"), count("task"));
        }
    }
    wait_for("threads and files to be given back", || {
        count("fd") <= before.0 && count("task") <= before.1
    });
    drop(reopening);
    assert!(told.try_recv().is_err(), "nothing was heard twice");
    println!("replug: {CYCLES} times, {CYCLES} codes heard, no file and no thread left behind");
}

#[test]
fn a_port_that_has_just_come_is_tried_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let door = Door::serial(&folder.path().join("ttyLATE")).unwrap();
    let ((tell, told), (lost, losses)) = (mpsc::channel(), mpsc::channel());
    let hour = Duration::from_secs(3_600);
    let backoff = Backoff { first: hour, longest: hour };
    let ear = Ear { heard: Vec::new(), tell, lost };
    let reopening = Reopening::start("scanner", door.address().clone(), backoff, ear).unwrap();
    assert_eq!(losses.recv_timeout(LONG), Ok(DeviceErrorKind::NotFound));
    let mut plug = door.accept(LONG).unwrap();
    reopening.try_now();
    assert!(matches!(plug.read(&mut [0; 16], LONG), ReadOutcome::Data(_)));
    plug.write_all(b"code\r", LONG).unwrap();
    assert_eq!(told.recv_timeout(LONG), Ok("code".to_owned()));
}
