//! What holds for every basket under every rule.

use std::collections::BTreeMap;

use countertop_domain::basket::{Basket, Change, Coupon};
use countertop_domain::discount::Reduction;
use countertop_domain::ids::{BasketId, LineId};
use countertop_domain::item::Sellable;
use countertop_domain::price_book::{PriceBook, PriceRule, RulePrice, Selector};
use countertop_domain::pricing::explain::{self, StepKind, recompute};
use countertop_domain::pricing::{PricingContext, Settled, settle};
use countertop_domain::promotion::{PriceRules, Promotion, PromotionRule, Stacking};
use countertop_domain::quantity::Quantity;
use countertop_domain::rounding::{RoundingMode, RoundingScope, TaxRounding};
use countertop_domain::tax::{FiscalPosition, Keeps, Percent, Tax, TaxClass, TaxMode, TaxTable};
use proptest::prelude::*;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::shop::{
    add, basket, by_weight, cases, context, customer, eur, in_category, labels, line_id, only,
    percent_off, promotion, rate, rules, sell, table, thing, total,
};

const CATEGORIES: [&str; 3] = ["Food", "Food > Bread", "Tools"];

/// A variant's number decides its category, its class and whether it is weighed.
fn goods(number: u128, price: i64) -> Sellable {
    let index = usize::try_from(number).unwrap();
    let mut sellable = in_category(thing(number, price), CATEGORIES[index % 3]);
    sellable.tax_class = TaxClass::new(["standard", "food", "bottle", "two"][index % 4]);
    if number == 6 { by_weight(sellable) } else { sellable }
}

fn taxes() -> TaxTable {
    use TaxMode::{Exclusive, Inclusive};
    let percent = |code: &str, value, mode| Tax::percent(code, code, rate(value), mode);
    let gst = Tax { affects_base: true, ..percent("gst", "5", Exclusive) };
    let swap = |a: &str, b: &str| (TaxClass::new(a), TaxClass::new(b));
    let position = |id: &str, keeps| FiscalPosition {
        id: id.to_owned(),
        name: id.to_owned(),
        swaps: BTreeMap::from([swap("standard", "food"), swap("food", "none")]),
        others: None,
        keeps,
    };
    table(&[
        ("standard", vec![percent("vat-20", "20", Inclusive)]),
        ("food", vec![percent("vat-5.5", "5.5", Inclusive)]),
        (
            "bottle",
            vec![
                Tax::fixed("deposit", "deposit", eur(25), Inclusive),
                percent("vat-20", "20", Inclusive),
            ],
        ),
        ("two", vec![gst, percent("qst", "9.975", Exclusive)]),
    ])
    .with_positions(vec![position("away", Keeps::Label), position("abroad", Keeps::Net)])
}

fn any_percent() -> impl Strategy<Value = Percent> {
    (0_i64..=10_000).prop_map(|value| Percent::new(Decimal::new(value, 2)).unwrap())
}

fn any_selector() -> impl Strategy<Value = Selector> {
    let some = prop::collection::vec(1_u128..=6, 1..4);
    prop_oneof![
        1 => Just(Selector::All),
        3 => some.prop_map(|numbers| only(&numbers)),
        2 => prop::sample::select(CATEGORIES.to_vec())
            .prop_map(|name| Selector::Categories(vec![name.to_owned()])),
    ]
}

/// A bundle or an offer whose parts overlap has no simple count.
fn rule_of_parts() -> impl Strategy<Value = PromotionRule> {
    let of = any_selector;
    prop_oneof![
        (prop::collection::vec((of(), 1_u32..3), 1..4), 0_i64..3_000)
            .prop_map(|(parts, price)| PromotionRule::Bundle { parts, price: eur(price) }),
        (of(), 1_u32..3, of(), 1_u32..3, any_percent()).prop_map(|(a, m, b, n, percent_off)| {
            PromotionRule::BuyGet { buy: (a, m), get: (b, n), percent_off }
        }),
    ]
}

fn any_rule() -> impl Strategy<Value = PromotionRule> {
    prop_oneof![3 => simple_rule(), 1 => rule_of_parts()]
}

fn simple_rule() -> impl Strategy<Value = PromotionRule> {
    let of = any_selector;
    prop_oneof![
        (of(), 2_u32..5)
            .prop_flat_map(|(of, take)| (Just(of), Just(take), 1..take))
            .prop_map(|(of, take, pay)| PromotionRule::XForY { of, take, pay }),
        (of(), 1_u32..5, 0_i64..3_000).prop_map(|(of, take, price)| PromotionRule::XForPrice {
            of,
            take,
            price: eur(price)
        }),
        (of(), 1_u32..4, any_percent()).prop_map(|(of, nth, percent_off)| {
            PromotionRule::NthAtPercent { of, nth, percent_off }
        }),
        (of(), 0_i64..5_000, any_percent()).prop_map(|(of, over, percent)| {
            PromotionRule::Spend { of, over: eur(over), off: Reduction::Percent(percent) }
        }),
        (of(), 0_i64..5_000, 0_i64..5_000).prop_map(|(of, over, off)| {
            let off = Reduction::Amount(eur(off.min(over)));
            PromotionRule::Spend { of, over: eur(over), off }
        }),
        (of(), any_percent()).prop_map(|(of, percent)| PromotionRule::PercentOff { of, percent }),
        (of(), 0_i64..1_000)
            .prop_map(|(of, amount)| PromotionRule::AmountOff { of, amount: eur(amount) }),
        (of(), 0_i64..1_500)
            .prop_map(|(of, price)| PromotionRule::FixedPrice { of, price: eur(price) }),
    ]
}

fn any_promotions(most: usize) -> impl Strategy<Value = Vec<Promotion>> {
    let one = (any_rule(), any::<bool>(), 0_i32..3, prop::bool::weighted(0.2));
    prop::collection::vec(one, 0..=most).prop_map(|all| {
        let numbered = all.into_iter().enumerate();
        numbered
            .map(|(index, (rule, stacks, priority, needs_coupon))| Promotion {
                stacks,
                priority,
                needs_coupon,
                ..promotion(&format!("p{index}"), rule)
            })
            .collect()
    })
}

fn any_books() -> impl Strategy<Value = Vec<PriceBook>> {
    let price = prop_oneof![
        any_percent().prop_map(RulePrice::PercentOff),
        (0_i64..2_000).prop_map(|minor| RulePrice::Fixed(eur(minor))),
    ];
    let rule = (any_selector(), 0_i32..5, price).prop_map(|(of, from, price)| PriceRule {
        of,
        min_quantity: Quantity::pieces(from),
        price,
    });
    let book = (prop::collection::vec(rule, 1..4), 0_i32..2);
    prop::collection::vec(book, 0..3).prop_map(|books| {
        let numbered = books.into_iter().enumerate();
        numbered
            .map(|(index, (prices, priority))| PriceBook {
                id: format!("b{index}"),
                name: format!("Book {index}"),
                groups: Vec::new(),
                channels: Vec::new(),
                from: None,
                until: None,
                priority,
                prices,
            })
            .collect()
    })
}

#[derive(Clone, Debug)]
struct Wanted {
    number: u128,
    price: i64,
    count: i64,
    off: Option<i64>,
}

#[derive(Clone, Debug)]
struct Visit {
    lines: Vec<Wanted>,
    off: Option<i64>,
    position: Option<&'static str>,
    exempt: bool,
    rounding: TaxRounding,
    stacking: Stacking,
    books: Vec<PriceBook>,
    promotions: Vec<Promotion>,
}

fn any_visit(most: usize) -> impl Strategy<Value = Visit> {
    let off = || prop_oneof![3 => Just(None), 1 => (0_i64..=100).prop_map(Some)];
    let line = (1_u128..=6, 0_i64..=2_000, 1_i64..=7, off())
        .prop_map(|(number, price, count, off)| Wanted { number, price, count, off });
    let position = prop::sample::select(vec![None, None, Some("away"), Some("abroad")]);
    let rounding = (any::<bool>(), any::<bool>()).prop_map(|(document, even)| TaxRounding {
        scope: if document { RoundingScope::Document } else { RoundingScope::Line },
        mode: if even { RoundingMode::HalfEven } else { RoundingMode::HalfUp },
    });
    (
        prop::collection::vec(line, 0..10),
        off(),
        position,
        prop::bool::weighted(0.1),
        rounding,
        prop::sample::select(vec![Stacking::BestForCustomer, Stacking::InOrder]),
        any_books(),
        any_promotions(most),
    )
        .prop_map(|(lines, off, position, exempt, rounding, stacking, books, promotions)| {
            Visit { lines, off, position, exempt, rounding, stacking, books, promotions }
        })
}

impl Visit {
    fn rules(&self) -> PriceRules {
        PriceRules::new(self.books.clone(), self.promotions.clone(), self.stacking).unwrap()
    }

    /// Lines in the given order; each keeps its id.
    fn basket(&self, order: &[usize]) -> Basket {
        let mut basket = Basket::new(BasketId::new(Uuid::from_u128(1)));
        for index in order {
            let want = &self.lines[*index];
            let id = *index as u128 + 1;
            // 1.5 kg and so on, where it is weighed.
            let thousandths = if want.number == 6 { want.count * 375 } else { want.count * 1000 };
            add(&mut basket, id, goods(want.number, want.price), thousandths);
            let off = want.off.map(|off| percent_off(&off.to_string()));
            basket.apply(Change::SetDiscount(line_id(id), off)).unwrap();
        }
        let off = self.off.map(|off| percent_off(&off.to_string()));
        basket.apply(Change::SetBasketDiscount(off)).unwrap();
        basket.apply(Change::SetPosition(self.position.map(str::to_owned))).unwrap();
        if self.exempt {
            basket.apply(Change::SetCustomer(Some(customer(&[], true)))).unwrap();
        }
        for promotion in self.promotions.iter().filter(|p| p.needs_coupon).take(3) {
            let coupon =
                Coupon { code: format!("C-{}", promotion.id), promotion: promotion.id.clone() };
            basket.apply(Change::AddCoupon(coupon)).unwrap();
        }
        basket
    }

    fn in_order(&self) -> Vec<usize> {
        (0..self.lines.len()).collect()
    }

    fn context<'a>(&self, taxes: &'a TaxTable, rules: &'a PriceRules) -> PricingContext<'a> {
        PricingContext { rounding: self.rounding, ..context(taxes, rules) }
    }
}

/// Without the order of anything.
fn by_line(settled: &Settled) -> (BTreeMap<LineId, String>, BTreeMap<String, String>, String) {
    let lines = settled.lines.iter().map(|line| (line.line, format!("{line:?}")));
    let taxes = settled.taxes.iter().map(|sum| (sum.tax.code.clone(), format!("{sum:?}")));
    let sums = (settled.net, settled.tax, settled.total, settled.discount);
    (lines.collect(), taxes.collect(), format!("{sums:?}"))
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn prices_add_up_and_never_fall_below_nothing(visit in any_visit(8)) {
        let (taxes, rules) = (taxes(), visit.rules());
        let context = visit.context(&taxes, &rules);
        let basket = visit.basket(&visit.in_order());
        let settled = settle(&basket, &context).unwrap();
        prop_assert_eq!(&settle(&basket, &context).unwrap(), &settled, "the same every time");
        prop_assert_eq!(settled.net.plus(settled.tax)?, settled.total);
        let (mut net, mut total, mut discount) = (0, 0, 0);
        for (line, label) in settled.lines.iter().zip(labels(&settled)) {
            prop_assert!(label >= 0, "{:?}", line);
            prop_assert!(line.adjustments.iter().filter(|a| a.kind.is_reduction())
                .all(|a| !a.amount.minor().is_positive()), "{:?}", line);
            let taxes: i64 = line.taxes.iter().map(|tax| tax.amount.minor()).sum();
            prop_assert_eq!(line.net.minor() + taxes, line.total.minor());
            net += line.net.minor();
            total += line.total.minor();
            discount -= line.adjustments.iter().filter(|a| a.kind.is_reduction())
                .map(|a| a.amount.minor()).sum::<i64>();
        }
        prop_assert_eq!((net, total), (settled.net.minor(), settled.total.minor()));
        prop_assert_eq!(discount, settled.discount.minor());
        for sum in &settled.taxes {
            let parts = settled.lines.iter().flat_map(|line| &line.taxes)
                .filter(|tax| tax.code == sum.tax.code);
            prop_assert_eq!(parts.map(|tax| tax.amount.minor()).sum::<i64>(), sum.amount.minor());
        }
    }

    #[test]
    fn the_order_in_which_lines_came_plays_no_part(
        (visit, order) in any_visit(8).prop_flat_map(|visit| {
            let order = Just(visit.in_order()).prop_shuffle();
            (Just(visit), order)
        })
    ) {
        let (taxes, rules) = (taxes(), visit.rules());
        let context = visit.context(&taxes, &rules);
        let settled = settle(&visit.basket(&visit.in_order()), &context).unwrap();
        let shuffled = settle(&visit.basket(&order), &context).unwrap();
        prop_assert_eq!(by_line(&settled), by_line(&shuffled));
    }

    #[test]
    fn the_order_in_which_rules_were_written_plays_no_part(
        (visit, promotions) in any_visit(8).prop_flat_map(|visit| {
            let promotions = Just(visit.promotions.clone()).prop_shuffle();
            (Just(visit), promotions)
        })
    ) {
        let taxes = taxes();
        let basket = visit.basket(&visit.in_order());
        let written = visit.rules();
        let shuffled =
            PriceRules::new(visit.books.clone(), promotions, visit.stacking).unwrap();
        prop_assert_eq!(
            settle(&basket, &visit.context(&taxes, &written)).unwrap(),
            settle(&basket, &visit.context(&taxes, &shuffled)).unwrap()
        );
    }

    #[test]
    fn a_line_that_comes_and_goes_leaves_no_trace(visit in any_visit(6), number in 1_u128..=6) {
        let (taxes, rules) = (taxes(), visit.rules());
        let context = visit.context(&taxes, &rules);
        let mut basket = visit.basket(&visit.in_order());
        let before = settle(&basket, &context).unwrap();
        add(&mut basket, 99, goods(number, 1234), 3000);
        settle(&basket, &context).unwrap();
        basket.apply(Change::Remove(line_id(99))).unwrap();
        prop_assert_eq!(settle(&basket, &context).unwrap(), before);
    }

    #[test]
    fn a_stored_sale_comes_to_the_same_again_and_explains_itself_as_it_did(visit in any_visit(6)) {
        if visit.lines.is_empty() {
            return Ok(());
        }
        let (taxes, rules) = (taxes(), visit.rules());
        let context = visit.context(&taxes, &rules);
        let basket = visit.basket(&visit.in_order());
        let settled = settle(&basket, &context).unwrap();
        let sale = sell(basket.clone(), &context);
        let text = serde_json::to_string(&sale)?;
        let read = serde_json::from_str(&text)?;
        prop_assert_eq!(&sale, &read, "reads back");
        prop_assert_eq!(serde_json::to_string(&read)?, text, "byte for byte");
        recompute(&read).unwrap();
        for ((line, settled_line), sold) in
            basket.lines().iter().zip(&settled.lines).zip(&sale.lines)
        {
            let open = explain::settled(line, settled_line, &settled.taxes, visit.rounding)?;
            prop_assert_eq!(&open, &explain::sold(sold, &sale)?);
            let last = open.steps.last().unwrap();
            prop_assert_eq!(last.kind, StepKind::Total);
            prop_assert_eq!((last.amount, last.running), (sold.total, sold.total));
        }
    }

    #[test]
    fn where_few_compete_no_order_is_better_for_the_customer(visit in any_visit(4)) {
        let basket = visit.basket(&visit.in_order());
        let promotions = || visit.promotions.iter().filter(|p| !p.needs_coupon).cloned();
        let with = |stacking, promotions| {
            let rules = PriceRules::new(visit.books.clone(), promotions, stacking).unwrap();
            settle(&visit.plain(&basket), &context(&TaxTable::default(), &rules)).unwrap().total
        };
        let best = with(Stacking::BestForCustomer, promotions().collect());
        for first in promotions() {
            let reordered = promotions()
                .map(|p| Promotion { priority: i32::from(p.id == first.id), ..p })
                .collect();
            prop_assert!(best.minor() <= with(Stacking::InOrder, reordered).minor());
        }
    }

    #[test]
    fn a_single_promotion_saves_what_counting_the_units_one_by_one_saves(
        rule in simple_rule(),
        lines in prop::collection::vec((1_u128..=5, 1_i64..=2_000, 1_i64..=6), 1..6),
    ) {
        let lines: Vec<(u128, Sellable, i64)> = (1_u128..).zip(lines)
            .map(|(id, (number, price, count))| (id, goods(number, price), count * 1000))
            .collect();
        let basket = basket(&lines);
        let plain: i64 = lines.iter().map(|(_, s, q)| s.price.unwrap().minor() * q / 1000).sum();
        let saved = plain - total(&basket, &rules(vec![promotion("p", rule.clone())]));
        prop_assert_eq!(saved, one_by_one(&rule, &lines), "{:?}", rule);
    }
}

impl Visit {
    /// The same lines without discounts, position and coupons.
    fn plain(&self, basket: &Basket) -> Basket {
        let mut plain = basket.clone();
        for line in basket.lines() {
            plain.apply(Change::SetDiscount(line.id, None)).unwrap();
        }
        plain.apply(Change::SetBasketDiscount(None)).unwrap();
        plain.apply(Change::SetPosition(None)).unwrap();
        plain.apply(Change::SetCustomer(None)).unwrap();
        for coupon in basket.coupons() {
            plain.apply(Change::RemoveCoupon(coupon.code.clone())).unwrap();
        }
        plain
    }
}

/// Units as things on a table: sorted, put into sets by hand.
fn one_by_one(rule: &PromotionRule, lines: &[(u128, Sellable, i64)]) -> i64 {
    let units = |of: &Selector| -> Vec<i64> {
        let mut units: Vec<i64> = lines
            .iter()
            .filter(|(_, sellable, _)| of.covers(sellable))
            .flat_map(|(_, sellable, quantity)| {
                std::iter::repeat_n(sellable.price.unwrap().minor(), (*quantity / 1000) as usize)
            })
            .collect();
        units.sort_unstable_by(|a, b| b.cmp(a));
        units
    };
    let share = |amount: i64, percent: Percent| -> i64 {
        let exact = Decimal::from(amount) * percent.value() / Decimal::ONE_HUNDRED;
        let rounding = rust_decimal::RoundingStrategy::MidpointAwayFromZero;
        i64::try_from(exact.round_dp_with_strategy(0, rounding).mantissa()).unwrap()
    };
    let per_line = |of: &Selector, off: &dyn Fn(i64, i64) -> i64| -> i64 {
        lines
            .iter()
            .filter(|(_, sellable, _)| of.covers(sellable))
            .map(|(_, sellable, q)| off(sellable.price.unwrap().minor(), q / 1000))
            .sum()
    };
    match rule {
        PromotionRule::XForY { of, take, pay } => units(of)
            .chunks_exact(*take as usize)
            .map(|set| set[*pay as usize..].iter().sum::<i64>())
            .sum(),
        PromotionRule::XForPrice { of, take, price } => units(of)
            .chunks_exact(*take as usize)
            .map(|set| (set.iter().sum::<i64>() - price.minor()).max(0))
            .sum(),
        PromotionRule::NthAtPercent { of, nth, percent_off } => nth_of_line(of, *nth, lines)
            .into_values()
            .map(|amount| share(amount, *percent_off))
            .sum(),
        PromotionRule::Spend { of, over, off } => {
            let sum: i64 = units(of).iter().sum();
            match off {
                _ if sum < over.minor() => 0,
                Reduction::Percent(percent) => share(sum, *percent),
                Reduction::Amount(amount) => amount.minor().min(sum),
            }
        }
        PromotionRule::PercentOff { of, percent } => {
            per_line(of, &|price, count| share(price * count, *percent))
        }
        PromotionRule::AmountOff { of, amount } => {
            per_line(of, &|price, count| amount.minor().min(price) * count)
        }
        PromotionRule::FixedPrice { of, price: lower } => {
            per_line(of, &|price, count| (price - lower.minor()).max(0) * count)
        }
        PromotionRule::Bundle { .. } | PromotionRule::BuyGet { .. } => 0,
    }
}

/// What the units that are reduced cost, by line: each line rounds once what comes off it.
fn nth_of_line(of: &Selector, nth: u32, lines: &[(u128, Sellable, i64)]) -> BTreeMap<usize, i64> {
    let mut units: Vec<(i64, usize)> = Vec::new();
    let mut order: Vec<usize> = (0..lines.len()).collect();
    order.sort_by_key(|index| {
        let (id, sellable, _) = &lines[*index];
        (std::cmp::Reverse(sellable.price.unwrap().minor()), sellable.variant, *id)
    });
    for index in order.into_iter().filter(|index| of.covers(&lines[*index].1)) {
        for _ in 0..lines[index].2 / 1000 {
            units.push((lines[index].1.price.unwrap().minor(), index));
        }
    }
    let mut reduced = BTreeMap::new();
    for set in units.chunks_exact(nth as usize) {
        let (price, line) = set[set.len() - 1];
        *reduced.entry(line).or_default() += price;
    }
    reduced
}
