//! The journal: append and check.
//!
//! The canonical form of an entry is the UTF-8 text
//!
//! ```text
//! countertop-journal-1 LF register-uuid LF seq LF at_ms LF prev-hash-hex LF payload
//! ```
//!
//! `hash` is its SHA-256, `signature` the register's Ed25519 signature of those 32 bytes, and
//! `prev_hash` the hash of the entry before (zeros for the first). Anyone can check a journal with
//! these three lines and a standard library.

use countertop_domain::ids::RegisterId;
use countertop_domain::journal::Entry;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use rusqlite::{Connection, OptionalExtension, Row, params};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::error::StoreError;

/// An entry as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEntry {
    /// Whose journal.
    pub register: RegisterId,
    /// 1, 2, 3 and so on, without a gap.
    pub seq: i64,
    /// When, in milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// The fact as JSON, exactly as hashed.
    pub payload: String,
    /// Hash of the entry before.
    pub prev_hash: [u8; 32],
    /// Hash of the canonical form.
    pub hash: [u8; 32],
    /// Signature of the hash.
    pub signature: [u8; 64],
}

impl StoredEntry {
    /// The fact.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if the payload is of no known kind.
    pub fn entry(&self) -> Result<Entry, StoreError> {
        serde_json::from_str(&self.payload)
            .map_err(|error| StoreError::damaged("journal entry", error))
    }
}

/// What the next entry is chained to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Head {
    pub(crate) seq: i64,
    pub(crate) hash: [u8; 32],
}

pub(crate) fn head(connection: &Connection, register: RegisterId) -> Result<Head, StoreError> {
    let found = connection
        .prepare_cached(
            "SELECT seq, hash FROM journal WHERE register_id = ?1 ORDER BY seq DESC LIMIT 1",
        )?
        .query_row([register.uuid().as_bytes().as_slice()], |row| {
            Ok(Head { seq: row.get(0)?, hash: row.get(1)? })
        })
        .optional()?;
    Ok(found.unwrap_or(Head { seq: 0, hash: [0; 32] }))
}

pub(crate) fn is_empty(connection: &Connection) -> Result<bool, StoreError> {
    Ok(connection.query_row("SELECT NOT EXISTS(SELECT 1 FROM journal)", [], |row| row.get(0))?)
}

pub(crate) fn append(
    connection: &Connection,
    key: &SigningKey,
    register: RegisterId,
    at_ms: i64,
    entry: &Entry,
) -> Result<i64, StoreError> {
    let head = head(connection, register)?;
    let payload = serde_json::to_string(entry)
        .map_err(|error| StoreError::damaged("journal entry", error))?;
    let seq = head.seq + 1;
    let hash = hash(register, seq, at_ms, &head.hash, &payload);
    let signature = key.sign(&hash).to_bytes();
    connection
        .prepare_cached(
            "INSERT INTO journal(register_id, seq, at_ms, payload, prev_hash, hash, signature)
             VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            register.uuid().as_bytes().as_slice(),
            seq,
            at_ms,
            payload,
            head.hash.as_slice(),
            hash.as_slice(),
            signature.as_slice(),
        ])?;
    Ok(seq)
}

fn hash(register: RegisterId, seq: i64, at_ms: i64, prev: &[u8; 32], payload: &str) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update(format!(
        "countertop-journal-1\n{register}\n{seq}\n{at_ms}\n{}\n",
        hex::encode(prev)
    ));
    digest.update(payload.as_bytes());
    digest.finalize().into()
}

/// Calls `each` with every entry of a register, in order.
pub(crate) fn for_each(
    connection: &Connection,
    register: RegisterId,
    mut each: impl FnMut(StoredEntry) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut statement = connection.prepare(
        "SELECT register_id, seq, at_ms, payload, prev_hash, hash, signature
         FROM journal WHERE register_id = ?1 ORDER BY seq",
    )?;
    let mut rows = statement.query([register.uuid().as_bytes().as_slice()])?;
    while let Some(row) = rows.next()? {
        each(from_row(row)?)?;
    }
    Ok(())
}

/// The entries after a place in a register's journal, the oldest first.
pub(crate) fn after(
    connection: &Connection,
    register: RegisterId,
    seq: i64,
    limit: u32,
) -> Result<Vec<StoredEntry>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT register_id, seq, at_ms, payload, prev_hash, hash, signature
         FROM journal WHERE register_id = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3",
    )?;
    let key = register.uuid();
    let rows = statement.query_map(params![key.as_bytes().as_slice(), seq, limit], from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn at(
    connection: &Connection,
    register: RegisterId,
    seq: i64,
) -> Result<Option<StoredEntry>, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT register_id, seq, at_ms, payload, prev_hash, hash, signature
             FROM journal WHERE register_id = ?1 AND seq = ?2",
        )?
        .query_row(params![register.uuid().as_bytes().as_slice(), seq], from_row)
        .optional()?)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<StoredEntry> {
    let register: [u8; 16] = row.get(0)?;
    Ok(StoredEntry {
        register: RegisterId::new(Uuid::from_bytes(register)),
        seq: row.get(1)?,
        at_ms: row.get(2)?,
        payload: row.get(3)?,
        prev_hash: row.get(4)?,
        hash: row.get(5)?,
        signature: row.get(6)?,
    })
}

/// Checks a chain entry by entry.
#[derive(Debug)]
pub(crate) struct ChainCheck {
    head: Head,
    key: Option<VerifyingKey>,
}

impl ChainCheck {
    pub(crate) const fn new() -> Self {
        Self { head: Head { seq: 0, hash: [0; 32] }, key: None }
    }

    /// What is wrong with the next entry, if anything; the check goes on from it either way.
    pub(crate) fn next(&mut self, stored: &StoredEntry) -> Vec<String> {
        let mut problems = Vec::new();
        let seq = stored.seq;
        if seq != self.head.seq + 1 {
            problems
                .push(format!("entry {seq} follows entry {}: entries are missing", self.head.seq));
        }
        if stored.prev_hash != self.head.hash {
            problems.push(format!("entry {seq} is not chained to the one before it"));
        }
        let fresh = hash(stored.register, seq, stored.at_ms, &stored.prev_hash, &stored.payload);
        if fresh != stored.hash {
            problems.push(format!("entry {seq} was changed: its hash does not fit"));
        }
        if let (1, Ok(Entry::RegisterFounded(founded))) = (seq, stored.entry()) {
            self.key = crate::key::parse_public(&founded.public_key);
        }
        let signature = Signature::from_bytes(&stored.signature);
        let signed = self
            .key
            .as_ref()
            .is_some_and(|key| key.verify_strict(&stored.hash, &signature).is_ok());
        if !signed {
            problems.push(format!("entry {seq} does not bear this register's signature"));
        }
        self.head = Head { seq, hash: stored.hash };
        problems
    }
}
