//! Names from the trade, and a public surface that a reader can see.

use super::Violation;
use super::scanner::words;
use super::source::Source;

/// Words that say that something was put somewhere and not what it is.
const EMPTY_WORDS: &[&str] =
    &["helper", "helpers", "manager", "managers", "processor", "processors", "util", "utils"];

const DECLARED_BY: &[&str] =
    &["class", "enum", "interface", "mod", "struct", "trait", "type", "union"];

const WHY: &str = "such a name says nothing, so everything ends up in it.";
const REMEDY: &str = "name it after what it is in the shop.";

/// The names of files and folders.
pub(super) fn check_paths(paths: &[String]) -> Vec<Violation> {
    let empty =
        paths.iter().filter(|path| path.split('/').any(|part| part.split('.').any(is_empty_name)));
    empty
        .map(|path| Violation {
            file: path.clone(),
            line: 1,
            what: format!("{path} is named after nothing."),
            why: WHY,
            remedy: REMEDY,
        })
        .collect()
}

/// The names of types and modules, and what is made public.
pub(super) fn check(source: &Source) -> Vec<Violation> {
    let code = match &source.rust {
        Some(views) => &views.code,
        None if source.is_script() => &source.text,
        None => return Vec::new(),
    };
    let mut found = Vec::new();
    let mut before = "";
    for (at, word) in words(code) {
        let is_type = word.starts_with(char::is_uppercase);
        if DECLARED_BY.contains(&before) && (is_type || before == "mod") && is_empty_name(word) {
            found.push(source.violation(
                at,
                format!("{word} is named after nothing."),
                WHY,
                REMEDY,
            ));
        }
        before = word;
    }
    if source.rust.is_some() {
        found.extend(globs(source, code));
    }
    found
}

/// Whether the last word of a name in any spelling is an empty one.
fn is_empty_name(name: &str) -> bool {
    let last = name.rsplit(['_', '-']).next().unwrap_or(name);
    let start = last.rfind(char::is_uppercase).unwrap_or(0);
    EMPTY_WORDS.contains(&last[start..].to_lowercase().as_str())
}

fn globs(source: &Source, code: &str) -> Vec<Violation> {
    let imports = words(code).filter(|(at, word)| {
        let before = code[..*at].trim_end();
        *word == "use" && (before.ends_with("pub") || is_restricted_pub(before))
    });
    imports
        .filter_map(|(at, _)| {
            let end = code[at..].find(';')?;
            let star = code[at..at + end].find('*')?;
            Some(source.violation(
                at + star,
                "Everything of a module is made public at once.",
                "lib.rs is the list of what a crate offers, and a star hides it.",
                "name what is offered.",
            ))
        })
        .collect()
}

/// Whether `before` ends with `pub(crate)` or its like.
fn is_restricted_pub(before: &str) -> bool {
    before
        .strip_suffix(')')
        .and_then(|rest| rest.rsplit_once('('))
        .is_some_and(|(rest, _)| rest.trim_end().ends_with("pub"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> usize {
        check(&Source::new("src/a.rs", text)).len()
    }

    #[test]
    fn a_name_that_says_nothing_is_seen_in_types_modules_and_files() {
        assert_eq!(found("struct PrintManager;"), 1);
        assert_eq!(found("pub(crate) enum Utils { A }"), 1);
        assert_eq!(found("mod order_helpers;"), 1);
        assert_eq!(check(&Source::new("a.ts", "export class SaleProcessor {}")).len(), 1);
        let paths = ["ui/src/utils.ts", "tests/test-helpers/mod.rs", "src/PrintManager.svelte"];
        assert_eq!(check_paths(&paths.map(str::to_owned)).len(), 3);
    }

    #[test]
    fn a_manager_who_works_in_the_shop_is_not_one_of_them() {
        assert_eq!(found("enum Role { Owner, Manager, Cashier } let manager = Role::Manager;"), 0);
        assert_eq!(found("struct ManagerBadge; // the helper\n"), 0);
        assert_eq!(check_paths(&["src/processing.rs".to_owned()]), []);
    }

    #[test]
    fn a_public_star_is_seen_and_a_private_one_is_left_to_clippy() {
        assert_eq!(found("pub use money::*;"), 1);
        assert_eq!(found("pub(crate) use {a, b::*};"), 1);
        assert_eq!(found("use super::*;\npub use a::B; const X: i32 = 2 * 3;"), 0);
    }
}
