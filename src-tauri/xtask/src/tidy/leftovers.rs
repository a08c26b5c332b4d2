//! Nothing half done is left behind.

use super::Violation;
use super::scanner::words;
use super::source::Source;

/// The rules themselves must name what they forbid.
const RULES: &[&str] = &["src-tauri/xtask/src/tidy"];

const WHY: &str = "what is left for later is forgotten, and the shop finds it.";
const REMEDY: &str = "finish it, or take it out and file an issue.";

pub(super) fn check(source: &Source) -> Vec<Violation> {
    if source.is_in(RULES) {
        return Vec::new();
    }
    let mut found = match &source.rust {
        Some(views) => {
            let mut found = marks(source, &views.comments);
            found.extend(unfinished(source, &views.code));
            found
        }
        None => marks(source, &source.text),
    };
    if source.is_script() {
        found.extend(lone_tests(source));
    }
    found
}

/// The marks that people leave for themselves. Where it is not a comment such a word may be data: a
/// currency that nobody has chosen yet is XXX.
fn marks(source: &Source, text: &str) -> Vec<Violation> {
    let starts: &[&str] = match source.path.rsplit('.').next() {
        Some("sql") => &["--"],
        Some("toml" | "py" | "sh") => &["#"],
        Some("md") => &["<!--"],
        _ => &["//", "/*", "<!--"],
    };
    words(text)
        .filter(|(_, word)| ["FIXME", "TODO", "XXX"].contains(word))
        .filter(|(at, _)| {
            let line = text[..*at].rsplit('\n').next().unwrap_or_default();
            source.rust.is_some()
                || line.trim_start().starts_with("* ")
                || starts.iter().any(|start| line.contains(start))
        })
        .map(|(at, word)| source.violation(at, format!("{word} is left."), WHY, REMEDY))
        .collect()
}

fn unfinished(source: &Source, code: &str) -> Vec<Violation> {
    let mut found = Vec::new();
    for (at, word) in words(code) {
        let after = &code[at + word.len()..];
        if ["todo", "unimplemented"].contains(&word) && after.starts_with('!') {
            found.push(source.violation(at, format!("{word}! is left."), WHY, REMEDY));
        }
        if word == "ignore" && code[..at].trim_end().ends_with("#[") {
            found.push(source.violation(
                at,
                "A test is switched off.",
                "a test that does not run says nothing, and looks as if it did.",
                "make it run, or take it out.",
            ));
        }
    }
    found
}

fn lone_tests(source: &Source) -> Vec<Violation> {
    source
        .script_lines()
        .filter_map(|(at, line)| {
            Some(source.violation(
                at + line.find(".only(")?,
                "One test runs and the others do not.",
                "a run that leaves tests out looks like one that passed them.",
                "take .only away.",
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
    fn what_is_not_finished_is_seen() {
        assert_eq!(found("a.rs", "fn f() { todo!() }"), 1);
        assert_eq!(found("a.rs", "fn f() { unimplemented!(\"x\") }"), 1);
        assert_eq!(found("a.rs", "x(); // FIXME later"), 1);
        assert_eq!(found("a.ts", "x(); // TODO later"), 1);
        assert_eq!(found("a.svelte", "<!-- XXX -->"), 1);
        assert_eq!(found("a.sql", "-- FIXME"), 1);
    }

    #[test]
    fn a_test_that_does_not_run_or_runs_alone_is_seen() {
        assert_eq!(found("a.rs", "#[test]\n#[ignore = \"slow\"]\nfn f() {}"), 1);
        assert_eq!(found("a.test.ts", "test.only('a', () => {});"), 1);
    }

    #[test]
    fn data_that_looks_alike_is_left_alone() {
        assert_eq!(found("a.rs", "let none = \"XXX\"; let todo = 1; x.ignore();"), 0);
        assert_eq!(found("a.ts", "#none = 'XXX'; i--; XXX"), 0);
    }
}
