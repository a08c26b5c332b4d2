//! A receipt printer that says when it is done, and what is the matter when it is not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::time::Duration;

use countertop_devices::{
    Asks, Door, EscPosPrinter, JobWatch, Paper, PaperItem, PrintOutcome, PrintTiming, PrinterFault,
    PrinterTrouble, PrinterTwin, TroubleCause,
};

/// Short where nothing is to come, long where something is.
const QUICK: PrintTiming = PrintTiming {
    open: Duration::from_secs(5),
    write: Duration::from_secs(5),
    answer: Duration::from_millis(400),
    done: Duration::from_secs(5),
    look: Duration::from_millis(30),
    finish: Duration::from_secs(1),
};

fn printer(name: &str, asks: Asks) -> EscPosPrinter {
    EscPosPrinter::new(format!("twin:{name}").parse().unwrap(), asks).timed(QUICK)
}

fn job() -> Vec<u8> {
    let mut job = b"\x1b@\x1bp\x00\x19\xfa".to_vec();
    for line in 0..30 {
        job.extend(format!("line {line} of a receipt that is long enough\n").bytes());
    }
    job.extend(b"\x1dv0\x00\x02\x00\x03\x00\xff\x00\xff\x00\xff\x00");
    job.extend(b"the end\n\x1dVB\x00");
    job
}

fn lines(twin: &PrinterTwin) -> Vec<String> {
    let text = |item| match item {
        PaperItem::Line { spans, .. } => Some(spans.into_iter().map(|span| span.text).collect()),
        _ => None,
    };
    twin.paper().into_iter().filter_map(text).collect()
}

fn cuts(twin: &PrinterTwin) -> usize {
    twin.paper().iter().filter(|item| **item == PaperItem::Cut).count()
}

fn whole(twin: &PrinterTwin) -> bool {
    let lines = lines(twin);
    lines.len() == 31 && lines.last().is_some_and(|line| line == "the end") && cuts(twin) == 1
}

#[test]
fn a_job_is_printed_when_the_printer_says_so() {
    let twin = PrinterTwin::plug("escpos-says").unwrap();
    let mut printer = printer("escpos-says", Asks::Always);
    for _ in 0..2 {
        assert_eq!(printer.print(&job(), &mut ()), PrintOutcome::Printed);
        assert!(whole(&twin), "{:?}", twin.paper());
        assert!(twin.drawer_is_open());
        assert_eq!(printer.state().unwrap().unwrap().drawer_high, Some(true));
        twin.close_drawer();
        twin.tear_off();
    }
    twin.set_fault(PrinterFault::NearEnd, true);
    assert_eq!(printer.state().unwrap().unwrap().paper, Paper::Low);
    assert_eq!(printer.print(&job(), &mut ()), PrintOutcome::Printed, "a low roll still prints");
}

#[test]
fn nothing_leaves_for_a_printer_that_cannot_print() {
    let twin = PrinterTwin::plug("escpos-cannot").unwrap();
    let mut printer = printer("escpos-cannot", Asks::Always);
    for (fault, cause, words) in [
        (PrinterFault::PaperOut, TroubleCause::PaperOut, "is out of paper: put in a new roll"),
        (PrinterFault::CoverOpen, TroubleCause::CoverOpen, "has its cover open: close the cover"),
        (PrinterFault::Offline, TroubleCause::Offline, "is offline"),
    ] {
        twin.set_fault(fault, true);
        let PrintOutcome::NotSent(trouble) = printer.print(&job(), &mut ()) else {
            panic!("sent to a printer with {fault:?}");
        };
        assert_eq!(trouble.cause(), &cause);
        assert!(trouble.to_string().contains(words), "{trouble}");
        twin.set_fault(fault, false);
        assert_eq!(twin.paper(), []);
    }
    twin.set_fault(PrinterFault::Unplugged, true);
    let outcome = std::iter::repeat_with(|| printer.print(&job(), &mut ()))
        .find(|outcome| matches!(outcome, PrintOutcome::NotSent(_)));
    assert!(matches!(outcome, Some(PrintOutcome::NotSent(_))));
    twin.set_mute(true);
    twin.set_fault(PrinterFault::Unplugged, false);
    let silent = std::iter::repeat_with(|| printer.print(&job(), &mut ())).find(|outcome| {
        matches!(outcome, PrintOutcome::NotSent(trouble) if *trouble.cause() == TroubleCause::Silent)
    });
    assert!(silent.is_some());
    assert_eq!(twin.paper(), []);
}

/// Mends the printer as soon as it is told of trouble.
struct Mends<'a> {
    twin: &'a PrinterTwin,
    fault: PrinterFault,
    stops: usize,
    goes_on: usize,
}

impl JobWatch for Mends<'_> {
    fn stopped(&mut self, _: &PrinterTrouble) -> bool {
        self.stops += 1;
        self.twin.set_fault(self.fault, false);
        true
    }

    fn goes_on(&mut self) {
        self.goes_on += 1;
    }
}

#[test]
fn a_printer_that_stops_at_any_byte_finishes_its_job_once_when_it_is_mended() {
    let twin = PrinterTwin::plug("escpos-stops").unwrap();
    let mut printer = printer("escpos-stops", Asks::Always);
    let job = job();
    let mut stopped = 0;
    // The questions before and after the job are some forty bytes.
    for (turn, byte) in (0..job.len() + 40).step_by(7).enumerate() {
        let fault =
            [PrinterFault::PaperOut, PrinterFault::CoverOpen, PrinterFault::Offline][turn % 3];
        twin.fault_after(byte, fault);
        let mut watch = Mends { twin: &twin, fault, stops: 0, goes_on: 0 };
        let outcome = printer.print(&job, &mut watch);
        stopped += usize::from(watch.stops > 0);
        assert_eq!(watch.goes_on, usize::from(watch.stops > 0), "{fault:?} at {byte}");
        if matches!(outcome, PrintOutcome::NotSent(_)) {
            assert_eq!(twin.paper(), [], "{fault:?} at {byte}");
        } else {
            assert_eq!(outcome, PrintOutcome::Printed, "{fault:?} at {byte}");
            assert!(whole(&twin), "{fault:?} at {byte}: {:?}", twin.paper());
        }
        twin.set_fault(fault, false);
        twin.tear_off();
    }
    assert!(stopped > 100, "{stopped}");
}

#[test]
fn a_cable_pulled_out_at_any_byte_never_passes_for_a_printed_receipt() {
    let twin = PrinterTwin::plug("escpos-pulled").unwrap();
    let mut printer = printer("escpos-pulled", Asks::Always);
    let job = job();
    let (mut not_sent, mut partly) = (0, 0);
    for byte in (0..job.len() + 16).step_by(13) {
        twin.fault_after(byte, PrinterFault::Unplugged);
        let outcome = printer.print(&job, &mut ());
        if twin.fault_is_due() {
            assert_eq!(outcome, PrintOutcome::Printed);
        }
        match outcome {
            PrintOutcome::Printed => assert!(whole(&twin), "at {byte}"),
            PrintOutcome::NotSent(_) => {
                assert_eq!(twin.paper(), [], "at {byte}");
                not_sent += 1;
            }
            PrintOutcome::PartlySent(_) | PrintOutcome::Unknown(_) => partly += 1,
            PrintOutcome::Sent => panic!("at {byte}: this printer says when it is done"),
        }
        twin.fault_after(usize::MAX, PrinterFault::Unplugged);
        twin.set_fault(PrinterFault::Unplugged, false);
        // Until its socket is there again.
        while printer.state().is_err() {}
        twin.tear_off();
    }
    assert!(not_sent > 0 && partly > 50, "{not_sent} {partly}");
}

#[test]
fn a_printer_that_never_answers_is_asked_once() {
    let twin = PrinterTwin::plug("escpos-mute").unwrap();
    twin.set_mute(true);
    let mut printer = printer("escpos-mute", Asks::Perhaps);
    for _ in 0..2 {
        assert_eq!(printer.print(&job(), &mut ()), PrintOutcome::Sent);
    }
    let until = std::time::Instant::now() + Duration::from_secs(10);
    while cuts(&twin) < 2 && std::time::Instant::now() < until {
        std::thread::yield_now();
    }
    assert_eq!(cuts(&twin), 2);
}

#[test]
fn a_slow_line_is_given_the_time_that_it_needs() {
    let twin = PrinterTwin::plug("escpos-slow").unwrap();
    twin.set_baud(Some(9600));
    let mut printer = printer("escpos-slow", Asks::Always);
    assert_eq!(printer.print(&job(), &mut ()), PrintOutcome::Printed);
    assert!(whole(&twin));
}

#[cfg(unix)]
#[test]
fn on_a_serial_line_the_rest_of_a_lost_picture_swallows_nothing_of_the_next_receipt() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("printer");
    let twin = PrinterTwin::at(Door::serial(&path).unwrap(), true).unwrap();
    let address: countertop_devices::Address =
        format!("serial:{}", path.display()).parse().unwrap();
    let until = std::time::Instant::now() + Duration::from_secs(10);
    while !path.exists() && std::time::Instant::now() < until {
        std::thread::yield_now();
    }
    let mut printer = EscPosPrinter::new(address, Asks::Always).timed(QUICK);
    // A job that ends in the middle of a picture: the question whether it is done is swallowed.
    let short = PrintTiming { done: Duration::from_millis(100), ..QUICK };
    let mut broken = printer.clone().timed(short);
    let outcome = broken.print(b"\x1b@begun\n\x1dv0\x00\x48\x00\x1e\x00\xff\xff", &mut ());
    assert!(matches!(outcome, PrintOutcome::Unknown(_)), "{outcome:?}");
    assert_eq!(broken.clone().timed(QUICK).print(&job(), &mut ()), PrintOutcome::Printed);
    assert_eq!(lines(&twin)[1..].len(), 31, "{:?}", lines(&twin));
    assert_eq!(printer.print(&job(), &mut ()), PrintOutcome::Printed);
}

#[cfg(target_os = "linux")]
#[test]
fn a_printer_behind_a_device_node_is_heard_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("printer");
    let twin = PrinterTwin::at(Door::serial(&path).unwrap(), true).unwrap();
    let until = std::time::Instant::now() + Duration::from_secs(10);
    while !path.exists() && std::time::Instant::now() < until {
        std::thread::yield_now();
    }
    let node = std::fs::read_link(&path).unwrap();
    assert!(node.starts_with("/dev"), "{}", node.display());
    let address = format!("file:{}", node.display()).parse().unwrap();
    let mut printer = EscPosPrinter::new(address, Asks::Always).timed(QUICK);
    assert_eq!(printer.print(&job(), &mut ()), PrintOutcome::Printed);
    assert!(whole(&twin), "{:?}", twin.paper());
    twin.set_fault(PrinterFault::PaperOut, true);
    assert!(matches!(printer.print(&job(), &mut ()), PrintOutcome::NotSent(_)));
}
