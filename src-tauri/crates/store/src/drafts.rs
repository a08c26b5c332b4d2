//! Open baskets on their way to their own file, beside what is written into the database.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use countertop_domain::basket::Basket;
use countertop_domain::ids::BasketId;

use crate::connection::Synchronous;
use crate::error::StoreError;
use crate::table::basket::{self, BasketEdit};
use crate::written::{Trouble, Written};

/// Baskets to be saved, with their clients; none where one is to be forgotten.
type Waiting = HashMap<BasketId, Option<(String, Arc<Basket>)>>;

/// What waits, and the file. Whoever needs both takes the file first.
pub(crate) struct Drafts {
    path: PathBuf,
    waiting: Mutex<Waiting>,
    file: Mutex<Written>,
    trouble: Arc<Trouble>,
}

/// Held from the saving of a basket until its transaction is on disk: nobody saves an older state
/// over it meanwhile.
pub(crate) struct Put<'a>(#[expect(dead_code)] MutexGuard<'a, Written>);

impl Drafts {
    pub(crate) fn new(file: Written, trouble: Arc<Trouble>) -> Self {
        let path = file.file().to_path_buf();
        Self { path, waiting: Mutex::default(), file: Mutex::new(file), trouble }
    }

    /// Where the baskets are.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn file(&self) -> MutexGuard<'_, Written> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has a basket wait to be saved.
    pub(crate) fn keep(&self, client: &str, open: Arc<Basket>) {
        self.waiting().insert(open.id(), Some((client.to_owned(), open)));
    }

    /// Saves what a transaction puts, so that it is on disk before the transaction is.
    pub(crate) fn put(&self, edits: &[BasketEdit]) -> Result<Option<Put<'_>>, StoreError> {
        if !edits.iter().any(|edit| matches!(edit, BasketEdit::Put(..))) {
            return Ok(None);
        }
        let mut file = self.file();
        put_durably(&mut file, edits).map_err(|error| self.trouble.of(error))?;
        Ok(Some(Put(file)))
    }

    /// What a transaction did to baskets is on disk.
    pub(crate) fn done(&self, edits: Vec<BasketEdit>) {
        let mut waiting = self.waiting();
        for edit in edits {
            match edit {
                // An older state must not be saved over it.
                BasketEdit::Put(id, ..) => drop(waiting.remove(&id)),
                // Nobody waits for that: the sale says that the basket is none any more.
                BasketEdit::Remove(id) => drop(waiting.insert(id, None)),
            }
        }
    }

    /// Saves what waits. What could not be saved waits on: a full disk may have room again.
    pub(crate) fn save(&self) {
        if self.trouble.none_so_far().is_err() {
            return;
        }
        // First the file: what is put durably after this is not undone by what was taken here.
        let mut file = self.file();
        let baskets = std::mem::take(&mut *self.waiting());
        if baskets.is_empty() {
            return;
        }
        let saved = save(&mut file, &baskets);
        file.mark();
        if let Err(error) = saved {
            tracing::error!(%error, "open baskets could not be saved");
            self.trouble.of(error);
            let mut waiting = self.waiting();
            for (id, draft) in baskets {
                waiting.entry(id).or_insert(draft);
            }
        }
        file.end_log();
    }

    /// Ends the file's log; nothing is saved after that.
    pub(crate) fn close(&self) {
        self.file().close();
    }
}

fn save(file: &mut Written, baskets: &Waiting) -> Result<(), StoreError> {
    file.set(Synchronous::Normal)?;
    let transaction = file.connection.unchecked_transaction()?;
    for (id, draft) in baskets {
        match draft {
            Some((client, open)) if !open.is_empty() => {
                basket::put(&transaction, *id, client, &basket::body(open)?)?;
            }
            _ => basket::remove(&transaction, *id)?,
        }
    }
    Ok(transaction.commit()?)
}

fn put_durably(file: &mut Written, edits: &[BasketEdit]) -> Result<(), StoreError> {
    file.set(Synchronous::Full)?;
    let transaction = file.connection.unchecked_transaction()?;
    for edit in edits {
        if let BasketEdit::Put(id, client, body) = edit {
            basket::put(&transaction, *id, client, body)?;
        }
    }
    transaction.commit()?;
    file.mark();
    Ok(())
}
