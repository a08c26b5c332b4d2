//! Which crate may build on which, and which may use the libraries that have one home.

use serde_json::Value;

use super::Violation;
use super::source::Tree;

/// Every crate of ours with those of ours that it may build on.
const MAY_USE: &[(&str, &[&str])] = &[
    ("countertop-domain", &[]),
    ("countertop-receipt", &["countertop-domain"]),
    ("countertop-store", &["countertop-domain"]),
    ("countertop-devices", &["countertop-domain"]),
    ("countertop-sync", &["countertop-domain", "countertop-store", "countertop-shop-twins"]),
    (
        "countertop-app",
        &[
            "countertop-domain",
            "countertop-receipt",
            "countertop-store",
            "countertop-devices",
            "countertop-sync",
        ],
    ),
    (
        "countertop",
        &[
            "countertop-domain",
            "countertop-receipt",
            "countertop-store",
            "countertop-devices",
            "countertop-sync",
            "countertop-app",
            "countertop-shop-twins",
        ],
    ),
    // It measures what the shells offer, so it may use what they may.
    (
        "countertop-bench",
        &[
            "countertop-domain",
            "countertop-shop-twins",
            "countertop-store",
            "countertop-devices",
            "countertop-app",
            "countertop",
        ],
    ),
    // The other side of a shop's language knows nothing of the register.
    ("countertop-shop-twins", &[]),
    ("xtask", &[]),
];

/// A library that has one home: who may have it, and who for tests alone. The yardstick of the
/// benchmark is SQLite without the store.
const ONE_HOME: &[(&str, &[&str], &str)] = &[
    ("rusqlite", &["countertop-store", "countertop-bench"], ""),
    ("serialport", &["countertop-devices"], "countertop"),
    ("tauri", &["countertop"], ""),
    ("tauri-build", &["countertop"], ""),
];

/// `metadata` is what `cargo metadata --no-deps` says.
pub(super) fn check(tree: &Tree, metadata: &Value) -> Vec<Violation> {
    let mut found = Vec::new();
    for package in array(metadata, "packages") {
        let name = text(package, "name");
        let at = |dependency: &str, what: String, why, remedy| {
            let (file, line) = manifest(tree, package, dependency);
            Violation { file, line, what, why, remedy }
        };
        let allowed = MAY_USE.iter().find(|(crate_name, _)| *crate_name == name);
        let Some((_, allowed)) = allowed else {
            found.push(at(
                name,
                format!("The crate {name} has no place in the order of crates."),
                "what may build on what is decided once, for all of them.",
                "add it to MAY_USE in src-tauri/xtask/src/tidy/crates.rs and to ARCHITECTURE.md.",
            ));
            continue;
        };
        for dependency in array(package, "dependencies") {
            let used = text(dependency, "name");
            let ours = MAY_USE.iter().any(|(crate_name, _)| *crate_name == used);
            if ours && !allowed.contains(&used) {
                found.push(at(
                    used,
                    format!("{name} builds on {used}."),
                    "rules must not know storage, devices or screens, or none can change alone.",
                    "move what is shared down into countertop-domain, or pass it in as an argument.",
                ));
            }
            let for_tests = text(dependency, "kind") == "dev";
            let home = ONE_HOME.iter().find(|(library, ..)| *library == used);
            let away = home.is_some_and(|(_, homes, tests)| {
                !(homes.contains(&name) || for_tests && name == *tests)
            });
            if away {
                found.push(at(
                    used,
                    format!("{name} depends on {used}."),
                    "a library with one home can be replaced, and its dangers are watched there.",
                    "use what the crate that is its home offers, or offer more there.",
                ));
            }
        }
    }
    found
}

fn array<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// The manifest of `package`, and the line on which `dependency` stands.
fn manifest(tree: &Tree, package: &Value, dependency: &str) -> (String, usize) {
    let full = text(package, "manifest_path").replace('\\', "/");
    // The longest, because the project's own is at the end of them all.
    let source = tree
        .sources
        .iter()
        .filter(|source| source.path.ends_with("Cargo.toml"))
        .filter(|source| full.ends_with(&format!("/{}", source.path)))
        .max_by_key(|source| source.path.len());
    let Some(source) = source else {
        return (full, 1);
    };
    let line = source.text.lines().position(|line| {
        line.strip_prefix(dependency).is_some_and(|rest| rest.starts_with(['.', ' ', '=']))
    });
    (source.path.clone(), line.map_or(1, |line| line + 1))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::tidy::source::Source;

    fn checked(name: &str, dependency: &str, kind: Option<&str>) -> Vec<(String, usize, String)> {
        let path = "src-tauri/crates/x/Cargo.toml";
        let text = format!(
            "[package]\nname = \"{name}\"\n\n[dependencies]\n{dependency}.workspace = true\n"
        );
        let sources = vec![Source::new("Cargo.toml", ""), Source::new(path, text)];
        let tree = Tree { paths: Vec::new(), sources };
        let metadata = json!({ "packages": [{
            "name": name,
            "manifest_path": format!("/home/shop/{path}"),
            "dependencies": [{ "name": dependency, "kind": kind }],
        }] });
        check(&tree, &metadata).into_iter().map(|v| (v.file, v.line, v.what)).collect()
    }

    #[test]
    fn the_rules_of_the_shop_do_not_know_the_store() {
        let file = "src-tauri/crates/x/Cargo.toml".to_owned();
        let what = "countertop-domain builds on countertop-store.".to_owned();
        assert_eq!(checked("countertop-domain", "countertop-store", None), [(file, 5, what)]);
        assert_eq!(checked("countertop-store", "countertop-domain", None), []);
    }

    #[test]
    fn nothing_builds_on_the_shells_and_only_they_build_on_the_app() {
        assert_eq!(checked("countertop-app", "countertop", None).len(), 1);
        assert_eq!(checked("countertop-sync", "countertop-app", Some("dev")).len(), 1);
        assert_eq!(checked("xtask", "countertop-domain", None).len(), 1);
        assert_eq!(checked("countertop", "countertop-app", None), []);
    }

    #[test]
    fn a_library_with_one_home_is_used_only_there() {
        assert_eq!(checked("countertop-app", "rusqlite", None).len(), 1);
        assert_eq!(checked("countertop", "serialport", None).len(), 1);
        assert_eq!(checked("countertop", "serialport", Some("dev")), []);
        assert_eq!(checked("countertop-store", "rusqlite", None), []);
        assert_eq!(checked("countertop-bench", "rusqlite", None), []);
    }

    #[test]
    fn a_new_crate_is_given_a_place_first() {
        assert_eq!(checked("countertop-tables", "serde", None).len(), 1);
    }
}
