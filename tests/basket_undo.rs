//! Undo: after any sequence of changes, each one taken back restores exactly the basket before it.

use countertop_app::commands::{
    Clear, RemoveLine, SetLineNote, SetLinePrice, SetLineQuantity, Undo,
};
use countertop_app::wire::{
    BasketRequest, BasketView, LineRequest, SetNote, SetPrice, SetQuantity,
};
use countertop_domain::basket::{Basket, Change, Line, PriceOverride};
use countertop_domain::ids::{BasketId, ItemId, LineId, VariantId};
use countertop_domain::item::Sellable;
use countertop_domain::money::{Currency, Money};
use countertop_domain::quantity::{Quantity, Unit};
use countertop_domain::tax::TaxClass;
use proptest::prelude::*;
use uuid::Uuid;

use crate::common::goods::{BREAD, CHEESE, WATER, WINE};
use crate::common::{Dice, Shop, code};

/// What a cashier may do next; numbers choose a line or a thing, wrapping around.
#[derive(Clone, Debug)]
enum Step {
    Add { thing: u8, thousandths: i64, price: Option<i64> },
    Quantity { line: u8, thousandths: i64 },
    Price { line: u8, price: Option<i64> },
    Note { line: u8, note: String },
    Remove { line: u8 },
    Clear,
    Undo,
}

fn step() -> impl Strategy<Value = Step> {
    let thousandths = prop_oneof![
        4 => (1_i64..9).prop_map(|pieces| pieces * 1_000),
        1 => any::<i64>(),
        1 => -5_000_i64..5_000,
    ];
    let price = prop::option::of(prop_oneof![4 => 0_i64..10_000, 1 => -100_i64..0]);
    prop_oneof![
        6 => (any::<u8>(), thousandths.clone(), price.clone())
            .prop_map(|(thing, thousandths, price)| Step::Add { thing, thousandths, price }),
        3 => (any::<u8>(), thousandths)
            .prop_map(|(line, thousandths)| Step::Quantity { line, thousandths }),
        3 => (any::<u8>(), price).prop_map(|(line, price)| Step::Price { line, price }),
        2 => (any::<u8>(), "[a-z ]{0,6}").prop_map(|(line, note)| Step::Note { line, note }),
        2 => any::<u8>().prop_map(|line| Step::Remove { line }),
        1 => Just(Step::Clear),
        5 => Just(Step::Undo),
    ]
}

fn id(kind: u128, number: u128) -> Uuid {
    Uuid::from_u128(kind << 64 | number)
}

fn thing(number: u8) -> Sellable {
    let number = number % 4;
    Sellable {
        item: ItemId::new(id(1, number.into())),
        variant: VariantId::new(id(2, number.into())),
        name: format!("Thing {number}"),
        sku: None,
        category: None,
        unit: if number == 3 { Unit::Kilogram } else { Unit::Piece },
        // The second has an open price.
        price: (number != 1).then(|| Money::new(100, Currency::EUR).unwrap()),
        tax_class: TaxClass::standard(),
        tracks_stock: true,
        unit_cost: None,
    }
}

fn change(step: &Step, basket: &Basket, number: u128) -> Option<Change> {
    let line = |index: &u8| {
        let lines = basket.lines();
        lines.get(usize::from(*index) % lines.len().max(1)).map(|line| line.id)
    };
    let money = |minor: i64| Money::new(minor, Currency::EUR).unwrap();
    Some(match step {
        Step::Add { thing: which, thousandths, price } => Change::Add {
            line: LineId::new(id(3, number)),
            sellable: thing(*which),
            quantity: Quantity::from_thousandths(*thousandths),
            price: price.map(money),
        },
        Step::Quantity { line: which, thousandths } => {
            Change::SetQuantity(line(which)?, Quantity::from_thousandths(*thousandths))
        }
        Step::Price { line: which, price } => Change::SetPrice(
            line(which)?,
            price.map(|minor| PriceOverride { price: money(minor), reason: String::new() }),
        ),
        Step::Note { line: which, note } => Change::SetNote(line(which)?, Some(note.clone())),
        Step::Remove { line: which } => Change::Remove(line(which)?),
        Step::Clear => Change::Clear,
        Step::Undo => return None,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..Default::default() })]

    #[test]
    fn undo_restores_exactly_the_basket_before_whatever_was_done(
        steps in prop::collection::vec(step(), 1..80),
    ) {
        let mut basket = Basket::new(BasketId::new(id(4, 0)));
        // What the basket looked like before each change that can still be taken back.
        let mut before: Vec<Vec<Line>> = Vec::new();
        for (number, step) in steps.iter().enumerate() {
            let lines = basket.lines().to_vec();
            match change(step, &basket, number as u128) {
                Some(change) => match basket.apply(change) {
                    Ok(_) => {
                        before.push(lines);
                        if before.len() > Basket::MAX_STEPS {
                            before.remove(0);
                        }
                    }
                    Err(_) => prop_assert_eq!(basket.lines(), lines, "refused, but changed"),
                },
                None => match (basket.undo(), before.pop()) {
                    (Ok(()), Some(former)) => prop_assert_eq!(basket.lines(), former),
                    (Err(_), None) => {}
                    (undone, former) => {
                        prop_assert!(false, "{undone:?} where {} was expected", former.is_some());
                    }
                },
            }
            for line in basket.lines() {
                prop_assert!(line.quantity.for_line(line.sellable.unit).is_ok());
                prop_assert!(line.unit_price().is_some_and(|price| !price.is_negative()));
            }
            // What is saved reads back as the same basket, its steps too.
            let saved = serde_json::to_string(&basket).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Basket>(&saved).unwrap(), &basket);
        }
        while let Some(former) = before.pop() {
            prop_assert!(basket.undo().is_ok());
            prop_assert_eq!(basket.lines(), former);
        }
        prop_assert!(basket.undo().is_err());
    }
}

/// A change by the till's own commands, chosen by chance.
fn change_something(shop: &Shop, dice: &mut Dice) {
    let basket = shop.basket();
    let codes = [BREAD, WINE, WATER, CHEESE];
    let chosen = basket.lines.get(dice.below(basket.lines.len().max(1) as u64) as usize);
    let (basket_id, amount) = (basket.id, dice.below(5) as i64 + 1);
    match (dice.below(7), chosen.map(|line| line.id)) {
        (0, Some(line_id)) => {
            let request = SetQuantity { basket_id, line_id, quantity: amount * 1_000 };
            shop.call::<SetLineQuantity>(request).unwrap();
        }
        (1, Some(line_id)) => {
            let reason = "because".to_owned();
            let request = SetPrice { basket_id, line_id, price: Some(amount * 50), reason };
            shop.call::<SetLinePrice>(request).unwrap();
        }
        (2, Some(line_id)) => {
            let request = SetNote { basket_id, line_id, note: format!("note {amount}") };
            shop.call::<SetLineNote>(request).unwrap();
        }
        (3, Some(line_id)) => {
            shop.call::<RemoveLine>(LineRequest { basket_id, line_id }).unwrap();
        }
        (4, Some(_)) if amount == 1 => {
            shop.call::<Clear>(BasketRequest { basket_id }).unwrap();
        }
        _ => {
            shop.scan(codes[dice.below(4) as usize]);
        }
    }
}

/// All but what Undo itself would say.
fn shown(basket: &BasketView) -> String {
    let shown = BasketView { undo: None, ..basket.clone() };
    serde_json::to_string(&shown).unwrap()
}

#[test]
fn undo_at_the_till_restores_lines_totals_and_taxes_even_after_a_restart() {
    let mut shop = Shop::open();
    for seed in 0..6 {
        let mut dice = Dice(seed);
        let mut before = Vec::new();
        for _ in 0..Basket::MAX_STEPS {
            before.push(shown(&shop.basket()));
            change_something(&shop, &mut dice);
        }
        // A basket that is empty is not kept; the steps of any other one are.
        if !shop.basket().lines.is_empty() {
            shop = shop.reopen();
        }
        let basket_id = shop.basket().id;
        for former in before.iter().rev() {
            let undone = shop.call::<Undo>(BasketRequest { basket_id }).unwrap();
            assert_eq!(&shown(&undone), former);
        }
        assert_eq!(code(shop.call::<Undo>(BasketRequest { basket_id })), "nothing_to_undo");
    }
}
