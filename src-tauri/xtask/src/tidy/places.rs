//! Libraries that are named in one place only.

use super::Violation;
use super::scanner::words;
use super::source::Source;

struct Home {
    library: &'static str,
    folders: &'static [&'static str],
    why: &'static str,
    remedy: &'static str,
}

const HOMES: &[Home] = &[
    Home {
        library: "rusqlite",
        // The benchmark's yardstick is SQLite without the store.
        folders: &["src-tauri/crates/store", "src-tauri/bench"],
        why: "one crate answers for what is durable, and only it knows SQL.",
        remedy: "offer a method on the store and call that.",
    },
    Home {
        library: "serialport",
        folders: &["src-tauri/crates/devices", "tests"],
        why: "a port is opened in one place, with its time limits and its locks.",
        remedy: "use a transport of countertop-devices.",
    },
    Home {
        library: "tauri",
        folders: &["src-tauri/src/desktop", "src-tauri/src/desktop.rs"],
        why: "all but the window must build, run and be tested without a web view.",
        remedy: "move it to src-tauri/src/desktop.",
    },
    Home {
        library: "tauri_build",
        folders: &["src-tauri/build.rs"],
        why: "all but the window must build, run and be tested without a web view.",
        remedy: "keep it to src-tauri/build.rs.",
    },
];

/// The page asks a platform; only this file (and its test) knows which one is Tauri.
const TAURI_API: &[&str] = &["ui/src/platform/tauri.ts", "ui/src/platform/tauri.test.ts"];

pub(super) fn check(source: &Source) -> Vec<Violation> {
    let Some(views) = &source.rust else {
        return tauri_api(source);
    };
    let code = &views.code;
    let mut found = Vec::new();
    for (at, word) in words(code) {
        let Some(home) = HOMES.iter().find(|home| home.library == word) else {
            continue;
        };
        let used = code[at + word.len()..].starts_with("::")
            || code[..at].trim_end().ends_with("use")
            || code[..at].trim_end().ends_with("extern crate");
        if used && !source.is_in(home.folders) {
            let what = format!("{word} is named outside {}.", home.folders[0]);
            found.push(source.violation(at, what, home.why, home.remedy));
        }
    }
    found
}

fn tauri_api(source: &Source) -> Vec<Violation> {
    if !source.is_script() || source.is_in(TAURI_API) {
        return Vec::new();
    }
    source
        .script_lines()
        .filter_map(|(at, line)| {
            let column = ["'@tauri-apps", "\"@tauri-apps"].iter().find_map(|name| line.find(name));
            Some(source.violation(
                at + column?,
                "@tauri-apps is imported outside ui/src/platform/tauri.ts.",
                "the same page runs in the window and in a browser, which has no Tauri.",
                "ask the platform (ui/src/platform), and teach both of them if it cannot do it yet.",
            ))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> usize {
        check(&Source::new(path, text)).len()
    }

    #[test]
    fn sql_is_for_the_store_alone() {
        assert_eq!(found("src-tauri/crates/app/src/a.rs", "use rusqlite::Connection;"), 1);
        assert_eq!(found("tests/main.rs", "fn f(c: &rusqlite::Connection) {}"), 1);
        assert_eq!(found("src-tauri/crates/store/src/a.rs", "use rusqlite::Connection;"), 0);
        assert_eq!(found("src-tauri/bench/src/raw.rs", "use rusqlite::Connection;"), 0);
        assert_eq!(found("src-tauri/crates/app/src/a.rs", "// no rusqlite:: here"), 0);
    }

    #[test]
    fn ports_are_for_the_devices_and_for_tests_that_play_one() {
        assert_eq!(found("src-tauri/src/daemon.rs", "serialport::available_ports()"), 1);
        assert_eq!(found("tests/printer.rs", "use serialport::TTYPort;"), 0);
    }

    #[test]
    fn the_window_is_the_only_one_that_knows_tauri() {
        assert_eq!(found("src-tauri/src/main.rs", "tauri::Builder::default()"), 1);
        assert_eq!(found("src-tauri/src/main.rs", "let tauri = 1; desktop::run();"), 0);
        assert_eq!(found("src-tauri/src/desktop/mod.rs", "use tauri::Manager as _;"), 0);
        assert_eq!(found("src-tauri/build.rs", "tauri_build::build()"), 0);
    }

    #[test]
    fn the_page_asks_its_platform() {
        let import = "import { invoke } from '@tauri-apps/api/core';";
        assert_eq!(found("ui/src/features/sell/Sell.svelte", import), 1);
        assert_eq!(found("ui/src/platform/tauri.ts", import), 0);
        assert_eq!(found("ui/src/app.ts", "// only tauri.ts imports '@tauri-apps/api'"), 0);
    }
}
