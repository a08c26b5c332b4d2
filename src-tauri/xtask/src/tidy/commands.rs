//! One list of commands: a transport passes them on and adds none of its own.

use super::Violation;
use super::scanner::words;
use super::source::Source;

const WHY: &str =
    "a command outside the list has no right that is checked and no type on the page.";
const REMEDY: &str = "add it to commands! in src-tauri/crates/app/src/commands.rs.";

/// The only route under /rpc/.
const ROUTE: &str = "/rpc/{command}";
/// The only Tauri commands: the list's door, and showing a finished file with the system's viewer, in
/// which the register has no part.
const HANDLERS: [&str; 2] = ["rpc", "open_file"];

pub(super) fn check(source: &Source) -> Vec<Violation> {
    let Some(views) = &source.rust else {
        return Vec::new();
    };
    let mut found = handlers(source, &views.code);
    found.extend(routes(source, &views.code, &views.uncommented));
    found
}

/// `#[tauri::command]`, with or without arguments, and `#[command]` after a `use`.
fn handlers(source: &Source, code: &str) -> Vec<Violation> {
    let mut found = Vec::new();
    for (at, word) in words(code) {
        let before = code[..at].trim_end();
        let is_attribute = before.ends_with("#[tauri::")
            || (before.ends_with("#[") && source.path.starts_with("src-tauri/src/desktop/"));
        if word != "command" || !is_attribute {
            continue;
        }
        let mut following = words(&code[at..]).map(|(_, word)| word);
        let name = following.by_ref().find(|word| *word == "fn").and_then(|_| following.next());
        if !name.is_some_and(|name| HANDLERS.contains(&name)) {
            let what = format!("{} is a command of its own.", name.unwrap_or("This"));
            found.push(source.violation(at, what, WHY, REMEDY));
        }
    }
    found
}

fn routes(source: &Source, code: &str, uncommented: &str) -> Vec<Violation> {
    let routes = words(code).filter(|(at, word)| {
        *word == "route" && code[..*at].ends_with('.') && code[at + word.len()..].starts_with('(')
    });
    routes
        .filter_map(|(at, word)| {
            let argument = uncommented[at + word.len() + 1..].trim_start().strip_prefix('"')?;
            let path = argument.split('"').next().filter(|path| path.starts_with("/rpc"))?;
            let what = format!("{path} is a route of its own.");
            (path != ROUTE).then(|| source.violation(at, what, WHY, REMEDY))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> usize {
        check(&Source::new("src-tauri/src/desktop/rpc.rs", text)).len()
    }

    #[test]
    fn a_second_command_of_the_window_is_seen() {
        assert_eq!(found("#[tauri::command]\nasync fn open_drawer() {}"), 1);
        assert_eq!(found("#[tauri::command(async)]\npub(crate) fn pay() {}"), 1);
        assert_eq!(found("#[command]\nfn pay() {}"), 1);
        assert_eq!(found("#[tauri::command]\nasync fn rpc() {}"), 0);
    }

    #[test]
    fn a_second_route_for_commands_is_seen() {
        assert_eq!(found(".route(\"/rpc/pay.tender\", post(pay))"), 1);
        assert_eq!(found(".route(\n    \"/rpc/{command}\", post(rpc))"), 0);
        assert_eq!(found(".route(\"/health\", get(health))"), 0);
    }
}
