//! Answers and failures of the command line.

use std::io::Write;
use std::process::ExitCode;

use countertop::{Config, Register};
use countertop_app::wire::Refusal;
use countertop_app::{AppError, Caller};
use countertop_domain::money::Currency;
use countertop_store::StoreError;
use serde::Serialize;

use crate::cli::{Cli, Command};

/// The exit code for a data folder that another register holds.
const HELD: u8 = 3;

/// Why a command was not done.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    code: u8,
}

impl Failure {
    pub(crate) fn bad_input(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: 2 }
    }

    /// True if another register holds the data folder.
    pub(crate) const fn is_held(&self) -> bool {
        self.code == HELD
    }

    /// The same failure, with what to do in this case.
    pub(crate) fn with_hint(mut self, hint: &str) -> Self {
        self.message = format!("{}; {hint}", self.message);
        self
    }

    /// Says it on standard error.
    pub(crate) fn report(self) -> ExitCode {
        let _ = writeln!(std::io::stderr(), "countertopd: {}", self.message);
        ExitCode::from(self.code)
    }
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        let held = matches!(error, AppError::Store(StoreError::Held { .. }));
        Self { message: error.to_string(), code: if held { HELD } else { 2 } }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        AppError::from(error).into()
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::bad_input(refusal.message)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::bad_input(error.to_string())
    }
}

/// The folder that the command line names.
pub(crate) fn config(cli: &Cli) -> Result<Config, Failure> {
    let demo = matches!(cli.command, Command::Serve { demo: true, .. });
    let folder = countertop::folder(cli.data.as_deref(), demo).ok_or_else(|| {
        Failure::bad_input("this system has no folder for a user's data: name one with --data")
    })?;
    let currency = match &cli.currency {
        Some(code) => Currency::parse(code).map_err(AppError::from)?,
        None => Currency::EUR,
    };
    Ok(Config { currency, demo, keychain: true, ..Config::new(folder) })
}

/// An open register and who maintains it; founds one where there is none.
pub(crate) fn open(cli: &Cli) -> Result<(Register, Caller), Failure> {
    let config = config(cli)?;
    let register = Register::open(&config)?;
    refuse_other_currency(cli, &register)?;
    let caller = register.caller("countertopd")?;
    Ok((register, caller))
}

/// The same for a command that looks after what is there: a new register in a misspelt folder would be
/// "everything is there", and its backup worth nothing.
pub(crate) fn open_existing(cli: &Cli) -> Result<(Register, Caller), Failure> {
    let folder = config(cli)?.folder;
    if !countertop_store::has_register(&folder) {
        return Err(Failure::bad_input(format!(
            "{} has no register: name the folder of yours with --data",
            folder.display()
        )));
    }
    open(cli)
}

/// A currency is chosen once: one that is asked for later would be passed over in silence.
pub(crate) fn refuse_other_currency(cli: &Cli, register: &Register) -> Result<(), Failure> {
    let own = register.app().identity().currency.code();
    match &cli.currency {
        Some(code) if !code.eq_ignore_ascii_case(own) => Err(Failure::bad_input(format!(
            "this register's amounts are in {own} for life: leave --currency out, or begin another \
             register with --data"
        ))),
        _ => Ok(()),
    }
}

/// Answers: one JSON object with `--json`, else a few lines.
pub(crate) fn answer(cli: &Cli, value: &impl Serialize, lines: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    if cli.json {
        serde_json::to_writer(&mut out, value).map_err(std::io::Error::from)?;
        writeln!(out)?;
    } else {
        writeln!(out, "{lines}")?;
    }
    Ok(())
}
