//! A little scanner for Rust: enough to tell code from comments and from literals.

/// The same text three times, each as long as the source and with its lines in the same place, so
/// that an offset in one is an offset in all.
pub(super) struct Views {
    /// Comments and the text of literals are blank.
    pub(super) code: String,
    /// Comments are blank.
    pub(super) uncommented: String,
    /// All but comments is blank.
    pub(super) comments: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Code,
    Literal,
    Comment,
}

/// Splits `source` into its views.
pub(super) fn views(source: &str) -> Views {
    let mut views = Views {
        code: String::with_capacity(source.len()),
        uncommented: String::with_capacity(source.len()),
        comments: String::with_capacity(source.len()),
    };
    let mut rest = source;
    let mut in_word = false;
    while let Some(first) = rest.chars().next() {
        let (length, kind) = next(rest, first, in_word);
        let (piece, after) = rest.split_at(length);
        push(&mut views.code, piece, kind == Kind::Code);
        push(&mut views.uncommented, piece, kind != Kind::Comment);
        push(&mut views.comments, piece, kind == Kind::Comment);
        in_word = kind == Kind::Code && is_word(first);
        rest = after;
    }
    views
}

fn push(view: &mut String, piece: &str, kept: bool) {
    if kept {
        view.push_str(piece);
        return;
    }
    for character in piece.chars() {
        match character {
            '\n' => view.push('\n'),
            other => view.extend(std::iter::repeat_n(' ', other.len_utf8())),
        }
    }
}

/// How long the piece at the start of `rest` is, and what it is.
fn next(rest: &str, first: char, in_word: bool) -> (usize, Kind) {
    let plain = (first.len_utf8(), Kind::Code);
    match first {
        '/' if rest.starts_with("//") => (rest.find('\n').unwrap_or(rest.len()), Kind::Comment),
        '/' if rest.starts_with("/*") => (block_comment(rest), Kind::Comment),
        '"' => (quoted(rest, '"'), Kind::Literal),
        '\'' => char_literal(rest).map_or(plain, |length| (length, Kind::Literal)),
        'r' | 'b' | 'c' if !in_word => {
            raw_string(rest).map_or(plain, |length| (length, Kind::Literal))
        }
        _ => plain,
    }
}

fn block_comment(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(pair) = rest.as_bytes().get(at..at + 2) {
        match pair {
            b"/*" => depth += 1,
            b"*/" => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

/// The length of a literal that starts with `quote` and in which a backslash escapes.
fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, character) in rest.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            other if other == quote => return at + other.len_utf8(),
            _ => {}
        }
    }
    rest.len()
}

/// `'a'` is a literal, `'a` a lifetime.
fn char_literal(rest: &str) -> Option<usize> {
    let mut characters = rest.char_indices().skip(1);
    match characters.next()? {
        (_, '\\') => Some(quoted(rest, '\'')),
        _ => match characters.next()? {
            (at, '\'') => Some(at + 1),
            _ => None,
        },
    }
}

/// `r"…"`, `br#"…"#` and their like; the plain `b"…"` is found by its quote.
fn raw_string(rest: &str) -> Option<usize> {
    let after = rest.strip_prefix(['b', 'c']).unwrap_or(rest).strip_prefix('r')?;
    let hashes = after.bytes().take_while(|byte| *byte == b'#').count();
    let body = after[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let start = rest.len() - body.len();
    Some(body.find(&end).map_or(rest.len(), |at| start + at + end.len()))
}

/// Whether `character` can stand in a name or a number.
pub(super) fn is_word(character: char) -> bool {
    character == '_' || character.is_alphanumeric()
}

/// Every name, keyword and run of digits in `code`, with its offset.
pub(super) fn words(code: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        at += code[at..].find(is_word)?;
        let start = at;
        at += code[start..].find(|c| !is_word(c)).unwrap_or(code.len() - start);
        Some((start, &code[start..at]))
    })
}

/// The offset behind the bracket that closes the one at `open`, or the end of the text.
pub(super) fn closing(code: &str, open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in code.bytes().enumerate().skip(open) {
        match byte {
            b'{' | b'(' | b'[' => depth += 1,
            b'}' | b')' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    code.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(source: &str) -> String {
        let code = views(source).code;
        assert_eq!(code.len(), source.len());
        code.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn comments_are_not_code() {
        assert_eq!(code("a // b\nc"), "a c");
        assert_eq!(code("a /* b /* c */ d */ e"), "a e");
        assert_eq!(code("//! b\n/// c\nfn"), "fn");
    }

    #[test]
    fn the_text_of_a_literal_is_not_code() {
        assert_eq!(code(r#"a("b // c \" d", e)"#), "a( , e)");
        assert_eq!(code("a(r##\"b \"# c\"##, br\"\\\", d)"), "a( , , d)");
        assert_eq!(code(r"['a', '\'', b'x', '\u{1F}']"), "[ , , b , ]");
    }

    #[test]
    fn a_lifetime_is_code_and_so_is_a_name_that_ends_like_a_prefix() {
        assert_eq!(code("fn f<'a>(x: &'a str) {}"), "fn f<'a>(x: &'a str) {}");
        assert_eq!(code("number\"text\"x"), "number x");
        assert_eq!(code("r#type"), "r#type");
    }

    #[test]
    fn the_views_agree_on_offsets_beside_other_alphabets() {
        let source = "let a = \"größe\"; // Größe\nlet b = 1;";
        let views = views(source);
        assert_eq!(views.code.find("let b"), source.find("let b"));
        assert_eq!(views.comments.trim(), "// Größe");
        assert!(views.uncommented.contains("größe"));
    }

    #[test]
    fn words_and_brackets_are_found() {
        let found: Vec<_> = words("a.b1 + 12;").collect();
        assert_eq!(found, [(0, "a"), (2, "b1"), (7, "12")]);
        assert_eq!(closing("f { [ } ] } g", 2), 9);
        assert_eq!(closing("{ ( ) }", 0), 7);
    }
}
