//! Pricing against exact arithmetic.

use std::collections::BTreeMap;

use countertop_domain::basket::{Basket, Change, PriceOverride};
use countertop_domain::ids::{BasketId, ItemId, LineId, VariantId};
use countertop_domain::item::Sellable;
use countertop_domain::money::{Currency, Money};
use countertop_domain::pricing::{PricingContext, PricingError, Settled, due, settle};
use countertop_domain::promotion::PriceRules;
use countertop_domain::quantity::{Quantity, Unit};
use countertop_domain::rounding::TaxRounding;
use countertop_domain::tax::{Percent, Tax, TaxClass, TaxMode, TaxTable};
use countertop_domain::time::Timestamp;
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use crate::oracle::{self, Part, Rate};

/// Rates in ten-thousandths of a percent, as the world has them: none, VAT, sales taxes with four
/// decimals, and the most that a table takes.
const RATES: [i128; 10] =
    [0, 10_000, 55_000, 70_000, 82_500, 88_750, 135_000, 190_000, 99_999, 10_000_000];

/// A line: price in cents, quantity in thousandths, tax class.
#[derive(Clone, Debug)]
struct Asked {
    price: i64,
    thousandths: i64,
    class: usize,
    overridden: bool,
}

fn asked() -> impl Strategy<Value = Asked> {
    let price = prop_oneof![6 => 0_i64..100_000, 1 => 0..=Money::MAX_MINOR];
    let thousandths = prop_oneof![6 => 1_i64..20_000, 1 => 1..=Quantity::MAX_THOUSANDTHS];
    (price, thousandths, 0_usize..4, any::<bool>()).prop_map(
        |(price, thousandths, class, overridden)| Asked { price, thousandths, class, overridden },
    )
}

/// Up to three taxes a class: which rate, and whether it is inside.
fn classes() -> impl Strategy<Value = Vec<Vec<(usize, bool)>>> {
    let taxes = prop::collection::vec((0_usize..RATES.len(), any::<bool>()), 0..4);
    prop::collection::vec(taxes, 4)
}

fn money(minor: i64) -> Money {
    Money::new(minor, Currency::EUR).unwrap()
}

fn percent(millionths: i128) -> Percent {
    let text = format!("{}.{:04}", millionths / 10_000, millionths % 10_000);
    serde_json::from_value(json!(text)).unwrap()
}

fn class(number: usize) -> TaxClass {
    TaxClass::new(&format!("class {number}"))
}

/// The shop's table. The same rate on the same side is the same tax, whatever class it is in.
fn table(classes: &[Vec<(usize, bool)>]) -> (TaxTable, Vec<Vec<Rate>>) {
    let (mut table, mut rates) = (BTreeMap::new(), Vec::new());
    for (number, taxes) in classes.iter().enumerate() {
        let (mut of_class, mut rates_of_class): (Vec<Tax>, Vec<Rate>) = (Vec::new(), Vec::new());
        for (rate, inside) in taxes {
            let millionths = RATES[*rate];
            let code = format!("tax-{millionths}-{inside}");
            if of_class.iter().any(|tax| tax.code == code) {
                continue;
            }
            let mode = if *inside { TaxMode::Inclusive } else { TaxMode::Exclusive };
            of_class.push(Tax::percent(code, "Tax", percent(millionths), mode));
            rates_of_class.push(Rate { millionths, inside: *inside });
        }
        table.insert(class(number), of_class);
        rates.push(rates_of_class);
    }
    (TaxTable::new(table), rates)
}

fn basket(lines: &[Asked]) -> Basket {
    let id = |kind: u128, number: usize| Uuid::from_u128(kind << 64 | number as u128);
    let mut basket = Basket::new(BasketId::new(id(1, 0)));
    for (number, asked) in lines.iter().enumerate() {
        let line = LineId::new(id(2, number));
        let sellable = Sellable {
            item: ItemId::new(id(3, number)),
            variant: VariantId::new(id(4, number)),
            name: format!("Thing {number}"),
            sku: None,
            category: None,
            unit: Unit::Kilogram,
            price: Some(money(if asked.overridden { 77 } else { asked.price })),
            tax_class: class(asked.class),
            tracks_stock: false,
            unit_cost: None,
        };
        let quantity = Quantity::from_thousandths(asked.thousandths);
        basket.apply(Change::Add { line, sellable, quantity, price: None }).unwrap();
        if asked.overridden {
            let price = PriceOverride { price: money(asked.price), reason: String::new() };
            basket.apply(Change::SetPrice(line, Some(price))).unwrap();
        }
    }
    basket
}

/// True if an amount is one that a register counts.
fn counts(amount: i128) -> bool {
    amount.abs() <= i128::from(Money::MAX_MINOR)
}

fn price(lines: &[Asked], table: &TaxTable) -> Result<Settled, PricingError> {
    let context = PricingContext {
        currency: Currency::EUR,
        taxes: table,
        rounding: TaxRounding::default(),
        rules: PriceRules::none(),
        channel: "counter",
        at: Timestamp { utc_ms: 0, offset_min: 0 },
    };
    settle(&basket(lines), &context)
}

fn minor(money: Money) -> i128 {
    i128::from(money.minor())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2_000, failure_persistence: None, ..Default::default()
    })]

    #[test]
    fn every_amount_is_what_exact_arithmetic_says(
        lines in prop::collection::vec(asked(), 0..12),
        classes in classes(),
    ) {
        let (table, rates) = table(&classes);
        let worked: Vec<_> = lines
            .iter()
            .map(|l| oracle::line(l.price.into(), l.thousandths.into(), &rates[l.class]))
            .collect();
        let net: i128 = worked.iter().map(|line| line.net).sum();
        let total: i128 = worked.iter().map(|line| line.total).sum();
        let settled = match price(&lines, &table) {
            Ok(settled) => settled,
            Err(error) => {
                // Refused only for what is beyond the range, and then nothing was guessed.
                prop_assert!(matches!(error, PricingError::Money(_)), "{error}");
                let beyond = |l: &Asked| {
                    let labelled = i128::from(l.price) * i128::from(l.thousandths);
                    !counts((labelled + 500) / 1_000)
                };
                prop_assert!(
                    !counts(total) || lines.iter().any(beyond)
                        || worked.iter().any(|line| !counts(line.total)),
                    "{error} for {total}"
                );
                return Ok(());
            }
        };
        prop_assert!(counts(total));
        prop_assert_eq!(minor(settled.net), net);
        prop_assert_eq!(minor(settled.total), total);
        prop_assert_eq!(minor(settled.tax), total - net);
        for (line, worked) in settled.lines.iter().zip(&worked) {
            prop_assert_eq!(minor(line.net), worked.net);
            prop_assert_eq!(minor(line.total), worked.total);
            prop_assert_eq!(line.taxes.len(), worked.parts.len());
            let mut inside = 0;
            for (tax, part) in line.taxes.iter().zip(&worked.parts) {
                match part {
                    Part::OnTop(amount) => prop_assert_eq!(minor(tax.amount), *amount),
                    Part::Inside(exact) => {
                        inside += minor(tax.amount);
                        prop_assert!(exact.distance(minor(tax.amount)) < exact.under());
                    }
                }
            }
            prop_assert_eq!(inside, worked.inside, "shares of the taxes inside");
        }
    }

    #[test]
    fn sums_add_up_line_by_line_and_tax_by_tax(
        lines in prop::collection::vec(asked(), 0..12),
        classes in classes(),
    ) {
        let (table, _) = table(&classes);
        let Ok(settled) = price(&lines, &table) else { return Ok(()) };
        prop_assert_eq!(minor(settled.net) + minor(settled.tax), minor(settled.total));
        let mut by_code: BTreeMap<&str, (i128, i128)> = BTreeMap::new();
        for line in &settled.lines {
            let of_line: i128 = line.taxes.iter().map(|tax| minor(tax.amount)).sum();
            prop_assert_eq!(minor(line.net) + of_line, minor(line.total));
            for tax in &line.taxes {
                let sum = by_code.entry(&tax.code).or_default();
                sum.0 += minor(line.net);
                sum.1 += minor(tax.amount);
            }
        }
        let sums: BTreeMap<&str, (i128, i128)> = settled
            .taxes
            .iter()
            .map(|sum| (sum.tax.code.as_str(), (minor(sum.base), minor(sum.amount))))
            .collect();
        prop_assert_eq!(sums.len(), settled.taxes.len(), "a tax is listed twice");
        prop_assert_eq!(sums, by_code);
    }

    #[test]
    fn the_order_of_lines_changes_no_total(
        lines in prop::collection::vec(asked(), 2..8),
        classes in classes(),
    ) {
        let (table, _) = table(&classes);
        let reversed: Vec<_> = lines.iter().rev().cloned().collect();
        if let (Ok(one), Ok(other)) = (price(&lines, &table), price(&reversed, &table)) {
            prop_assert_eq!((one.net, one.tax, one.total), (other.net, other.tax, other.total));
        }
    }
}

#[test]
fn an_amount_beyond_the_range_is_refused_and_never_wraps() {
    let (table, _) = table(&[vec![], vec![], vec![], vec![(9, false)]]);
    let line = |price, thousandths, class| Asked { price, thousandths, class, overridden: false };
    let most = Money::MAX_MINOR;
    assert_eq!(price(&[line(most, 1_000, 0)], &table).unwrap().total.minor(), most);
    for lines in [
        vec![line(most, 1_001, 0)],
        vec![line(most, Quantity::MAX_THOUSANDTHS, 0)],
        vec![line(most, 1_000, 0), line(1, 1_000, 0)],
        // A thousand percent on top.
        vec![line(most, 1_000, 3)],
        vec![line(most, 1_000, 3), line(most, 1_000, 3)],
    ] {
        assert!(matches!(price(&lines, &table), Err(PricingError::Money(_))), "{lines:?}");
    }
}

#[test]
fn an_empty_basket_costs_nothing_and_an_untaxed_class_has_no_tax() {
    let empty = price(&[], &TaxTable::default()).unwrap();
    assert!(empty.total.is_zero() && empty.taxes.is_empty());
    let line = Asked { price: 345, thousandths: 2_000, class: 0, overridden: false };
    let settled = price(&[line], &TaxTable::default()).unwrap();
    assert_eq!((settled.total.minor(), settled.tax.minor()), (690, 0));
    assert_eq!(due(&basket(&[]), &empty).unwrap().minor(), 0);
}
