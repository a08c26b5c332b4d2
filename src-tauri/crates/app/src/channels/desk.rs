//! Where the connectors of web shops come from, and the threads that keep each in step.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use countertop_domain::ids::{ChannelId, ChannelOpId};
use countertop_domain::money::Currency;
use countertop_store::{ChannelRow, ChannelStream, StoreError};
use countertop_sync::channel::{
    ChannelWorkers, Connector, Intake, LineSettings, MakeConnector, Secret, Senses, Setup, Tempo,
    platform,
};
use countertop_sync::{ResolveNames, SystemNames};
use rand_core::{OsRng, RngCore};

use super::keychain::Keychain;
use super::no_shop;
use crate::app::App;
use crate::error::AppError;

/// What the register keeps of its web shops beside the store.
#[derive(Debug)]
pub(crate) struct ChannelDesk {
    pub(super) secrets: Arc<Keychain>,
    workers: Mutex<Option<Arc<ChannelWorkers>>>,
    names: Mutex<Arc<dyn ResolveNames>>,
}

impl ChannelDesk {
    /// The desk of the register in a folder. Nobody works at it until [`ChannelWorker::start`].
    pub(crate) fn of(folder: &Path) -> Self {
        Self {
            secrets: Arc::new(Keychain::of(folder)),
            workers: Mutex::default(),
            names: Mutex::new(Arc::new(SystemNames)),
        }
    }

    fn workers(&self) -> Option<Arc<ChannelWorkers>> {
        self.workers.lock().unwrap_or_else(PoisonError::into_inner).clone()
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

/// A connector of a shop as it is set up.
pub(super) fn connector_of(
    app: &App,
    row: &ChannelRow,
    secrets: BTreeMap<String, Secret>,
) -> Result<Arc<dyn Connector>, String> {
    make(row, secrets, app.channels.names(), app.currency())
}

fn make(
    row: &ChannelRow,
    secrets: BTreeMap<String, Secret>,
    names: Arc<dyn ResolveNames>,
    currency: Currency,
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
        patience: None,
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
}

impl ChannelWorker {
    /// Starts a thread for each shop that is not paused; without a shop this starts nothing.
    ///
    /// # Errors
    /// The store's, or no thread can be started.
    pub fn start(
        app: Arc<App>,
        names: Arc<dyn ResolveNames>,
        intake: Arc<dyn Intake>,
    ) -> Result<Self, AppError> {
        *app.channels.names.lock().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&names);
        let (chain, currency) = (Arc::clone(&app.channels.secrets), app.currency());
        let make: Arc<MakeConnector> = Arc::new(move |row: &ChannelRow| {
            let secrets = chain.secrets(row.id).map_err(|error| error.to_string())?;
            make(row, secrets, Arc::clone(&names), currency)
        });
        let (clock, ids) = (Arc::clone(&app.clock), Arc::clone(&app.ids));
        let senses = Senses {
            now: Arc::new(move || clock.now().utc_ms),
            id: Arc::new(move || ChannelOpId::new(ids.next())),
            dice: Arc::new(|| OsRng.next_u64()),
        };
        let store = Arc::clone(&app.store);
        let workers = ChannelWorkers::start(store, make, intake, senses, Tempo::default())?;
        let slot = &app.channels.workers;
        *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(workers));
        Ok(Self { app })
    }
}

impl Drop for ChannelWorker {
    fn drop(&mut self) {
        let slot = &self.app.channels.workers;
        let workers = slot.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(workers);
    }
}

impl App {
    /// Brings a web shop in step on the caller's thread: every list is read to its end, and everything
    /// that is due goes out.
    ///
    /// # Errors
    /// There is no such shop, or what is in the way.
    pub fn sync_channel(&self, id: ChannelId) -> Result<(), AppError> {
        let workers = self.channels.workers().ok_or_else(no_shop)?;
        workers.once(id).map_err(|reason| AppError::Conflict { code: "channel_trouble", reason })
    }

    /// Takes a webhook that says that it is a web shop's; true if it is signed as it should be. Its
    /// list is read soon, and nothing that it says is believed. The same one again wakes once more,
    /// which changes nothing.
    ///
    /// # Errors
    /// The store's.
    pub fn channel_webhook(
        &self,
        id: ChannelId,
        headers: &HashMap<String, String>,
        body: &[u8],
    ) -> Result<bool, AppError> {
        let heard: Option<ChannelStream> =
            self.channels.workers().and_then(|workers| workers.webhook(id, headers, body));
        if heard.is_none() {
            return Ok(false);
        }
        let now = self.now().utc_ms;
        self.store.write::<_, StoreError>(move |tx| tx.channel_woken(id, now))?;
        Ok(true)
    }
}
