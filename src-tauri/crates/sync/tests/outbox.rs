//! The outbox: what happens at the till reaches a destination in order, once, whatever stops.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use countertop_domain::ids::{CashMoveId, RegisterId, ShiftId, StaffId};
use countertop_domain::journal::Entry;
use countertop_domain::money::{Currency, Money};
use countertop_domain::shift::{CashMove, CashMoveKind, ShiftOpen};
use countertop_domain::staff::{Actor, Role};
use countertop_domain::time::Timestamp;
use countertop_store::{Destination, Founding, Identity, Store, StoreError, StoredEntry};
use countertop_sync::{Deliver, Failure, Spool, drain};
use uuid::Uuid;

const NOW: Timestamp = Timestamp { utc_ms: 1_795_476_600_000, offset_min: 60 };
const LATER_MS: i64 = NOW.utc_ms + 3_600_000;

fn open(folder: &Path) -> Store {
    Store::open(folder, || Founding {
        identity: Identity {
            register: RegisterId::new(Uuid::from_u128(1)),
            series: "T1".to_owned(),
            currency: Currency::EUR,
        },
        at: NOW,
    })
    .unwrap()
}

/// A store that tells `books` of everything, in which so much happened after its founding.
fn busy(folder: &Path, facts: u128) -> Store {
    let store = open(folder);
    let books = Destination { name: "books".to_owned(), address: "file:books".to_owned() };
    store.write::<_, StoreError>(move |tx| tx.add_destination(&books)).unwrap();
    let actor = Actor {
        staff: StaffId::new(Uuid::from_u128(9)),
        name: "Mara".to_owned(),
        role: Role::Owner,
    };
    let shift = ShiftId::new(Uuid::from_u128(100));
    let float = Money::new(10_000, Currency::EUR).unwrap();
    for number in 0..facts {
        let fact = if number == 0 {
            Entry::ShiftOpened(ShiftOpen {
                shift,
                business_day: NOW.local_day(),
                at: NOW,
                actor: actor.clone(),
                float,
                pieces: Vec::new(),
                foreign: Vec::new(),
            })
        } else {
            Entry::CashMoved(CashMove {
                id: CashMoveId::new(Uuid::from_u128(200 + number)),
                shift,
                at: NOW,
                actor: actor.clone(),
                kind: CashMoveKind::PayIn,
                amount: float,
                value: None,
                reason: "Change".to_owned(),
            })
        };
        store.write::<_, StoreError>(move |tx| tx.append(NOW.utc_ms, &fact)).unwrap();
    }
    store
}

fn waiting(store: &Store) -> u32 {
    store.read::<_, StoreError>(|snapshot| snapshot.outbox_waiting()).unwrap()
}

/// Fails as it is told to, and keeps what it took.
#[derive(Default)]
struct Peer {
    has: Vec<i64>,
    fails_at: BTreeSet<i64>,
    refuses: Option<i64>,
}

impl Deliver for Peer {
    fn deliver(&mut self, entry: &StoredEntry) -> Result<(), Failure> {
        if self.fails_at.remove(&entry.seq) {
            return Err(Failure::Later("the line is busy".to_owned()));
        }
        if self.refuses == Some(entry.seq) {
            return Err(Failure::Refused("unknown kind".to_owned()));
        }
        self.has.push(entry.seq);
        Ok(())
    }
}

#[test]
fn everything_arrives_in_order_and_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = busy(folder.path(), 6);
    let mut peer = Peer::default();
    assert_eq!(waiting(&store), 6);
    assert_eq!(drain(&store, "books", &mut peer, NOW.utc_ms).unwrap(), 6);
    assert_eq!(drain(&store, "books", &mut peer, NOW.utc_ms).unwrap(), 0);
    assert_eq!(peer.has, [2, 3, 4, 5, 6, 7]);
    assert_eq!(waiting(&store), 0);
}

#[test]
fn a_busy_peer_is_asked_again_later_and_nothing_overtakes() {
    let folder = tempfile::tempdir().unwrap();
    let store = busy(folder.path(), 4);
    let mut peer = Peer { fails_at: [3].into(), ..Peer::default() };
    assert_eq!(drain(&store, "books", &mut peer, NOW.utc_ms).unwrap(), 1);
    // Not due yet: asking at once again would be a storm.
    assert_eq!(drain(&store, "books", &mut peer, NOW.utc_ms + 1).unwrap(), 0);
    assert_eq!(peer.has, [2]);
    assert_eq!(drain(&store, "books", &mut peer, LATER_MS).unwrap(), 3);
    assert_eq!(peer.has, [2, 3, 4, 5]);
}

#[test]
fn a_refused_entry_stops_its_queue_until_a_person_looks() {
    let folder = tempfile::tempdir().unwrap();
    let store = busy(folder.path(), 4);
    let mut peer = Peer { refuses: Some(4), ..Peer::default() };
    assert_eq!(drain(&store, "books", &mut peer, NOW.utc_ms).unwrap(), 2);
    assert_eq!(drain(&store, "books", &mut peer, LATER_MS).unwrap(), 0);
    assert_eq!(peer.has, [2, 3]);
    assert_eq!(waiting(&store), 2);
}

#[test]
fn a_register_that_stopped_while_sending_sends_again_and_the_spool_has_it_once() {
    let folder = tempfile::tempdir().unwrap();
    let spool = folder.path().join("books.jsonl");
    {
        let store = busy(folder.path(), 4);
        // Delivered, but the power went before that was noted.
        let (message, entry) = store
            .write::<_, StoreError>(|tx| {
                let message = tx.claim_message("books", NOW.utc_ms)?.unwrap();
                let entry = tx.entry(message.seq)?.unwrap();
                Ok((message, entry))
            })
            .unwrap();
        assert_eq!(message.seq, 2);
        Spool::open(&spool).unwrap().deliver(&entry).unwrap();
    }
    let store = open(folder.path());
    let mut to = Spool::open(&spool).unwrap();
    assert_eq!(drain(&store, "books", &mut to, NOW.utc_ms).unwrap(), 4);
    assert_eq!(seqs(&spool), [2, 3, 4, 5]);
}

#[test]
fn half_a_line_in_the_spool_is_cut_off_and_comes_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = busy(folder.path(), 2);
    let spool = folder.path().join("books.jsonl");
    let entry = store.read::<_, StoreError>(|snapshot| snapshot.entry(2)).unwrap().unwrap();
    Spool::open(&spool).unwrap().deliver(&entry).unwrap();
    let whole = std::fs::read(&spool).unwrap();
    for length in 0..whole.len() {
        std::fs::write(&spool, &whole[..length]).unwrap();
        Spool::open(&spool).unwrap().deliver(&entry).unwrap();
        assert_eq!(seqs(&spool), [2], "cut after {length} bytes");
    }
}

fn seqs(spool: &PathBuf) -> Vec<i64> {
    std::fs::read_to_string(spool)
        .unwrap()
        .lines()
        .map(|line| {
            serde_json::from_str::<serde_json::Value>(line).unwrap()["seq"].as_i64().unwrap()
        })
        .collect()
}
