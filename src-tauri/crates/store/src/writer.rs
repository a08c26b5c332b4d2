//! The writer: one connection to the database, one transaction after the other.
//!
//! What the till writes runs on the thread that asks, if nobody else writes: handing it to another
//! thread and waiting for the answer costs two wake-ups, which take longer than the transaction. What
//! finds the writer busy, and what comes after the till, waits in the lanes of a thread, which also
//! does what nobody waits for.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread::JoinHandle;
use std::time::Duration;

use countertop_domain::basket::Basket;
use ed25519_dalek::SigningKey;
use rusqlite::TransactionBehavior;

use crate::commit::Listeners;
use crate::connection::Synchronous;
use crate::drafts::Drafts;
use crate::error::StoreError;
use crate::lane::{Lanes, NoJob, Queue, is_behind, lanes};
use crate::snapshot::{Snapshot, Tx};
use crate::store::Identity;
use crate::table::report;
use crate::written::{Trouble, Written};

/// Work that waits at most; more than a register ever has in flight.
const QUEUE: usize = 256;

/// How long nobody has asked for anything when the sums of reports are brought up to date.
const IDLE: Duration = Duration::from_millis(250);

type Work = Box<dyn FnOnce(&mut Worker) + Send>;

enum Job {
    Work(Work),
    /// Nobody waits for what is left to be done: baskets to save, a log to end.
    TidyUp,
    Stop,
}

/// Everyone's way to the writer.
pub(crate) struct Writer {
    jobs: Lanes<Job>,
    desk: Arc<Desk>,
    thread: Option<JoinHandle<()>>,
}

/// What all who write share.
struct Desk {
    /// Whoever holds it writes.
    worker: Mutex<Worker>,
    /// Jobs of the till that were handed over and have not begun. While there are any, nobody goes
    /// past them: one's own part of a long job may be among them.
    handed_over: AtomicUsize,
    drafts: Arc<Drafts>,
    /// Set by the checkpointer when the database's log is to end.
    log_ends: Arc<AtomicBool>,
    /// Something was written that the thread has not looked at.
    left_over: AtomicBool,
    /// The thread waits for a job, and for nothing else.
    asleep: AtomicBool,
}

impl Desk {
    fn worker(&self) -> MutexGuard<'_, Worker> {
        // Who fell over took its transaction back.
        self.worker.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The writer, if nobody else wants it.
    fn at_once(&self) -> Option<MutexGuard<'_, Worker>> {
        if is_behind() || self.handed_over.load(Ordering::Acquire) > 0 {
            return None;
        }
        match self.worker.try_lock() {
            Ok(worker) => Some(worker),
            Err(TryLockError::Poisoned(worker)) => Some(worker.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    /// What nobody waits for.
    fn tidy_up(&self) {
        // First: what is written from here on is left over again.
        self.left_over.store(false, Ordering::SeqCst);
        self.drafts.save();
        if self.log_ends.load(Ordering::Acquire) {
            self.worker().database.end_log();
        }
    }
}

/// What a write needs.
struct Worker {
    database: Written,
    identity: Identity,
    key: SigningKey,
    drafts: Arc<Drafts>,
    listeners: Arc<Listeners>,
    trouble: Arc<Trouble>,
}

impl Writer {
    pub(crate) fn start(
        database: Written,
        baskets: Written,
        identity: Identity,
        key: SigningKey,
        listeners: Arc<Listeners>,
    ) -> Result<Self, StoreError> {
        let trouble = Arc::<Trouble>::default();
        let drafts = Arc::new(Drafts::new(baskets, Arc::clone(&trouble)));
        let (kept, log_ends) = (Arc::clone(&drafts), database.log().end);
        let worker = Worker { database, identity, key, drafts: kept, listeners, trouble };
        let desk = Arc::new(Desk {
            worker: Mutex::new(worker),
            handed_over: AtomicUsize::new(0),
            drafts,
            log_ends,
            left_over: AtomicBool::new(false),
            asleep: AtomicBool::new(false),
        });
        let (jobs, queue) = lanes(QUEUE);
        let shared = Arc::clone(&desk);
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || run(&shared, &queue))
            .map_err(|error| StoreError::file(PathBuf::from("store-writer"), error))?;
        Ok(Self { jobs, desk, thread: Some(thread) })
    }

    /// Does `work` and comes back when it is on disk.
    pub(crate) fn write<T, E>(
        &self,
        work: impl FnOnce(&Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let Some(mut worker) = self.desk.at_once() else {
            return self.begin(Synchronous::Full, work)?.wait();
        };
        let result = worker.transact(Synchronous::Full, work);
        drop(worker);
        // Waking the thread takes a sale as long as a few of its statements: one that is awake, or
        // wakes soon by itself, sees what is left over.
        self.desk.left_over.store(true, Ordering::SeqCst);
        let asleep = self.desk.asleep.swap(false, Ordering::SeqCst);
        if asleep || self.desk.log_ends.load(Ordering::Acquire) {
            self.jobs.try_send(Job::TidyUp);
        }
        result
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
        let counted = (!is_behind()).then(|| HandedOver::count(&self.desk));
        let job = Job::Work(Box::new(move |worker: &mut Worker| {
            // From here on the writer is taken.
            drop(counted);
            // The asker may have gone; the work is done all the same.
            let _ = answer.send(worker.transact(synchronous, work));
        }));
        if self.jobs.send(job) { Ok(Underway(wait)) } else { Err(StoreError::Closed) }
    }

    /// Saves an open basket soon, without anyone waiting for it.
    pub(crate) fn keep_basket(&self, client: &str, basket: Arc<Basket>) {
        self.desk.drafts.keep(client, basket);
        // A full queue means that the thread is busy, and it saves drafts after every job.
        self.jobs.try_send(Job::TidyUp);
    }
}

/// Counts a job of the till until it begins, or is given up.
struct HandedOver(Arc<Desk>);

impl HandedOver {
    fn count(desk: &Arc<Desk>) -> Self {
        desk.handed_over.fetch_add(1, Ordering::AcqRel);
        Self(Arc::clone(desk))
    }
}

impl Drop for HandedOver {
    fn drop(&mut self) {
        self.0.handed_over.fetch_sub(1, Ordering::AcqRel);
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

fn run(desk: &Desk, queue: &Queue<Job>) {
    // After a start the sums of reports may be behind, too.
    let mut pause = Some(IDLE);
    let mut ahead = None;
    while let Some(job) = ahead.take().or_else(|| next(desk, queue, &mut pause)) {
        match job {
            Job::Work(work) => carry_out(desk, work),
            // Whoever waits for an answer goes first, and often leaves less to be saved.
            Job::TidyUp => {
                ahead = queue.at_once();
                if ahead.is_some() {
                    continue;
                }
            }
            Job::Stop => {
                // What others gave before is done, too.
                while let Some(job) = queue.at_once() {
                    if let Job::Work(work) = job {
                        carry_out(desk, work);
                    }
                }
                break;
            }
        }
        pause = Some(IDLE);
        // The answer is out. Baskets that could not be saved before have waited for this job.
        desk.tidy_up();
    }
    desk.drafts.save();
    desk.worker().database.close();
    desk.drafts.close();
}

/// Does work; one that falls over leaves the next one undisturbed.
fn carry_out(desk: &Desk, work: Work) {
    let mut worker = desk.worker();
    let done = catch_unwind(AssertUnwindSafe(|| work(&mut worker)));
    if done.is_err() {
        tracing::error!("a transaction fell over, and was taken back");
    }
}

/// The next job. While there is none, the sums of reports follow the journal, a few entries at a time;
/// `pause` is how long to wait before, none if they have all.
fn next(desk: &Desk, queue: &Queue<Job>, pause: &mut Option<Duration>) -> Option<Job> {
    loop {
        if pause.is_none() {
            // In this order: whoever writes looks whether it sleeps after leaving something over.
            desk.asleep.store(true, Ordering::SeqCst);
            if desk.left_over.load(Ordering::SeqCst) {
                *pause = Some(IDLE);
            }
        }
        let job = queue.next(*pause);
        desk.asleep.store(false, Ordering::SeqCst);
        match job {
            Ok(job) => return Some(job),
            Err(NoJob::Yet) => {
                desk.tidy_up();
                *pause = desk.worker().sum_up().then_some(Duration::ZERO);
            }
            Err(NoJob::Ever) => return None,
        }
    }
}

impl Worker {
    /// Adds a few entries to the sums of reports; true if more are left.
    fn sum_up(&mut self) -> bool {
        if self.trouble.none_so_far().is_err() {
            return false;
        }
        let added = self.add_to_sums();
        self.database.mark();
        added.unwrap_or_else(|error| {
            tracing::error!(%error, "the sums of reports could not be brought up to date");
            self.trouble.of(error);
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
        self.trouble.none_so_far()?;
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
            .map_err(|error| self.trouble.of(error.into()))?;
        let tx = Tx {
            snapshot: Snapshot::new(&transaction, &self.identity, self.drafts.path()),
            key: &self.key,
            baskets: RefCell::default(),
            worth_telling: Cell::default(),
        };
        let value = work(&tx)?;
        let edits = tx.baskets.take();
        let told = tx.worth_telling.get();
        let put = self.drafts.put(&edits)?;
        transaction.commit().map_err(|error| self.trouble.of(error.into()))?;
        self.drafts.done(edits);
        drop(put);
        if told {
            self.listeners.tell();
        }
        Ok(value)
    }
}
