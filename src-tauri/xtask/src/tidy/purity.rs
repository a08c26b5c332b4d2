//! The rules of the shop and the receipt are pure: no clock, no chance, no waiting, no outside.

use super::Violation;
use super::scanner::words;
use super::source::Source;

const PURE: &[&str] = &["src-tauri/crates/domain/src", "src-tauri/crates/receipt/src"];

const WHY: &str = "the same sale must come out the same on every register, in every test and when \
                   it is replayed.";
const REMEDY: &str = "take the time, the id or the bytes as an argument.";

/// Names that have no business here, whatever is before or behind them.
const NAMES: &[&str] = &[
    "Instant",
    "OsRng",
    "SystemTime",
    "async",
    "await",
    "getrandom",
    "rand",
    "thread_rng",
    "tokio",
];

/// Modules of the standard library that reach outside.
const MODULES: &[&str] = &["env", "fs", "net", "process", "thread"];

/// Calls that ask a clock or a die.
const CALLS: &[&str] = &["new_v4", "new_v7", "now", "now_v7"];

pub(super) fn check(source: &Source) -> Vec<Violation> {
    let (true, Some(views)) = (source.is_in(PURE), &source.rust) else {
        return Vec::new();
    };
    let code = &views.code;
    let mut found = Vec::new();
    // The end of the `use std::…;` that the scan is in.
    let mut import = 0;
    for (at, word) in words(code) {
        let before = &code[..at];
        if word == "std" && before.trim_end().ends_with("use") {
            import = code[at..].find(';').map_or(code.len(), |end| at + end);
        }
        let outside = MODULES.contains(&word) && (at < import || before.ends_with("std::"));
        let called = CALLS.contains(&word)
            && before.ends_with("::")
            && code[at + word.len()..].starts_with('(');
        if outside || called || NAMES.contains(&word) {
            found.push(source.violation(at, format!("{word} is not pure."), WHY, REMEDY));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(code: &str) -> usize {
        check(&Source::new("src-tauri/crates/receipt/src/text.rs", code)).len()
    }

    #[test]
    fn a_clock_a_die_a_file_and_a_future_are_seen() {
        for code in [
            "use std::time::SystemTime;",
            "let t = Timestamp::now();",
            "let id = Uuid::now_v7();",
            "std::fs::read(path)",
            "use std::{fmt, fs};",
            "use std::net::TcpStream;",
            "async fn f() {}",
            "rand::random()",
        ] {
            assert_eq!(found(code), 1, "{code}");
        }
    }

    #[test]
    fn what_only_sounds_alike_is_left_alone() {
        let code = "use std::fmt; let now = at; sale.now; struct Random; /// async\nlet fs = 1; \
                    let s = \"std::fs\"; include_bytes!(\"font.ttf\");";
        assert_eq!(found(code), 0);
    }

    #[test]
    fn other_crates_may_read_files() {
        assert_eq!(check(&Source::new("src-tauri/crates/store/src/a.rs", "std::fs::read(p)")), []);
    }
}
