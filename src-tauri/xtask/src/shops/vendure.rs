//! Vendure, with its books in a file.

use std::fs;
use std::process::Command;

use anyhow::{Context as _, Result};

use super::server::{Folder, Server, free_port};
use super::{ITEMS, packages, script};
use crate::project::Project;
use crate::shell;

/// What is installed.
pub(super) const VERSION: &str = "3.7.3";
const SQLITE: &str = "12.11.1";

/// A shop that is served.
pub(super) struct Vendure {
    _server: Server,
    /// What a register needs to know of it, JSON.
    pub(super) seed: String,
}

pub(super) fn serve(project: &Project, books: &Folder) -> Result<Vendure> {
    let wanted = [("@vendure/core", VERSION), ("better-sqlite3", SQLITE)];
    let folder = packages(project, "vendure", &wanted)?;
    let own = books.path().join("vendure");
    fs::create_dir_all(&own)?;
    let mut serve = Command::new("node");
    serve.arg(script(project, "vendure.mjs")?).arg(&own);
    serve.args([&free_port()?.to_string(), ITEMS]).current_dir(folder);
    let mut server = Server::start("vendure", &mut serve, books, None)?;
    let seed = server.until(|server| {
        server.said().lines().find(|line| line.starts_with("{\"address\"")).map(str::to_owned)
    })?;
    println!("   Vendure is served");
    Ok(Vendure { _server: server, seed })
}

/// Every document that is sent to Vendure keeps the schema that it publishes.
pub(super) fn check_documents(project: &Project, books: &Folder, seed: &str) -> Result<()> {
    let documents = books.path().join("documents.json");
    let mut day = project.cargo(&["test", "-p", "countertop-sync", "--test", "stepwise"]);
    day.arg("every_document").env("COUNTERTOP_DOCUMENTS", &documents);
    shell::run("what is sent to Vendure", &mut day)?;
    let seed: serde_json::Value = serde_json::from_str(seed).context("what Vendure says")?;
    let folder = super::home(project).join("vendure");
    let mut check = Command::new("node");
    check.arg(script(project, "documents.mjs")?).arg(&documents);
    check.arg(seed["address"].as_str().unwrap_or_default()).current_dir(folder);
    shell::run("Vendure's schema", &mut check)
}
