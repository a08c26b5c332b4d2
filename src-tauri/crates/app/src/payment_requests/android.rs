//! The Android form: keys and values, in a query or in the text of an `intent:` link.

use std::collections::BTreeMap;

use super::fault::{Fault, Wrong};
use super::json::{unknown_tender, words_of};
use super::percent;
use super::request::{
    AUTO_RETURN_RANGE, Asked, Dialect, MAX_KEY, MAX_NOTES, MAX_STATE, PaymentRequest, TenderWord,
    clean, client_id, currency, digits,
};

/// How every key begins. PHP makes underscores of the dots.
const PREFIXES: [&str; 2] = ["com.squareup.pos.", "com_squareup_pos_"];
/// The types that an intent's text puts before a key.
const TYPES: &[&str] = &["S", "i", "l", "b", "B", "c", "d", "f", "s"];

/// Reads the members of a query.
pub(super) fn of_query(query: &str) -> Result<Asked, Wrong> {
    let members = percent::members(query)
        .ok_or_else(|| Wrong::data("the link is not percent-encoded as it should be"))?;
    // A page may hand over a whole intent link as one value.
    if let Some((_, intent)) = members.iter().find(|(name, _)| name == "intent") {
        return of_intent(intent);
    }
    Ok(read(members))
}

/// Reads the text of an `intent:` link: `…#Intent;S.key=value;…;end`.
pub(super) fn of_intent(text: &str) -> Result<Asked, Wrong> {
    let (_, parts) =
        text.split_once("#Intent;").ok_or_else(|| Wrong::data("there is no intent in the link"))?;
    let mut members = Vec::new();
    for part in parts.split(';') {
        if part == "end" {
            break;
        }
        if let Some((name, value)) = part.split_once('=') {
            let value = percent::decode(value)
                .ok_or_else(|| Wrong::data("the link is not percent-encoded as it should be"))?;
            members.push((name.to_owned(), value));
        }
    }
    Ok(read(members))
}

/// A key without its type and its beginning; none for what is not of this dialect.
fn key(name: &str) -> Option<&str> {
    let bare = name
        .split_once(['.', '_'])
        .filter(|(kind, _)| TYPES.contains(kind))
        .map_or(name, |(_, rest)| rest);
    PREFIXES.iter().find_map(|prefix| bare.strip_prefix(prefix))
}

fn read(members: Vec<(String, String)>) -> Asked {
    let mut keys: BTreeMap<String, String> = BTreeMap::new();
    let mut twice = false;
    for (name, value) in members {
        if let Some(key) = key(&name) {
            let before = keys.insert(key.to_owned(), value.clone());
            twice |= before.is_some_and(|before| before != value);
        }
    }
    let dialect = match keys.contains_key("SDK_VERSION") {
        true => Dialect::AndroidSdk,
        false => Dialect::AndroidWeb,
    };
    let callback = keys.get("WEB_CALLBACK_URI").filter(|uri| !uri.is_empty()).cloned();
    let state = keys.get("REQUEST_METADATA").cloned();
    let what = match twice {
        true => Err(Wrong::data("a key is there twice, with two values")),
        false => whole(&keys, dialect, callback.clone()).map(Box::new),
    };
    Asked {
        client_id: keys.get("CLIENT_ID").and_then(|id| client_id(id).ok()),
        dialect,
        callback,
        state: state.filter(|state| clean("", state.clone(), MAX_STATE).is_ok()),
        what,
    }
}

fn whole(
    keys: &BTreeMap<String, String>,
    dialect: Dialect,
    callback: Option<String>,
) -> Result<PaymentRequest, Wrong> {
    let get = |name: &str| keys.get(name).map(String::as_str);
    version(get("API_VERSION"), dialect)?;
    let client_id = client_id(get("CLIENT_ID").unwrap_or_default())?;
    if callback.is_none() {
        return Err(Wrong::data("WEB_CALLBACK_URI is missing: say where to tell the result"));
    }
    let amount = digits(get("TOTAL_AMOUNT").unwrap_or_default())?;
    let short = |name: &str| {
        let text = clean(name, get(name).unwrap_or_default().trim().to_owned(), MAX_KEY)?;
        Ok::<_, Wrong>(Some(text).filter(|text| !text.is_empty()))
    };
    let state = get("REQUEST_METADATA").map(str::to_owned);
    Ok(PaymentRequest {
        client_id,
        dialect,
        amount,
        currency: currency(get("CURRENCY_CODE"))?,
        callback,
        state: state.map(|state| clean("REQUEST_METADATA", state, MAX_STATE)).transpose()?,
        notes: clean("NOTE", get("NOTE").unwrap_or_default().to_owned(), MAX_NOTES)?,
        location_id: short("LOCATION_ID")?,
        customer_id: short("CUSTOMER_ID")?,
        tenders: get("TENDER_TYPES").map(tenders).transpose()?,
        clear_default_fees: false,
        auto_return_ms: auto_return(get("AUTO_RETURN_TIMEOUT_MS"))?,
        skip_receipt: false,
        disable_cnp: false,
        tips: None,
        line_items: Vec::new(),
        idempotency_key: None,
        queue: false,
        expires_ms: None,
    })
}

fn version(given: Option<&str>, dialect: Dialect) -> Result<(), Wrong> {
    let text = given.unwrap_or_default().trim();
    let bare = text.strip_prefix('v').unwrap_or(text);
    let number = |part: &str| {
        let plain = (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        if plain { part.parse::<u32>().ok() } else { None }
    };
    match bare.split_once('.').map(|(major, minor)| (number(major), number(minor))) {
        Some((Some(1), Some(3))) | Some((Some(2), Some(0 | 1))) => Ok(()),
        Some((Some(0), Some(_)) | (Some(1), Some(0..=2))) if dialect == Dialect::AndroidWeb => {
            Err(Fault::UnsupportedWebVersion.into())
        }
        Some((Some(_), Some(_))) => Err(Fault::UnsupportedVersion.into()),
        _ => Err(Fault::InvalidVersion.into()),
    }
}

fn tenders(list: &str) -> Result<Vec<TenderWord>, Wrong> {
    let mut tenders = Vec::new();
    for word in words_of(list.trim_matches(['[', ']'])) {
        let bare = PREFIXES.iter().find_map(|prefix| word.strip_prefix(prefix)).unwrap_or(&word);
        match bare {
            // A gift card is a card, here.
            "TENDER_CARD" => tenders.extend([TenderWord::Card, TenderWord::GiftCard]),
            "TENDER_CARD_ON_FILE" => tenders.push(TenderWord::CardOnFile),
            "TENDER_CASH" => tenders.push(TenderWord::Cash),
            "TENDER_OTHER" => tenders.push(TenderWord::Other),
            "TENDER_PAYPAY" => tenders.push(TenderWord::PayPay),
            _ => return Err(unknown_tender(&word)),
        }
    }
    if tenders.is_empty() {
        return Err(Wrong::new(Fault::InvalidTenderType, "no way to pay is named"));
    }
    tenders.sort_unstable();
    tenders.dedup();
    Ok(tenders)
}

fn auto_return(given: Option<&str>) -> Result<Option<u32>, Wrong> {
    let Some(text) = given.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    let time: Option<i64> = text.parse().ok();
    match time {
        Some(0) => Ok(None),
        Some(ms) if AUTO_RETURN_RANGE.contains(&ms) => Ok(u32::try_from(ms).ok()),
        _ => Err(Wrong::data("AUTO_RETURN_TIMEOUT_MS is 0, or from 3200 to 10000")),
    }
}
