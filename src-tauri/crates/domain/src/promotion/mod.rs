//! Promotions: reductions that apply by themselves. What a basket saves is a pure function of its
//! lines, the customer, the channel and the time; the order in which lines came plays no part.

use serde::{Deserialize, Serialize};

use crate::discount::Reduction;
use crate::money::Money;
use crate::price_book::Selector;
use crate::tax::Percent;
use crate::time::BusinessDay;

mod apply;
mod choose;
mod effect;
mod index;
mod occasion;
mod pool;
mod reckon;
mod rules;
mod rules_of_sets;

pub use rules::{PriceRules, RuleError};

pub(crate) use occasion::Occasion;
pub(crate) use pool::Offered;

/// A reduction that applies by itself, or with a coupon.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promotion {
    /// Short and lasting.
    pub id: String,
    /// As shown and printed.
    pub name: String,
    /// The higher comes first.
    #[serde(default)]
    pub priority: i32,
    /// Whether a unit that it reduced may be reduced by others that stack. False is exclusive: it
    /// takes only units that no other promotion used, and no other uses its units.
    #[serde(default)]
    pub stacks: bool,
    /// For customers of one of these groups; empty for everyone.
    #[serde(default)]
    pub groups: Vec<String>,
    /// In these channels; empty for all.
    #[serde(default)]
    pub channels: Vec<String>,
    /// The first day.
    #[serde(default)]
    pub from: Option<BusinessDay>,
    /// The last day.
    #[serde(default)]
    pub until: Option<BusinessDay>,
    /// On these days of the week, 1 is Monday and 7 Sunday; empty for all.
    #[serde(default)]
    pub weekdays: Vec<u8>,
    /// From this minute of the day until before that one; may cross midnight, and then belongs to
    /// the day on which it began.
    #[serde(default)]
    pub hours: Option<(u16, u16)>,
    /// Only with a coupon that names it.
    #[serde(default)]
    pub needs_coupon: bool,
    /// What it does.
    pub rule: PromotionRule,
    /// What it never reduces.
    #[serde(default)]
    pub except: Option<Selector>,
}

/// What a promotion does. Whatever is counted is counted from the dearest unit down. Goods by
/// weight, volume or length are never counted: they take [`PromotionRule::Spend`],
/// [`PromotionRule::PercentOff`], [`PromotionRule::AmountOff`] and [`PromotionRule::FixedPrice`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum PromotionRule {
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
        price: Money,
    },
    /// The second at half price: every `nth` unit is reduced.
    NthAtPercent {
        /// Of what.
        of: Selector,
        /// Two for every second one.
        nth: u32,
        /// How much comes off.
        percent_off: Percent,
    },
    /// A menu: one of each part at one price.
    Bundle {
        /// What, and how many of it.
        parts: Vec<(Selector, u32)>,
        /// Of the whole.
        price: Money,
    },
    /// Buy A, get B: for every `buy` units that are paid, the cheapest `get` units are reduced.
    BuyGet {
        /// What, and how many of it.
        buy: (Selector, u32),
        /// What, and how many of it.
        get: (Selector, u32),
        /// How much comes off what is got.
        percent_off: Percent,
    },
    /// From an amount on, something comes off it.
    Spend {
        /// On what.
        of: Selector,
        /// From this amount on.
        over: Money,
        /// What comes off.
        off: Reduction,
    },
    /// A percentage off each. With hours it is a happy hour, with groups a member's price.
    PercentOff {
        /// Of what.
        of: Selector,
        /// How much.
        percent: Percent,
    },
    /// An amount off each unit, at most its price.
    AmountOff {
        /// Of what.
        of: Selector,
        /// How much.
        amount: Money,
    },
    /// Another price for each unit, where it is lower.
    FixedPrice {
        /// Of what.
        of: Selector,
        /// Of one unit.
        price: Money,
    },
}

/// Which promotion goes first where several want the same unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stacking {
    /// The one that saves the customer most.
    #[default]
    BestForCustomer,
    /// The one with the higher priority, then by id.
    InOrder,
}
