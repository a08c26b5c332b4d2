//! Backup and restore: nothing of a backup is lost, and no receipt number is ever given twice.

use std::collections::HashSet;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use countertop::{Config, Register};
use countertop_app::commands::{
    CurrentBasket, ListClosedShifts, PayTender, Scan, ShiftCloseCommand,
};
use countertop_app::wire::{CloseShift, Nothing, PayRequest, PayWith, SaleView, ScanRequest};
use countertop_app::{Clock, Ids, SystemClock, SystemIds, perform};
use countertop_domain::ids::TenderId;
use countertop_store::restore;

use crate::common::goods::{BREAD, WINE};
use crate::common::{FLOAT, Shop, books_agree, daemon, sales_of, verify_ok};

fn open(folder: &Path) -> Register {
    Register::open(&Config::new(folder)).unwrap()
}

/// Sells a loaf on a register that a test has opened by itself.
fn sell_on(register: &Register) -> SaleView {
    let (app, caller) = (register.app(), register.caller("till").unwrap());
    let basket_id = perform::<CurrentBasket>(app, &caller, Nothing {}).unwrap().id;
    let scan = ScanRequest { basket_id, code: BREAD.to_owned() };
    let due = perform::<Scan>(app, &caller, scan).unwrap().basket.due;
    let tender_id = TenderId::new(SystemIds.next());
    let pay = PayRequest::plain(basket_id, tender_id, PayWith::Cash, due, false);
    perform::<PayTender>(app, &caller, pay).unwrap().sale.expect("paid in full")
}

#[test]
fn a_backup_made_while_the_shop_sells_restores_to_a_register_without_a_fault() {
    let shop = Shop::open();
    let work = tempfile::tempdir().unwrap();
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let seller = scope.spawn(|| {
            let mut sold = 0;
            while !stop.load(Ordering::Relaxed) {
                shop.sell(&[BREAD, WINE], PayWith::Cash);
                sold += 1;
            }
            sold
        });
        let mut before = 0;
        for number in 0..4 {
            let file = work.path().join(format!("backup {number}.ctop"));
            let at_least = shop.sales().len();
            shop.app().store().backup(&file).unwrap();
            let at_most = shop.sales().len();
            let folder = work.path().join(format!("restored {number}"));
            restore(&file, &folder, SystemClock.now()).unwrap();
            let restored = open(&folder);
            books_agree(restored.app());
            let sales = sales_of(restored.app());
            // All that was durable before the backup began, and nothing that came after it ended.
            assert!((at_least..=at_most).contains(&sales.len()), "{}", sales.len());
            assert_eq!(sales, shop.sales()[..sales.len()]);
            before = before.max(sales.len());
        }
        stop.store(true, Ordering::Relaxed);
        let sold = seller.join().unwrap();
        assert!(before > 0 && sold >= before, "nothing was sold meanwhile");
    });
    shop.books_agree();
}

#[test]
fn a_restored_register_goes_on_in_a_series_of_its_own() {
    let shop = Shop::open();
    shop.sell(&[BREAD], PayWith::Cash);
    let work = tempfile::tempdir().unwrap();
    let file = work.path().join("monday.ctop");
    shop.app().store().backup(&file).unwrap();
    // Sold after the backup: the backup cannot know of these numbers.
    shop.sell(&[WINE], PayWith::Cash);
    shop.sell(&[WINE], PayWith::Cash);

    let folder = work.path().join("restored");
    restore(&file, &folder, SystemClock.now()).unwrap();
    let register = open(&folder);
    assert_eq!(register.app().identity().series, "T1.2");
    assert_eq!(register.app().identity().register, shop.app().identity().register);
    assert_eq!(sell_on(&register).receipt, "T1.2-1");
    assert_eq!(sell_on(&register).receipt, "T1.2-2");
    books_agree(register.app());
    let receipts = |app| sales_of(app).into_iter().map(|sale| sale.receipt.to_string());
    let after: HashSet<String> = receipts(register.app()).skip(1).collect();
    let before: HashSet<String> = receipts(shop.app()).collect();
    assert!(after.is_disjoint(&before), "{after:?} and {before:?}");

    // Restored once more, the series is another one again.
    let file = work.path().join("tuesday.ctop");
    register.app().store().backup(&file).unwrap();
    let folder = work.path().join("restored again");
    restore(&file, &folder, SystemClock.now()).unwrap();
    let register = open(&folder);
    assert_eq!(sell_on(&register).receipt, "T1.3-1");
    verify_ok(register.app());
}

#[test]
fn a_backup_keeps_the_open_baskets() {
    let shop = Shop::open();
    shop.scan(WINE);
    shop.pay(PayWith::CardExternal, 500).unwrap().basket.expect("something is left to pay");
    let work = tempfile::tempdir().unwrap();
    let file = work.path().join("monday.ctop");
    shop.app().store().backup(&file).unwrap();
    let folder = work.path().join("restored");
    restore(&file, &folder, SystemClock.now()).unwrap();
    let register = open(&folder);
    let caller = register.caller("till").unwrap();
    let basket = perform::<CurrentBasket>(register.app(), &caller, Nothing {}).unwrap();
    assert_eq!((basket.total, basket.due), (1_199, 699));
}

#[test]
fn no_z_report_after_a_restore_has_the_name_of_one_that_was_printed_before() {
    let shop = Shop::open();
    let work = tempfile::tempdir().unwrap();
    let file = work.path().join("monday.ctop");
    let mut names = vec![shop.close_shift(FLOAT).z_name.unwrap()];
    shop.open_shift();
    shop.app().store().backup(&file).unwrap();
    // Printed after the backup: the backup cannot know of it, and counts to two once more.
    names.push(shop.close_shift(FLOAT).z_name.unwrap());
    let folder = work.path().join("restored");
    restore(&file, &folder, SystemClock.now()).unwrap();
    let register = open(&folder);
    let caller = register.caller("till").unwrap();
    let close = CloseShift::counted("EUR", FLOAT);
    let z = perform::<ShiftCloseCommand>(register.app(), &caller, close).unwrap();
    assert_eq!(z.z_number, Some(2));
    names.push(z.z_name.unwrap());
    assert_eq!(names, ["T1-Z1", "T1-Z2", "T1.2-Z2"]);
    assert!(z.text.contains("Z report T1.2-Z2"), "{}", z.text);
    let list = perform::<ListClosedShifts>(register.app(), &caller, Nothing {}).unwrap();
    let listed: Vec<String> = list.shifts.into_iter().map(|shift| shift.z_name).collect();
    assert_eq!(listed, ["T1.2-Z2", "T1-Z1"]);
    verify_ok(register.app());
}

#[test]
fn a_restore_never_writes_over_a_register_and_a_backup_never_over_a_file() {
    let shop = Shop::open();
    let work = tempfile::tempdir().unwrap();
    let file = work.path().join("monday.ctop");
    shop.app().store().backup(&file).unwrap();
    let before = std::fs::read(&file).unwrap();
    assert!(shop.app().store().backup(&file).unwrap_err().to_string().contains("there already"));
    assert_eq!(std::fs::read(&file).unwrap(), before);

    let sale = shop.sell(&[BREAD], PayWith::Cash);
    // Held by the open register.
    assert!(restore(&file, shop.folder(), SystemClock.now()).is_err());
    let folder = shop.shut();
    let error = restore(&file, folder.path(), SystemClock.now()).unwrap_err().to_string();
    assert!(error.contains("there already"), "{error}");
    let register = open(folder.path());
    assert_eq!(sales_of(register.app())[0].id, sale.id);
    verify_ok(register.app());
}

#[test]
fn what_is_no_backup_is_refused_and_founds_nothing() {
    let work = tempfile::tempdir().unwrap();
    let shop = Shop::open().shut();
    let folder = work.path().join("restored");
    let text = work.path().join("text");
    std::fs::write(&text, "not a backup").unwrap();
    // A register's own database is none either: its key lies beside it, not in it.
    let database = shop.path().join("register.db");
    for (file, why) in [
        (text, "is no backup"),
        (database, "is no backup"),
        (work.path().join("nowhere"), "no such file"),
    ] {
        let error = restore(&file, &folder, SystemClock.now()).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
        assert!(!folder.join("register.db").exists());
        assert!(!folder.join("register.key").exists());
    }
}

#[test]
fn backup_and_restore_answer_on_the_command_line() {
    let shop = Shop::open();
    shop.sell(&[BREAD], PayWith::Cash);
    let folder = shop.shut();
    let work = tempfile::tempdir().unwrap();
    let (file, to) = (work.path().join("monday.ctop"), work.path().join("restored"));
    let file = file.to_str().unwrap();
    assert!(daemon::run(folder.path(), &["backup", file]).status.success());
    let restored = daemon::run(&to, &["restore", file, "--json"]);
    let answer: serde_json::Value = serde_json::from_slice(&restored.stdout).unwrap();
    assert_eq!(answer["series"], "T1.2");
    assert!(daemon::run(&to, &["verify"]).status.success());
    let twice = daemon::run(&to, &["restore", file]);
    assert_eq!(twice.status.code(), Some(2));
}

#[test]
fn a_backup_by_command_line_is_made_while_the_till_is_open_and_beside_where_one_stands() {
    let shop = Shop::open();
    shop.sell(&[BREAD], PayWith::Cash);
    shop.scan(WINE);
    let folder = shop.shut();
    let served = daemon::Served::start(folder.path());
    let work = tempfile::tempdir().unwrap();
    // A name alone: the file lies where the command was given.
    let mut command = daemon::countertopd(folder.path(), &["backup", "monday.ctop", "--json"]);
    let output = command.current_dir(work.path()).output().unwrap();
    assert!(output.status.success(), "{}", daemon::complaint(&output));
    let file = work.path().join("monday.ctop");
    assert_eq!(std::fs::read_dir(work.path()).unwrap().count(), 1, "something is left over");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "others can read the signing key");
    }
    // What looks for faults, or makes tables anew, wants the folder for itself.
    assert_eq!(daemon::run(folder.path(), &["verify"]).status.code(), Some(3));
    assert!(served.terminate());

    let restored = work.path().join("restored");
    restore(&file, &restored, SystemClock.now()).unwrap();
    let register = open(&restored);
    assert_eq!(sales_of(register.app()), sales_of(open(folder.path()).app()));
    let open_baskets = register.app().store().read(|snapshot| snapshot.baskets()).unwrap();
    assert_eq!(open_baskets.len(), 1, "the basket that was open");
    verify_ok(register.app());
}

#[test]
fn what_looks_after_a_register_founds_none_in_a_misspelt_folder() {
    let work = tempfile::tempdir().unwrap();
    let (folder, file) = (work.path().join("shopp"), work.path().join("monday.ctop"));
    let file = file.to_str().unwrap();
    for arguments in [&["verify"][..], &["rebuild"], &["export", "sales"], &["backup", file]] {
        let output = daemon::run(&folder, arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        let complaint = daemon::complaint(&output);
        assert!(complaint.contains("has no register"), "{complaint}");
        assert!(complaint.contains("shopp"), "{complaint}");
    }
    assert_eq!(std::fs::read_dir(work.path()).unwrap().count(), 0, "something was made");
}

#[test]
fn what_waited_for_the_printer_in_a_backup_waits_for_a_person_after_it() {
    let shop = Shop::open();
    let device = serde_json::json!({
        "name": "Front", "address": "tcp:127.0.0.1:1", "columns": null, "drawer": true,
    });
    shop.json("devices.add", device).unwrap();
    shop.scan(BREAD);
    let request = shop.request(shop.basket().id, PayWith::Cash, 345);
    shop.call::<PayTender>(PayRequest { print: true, ..request }).unwrap();
    let work = tempfile::tempdir().unwrap();
    let file = work.path().join("monday.ctop");
    shop.app().store().backup(&file).unwrap();
    let folder = work.path().join("restored");
    restore(&file, &folder, SystemClock.now()).unwrap();
    // Else a restored register would print old receipts and open the drawer by itself.
    let register = open(&folder);
    let jobs = register.app().store().read(|snapshot| snapshot.open_print_jobs()).unwrap();
    assert_eq!(jobs.len(), 1);
    assert_eq!(jobs[0].status, countertop_store::JobStatus::Parked);
}
