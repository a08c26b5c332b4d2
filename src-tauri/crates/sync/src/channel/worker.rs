//! A thread for each web shop.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use countertop_domain::ids::ChannelId;
use countertop_store::{ChannelRow, Listening, Store, StoreError};
use sha2::{Digest, Sha256};
use tokio::sync::Notify;

use super::connector::{Connector, ShopInfo, Trouble};
use super::engine::{Engine, Intake, Senses, Tempo, Wishes};

/// Makes the connector of a shop; in words why it cannot be made.
pub type MakeConnector = dyn Fn(&ChannelRow) -> Result<Arc<dyn Connector>, String> + Send + Sync;

/// Webhooks of a shop that are remembered, so that none is heard twice.
const HEARD: usize = 256;

/// What became of a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebhookTaken {
    /// It is signed as it should be: the shop is read soon.
    Wakes,
    /// It is good, and was heard before.
    Again,
    /// It is not signed as it should be, or about nothing that is read here.
    Unsigned,
    /// No such shop, or it is paused.
    Nobody,
}

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
    connector: Arc<dyn Connector>,
    wishes: Arc<Mutex<Wishes>>,
    woken: Arc<Notify>,
    stop: Arc<Notify>,
    /// What its last webhooks were known by.
    heard: VecDeque<[u8; 32]>,
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

    /// Has a shop read its lists and send its queue now, whatever was in the way before. False if it is
    /// paused or cannot be begun.
    pub fn wake(&self, id: ChannelId) -> bool {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(one) = running.get(&id) else { return false };
        one.wishes.lock().unwrap_or_else(PoisonError::into_inner).all = true;
        one.woken.notify_one();
        true
    }

    /// A webhook came that says that it is a shop's. If it is signed as it should be, its list is read
    /// soon. Nothing that it says is believed. The same one again wakes nobody: its headers, and so its
    /// own number, are not always signed, so that it is known by its body.
    pub fn webhook(
        &self,
        id: ChannelId,
        headers: &HashMap<String, String>,
        body: &[u8],
    ) -> WebhookTaken {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(one) = running.get_mut(&id) else { return WebhookTaken::Nobody };
        let Some(hint) = one.connector.webhook(headers, body) else {
            return WebhookTaken::Unsigned;
        };
        let digest: [u8; 32] = Sha256::digest(body).into();
        if one.heard.contains(&digest) {
            return WebhookTaken::Again;
        }
        if one.heard.len() >= HEARD {
            one.heard.pop_front();
        }
        one.heard.push_back(digest);
        {
            let mut wishes = one.wishes.lock().unwrap_or_else(PoisonError::into_inner);
            if !wishes.streams.contains(&hint.stream) {
                wishes.streams.push(hint.stream);
            }
        }
        one.woken.notify_one();
        WebhookTaken::Wakes
    }

    /// Brings a shop in step on the caller's thread; its own thread rests meanwhile.
    ///
    /// # Errors
    /// In words: what is in the way.
    pub fn once(&self, id: ChannelId) -> Result<(), String> {
        let row = self
            .store
            .read::<_, StoreError>(|snapshot| snapshot.channel(id))
            .map_err(|error| error.to_string())?
            .ok_or("that shop was removed")?;
        // Nobody else begins it while its place is held.
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(one) = running.remove(&id) {
            one.end();
        }
        let connector = (self.make)(&row)?;
        let mut engine = self.engine(id, connector).map_err(|error| error.to_string())?;
        let runtime = runtime().map_err(|error| error.to_string())?;
        let done = runtime.block_on(engine.once());
        drop(engine);
        drop(running);
        self.look().map_err(|error| error.to_string())?;
        done
    }

    fn engine(&self, id: ChannelId, connector: Arc<dyn Connector>) -> Result<Engine, StoreError> {
        let (store, intake) = (Arc::clone(&self.store), Arc::clone(&self.intake));
        Engine::new(store, id, connector, intake, self.senses.clone(), self.tempo)
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
        let engine = self.engine(id, Arc::clone(&connector)).map_err(std::io::Error::other)?;
        let wishes = Arc::clone(&engine.wishes);
        let (woken, stop) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let wake = Arc::clone(&woken);
        let listening = self.store.on_commit(move || wake.notify_one());
        let runtime = runtime()?;
        let (heard, stopped) = (Arc::clone(&woken), Arc::clone(&stop));
        let thread = std::thread::Builder::new()
            .name("web shop".to_owned())
            .spawn(move || runtime.block_on(engine.run(&heard, &stopped)))?;
        let updated_ms = row.updated_ms;
        let _listening = listening;
        let heard = VecDeque::new();
        Ok(Some(Running { updated_ms, connector, wishes, woken, stop, heard, thread, _listening }))
    }
}

/// Asks a shop how it is, on the caller's thread.
///
/// # Errors
/// What is in the way.
pub fn test_connection(connector: &dyn Connector) -> Result<ShopInfo, Trouble> {
    let runtime = runtime().map_err(|error| Trouble::NotSent(error.to_string()))?;
    runtime.block_on(connector.test())
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
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
