//! What lies at the top of the project.

use super::Violation;

const ALLOWED: &[&str] = &[
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "GLOSSARY.md",
    "README.md",
    "SECURITY.md",
    "clippy.toml",
    "deny.toml",
    "rust-toolchain.toml",
    "rustfmt.toml",
    "src-tauri",
    "tauri.conf.json",
    "tests",
    "ui",
];

pub(super) fn check(paths: &[String]) -> Vec<Violation> {
    let mut strangers: Vec<&str> = paths
        .iter()
        .map(|path| path.split('/').next().unwrap_or(path))
        .filter(|top| {
            !ALLOWED.contains(top) && !top.starts_with('.') && !top.starts_with("LICENSE")
        })
        .collect();
    strangers.dedup();
    strangers
        .into_iter()
        .map(|top| Violation {
            file: top.to_owned(),
            line: 1,
            what: format!("{top} lies at the top of the project."),
            why: "the top is a table of contents, and it was settled at the beginning.",
            remedy: "put it in src-tauri, ui or tests.",
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(paths: &[&str]) -> Vec<String> {
        let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
        check(&paths).into_iter().map(|violation| violation.file).collect()
    }

    #[test]
    fn a_stranger_at_the_top_is_named_once() {
        let paths = ["Cargo.toml", "scripts/a.sh", "scripts/b.sh", "ui/package.json"];
        assert_eq!(found(&paths), ["scripts"]);
    }

    #[test]
    fn what_was_settled_is_left_alone() {
        let paths = [".ci/run", ".gitignore", "LICENSE-MIT", "README.md", "src-tauri/build.rs"];
        assert_eq!(found(&paths), Vec::<String>::new());
    }
}
