//! What shops write, read: amounts, quantities, texts and moments, each the same whatever platform
//! they come from. Nothing here is a float: a number is read by its digits.

use countertop_domain::customer::Address;
use reqwest::header::HeaderMap;
use serde_json::Value;

use super::amount::{decimal_text, minor_units};
use crate::webhook::retry_after;

/// Characters of a text that are kept.
const MAX_TEXT: usize = 20_000;

/// A decimal number, as text or as a number, in units of `10^-places`: see [`minor_units`].
pub(super) fn decimal(value: &Value, places: u32) -> Option<i64> {
    match value {
        Value::String(text) => minor_units(text, places),
        Value::Number(number) => minor_units(&number.to_string(), places),
        _ => None,
    }
}

/// An amount or a quantity as a JSON number: 1250 with two places is `12.5`.
pub(super) fn number(units: i64, places: u32) -> Value {
    serde_json::from_str(&decimal_text(units, places)).unwrap_or(Value::Null)
}

/// A text, or a number as text; empty for anything else.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().chars().take(MAX_TEXT).collect(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// An id, which shops write as a number or as text; none for nothing, `0` and `"0"`.
pub(super) fn id(value: &Value) -> Option<String> {
    Some(text(value)).filter(|id| !id.is_empty() && id != "0")
}

/// True if a text has characters that turn or hide what stands around them on a screen.
pub(super) fn is_hostile(text: &str) -> bool {
    text.chars().any(|c| {
        (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    })
}

/// HTML as plain text: without its tags, its commonest characters read.
pub(super) fn plain(html: &str) -> String {
    let mut plain = String::with_capacity(html.len());
    let mut in_tag = false;
    for c in html.chars() {
        match c {
            '<' => in_tag = true,
            '>' if in_tag => {
                in_tag = false;
                plain.push(' ');
            }
            c if !in_tag => plain.push(c),
            _ => {}
        }
    }
    let plain = [
        ("&nbsp;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&#039;", "'"),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(plain, |text, (written, meant)| text.replace(written, meant));
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A moment of a shop, milliseconds since 1970 UTC: ISO 8601 with a zone, the form of e-mails, or a
/// date and a time without a zone, which is UTC.
pub(super) fn moment(value: &Value) -> Option<i64> {
    let text = value.as_str()?.trim();
    if let Ok(moment) = text.parse::<jiff::Timestamp>() {
        return Some(moment.as_millisecond());
    }
    if let Ok(moment) = jiff::fmt::rfc2822::parse(text) {
        return Some(moment.timestamp().as_millisecond());
    }
    let local = text.parse::<jiff::civil::DateTime>().ok()?;
    Some(local.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_millisecond())
}

/// A moment in ISO 8601 with its zone: `2026-11-23T20:40:00Z`.
pub(super) fn iso(ms: i64) -> String {
    let moment = jiff::Timestamp::from_millisecond(ms).unwrap_or_default();
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// How long the shop asks us to wait, in milliseconds; BigCommerce says it in a header of its own.
pub(super) fn asked_to_wait_ms(headers: &HeaderMap, now_ms: i64) -> Option<i64> {
    let text = |name: &str| headers.get(name)?.to_str().ok();
    let after = text("retry-after").and_then(|text| retry_after(text, now_ms));
    let reset = || text("x-rate-limit-time-reset-ms")?.trim().parse().ok();
    after.map(|seconds| seconds * 1_000).or_else(reset)
}

/// A moment in HTTP's form, milliseconds since 1970 UTC.
pub(super) fn http_date(text: &str) -> Option<i64> {
    Some(jiff::fmt::rfc2822::parse(text.trim()).ok()?.timestamp().as_millisecond())
}

/// The rows of a list; none if it is no list.
pub(super) fn rows(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The first and the last part of a name; both are never empty, which shops insist on.
pub(super) fn names(name: &str) -> (String, String) {
    let name = name.trim();
    match name.rsplit_once(char::is_whitespace) {
        Some((first, last)) => (first.trim().to_owned(), last.to_owned()),
        None if name.is_empty() => ("-".to_owned(), "-".to_owned()),
        None => (name.to_owned(), "-".to_owned()),
    }
}

/// A name of its parts; what [`names`] put in for nothing is left out.
pub(super) fn name(first: &Value, last: &Value) -> String {
    let parts = [text(first), text(last)];
    let parts: Vec<&str> =
        parts.iter().map(String::as_str).filter(|part| !part.is_empty() && *part != "-").collect();
    parts.join(" ")
}

/// An address of its parts; `lines` are those above the town.
pub(super) fn address(
    lines: &[&Value],
    postal_code: &Value,
    city: &Value,
    region: &Value,
    country: &Value,
) -> Address {
    let lines = lines.iter().map(|line| text(line)).filter(|line| !line.is_empty()).take(3);
    let country = text(country).to_ascii_uppercase();
    Address {
        lines: lines.collect(),
        postal_code: text(postal_code),
        city: text(city),
        region: text(region),
        country: if country.len() == 2 { country } else { String::new() },
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::{decimal, is_hostile, moment, name, names, number, plain};

    #[test]
    fn numbers_are_read_by_their_digits_and_never_through_a_float() {
        for (value, sum) in [
            (json!("12.5000"), Some(1_250)),
            (json!(12.5), Some(1_250)),
            (json!(4.35), Some(435)),
            (json!(10), Some(1_000)),
            (json!(-0.05), Some(-5)),
            (json!(1e300), None),
            (json!(null), None),
        ] {
            assert_eq!(decimal(&value, 2), sum, "{value}");
        }
        assert_eq!(number(1_250, 2), json!(12.5));
    }

    #[test]
    fn texts_that_turn_or_hide_others_are_seen() {
        assert!(!is_hostile("Käse, 200 g\nfein"));
        for text in ["a\u{0}b", "\u{202e}gpj.exe", "\u{2066}x", "\u{7}"] {
            assert!(is_hostile(text), "{text:?}");
        }
        assert_eq!(plain("<p>Fish &amp; <b>chips</b></p>&nbsp;!"), "Fish & chips !");
    }

    #[test]
    fn moments_are_read_in_all_forms_that_shops_write() {
        let noon = 1_795_435_200_000;
        for text in [
            "2026-11-23T12:00:00Z",
            "2026-11-23T13:00:00+01:00",
            "Mon, 23 Nov 2026 12:00:00 +0000",
            "2026-11-23 12:00:00",
        ] {
            assert_eq!(moment(&json!(text)), Some(noon), "{text}");
        }
        assert_eq!(moment(&json!("soon")), None);
    }

    #[test]
    fn a_name_of_one_word_comes_back_as_it_was() {
        for whole in ["Ada Lovelace", "Cher", "Jean Luc Picard", ""] {
            let (first, last) = names(whole);
            assert!(!first.is_empty() && !last.is_empty());
            assert_eq!(name(&json!(first), &json!(last)), whole);
        }
    }
}
