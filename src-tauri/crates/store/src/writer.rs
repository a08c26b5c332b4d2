//! The writer: one thread, one connection to each file, one transaction after the other.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use countertop_domain::basket::Basket;
use countertop_domain::ids::BasketId;
use ed25519_dalek::SigningKey;
use rusqlite::{Connection, TransactionBehavior};

use crate::checkpoint::{Log, end_log};
use crate::commit::Listeners;
use crate::connection::{Synchronous, set_synchronous};
use crate::error::StoreError;
use crate::lane::{Lanes, NoJob, Queue, lanes};
use crate::snapshot::{Snapshot, Tx};
use crate::store::Identity;
use crate::table::basket::{self, BasketEdit};
use crate::table::report;

/// Work that waits at most; more than a register ever has in flight.
const QUEUE: usize = 256;

/// How long nobody has asked for anything when the sums of reports are brought up to date.
const IDLE: Duration = Duration::from_millis(250);

type Work = Box<dyn FnOnce(&mut Worker) + Send>;

enum Job {
    Work(Work),
    SaveBaskets,
    Stop,
}

/// Baskets to be saved, with their clients; none where one is to be forgotten.
type Drafts = HashMap<BasketId, Option<(String, Arc<Basket>)>>;

/// The handle to the writer's thread.
pub(crate) struct Writer {
    jobs: Lanes<Job>,
    drafts: Arc<Mutex<Drafts>>,
    thread: Option<JoinHandle<()>>,
}

/// A connection that writes to a database, and what it and the checkpointer tell each other.
pub(crate) struct Written {
    connection: Connection,
    file: PathBuf,
    mark: Arc<AtomicBool>,
    /// Set by the checkpointer when the log is to end.
    end: Arc<AtomicBool>,
    /// How the connection is set now.
    synchronous: Option<Synchronous>,
}

impl Written {
    pub(crate) fn new(connection: Connection, file: PathBuf) -> Self {
        Self { connection, file, mark: Arc::default(), end: Arc::default(), synchronous: None }
    }

    /// What the checkpointer is to know.
    pub(crate) fn log(&self) -> Log {
        let (written, end) = (Arc::clone(&self.mark), Arc::clone(&self.end));
        Log { database: self.file.clone(), written, end }
    }

    fn set(&mut self, synchronous: Synchronous) -> Result<(), StoreError> {
        if self.synchronous != Some(synchronous) {
            self.synchronous = None;
            set_synchronous(&self.connection, synchronous)?;
            self.synchronous = Some(synchronous);
        }
        Ok(())
    }

    fn mark(&self) {
        self.mark.store(true, Ordering::Release);
    }

    fn end_log(&self) {
        if self.end.swap(false, Ordering::AcqRel) {
            end_log(&self.connection);
        }
    }

    fn close(self) {
        let checkpoint: Result<i64, _> =
            self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0));
        if !matches!(checkpoint, Ok(0)) {
            tracing::warn!(
                ?checkpoint,
                "the last checkpoint did not finish; the next start does it"
            );
        }
    }
}

/// What the thread owns.
pub(crate) struct Worker {
    database: Written,
    baskets: Written,
    identity: Identity,
    key: SigningKey,
    drafts: Arc<Mutex<Drafts>>,
    listeners: Arc<Listeners>,
    /// After a disk error nothing more is written.
    broken: Option<String>,
}

impl Writer {
    pub(crate) fn start(
        database: Written,
        baskets: Written,
        identity: Identity,
        key: SigningKey,
        listeners: Arc<Listeners>,
    ) -> Result<Self, StoreError> {
        let (jobs, queue) = lanes(QUEUE);
        let drafts = Arc::<Mutex<Drafts>>::default();
        let kept = Arc::clone(&drafts);
        let worker =
            Worker { database, baskets, identity, key, drafts: kept, listeners, broken: None };
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || run(worker, &queue))
            .map_err(|error| StoreError::file(PathBuf::from("store-writer"), error))?;
        Ok(Self { jobs, drafts, thread: Some(thread) })
    }

    /// Hands `work` to the writer and comes back before it is done.
    pub(crate) fn begin<T, E>(
        &self,
        synchronous: Synchronous,
        work: impl FnOnce(&Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<Underway<T, E>, StoreError>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (answer, wait) = sync_channel(1);
        let job = Job::Work(Box::new(move |worker: &mut Worker| {
            // The asker may have gone; the work is done all the same.
            let _ = answer.send(worker.transact(synchronous, work));
        }));
        if self.jobs.send(job) { Ok(Underway(wait)) } else { Err(StoreError::Closed) }
    }

    /// Saves an open basket soon, without anyone waiting for it.
    pub(crate) fn keep_basket(&self, client: &str, basket: Arc<Basket>) {
        let mut drafts = self.drafts.lock().unwrap_or_else(PoisonError::into_inner);
        drafts.insert(basket.id(), Some((client.to_owned(), basket)));
        drop(drafts);
        // A full queue means that the writer is busy, and it saves drafts after every job.
        self.jobs.try_send(Job::SaveBaskets);
    }
}

/// Work that the writer has been given.
#[derive(Debug)]
pub struct Underway<T, E>(Receiver<Result<T, E>>);

impl<T, E: From<StoreError>> Underway<T, E> {
    /// Waits until it is on disk.
    ///
    /// # Errors
    /// What the work refused, or what the disk did.
    pub fn wait(self) -> Result<T, E> {
        self.0.recv().map_err(|_| StoreError::Closed)?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs.send_last(Job::Stop);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn run(mut worker: Worker, queue: &Queue<Job>) {
    // After a start the sums of reports may be behind, too.
    let mut pause = Some(IDLE);
    let mut ahead = None;
    while let Some(job) = ahead.take().or_else(|| next(&mut worker, queue, &mut pause)) {
        match job {
            Job::Work(work) => {
                work(&mut worker);
                pause = Some(IDLE);
                // The answer is out.
                worker.database.end_log();
            }
            // Whoever waits for an answer goes first, and often leaves less to be saved.
            Job::SaveBaskets => {
                ahead = queue.at_once();
                if ahead.is_some() {
                    continue;
                }
            }
            Job::Stop => {
                // What others gave before is done, too.
                while let Some(Job::Work(work)) = queue.at_once() {
                    work(&mut worker);
                }
                break;
            }
        }
        // Baskets that could not be saved before have waited for this job.
        if worker.save_baskets() {
            worker.baskets.end_log();
        }
    }
    worker.save_baskets();
    worker.close();
}

/// The next job. While there is none, the sums of reports follow the journal, a few entries at a time;
/// `pause` is how long to wait before, none if they have all.
fn next(worker: &mut Worker, queue: &Queue<Job>, pause: &mut Option<Duration>) -> Option<Job> {
    loop {
        match queue.next(*pause) {
            Ok(job) => return Some(job),
            Err(NoJob::Yet) => *pause = worker.sum_up().then_some(Duration::ZERO),
            Err(NoJob::Ever) => return None,
        }
    }
}

impl Worker {
    /// Adds a few entries to the sums of reports; true if more are left.
    fn sum_up(&mut self) -> bool {
        if self.broken.is_some() {
            return false;
        }
        let added = self.add_to_sums();
        self.database.mark();
        added.unwrap_or_else(|error| {
            tracing::error!(%error, "the sums of reports could not be brought up to date");
            breaking(&mut self.broken, error);
            false
        })
    }

    fn add_to_sums(&mut self) -> Result<bool, StoreError> {
        let register = self.identity.register;
        if report::is_up_to_date(&self.database.connection, register)? {
            return Ok(false);
        }
        // They can be made again at any time, so they do not wait for the disk.
        self.database.set(Synchronous::Normal)?;
        let transaction =
            self.database.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let more = report::step(&transaction, register)?;
        transaction.commit()?;
        // Now, while nobody waits, and not before the next sale.
        self.database.set(Synchronous::Full)?;
        Ok(more)
    }

    fn transact<T, E: From<StoreError>>(
        &mut self,
        synchronous: Synchronous,
        work: impl FnOnce(&Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        if let Some(reason) = &self.broken {
            return Err(StoreError::Disk { reason: reason.clone() }.into());
        }
        let result = self.attempt(synchronous, work);
        self.database.mark();
        result
    }

    fn attempt<T, E: From<StoreError>>(
        &mut self,
        synchronous: Synchronous,
        work: impl FnOnce(&Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.database.set(synchronous)?;
        let transaction = self
            .database
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(|error| breaking(&mut self.broken, error.into()))?;
        let file = self.baskets.file.clone();
        let tx = Tx {
            snapshot: Snapshot::new(&transaction, &self.identity, &file),
            key: &self.key,
            baskets: RefCell::default(),
            worth_telling: Cell::default(),
        };
        let value = work(&tx)?;
        let edits = tx.baskets.take();
        let told = tx.worth_telling.get();
        if edits.iter().any(|edit| matches!(edit, BasketEdit::Put(..))) {
            let put = put_durably(&mut self.baskets, &edits);
            put.map_err(|error| breaking(&mut self.broken, error))?;
        }
        transaction.commit().map_err(|error| breaking(&mut self.broken, error.into()))?;
        let mut drafts = self.drafts.lock().unwrap_or_else(PoisonError::into_inner);
        for edit in edits {
            match edit {
                // An older state must not be saved over it.
                BasketEdit::Put(id, ..) => drop(drafts.remove(&id)),
                // Nobody waits for that: the sale says that the basket is none any more.
                BasketEdit::Remove(id) => drop(drafts.insert(id, None)),
            }
        }
        drop(drafts);
        if told {
            self.listeners.tell();
        }
        Ok(value)
    }

    /// True if there was something to save.
    fn save_baskets(&mut self) -> bool {
        if self.broken.is_some() {
            return false;
        }
        let drafts =
            std::mem::take(&mut *self.drafts.lock().unwrap_or_else(PoisonError::into_inner));
        if drafts.is_empty() {
            return false;
        }
        let saved = self.save(&drafts);
        self.baskets.mark();
        if let Err(error) = saved {
            tracing::error!(%error, "open baskets could not be saved");
            breaking(&mut self.broken, error);
            // They wait for the next job: a full disk may have room again by then.
            let mut waiting = self.drafts.lock().unwrap_or_else(PoisonError::into_inner);
            for (id, draft) in drafts {
                waiting.entry(id).or_insert(draft);
            }
        }
        true
    }

    fn save(&mut self, drafts: &Drafts) -> Result<(), StoreError> {
        self.baskets.set(Synchronous::Normal)?;
        let transaction = self.baskets.connection.unchecked_transaction()?;
        for (id, draft) in drafts {
            match draft {
                Some((client, open)) if !open.is_empty() => {
                    basket::put(&transaction, *id, client, &basket::body(open)?)?;
                }
                _ => basket::remove(&transaction, *id)?,
            }
        }
        transaction.commit()?;
        Ok(())
    }

    fn close(self) {
        self.database.close();
        self.baskets.close();
    }
}

/// Saves baskets so that they are on disk.
fn put_durably(baskets: &mut Written, edits: &[BasketEdit]) -> Result<(), StoreError> {
    baskets.set(Synchronous::Full)?;
    let transaction = baskets.connection.unchecked_transaction()?;
    for edit in edits {
        if let BasketEdit::Put(id, client, body) = edit {
            basket::put(&transaction, *id, client, body)?;
        }
    }
    transaction.commit()?;
    baskets.mark();
    Ok(())
}

/// Remembers an error after which this connection writes no more.
fn breaking(broken: &mut Option<String>, error: StoreError) -> StoreError {
    if error.is_fatal() {
        *broken = Some(error.to_string());
    }
    error
}
