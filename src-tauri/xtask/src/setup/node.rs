//! Node.js, which builds the screens.

use std::env;
use std::process::Command;

use anyhow::{Result, bail};

use crate::shell;

const OLDEST: u32 = 20;

/// Stops unless a Node.js that can build the screens is on PATH.
pub(crate) fn ensure() -> Result<()> {
    let found = shell::read(Command::new("node").arg("--version")).ok();
    match found.as_deref().map(|text| (major(text), text.trim())) {
        Some((Some(version), _)) if version >= OLDEST => Ok(()),
        Some((_, text)) => bail!("Node.js {text} is too old. {}", advice()),
        None => bail!("Node.js is missing. {}", advice()),
    }
}

fn advice() -> String {
    let way = match env::consts::OS {
        "macos" => "brew install node",
        "windows" => "winget install OpenJS.NodeJS.LTS",
        _ => "https://nodejs.org/en/download has it for every Linux",
    };
    format!("Install version {OLDEST} or later ({way}), then start again.")
}

fn major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_from_what_node_prints() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("v8.0.0"), Some(8));
        assert_eq!(major("not a version"), None);
    }
}
