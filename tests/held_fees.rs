//! What a shop keeps of a cancelled order is taxed as a price, and what held orders name of the
//! settings stays there.

use countertop_app::commands::{GetShop, SetBasketPosition, SetShop, ShiftX};
use countertop_app::wire::{
    HeldCancelled, HeldKind, HeldState, MoneySettings, Nothing, PayWith, PositionSetting,
    SaveCustomer, SetPosition, ShopSettings,
};
use countertop_domain::posting::Account;
use countertop_domain::staff::{Right, Role};

use crate::common::goods::{self, WINE};
use crate::common::{FLOAT, Shop, code, verify_ok};
use crate::customers::{buys, named, save, take_everything};
use crate::held::{cancel, deposit, hold, one, try_hold};

/// What a shop keeps of 8.00 that was paid, at a price of 2.50 and taxed as one of its classes.
fn keep_taxed_as(class: &str) -> (Shop, HeldCancelled) {
    let shop = Shop::open();
    let settings = ShopSettings { fee_class: Some(class.to_owned()), ..goods::settings() };
    shop.call::<SetShop>(settings).unwrap();
    let order = hold(&shop, &[WINE], HeldKind::Layaway);
    deposit(&shop, &order, PayWith::CardExternal, 800).unwrap();
    let cancelled = cancel(&shop, &order, 250).unwrap();
    (shop, cancelled)
}

#[test]
fn a_fee_is_taxed_inside_or_on_top_as_its_tax_says() {
    // 19 % inside 2.50: 0.40. State 8.25 % and city 1.5 % on top of it: 0.21 and 0.04.
    for (class, kept, taxes) in [("standard", 250, vec![40]), ("abroad", 275, vec![21, 4])] {
        let (shop, cancelled) = keep_taxed_as(class);
        let tax: i64 = taxes.iter().sum();
        assert_eq!((cancelled.kept, cancelled.refunds[0].amount), (kept, kept - 800), "{class}");
        assert_eq!(shop.balance(Account::Fees), tax - kept);
        assert_eq!((shop.balance(Account::Tax), shop.balance(Account::Deposits)), (-tax, 0));
        let x = shop.call::<ShiftX>(Nothing {}).unwrap();
        assert_eq!((x.takings, x.net, x.tax), (kept, kept - tax, tax));
        let mut by_tax: Vec<i64> = x.taxes.iter().map(|row| row.amount).collect();
        by_tax.sort_unstable_by_key(|amount| -amount);
        assert_eq!(by_tax, taxes);
        let z = shop.close_shift(FLOAT);
        assert_eq!((z.takings, z.grand_total), (kept, kept));
        let store = shop.app().store();
        assert_eq!(store.rebuild().unwrap(), store.verify().unwrap().entries);
        verify_ok(shop.app());
    }
}

#[test]
fn a_fee_that_is_more_than_the_deposit_with_its_tax_is_refused() {
    let shop = Shop::open();
    let settings = ShopSettings { fee_class: Some("abroad".to_owned()), ..goods::settings() };
    shop.call::<SetShop>(settings).unwrap();
    let order = hold(&shop, &[WINE], HeldKind::Layaway);
    deposit(&shop, &order, PayWith::CardExternal, 800).unwrap();
    // 8.00 would be kept, and 0.78 of tax on top of it.
    assert_eq!(code(cancel(&shop, &order, 800)), "bad_order");
    assert_eq!(one(&shop, &order).state, HeldState::Open);
    // A class without a tax is no choice.
    let nonsense = ShopSettings { fee_class: Some("gold".to_owned()), ..goods::settings() };
    assert_eq!(code(shop.call::<SetShop>(nonsense)), "bad_text");
}

#[test]
fn who_pays_no_tax_pays_none_on_a_fee() {
    let shop = Shop::open();
    let settings = ShopSettings { fee_class: Some("standard".to_owned()), ..goods::settings() };
    shop.call::<SetShop>(settings).unwrap();
    let embassy = save(&shop, SaveCustomer { tax_exempt: true, ..named("Embassy") });
    buys(&shop, embassy.id);
    let order = hold(&shop, &[WINE], HeldKind::Layaway);
    deposit(&shop, &order, PayWith::CardExternal, 800).unwrap();
    // 2.50 without the 19 % inside, as for goods.
    assert_eq!(cancel(&shop, &order, 250).unwrap().kept, 210);
    assert_eq!(shop.balance(Account::Tax), 0);
    verify_ok(shop.app());
}

#[test]
fn keeping_a_part_of_a_deposit_is_a_right_of_its_own() {
    for role in [Role::Owner, Role::Manager, Role::Cashier] {
        assert_eq!(role.may(Right::KeepDeposit), role != Role::Cashier);
    }
}

#[test]
fn what_a_held_order_names_cannot_be_taken_out_of_the_settings() {
    let shop = Shop::open();
    take_everything(&shop);
    let full = shop.call::<GetShop>(Nothing {}).unwrap();
    let take_away = PositionSetting {
        id: "away".to_owned(),
        name: "Take away".to_owned(),
        swaps: Vec::new(),
        others: Some("food".to_owned()),
        keeps: "label".to_owned(),
    };
    let full = ShopSettings { positions: vec![take_away], ..full };
    let set = |settings: &ShopSettings| shop.call::<SetShop>(settings.clone());
    set(&full).unwrap();
    let position = Some("away".to_owned());
    let basket_id = shop.scan(WINE).id;
    shop.call::<SetBasketPosition>(SetPosition { basket_id, position }).unwrap();

    let without_position = ShopSettings { positions: Vec::new(), ..full.clone() };
    let untaxed = |class: &str| {
        let taxes = full.taxes.iter().filter(|tax| tax.class != class).cloned();
        ShopSettings { taxes: taxes.collect(), ..full.clone() }
    };
    let money = full.money.clone().unwrap();
    let without_cards = MoneySettings { tenders: vec![PayWith::Cash], ..money };
    let without_cards = ShopSettings { money: Some(without_cards), ..full.clone() };
    let refused = |settings: &ShopSettings, what: &str, by: &str| {
        let refusal = set(settings).unwrap_err();
        assert_eq!((refusal.code(), &*refusal.about()), ("in_use", what));
        assert!(refusal.to_string().contains(by), "{refusal}");
        assert_eq!(shop.call::<GetShop>(Nothing {}).unwrap(), full, "a refusal changed something");
    };
    // Open at a screen; then held, with a deposit by card.
    refused(&without_position, "Take away", "a basket that is open");
    refused(&untaxed("food"), "food", "a basket that is open");
    let order = try_hold(&shop, HeldKind::Layaway, None).unwrap();
    deposit(&shop, &order, PayWith::CardExternal, 300).unwrap();
    refused(&without_position, "Take away", "order T1-H1");
    refused(&untaxed("standard"), "standard", "order T1-H1");
    refused(&untaxed("food"), "food", "order T1-H1");
    refused(&without_cards, "a card", "order T1-H1");
    // What nobody names can go, and everything once the order has ended.
    set(&untaxed("abroad")).unwrap();
    cancel(&shop, &order, 0).unwrap();
    set(&without_position).unwrap();
    set(&ShopSettings { taxes: Vec::new(), ..without_cards }).unwrap();
}
