//! A printer that runs out of paper, is opened, set offline or unplugged, at any point of a receipt.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use countertop_app::commands::{GetState, PayTender};
use countertop_app::wire::{Nothing, PayRequest, PayWith, PrinterState};
use countertop_devices::{Door, PaperItem, PrinterFault, PrinterTwin, ReadOutcome, open};
use serde_json::json;

use crate::common::goods::{BREAD, WINE};
use crate::common::{Shop, wait_for};
use crate::printer_peer::{self, Peer};
use crate::printing::{queue, queue_is_empty};
use crate::printing_scripts::{add_printer, lines};

fn sell(shop: &Shop) {
    shop.scan(BREAD);
    shop.scan(WINE);
    let basket = shop.basket();
    let request = PayRequest { print: true, ..shop.request(basket.id, PayWith::Cash, basket.due) };
    shop.call::<PayTender>(request).unwrap().sale.expect("paid in full");
}

/// A serial line to the independent printer that holds up what is sent at a byte of the test's choice.
struct Line {
    path: PathBuf,
    /// After how many more bytes it holds up.
    hold_at: Arc<AtomicUsize>,
    held: Receiver<()>,
    go_on: Sender<()>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Line {
    fn to(peer: &Peer, folder: &Path) -> Self {
        let path = folder.join("printer");
        let door = Door::serial(&path).unwrap();
        let printer = format!("serial:{}", peer.pty().display()).parse().unwrap();
        let hold_at = Arc::new(AtomicUsize::new(usize::MAX));
        let stop = Arc::new(AtomicBool::new(false));
        let (tell, held) = channel();
        let (go_on, may) = channel::<()>();
        let (at, until) = (Arc::clone(&hold_at), Arc::clone(&stop));
        let thread = std::thread::spawn(move || {
            let mut register = door.accept(Duration::from_secs(30)).unwrap();
            let mut printer = open(&printer, Duration::from_secs(30)).unwrap();
            let (look, long) = (Duration::from_millis(2), Duration::from_secs(30));
            let mut buffer = [0; 64];
            while !until.load(Ordering::Relaxed) {
                let room = at.load(Ordering::Relaxed).clamp(1, buffer.len());
                if let ReadOutcome::Data(count) = register.read(&mut buffer[..room], look) {
                    printer.write_all(&buffer[..count], long).unwrap();
                    let left = at.load(Ordering::Relaxed);
                    let left = if left == usize::MAX { left } else { left.saturating_sub(count) };
                    at.store(left, Ordering::Relaxed);
                    if left == 0 {
                        at.store(usize::MAX, Ordering::Relaxed);
                        tell.send(()).unwrap();
                        may.recv().unwrap();
                    }
                }
                if let ReadOutcome::Data(count) = printer.read(&mut buffer, look) {
                    let _ = register.write_all(&buffer[..count], long);
                }
            }
        });
        Self { path, hold_at, held, go_on, stop, thread: Some(thread) }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let _ = self.go_on.send(());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[test]
fn an_independent_printer_in_trouble_prints_each_receipt_once_and_by_itself_when_it_is_well() {
    let Some(mut peer) = printer_peer::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let line = Line::to(&peer, folder.path());
    wait_for("the line", || line.path.exists().then_some(()));
    let shop = Shop::open();
    let address = format!("serial:{}", line.path.display());
    add_printer(&shop, "Front", &address, &json!({ "model": "epson-tm-t20" }));
    let mut sold = 0;
    for (fault, what, until) in [
        ("paper-out", "is out of paper", "prints by itself when paper is in"),
        ("cover-open", "has its cover open", "prints by itself when the cover is closed"),
        ("offline", "is offline", "prints by itself when it is online again"),
    ] {
        // Before the job, at its first bytes, in the middle, near its end.
        for byte in [0, 25, 300, 700] {
            sold += 1;
            if byte == 0 {
                peer.set_fault(fault);
                sell(&shop);
            } else {
                line.hold_at.store(byte, Ordering::Relaxed);
                sell(&shop);
                line.held.recv_timeout(Duration::from_secs(60)).unwrap();
                peer.set_fault(fault);
                line.go_on.send(()).unwrap();
            }
            let job = wait_for("the trouble to be told", || {
                queue(&shop).into_iter().find(|job| !job.trouble.is_empty())
            });
            for words in [what, until, &format!("Receipt T1-{sold} is kept")] {
                assert!(job.trouble.contains(words), "{fault} at {byte}: {}", job.trouble);
            }
            let state = shop.call::<GetState>(Nothing {}).unwrap();
            assert_eq!(state.printer, PrinterState::Trouble);
            assert_eq!(peer.receipts(), sold - 1, "{fault} at {byte}");
            peer.clear_fault(fault);
            let receipt = peer.next_receipt();
            queue_is_empty(&shop);
            assert!(
                receipt.cut && receipt.text.contains(&format!("T1-{sold}")),
                "{}",
                receipt.text
            );
            assert!(receipt.text.contains("15.44") && !receipt.text.contains("COPY"));
            assert_eq!(peer.receipts(), sold, "{fault} at {byte}: it came out twice");
            peer.drawer_opens();
        }
    }
    shop.books_agree();
}

#[test]
fn a_printer_that_stops_anywhere_ends_with_each_receipt_whole_and_once() {
    let door = Door::tcp("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = door.address().to_string();
    let twin = PrinterTwin::at(door, false).unwrap();
    let shop = Shop::open();
    add_printer(&shop, "Front", &address, &json!({ "model": "epson-tm-t20" }));
    let cuts = || twin.paper().iter().filter(|item| **item == PaperItem::Cut).count();
    let faults = [PrinterFault::PaperOut, PrinterFault::CoverOpen, PrinterFault::Unplugged];
    for (turn, byte) in (0..1400).step_by(93).enumerate() {
        let fault = faults[turn % faults.len()];
        twin.fault_after(byte, fault);
        sell(&shop);
        wait_for("trouble, or paper", || {
            let jobs = queue(&shop);
            (jobs.is_empty() || jobs.iter().any(|job| !job.trouble.is_empty())).then_some(())
        });
        twin.fault_after(usize::MAX, fault);
        twin.set_fault(fault, false);
        queue_is_empty(&shop);
        let paper = lines(&twin).join("\n");
        let number = format!("T1-{}", turn + 1);
        assert!(paper.contains(&number), "{fault:?} at {byte}: {paper}");
        if fault == PrinterFault::Unplugged && paper.contains("COPY") {
            // What came out before the plug was pulled has no cut, or all of it is there and the printer
            // could not say so.
            assert!((1..=2).contains(&cuts()), "{fault:?} at {byte}");
        } else {
            assert_eq!(cuts(), 1, "{fault:?} at {byte}: {paper}");
            assert!(!paper.contains("COPY"), "{fault:?} at {byte}: {paper}");
        }
        twin.tear_off();
        twin.close_drawer();
    }
    shop.books_agree();
}

#[test]
fn a_slow_printer_holds_nobody_up() {
    let twin = PrinterTwin::plug("slow-printer").unwrap();
    twin.set_baud(Some(9600));
    let shop = Shop::open();
    add_printer(&shop, "Front", "twin:slow-printer", &json!({ "model": "epson-tm-t20" }));
    for _ in 0..3 {
        sell(&shop);
    }
    assert!(!queue(&shop).is_empty(), "the sales did not wait for the paper");
    queue_is_empty(&shop);
    let cuts = twin.paper().iter().filter(|item| **item == PaperItem::Cut).count();
    assert_eq!(cuts, 3);
}
