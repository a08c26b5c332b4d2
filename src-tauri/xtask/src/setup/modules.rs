//! The packages that the screens are built from and with.

use std::fs;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::project::Project;
use crate::shell;

/// Installs ui/node_modules unless it is exactly what ui/package-lock.json asks for.
pub(crate) fn ensure(project: &Project) -> Result<()> {
    let wanted = project.ui().join("package-lock.json");
    let wanted = fs::read_to_string(&wanted)
        .with_context(|| format!("{} cannot be read", wanted.display()))?;
    // npm itself leaves here what it has installed.
    let installed = project.ui().join("node_modules/.package-lock.json");
    let installed = fs::read_to_string(installed).unwrap_or_default();
    if same(&wanted, &installed) {
        return Ok(());
    }
    shell::run("node modules", &mut project.npm(&["ci", "--no-audit", "--no-fund"]))
}

/// Whether `installed` has every package of `wanted` in that version, and no other.
fn same(wanted: &str, installed: &str) -> bool {
    let packages = |text: &str| -> Option<serde_json::Map<String, Value>> {
        let mut lock: Value = serde_json::from_str(text).ok()?;
        match lock.get_mut("packages").map(Value::take) {
            Some(Value::Object(packages)) => Some(packages),
            _ => None,
        }
    };
    let (Some(mut wanted), Some(installed)) = (packages(wanted), packages(installed)) else {
        return false;
    };
    wanted.remove(""); // The project itself, which npm does not install.
    let version = |package: &Value| package.get("version").cloned();
    let optional = |package: &Value| package.get("optional") == Some(&Value::Bool(true));
    wanted.iter().all(|(name, package)| match installed.get(name) {
        Some(there) => version(there) == version(package),
        // For another operating system.
        None => optional(package),
    }) && installed.keys().all(|name| wanted.contains_key(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WANTED: &str = r#"{"packages": {
        "": {"name": "screens"},
        "node_modules/a": {"version": "1.0.0"},
        "node_modules/b-windows": {"version": "2.0.0", "optional": true}
    }}"#;

    #[test]
    fn what_is_installed_already_is_not_installed_again() {
        assert!(same(WANTED, r#"{"packages": {"node_modules/a": {"version": "1.0.0"}}}"#));
    }

    #[test]
    fn another_version_a_missing_or_a_left_over_package_is_noticed() {
        assert!(!same(WANTED, ""));
        assert!(!same(WANTED, r#"{"packages": {}}"#));
        assert!(!same(WANTED, r#"{"packages": {"node_modules/a": {"version": "1.0.1"}}}"#));
        let left_over =
            r#"{"packages": {"node_modules/a": {"version": "1.0.0"}, "node_modules/c": {}}}"#;
        assert!(!same(WANTED, left_over));
    }
}
