//! Webhooks: events are posted to addresses that asked for them, and the results of payment requests to
//! the apps whose owner wants that.
//!
//! At least once, and in order for each thing that they are about: while the first message about a sale
//! waits, later ones about the same sale wait behind it, and those about other things go on. A message
//! that does not arrive is tried for a day and then waits for a person. Nothing here is in the way of
//! a sale: events are read from the journal afterwards, by a thread of their own.

mod address;
mod client;
mod engine;
mod pause;
mod sign;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use countertop_store::{Listening, Snapshot, Store, StoreError, Tx, behind_the_till};
use tokio::sync::Notify;

pub(crate) use address::may_connect;
pub use address::{AddressError, AllowedHost, check_address, check_result_address};
pub(crate) use client::retry_after;
pub use client::{ResolveNames, SystemNames, read_certificates};
pub use sign::secret_text;

use engine::Engine;

/// What the sender needs besides the store.
#[derive(Clone)]
pub struct Surroundings {
    /// Tells the time, in milliseconds since 1970 UTC.
    pub now: Arc<dyn Fn() -> i64 + Send + Sync>,
    /// Resolves names.
    pub names: Arc<dyn ResolveNames>,
    /// How long an address may take for everything.
    pub patience: Duration,
    /// Called when something about a webhook changed that a screen shows.
    pub changed: Arc<dyn Fn() + Send + Sync>,
}

impl std::fmt::Debug for Surroundings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Surroundings").field("names", &self.names).finish_non_exhaustive()
    }
}

/// Sends webhooks until it is dropped. Without any webhook there is neither a thread nor a line.
#[derive(Debug)]
pub struct WebhookSender {
    store: Arc<Store>,
    surroundings: Surroundings,
    running: Mutex<Option<Running>>,
}

#[derive(Debug)]
struct Running {
    stop: Arc<Notify>,
    thread: JoinHandle<()>,
    _listening: Listening,
}

impl WebhookSender {
    /// Starts to send, if there is any webhook.
    ///
    /// # Errors
    /// The store's, or no thread can be started.
    pub fn start(store: Arc<Store>, surroundings: Surroundings) -> Result<Self, StoreError> {
        let sender = Self { store, surroundings, running: Mutex::default() };
        sender.look()?;
        Ok(sender)
    }

    /// To be called when webhooks were added or removed: starts the thread with the first, and ends
    /// it with the last.
    ///
    /// # Errors
    /// The store's, or no thread can be started.
    pub fn look(&self) -> Result<(), StoreError> {
        let any =
            self.store.read::<_, StoreError>(|snapshot| Ok(!snapshot.webhooks()?.is_empty()))?;
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if any && running.is_none() {
            *running = Some(self.run().map_err(|error| StoreError::Disk {
                reason: format!("no thread for webhooks can be started: {error}"),
            })?);
        } else if !any && let Some(running) = running.take() {
            running.end();
        }
        Ok(())
    }

    fn run(&self) -> std::io::Result<Running> {
        let (woken, stop) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let wake = Arc::clone(&woken);
        let listening = self.store.on_commit(move || wake.notify_one());
        let Surroundings { now, names, patience, changed } = self.surroundings.clone();
        let engine = Engine {
            store: Arc::clone(&self.store),
            now,
            names,
            patience,
            changed,
            lines: HashMap::new(),
            rounds: 0,
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let stopped = Arc::clone(&stop);
        let thread = std::thread::Builder::new()
            .name("webhooks".to_owned())
            .spawn(move || behind_the_till(|| runtime.block_on(engine.run(&woken, &stopped))))?;
        Ok(Running { stop, thread, _listening: listening })
    }
}

impl Drop for WebhookSender {
    fn drop(&mut self) {
        let running = self.running.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(running) = running {
            running.end();
        }
    }
}

impl Running {
    fn end(self) {
        self.stop.notify_one();
        let _ = self.thread.join();
    }
}

/// The hosts that the owner allowed although they are not on the open internet.
///
/// # Errors
/// The store's.
pub fn allowed_hosts(snapshot: &Snapshot<'_>) -> Result<Vec<AllowedHost>, StoreError> {
    engine::allowed_hosts(snapshot)
}

/// Sets them.
///
/// # Errors
/// The store's.
pub fn set_allowed_hosts(tx: &Tx<'_>, hosts: &[AllowedHost]) -> Result<(), StoreError> {
    let text: Vec<String> = hosts.iter().map(ToString::to_string).collect();
    tx.set_setting(engine::ALLOWED, &text.join(" "))?;
    tx.worth_telling();
    Ok(())
}
