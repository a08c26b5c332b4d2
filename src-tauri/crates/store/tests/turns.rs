//! Who writes when: at once on one's own thread, or behind others.

use std::sync::Barrier;
use std::time::{Duration, Instant};

use countertop_domain::basket::Basket;
use countertop_domain::ids::BasketId;
use countertop_store::{Store, StoreError, behind_the_till};
use rusqlite::Connection;
use uuid::Uuid;

use crate::common::{sell, shift, some_days, try_open};

fn setting(store: &Store, name: &'static str) -> Option<String> {
    store.read::<_, StoreError>(|snapshot| snapshot.setting(name)).unwrap()
}

#[test]
fn what_is_written_comes_after_the_parts_that_were_begun_before_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = try_open(folder.path()).unwrap();
    for number in 0..300 {
        for part in 0..3 {
            let text = format!("{number}/{part}");
            let begun = store.begin_part(move |tx| tx.set_setting("part", &text));
            drop(begun.unwrap());
        }
        let read = store.write::<_, StoreError>(|tx| tx.setting("part")).unwrap();
        assert_eq!(read, Some(format!("{number}/2")));
    }
}

#[test]
fn tills_and_programs_that_write_at_once_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = try_open(folder.path()).unwrap();
    let begin = Barrier::new(4);
    let add = || {
        begin.wait();
        for _ in 0..50 {
            let added = store.write::<_, StoreError>(|tx| {
                let sum: u32 = tx.setting("sum")?.map_or(0, |text| text.parse().unwrap());
                tx.set_setting("sum", &(sum + 1).to_string())
            });
            added.unwrap();
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(add);
        scope.spawn(add);
        scope.spawn(|| behind_the_till(add));
        behind_the_till(add);
    });
    assert_eq!(setting(&store, "sum").as_deref(), Some("200"));
}

#[test]
fn a_transaction_that_falls_over_is_taken_back_and_the_next_one_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let store = try_open(folder.path()).unwrap();
    let falls = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        store.write::<(), StoreError>(|tx| {
            tx.set_setting("fell", "1")?;
            std::panic::resume_unwind(Box::new(()))
        })
    }));
    assert!(falls.is_err());
    let part = store.begin_part::<(), StoreError>(|tx| {
        tx.set_setting("fell", "2")?;
        std::panic::resume_unwind(Box::new(()))
    });
    assert!(matches!(part.unwrap().wait(), Err(StoreError::Closed)));
    let next = store.begin_part::<_, StoreError>(|tx| tx.set_setting("next", "1"));
    next.unwrap().wait().unwrap();
    store.write::<_, StoreError>(|tx| tx.set_setting("last", "1")).unwrap();
    let all = ["fell", "next", "last"].map(|name| setting(&store, name));
    assert_eq!(all, [None, Some("1".to_owned()), Some("1".to_owned())]);
}

#[test]
fn a_part_payment_is_never_undone_by_an_older_state_of_its_basket() {
    let folder = tempfile::tempdir().unwrap();
    let store = try_open(folder.path()).unwrap();
    let ids: Vec<BasketId> = (0..100).map(|n| BasketId::new(Uuid::from_u128(n + 1))).collect();
    for id in &ids {
        // A draft that is empty is forgotten: it must not take the payment's state with it.
        store.keep_basket("till", Basket::new(*id).into());
        let paid = Basket::new(*id);
        store.write::<_, StoreError>(move |tx| tx.put_basket("till", &paid)).unwrap();
    }
    drop(store);
    let saved: u32 = Connection::open(folder.path().join("baskets.db"))
        .unwrap()
        .query_row("SELECT count(*) FROM basket", [], |row| row.get(0))
        .unwrap();
    assert_eq!(saved, 100);
}

#[test]
fn the_sums_of_reports_follow_a_sale_although_nobody_asks() {
    let folder = tempfile::tempdir().unwrap();
    let store = some_days(folder.path());
    let look = Connection::open(folder.path().join("register.db")).unwrap();
    let summed_up = || {
        let query =
            "SELECT (SELECT max(seq) FROM journal) = coalesce((SELECT seq FROM report_mark), 0)";
        let until = Instant::now() + Duration::from_secs(60);
        while !look.query_row(query, [], |row| row.get::<_, bool>(0)).unwrap() {
            assert!(Instant::now() < until, "waited in vain for the sums");
            std::thread::sleep(Duration::from_millis(5));
        }
    };
    for number in 30..33 {
        summed_up();
        sell(&store, shift(1), number).unwrap();
    }
    summed_up();
}
