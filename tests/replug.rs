//! Cables that are pulled and plugged in again while a cashier sells: a register of its own process, its
//! scanner, printer and customer display behind serial lines.
#![cfg(target_os = "linux")]

use std::path::Path;
use std::time::Duration;

use countertop_devices::{Door, Link, PaperItem, PrinterFault, PrinterTwin, ReadOutcome};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::common::daemon::{self, Served};
use crate::common::goods::{BREAD, CHEESE, WINE};
use crate::common::wire::done;
use crate::common::{Shop, wait_for};
use crate::printing_scripts::lines;

const REPLUGS: usize = 50;
const LONG: Duration = Duration::from_secs(30);

/// Three machines on one hub.
struct Hub {
    scanner: Door,
    display: Door,
    printer: PrinterTwin,
    plugged: Option<[Box<dyn Link>; 2]>,
    /// Bytes that the display was sent.
    shown: usize,
}

impl Hub {
    fn at(folder: &Path) -> Self {
        let door = |name: &str| Door::serial(&folder.join(name)).unwrap();
        let printer = PrinterTwin::at(door("printer"), true).unwrap();
        printer.set_fault(PrinterFault::Unplugged, true);
        let (scanner, display) = (door("scanner"), door("display"));
        Self { scanner, display, printer, plugged: None, shown: 0 }
    }

    fn plug_in(&mut self) {
        let line = |door: &Door| door.accept(LONG).unwrap();
        self.plugged = Some([line(&self.scanner), line(&self.display)]);
        self.printer.set_fault(PrinterFault::Unplugged, false);
    }

    fn pull(&mut self) {
        self.look_at_the_display();
        self.plugged = None;
        self.printer.set_fault(PrinterFault::Unplugged, true);
    }

    fn scan(&mut self, code: &str) {
        let [scanner, _] = self.plugged.as_mut().unwrap();
        scanner.write_all(format!("{code}\r").as_bytes(), LONG).unwrap();
    }

    fn look_at_the_display(&mut self) {
        let Some([_, display]) = &mut self.plugged else { return };
        let mut buffer = [0; 256];
        while let ReadOutcome::Data(count) = display.read(&mut buffer, Duration::from_millis(1)) {
            self.shown += count;
        }
    }
}

struct Till {
    register: Served,
    sold: Vec<String>,
}

impl Till {
    fn give(&self, command: &str, body: &Value) -> Value {
        done(self.register.address, command, body)
    }

    fn add(&self, kind: &str, at: &Path, options: &Value) {
        let address = format!("serial:{}", at.join(kind).display());
        let device = json!({ "kind": kind, "name": kind, "address": address, "options": options });
        self.give("devices.add", &device);
    }

    fn basket(&self) -> Value {
        self.give("basket.current", &json!({}))
    }

    fn scan(&self, code: &str) {
        self.give("basket.scan", &json!({ "basket_id": self.basket()["id"], "code": code }));
    }

    /// Waits until the register has, or has not, its scanner.
    fn scanner_is(&self, status: &str) {
        wait_for(&format!("a scanner that is {status}"), || {
            let list = self.give("devices.list", &json!({}));
            let devices = list["devices"].as_array().unwrap();
            let scanner = devices.iter().find(|device| device["kind"] == "scanner").unwrap();
            (scanner["status"] == status).then_some(())
        });
    }

    /// Pays what the basket comes to, and looks at what was sold.
    fn pay(&mut self, expected: &[i64]) {
        let basket = self.basket();
        let request = json!({
            "basket_id": basket["id"], "tender_id": Uuid::now_v7(), "kind": "cash",
            "offered": basket["due"], "print": true,
        });
        let paid = self.give("pay.tender", &request);
        let lines = paid["sale"]["lines"].as_array().expect("paid in full");
        let amounts: Vec<i64> = lines.iter().map(|line| line["total"].as_i64().unwrap()).collect();
        assert_eq!(amounts, expected, "a line was lost, or came twice");
        self.sold.push(paid["sale"]["receipt"].as_str().unwrap().to_owned());
    }

    fn all_is_printed(&self) {
        wait_for("every receipt", || {
            let queue = self.give("prints.waiting", &json!({}));
            queue["jobs"].as_array().unwrap().is_empty().then_some(())
        });
    }
}

#[test]
fn cables_that_are_pulled_again_and_again_cost_no_line_no_scan_and_no_receipt() {
    let (shop, cables) = (Shop::open().shut(), tempfile::tempdir().unwrap());
    let mut hub = Hub::at(cables.path());
    let mut till = Till { register: Served::start(shop.path()), sold: Vec::new() };
    till.add("scanner", cables.path(), &json!({}));
    till.add("printer", cables.path(), &json!({ "model": "epson-tm-t20" }));
    till.add("display", cables.path(), &json!({}));
    till.scanner_is("not_there");
    let mut before = (0, 0);
    let mut paper = String::new();
    for replug in 0..REPLUGS {
        hub.plug_in();
        till.basket();
        till.scanner_is("ready");
        hub.scan(BREAD);
        wait_for("the scan", || (till.basket()["lines"][0]["total"] == 345).then_some(()));
        till.scan(WINE);
        till.pay(&[345, 1_199]);
        // This receipt, and the one of the sale while the cables were out.
        till.all_is_printed();
        hub.pull();
        till.scanner_is("not_there");
        till.scan(CHEESE);
        till.pay(&[1_950]);
        paper += &lines(&hub.printer).join("\n");
        assert!(!hub.printer.paper().iter().any(|item| matches!(item, PaperItem::Unknown(_))));
        hub.printer.tear_off();
        if replug == 10 {
            before = (till.register.count("fd"), till.register.count("task"));
        }
    }
    let now = || (till.register.count("fd"), till.register.count("task"));
    // A connection of the last command may still be open, and threads that wait for work end by themselves.
    wait_for("files and threads to be given back", || {
        (now().0 <= before.0 + 4 && now().1 <= before.1 + 4).then_some(())
    });
    hub.plug_in();
    till.all_is_printed();
    paper += &lines(&hub.printer).join("\n");
    let words: Vec<&str> = paper.split_whitespace().collect();
    for receipt in &till.sold {
        let times = words.iter().filter(|word| *word == receipt).count();
        assert_eq!(times, 1, "receipt {receipt} came out {times} times");
    }
    assert_eq!((till.sold.len(), paper.contains("COPY")), (2 * REPLUGS, false));
    hub.look_at_the_display();
    assert!(hub.shown > 0, "the display was never found again");
    assert!(till.register.terminate());
    let verified = daemon::run(shop.path(), &["verify"]);
    assert!(verified.status.success(), "{}", daemon::complaint(&verified));
}
