//! A thread for each web shop.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use countertop_domain::ids::ChannelId;
use countertop_store::{ChannelRow, Listening, Store, StoreError};
use tokio::sync::Notify;

use super::connector::Connector;
use super::engine::{Engine, Intake, Senses, Tempo};

/// Makes the connector of a shop; in words why it cannot be made.
pub type MakeConnector = dyn Fn(&ChannelRow) -> Result<Arc<dyn Connector>, String> + Send + Sync;

/// Keeps every shop in step until it is dropped. Without a shop there is no thread.
pub struct ChannelWorkers {
    store: Arc<Store>,
    make: Arc<MakeConnector>,
    intake: Arc<dyn Intake>,
    senses: Senses,
    tempo: Tempo,
    running: Mutex<HashMap<ChannelId, Running>>,
}

struct Running {
    /// What it was started with: if that changes, it is started anew.
    updated_ms: i64,
    woken: Arc<Notify>,
    stop: Arc<Notify>,
    thread: JoinHandle<()>,
    _listening: Listening,
}

impl std::fmt::Debug for ChannelWorkers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChannelWorkers").finish_non_exhaustive()
    }
}

impl ChannelWorkers {
    /// Starts a thread for each shop that is not paused.
    ///
    /// # Errors
    /// The store's, or no thread can be started.
    pub fn start(
        store: Arc<Store>,
        make: Arc<MakeConnector>,
        intake: Arc<dyn Intake>,
        senses: Senses,
        tempo: Tempo,
    ) -> Result<Self, StoreError> {
        let running = Mutex::default();
        let workers = Self { store, make, intake, senses, tempo, running };
        workers.look()?;
        Ok(workers)
    }

    /// To be called when shops were added, changed, paused or removed.
    ///
    /// # Errors
    /// The store's, or no thread can be started.
    pub fn look(&self) -> Result<(), StoreError> {
        let rows = self.store.read::<_, StoreError>(|snapshot| snapshot.channels())?;
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let ended: Vec<ChannelId> = running
            .iter()
            .filter(|(id, now)| {
                !rows
                    .iter()
                    .any(|row| row.id == **id && row.enabled && row.updated_ms == now.updated_ms)
            })
            .map(|(id, _)| *id)
            .collect();
        for id in ended {
            if let Some(one) = running.remove(&id) {
                one.end();
            }
        }
        for row in rows.iter().filter(|row| row.enabled) {
            if running.contains_key(&row.id) {
                continue;
            }
            match self.run(row) {
                Ok(Some(one)) => {
                    running.insert(row.id, one);
                }
                Ok(None) => {}
                Err(error) => {
                    return Err(StoreError::Disk {
                        reason: format!("no thread for a web shop can be started: {error}"),
                    });
                }
            }
        }
        Ok(())
    }

    /// Has a shop look at its lists and its queue now.
    pub fn wake(&self, id: ChannelId) {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(one) = running.get(&id) {
            one.woken.notify_one();
        }
    }

    fn run(&self, row: &ChannelRow) -> std::io::Result<Option<Running>> {
        let (id, now) = (row.id, (self.senses.now)());
        let connector = match (self.make)(row) {
            Ok(connector) => connector,
            Err(words) => {
                let written = self
                    .store
                    .write::<_, StoreError>(move |tx| tx.set_channel_state(id, now, &words, false));
                if let Err(error) = written {
                    tracing::error!(%error, "a web shop's trouble could not be kept");
                }
                return Ok(None);
            }
        };
        let engine = Engine::new(
            Arc::clone(&self.store),
            id,
            connector,
            Arc::clone(&self.intake),
            self.senses.clone(),
            self.tempo,
        )
        .map_err(std::io::Error::other)?;
        let (woken, stop) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let wake = Arc::clone(&woken);
        let listening = self.store.on_commit(move || wake.notify_one());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (heard, stopped) = (Arc::clone(&woken), Arc::clone(&stop));
        let thread = std::thread::Builder::new()
            .name("web shop".to_owned())
            .spawn(move || runtime.block_on(engine.run(&heard, &stopped)))?;
        let updated_ms = row.updated_ms;
        Ok(Some(Running { updated_ms, woken, stop, thread, _listening: listening }))
    }
}

impl Drop for ChannelWorkers {
    fn drop(&mut self) {
        let running = self.running.get_mut().unwrap_or_else(PoisonError::into_inner);
        for (_, one) in running.drain() {
            one.end();
        }
    }
}

impl Running {
    fn end(self) {
        self.stop.notify_one();
        let _ = self.thread.join();
    }
}
