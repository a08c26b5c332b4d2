//! A link that another program opened.

use serde_json::{Map, Value};

use super::fault::Wrong;
use super::request::Asked;
use super::{android, json, percent};

/// Characters of a link.
const MAX_LINK: usize = 64 * 1024;
/// The scheme of our own.
const OWN: &str = "countertop";
/// Square's own, taken only where the owner says so.
const SQUARE: &str = "square-commerce-v1";

/// Reads a link: `countertop://payment/create?data=…`, `countertop://charge?…`, or the text of an
/// `intent:` link. `square` says whether links of Square's own scheme are taken.
///
/// # Errors
/// The link is none of these, or nothing in it can be read: nobody can be answered.
pub fn read_link(link: &str, square: bool) -> Result<Asked, Wrong> {
    let link = link.trim();
    if link.len() > MAX_LINK {
        return Err(Wrong::data("the link is longer than any request"));
    }
    let (scheme, rest) =
        link.split_once(':').ok_or_else(|| Wrong::data("that is no link to this register"))?;
    let scheme = scheme.to_ascii_lowercase();
    let ours = scheme == OWN || (square && scheme == SQUARE);
    if scheme == "intent" || (ours && rest.contains("#Intent;")) {
        return android::of_intent(rest);
    }
    if !ours {
        return Err(Wrong::data("that is no link to this register"));
    }
    let rest = rest.trim_start_matches('/');
    let rest = rest.split('#').next().unwrap_or_default();
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    match path.trim_end_matches('/').to_ascii_lowercase().as_str() {
        "payment/create" => create(query),
        "charge" => android::of_query(query),
        _ => Err(Wrong::data(
            "a link to this register begins with countertop://payment/create or countertop://charge",
        )),
    }
}

fn create(query: &str) -> Result<Asked, Wrong> {
    let members = percent::members(query)
        .ok_or_else(|| Wrong::data("the link is not percent-encoded as it should be"))?;
    let mut data = members.iter().filter(|(name, _)| name == "data");
    match (data.next(), data.next()) {
        (Some((_, text)), None) => json::of_data(text),
        (Some(_), Some(_)) => Err(Wrong::data("the link has data twice")),
        (None, _) => flat(members),
    }
}

/// The fields of the JSON form as members of the query, as some pages send them.
fn flat(members: Vec<(String, String)>) -> Result<Asked, Wrong> {
    let mut map = Map::new();
    for (name, value) in members {
        let name = name
            .trim_start_matches("options[")
            .trim_start_matches("options.")
            .trim_start_matches("amount_money[")
            .trim_start_matches("amount_money.")
            .trim_end_matches(']')
            .to_owned();
        if map.insert(name, Value::String(value)).is_some() {
            return Err(Wrong::data("a field is there twice"));
        }
    }
    // They are texts here; lists and objects have no flat form.
    for name in ["amount_money", "options", "line_items", "tip_settings"] {
        map.remove(name);
    }
    if !map.contains_key("client_id") {
        return Err(Wrong::data("the link has no data: put the JSON there, percent-encoded"));
    }
    Ok(json::read(&map, json::From::Link))
}
