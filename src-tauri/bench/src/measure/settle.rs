//! Goal 13: pricing a large basket under many rules.

use std::collections::{BTreeMap, BTreeSet};

use countertop_app::{Ids as _, SystemIds};
use countertop_domain::basket::{Basket, Change};
use countertop_domain::discount::Reduction;
use countertop_domain::ids::{BasketId, ItemId, LineId, VariantId};
use countertop_domain::item::Sellable;
use countertop_domain::money::{Currency, Money};
use countertop_domain::price_book::{PriceBook, PriceRule, RulePrice, Selector};
use countertop_domain::pricing::{PricingContext, settle};
use countertop_domain::promotion::{PriceRules, Promotion, PromotionRule, Stacking};
use countertop_domain::quantity::{Quantity, Unit};
use countertop_domain::rounding::TaxRounding;
use countertop_domain::tax::{Percent, Tax, TaxClass, TaxMode, TaxTable};
use countertop_domain::time::Timestamp;

use super::Session;
use crate::catalogue::{Article, Order, articles};
use crate::figures::Times;
use crate::report::{Row, Wanted};

const LINES: u64 = 500;
const BOOKS: usize = 20;
const PRICES: usize = 100;
const PROMOTIONS: usize = 200;

/// Measures and reports.
///
/// # Errors
/// The domain's refusals, of which there should be none.
pub(crate) fn measure(session: &mut Session) -> anyhow::Result<()> {
    let mut basket = Basket::new(BasketId::new(SystemIds.next()));
    for (count, article) in (1..).zip(articles(Order::Running, 0, LINES)) {
        basket.apply(Change::Add {
            line: LineId::new(SystemIds.next()),
            sellable: sellable(&article)?,
            quantity: Quantity::pieces(1 + count % 4),
            price: None,
        })?;
    }
    let taxes = taxes()?;
    let rules = rules(&basket)?;
    let priced = |rules: &PriceRules, times: usize| {
        let context = PricingContext {
            currency: Currency::EUR,
            taxes: &taxes,
            rounding: TaxRounding::default(),
            rules,
            channel: "counter",
            at: Timestamp { utc_ms: 1_795_439_280_000, offset_min: 60 },
        };
        let mut measured = Times::default();
        let mut touched = 0;
        for _ in 0..times {
            let settled = measured.time(|| settle(&basket, &context))?;
            touched = settled.lines.iter().filter(|line| !line.adjustments.is_empty()).count();
            std::hint::black_box(settled);
        }
        anyhow::Ok((measured.milliseconds(), touched))
    };
    let (with_rules, touched) = priced(&rules, session.times(500, 100))?;
    let (plain, _) = priced(PriceRules::none(), session.times(500, 100))?;
    session.report.add(
        Row::new(
            "settle",
            "the price of a basket of 500 lines, under 2,000 price rules and 200 promotions",
            "ms",
        )
        .goal(13, Wanted { p50: Some(5.0), ..Wanted::default() })
        .measured(with_rules)
        .note(format!("every line asked anew; rules change {touched} of the lines")),
    );
    session.report.add(
        Row::new("settle_plain", "the same basket in a shop without rules", "ms").measured(plain),
    );
    Ok(())
}

fn sellable(article: &Article) -> anyhow::Result<Sellable> {
    Ok(Sellable {
        item: ItemId::new(SystemIds.next()),
        variant: VariantId::new(SystemIds.next()),
        name: article.name(),
        sku: Some(article.sku.clone()),
        category: Some(article.category.to_owned()),
        unit: Unit::Piece,
        price: Some(Money::new(article.price, Currency::EUR)?),
        tax_class: TaxClass::standard(),
        tracks_stock: article.stock.is_some(),
        unit_cost: None,
    })
}

fn taxes() -> anyhow::Result<TaxTable> {
    let vat = Tax::percent("vat-20", "VAT", percent(20)?, TaxMode::Inclusive);
    Ok(TaxTable::new(BTreeMap::from([(TaxClass::standard(), vec![vat])])))
}

fn percent(percent: i64) -> anyhow::Result<Percent> {
    Percent::new(percent.into()).map_err(anyhow::Error::msg)
}

/// Rules as a shop has them: most speak of a few variants, some of a category, a few of everything;
/// some stack.
fn rules(basket: &Basket) -> anyhow::Result<PriceRules> {
    let sold: Vec<&Sellable> = basket.lines().iter().map(|line| &line.sellable).collect();
    let categories: BTreeSet<String> =
        sold.iter().filter_map(|sellable| sellable.category.clone()).collect();
    let categories: Vec<String> = categories.into_iter().collect();
    let variants = |start: usize, count: usize| {
        let chosen = sold.iter().cycle().skip(start % sold.len()).take(count);
        Selector::Variants(chosen.map(|sellable| sellable.variant).collect())
    };
    let category = |number: usize| {
        let chosen = categories.iter().cycle().nth(number % categories.len().max(1));
        chosen.map_or(Selector::All, |name| Selector::Categories(vec![name.clone()]))
    };
    let mut books = Vec::with_capacity(BOOKS);
    for book in 0..BOOKS {
        let mut prices = Vec::with_capacity(PRICES);
        for price in 0..PRICES {
            prices.push(PriceRule {
                of: if price % 25 == 0 {
                    category(price)
                } else {
                    variants(book * 97 + price * 5, 1)
                },
                min_quantity: Quantity::pieces(1 + i32::try_from(price % 3)?),
                price: RulePrice::PercentOff(percent(i64::try_from(1 + price % 9)?)?),
            });
        }
        books.push(PriceBook {
            id: format!("book-{book}"),
            name: format!("Book {book}"),
            groups: Vec::new(),
            channels: Vec::new(),
            from: None,
            until: None,
            priority: i32::try_from(book % 3)?,
            prices,
        });
    }
    let mut promotions = Vec::with_capacity(PROMOTIONS);
    for number in 0..PROMOTIONS {
        let of = match number % 20 {
            0 => Selector::All,
            1..=4 => category(number),
            _ => variants(number * 7, 8),
        };
        promotions.push(Promotion {
            id: format!("promotion-{number}"),
            name: format!("Promotion {number}"),
            priority: i32::try_from(number % 5)?,
            stacks: number % 3 == 0,
            groups: Vec::new(),
            channels: Vec::new(),
            from: None,
            until: None,
            weekdays: Vec::new(),
            hours: None,
            needs_coupon: false,
            rule: rule(number, of, variants(number * 7 + 3, 8))?,
            except: None,
        });
    }
    Ok(PriceRules::new(books, promotions, Stacking::BestForCustomer)?)
}

fn rule(number: usize, of: Selector, other: Selector) -> anyhow::Result<PromotionRule> {
    let eur = |minor: i64| Money::new(minor, Currency::EUR);
    Ok(match number % 9 {
        0 => PromotionRule::XForY { of, take: 3, pay: 2 },
        1 => PromotionRule::XForPrice { of, take: 3, price: eur(1000)? },
        2 => PromotionRule::NthAtPercent { of, nth: 2, percent_off: percent(50)? },
        3 => PromotionRule::Bundle { parts: vec![(of, 1), (other, 1)], price: eur(1500)? },
        4 => PromotionRule::BuyGet { buy: (of, 2), get: (other, 1), percent_off: percent(100)? },
        5 => PromotionRule::Spend { of, over: eur(5000)?, off: Reduction::percent(percent(5)?)? },
        6 => PromotionRule::PercentOff { of, percent: percent(10)? },
        7 => PromotionRule::AmountOff { of, amount: eur(25)? },
        _ => PromotionRule::FixedPrice { of, price: eur(799)? },
    })
}
