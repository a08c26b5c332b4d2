//! The JSON form: what iOS apps and web pages send, and what comes over HTTP.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use countertop_domain::quantity::Quantity;
use serde_json::{Map, Value};

use super::fault::{Fault, Wrong};
use super::request::{
    AUTO_RETURN_MS, Asked, Dialect, LineItem, MAX_KEY, MAX_LINE_NAME, MAX_LINES, MAX_NOTES,
    MAX_STATE, PaymentRequest, TenderWord, clean, client_id, currency, digits, in_range,
};

/// Where JSON came from: over HTTP it may say less.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// A link: iOS, and whoever asks like it.
    Link,
    /// The HTTP API.
    Http,
}

/// Reads the text of a link's `data`: JSON, or JSON in base64. A `+` is one; only where that is no
/// JSON, it is the space of a form.
///
/// # Errors
/// In words.
pub(super) fn of_data(text: &str) -> Result<Asked, Wrong> {
    let trimmed = text.trim();
    if let Some(value) = object(trimmed) {
        return Ok(read(&value, From::Link));
    }
    if let Some(value) = object(&trimmed.replace('+', " ")) {
        return Ok(read(&value, From::Link));
    }
    let plain = trimmed.trim_end_matches('=').replace(' ', "+");
    let bytes = STANDARD_NO_PAD.decode(&plain).or_else(|_| URL_SAFE_NO_PAD.decode(&plain));
    let inner = bytes.ok().and_then(|bytes| String::from_utf8(bytes).ok());
    match inner.as_deref().and_then(|text| object(text.trim())) {
        Some(value) => Ok(read(&value, From::Link)),
        None => Err(Wrong::data("the link's data is no JSON object: encode the JSON once")),
    }
}

fn object(text: &str) -> Option<Map<String, Value>> {
    match serde_json::from_str(text) {
        Ok(Value::Object(map)) => Some(map),
        _ => None,
    }
}

/// Reads a request. What could be read of its sender is there even if the rest is wrong.
pub fn read(map: &Map<String, Value>, from: From) -> Asked {
    let text = |name: &str| map.get(name).and_then(Value::as_str).map(str::to_owned);
    let callback = text("callback_url").filter(|callback| !callback.is_empty());
    let (dialect, version) = match version(map, from) {
        Ok(dialect) => (dialect, Ok(())),
        Err(wrong) => (Dialect::Ios(3), Err(wrong)),
    };
    let state = state(map);
    let what = match (&version, &state) {
        (Err(wrong), _) | (_, Err(wrong)) => Err(wrong.clone()),
        (Ok(()), Ok(state)) => {
            whole(map, from, dialect, callback.clone(), state.clone()).map(Box::new)
        }
    };
    Asked {
        client_id: text("client_id").and_then(|id| client_id(&id).ok()),
        dialect,
        callback,
        state: state.ok().flatten(),
        what,
    }
}

fn whole(
    map: &Map<String, Value>,
    from: From,
    dialect: Dialect,
    callback: Option<String>,
    state: Option<String>,
) -> Result<PaymentRequest, Wrong> {
    let client_id = client_id(&optional(map, "client_id")?.unwrap_or_default())?;
    if map.get("callback_url").is_some_and(|value| !value.is_string() && !value.is_null()) {
        return Err(Wrong::data("callback_url is no text"));
    }
    if callback.is_none() && from == From::Link {
        return Err(Wrong::data("callback_url is missing: say where to tell the result"));
    }
    let options = match map.get("options") {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Object(options)) => options.clone(),
        Some(_) => return Err(Wrong::data("options is no JSON object")),
    };
    let flag = |name: &str| flag(&options, map, name);
    let auto_return = match flag("auto_return")? {
        Some(true) => Some(AUTO_RETURN_MS),
        _ => None,
    };
    let (amount, code) = amount(map)?;
    let words = options
        .get("supported_tender_types")
        .filter(|value| !value.is_null())
        .or_else(|| map.get("supported_tender_types"));
    Ok(PaymentRequest {
        client_id,
        dialect,
        amount,
        currency: code,
        callback,
        state,
        notes: clean("notes", optional(map, "notes")?.unwrap_or_default(), MAX_NOTES)?,
        location_id: id(map, "location_id")?,
        customer_id: id(map, "customer_id")?,
        tenders: tenders(words)?,
        clear_default_fees: flag("clear_default_fees")?.unwrap_or(false),
        auto_return_ms: auto_return,
        skip_receipt: flag("skip_receipt")?.unwrap_or(false),
        disable_cnp: flag("disable_cnp")?.unwrap_or(false),
        tips: tips(map)?,
        line_items: line_items(map)?,
        idempotency_key: id(map, "idempotency_key")?,
        queue: flag("queue")?.unwrap_or(false),
        expires_ms: expires(map)?,
    })
}

/// The version, and with it the dialect. Over HTTP, ours if none is named.
fn version(map: &Map<String, Value>, from: From) -> Result<Dialect, Wrong> {
    let text = match map.get("version") {
        None | Some(Value::Null) if from == From::Http => return Ok(Dialect::Own),
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        _ => return Err(Fault::InvalidVersion.into()),
    };
    if text == "1" {
        return Ok(Dialect::Own);
    }
    let number = |part: &str| {
        let plain = (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        if plain { part.parse::<u32>().ok() } else { None }
    };
    match text.split_once('.').map(|(major, minor)| (number(major), number(minor))) {
        Some((Some(1), Some(minor))) if minor <= 3 => Ok(Dialect::Ios(minor)),
        Some((Some(_), Some(_))) => Err(Fault::UnsupportedVersion.into()),
        _ => Err(Fault::InvalidVersion.into()),
    }
}

/// The caller's own word, as it came.
fn state(map: &Map<String, Value>) -> Result<Option<String>, Wrong> {
    match map.get("state") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => clean("state", text.clone(), MAX_STATE).map(Some),
        // Anything else could not be given back byte for byte.
        Some(_) => Err(Wrong::data("state is no text: send a text, it comes back as it is")),
    }
}

fn optional(map: &Map<String, Value>, name: &str) -> Result<Option<String>, Wrong> {
    match map.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(Wrong::data(format!("{name} is no text"))),
    }
}

/// A short text; an empty one is none.
fn id(map: &Map<String, Value>, name: &str) -> Result<Option<String>, Wrong> {
    let Some(text) = optional(map, name)? else { return Ok(None) };
    let text = clean(name, text.trim().to_owned(), MAX_KEY)?;
    Ok(Some(text).filter(|text| !text.is_empty()))
}

/// A switch: true, false, 0 or 1, also as a text; among the options or beside them.
fn flag(
    options: &Map<String, Value>,
    map: &Map<String, Value>,
    name: &str,
) -> Result<Option<bool>, Wrong> {
    let given = options.get(name).filter(|v| !v.is_null()).or_else(|| map.get(name));
    let Some(value) = given else { return Ok(None) };
    let is = |number: i64, text: &str| {
        value.as_i64() == Some(number)
            || value.as_str().is_some_and(|given| given == text || given == number.to_string())
    };
    match value {
        Value::Null => Ok(None),
        Value::Bool(on) => Ok(Some(*on)),
        _ if is(1, "true") => Ok(Some(true)),
        _ if is(0, "false") => Ok(Some(false)),
        _ => Err(Wrong::data(format!("{name} is neither true nor false"))),
    }
}

/// Amount and currency: `amount_money`, or the two of them flat.
fn amount(map: &Map<String, Value>) -> Result<(i64, String), Wrong> {
    let money = match map.get("amount_money") {
        Some(Value::Object(money)) => money,
        None | Some(Value::Null) => map,
        Some(_) => return Err(Wrong::data("amount_money is no JSON object")),
    };
    let amount = minor(money.get("amount"))?;
    if amount == 0 {
        return Err(Fault::AmountTooSmall.into());
    }
    let code = money.get("currency_code").or_else(|| money.get("currency"));
    let code = match code {
        None | Some(Value::Null) => None,
        Some(Value::String(code)) => Some(code.as_str()),
        Some(_) => return Err(Fault::UnsupportedCurrency.into()),
    };
    Ok((amount, currency(code)?))
}

/// Whole minor units: an integer, or a text of digits. Never a float, however round it looks.
fn minor(value: Option<&Value>) -> Result<i64, Wrong> {
    match value {
        Some(Value::Number(number)) => match (number.as_i64(), number.as_u64()) {
            (Some(amount), _) => in_range(amount),
            (None, Some(_)) => Err(Fault::AmountTooLarge.into()),
            (None, None) => Err(Wrong::new(
                Fault::AmountFormat,
                "the amount is no whole number: round it before you send it, 1099 for 10.99",
            )),
        },
        Some(Value::String(text)) => digits(text),
        _ => Err(Wrong::new(Fault::AmountFormat, "there is no amount")),
    }
}

fn tenders(value: Option<&Value>) -> Result<Option<Vec<TenderWord>>, Wrong> {
    let words: Vec<String> = match value {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(list)) => words_of(list),
        Some(Value::Array(list)) => {
            let mut words = Vec::new();
            for one in list {
                words.push(one.as_str().ok_or(Fault::InvalidTenderType)?.trim().to_owned());
            }
            words
        }
        Some(_) => return Err(Fault::InvalidTenderType.into()),
    };
    let mut tenders = Vec::new();
    for word in &words {
        tenders.push(match word.as_str() {
            "CREDIT_CARD" => TenderWord::Card,
            "CASH" => TenderWord::Cash,
            "OTHER" => TenderWord::Other,
            "SQUARE_GIFT_CARD" => TenderWord::GiftCard,
            "CARD_ON_FILE" => TenderWord::CardOnFile,
            "PAYPAY" => TenderWord::PayPay,
            _ => return Err(unknown_tender(word)),
        });
    }
    if tenders.is_empty() {
        return Err(Wrong::new(Fault::InvalidTenderType, "no way to pay is named"));
    }
    tenders.sort_unstable();
    tenders.dedup();
    Ok(Some(tenders))
}

/// The words of a list that came as one text: with commas, spaces and line breaks.
pub(super) fn words_of(list: &str) -> Vec<String> {
    let parts = list.split(|c: char| c == ',' || c.is_whitespace());
    parts.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

pub(super) fn unknown_tender(word: &str) -> Wrong {
    let shown: String = word.chars().filter(|c| !c.is_control()).take(40).collect();
    Wrong::new(Fault::InvalidTenderType, format!("\"{shown}\" is no way to pay"))
}

fn tips(map: &Map<String, Value>) -> Result<Option<bool>, Wrong> {
    match map.get("tip_settings") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(settings)) => flag(settings, &Map::new(), "allow_tipping"),
        Some(_) => Err(Wrong::data("tip_settings is no JSON object")),
    }
}

fn line_items(map: &Map<String, Value>) -> Result<Vec<LineItem>, Wrong> {
    let list = match map.get("line_items") {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(list)) => list,
        Some(_) => return Err(Wrong::data("line_items is no list")),
    };
    if list.len() > MAX_LINES {
        return Err(Wrong::data(format!("there are more than {MAX_LINES} line_items")));
    }
    list.iter().map(line_item).collect()
}

fn line_item(value: &Value) -> Result<LineItem, Wrong> {
    let map = value.as_object().ok_or(Wrong::data("a line item is no JSON object"))?;
    let name = optional(map, "name")?.unwrap_or_default().trim().to_owned();
    let name = clean("a line item's name", name, MAX_LINE_NAME)?;
    if name.is_empty() || name.chars().any(char::is_control) {
        return Err(Wrong::data("a line item has no name, or one of several lines"));
    }
    let money = match map.get("base_price_money") {
        Some(Value::Object(money)) => money,
        _ => return Err(Wrong::data("a line item has no base_price_money")),
    };
    let quantity = match map.get("quantity") {
        None | Some(Value::Null) => Quantity::ONE,
        Some(Value::String(text)) => Quantity::parse(text)
            .map_err(|_| Wrong::data("a line item's quantity is no number: send \"2\""))?,
        Some(_) => return Err(Wrong::data("a line item's quantity is no text: send \"2\"")),
    };
    let variant = id(map, "variant_id")?
        .map(|id| id.parse().map_err(|_| Wrong::data("a line item's variant_id is no id")))
        .transpose()?;
    Ok(LineItem {
        name,
        quantity: quantity.thousandths(),
        price: minor(money.get("amount"))?,
        variant,
    })
}

fn expires(map: &Map<String, Value>) -> Result<Option<i64>, Wrong> {
    let Some(text) = optional(map, "expires_at")? else { return Ok(None) };
    let moment: jiff::Timestamp = text
        .trim()
        .parse()
        .map_err(|_| Wrong::data("expires_at is no time: send one like 2026-11-23T14:05:00Z"))?;
    Ok(Some(moment.as_millisecond()))
}
