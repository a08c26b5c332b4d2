//! Paper comes after the commit, from a durable queue: the printer never touches the sale.

use std::io::Read;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};

use countertop::{Config, Register};
use countertop_app::commands::{GetOrder, GetState, PayTender, PrintReceipt, WaitingPrints};
use countertop_app::perform;
use countertop_app::wire::{
    Nothing, PayRequest, PayWith, PrintJobView, PrintStatus, PrinterState, SaleRequest, SaleView,
};
use serde_json::json;

use crate::common::goods::{BREAD, WINE};
use crate::common::wire::done;
use crate::common::{Shop, code, daemon, wait_for};
use crate::printer_peer;

pub(crate) fn add_printer(shop: &Shop, address: &str, drawer: bool) {
    let device = json!({ "name": "Front", "address": address, "columns": null, "drawer": drawer });
    shop.json("devices.add", device).unwrap();
}

/// Sells and asks for a receipt, or not.
fn sell(shop: &Shop, codes: &[&str], kind: PayWith, print: bool) -> SaleView {
    for code in codes {
        shop.scan(code);
    }
    let basket = shop.basket();
    let request = PayRequest { print, ..shop.request(basket.id, kind, basket.due) };
    shop.call::<PayTender>(request).unwrap().sale.expect("paid in full")
}

pub(crate) fn queue(shop: &Shop) -> Vec<PrintJobView> {
    shop.call::<WaitingPrints>(Nothing {}).unwrap().jobs
}

pub(crate) fn queue_is_empty(shop: &Shop) {
    wait_for("the print queue to empty", || queue(shop).is_empty().then_some(()));
}

fn status(shop: &Shop, sale: &SaleView) -> PrintStatus {
    shop.call::<GetOrder>(SaleRequest { sale_id: sale.id }).unwrap().print
}

pub(crate) fn count(bytes: &[u8], wanted: &[u8]) -> usize {
    bytes.windows(wanted.len()).filter(|window| window == &wanted).count()
}

/// ESC p: the pulse that opens the drawer.
pub(crate) const PULSE: &[u8] = b"\x1Bp";
/// GS V: the cut.
pub(crate) const CUT: &[u8] = b"\x1DV";

/// A shop that prints into a file.
pub(crate) fn with_paper(drawer: bool) -> (Shop, tempfile::TempDir, impl Fn() -> Vec<u8>) {
    let shop = Shop::open();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("paper.bin");
    add_printer(&shop, &format!("file:{}", path.display()), drawer);
    let paper = move || std::fs::read(&path).unwrap_or_default();
    (shop, folder, paper)
}

#[test]
fn a_receipt_comes_out_once_and_a_second_one_is_a_copy() {
    let (shop, _folder, paper) = with_paper(true);
    let sale = sell(&shop, &[BREAD, WINE], PayWith::Cash, true);
    queue_is_empty(&shop);
    assert_eq!(status(&shop, &sale), PrintStatus::Printed);
    let first = paper();
    for part in ["Corner", "Bread", "Wine", "15.44", "T1-1"] {
        assert!(count(&first, part.as_bytes()) > 0, "{part} is not on the paper");
    }
    assert_eq!((count(&first, CUT), count(&first, b"COPY")), (1, 0));

    shop.call::<PrintReceipt>(SaleRequest { sale_id: sale.id }).unwrap();
    queue_is_empty(&shop);
    let both = paper();
    let copy = &both[first.len()..];
    assert!(count(copy, b"COPY") > 0 && count(copy, b"15.44") > 0);
    assert_eq!((count(copy, CUT), count(copy, PULSE)), (1, 0));
    shop.books_agree();
}

#[test]
fn a_sale_without_a_receipt_can_have_its_first_one_later_and_that_is_no_copy() {
    let (shop, _folder, paper) = with_paper(false);
    let sale = sell(&shop, &[BREAD], PayWith::Cash, false);
    assert_eq!((sale.print, paper().len()), (PrintStatus::None, 0));
    shop.call::<PrintReceipt>(SaleRequest { sale_id: sale.id }).unwrap();
    queue_is_empty(&shop);
    assert_eq!((count(&paper(), b"COPY"), count(&paper(), CUT)), (0, 1));
}

#[test]
fn the_drawer_opens_once_for_cash_and_never_for_a_card() {
    let (shop, _folder, paper) = with_paper(true);
    let card = sell(&shop, &[BREAD], PayWith::CardExternal, true);
    queue_is_empty(&shop);
    sell(&shop, &[BREAD], PayWith::CardExternal, false);
    shop.call::<PrintReceipt>(SaleRequest { sale_id: card.id }).unwrap();
    queue_is_empty(&shop);
    assert_eq!(count(&paper(), PULSE), 0, "a card opened the drawer");

    let cash = sell(&shop, &[BREAD], PayWith::Cash, true);
    queue_is_empty(&shop);
    shop.call::<PrintReceipt>(SaleRequest { sale_id: cash.id }).unwrap();
    queue_is_empty(&shop);
    assert_eq!(count(&paper(), PULSE), 1);

    // No paper wanted, but the drawer all the same; and not again for the paper later.
    let silent = sell(&shop, &[BREAD], PayWith::Cash, false);
    queue_is_empty(&shop);
    assert_eq!(count(&paper(), PULSE), 2);
    shop.call::<PrintReceipt>(SaleRequest { sale_id: silent.id }).unwrap();
    queue_is_empty(&shop);
    assert_eq!(count(&paper(), PULSE), 2);

    // The same payment sent again opens nothing.
    shop.scan(BREAD);
    let request = PayRequest { print: true, ..shop.request(shop.basket().id, PayWith::Cash, 345) };
    shop.call::<PayTender>(request.clone()).unwrap();
    shop.call::<PayTender>(request).unwrap();
    queue_is_empty(&shop);
    assert_eq!((count(&paper(), PULSE), count(&paper(), CUT)), (3, 6));
}

#[test]
fn a_part_in_cash_opens_the_drawer_when_the_sale_is_complete() {
    let (shop, _folder, paper) = with_paper(true);
    shop.scan(WINE);
    shop.pay(PayWith::Cash, 1_000).unwrap().basket.expect("something is left to pay");
    let request =
        PayRequest { print: true, ..shop.request(shop.basket().id, PayWith::CardExternal, 199) };
    shop.call::<PayTender>(request).unwrap().sale.expect("paid in full");
    queue_is_empty(&shop);
    assert_eq!((count(&paper(), PULSE), count(&paper(), CUT)), (1, 1));
}

#[test]
fn without_a_printer_a_receipt_is_refused_and_the_sale_stands() {
    let shop = Shop::open();
    let sale = sell(&shop, &[BREAD], PayWith::Cash, true);
    assert_eq!(sale.print, PrintStatus::None);
    let refused = shop.call::<PrintReceipt>(SaleRequest { sale_id: sale.id });
    assert_eq!(code(refused), "no_printer");
    shop.books_agree();
}

/// A printer on the network: hands over each job that came in, whole.
fn network_printer(listener: TcpListener) -> Receiver<Vec<u8>> {
    let (tell, jobs) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut bytes = Vec::new();
            let _ = stream.unwrap().read_to_end(&mut bytes);
            if tell.send(bytes).is_err() {
                return;
            }
        }
    });
    jobs
}

fn bind(address: &str) -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind(address).unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

#[test]
fn receipts_reach_a_printer_on_the_network_in_order() {
    let shop = Shop::open();
    let (listener, address) = bind("127.0.0.1:0");
    let jobs = network_printer(listener);
    add_printer(&shop, &format!("tcp:{address}"), true);
    for number in 1..=3 {
        sell(&shop, &[BREAD], PayWith::Cash, true);
        let job = jobs.recv_timeout(std::time::Duration::from_secs(60)).unwrap();
        assert!(count(&job, format!("T1-{number}").as_bytes()) > 0);
        assert_eq!(count(&job, CUT), 1);
    }
    queue_is_empty(&shop);
    assert!(jobs.try_recv().is_err(), "something was printed twice");
}

#[test]
fn a_printer_that_is_off_never_touches_a_sale_and_gets_each_receipt_once_when_it_is_back() {
    let shop = Shop::open();
    let (listener, address) = bind("127.0.0.1:0");
    drop(listener);
    add_printer(&shop, &format!("tcp:{address}"), true);
    let sales: Vec<_> = (0..3).map(|_| sell(&shop, &[BREAD], PayWith::Cash, true)).collect();
    assert_eq!(shop.sales().len(), 3);
    shop.books_agree();
    let job = wait_for("the printer's trouble to be told", || {
        let told =
            |job: &PrintJobView| job.status == PrintStatus::Waiting && !job.trouble.is_empty();
        queue(&shop).into_iter().find(told)
    });
    assert_eq!(shop.call::<GetState>(Nothing {}).unwrap().printer, PrinterState::Trouble);

    let (listener, _) = bind(&address.to_string());
    let jobs = network_printer(listener);
    shop.json("prints.retry", json!({ "job_id": job.id })).unwrap();
    queue_is_empty(&shop);
    for sale in &sales {
        assert_eq!(status(&shop, sale), PrintStatus::Printed);
        let job = jobs.recv_timeout(std::time::Duration::from_secs(60)).unwrap();
        assert!(count(&job, sale.receipt.as_bytes()) > 0);
        assert_eq!((count(&job, PULSE), count(&job, b"COPY")), (1, 0));
    }
    assert!(jobs.try_recv().is_err(), "something was printed twice");
    assert_eq!(shop.call::<GetState>(Nothing {}).unwrap().printer, PrinterState::Ready);
}

/// Takes in the beginning of a job and goes on holding the line.
fn hold(listener: &TcpListener) -> TcpStream {
    let (mut stream, _) = listener.accept().unwrap();
    let mut byte = [0];
    // What comes before ESC is the question how the printer is.
    while byte != [0x1b] {
        stream.read_exact(&mut byte).unwrap();
    }
    stream
}

#[test]
fn a_receipt_that_may_be_half_out_comes_out_once_more_by_itself_marked_as_a_copy() {
    let shop = Shop::open();
    let (listener, address) = bind("127.0.0.1:0");
    add_printer(&shop, &format!("tcp:{address}"), true);
    let sale = sell(&shop, &[BREAD], PayWith::Cash, true);
    // It hangs up in the middle of the receipt.
    drop(hold(&listener));
    let job = wait_for("the trouble to be told", || {
        queue(&shop).into_iter().find(|job| !job.trouble.is_empty())
    });
    assert!(job.trouble.contains("Part of Receipt T1-1 may have come out"), "{}", job.trouble);
    let state = shop.call::<GetState>(Nothing {}).unwrap();
    assert_eq!(state.printer_words.as_ref(), Some(&job.trouble));
    let jobs = network_printer(listener);
    let again = jobs.recv_timeout(std::time::Duration::from_secs(60)).unwrap();
    assert!(count(&again, b"T1-1") > 0 && count(&again, b"COPY") > 0);
    assert_eq!(count(&again, PULSE), 0, "the drawer opens once");
    queue_is_empty(&shop);
    assert_eq!(status(&shop, &sale), PrintStatus::Printed);
    assert!(jobs.try_recv().is_err(), "it came out a third time");
    shop.books_agree();
}

#[test]
fn a_receipt_that_breaks_off_again_and_again_waits_for_a_person() {
    let shop = Shop::open();
    let (listener, address) = bind("127.0.0.1:0");
    add_printer(&shop, &format!("tcp:{address}"), true);
    sell(&shop, &[BREAD], PayWith::Cash, true);
    for _ in 0..3 {
        drop(hold(&listener));
    }
    let job = wait_for("the job to be parked", || {
        queue(&shop).into_iter().find(|job| job.status == PrintStatus::Parked)
    });
    assert!(job.trouble.contains("broke off 3 times"), "{}", job.trouble);
    let jobs = network_printer(listener);
    // The next customer's receipt goes out, the parked one does not.
    sell(&shop, &[WINE], PayWith::CardExternal, true);
    let next = jobs.recv_timeout(std::time::Duration::from_secs(60)).unwrap();
    assert!(count(&next, b"T1-2") > 0);
    wait_for("the second receipt", || (queue(&shop).len() == 1).then_some(()));
    assert!(jobs.try_recv().is_err(), "the parked receipt was repeated");

    // A person looked, and wants it.
    shop.json("prints.retry", json!({ "job_id": job.id })).unwrap();
    let again = jobs.recv_timeout(std::time::Duration::from_secs(60)).unwrap();
    assert!(count(&again, b"T1-1") > 0 && count(&again, b"COPY") > 0);
    queue_is_empty(&shop);
    shop.books_agree();
}

#[test]
fn a_receipt_that_a_kill_interrupted_is_parked_and_not_repeated() {
    let folder = Shop::open().shut();
    let (listener, address) = bind("127.0.0.1:0");
    let served = daemon::Served::start(folder.path());
    let at = served.address;
    let device = json!({
        "name": "Front", "address": format!("tcp:{address}"), "columns": null, "drawer": null,
    });
    done(at, "devices.add", &device);
    let basket = done(at, "basket.current", &json!({}))["id"].clone();
    done(at, "basket.scan", &json!({ "basket_id": basket, "code": BREAD }));
    let pay = json!({
        "basket_id": basket, "tender_id": "0190aaaa-0000-7000-8000-000000000001", "kind": "cash",
        "offered": 345, "print": true,
    });
    assert_eq!(done(at, "pay.tender", &pay)["sale"]["print"], "waiting");
    let held = hold(&listener);
    served.kill();
    drop(held);

    let register = Register::open(&Config::new(folder.path())).unwrap();
    let caller = register.caller("page").unwrap();
    let jobs = perform::<WaitingPrints>(register.app(), &caller, Nothing {}).unwrap().jobs;
    assert_eq!(jobs.len(), 1);
    assert_eq!(jobs[0].status, PrintStatus::Parked);
    assert!(!jobs[0].trouble.is_empty());
    drop(register);
    listener.set_nonblocking(true).unwrap();
    assert!(listener.accept().is_err(), "the receipt was sent again");
}

#[test]
fn a_job_that_a_person_gave_up_is_never_printed() {
    let shop = Shop::open();
    let (listener, address) = bind("127.0.0.1:0");
    drop(listener);
    add_printer(&shop, &format!("tcp:{address}"), false);
    sell(&shop, &[BREAD], PayWith::Cash, true);
    let job = wait_for("the printer's trouble to be told", || {
        let told =
            |job: &PrintJobView| job.status == PrintStatus::Waiting && !job.trouble.is_empty();
        queue(&shop).into_iter().find(told)
    });
    shop.json("prints.set_aside", json!({ "job_id": job.id })).unwrap();
    assert!(queue(&shop).is_empty());
    let (listener, _) = bind(&address.to_string());
    let jobs = network_printer(listener);
    sell(&shop, &[WINE], PayWith::Cash, true);
    let printed = jobs.recv_timeout(std::time::Duration::from_secs(60)).unwrap();
    assert!(count(&printed, b"T1-2") > 0);
    queue_is_empty(&shop);
    assert!(jobs.try_recv().is_err(), "the job that was given up was printed");
}

/// Onto the wire of a printer that other people wrote.
fn is_read_by_a_stranger(address: impl Fn(&printer_peer::Peer) -> String) {
    let Some(mut peer) = printer_peer::start() else { return };
    let shop = Shop::open();
    add_printer(&shop, &address(&peer), true);
    let sale = sell(&shop, &[BREAD, WINE], PayWith::Cash, true);
    let receipt = peer.next_receipt();
    for part in ["Corner", "Bread", "3.45", "Wine", "11.99", "15.44", "T1-1", "2026-11-23 14:08"] {
        assert!(receipt.text.contains(part), "{part} is missing:\n{}", receipt.text);
    }
    assert!(receipt.cut);
    let codes = receipt.codes();
    assert!(codes.lines().any(|code| code == "T1-1"), "{codes}");
    assert!(codes.contains(&sale.id.to_string()), "{codes}");
    peer.drawer_opens();

    // A copy says so, and leaves the drawer shut.
    queue_is_empty(&shop);
    shop.call::<PrintReceipt>(SaleRequest { sale_id: sale.id }).unwrap();
    let copy = peer.next_receipt();
    assert!(copy.text.contains("COPY") && copy.cut, "{}", copy.text);
    assert!(!peer.drawer_is_open());
    shop.books_agree();
}

#[test]
fn a_sale_comes_out_of_an_independent_printer_on_a_serial_port() {
    is_read_by_a_stranger(|peer| format!("serial:{}", peer.pty().display()));
}

#[test]
fn a_sale_comes_out_of_an_independent_printer_on_the_network() {
    is_read_by_a_stranger(|peer| format!("tcp:{}", peer.tcp()));
}

#[test]
fn a_printer_that_is_a_folder_is_refused_when_it_is_tried_and_sales_go_on() {
    let shop = Shop::open();
    let place = std::env::temp_dir();
    add_printer(&shop, &format!("file:{}", place.display()), true);
    sell(&shop, &[BREAD], PayWith::Cash, true);
    wait_for("the trouble to be told", || {
        let told =
            |job: &PrintJobView| job.status == PrintStatus::Waiting && !job.trouble.is_empty();
        queue(&shop).into_iter().find(told)
    });
    sell(&shop, &[BREAD], PayWith::Cash, true);
    shop.books_agree();
}
