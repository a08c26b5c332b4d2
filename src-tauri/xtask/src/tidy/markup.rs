//! What the screens may not do with markup, and that their words are all in one place.

use super::Violation;
use super::source::Source;

pub(super) fn check(source: &Source) -> Vec<Violation> {
    let is_page = source.path.starts_with("ui/") && source.is_script();
    let mut found = Vec::new();
    if is_page && !source.path.contains(".test.") && !source.path.starts_with("ui/e2e/") {
        found.extend(raw_html(source));
    }
    if source.path.starts_with("ui/src/") && source.path.ends_with(".svelte") {
        let words = visible_words(&source.text);
        found.extend(words.into_iter().map(|(at, text)| {
            source.violation(
                at,
                format!("The words {text:?} stand in the markup."),
                "a shop in another language reads them too.",
                "put them in ui/src/messages and show the message.",
            )
        }));
    }
    found
}

fn raw_html(source: &Source) -> Vec<Violation> {
    source
        .script_lines()
        .filter_map(|(at, line)| {
            let ways = ["{@html", "innerHTML", "outerHTML", "insertAdjacentHTML"];
            let (column, way) = ways.iter().find_map(|way| Some((line.find(way)?, way)))?;
            Some(source.violation(
                at + column,
                format!("{way} makes text into markup."),
                "a product's name from a shop on the web could become a program on the till.",
                "write the text as text and let Svelte make the elements.",
            ))
        })
        .collect()
}

/// Attributes whose text a person sees or hears.
const SPOKEN: &[&str] = &["alt=", "aria-description=", "aria-label=", "placeholder=", "title="];

/// Words that a person would see or hear and that stand in the markup itself, with their offsets.
fn visible_words(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let length = if rest.starts_with("<!--") {
            until(rest, "-->")
        } else if rest.starts_with("<script") {
            until(rest, "</script>")
        } else if rest.starts_with("<style") {
            until(rest, "</style>")
        } else if rest.starts_with('{') {
            expression(rest)
        } else if is_tag(rest) {
            let length = tag(rest);
            let spoken = spoken(&rest[..length]);
            found.extend(spoken.map(|(column, words)| (at + column, words)));
            length
        } else {
            let next = rest.char_indices().skip(1);
            let mut ends = next.filter(|(at, c)| *c == '{' || (*c == '<' && is_tag(&rest[*at..])));
            let length = ends.next().map_or(rest.len(), |(at, _)| at);
            let words = rest[..length].trim();
            if has_letters(words) {
                let column = rest[..length].find(words).unwrap_or(0);
                found.push((at + column, words.to_owned()));
            }
            length
        };
        at += length;
    }
    found
}

fn until(rest: &str, end: &str) -> usize {
    rest.find(end).map_or(rest.len(), |at| at + end.len())
}

fn is_tag(rest: &str) -> bool {
    let mut characters = rest.chars();
    characters.next() == Some('<')
        && characters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '/' || c == '!')
}

/// The length of `{ … }`, with the braces and the quotes inside it.
fn expression(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in rest.char_indices() {
        match (quote, c) {
            _ if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(open), _) if open == c => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"' | '`') => quote = Some(c),
            (None, '{') => depth += 1,
            (None, '}') => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            (None, _) => {}
        }
    }
    rest.len()
}

/// The length of `< … >`, with the quotes and the expressions inside it.
fn tag(rest: &str) -> usize {
    let mut at = 1;
    let mut quote = None;
    while let Some(c) = rest[at..].chars().next() {
        match (quote, c) {
            (_, '{') => {
                at += expression(&rest[at..]);
                continue;
            }
            (Some(open), _) if open == c => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '>') => return at + 1,
            (None, _) => {}
        }
        at += c.len_utf8();
    }
    rest.len()
}

/// The spoken attributes of a tag that are words and not an expression.
fn spoken(tag: &str) -> impl Iterator<Item = (usize, String)> {
    SPOKEN.iter().filter_map(|name| {
        let start = tag.find(&format!(" {name}\"")).or_else(|| tag.find(&format!("\n{name}\"")))?;
        let value = start + 1 + name.len() + 1;
        let words = tag[value..].split('"').next()?;
        has_letters(words).then(|| (value, words.to_owned()))
    })
}

/// Whether anything but signs, numbers, expressions and entities is in `text`.
fn has_letters(text: &str) -> bool {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let entity = || {
            let end = rest.find(';')?;
            rest[1..end].chars().all(|c| c.is_ascii_alphanumeric() || c == '#').then_some(end + 1)
        };
        let skipped = match c {
            '{' => Some(expression(rest)),
            '&' => entity(),
            _ => None,
        };
        if skipped.is_none() {
            plain.push(c);
        }
        rest = &rest[skipped.unwrap_or(c.len_utf8())..];
    }
    plain.chars().any(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let source = Source::new("ui/src/features/sell/Sell.svelte", text);
        check(&source).into_iter().map(|violation| violation.what).collect()
    }

    #[test]
    fn text_that_becomes_markup_is_seen() {
        assert_eq!(found("{@html receipt}").len(), 1);
        assert_eq!(found("<script>box.innerHTML = name;</script>").len(), 1);
        assert_eq!(found("<script>\n// never innerHTML\n</script>"), Vec::<String>::new());
    }

    #[test]
    fn words_in_the_markup_are_seen_where_they_stand() {
        let page =
            "<script>let a = 'Pay';</script>\n<button onclick={() => a > 1}>Pay now</button>";
        let source = Source::new("ui/src/App.svelte", page);
        let violations = check(&source);
        assert_eq!(violations.len(), 1);
        assert_eq!(violations[0].line, 2);
        assert_eq!(violations[0].what, "The words \"Pay now\" stand in the markup.");
        assert_eq!(found("<input placeholder=\"Search\" />").len(), 1);
        assert_eq!(found("<input\n  aria-label=\"Search {name}\" />").len(), 1);
        assert_eq!(found("{#if a}Yes{:else}{no}{/if}").len(), 1);
    }

    #[test]
    fn signs_numbers_and_messages_are_not_words() {
        let page = "<!-- A note -->\n<p class=\"sum total\">{t('total', { a: '}' })} &times; 3 · \
                    <b>{`${x}`}</b></p>\n<style>p { color: red }</style>\n{#if a < b}1{/if}\n\
                    <input aria-label={t('search')} type=\"text\" title=\"{t('x')}\" />";
        assert_eq!(found(page), Vec::<String>::new());
    }
}
