//! Files and functions that a reader can hold in the head.

use super::Violation;
use super::scanner::{closing, words};
use super::source::Source;

const FILE_LINES: usize = 500;
const FUNCTION_LINES: usize = 70;

/// Written by a program, for a program.
const GENERATED: &[&str] = &["ui/src/bindings"];

pub(super) fn check(source: &Source) -> Vec<Violation> {
    if source.is_in(GENERATED) {
        return Vec::new();
    }
    match &source.rust {
        Some(views) => {
            let code = &views.code;
            let mut found = functions(source, code);
            let end = trailing_tests(code).unwrap_or(code.len());
            found.extend(file(source, source.text[..end].lines().count()));
            found
        }
        None if source.is_script() => {
            file(source, source.text.lines().count()).into_iter().collect()
        }
        None => Vec::new(),
    }
}

fn file(source: &Source, lines: usize) -> Option<Violation> {
    (lines > FILE_LINES).then(|| Violation {
        file: source.path.clone(),
        line: FILE_LINES + 1,
        what: format!("The file has {lines} lines; {FILE_LINES} are the most."),
        why: "a file is one idea, and one idea is shorter.",
        remedy: "split it where a reader would look for the parts.",
    })
}

fn functions(source: &Source, code: &str) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut words = words(code).peekable();
    while let Some((at, word)) = words.next() {
        let Some((name_at, name)) = words.peek().copied().filter(|_| word == "fn") else {
            continue;
        };
        // `fn(u8) -> u8` is a type, and `fn name(…);` has no body.
        if !code[at + 2..name_at].chars().all(char::is_whitespace) {
            continue;
        }
        let Some(body) = body(code, name_at) else {
            continue;
        };
        let lines = source.line(closing(code, body) - 1) - source.line(at) + 1;
        if lines > FUNCTION_LINES {
            found.push(source.violation(
                at,
                format!("{name} has {lines} lines; {FUNCTION_LINES} are the most."),
                "a function reads like one sentence, and this one is a page.",
                "give its parts names of their own.",
            ));
        }
    }
    found
}

/// Where the body of the function whose name is at `from` opens.
fn body(code: &str, from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += code[at..].find(['{', ';', '(', '['])?;
        match code.as_bytes()[at] {
            b'{' => return Some(at),
            b';' => return None,
            _ => at = closing(code, at),
        }
    }
}

/// Where the tests begin that are the last thing in a file, if there are such.
fn trailing_tests(code: &str) -> Option<usize> {
    let start = code.rfind("#[cfg(test)]")?;
    let open = start + code[start..].find('{')?;
    let is_module = words(&code[start..open]).any(|(_, word)| word == "mod");
    let is_last = code[closing(code, open)..].trim().is_empty();
    (is_module && is_last).then_some(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        check(&Source::new(path, text)).into_iter().map(|violation| violation.what).collect()
    }

    fn function(lines: usize) -> String {
        format!("fn long(x: [u8; 4]) -> u8 {{\n{}}}\n", "    call();\n".repeat(lines - 2))
    }

    #[test]
    fn a_function_of_seventy_lines_is_allowed_and_one_more_is_not() {
        assert_eq!(found("a.rs", &function(70)), Vec::<String>::new());
        assert_eq!(found("a.rs", &function(71)), ["long has 71 lines; 70 are the most."]);
    }

    #[test]
    fn braces_in_text_and_functions_without_a_body_do_not_confuse_the_count() {
        let text = "trait T { fn a(&self); fn b(&self) { let x = \"{\"; } }\nlet f: fn(u8) = g;\n";
        let long = format!("{text}{}", "//\n".repeat(100));
        assert_eq!(found("a.rs", &long), Vec::<String>::new());
    }

    #[test]
    fn a_file_of_five_hundred_lines_is_allowed_and_one_more_is_not() {
        assert_eq!(found("a.ts", &"x;\n".repeat(500)), Vec::<String>::new());
        assert_eq!(found("a.svelte", &"x\n".repeat(501)).len(), 1);
        assert_eq!(found("a.rs", &"x!();\n".repeat(501)).len(), 1);
    }

    #[test]
    fn the_tests_at_the_end_of_a_file_do_not_count_for_its_length() {
        let body = "x!();\n".repeat(450);
        let tests = format!("#[cfg(test)]\nmod tests {{\n{}}}\n", "x!();\n".repeat(100));
        assert_eq!(found("a.rs", &format!("{body}{tests}")), Vec::<String>::new());
        assert_eq!(found("a.rs", &format!("{tests}{body}")).len(), 1);
    }

    #[test]
    fn what_is_generated_may_be_long() {
        assert_eq!(found("ui/src/bindings/api.ts", &"x;\n".repeat(900)), Vec::<String>::new());
    }
}
