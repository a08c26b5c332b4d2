//! The register, opened once and shared by every shell: the window, the daemon, the tests.

pub mod http;
mod keychain;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use countertop_app::{
    App, AppError, Caller, ChannelIntake, ChannelWorker, Clock, Ids, Machines, PrintWorker,
    ResolveNames, SystemClock, SystemIds, SystemNames, TerminalMaker, WebhookWorker, demo_store,
};
use countertop_domain::money::Currency;

/// Where and how to open a register.
#[derive(Clone, Debug)]
pub struct Config {
    /// The data folder.
    pub folder: PathBuf,
    /// The currency, if a register is founded.
    pub currency: Currency,
    /// Fill an empty folder with the demo store.
    pub demo: bool,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Makes ids.
    pub ids: Arc<dyn Ids>,
    /// Makes the drivers of card terminals.
    pub terminals: TerminalMaker,
    /// Resolves the names of webhooks' addresses.
    pub names: Arc<dyn ResolveNames>,
    /// How long a webhook's address may take for everything.
    pub webhook_patience: Duration,
    /// Keep the secrets of web shops in the keychain of whoever runs the program, where there is one.
    pub keychain: bool,
}

impl Config {
    /// A register in `folder`, with the computer's clock.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            currency: Currency::EUR,
            demo: false,
            clock: Arc::new(SystemClock),
            ids: Arc::new(SystemIds),
            terminals: TerminalMaker::default(),
            names: Arc::new(SystemNames),
            webhook_patience: Duration::from_secs(10),
            keychain: false,
        }
    }
}

/// An open register. Dropping it finishes what is under way and closes it cleanly.
#[derive(Debug)]
pub struct Register {
    // All stop before the app is dropped, so that neither a payment nor a print job is begun on a
    // closing store.
    _channels: ChannelWorker,
    _machines: Machines,
    _printer: PrintWorker,
    _webhooks: WebhookWorker,
    app: Arc<App>,
}

impl Register {
    /// Opens a register; founds one if there is none in the folder.
    ///
    /// # Errors
    /// In words that say what to do: the folder is held by another register, newer, read-only and so
    /// on.
    pub fn open(config: &Config) -> Result<Self, AppError> {
        let (clock, ids) = (Arc::clone(&config.clock), Arc::clone(&config.ids));
        if config.demo {
            demo_store::make(&config.folder, &*clock, Arc::clone(&ids))?;
        }
        let app = Arc::new(App::open(&config.folder, config.currency, clock, ids)?);
        let printer = PrintWorker::start(Arc::clone(&app))?;
        let names = Arc::clone(&config.names);
        let webhooks =
            WebhookWorker::start(Arc::clone(&app), Arc::clone(&names), config.webhook_patience)?;
        let machines = Machines::start(Arc::clone(&app), config.terminals.clone())?;
        if let Some(vault) = config.keychain.then(keychain::of_user).flatten() {
            app.keep_secrets_in(vault)?;
        }
        let intake = Arc::new(ChannelIntake::new(Arc::clone(&app)));
        let channels = ChannelWorker::start(Arc::clone(&app), names, intake)?;
        Ok(Self {
            _channels: channels,
            _machines: machines,
            _printer: printer,
            _webhooks: webhooks,
            app,
        })
    }

    /// The use cases.
    pub fn app(&self) -> &Arc<App> {
        &self.app
    }

    /// Who gives the commands of a client. Until staff sign in by PIN, that is whoever runs the shop.
    ///
    /// # Errors
    /// The store's.
    pub fn caller(&self, client: &str) -> Result<Caller, AppError> {
        caller(&self.app, client)
    }
}

/// Who gives the commands of a client: the first of the staff, until signing in tells.
///
/// # Errors
/// The store's.
pub fn caller(app: &App, client: &str) -> Result<Caller, AppError> {
    let actor = app.staff()?.into_iter().next().ok_or(AppError::NoSuch {
        code: "no_staff",
        what: "the owner's entry in the staff list",
    })?;
    Ok(Caller::at_till(actor, client))
}

/// The data folder that a command line means: the one that it names, else the user's own; a demo store
/// that is not given a folder gets one of its own, so that it never touches the real books. `None` where
/// the system has no folder for a user's data.
pub fn folder(named: Option<&Path>, demo: bool) -> Option<PathBuf> {
    match named {
        Some(folder) => std::path::absolute(folder).ok(),
        None if demo => data_folder().map(|own| own.join("demo")),
        None => data_folder(),
    }
}

/// The folder for a user's data: `$XDG_DATA_HOME/countertop`, `~/Library/Application
/// Support/countertop` or `%LOCALAPPDATA%\countertop`.
fn data_folder() -> Option<PathBuf> {
    let from = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    let base = if cfg!(windows) {
        from("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        from("HOME").map(|home| home.join("Library/Application Support"))
    } else {
        from("XDG_DATA_HOME").or_else(|| from("HOME").map(|home| home.join(".local/share")))
    };
    base.map(|base| base.join("countertop"))
}
