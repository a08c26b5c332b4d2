//! Where the connectors of web shops come from, and the threads that keep each in step.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use countertop_domain::ids::{ChannelId, ChannelOpId};
use countertop_domain::money::Currency;
use countertop_store::{ChannelRow, StoreError, Tx, behind_the_till};
use countertop_sync::channel::{
    ChannelWorkers, Connector, Intake, LineSettings, MakeConnector, Secret, Senses, Setup, Tempo,
    WebhookTaken, platform,
};
use countertop_sync::{ResolveNames, SystemNames};
use rand_core::{OsRng, RngCore};

use super::keychain::{Keychain, SecretVault};
use super::no_shop;
use crate::app::App;
use crate::error::AppError;

/// What the register keeps of its web shops beside the store.
#[derive(Debug)]
pub(crate) struct ChannelDesk {
    pub(super) secrets: Arc<Keychain>,
    workers: Mutex<Workers>,
    begun: Condvar,
    names: Mutex<Arc<dyn ResolveNames>>,
    /// When a webhook last came to a shop that was not signed as it should be.
    refused: Mutex<HashMap<ChannelId, i64>>,
}

/// Who keeps the shops in step.
#[derive(Debug, Default)]
enum Workers {
    /// Nobody: the register is closing, or serves no shop.
    #[default]
    None,
    /// They begin when the keychain has told the secrets.
    Wait,
    /// They do.
    Run(Arc<ChannelWorkers>),
}

/// How long somebody waits for the keychain to be opened at a start.
const UNLOCK: Duration = Duration::from_secs(120);
/// Webhooks that come closer together than this, in milliseconds, are one on the shop's card.
const WOKEN_MS: i64 = 10_000;

impl ChannelDesk {
    /// The desk of the register in a folder. Nobody works at it until [`ChannelWorker::start`].
    pub(crate) fn of(folder: &Path) -> Self {
        Self {
            secrets: Arc::new(Keychain::of(folder)),
            workers: Mutex::default(),
            begun: Condvar::new(),
            names: Mutex::new(Arc::new(SystemNames)),
            refused: Mutex::default(),
        }
    }

    fn workers(&self) -> Option<Arc<ChannelWorkers>> {
        match &*self.workers.lock().unwrap_or_else(PoisonError::into_inner) {
            Workers::Run(workers) => Some(Arc::clone(workers)),
            Workers::None | Workers::Wait => None,
        }
    }

    /// The same, once the keychain is open.
    fn workers_soon(&self) -> Option<Arc<ChannelWorkers>> {
        let workers = self.workers.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = |workers: &mut Workers| matches!(workers, Workers::Wait);
        drop(self.begun.wait_timeout_while(workers, UNLOCK, wait));
        self.workers()
    }

    fn set(&self, workers: Workers) -> Workers {
        let mut slot = self.workers.lock().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *slot, workers);
        self.begun.notify_all();
        before
    }

    /// When a webhook last came to a shop that was not signed as it should be.
    pub(super) fn refused_ms(&self, id: ChannelId) -> Option<i64> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).get(&id).copied()
    }

    fn names(&self) -> Arc<dyn ResolveNames> {
        Arc::clone(&self.names.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Shops were added, changed, paused or removed.
    pub(super) fn look(&self) -> Result<(), AppError> {
        self.workers().map_or(Ok(()), |workers| Ok(workers.look()?))
    }

    /// Has a shop look now; false if nobody works on it.
    pub(super) fn wake(&self, id: ChannelId) -> bool {
        self.workers().is_some_and(|workers| workers.wake(id))
    }
}

/// How long a shop may take for each answer while somebody waits for a test of its connection.
const PATIENCE: Duration = Duration::from_secs(15);

/// A connector of a shop as it is set up, for a test.
pub(super) fn connector_of(
    app: &App,
    row: &ChannelRow,
    secrets: BTreeMap<String, Secret>,
) -> Result<Arc<dyn Connector>, String> {
    make(row, secrets, app.channels.names(), app.currency(), Some(PATIENCE))
}

fn make(
    row: &ChannelRow,
    secrets: BTreeMap<String, Secret>,
    names: Arc<dyn ResolveNames>,
    currency: Currency,
    patience: Option<Duration>,
) -> Result<Arc<dyn Connector>, String> {
    let platform = platform(&row.kind).ok_or_else(|| {
        format!("this version has no connector for {}: take the newest version", row.kind)
    })?;
    let options = serde_json::from_str(&row.options).map_err(|_| {
        "the settings of this shop cannot be read: open its settings and save them again".to_owned()
    })?;
    let line = LineSettings {
        url: row.url.clone(),
        allow_host: row.allow_host,
        certificate: row.certificate.clone(),
        names,
        patience,
    };
    let setup = Setup { line, options, secrets, currency };
    for field in platform.secrets.iter().filter(|field| field.needed) {
        setup.secret(field)?;
    }
    (platform.make)(&setup)
}

/// Keeps every web shop in step until it is dropped.
#[derive(Debug)]
pub struct ChannelWorker {
    app: Arc<App>,
    /// Begins when the keychain is open, if that has to be waited for; ends when its line is dropped.
    beginning: Option<(Sender<()>, JoinHandle<()>)>,
}

impl ChannelWorker {
    /// Starts a thread for each shop that is not paused; without a shop this starts nothing. Where
    /// secrets are in the keychain, that happens when it has told them, and nobody waits for it.
    ///
    /// # Errors
    /// The store's, or no thread can be started.
    pub fn start(
        app: Arc<App>,
        names: Arc<dyn ResolveNames>,
        intake: Arc<dyn Intake>,
    ) -> Result<Self, AppError> {
        *app.channels.names.lock().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&names);
        if !app.channels.secrets.is_shut() {
            let workers = begin(&app, names, intake)?;
            app.channels.set(Workers::Run(Arc::new(workers)));
            return Ok(Self { app, beginning: None });
        }
        app.channels.set(Workers::Wait);
        let (close, closing) = channel();
        let waiting = Arc::clone(&app);
        let thread = std::thread::Builder::new()
            .name("web shops".to_owned())
            .spawn(move || begin_when_open(&waiting, names, intake, &closing))
            .map_err(|error| StoreError::Disk { reason: format!("no thread: {error}") })?;
        Ok(Self { app, beginning: Some((close, thread)) })
    }
}

fn begin_when_open(
    app: &Arc<App>,
    names: Arc<dyn ResolveNames>,
    intake: Arc<dyn Intake>,
    closing: &Receiver<()>,
) {
    app.channels.secrets.open(closing);
    if closing.try_recv() == Err(TryRecvError::Disconnected) {
        return;
    }
    let workers = begin(app, names, intake);
    let workers = workers.map_or_else(
        |error| {
            tracing::error!(%error, "no web shop is kept in step: start the register again");
            Workers::None
        },
        |workers| Workers::Run(Arc::new(workers)),
    );
    app.channels.set(workers);
}

fn begin(
    app: &App,
    names: Arc<dyn ResolveNames>,
    intake: Arc<dyn Intake>,
) -> Result<ChannelWorkers, AppError> {
    let (chain, currency) = (Arc::clone(&app.channels.secrets), app.currency());
    let connect: Arc<MakeConnector> = Arc::new(move |row: &ChannelRow| {
        let secrets = chain.secrets(row.id).map_err(|error| error.to_string())?;
        make(row, secrets, Arc::clone(&names), currency, None)
    });
    let (clock, ids) = (Arc::clone(&app.clock), Arc::clone(&app.ids));
    let senses = Senses {
        now: Arc::new(move || clock.now().utc_ms),
        id: Arc::new(move || ChannelOpId::new(ids.next())),
        dice: Arc::new(|| OsRng.next_u64()),
    };
    let store = Arc::clone(&app.store);
    Ok(ChannelWorkers::start(store, connect, intake, senses, Tempo::default())?)
}

impl Drop for ChannelWorker {
    fn drop(&mut self) {
        if let Some((close, thread)) = self.beginning.take() {
            drop(close);
            let _ = thread.join();
        }
        drop(self.app.channels.set(Workers::None));
    }
}

impl App {
    /// Brings a web shop in step on the caller's thread: every list is read to its end, and everything
    /// that is due goes out.
    ///
    /// # Errors
    /// There is no such shop, or what is in the way.
    pub fn sync_channel(&self, id: ChannelId) -> Result<(), AppError> {
        let workers = self.channels.workers_soon().ok_or_else(no_shop)?;
        workers.once(id).map_err(|reason| AppError::Conflict { code: "channel_trouble", reason })
    }

    /// Has the secrets of web shops that are entered from now on kept there: in the keychain of whoever
    /// runs the register. To be called before [`ChannelWorker::start`].
    ///
    /// # Errors
    /// No thread can be started for it.
    pub fn keep_secrets_in(&self, vault: Box<dyn SecretVault>) -> Result<(), AppError> {
        let started = self.channels.secrets.use_vault(vault);
        Ok(started.map_err(|error| StoreError::Disk { reason: format!("no thread: {error}") })?)
    }

    /// Takes a webhook that says that it is a web shop's. If it is signed as it should be, its list is
    /// read soon, and nothing that it says is believed. The same one again changes nothing.
    ///
    /// # Errors
    /// The store's.
    pub fn channel_webhook(
        &self,
        id: ChannelId,
        headers: &HashMap<String, String>,
        body: &[u8],
    ) -> Result<(), AppError> {
        let Some(workers) = self.channels.workers() else { return Ok(()) };
        let now = self.now().utc_ms;
        match workers.webhook(id, headers, body) {
            WebhookTaken::Nobody | WebhookTaken::Again => Ok(()),
            WebhookTaken::Unsigned => {
                // A shop's first call, which only tries the address, has no signature at all.
                if headers.keys().any(|name| name.contains("signature") || name.contains("hmac")) {
                    let refused = &self.channels.refused;
                    let mut refused = refused.lock().unwrap_or_else(PoisonError::into_inner);
                    refused.insert(id, now);
                }
                Ok(())
            }
            WebhookTaken::Wakes => {
                let row = self.store.read::<_, StoreError>(|snapshot| snapshot.channel(id))?;
                let noted = row.and_then(|row| row.woken_ms);
                if noted.is_none_or(|noted| now.saturating_sub(noted) >= WOKEN_MS) {
                    let note = move |tx: &Tx<'_>| tx.channel_woken(id, now);
                    behind_the_till(|| self.store.write::<_, StoreError>(note))?;
                }
                Ok(())
            }
        }
    }
}
