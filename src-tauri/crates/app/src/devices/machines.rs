//! The threads that own the devices, started, stopped and started anew as the settings change; and how
//! each device is.

use std::collections::HashMap;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use countertop_devices::{PaymentTerminal, PortChange, PortWatch};
use countertop_domain::ids::DeviceId;
use countertop_domain::money::Currency;
use countertop_store::{DeviceKind, DeviceRow};

use super::counter::{Counter, Scales};
use super::terminals;
use super::traffic::Recordings;
use super::twins::Twinned;
use crate::app::App;
use crate::cards::{self, TerminalThread};
use crate::error::AppError;
use crate::wire::DeviceState;

/// What a device gets to end what it is at.
const TO_END: Duration = Duration::from_secs(15);
/// The same where only its settings changed: the next one is waiting.
const TO_CHANGE: Duration = Duration::from_secs(2);
/// What a command waits for the threads to be as the settings are.
const TO_START: Duration = Duration::from_secs(10);

type Make = dyn Fn(&DeviceRow, Currency) -> Result<Box<dyn PaymentTerminal>, AppError>
    + Send
    + Sync
    + 'static;

/// Makes the driver of a card terminal that was set up.
#[derive(Clone)]
pub struct TerminalMaker(Arc<Make>);

impl TerminalMaker {
    /// Another maker, for terminals that a test plays.
    pub fn new(
        make: impl Fn(&DeviceRow, Currency) -> Result<Box<dyn PaymentTerminal>, AppError>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        Self(Arc::new(make))
    }

    /// Makes the driver of a terminal.
    ///
    /// # Errors
    /// In words for whoever set it up.
    pub fn make(
        &self,
        row: &DeviceRow,
        currency: Currency,
    ) -> Result<Box<dyn PaymentTerminal>, AppError> {
        (self.0)(row, currency)
    }
}

impl Default for TerminalMaker {
    /// By the language that the device speaks.
    fn default() -> Self {
        Self::new(terminals::make)
    }
}

impl std::fmt::Debug for TerminalMaker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TerminalMaker")
    }
}

/// How the devices are, and how to reach whoever keeps their threads.
#[derive(Debug, Default)]
pub(crate) struct MachineDesk {
    status: Mutex<HashMap<DeviceId, (DeviceState, String)>>,
    keeper: Mutex<Option<Sender<Tell>>>,
    pub(crate) twins: Twinned,
    pub(super) recordings: Recordings,
    pub(crate) scales: Scales,
}

impl MachineDesk {
    fn status_now(&self) -> MutexGuard<'_, HashMap<DeviceId, (DeviceState, String)>> {
        self.status.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says how a device is.
    pub(crate) fn say(&self, device: DeviceId, state: DeviceState, words: &str) {
        self.status_now().insert(device, (state, words.to_owned()));
    }

    /// How a device is.
    pub(crate) fn status(&self, device: DeviceId) -> (DeviceState, String) {
        self.status_now().get(&device).cloned().unwrap_or_default()
    }

    /// The same, in words.
    pub(crate) fn words(&self, device: DeviceId) -> String {
        match self.status(device) {
            (_, words) if !words.is_empty() => words,
            _ => "it has not been started: look under Devices".to_owned(),
        }
    }

    /// The settings changed: returns when the threads are as they say. Nothing happens where no threads
    /// are kept.
    pub(crate) fn settings_changed(&self) {
        let keeper = self.keeper.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let (done, wait) = channel();
        if keeper.is_some_and(|keeper| keeper.send(Tell::Changed(done)).is_ok()) {
            let _ = wait.recv_timeout(TO_START);
        }
    }
}

enum Tell {
    Changed(Sender<()>),
    PortCame,
    Close,
}

/// The devices' threads; they end when this is dropped.
#[derive(Debug)]
pub struct Machines {
    app: Arc<App>,
    tell: Sender<Tell>,
    keeper: Option<JoinHandle<()>>,
    _ports: PortWatch,
}

impl Machines {
    /// Starts them. What a payment was at when the register stopped is put where it belongs, or asked
    /// about.
    ///
    /// # Errors
    /// The store's, or no thread can be started.
    pub fn start(app: Arc<App>, maker: TerminalMaker) -> Result<Self, AppError> {
        cards::pick_up(&app)?;
        let no_thread = |error: std::io::Error| AppError::Io {
            path: "devices thread".to_owned(),
            reason: error.to_string(),
        };
        let (tell, told) = channel();
        let mut running = Running {
            app: Arc::clone(&app),
            maker,
            terminals: HashMap::new(),
            counter: Counter::default(),
        };
        let keeper = std::thread::Builder::new()
            .name("devices".to_owned())
            .spawn(move || running.keep(&told))
            .map_err(no_thread)?;
        let (news, keeper_hears) = (Arc::clone(&app), tell.clone());
        let ports = PortWatch::start(move |change| {
            if matches!(change, PortChange::Came(_)) {
                let _ = keeper_hears.send(Tell::PortCame);
            }
            news.changed("", &["devices"]);
        })
        .map_err(no_thread)?;
        *app.machines.keeper.lock().unwrap_or_else(PoisonError::into_inner) = Some(tell.clone());
        app.machines.settings_changed();
        Ok(Self { app, tell, keeper: Some(keeper), _ports: ports })
    }
}

impl Drop for Machines {
    fn drop(&mut self) {
        *self.app.machines.keeper.lock().unwrap_or_else(PoisonError::into_inner) = None;
        let _ = self.tell.send(Tell::Close);
        if let Some(keeper) = self.keeper.take() {
            let _ = keeper.join();
        }
    }
}

struct Running {
    app: Arc<App>,
    maker: TerminalMaker,
    terminals: HashMap<DeviceId, (DeviceRow, Option<TerminalThread>)>,
    counter: Counter,
}

impl Running {
    fn keep(&mut self, told: &Receiver<Tell>) {
        loop {
            let done = match told.recv() {
                Ok(Tell::Changed(done)) => done,
                Ok(Tell::PortCame) => {
                    self.counter.look_again();
                    continue;
                }
                Ok(Tell::Close) | Err(_) => break,
            };
            match self.app.store.read::<_, AppError>(|snapshot| Ok(snapshot.devices()?)) {
                Ok(rows) => self.refresh(rows),
                Err(error) => tracing::error!(%error, "the devices cannot be read"),
            }
            let _ = done.send(());
        }
        self.counter.close();
        self.app.machines.twins.unplug_all();
        let threads: Vec<TerminalThread> =
            self.terminals.drain().filter_map(|(_, (_, thread))| thread).collect();
        threads.iter().for_each(|thread| thread.close(&self.app));
        threads.into_iter().for_each(|thread| thread.join(TO_END));
    }

    /// Ends the threads of devices that are gone or set anew, and starts those that are missing.
    fn refresh(&mut self, rows: Vec<DeviceRow>) {
        self.app.machines.twins.refresh(&self.app, &rows);
        self.counter.refresh(&self.app, &rows);
        let stale: Vec<DeviceId> = self
            .terminals
            .iter()
            .filter(|(_, (row, _))| !rows.iter().any(|now| is_set_as(now, row)))
            .map(|(id, _)| *id)
            .collect();
        for id in stale {
            if let Some((_, Some(thread))) = self.terminals.remove(&id) {
                thread.close(&self.app);
                thread.join(TO_CHANGE);
            }
        }
        for row in rows.into_iter().filter(|row| row.kind == DeviceKind::Terminal) {
            if !self.terminals.contains_key(&row.id) {
                let thread = self.start(&row);
                self.terminals.insert(row.id, (row, thread));
            }
        }
    }

    fn start(&self, row: &DeviceRow) -> Option<TerminalThread> {
        let started = self
            .maker
            .make(row, self.app.currency())
            .and_then(|terminal| TerminalThread::start(&self.app, row.id, terminal));
        match started {
            Ok(thread) => {
                self.app.machines.say(row.id, DeviceState::Unknown, "");
                Some(thread)
            }
            Err(error) => {
                self.app.machines.say(row.id, DeviceState::Trouble, &error.to_string());
                None
            }
        }
    }
}

/// Whether a device is set as it was before. A new name is nothing to start anew for.
pub(super) fn is_set_as(now: &DeviceRow, before: &DeviceRow) -> bool {
    (now.id, now.kind, &now.driver, &now.address, &now.options)
        == (before.id, before.kind, &before.driver, &before.address, &before.options)
}
