//! Real baskets through the till's own commands: every number agrees at the end.

use std::path::Path;

use countertop::{Config, Register};
use countertop_app::{Customers, ReplayFile, TenderMix, replay};
use countertop_domain::ids::VariantId;
use countertop_domain::posting::Account;
use serde_json::Value;

use crate::common::{Dice, books_agree, daemon, sales_of};

/// Seventy baskets of one to twelve groceries.
fn baskets() -> String {
    let names = ["milk", "rolls", "soda", "yogurt", "apples", "beer", "coffee", "curd", "salt"];
    let mut dice = Dice(7);
    let mut text = String::new();
    for _ in 0..70 {
        let count = 1 + dice.below(12);
        let basket: Vec<_> =
            (0..count).map(|_| names[dice.below(names.len() as u64) as usize]).collect();
        text.push_str(&basket.join(","));
        text.push('\n');
    }
    text
}

/// Rings up a file and compares takings, drawer, stock and journal with the file itself.
fn ring_up(path: &Path, limit: Option<usize>, pay: TenderMix) {
    let folder = tempfile::tempdir().unwrap();
    let register = Register::open(&Config::new(folder.path())).unwrap();
    let app = register.app();
    let caller = register.caller("replay").unwrap();
    let file = ReplayFile::read(path).unwrap().limit(limit);
    let mut acknowledged = Vec::new();
    let customers = Customers { pay, want_receipts: false };
    let run = replay(app, &caller, &file, customers, &mut |sale| {
        acknowledged.push((sale.id, sale.total));
        Ok(())
    })
    .unwrap();

    let text = std::fs::read_to_string(path).unwrap();
    let asked: Vec<Vec<&str>> = text
        .lines()
        .map(|line| line.split(',').map(str::trim).filter(|name| !name.is_empty()).collect())
        .filter(|basket: &Vec<&str>| !basket.is_empty())
        .take(limit.unwrap_or(usize::MAX))
        .collect();
    let scans: usize = asked.iter().map(Vec::len).sum();
    let sales = sales_of(app);
    assert_eq!((run.sales, run.lines), (asked.len() as u64, scans as u64));
    assert_eq!(sales.len(), asked.len());
    for ((sale, asked), said) in sales.iter().zip(&asked).zip(&acknowledged) {
        let pieces: i64 = sale.lines.iter().map(|line| line.quantity.thousandths() / 1_000).sum();
        assert_eq!(pieces as usize, asked.len(), "{}", sale.receipt);
        for line in &sale.lines {
            let count = asked.iter().filter(|name| **name == line.name).count() as i64;
            assert_eq!(line.quantity.thousandths(), count * 1_000);
            assert_eq!(line.total.minor(), line.unit_price.minor() * count);
        }
        assert_eq!((sale.id, sale.total.minor()), *said);
    }
    let takings: i64 = sales.iter().map(|sale| sale.total.minor()).sum();
    assert_eq!((run.takings, run.cash + run.card), (takings, takings));
    assert_eq!(run.drawer, 10_000 + run.cash);
    let balance = |account| app.store().read(|snapshot| snapshot.balance(account)).unwrap();
    assert_eq!(balance(Account::CardExternal), run.card);
    // The shift is closed: the drawer is empty, the safe has what came in.
    assert_eq!((balance(Account::Drawer), balance(Account::Safe)), (0, run.cash));

    let mut sold: std::collections::BTreeMap<VariantId, i64> = std::collections::BTreeMap::new();
    for line in sales.iter().flat_map(|sale| &sale.lines) {
        *sold.entry(line.variant).or_default() += line.quantity.thousandths();
    }
    for (variant, sold) in sold {
        let left = app.store().read(|snapshot| snapshot.stock_of(variant)).unwrap();
        assert_eq!(left.thousandths(), 10_000_000 - sold);
    }
    books_agree(app);
}

#[test]
fn takings_stock_drawer_and_journal_of_many_baskets_agree_to_the_cent() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), baskets()).unwrap();
    for pay in [TenderMix::Cash, TenderMix::Card, TenderMix::Mixed] {
        ring_up(file.path(), None, pay);
    }
}

#[test]
fn the_baskets_of_a_real_month_agree_to_the_cent() {
    let path = Path::new("../shared/data/grocery-baskets.csv");
    if !path.is_file() {
        eprintln!("left out: {} is not there", path.display());
        return;
    }
    ring_up(path, Some(300), TenderMix::Mixed);
}

#[test]
fn a_replay_answers_with_its_figures_and_acknowledges_each_sale_first() {
    let work = tempfile::tempdir().unwrap();
    let file = work.path().join("baskets.csv");
    std::fs::write(&file, "milk,bread\n\nbread\n,,\nmilk , milk\n").unwrap();
    let (data, file) = (work.path().join("data"), file.to_str().unwrap());
    let output = daemon::run(&data, &["replay", file, "--acks", "--json", "--tender", "cash"]);
    assert!(output.status.success(), "{}", daemon::complaint(&output));
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 4, "{text}");
    let run: Value = serde_json::from_str(lines[3]).unwrap();
    assert_eq!(
        (&run["sales"], &run["lines"], &run["currency"]),
        (&3.into(), &5.into(), &"EUR".into())
    );
    let mut takings = 0;
    for (number, line) in (1..).zip(&lines[..3]) {
        let words: Vec<_> = line.split(' ').collect();
        assert_eq!(&words[..2], ["ack", &format!("T1-{number}")]);
        assert!(words[2].parse::<uuid::Uuid>().is_ok());
        takings += words[3].parse::<i64>().unwrap();
    }
    assert_eq!(run["takings"], takings);
    // The same names have the same prices the next time, and the items are made once.
    let again = daemon::run(&data, &["replay", file, "--json"]);
    let run: Value = serde_json::from_slice(&again.stdout).unwrap();
    assert_eq!(run["takings"], takings);
    let products = daemon::run(&data, &["export", "products"]);
    assert_eq!(String::from_utf8(products.stdout).unwrap().lines().count(), 2);
}

#[test]
fn a_file_without_baskets_is_bad_input() {
    let work = tempfile::tempdir().unwrap();
    for (name, content) in [("empty", &b""[..]), ("commas", b",,\n,\n"), ("bytes", b"a,\xFF\xFE\n")]
    {
        let file = work.path().join(name);
        std::fs::write(&file, content).unwrap();
        let output = daemon::run(&work.path().join("data"), &["replay", file.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert!(daemon::complaint(&output).contains(name), "{}", daemon::complaint(&output));
    }
    assert!(!work.path().join("data").exists(), "a bad file founded a register");
}
