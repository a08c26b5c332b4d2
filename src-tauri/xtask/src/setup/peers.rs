//! Independent programs that the tests talk to: a WebDriver for the window, a receipt printer and
//! libraries that other people wrote.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::project::Project;
use crate::shell;

const TAURI_DRIVER: &str = "2.1.0";
const EMUPOS: &str = "0.4.0";
const OLDEST_PYTHON: (u32, u32) = (3, 13);

/// Other people's reading of the languages that we speak: receipt bytes, GS1 codes, card terminals
/// that speak Concert, signatures of webhooks; and what asks the open API everything that its
/// description allows, and more.
const LIBRARIES: &[&str] = &[
    "python-escpos==3.1",
    "biip==5.2.0",
    "pyTeliumManager==2.4.2",
    "standardwebhooks==1.1.0",
    "schemathesis==4.32.5",
];

/// What reads a schema in GraphQL, and the package in which Shopify publishes its own.
const GRAPHQL: &str = "graphql@16.15.0";
const SHOPIFY: &str = "@shopify/dev-mcp@1.16.0";
/// The schema's file in that package.
const SCHEMA: &str = "package/dist/data/admin_2026-10.json.gz";

/// A program, or in one line why the tests with it are left out on this machine.
pub(crate) type Peer = Result<PathBuf, String>;

/// The program that drives the window, installed if it is missing.
pub(crate) fn tauri_driver(project: &Project) -> Result<Peer> {
    if env::consts::OS != "linux" {
        let reason = "the window's own tests: they drive WebKitGTK, which is on Linux only";
        return Ok(Err(reason.to_owned()));
    }
    if let Some(path) = shell::program(&["tauri-driver"]) {
        return Ok(Ok(path));
    }
    let folder = project.target.join("tools");
    let path = folder.join("bin").join("tauri-driver");
    if !path.is_file() {
        let mut install =
            project.cargo(&["install", "tauri-driver", "--version", TAURI_DRIVER, "--locked"]);
        shell::run("tauri-driver", install.arg("--root").arg(&folder))?;
    }
    Ok(Ok(path))
}

/// The printer that reads our bytes back, installed if it is missing. `COUNTERTOP_EMUPOS` names
/// one that is there already.
pub(crate) fn emupos(project: &Project) -> Result<Peer> {
    if let Some(path) = env::var_os("COUNTERTOP_EMUPOS") {
        return Ok(Ok(PathBuf::from(path)));
    }
    let folder = project.target.join(format!("emupos-{EMUPOS}"));
    let path = if cfg!(windows) { "Scripts/emupos.exe" } else { "bin/emupos" };
    let path = folder.join(path);
    if path.is_file() {
        return Ok(Ok(path));
    }
    if let Err(reason) = python_folder(&folder, &[&format!("emupos=={EMUPOS}")])? {
        return Ok(Err(format!("the tests against an independent printer: {reason}")));
    }
    anyhow::ensure!(path.is_file(), "emupos was installed, but {} is not there", path.display());
    Ok(Ok(path))
}

/// A Python that has [`LIBRARIES`], installed if they are missing. `COUNTERTOP_PEERS` names one
/// that is there already.
pub(crate) fn libraries(project: &Project) -> Result<Peer> {
    if let Some(path) = env::var_os("COUNTERTOP_PEERS") {
        return Ok(Ok(PathBuf::from(path)));
    }
    let folder = project.target.join("peers");
    // Written last: a folder without it was left by an installation that broke off.
    let list = folder.join("installed.txt");
    let wanted = LIBRARIES.join("\n");
    if fs::read_to_string(&list).is_ok_and(|there| there == wanted) {
        return Ok(Ok(folder.join(PYTHON)));
    }
    Ok(match python_folder(&folder, LIBRARIES)? {
        Ok(python) => {
            fs::write(&list, wanted)?;
            Ok(python)
        }
        Err(reason) => Err(format!(
            "the tests against other people's receipts, codes, terminals and webhooks: {reason}"
        )),
    })
}

/// A folder with Shopify's published schema and a library that reads it, fetched if they are missing.
pub(crate) fn shopify_schema(project: &Project) -> Result<Peer> {
    let folder = project.target.join("shopify-schema");
    // Written last, as above.
    let list = folder.join("installed.txt");
    let wanted = format!("{GRAPHQL}\n{SHOPIFY}");
    if fs::read_to_string(&list).is_ok_and(|there| there == wanted) {
        return Ok(Ok(folder));
    }
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("package.json"), "{ \"private\": true }\n")?;
    // Of the package only the schema is wanted, not what else it would bring.
    let quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
    let steps: [(&str, &[&str]); 3] = [
        ("npm", &["install", GRAPHQL]),
        ("npm", &["pack", SHOPIFY]),
        ("tar", &["-xzf", "shopify-dev-mcp-1.16.0.tgz", "--strip-components=3", SCHEMA]),
    ];
    for (program, arguments) in steps {
        let program = if cfg!(windows) && program == "npm" { "npm.cmd" } else { program };
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&folder);
        if arguments.first() != Some(&"-xzf") {
            command.args(quiet);
        }
        if let Err(trouble) = shell::run("Shopify's schema", &mut command) {
            return Ok(Err(format!("Shopify's schema, which could not be fetched: {trouble:#}")));
        }
    }
    fs::write(&list, wanted)?;
    Ok(Ok(folder))
}

/// A Python program inside a folder of its own.
const PYTHON: &str = if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" };

/// Makes `folder` a Python of its own with `packages` in it.
fn python_folder(folder: &Path, packages: &[&str]) -> Result<Peer> {
    let Some(python) = python() else {
        let (major, minor) = OLDEST_PYTHON;
        return Ok(Err(format!("they need Python {major}.{minor} or later")));
    };
    shell::run("a Python of its own", Command::new(python).args(["-m", "venv"]).arg(folder))?;
    let inside = folder.join(PYTHON);
    let mut install = Command::new(&inside);
    install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    shell::run("its packages", install.args(packages))?;
    Ok(Ok(inside))
}

fn python() -> Option<PathBuf> {
    let names = ["python3.15", "python3.14", "python3.13", "python3", "python"];
    let on_path = names.iter().filter_map(|name| shell::program(&[name]));
    on_path.chain(pyenv_pythons()).find(|path| {
        let print = "import sys; print(sys.version_info[0], sys.version_info[1])";
        shell::read(Command::new(path).args(["-c", print]))
            .is_ok_and(|text| version(&text).is_some_and(|version| version >= OLDEST_PYTHON))
    })
}

/// pyenv keeps versions that are not on PATH.
fn pyenv_pythons() -> Vec<PathBuf> {
    let Some(home) = env::var_os("PYENV_ROOT")
        .map(PathBuf::from)
        .or_else(|| env::var_os("HOME").map(|home| Path::new(&home).join(".pyenv")))
    else {
        return Vec::new();
    };
    let Ok(versions) = fs::read_dir(home.join("versions")) else {
        return Vec::new();
    };
    versions
        .filter_map(|entry| Some(entry.ok()?.path().join("bin/python3")))
        .filter(|path| path.is_file())
        .collect()
}

fn version(text: &str) -> Option<(u32, u32)> {
    let (major, minor) = text.trim().split_once(' ')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn python_3_9_is_older_than_3_13() {
        assert_eq!(version("3 13\n"), Some((3, 13)));
        assert!(version("3 9") < Some(OLDEST_PYTHON));
        assert_eq!(version(""), None);
    }
}
