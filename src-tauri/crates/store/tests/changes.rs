//! What happened is told in one order, and whoever has read up to a place misses nothing after it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use countertop_domain::journal::Entry;
use countertop_store::{Happened, Happening, Position, Store, StoreError};

use crate::common::{NOW, append, dropped, opening, shift, try_open};

fn note(store: &Store, number: usize, at_ms: i64) {
    store
        .write::<_, StoreError>(move |tx| {
            tx.note_change("product", &number.to_string(), "updated", at_ms)
        })
        .unwrap();
}

fn happened(store: &Store, after: Position, limit: u32) -> Vec<Happened> {
    store.read::<_, StoreError>(|s| s.happened_after(after, limit)).unwrap()
}

/// Which it is, in words.
fn name(happened: &Happened) -> String {
    match &happened.what {
        Happening::Entry(entry) => format!("entry {}", entry.seq),
        Happening::Change(change) => format!("change {}", change.id),
    }
}

#[test]
fn facts_and_changes_are_told_in_the_order_in_which_they_were_written() {
    let folder = tempfile::tempdir().unwrap();
    let store = try_open(folder.path()).unwrap();
    note(&store, 1, NOW.utc_ms);
    append(&store, Entry::ShiftOpened(opening(shift(0)))).unwrap();
    note(&store, 2, NOW.utc_ms);
    note(&store, 3, NOW.utc_ms);
    append(&store, Entry::CashMoved(dropped(shift(0), 1))).unwrap();
    let expected = ["entry 1", "change 1", "entry 2", "change 2", "change 3", "entry 3"];
    let all = happened(&store, Position::default(), 100);
    assert_eq!(all.iter().map(name).collect::<Vec<_>>(), expected);
    // Read one at a time, it is the same, with the same places and marks.
    let mut after = Position::default();
    for one in all {
        let next = happened(&store, after, 1);
        assert_eq!(next, [one]);
        after = next[0].position;
    }
    assert_eq!(after, store.read::<_, StoreError>(|s| s.last_position()).unwrap());
}

#[test]
fn whoever_reads_while_others_write_misses_nothing_and_hears_nothing_twice() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(try_open(folder.path()).unwrap());
    append(&store, Entry::ShiftOpened(opening(shift(0)))).unwrap();
    let writers: Vec<_> = (0..4_usize)
        .map(|writer| {
            let store = Arc::clone(&store);
            std::thread::spawn(move || {
                for number in 0..60 {
                    if (writer + number) % 2 == 0 {
                        note(&store, writer * 1_000 + number, NOW.utc_ms);
                    } else {
                        let id = u128::try_from(writer * 1_000 + number).unwrap();
                        append(&store, Entry::CashMoved(dropped(shift(0), id))).unwrap();
                    }
                }
            })
        })
        .collect();
    let mut read = Vec::new();
    let mut after = Position::default();
    loop {
        // Asked before reading: what is written later is not expected any more.
        let done = writers.iter().all(|writer| writer.is_finished());
        let found = happened(&store, after, 7);
        if found.is_empty() && done {
            break;
        }
        for one in found {
            assert!(one.position > after, "{one:?}");
            after = one.position;
            read.push(one);
        }
    }
    writers.into_iter().for_each(|writer| writer.join().unwrap());
    assert_eq!(read.len(), 2 + 240);
    assert!(
        read == happened(&store, Position::default(), 1_000),
        "read later, it is another order"
    );
}

#[test]
fn a_listener_hears_of_a_commit_and_not_of_what_was_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let store = try_open(folder.path()).unwrap();
    let heard = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&heard);
    let listening = store.on_commit(move || {
        count.fetch_add(1, Ordering::SeqCst);
    });
    note(&store, 1, NOW.utc_ms);
    assert_eq!(heard.load(Ordering::SeqCst), 1);
    let refused = store.write::<(), StoreError>(|tx| {
        tx.note_change("product", "2", "updated", NOW.utc_ms)?;
        Err(StoreError::Closed)
    });
    refused.unwrap_err();
    assert_eq!(heard.load(Ordering::SeqCst), 1);
    drop(listening);
    note(&store, 3, NOW.utc_ms);
    assert_eq!(heard.load(Ordering::SeqCst), 1);
}

#[test]
fn old_changes_are_forgotten_and_the_register_knows_up_to_where() {
    let folder = tempfile::tempdir().unwrap();
    let store = try_open(folder.path()).unwrap();
    let month_ms = 31 * 24 * 60 * 60 * 1000;
    let noted = |from: usize, to: usize, at_ms: i64| {
        store
            .write::<_, StoreError>(move |tx| {
                (from..to).try_for_each(|n| tx.note_change("tax", &n.to_string(), "updated", at_ms))
            })
            .unwrap();
    };
    noted(0, 300, NOW.utc_ms);
    let forgotten = || store.read::<_, StoreError>(|s| s.forgotten_position()).unwrap();
    assert_eq!(forgotten(), Position::default());
    noted(300, 520, NOW.utc_ms + month_ms);
    assert_eq!(forgotten(), Position { seq: 1, change: 300 });
    let first = happened(&store, forgotten(), 1);
    assert_eq!(first.iter().map(name).collect::<Vec<_>>(), ["change 301"]);
}
