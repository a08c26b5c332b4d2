//! Fiscal positions and customers who pay no tax.

use std::collections::BTreeMap;

use countertop_domain::basket::Change;
use countertop_domain::pricing::{AdjustmentKind, PricingContext, PricingError, Settled, settle};
use countertop_domain::promotion::PriceRules;
use countertop_domain::rounding::{RoundingMode, RoundingScope, TaxRounding};
use countertop_domain::tax::{FiscalPosition, Keeps, Tax, TaxClass, TaxMode, TaxTable};

use crate::shop::{basket, context, customer, eur, labels, percent_off, rate, table, thing};

fn position(
    id: &str,
    swaps: &[(&str, &str)],
    others: Option<&str>,
    keeps: Keeps,
) -> FiscalPosition {
    FiscalPosition {
        id: id.to_owned(),
        name: format!("Position {id}"),
        swaps: swaps.iter().map(|(a, b)| (TaxClass::new(a), TaxClass::new(b))).collect(),
        others: others.map(TaxClass::new),
        keeps,
    }
}

fn taxes(mode: TaxMode) -> TaxTable {
    let vat = |code: &str, value| vec![Tax::percent(code, "VAT", rate(value), mode)];
    table(&[
        ("standard", vat("vat-19", "19")),
        ("take-away", vat("vat-7", "7")),
        ("export", vat("vat-0", "0")),
    ])
    .with_positions(vec![
        position("take-away", &[("standard", "take-away")], None, Keeps::Label),
        position("export", &[], Some("export"), Keeps::Net),
        position("reverse", &[("standard", "take-away")], None, Keeps::Net),
    ])
}

fn priced(taxes: &TaxTable, chosen: Option<&str>, rounding: TaxRounding) -> Settled {
    let mut basket = basket(&[(1, thing(1, 1190), 1000), (2, thing(2, 999), 3000)]);
    basket.apply(Change::SetPosition(chosen.map(str::to_owned))).unwrap();
    let context = PricingContext { rounding, ..context(taxes, PriceRules::none()) };
    settle(&basket, &context).unwrap()
}

fn by_line() -> TaxRounding {
    TaxRounding::default()
}

#[test]
fn taken_away_it_costs_the_same_and_holds_less_tax() {
    let taxes = taxes(TaxMode::Inclusive);
    let eat_in = priced(&taxes, None, by_line());
    let take_away = priced(&taxes, Some("take-away"), by_line());
    assert_eq!(eat_in.total, take_away.total);
    assert_eq!((eat_in.tax, take_away.tax), (eur(190 + 479), eur(78 + 196)));
    assert_eq!(take_away.taxes[0].tax.code, "vat-7");
}

#[test]
fn abroad_the_net_price_stays() {
    let taxes = taxes(TaxMode::Inclusive);
    let document = TaxRounding { scope: RoundingScope::Document, mode: RoundingMode::HalfUp };
    for rounding in [by_line(), document] {
        let home = priced(&taxes, None, rounding);
        let export = priced(&taxes, Some("export"), rounding);
        assert_eq!((export.net, export.total, export.tax), (home.net, home.net, eur(0)));
        assert_eq!(export.taxes[0].tax.code, "vat-0", "a rate of nothing is still told");
        let reverse = priced(&taxes, Some("reverse"), rounding);
        assert_eq!(reverse.net, home.net);
        let adjustment = reverse.lines[0].adjustments.last().unwrap();
        assert_eq!(adjustment.kind, AdjustmentKind::Position);
        // 10.00 net with 7 % is 10.70, 1.20 less than the label.
        assert_eq!((adjustment.amount, labels(&reverse)[0]), (eur(-120), 1070));
    }
}

#[test]
fn taxes_on_top_leave_the_label_alone() {
    let taxes = taxes(TaxMode::Exclusive);
    let home = priced(&taxes, None, by_line());
    let export = priced(&taxes, Some("export"), by_line());
    assert_eq!(home.net, export.net);
    assert!(export.lines.iter().all(|line| line.adjustments.is_empty()));
    assert_eq!(export.total, eur(1190 + 2997));
}

#[test]
fn an_exempt_customer_pays_the_net_price_of_everyone_else() {
    let taxes = taxes(TaxMode::Inclusive);
    let mut basket = basket(&[(1, thing(1, 1190), 1000), (2, thing(2, 999), 3000)]);
    basket.apply(Change::SetBasketDiscount(Some(percent_off("10")))).unwrap();
    let context = context(&taxes, PriceRules::none());
    let everyone = settle(&basket, &context).unwrap();
    basket.apply(Change::SetCustomer(Some(customer(&[], true)))).unwrap();
    let exempt = settle(&basket, &context).unwrap();
    assert_eq!((exempt.total, exempt.tax), (everyone.net, eur(0)));
    assert!(exempt.taxes.is_empty());
    assert_eq!(exempt.discount, everyone.discount, "a position is no discount");
}

#[test]
fn an_unknown_position_is_refused_by_name() {
    let taxes = taxes(TaxMode::Inclusive);
    let mut basket = basket(&[(1, thing(1, 100), 1000)]);
    basket.apply(Change::SetPosition(Some("moon".to_owned()))).unwrap();
    let context = context(&taxes, PriceRules::none());
    let id = "moon".to_owned();
    assert_eq!(settle(&basket, &context), Err(PricingError::UnknownPosition { id }));
}

#[test]
fn two_taxes_never_share_a_code() {
    let vat = |value| Tax::percent("vat", "VAT", rate(value), TaxMode::Inclusive);
    let mut classes = BTreeMap::new();
    classes.insert(TaxClass::standard(), vec![vat("20")]);
    classes.insert(TaxClass::new("food"), vec![vat("5")]);
    let taxes = TaxTable::new(classes);
    let mut food = thing(2, 100);
    food.tax_class = TaxClass::new("food");
    let basket = basket(&[(1, thing(1, 100), 1000), (2, food, 1000)]);
    let code = "vat".to_owned();
    let context = context(&taxes, PriceRules::none());
    assert_eq!(settle(&basket, &context), Err(PricingError::TwoTaxes { code }));
}

#[test]
fn nobody_is_paid_for_taking_a_free_bottle_abroad() {
    let deposit = Tax::fixed("deposit", "Deposit", eur(25), TaxMode::Inclusive);
    let taxes = table(&[("standard", vec![deposit])]);
    let mut basket = basket(&[(1, thing(1, 0), 1000)]);
    basket.apply(Change::SetCustomer(Some(customer(&[], true)))).unwrap();
    let settled = settle(&basket, &context(&taxes, PriceRules::none())).unwrap();
    assert_eq!((settled.net, settled.total), (eur(0), eur(0)));
}

#[test]
fn where_the_net_price_stays_fixed_taxes_come_into_the_label_too() {
    use TaxMode::Inclusive;
    let deposit = Tax::fixed("deposit", "Deposit", eur(25), Inclusive);
    let vat = |code: &str, value| Tax::percent(code, "VAT", rate(value), Inclusive);
    let taxes = table(&[
        ("standard", vec![vat("vat-19", "19")]),
        ("bottle", vec![deposit, vat("vat-7", "7")]),
    ])
    .with_positions(vec![position("abroad", &[("standard", "bottle")], None, Keeps::Net)]);
    let mut basket = basket(&[(1, thing(1, 1190), 2000)]);
    basket.apply(Change::SetPosition(Some("abroad".to_owned()))).unwrap();
    let settled = settle(&basket, &context(&taxes, PriceRules::none())).unwrap();
    // 20.00 net, two deposits, 7 % of 20.00.
    assert_eq!((settled.net, settled.total), (eur(2000), eur(2000 + 50 + 140)));
}
