//! Disks that are full or take no writes: a sale is committed or refused, never half.
//!
//! Tried on real file systems of their own, which only the administrator of a Linux machine can
//! mount; elsewhere the tests say that they were left out.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use countertop::{Config, Register};
use countertop_app::wire::PayWith;
use countertop_domain::journal::Entry;

use crate::common::goods::{BREAD, WINE};
use crate::common::{Shop, books_agree, daemon, sales_of, wait_for};

/// A mounted file system; unmounted when dropped.
struct Disk(PathBuf);

fn mount(arguments: &[&str], at: &Path) -> bool {
    let status = Command::new("mount").args(arguments).arg(at).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

impl Disk {
    /// A disk of so many KiB.
    fn of_size(kib: u32, at: &Path) -> Option<Self> {
        let mounted = cfg!(target_os = "linux")
            && mount(&["-t", "tmpfs", "-o", &format!("size={kib}k"), "countertop"], at);
        if !mounted {
            eprintln!("left out: a disk of its own cannot be mounted here");
        }
        mounted.then(|| Self(at.to_owned()))
    }

    fn grow(&self, kib: u32) {
        assert!(mount(&["-o", &format!("remount,size={kib}k")], &self.0));
    }

    /// Makes a folder read-only as a disk with a fault becomes it.
    fn read_only(at: &Path) -> Option<Self> {
        let path = at.to_str().unwrap();
        if !cfg!(target_os = "linux") || !mount(&["--bind", path], at) {
            eprintln!("left out: a read-only disk cannot be mounted here");
            return None;
        }
        let disk = Self(at.to_owned());
        assert!(mount(&["-o", "remount,ro,bind"], at));
        Some(disk)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

/// Takes all the room that is left, to the last byte.
fn fill(folder: &Path) -> PathBuf {
    let path = folder.join("ballast");
    let mut size = 1 << 20;
    let mut ballast = fs::File::create(&path).unwrap();
    while size > 0 {
        if std::io::Write::write_all(&mut ballast, &vec![0; size]).is_err() {
            size /= 2;
        }
    }
    path
}

#[test]
fn on_a_read_only_disk_nothing_is_opened_and_nothing_changes() {
    let shop = Shop::open();
    shop.sell(&[BREAD], PayWith::Cash);
    let folder = shop.shut();
    let before = fs::read(folder.path().join("register.db")).unwrap();
    let Some(disk) = Disk::read_only(folder.path()) else { return };
    let error = Register::open(&Config::new(folder.path())).map(drop).unwrap_err();
    assert_eq!(error.code(), "read_only", "{error}");
    let output = daemon::run(folder.path(), &["verify"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(daemon::complaint(&output).contains("read-only"), "{}", daemon::complaint(&output));
    drop(disk);
    assert_eq!(fs::read(folder.path().join("register.db")).unwrap(), before);
    books_agree(Register::open(&Config::new(folder.path())).unwrap().app());
}

#[test]
fn on_a_full_disk_a_sale_is_committed_or_refused_and_never_half() {
    let work = tempfile::tempdir().unwrap();
    let Some(disk) = Disk::of_size(3_072, work.path()) else { return };
    let mut shop = Shop::closed_in(work.path());
    shop.open_shift();
    let mut sold = 0;
    let (mut refused, mut codes) = (0, Vec::new());
    let mut ballast = None;
    while refused < 20 {
        if shop.basket().lines.is_empty() {
            shop.scan(BREAD);
            shop.scan(WINE);
        }
        match shop.pay(PayWith::Cash, 1_544) {
            Ok(paid) => {
                paid.sale.expect("paid in full");
                sold += 1;
            }
            Err(error) => {
                refused += 1;
                codes.push(error.code());
                // The customer still stands there with all of the basket.
                assert_eq!(shop.basket().due, 1_544);
            }
        }
        // Half of the room by sales, the rest at once.
        if sold == 10 && ballast.is_none() {
            ballast = Some(fill(work.path()));
        }
        assert!(sold < 5_000, "the disk does not fill up");
    }
    codes.dedup();
    println!("{sold} sold, then refused with {codes:?}");
    assert!(codes.iter().all(|code| ["disk_full", "storage_trouble"].contains(code)), "{codes:?}");
    assert_eq!(codes[0], "disk_full", "the first word is the one that helps");
    assert_eq!(shop.sales().len(), sold);

    disk.grow(32_768);
    fs::remove_file(ballast.unwrap()).unwrap();
    // With room again the same customer pays, if need be after a restart.
    if shop.pay(PayWith::Cash, 1_544).is_err() {
        shop = shop.reopen();
        assert_eq!(shop.basket().due, 1_544, "the basket was lost");
        shop.pay(PayWith::Cash, 1_544).unwrap();
    }
    assert_eq!(shop.sales().len(), sold + 1);
    let receipts: Vec<_> = shop.sales().iter().map(|sale| sale.receipt.sequence).collect();
    assert_eq!(receipts, (1..=sold as i64 + 1).collect::<Vec<_>>());
    shop.books_agree();
    drop(shop);
    let register = Register::open(&Config::new(work.path())).unwrap();
    assert_eq!(sales_of(register.app()).len(), sold + 1);
    books_agree(register.app());
}

#[test]
fn what_is_scanned_while_the_disk_is_full_is_saved_when_there_is_room_again() {
    let work = tempfile::tempdir().unwrap();
    let Some(disk) = Disk::of_size(3_072, work.path()) else { return };
    let shop = Shop::closed_in(work.path());
    shop.open_shift();
    let ballast = fill(work.path());
    // Until a durable write is refused: then the log has no room for a page more either.
    wait_for("the disk to be full", || {
        shop.json("shift.close", serde_json::json!({ "counted": 0 }))
            .is_err()
            .then_some(())
            .or_else(|| {
                let _ = shop.json("shift.open", serde_json::json!({ "float": 0 }));
                None
            })
    });
    let before = shop.basket().total;
    assert_eq!(before, 0);
    shop.scan(BREAD);
    let wine = shop.scan(WINE);
    // The writer has tried to save them by the time that it answers again.
    let _ = shop.app().store().write(|tx| tx.set_setting("test", "room?"));
    disk.grow(32_768);
    fs::remove_file(ballast).unwrap();
    let shop = shop.reopen();
    assert_eq!((shop.basket().id, shop.basket().total), (wine.id, 1_544));
    books_agree(shop.app());
}

#[test]
fn a_catalogue_that_does_not_fit_on_the_disk_leaves_a_register_that_sells() {
    let work = tempfile::tempdir().unwrap();
    let Some(disk) = Disk::of_size(3_072, work.path()) else { return };
    let shop = Shop::closed_in(work.path());
    shop.open_shift();
    shop.sell(&[BREAD], PayWith::Cash);
    let headings = "Handle,Title,Variant Price,Variant Inventory Tracker,Variant Inventory Qty\n";
    let mut text = headings.to_owned();
    for number in 0..20_000 {
        text.push_str(&format!("thing-{number},Thing {number},1.00,shopify,5\n"));
    }
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), text).unwrap();
    let error =
        countertop_app::import_catalogue(shop.app(), &shop.caller, file.path()).unwrap_err();
    assert!(["disk_full", "storage_trouble"].contains(&error.code()), "{error}");
    disk.grow(65_536);
    let shop = shop.reopen();
    shop.books_agree();
    shop.sell(&[BREAD], PayWith::Cash);
    // Reading the file again finishes what the full disk broke off, and takes its stock once.
    countertop_app::import_catalogue(shop.app(), &shop.caller, file.path()).unwrap();
    let mut taken = 0;
    shop.app()
        .store()
        .read(|snapshot| {
            snapshot.for_each_entry(|stored| {
                if let Entry::StockImported(imported) = stored.entry()? {
                    taken += imported.movements.len();
                }
                Ok(())
            })
        })
        .unwrap();
    // Three of the shop's own goods track their stock.
    assert_eq!(taken, 20_000 + 3);
    shop.books_agree();
}
