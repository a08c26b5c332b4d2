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

    /// Says it on standard error.
    pub(crate) fn report(self) -> ExitCode {
        let _ = writeln!(std::io::stderr(), "countertopd: {}", self.message);
        ExitCode::from(self.code)
    }
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        let held = matches!(error, AppError::Store(StoreError::Held { .. }));
        Self { message: error.to_string(), code: if held { 3 } else { 2 } }
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
    let currency = Currency::parse(&cli.currency).map_err(AppError::from)?;
    Ok(Config { currency, demo, ..Config::new(folder) })
}

/// An open register and who maintains it.
pub(crate) fn open(cli: &Cli) -> Result<(Register, Caller), Failure> {
    let register = Register::open(&config(cli)?)?;
    let caller = register.caller("countertopd")?;
    Ok((register, caller))
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
