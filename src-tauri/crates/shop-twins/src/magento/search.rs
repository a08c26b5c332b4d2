//! How the twin searches: filters that are all true, one order, pages.

use std::cmp::Ordering;

use serde_json::{Value, json};

use super::refused;
use crate::http::{Call, Reply};

/// The most rows of a page that the twin gives.
const MOST: usize = 300;

/// A page of rows. `key` is what these rows call `entity_id`.
pub(super) fn answer(call: &Call, all: impl IntoIterator<Item = Value>, key: &str) -> Reply {
    let asked = |name: &str| call.asked(&format!("searchCriteria{name}"));
    let Some(size) = asked("[pageSize]").and_then(|text| text.parse::<usize>().ok()) else {
        return refused(400, "searchCriteria is required.");
    };
    if size > MOST {
        return refused(400, "Maximum SearchCriteria pageSize is 300");
    }
    let mut found: Vec<Value> = all.into_iter().collect();
    for group in 0.. {
        let part = |name: &str| asked(&format!("[filter_groups][{group}][filters][0][{name}]"));
        let Some(field) = part("field") else { break };
        let (value, condition) =
            (part("value").unwrap_or(""), part("condition_type").unwrap_or("eq"));
        found.retain(|row| {
            let own = of(row, field, key);
            match condition {
                "eq" => compare(&own, value) == Ordering::Equal,
                "gt" => compare(&own, value) == Ordering::Greater,
                "gteq" => compare(&own, value) != Ordering::Less,
                "in" => value.split(',').any(|one| compare(&own, one) == Ordering::Equal),
                _ => false,
            }
        });
    }
    if let Some(field) = asked("[sortOrders][0][field]") {
        found.sort_by(|one, other| compare(&of(one, field, key), &of(other, field, key)));
    } else {
        // Without an order of its own the platform promises none.
        found.reverse();
    }
    let total = found.len();
    let size = size.max(1);
    let last = total.div_ceil(size).max(1);
    let page = asked("[currentPage]").and_then(|text| text.parse().ok()).unwrap_or(1_usize);
    // A page behind the last one is the last one once more.
    let page = page.clamp(1, last);
    let items: Vec<Value> = found.into_iter().skip((page - 1) * size).take(size).collect();
    Reply::json(200, &json!({ "items": items, "search_criteria": {}, "total_count": total }))
}

fn of(row: &Value, field: &str, key: &str) -> String {
    match &row[if field == "entity_id" { key } else { field }] {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// As its database does: numbers by their size, texts without regard to case.
fn compare(one: &str, other: &str) -> Ordering {
    match (one.parse::<i64>(), other.parse::<i64>()) {
        (Ok(one), Ok(other)) => one.cmp(&other),
        _ => one.to_lowercase().cmp(&other.to_lowercase()),
    }
}
