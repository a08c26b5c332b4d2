//! Real web shops to test against: installed from the registries into the target folder, served on this
//! machine alone, with fresh books each time, and stopped again. Nothing of them is kept in the project.

mod medusa;
mod server;
mod vendure;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::project::Project;
use crate::shell;
use server::Folder;

/// Items that each shop sells, each in two sizes.
const ITEMS: &str = "40";

/// Which shops a day was spent beside, and why not beside others.
pub(crate) struct Day {
    /// In one line each.
    pub(crate) left_out: Vec<String>,
}

/// Serves the shops and spends a day beside each.
pub(crate) fn day(project: &Project) -> Result<Day> {
    println!(
        "   Medusa {} and Vendure {} into {}: 850 MB and some six minutes at first, three minutes after that",
        medusa::VERSION,
        vendure::VERSION,
        home(project).display()
    );
    let mut left_out = Vec::new();
    let books = Folder::new("countertop-shops")?;
    let vendure = vendure::serve(project, &books).context("Vendure")?;
    let medusa = match medusa::serve(project, &books).context("Medusa")? {
        Ok(medusa) => Some(medusa),
        Err(reason) => {
            left_out.push(reason);
            None
        }
    };
    vendure::check_documents(project, &books, &vendure.seed).context("Vendure's schema")?;
    // The very build that the Rust tests use: nothing is compiled twice.
    let mut test = project.cargo(&["test", "--workspace", "--no-default-features"]);
    test.args(["--test", "register", "real_shops::", "--", "--nocapture", "--test-threads=1"]);
    test.env("COUNTERTOP_REAL_VENDURE", &vendure.seed);
    if let Some(medusa) = &medusa {
        test.env("COUNTERTOP_REAL_MEDUSA", &medusa.seed);
    }
    shell::run("a day beside each shop", &mut test)?;
    Ok(Day { left_out })
}

/// Where shops are installed.
fn home(project: &Project) -> PathBuf {
    project.target.join("shops")
}

/// A folder with these packages in these versions, fetched if they are missing.
fn packages(project: &Project, name: &str, wanted: &[(&str, &str)]) -> Result<PathBuf> {
    let folder = home(project).join(name);
    let list = wanted.iter().map(|(package, version)| format!("{package}@{version}"));
    let list: Vec<String> = list.collect();
    // Written last: a folder without it was left by an installation that broke off.
    let note = folder.join("installed.txt");
    if fs::read_to_string(&note).is_ok_and(|there| there == list.join("\n")) {
        return Ok(folder);
    }
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("package.json"), "{ \"private\": true }\n")?;
    let mut install = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    install.args(["install", "--save-exact", "--no-audit", "--no-fund", "--silent"]);
    shell::run(name, install.args(&list).current_dir(&folder))?;
    fs::write(&note, list.join("\n"))?;
    Ok(folder)
}

/// A script of the project that furnishes shops.
fn script(project: &Project, name: &str) -> Result<PathBuf> {
    project.existing(Path::new("tests/real_shops").join(name))
}
