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

/// Which price of a book decides, and the percentage that the line names.
#[test]
fn of_a_book_s_prices_the_lowest_decides_then_the_one_that_was_written_first() {
    let off = |from, percent_off| PriceRule {
        of: Selector::All,
        min_quantity: Quantity::pieces(from),
        price: RulePrice::PercentOff(percent(percent_off)),
    };
    let chosen = |prices: &[PriceRule], list: i64, quantity: i64| {
        let rules = rules(vec![book("b", prices.to_vec())]);
        let settled = priced(&basket(&[(1, thing(1, list), quantity * 1000)]), &rules).unwrap();
        let line = &settled.lines[0];
        (line.unit_price.minor(), line.adjustments.first().and_then(|a| a.percent))
    };
    let ten = Some(percent("10"));
    let fifteen = Some(percent("15"));
    // A larger quantity is never dearer, and a lower price counts wherever it was written.
    let breaks = [off(1, "10"), off(5, "10"), off(5, "5"), off(3, "15"), off(1, "2")];
    assert_eq!(chosen(&breaks, 1000, 1), (900, ten));
    assert_eq!(chosen(&breaks, 1000, 5), (850, fifteen));
    // A better price for more of it says nothing about one.
    assert_eq!(chosen(&[off(5, "15"), off(1, "10")], 1000, 1), (900, ten));
    // 12 % and 15 % of 0.09 are a cent both: the one that was written first is named.
    let alike = [off(1, "12"), off(1, "15"), off(1, "12")];
    assert_eq!(chosen(&alike, 9, 1), (8, Some(percent("12"))));
    assert_eq!(chosen(&alike, 1000, 1), (850, fifteen));
    // An amount and a percentage have no order until there is a price.
    let mixed = [off(1, "10"), fixed(Selector::All, 1, 500), fixed(Selector::All, 1, 700)];
    assert_eq!(chosen(&mixed, 1000, 1), (500, None));
    assert_eq!(chosen(&mixed, 400, 1), (360, ten));
}
