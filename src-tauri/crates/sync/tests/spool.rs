//! The spool file: whatever is cut, full or swapped, what was acknowledged stays and comes once.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use countertop_domain::ids::{CashMoveId, RegisterId, ShiftId, StaffId};
use countertop_domain::journal::Entry;
use countertop_domain::money::{Currency, Money};
use countertop_domain::shift::{CashMove, CashMoveKind, ShiftOpen};
use countertop_domain::staff::{Actor, Role};
use countertop_domain::time::Timestamp;
use countertop_store::{Founding, Identity, Store, StoreError, StoredEntry};
use countertop_sync::{Deliver, Failure, Spool};
use uuid::Uuid;

const NOW: Timestamp = Timestamp { utc_ms: 1_795_476_600_000, offset_min: 60 };

/// The journal of a register whose cashier has a name beyond ASCII.
fn journal(float: i64) -> Vec<StoredEntry> {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), || Founding {
        identity: Identity {
            register: RegisterId::new(Uuid::from_u128(1)),
            series: "T1".to_owned(),
            currency: Currency::EUR,
        },
        at: NOW,
    })
    .unwrap();
    let actor = Actor {
        staff: StaffId::new(Uuid::from_u128(9)),
        name: "Zoë 日本".to_owned(),
        role: Role::Owner,
    };
    store
        .write::<_, StoreError>(move |tx| {
            let shift = ShiftId::new(Uuid::from_u128(100));
            let open = ShiftOpen {
                shift,
                business_day: NOW.local_day(),
                at: NOW,
                actor: actor.clone(),
                float: Money::new(float, Currency::EUR)?,
                pieces: Vec::new(),
                foreign: Vec::new(),
            };
            tx.append(NOW.utc_ms, &Entry::ShiftOpened(open))?;
            for number in 0..5 {
                let moved = CashMove {
                    id: CashMoveId::new(Uuid::from_u128(200 + number)),
                    shift,
                    at: NOW,
                    actor: actor.clone(),
                    kind: CashMoveKind::PayIn,
                    amount: Money::new(float, Currency::EUR)?,
                    value: None,
                    reason: "Change".to_owned(),
                };
                tx.append(NOW.utc_ms, &Entry::CashMoved(moved))?;
            }
            Ok(())
        })
        .unwrap();
    let mut entries = Vec::new();
    store
        .read::<_, StoreError>(|snapshot| {
            snapshot.for_each_entry(|entry| {
                entries.push(entry);
                Ok(())
            })
        })
        .unwrap();
    entries
}

fn seqs(spool: &Path) -> Vec<i64> {
    fs::read_to_string(spool)
        .unwrap()
        .lines()
        .map(|line| {
            serde_json::from_str::<serde_json::Value>(line).unwrap()["seq"].as_i64().unwrap()
        })
        .collect()
}

fn deliver(spool: &Path, entries: &[StoredEntry]) {
    let mut to = Spool::open(spool).unwrap();
    for entry in entries {
        to.deliver(entry).unwrap();
    }
}

#[test]
fn a_last_line_cut_at_any_byte_comes_again_even_within_a_character() {
    let (folder, entries) = (tempfile::tempdir().unwrap(), journal(100));
    let spool = folder.path().join("books.jsonl");
    deliver(&spool, &entries[..1]);
    let first = fs::read(&spool).unwrap().len();
    deliver(&spool, &entries[..2]);
    let whole = fs::read(&spool).unwrap();
    assert!(!whole.is_ascii(), "no character of this journal is longer than a byte");
    for length in first..=whole.len() {
        fs::write(&spool, &whole[..length]).unwrap();
        deliver(&spool, &entries[..2]);
        assert_eq!(seqs(&spool), [1, 2], "cut after {length} bytes");
    }
    // What a power cut leaves may be of the right length and hold nothing.
    let mut nothing = whole.clone();
    nothing[first + 10..].fill(0);
    fs::write(&spool, nothing).unwrap();
    deliver(&spool, &entries[..3]);
    assert_eq!(seqs(&spool), [1, 2, 3]);
}

#[test]
fn damage_before_the_end_is_named_and_nothing_after_it_is_thrown_away() {
    let (folder, entries) = (tempfile::tempdir().unwrap(), journal(100));
    let spool = folder.path().join("books.jsonl");
    deliver(&spool, &entries);
    let mut damaged = fs::read(&spool).unwrap();
    let second_line = damaged.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    damaged[second_line] = b'!';
    fs::write(&spool, &damaged).unwrap();
    let error = Spool::open(&spool).map(drop).unwrap_err().to_string();
    assert!(error.contains("damaged after entry 1"), "{error}");
    assert_eq!(fs::read(&spool).unwrap(), damaged);
}

#[test]
fn an_entry_that_the_file_has_already_is_not_written_twice() {
    let (folder, entries) = (tempfile::tempdir().unwrap(), journal(100));
    let spool = folder.path().join("books.jsonl");
    deliver(&spool, &entries[1..5]);
    let mut to = Spool::open(&spool).unwrap();
    for entry in [&entries[4], &entries[1], &entries[3], &entries[5]] {
        to.deliver(entry).unwrap();
    }
    assert_eq!(seqs(&spool), [2, 3, 4, 5, 6]);
}

#[test]
fn entries_of_another_journal_are_refused_and_not_taken_for_known_ones() {
    let (folder, entries, others) = (tempfile::tempdir().unwrap(), journal(100), journal(200));
    let spool = folder.path().join("books.jsonl");
    deliver(&spool, &entries[..4]);
    let mut to = Spool::open(&spool).unwrap();
    // A register restored from a backup goes on under numbers that were used: those entries are
    // new, and saying "I have them" would lose them.
    for entry in [&others[1], &others[3], &others[4], &entries[5]] {
        let failure = to.deliver(entry).unwrap_err();
        assert!(matches!(failure, Failure::Refused(_)), "{failure:?}");
    }
    assert_eq!(seqs(&spool), [1, 2, 3, 4]);
    to.deliver(&entries[4]).unwrap();
}

/// Unmounts when dropped.
struct Disk<'a>(&'a Path);

impl Drop for Disk<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.0).status();
    }
}

#[test]
fn on_a_full_disk_no_half_line_is_left_and_the_entry_comes_again() {
    let (folder, entries) = (tempfile::tempdir().unwrap(), journal(100));
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=16k", "countertop"])
        .arg(folder.path())
        .stderr(Stdio::null())
        .status();
    if !mounted.is_ok_and(|status| status.success()) {
        eprintln!("left out: a disk of its own cannot be mounted here");
        return;
    }
    let _disk = Disk(folder.path());
    let spool = folder.path().join("books.jsonl");
    let mut to = Spool::open(&spool).unwrap();
    to.deliver(&entries[0]).unwrap();
    let line = fs::metadata(&spool).unwrap().len();
    // Three blocks are gone, and what is left of the fourth is less than a line.
    fs::write(folder.path().join("ballast"), vec![0; 3 * 4_096]).unwrap();
    let mut taken = 1;
    let failure = loop {
        match to.deliver(&entries[taken]) {
            Ok(()) => taken += 1,
            Err(failure) => break failure,
        }
        if taken == entries.len() {
            eprintln!("left out: {line} bytes a line do not fill a block");
            return;
        }
    };
    assert!(matches!(failure, Failure::Later(_)), "{failure:?}");
    assert_eq!(seqs(&spool).len(), taken);
    fs::remove_file(folder.path().join("ballast")).unwrap();
    for entry in &entries[taken..] {
        to.deliver(entry).unwrap();
    }
    assert_eq!(seqs(&spool), [1, 2, 3, 4, 5, 6, 7]);
}
