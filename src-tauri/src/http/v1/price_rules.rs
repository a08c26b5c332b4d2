//! A price book and a promotion, whole and in part, as the API has them.

use countertop_app::wire::PriceRuleKind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::edit::given;
use super::price_shapes::{BookPrice, PromotionRule, Selector};

/// Other prices for some customers, channels, days or quantities. Where several books have a price, the
/// highest priority decides, then the lowest price.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "id": "wholesale", "name": "Wholesale", "groups": ["wholesale"],
    "prices": [{ "of": { "by": "all" }, "min_quantity": "10",
                 "price": { "by": "percent_off", "value": "15" } }]
}))]
pub(super) struct PriceBook {
    /// Short and lasting; chosen by whoever makes it.
    #[schema(min_length = 1, max_length = 100)]
    pub(super) id: String,
    /// As shown and printed.
    #[schema(max_length = 200)]
    pub(super) name: String,
    /// For customers of one of these groups; empty for everyone.
    #[serde(default)]
    pub(super) groups: Vec<String>,
    /// In these channels; empty for all. The till's is `counter`.
    #[serde(default)]
    pub(super) channels: Vec<String>,
    /// The first day.
    #[serde(default)]
    #[schema(format = Date)]
    pub(super) from: Option<String>,
    /// The last day.
    #[serde(default)]
    #[schema(format = Date)]
    pub(super) until: Option<String>,
    /// The higher one decides.
    #[serde(default)]
    pub(super) priority: i32,
    /// The prices.
    pub(super) prices: Vec<BookPrice>,
}

/// What is to be changed of a price book; what is not there stays.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "Wholesale 2027", "from": "2027-01-01" }))]
pub(super) struct PriceBookPatch {
    /// As shown and printed.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false, max_length = 200)]
    pub(super) name: Option<String>,
    /// For customers of one of these groups.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<String>, required = false)]
    pub(super) groups: Option<Vec<String>>,
    /// In these channels.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<String>, required = false)]
    pub(super) channels: Option<Vec<String>>,
    /// The first day; `null` for none.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, required = false, format = Date)]
    pub(super) from: Option<Option<String>>,
    /// The last day; `null` for none.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, required = false, format = Date)]
    pub(super) until: Option<Option<String>>,
    /// The higher one decides.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = i32, required = false)]
    pub(super) priority: Option<i32>,
    /// All its prices from now on.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<BookPrice>, required = false)]
    pub(super) prices: Option<Vec<BookPrice>>,
}

/// A reduction that applies by itself, or with a coupon.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "id": "beans-3-for-2", "name": "Three for two",
    "rule": { "by": "x_for_y", "of": { "by": "categories", "of": ["Coffee > Beans"] },
              "take": 3, "pay": 2 }
}))]
pub(super) struct Promotion {
    /// Short and lasting; chosen by whoever makes it.
    #[schema(min_length = 1, max_length = 100)]
    pub(super) id: String,
    /// As shown and printed.
    #[schema(max_length = 200)]
    pub(super) name: String,
    /// The higher comes first.
    #[serde(default)]
    pub(super) priority: i32,
    /// Whether a unit that it reduced may be reduced by others that stack.
    #[serde(default)]
    pub(super) stacks: bool,
    /// For customers of one of these groups; empty for everyone.
    #[serde(default)]
    pub(super) groups: Vec<String>,
    /// In these channels; empty for all. The till's is `counter`.
    #[serde(default)]
    pub(super) channels: Vec<String>,
    /// The first day.
    #[serde(default)]
    #[schema(format = Date)]
    pub(super) from: Option<String>,
    /// The last day.
    #[serde(default)]
    #[schema(format = Date)]
    pub(super) until: Option<String>,
    /// On these days of the week, 1 is Monday and 7 Sunday; empty for all.
    #[serde(default)]
    pub(super) weekdays: Vec<u8>,
    /// From this minute of the day until before that one.
    #[serde(default)]
    #[schema(value_type = Option<Vec<u16>>, min_items = 2, max_items = 2)]
    pub(super) hours: Option<(u16, u16)>,
    /// Only with a coupon that names it.
    #[serde(default)]
    pub(super) needs_coupon: bool,
    /// What it does.
    pub(super) rule: PromotionRule,
    /// What it never reduces.
    #[serde(default)]
    pub(super) except: Option<Selector>,
}

/// What is to be changed of a promotion; what is not there stays.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "until": "2027-01-31" }))]
pub(super) struct PromotionPatch {
    /// As shown and printed.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false, max_length = 200)]
    pub(super) name: Option<String>,
    /// The higher comes first.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = i32, required = false)]
    pub(super) priority: Option<i32>,
    /// Whether a unit that it reduced may be reduced by others that stack.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = bool, required = false)]
    pub(super) stacks: Option<bool>,
    /// For customers of one of these groups.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<String>, required = false)]
    pub(super) groups: Option<Vec<String>>,
    /// In these channels.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<String>, required = false)]
    pub(super) channels: Option<Vec<String>>,
    /// The first day; `null` for none.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, required = false, format = Date)]
    pub(super) from: Option<Option<String>>,
    /// The last day; `null` for none.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, required = false, format = Date)]
    pub(super) until: Option<Option<String>>,
    /// On these days of the week.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<u8>, required = false)]
    pub(super) weekdays: Option<Vec<u8>>,
    /// From this minute of the day until before that one; `null` for all day.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<u16>>, required = false, min_items = 2, max_items = 2)]
    pub(super) hours: Option<Option<(u16, u16)>>,
    /// Only with a coupon that names it.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = bool, required = false)]
    pub(super) needs_coupon: Option<bool>,
    /// What it does.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = PromotionRule, required = false)]
    pub(super) rule: Option<PromotionRule>,
    /// What it never reduces; `null` for nothing.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Selector>, required = false)]
    pub(super) except: Option<Option<Selector>>,
}

/// A rule as the API has it.
pub(super) trait Shape: Serialize + serde::de::DeserializeOwned {
    const KIND: PriceRuleKind;
    fn id(&self) -> &str;
}

impl Shape for PriceBook {
    const KIND: PriceRuleKind = PriceRuleKind::Book;
    fn id(&self) -> &str {
        &self.id
    }
}

impl Shape for Promotion {
    const KIND: PriceRuleKind = PriceRuleKind::Promotion;
    fn id(&self) -> &str {
        &self.id
    }
}
