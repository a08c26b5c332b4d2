//! A shop's price books and promotions, checked and ready to be looked up.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::index::Index;
use super::{Promotion, PromotionRule, Stacking};
use crate::discount::Reduction;
use crate::money::{Currency, Money};
use crate::price_book::{PriceBook, PriceRule, RulePrice, Selector};
use crate::tax::Percent;
use crate::time::BusinessDay;

/// Every price book and promotion of a shop.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct PriceRules {
    books: Vec<PriceBook>,
    promotions: Vec<Promotion>,
    stacking: Stacking,
    /// Of every amount in them.
    currency: Option<Currency>,
    /// Book and its rule.
    prices: Index<(u32, u32)>,
    /// Promotion and its part.
    parts: Index<(u32, u8)>,
    /// Promotions by what they except.
    excepted: Index<u32>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    books: Vec<PriceBook>,
    #[serde(default)]
    promotions: Vec<Promotion>,
    #[serde(default)]
    stacking: Stacking,
}

impl TryFrom<Written> for PriceRules {
    type Error = RuleError;
    fn try_from(written: Written) -> Result<Self, Self::Error> {
        Self::new(written.books, written.promotions, written.stacking)
    }
}

impl From<PriceRules> for Written {
    fn from(rules: PriceRules) -> Self {
        Self { books: rules.books, promotions: rules.promotions, stacking: rules.stacking }
    }
}

/// A rule that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{rule}\": {problem}")]
pub struct RuleError {
    /// The name of the book or promotion.
    pub rule: String,
    /// What is wrong and what to change.
    pub problem: String,
}

impl PriceRules {
    /// Price books, of a limit that no shop meets.
    pub const MAX_BOOKS: usize = 10_000;
    /// Promotions.
    pub const MAX_PROMOTIONS: usize = 1_000;
    /// Prices of one book.
    pub const MAX_PRICES: usize = 1_000_000;
    /// Units of a set, and parts of a bundle.
    pub const MAX_SET: u32 = 1_000;

    /// Checks the rules and makes them ready.
    ///
    /// # Errors
    /// The first rule that cannot be, by name, and what to change.
    pub fn new(
        books: Vec<PriceBook>,
        promotions: Vec<Promotion>,
        stacking: Stacking,
    ) -> Result<Self, RuleError> {
        let currency = check(&books, &promotions)?;
        let mut rules = Self { books, promotions, stacking, currency, ..Self::default() };
        for (book, of) in rules.books.iter().zip(0_u32..) {
            for (rule, index) in book.prices.iter().zip(0_u32..) {
                rules.prices.add_unless(&rule.of, (of, index), |(other, before)| {
                    let before = book.prices.get(before as usize).filter(|_| other == of);
                    before.is_some_and(|before| never_dearer(before, rule))
                });
            }
        }
        for (promotion, of) in rules.promotions.iter().zip(0_u32..) {
            for (part, index) in promotion.rule.parts().into_iter().zip(0_u8..) {
                rules.parts.add(part, (of, index));
            }
            if let Some(except) = &promotion.except {
                rules.excepted.add(except, of);
            }
        }
        Ok(rules)
    }

    /// No rules at all.
    pub fn none() -> &'static Self {
        static NONE: LazyLock<PriceRules> = LazyLock::new(PriceRules::default);
        &NONE
    }

    /// The price books.
    pub fn books(&self) -> &[PriceBook] {
        &self.books
    }

    /// The promotions.
    pub fn promotions(&self) -> &[Promotion] {
        &self.promotions
    }

    /// Which promotion goes first.
    pub const fn stacking(&self) -> Stacking {
        self.stacking
    }

    /// The currency of their amounts; none if they have only percentages.
    pub const fn currency(&self) -> Option<Currency> {
        self.currency
    }

    pub(crate) const fn prices(&self) -> &Index<(u32, u32)> {
        &self.prices
    }

    pub(crate) const fn parts(&self) -> &Index<(u32, u8)> {
        &self.parts
    }

    pub(crate) const fn excepted(&self) -> &Index<u32> {
        &self.excepted
    }
}

impl PromotionRule {
    /// What it speaks of; a bundle and a "buy A get B" of several things.
    pub(crate) fn parts(&self) -> Vec<&Selector> {
        match self {
            Self::XForY { of, .. }
            | Self::XForPrice { of, .. }
            | Self::NthAtPercent { of, .. }
            | Self::Spend { of, .. }
            | Self::PercentOff { of, .. }
            | Self::AmountOff { of, .. }
            | Self::FixedPrice { of, .. } => vec![of],
            Self::Bundle { parts, .. } => parts.iter().map(|(of, _)| of).collect(),
            Self::BuyGet { buy, get, .. } => vec![&buy.0, &get.0],
        }
    }
}

/// Whether `before` holds wherever `rule` does and its price is never above that of `rule`, which
/// thus never decides: in one book the lower price does, then the rule that was written first.
fn never_dearer(before: &PriceRule, rule: &PriceRule) -> bool {
    before.min_quantity <= rule.min_quantity
        && match (before.price, rule.price) {
            (RulePrice::Fixed(before), RulePrice::Fixed(price)) => before.minor() <= price.minor(),
            (RulePrice::PercentOff(before), RulePrice::PercentOff(percent)) => before >= percent,
            _ => false,
        }
}

/// A check of one rule: the problem, if any.
type Checked = Result<(), String>;

fn check(books: &[PriceBook], promotions: &[Promotion]) -> Result<Option<Currency>, RuleError> {
    let named = |rule: &str| {
        let rule = rule.to_owned();
        move |problem: String| RuleError { rule, problem }
    };
    if books.len() > PriceRules::MAX_BOOKS {
        return Err(named("price books")(format!("{} at most", PriceRules::MAX_BOOKS)));
    }
    if promotions.len() > PriceRules::MAX_PROMOTIONS {
        return Err(named("promotions")(format!("{} at most", PriceRules::MAX_PROMOTIONS)));
    }
    let mut ids = BTreeSet::new();
    let mut currency = None;
    for book in books {
        check_id(&mut ids, "book", &book.id)
            .and_then(|()| check_book(book, &mut currency))
            .map_err(named(&book.name))?;
    }
    for promotion in promotions {
        check_id(&mut ids, "promotion", &promotion.id)
            .and_then(|()| check_promotion(promotion, &mut currency))
            .map_err(named(&promotion.name))?;
    }
    Ok(currency)
}

fn check_id<'a>(ids: &mut BTreeSet<(&'a str, &'a str)>, kind: &'a str, id: &'a str) -> Checked {
    if id.trim().is_empty() {
        return Err("it has no id: give it one".to_owned());
    }
    if !ids.insert((kind, id)) {
        return Err(format!("another {kind} has the id \"{id}\": give each its own"));
    }
    Ok(())
}

fn check_book(book: &PriceBook, currency: &mut Option<Currency>) -> Checked {
    check_days(book.from, book.until)?;
    if book.prices.len() > PriceRules::MAX_PRICES {
        return Err(format!("it has more than {} prices", PriceRules::MAX_PRICES));
    }
    for rule in &book.prices {
        check_selector(&rule.of)?;
        if rule.min_quantity.thousandths() < 0 {
            return Err("a quantity to buy cannot be below nothing".to_owned());
        }
        match rule.price {
            RulePrice::Fixed(price) => check_money(price, currency)?,
            RulePrice::PercentOff(percent) => check_percent(percent)?,
        }
    }
    Ok(())
}

fn check_promotion(promotion: &Promotion, currency: &mut Option<Currency>) -> Checked {
    check_days(promotion.from, promotion.until)?;
    if promotion.weekdays.iter().any(|day| !(1..=7).contains(day)) {
        return Err("a day of the week is 1 (Monday) to 7 (Sunday)".to_owned());
    }
    if let Some((from, until)) = promotion.hours
        && (from >= 1440 || until > 1440 || from == until)
    {
        return Err("its hours are minutes of a day, 0 to 1440, and begin and end differently; \
                    leave them out for the whole day"
            .to_owned());
    }
    for part in promotion.rule.parts() {
        check_selector(part)?;
    }
    promotion.except.as_ref().map_or(Ok(()), check_selector)?;
    match &promotion.rule {
        PromotionRule::XForY { take, pay, .. } => {
            check_set(*take)?;
            if *pay == 0 || pay >= take {
                return Err(format!("of {take} taken, at least 1 and fewer than {take} are paid"));
            }
        }
        PromotionRule::XForPrice { take, price, .. } => {
            check_set(*take)?;
            check_money(*price, currency)?;
        }
        PromotionRule::NthAtPercent { nth, percent_off, .. } => {
            check_set(*nth)?;
            check_percent(*percent_off)?;
        }
        PromotionRule::Bundle { parts, price } => {
            if parts.is_empty() || parts.len() > 100 {
                return Err("a bundle has 1 to 100 parts".to_owned());
            }
            parts.iter().try_for_each(|(_, count)| check_set(*count))?;
            check_money(*price, currency)?;
        }
        PromotionRule::BuyGet { buy, get, percent_off } => {
            check_set(buy.1)?;
            check_set(get.1)?;
            check_percent(*percent_off)?;
        }
        PromotionRule::Spend { over, off, .. } => {
            check_money(*over, currency)?;
            match off {
                Reduction::Percent(percent) => check_percent(*percent)?,
                Reduction::Amount(amount) => {
                    check_money(*amount, currency)?;
                    if amount.minor() > over.minor() {
                        return Err(format!(
                            "{amount} off is more than the {over} to spend: give less off"
                        ));
                    }
                }
            }
        }
        PromotionRule::PercentOff { percent, .. } => check_percent(*percent)?,
        PromotionRule::AmountOff { amount: money, .. }
        | PromotionRule::FixedPrice { price: money, .. } => check_money(*money, currency)?,
    }
    Ok(())
}

fn check_days(from: Option<BusinessDay>, until: Option<BusinessDay>) -> Checked {
    match (from, until) {
        (Some(from), Some(until)) if until < from => {
            Err(format!("it ends on {until}, before it begins on {from}"))
        }
        _ => Ok(()),
    }
}

fn check_selector(selector: &Selector) -> Checked {
    let empty = match selector {
        Selector::All => false,
        Selector::Variants(variants) => variants.is_empty(),
        Selector::Items(items) => items.is_empty(),
        Selector::Categories(categories) => {
            categories.is_empty() || categories.iter().any(|name| name.trim().is_empty())
        }
    };
    if empty { Err("it speaks of nothing: choose items or categories".to_owned()) } else { Ok(()) }
}

fn check_set(count: u32) -> Checked {
    if (1..=PriceRules::MAX_SET).contains(&count) {
        return Ok(());
    }
    Err(format!("a set has 1 to {} units", PriceRules::MAX_SET))
}

fn check_percent(percent: Percent) -> Checked {
    if percent.value() > Decimal::ONE_HUNDRED {
        return Err(format!("{} % off is more than the price: give 0 to 100", percent.value()));
    }
    Ok(())
}

fn check_money(money: Money, currency: &mut Option<Currency>) -> Checked {
    if money.is_negative() {
        return Err("an amount cannot be below nothing".to_owned());
    }
    let first = *currency.get_or_insert(money.currency());
    if first != money.currency() {
        return Err(format!(
            "{money} is in another currency than the rules before it ({})",
            first.code()
        ));
    }
    Ok(())
}
