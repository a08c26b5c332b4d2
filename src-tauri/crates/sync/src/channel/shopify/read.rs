//! How Shopify writes amounts, ids and moments.

use countertop_domain::money::Currency;
use serde_json::Value;

use super::super::amount::minor_units;
use super::super::connector::Trouble;

/// Thousandths in a unit.
pub(super) const UNIT: i64 = 1_000;
/// Characters of a text that are kept.
const MAX_TEXT: usize = 5_000;

/// A text at a place such as `/product/title`; empty if it is not there. Without what steers a screen:
/// control characters, and those that turn the direction of what follows.
pub(super) fn text(value: &Value, at: &str) -> String {
    let found = value.pointer(at).and_then(Value::as_str).unwrap_or_default();
    let turns = |c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    found.chars().filter(|c| !c.is_control() && !turns(*c)).take(MAX_TEXT).collect()
}

/// A list at a place; empty if it is not there.
pub(super) fn list<'a>(value: &'a Value, at: &str) -> &'a [Value] {
    value.pointer(at).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// A truth at a place; false if it is not there.
pub(super) fn flag(value: &Value, at: &str) -> bool {
    value.pointer(at).and_then(Value::as_bool).unwrap_or(false)
}

/// A whole number at a place.
pub(super) fn number(value: &Value, at: &str) -> Option<i64> {
    value.pointer(at).and_then(Value::as_i64)
}

/// A number that Shopify writes with a point although it is whole: `1000.0`. What follows is cut off.
pub(super) fn whole(value: &Value, at: &str) -> Option<i64> {
    let number = value.pointer(at)?.as_number()?.to_string();
    number.split('.').next()?.parse().ok()
}

/// The amount at a place, which must be there and not below nothing.
pub(super) fn price(value: &Value, at: &str, currency: Currency) -> Result<i64, String> {
    let written = text(value, at);
    match minor_units(&written, currency.exponent()) {
        Some(minor) if minor >= 0 => Ok(minor),
        Some(_) => Err(format!("its price is below nothing ({written})")),
        None => Err(format!("its price cannot be read ({written})")),
    }
}

/// A moment, milliseconds since 1970 UTC.
pub(super) fn moment(value: &Value, at: &str) -> Option<i64> {
    let text = value.pointer(at)?.as_str()?;
    text.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_millisecond)
}

/// A moment as Shopify reads it.
pub(super) fn written(ms: i64) -> String {
    let moment = jiff::Timestamp::from_millisecond(ms).unwrap_or_default();
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The number in `gid://shopify/Product/123`.
pub(super) fn number_of(gid: &str) -> Option<u64> {
    gid.rsplit('/').next()?.split('?').next()?.parse().ok()
}

/// What is searched for: what changed at `since_ms` or later, of ids above `after`. A list is paged by
/// id, because Shopify pages no list beyond 25,000.
pub(super) fn search(since_ms: Option<i64>, after: Option<u64>) -> Option<String> {
    let mut terms = Vec::new();
    if let Some(since) = since_ms {
        terms.push(format!("updated_at:>='{}'", written(since)));
    }
    if let Some(after) = after {
        terms.push(format!("id:>{after}"));
    }
    (!terms.is_empty()).then(|| terms.join(" AND "))
}

/// Where a list goes on: the id of its last one, if the shop says that there is more.
pub(super) fn following(connection: &Value) -> Result<Option<u64>, Trouble> {
    if !flag(connection, "/pageInfo/hasNextPage") {
        return Ok(None);
    }
    let last = list(connection, "/nodes").last().map(|node| text(node, "/id"));
    match last.as_deref().and_then(number_of) {
        Some(number) => Ok(Some(number)),
        // Without it the list would end early, and what was missed never be read.
        None => Err(Trouble::unknown("the shop's list goes on, but nobody can say where")),
    }
}

#[cfg(test)]
mod tests {
    use super::{number_of, search};

    #[test]
    fn lists_are_paged_by_number_and_by_the_shops_clock() {
        assert_eq!(number_of("gid://shopify/Product/123"), Some(123));
        assert_eq!(number_of("gid://shopify/InventoryLevel/5?inventory_item_id=7"), Some(5));
        assert_eq!(search(None, None), None);
        assert_eq!(
            search(Some(1_700_000_000_000), Some(9)).as_deref(),
            Some("updated_at:>='2023-11-14T22:13:20Z' AND id:>9")
        );
    }
}
