//! The running totals of a shift: what the tables say is what the journal says.

use countertop_domain::journal::Entry;
use countertop_domain::money::Money;
use countertop_domain::posting::Account;
use countertop_domain::shift::{ShiftClose, ShiftTotals};
use countertop_store::{Store, StoreError};
use rusqlite::Connection;

use crate::common::{
    append, closing, dropped, eur, opening, sell, sell_in, shift, some_days, try_open, usd,
};

/// The totals of a shift by the domain's own arithmetic, from the first entry to the last.
fn added_up(store: &Store, number: u128) -> ShiftTotals {
    let mut totals = ShiftTotals::new(eur(0).currency());
    let id = shift(number);
    store
        .read::<_, StoreError>(|snapshot| {
            snapshot.for_each_entry(|stored| {
                match stored.entry()? {
                    Entry::ShiftOpened(open) if open.shift == id => totals.add_open(&open)?,
                    Entry::SaleCompleted(sale) if sale.shift == id => totals.add_sale(&sale)?,
                    Entry::CashMoved(moved) if moved.shift == id => totals.add_move(&moved)?,
                    _ => {}
                }
                Ok(())
            })
        })
        .unwrap();
    totals
}

fn kept(store: &Store, number: u128) -> ShiftTotals {
    store.read::<_, StoreError>(|s| s.shift_totals(shift(number))).unwrap().unwrap()
}

fn balance(store: &Store, account: Account) -> i64 {
    store.read::<_, StoreError>(|s| s.balance(account)).unwrap()
}

#[test]
fn totals_are_kept_as_the_facts_add_up_to_them() {
    let folder = tempfile::tempdir().unwrap();
    let store = some_days(folder.path());
    for number in 0..2 {
        let totals = kept(&store, number);
        assert_eq!(totals, added_up(&store, number));
        // Each sale comes to 25.50; 10 dollars are worth 9.20.
        assert_eq!((totals.sales, totals.takings), (3, eur(7_650)));
        assert_eq!(totals.expected(eur(0).currency()), eur(10_000 + 3 * 500 - 2_500));
        assert_eq!(totals.expected(usd(0).currency()), usd(5_000 + 3 * 1_000));
    }
}

#[test]
fn the_drawer_in_the_books_is_the_drawer_of_the_open_shift() {
    let folder = tempfile::tempdir().unwrap();
    let store = some_days(folder.path());
    let drawer = kept(&store, 1).drawer;
    assert_eq!(balance(&store, Account::Drawer), drawer[0].amount.minor());
    assert_eq!(balance(&store, Account::DrawerForeign), drawer[1].value.minor());
    append(&store, Entry::ShiftClosed(closing(&store, 0))).unwrap();
    assert_eq!(balance(&store, Account::Drawer), 0);
    assert_eq!(balance(&store, Account::DrawerForeign), 0);
}

#[test]
fn a_rebuild_gives_the_same_totals_and_the_same_grand_total() {
    let folder = tempfile::tempdir().unwrap();
    let store = some_days(folder.path());
    append(&store, Entry::ShiftClosed(closing(&store, 0))).unwrap();
    let answers = |store: &Store| {
        store
            .read::<_, StoreError>(|s| {
                let totals = (s.shift_totals(shift(0))?, s.shift_totals(shift(1))?);
                Ok((totals, s.closed_shifts(10)?, s.next_z_number()?))
            })
            .unwrap()
    };
    let before = answers(&store);
    drop(store);
    let file = folder.path().join("register.db");
    Connection::open(&file)
        .unwrap()
        .execute_batch(
            "DROP TRIGGER shift_keeps; DROP TRIGGER grand_total_keeps;
             UPDATE shift_total SET amount_minor = amount_minor + 1;
             UPDATE shift SET takings_minor = 0, drawer_minor = 7;
             UPDATE grand_total SET amount_minor = 5;",
        )
        .unwrap();
    let store = try_open(folder.path()).unwrap();
    let found = store.verify().unwrap().problems;
    for table in ["shift", "shift_total", "grand_total"] {
        assert!(found.iter().any(|p| p.contains(&format!("table {table},"))), "{table}: {found:?}");
    }
    store.rebuild().unwrap();
    assert_eq!(store.verify().unwrap().problems, Vec::<String>::new());
    assert_eq!(answers(&store), before);
    // 2 x 3 sales.
    append(&store, Entry::ShiftOpened(opening(shift(2)))).unwrap();
    assert_eq!(closing(&store, 0).grand_total, eur(6 * 2_550));
}

/// Closes the open shift after `change` has been made to its close.
fn close_wrongly(store: &Store, change: impl Fn(&mut ShiftClose)) -> String {
    let mut close = closing(store, 0);
    change(&mut close);
    append(store, Entry::ShiftClosed(close)).unwrap_err().to_string()
}

#[test]
fn a_z_report_that_says_anything_but_what_happened_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let store = some_days(folder.path());
    let refused = close_wrongly(&store, |close| close.z_number += 1);
    assert!(refused.contains("follows number 1"), "{refused}");
    let refused = close_wrongly(&store, |close| close.z_number -= 1);
    assert!(refused.contains("follows number 1"), "{refused}");
    let refused = close_wrongly(&store, |close| close.totals.voids = 1);
    assert!(refused.contains("totals"), "{refused}");
    let refused = close_wrongly(&store, |close| {
        close.totals.drawer[1].amount = usd(0);
    });
    assert!(refused.contains("totals"), "{refused}");
    let refused = close_wrongly(&store, |close| close.grand_total = eur(0));
    assert!(refused.contains("grand total"), "{refused}");
    let refused = close_wrongly(&store, |close| close.counts.clear());
    assert!(refused.contains("not counted"), "{refused}");
    // Nothing of it stayed, and the honest one goes through.
    append(&store, Entry::ShiftClosed(closing(&store, 0))).unwrap();
    assert_eq!(store.verify().unwrap().problems, Vec::<String>::new());
}

#[test]
fn nothing_is_added_to_a_shift_that_is_closed() {
    let folder = tempfile::tempdir().unwrap();
    let store = some_days(folder.path());
    let before = kept(&store, 0);
    for refused in [
        sell(&store, shift(0), 90),
        append(&store, Entry::CashMoved(dropped(shift(0), 990))),
        append(&store, Entry::ShiftClosed(ShiftClose { shift: shift(0), ..closing(&store, 0) })),
    ] {
        assert!(refused.is_err());
    }
    assert_eq!(kept(&store, 0), before);
    let sql = Connection::open(folder.path().join("register.db")).unwrap();
    for forbidden in [
        "UPDATE shift SET takings_minor = 0 WHERE z_number = 1",
        "DELETE FROM shift WHERE z_number = 1",
        "UPDATE cash_move SET amount_minor = 0",
        "DELETE FROM cash_move",
        "UPDATE grand_total SET amount_minor = 0",
        "DELETE FROM grand_total",
    ] {
        assert!(sql.execute_batch(forbidden).is_err(), "{forbidden}");
    }
}

#[test]
fn a_fact_that_makes_a_total_too_large_is_refused_and_the_shift_stays_countable() {
    let folder = tempfile::tempdir().unwrap();
    let store = some_days(folder.path());
    append(&store, Entry::ShiftClosed(closing(&store, 0))).unwrap();
    let mut open = opening(shift(2));
    open.float = eur(Money::MAX_MINOR - 100);
    open.foreign.clear();
    append(&store, Entry::ShiftOpened(open)).unwrap();
    let refused = sell(&store, shift(2), 91).unwrap_err();
    assert!(matches!(refused, StoreError::Money(_)), "{refused}");
    assert_eq!(kept(&store, 2), added_up(&store, 2));
    append(&store, Entry::ShiftClosed(closing(&store, 0))).unwrap();
    assert_eq!(store.verify().unwrap().problems, Vec::<String>::new());
}

/// How many rows the totals of all shifts have.
fn rows(folder: &std::path::Path) -> i64 {
    let sql = Connection::open(folder.join("register.db")).unwrap();
    sql.query_row("SELECT count(*) FROM shift_total", [], |row| row.get(0)).unwrap()
}

#[test]
fn the_totals_of_ten_thousand_sales_are_as_few_rows_as_those_of_one() {
    let folder = tempfile::tempdir().unwrap();
    let store = some_days(folder.path());
    let before = rows(folder.path());
    store
        .write::<_, StoreError>(|tx| {
            (1_000..11_000).try_for_each(|number| sell_in(tx, shift(1), number).map(|_| ()))
        })
        .unwrap();
    assert_eq!(rows(folder.path()), before);
    append(&store, Entry::ShiftClosed(closing(&store, 0))).unwrap();
    let closed = store.read::<_, StoreError>(|s| s.closed_shifts(1)).unwrap();
    assert_eq!((closed[0].sales, closed[0].takings), (10_003, 10_003 * 2_550));
}
