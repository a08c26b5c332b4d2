//! Price books.

use countertop_domain::basket::Change;
use countertop_domain::price_book::{PriceBook, PriceRule, RulePrice, Selector};
use countertop_domain::pricing::AdjustmentKind;
use countertop_domain::promotion::{PriceRules, Stacking};
use countertop_domain::quantity::Quantity;

use crate::shop::{
    basket, by_weight, customer, eur, in_category, only, percent, priced, thing, total,
};

fn book(id: &str, prices: Vec<PriceRule>) -> PriceBook {
    PriceBook {
        id: id.to_owned(),
        name: format!("Book {id}"),
        groups: Vec::new(),
        channels: Vec::new(),
        from: None,
        until: None,
        priority: 0,
        prices,
    }
}

fn fixed(of: Selector, from: i32, minor: i64) -> PriceRule {
    PriceRule { of, min_quantity: Quantity::pieces(from), price: RulePrice::Fixed(eur(minor)) }
}

fn rules(books: Vec<PriceBook>) -> PriceRules {
    PriceRules::new(books, Vec::new(), Stacking::default()).unwrap()
}

#[test]
fn a_quantity_break_counts_all_lines_of_the_thing() {
    let all = || Selector::All;
    let rules = rules(vec![book("b", vec![fixed(all(), 5, 80), fixed(all(), 10, 70)])]);
    assert_eq!(total(&basket(&[(1, thing(1, 100), 4000)]), &rules), 400);
    assert_eq!(total(&basket(&[(1, thing(1, 100), 4000), (2, thing(1, 100), 1000)]), &rules), 400);
    assert_eq!(total(&basket(&[(1, thing(1, 100), 4000), (2, thing(2, 100), 1000)]), &rules), 500);
    assert_eq!(total(&basket(&[(1, thing(1, 100), 10_000)]), &rules), 700);
}

#[test]
fn the_higher_priority_decides_then_the_lower_price() {
    let with = |id: &str, priority, minor| PriceBook {
        priority,
        ..book(id, vec![fixed(Selector::All, 1, minor)])
    };
    let lines = [(1, thing(1, 1000), 1000)];
    assert_eq!(total(&basket(&lines), &rules(vec![with("a", 0, 800), with("b", 0, 700)])), 700);
    let settled = priced(&basket(&lines), &rules(vec![with("a", 1, 900), with("b", 0, 700)]));
    let line = &settled.unwrap().lines[0];
    assert_eq!((line.unit_price, line.gross, line.total), (eur(900), eur(900), eur(900)));
    let adjustment = &line.adjustments[0];
    assert_eq!(adjustment.kind, AdjustmentKind::PriceBook);
    assert_eq!((&*adjustment.id, adjustment.amount), ("a", eur(-100)));
    // Of two alike the first by id is named, however they were written down.
    let alike = rules(vec![with("z", 0, 700), with("m", 0, 700)]);
    assert_eq!(priced(&basket(&lines), &alike).unwrap().lines[0].adjustments[0].id, "m");
}

#[test]
fn a_book_is_for_its_customers_its_channels_and_its_days() {
    let day = |text: &str| Some(text.to_owned().try_into().unwrap());
    let cheap = || book("b", vec![fixed(Selector::All, 1, 500)]);
    let lines = [(1, thing(1, 1000), 1000)];
    let at = |book: PriceBook| total(&basket(&lines), &rules(vec![book]));
    assert_eq!(at(PriceBook { channels: vec!["web".to_owned()], ..cheap() }), 1000);
    assert_eq!(at(PriceBook { channels: vec!["counter".to_owned()], ..cheap() }), 500);
    assert_eq!(at(PriceBook { until: day("2026-11-22"), ..cheap() }), 1000);
    assert_eq!(at(PriceBook { from: day("2026-11-23"), until: day("2026-11-23"), ..cheap() }), 500);
    let trade = rules(vec![PriceBook { groups: vec!["trade".to_owned()], ..cheap() }]);
    let mut basket = basket(&lines);
    assert_eq!(total(&basket, &trade), 1000);
    basket.apply(Change::SetCustomer(Some(customer(&["trade"], false)))).unwrap();
    assert_eq!(total(&basket, &trade), 500);
}

#[test]
fn a_category_covers_what_lies_in_it_and_not_what_sounds_alike() {
    let of = Selector::Categories(vec!["Clothing".to_owned()]);
    let rules = rules(vec![book("b", vec![fixed(of, 1, 500)])]);
    let at = |category| total(&basket(&[(1, in_category(thing(1, 1000), category), 1000)]), &rules);
    assert_eq!(at("Clothing"), 500);
    assert_eq!(at("Clothing > Hoodies > Blue"), 500);
    assert_eq!(at("Clothing care"), 1000);
    assert_eq!(at("Sports > Clothing"), 1000);
}

#[test]
fn a_percentage_is_taken_off_the_list_price_of_a_unit() {
    let off = PriceRule {
        of: only(&[1]),
        min_quantity: Quantity::from_thousandths(1),
        price: RulePrice::PercentOff(percent("15")),
    };
    let rules = rules(vec![book("b", vec![off])]);
    // 19.99 less 15 % is 16.99 a kilogram; 0.642 kg of it 10.91.
    let lines = [(1, by_weight(thing(1, 1999)), 642)];
    let settled = priced(&basket(&lines), &rules).unwrap();
    assert_eq!((settled.lines[0].unit_price, settled.total), (eur(1699), eur(1091)));
}
