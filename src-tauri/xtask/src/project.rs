//! Where the project lies on disk and where it is built.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

/// The two folders that every command needs.
pub(crate) struct Project {
    /// The folder of the workspace's Cargo.toml.
    pub(crate) root: PathBuf,
    /// What `CARGO_TARGET_DIR` says, or a folder in the user's cache, so that a fresh clone builds
    /// on what an earlier one left.
    pub(crate) target: PathBuf,
}

impl Project {
    /// Finds both folders.
    pub(crate) fn find() -> Result<Project> {
        // At run time first: two clones may share one build folder, and with it this program.
        let here = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = here
            .ancestors()
            .find(|folder| folder.join("Cargo.lock").is_file())
            .with_context(|| format!("No Cargo.lock above {}", here.display()))?
            .to_path_buf();
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => env::current_dir()?.join(folder),
            None => cache_folder()?.join("countertop").join("target"),
        };
        Ok(Project { root, target })
    }

    /// A cargo command in the project's folder, building into the project's target folder.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = self.command("cargo");
        command.args(arguments).env("CARGO_TARGET_DIR", &self.target);
        command
    }

    /// Any other command in the project's folder.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        command
    }

    /// An npm command in ui/.
    pub(crate) fn npm(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
        command.args(arguments).current_dir(self.ui());
        command
    }

    /// The folder of the screens.
    pub(crate) fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }

    /// Where a debug build leaves the program `name`.
    pub(crate) fn built(&self, name: &str) -> PathBuf {
        self.target.join("debug").join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }

    /// `path` inside the project, which must exist because a step is about to use it.
    pub(crate) fn existing(&self, path: impl AsRef<Path>) -> Result<PathBuf> {
        let path = path.as_ref();
        let full = self.root.join(path);
        anyhow::ensure!(full.exists(), "{} is missing from the project.", path.display());
        Ok(full)
    }
}

fn cache_folder() -> Result<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("XDG_CACHE_HOME")
        .or_else(|| set("HOME").map(|home| home.join(".cache")))
        .or_else(|| set("LOCALAPPDATA"))
        .context("No HOME is set. Set CARGO_TARGET_DIR to a folder to build into.")
}
