//! Price books and promotions as the API writes and reads them. The shapes are the domain's, but for
//! amounts, quantities and counted parts, which are written as everywhere in the API.

use countertop_app::AppError;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::money::Amount;
use super::quantity::Much;

/// What a rule is about.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "by", content = "of", rename_all = "snake_case", deny_unknown_fields)]
#[schema(example = json!({ "by": "categories", "of": ["Coffee"] }))]
pub(super) enum Selector {
    /// Everything.
    All,
    /// These variants.
    Variants(Vec<Uuid>),
    /// Every variant of these products.
    Items(Vec<Uuid>),
    /// These categories and what lies in them.
    Categories(Vec<String>),
}

/// The price that a rule gives.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "by", content = "value", rename_all = "snake_case", deny_unknown_fields)]
#[schema(example = json!({ "by": "percent_off", "value": "10" }))]
pub(super) enum RulePrice {
    /// This price for one unit.
    Fixed(Amount),
    /// So much off the list price, 0 to 100 percent, as text.
    PercentOff(String),
}

/// One price of a book.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BookPrice {
    /// What for.
    of: Selector,
    /// From how many on, over all lines of the variant.
    #[serde(default = "any")]
    #[schema(required = false)]
    min_quantity: Much,
    /// At what price.
    price: RulePrice,
}

const fn any() -> Much {
    Much::of(1)
}

/// How much comes off.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "by", content = "value", rename_all = "snake_case", deny_unknown_fields)]
#[schema(example = json!({ "by": "percent", "value": "10" }))]
pub(super) enum Reduction {
    /// A share, 0 to 100 percent, as text.
    Percent(String),
    /// An amount.
    Amount(Amount),
}

/// So many of something.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Part {
    /// Of what.
    of: Selector,
    /// How many.
    #[schema(minimum = 1, maximum = 1000)]
    count: u32,
}

/// What a promotion does. Whatever is counted is counted from the dearest unit down.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
#[schema(example = json!({ "by": "x_for_y", "of": { "by": "all" }, "take": 3, "pay": 2 }))]
pub(super) enum PromotionRule {
    /// Take three, pay two: of every `take` units the cheapest `take - pay` are free.
    XForY {
        /// Of what.
        of: Selector,
        /// Units of a set.
        take: u32,
        /// Units that are paid.
        pay: u32,
    },
    /// Three for 10.00: every `take` units cost `price` together.
    XForPrice {
        /// Of what.
        of: Selector,
        /// Units of a set.
        take: u32,
        /// Of the set.
        price: Amount,
    },
    /// The second at half price: every `nth` unit is reduced.
    NthAtPercent {
        /// Of what.
        of: Selector,
        /// Two for every second one.
        nth: u32,
        /// How much comes off, percent as text.
        percent_off: String,
    },
    /// A menu: one of each part at one price.
    Bundle {
        /// What, and how many of it.
        parts: Vec<Part>,
        /// Of the whole.
        price: Amount,
    },
    /// For every `buy` units that are paid, the cheapest `get` units are reduced.
    BuyGet {
        /// What is to be bought.
        buy: Part,
        /// What is reduced.
        get: Part,
        /// How much comes off, percent as text.
        percent_off: String,
    },
    /// From an amount on, something comes off it.
    Spend {
        /// On what.
        of: Selector,
        /// From this amount on.
        over: Amount,
        /// What comes off.
        off: Reduction,
    },
    /// A percentage off each.
    PercentOff {
        /// Of what.
        of: Selector,
        /// How much, percent as text.
        percent: String,
    },
    /// An amount off each unit, at most its price.
    AmountOff {
        /// Of what.
        of: Selector,
        /// How much.
        amount: Amount,
    },
    /// Another price for each unit, where it is lower.
    FixedPrice {
        /// Of what.
        of: Selector,
        /// Of one unit.
        price: Amount,
    },
}

/// As the domain reads it.
pub(super) fn to_domain(shape: &impl Serialize) -> Result<Value, AppError> {
    let value = serde_json::to_value(shape).map_err(unreadable)?;
    Ok(walk(value, &inward))
}

/// From what the domain wrote.
pub(super) fn from_domain<T: DeserializeOwned>(value: Value) -> Result<T, AppError> {
    serde_json::from_value(walk(value, &outward)).map_err(unreadable)
}

fn unreadable(error: serde_json::Error) -> AppError {
    AppError::BadText { reason: error.to_string() }
}

/// Changes every object, the inner ones first.
fn walk(value: Value, change: &impl Fn(Map<String, Value>) -> Value) -> Value {
    match value {
        Value::Array(list) => list.into_iter().map(|value| walk(value, change)).collect(),
        Value::Object(fields) => {
            change(fields.into_iter().map(|(name, value)| (name, walk(value, change))).collect())
        }
        other => other,
    }
}

/// Amounts, quantities and parts as the domain has them.
fn inward(mut fields: Map<String, Value>) -> Value {
    if is(&fields, ["amount", "currency"])
        && let Some(minor) = fields.remove("amount")
    {
        fields.insert("minor".to_owned(), minor);
    }
    if let Some(quantity) = fields.get_mut("min_quantity")
        && let Ok(much) = serde_json::from_value::<Much>(quantity.clone())
    {
        *quantity = json!(much.thousandths());
    }
    if is(&fields, ["of", "count"])
        && let (Some(of), Some(count)) = (fields.remove("of"), fields.remove("count"))
    {
        return json!([of, count]);
    }
    Value::Object(fields)
}

/// The same the other way round.
fn outward(mut fields: Map<String, Value>) -> Value {
    if is(&fields, ["minor", "currency"])
        && let Some(minor) = fields.remove("minor")
    {
        fields.insert("amount".to_owned(), minor);
    }
    if let Some(quantity) = fields.get_mut("min_quantity")
        && let Some(thousandths) = quantity.as_i64()
    {
        *quantity = serde_json::to_value(Much::of(thousandths)).unwrap_or_default();
    }
    let part = |value: &mut Value| {
        if let [of, count] = value.as_array().map(Vec::as_slice).unwrap_or_default() {
            *value = json!({ "of": of, "count": count });
        }
    };
    for name in ["buy", "get"] {
        fields.get_mut(name).into_iter().for_each(part);
    }
    let parts = fields.get_mut("parts").and_then(Value::as_array_mut);
    parts.into_iter().flatten().for_each(part);
    Value::Object(fields)
}

fn is(fields: &Map<String, Value>, names: [&str; 2]) -> bool {
    fields.len() == 2 && names.iter().all(|name| fields.contains_key(*name))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use countertop_domain::promotion::Promotion;
    use serde_json::{Value, json};

    use super::{BookPrice, PromotionRule, from_domain, to_domain};

    #[test]
    fn every_kind_of_rule_is_read_by_the_domain_and_written_back() {
        let eur = |minor: i64| json!({ "amount": minor, "currency": "EUR" });
        let all = json!({ "by": "all" });
        let cats = json!({ "by": "categories", "of": ["Coffee"] });
        let rules = [
            json!({ "by": "x_for_y", "of": all, "take": 3, "pay": 2 }),
            json!({ "by": "x_for_price", "of": cats, "take": 3, "price": eur(1_000) }),
            json!({ "by": "nth_at_percent", "of": all, "nth": 2, "percent_off": "50" }),
            json!({ "by": "bundle", "parts": [{ "of": all, "count": 1 }, { "of": cats, "count": 2 }],
                    "price": eur(900) }),
            json!({ "by": "buy_get", "buy": { "of": all, "count": 2 }, "get": { "of": cats, "count": 1 },
                    "percent_off": "100" }),
            json!({ "by": "spend", "of": all, "over": eur(5_000),
                    "off": { "by": "amount", "value": eur(500) } }),
            json!({ "by": "percent_off", "of": all, "percent": "12.5" }),
            json!({ "by": "amount_off", "of": all, "amount": eur(50) }),
            json!({ "by": "fixed_price", "of": cats, "price": eur(99) }),
        ];
        for rule in rules {
            let shape: PromotionRule = serde_json::from_value(rule.clone()).unwrap();
            let promotion = json!({ "id": "p", "name": "P", "rule": to_domain(&shape).unwrap() });
            let read: Promotion = serde_json::from_value(promotion).unwrap();
            let written = serde_json::to_value(&read.rule).unwrap();
            let back: PromotionRule = from_domain(written).unwrap();
            assert_eq!(serde_json::to_value(&back).unwrap(), rule);
        }
    }

    #[test]
    fn a_price_of_a_book_is_written_as_everywhere() {
        let price = json!({ "of": { "by": "all" }, "min_quantity": "2.5",
                            "price": { "by": "fixed", "value": { "amount": 99, "currency": "EUR" } } });
        let shape: BookPrice = serde_json::from_value(price.clone()).unwrap();
        let inside = to_domain(&shape).unwrap();
        assert_eq!(inside["min_quantity"], 2_500);
        assert_eq!(inside["price"]["value"]["minor"], 99);
        let back: BookPrice = from_domain(inside).unwrap();
        let back: Value = serde_json::to_value(&back).unwrap();
        assert_eq!(back["min_quantity"], "2.500");
        assert_eq!(back["price"], price["price"]);
        for broken in [json!({ "by": "all", "of": [] }), json!({ "by": "some" }), json!({})] {
            let price = json!({ "of": broken, "price": { "by": "percent_off", "value": "1" } });
            assert!(serde_json::from_value::<BookPrice>(price.clone()).is_err(), "{price}");
        }
    }
}
