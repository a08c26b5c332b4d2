//! No floating point where money is counted or kept.

use super::Violation;
use super::scanner::{is_word, words};
use super::source::Source;

const EXACT: &[&str] =
    &["src-tauri/crates/domain/src", "src-tauri/crates/receipt/src", "src-tauri/crates/store/src"];

/// Places on a page are floats, because that is what printpdf takes. No amount is made from them.
const PAGE_GEOMETRY: &[&str] =
    &["src-tauri/crates/receipt/src/pdf.rs", "src-tauri/crates/receipt/src/pdf"];

/// So are the outlines of letters, which become dots there.
const LETTERS: &[&str] = &["src-tauri/crates/receipt/src/letters/dots.rs"];

/// A reader of JSON must name the type of a number with a fraction in order to refuse it.
const REFUSED: &[&str] = &["src-tauri/crates/domain/src/quote/json.rs"];

const WHY: &str = "0.1 + 0.2 is not 0.3 in floating point, and a till that is a cent off is wrong.";
const REMEDY: &str = "count in whole minor units (Money) or use rust_decimal for a rate.";

pub(super) fn check(source: &Source) -> Vec<Violation> {
    let page = source.is_in(PAGE_GEOMETRY) || source.is_in(LETTERS);
    if !source.is_in(EXACT) || page || source.is_in(REFUSED) {
        return Vec::new();
    }
    match &source.rust {
        Some(views) => {
            let code = &views.code;
            let floats = words(code).filter(|(at, word)| is_float(code, *at, word));
            let mut found: Vec<_> = floats
                .map(|(at, word)| (at, format!("{} is floating point.", literal(code, at, word))))
                .collect();
            found.extend(real_columns(&views.uncommented));
            found
        }
        None if source.path.ends_with(".sql") => real_columns(&source.text),
        None => Vec::new(),
    }
    .into_iter()
    .map(|(at, what)| source.violation(at, what, WHY, REMEDY))
    .collect()
}

fn is_float(code: &str, at: usize, word: &str) -> bool {
    if word.split('_').any(|part| part == "f32" || part == "f64") {
        return true;
    }
    let digits = word.starts_with(|c: char| c.is_ascii_digit());
    let radix = ["0x", "0o", "0b"].iter().any(|prefix| word.starts_with(prefix));
    // The second number of `pair.0.1` and of `0..10` is no fraction.
    if !digits || radix || code[..at].ends_with('.') {
        return false;
    }
    if word.ends_with("f32") || word.ends_with("f64") || word.contains(['e', 'E']) {
        return !word.contains("size"); // 1usize and 1isize
    }
    let Some(after) = code[at + word.len()..].strip_prefix('.') else {
        return false;
    };
    // `1..2` is a range, `1.max(2)` a call; `1.5` and `1.` are floats.
    !after.starts_with(|c: char| c == '.' || (is_word(c) && !c.is_ascii_digit()))
}

fn literal<'a>(code: &'a str, at: usize, word: &'a str) -> &'a str {
    if !word.starts_with(|c: char| c.is_ascii_digit()) {
        return word;
    }
    let end = code[at..].find(|c| !is_word(c) && c != '.').unwrap_or(code.len() - at);
    &code[at..at + end]
}

/// SQLite's floating point columns and casts, which Rust's types do not show.
fn real_columns(text: &str) -> Vec<(usize, String)> {
    words(text)
        .filter(|(_, word)| *word == "REAL")
        .map(|(at, _)| (at, "REAL is floating point in SQLite.".to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(code: &str) -> Vec<String> {
        let source = Source::new("src-tauri/crates/domain/src/money.rs", code);
        check(&source).into_iter().map(|violation| violation.what).collect()
    }

    #[test]
    fn every_way_to_write_a_float_is_seen() {
        for code in [
            "fn f(x: f64) {}",
            "let x = 1.5;",
            "let x = 1.;",
            "let x = (2. * y);",
            "let x = 1e3;",
            "let x = 2f32;",
            "let x = 3_f64;",
            "rate.to_f64()",
            "x as f32",
        ] {
            assert_eq!(found(code).len(), 1, "{code}");
        }
        assert_eq!(found("let x = 1.5;"), ["1.5 is floating point."]);
    }

    #[test]
    fn whole_numbers_ranges_tuples_and_calls_are_not_floats() {
        let code = "let x = 1_000; let y = pair.0.1; for i in 0..10 {} 1.max(2); 0x1e5; 1..=2; \
                    let e = 10usize; v1.0; let z = 1u64;";
        assert_eq!(found(code), Vec::<String>::new());
    }

    #[test]
    fn words_in_comments_and_text_are_not_floats() {
        assert_eq!(found("// 1.5 as f64\nlet x = \"1.5\";"), Vec::<String>::new());
    }

    #[test]
    fn a_floating_point_column_is_seen_in_rust_and_in_sql() {
        assert_eq!(found("const T: &str = \"CREATE TABLE t (price REAL)\";").len(), 1);
        let path = "src-tauri/crates/store/src/migrations/1.sql";
        assert_eq!(check(&Source::new(path, "CREATE TABLE t (\n price REAL\n)"))[0].line, 2);
    }

    #[test]
    fn page_geometry_and_other_crates_may_use_floats() {
        for path in ["src-tauri/crates/receipt/src/pdf.rs", "src-tauri/crates/app/src/lib.rs"] {
            assert_eq!(check(&Source::new(path, "let x = 1.5;")), []);
        }
    }
}
