//! Gift cards and store credit: what is on them is owed by the shop, to the last cent, and once.

use countertop_app::commands::{
    AddGiftCardCommand, CurrentBasket, GetCredit, IssueCreditCommand, PayTakeBack, PayTender, Scan,
};
use countertop_app::wire::{
    AddGiftCard, BasketView, CreditOf, CreditRequest, CreditView, IssueCredit, Nothing, Paid,
    PayRequest, PayWith, ScanRequest, TakeBack,
};
use countertop_app::{AppError, perform};
use countertop_domain::ids::CreditIssueId;
use countertop_domain::posting::Account;
use countertop_domain::staff::Role;

use crate::common::goods::{BREAD, WINE};
use crate::common::{FLOAT, Shop, code, verify_ok};
use crate::customers::{as_role, buys, named, save};

/// Puts a gift card into the basket.
fn add_card(shop: &Shop, text: &str, amount: i64) -> Result<BasketView, AppError> {
    let (basket_id, code) = (shop.basket().id, text.to_owned());
    shop.call::<AddGiftCardCommand>(AddGiftCard { basket_id, code, amount })
        .map(|added| added.basket)
}

/// Sells a gift card for cash.
pub(crate) fn sell_card(shop: &Shop, text: &str, amount: i64) {
    add_card(shop, text, amount).unwrap();
    shop.pay(PayWith::Cash, amount).unwrap().sale.expect("paid in full");
}

fn on(shop: &Shop, kind: CreditOf, text: &str) -> Result<CreditView, AppError> {
    shop.call::<GetCredit>(CreditRequest { kind, code: text.to_owned() })
}

pub(crate) fn on_card(shop: &Shop, text: &str) -> i64 {
    on(shop, CreditOf::GiftCard, text).unwrap().balance
}

fn pay_with_card(shop: &Shop, text: &str, amount: i64) -> Result<Paid, AppError> {
    let request = shop.request(shop.basket().id, PayWith::GiftCard, amount);
    shop.call::<PayTender>(PayRequest { reference: Some(text.to_owned()), ..request })
}

fn issue(shop: &Shop, kind: CreditOf, text: &str, amount: i64) -> Result<CreditView, AppError> {
    let (code, reason) = (text.to_owned(), "Broken on arrival".to_owned());
    let id = CreditIssueId::new(shop.tender_id().uuid());
    shop.call::<IssueCreditCommand>(IssueCredit { id, kind, code, amount, reason })
}

#[test]
fn a_gift_card_that_is_sold_is_owed_and_neither_revenue_nor_taxed() {
    let shop = Shop::open();
    add_card(&shop, "CARD-1", 5_000).unwrap();
    let basket = shop.scan(BREAD);
    assert_eq!((basket.total, basket.lines[0].gift_card.as_deref()), (5_345, Some("CARD1")));
    let sale = shop.pay(PayWith::Cash, 5_345).unwrap().sale.expect("paid in full");
    assert_eq!(sale.taxes.iter().map(|tax| tax.base + tax.amount).sum::<i64>(), 345);
    assert_eq!(shop.balance(Account::GiftCards), -5_000);
    assert_eq!(-shop.balance(Account::Revenue) - shop.balance(Account::Tax), 345);
    let card = on(&shop, CreditOf::GiftCard, "card1").unwrap();
    assert_eq!((card.balance, card.moves.len()), (5_000, 1));
    assert_eq!((card.moves[0].amount, card.moves[0].receipt.as_deref()), (5_000, Some("T1-1")));
    verify_ok(shop.app());
}

#[test]
fn a_card_is_spent_in_parts_and_never_below_nothing() {
    let shop = Shop::open();
    sell_card(&shop, "CARD1", 1_500);
    shop.scan(WINE);
    pay_with_card(&shop, "card 1", 1_199).unwrap().sale.expect("paid in full");
    assert_eq!(on_card(&shop, "CARD1"), 301);
    let before = serde_json::to_string(&shop.scan(BREAD)).unwrap();
    assert_eq!(code(pay_with_card(&shop, "CARD1", 345)), "bad_credit");
    assert_eq!(serde_json::to_string(&shop.basket()).unwrap(), before);
    // The rest of it, and the rest in cash.
    pay_with_card(&shop, "CARD1", 301).unwrap().basket.expect("something is left");
    shop.pay(PayWith::Cash, 44).unwrap().sale.expect("paid in full");
    let moves: Vec<i64> = on(&shop, CreditOf::GiftCard, "CARD1")
        .unwrap()
        .moves
        .iter()
        .map(|one| one.amount)
        .collect();
    assert_eq!(moves, [-301, -1_199, 1_500]);
    assert_eq!(shop.balance(Account::GiftCards), 0);
    let store = shop.app().store();
    assert_eq!(store.rebuild().unwrap(), store.verify().unwrap().entries);
    assert_eq!(on_card(&shop, "CARD1"), 0);
    verify_ok(shop.app());
}

#[test]
fn a_card_that_is_shown_twice_for_one_basket_counts_twice() {
    let shop = Shop::open();
    sell_card(&shop, "CARD1", 1_000);
    shop.scan(WINE);
    pay_with_card(&shop, "CARD1", 600).unwrap();
    // Refused as a part, too: nobody is to find out when the rest is paid.
    for too_much in [599, 500] {
        assert_eq!(code(pay_with_card(&shop, "CARD1", too_much)), "bad_credit");
    }
    pay_with_card(&shop, "CARD1", 400).unwrap();
    shop.pay(PayWith::CardExternal, 199).unwrap().sale.expect("paid in full");
    assert_eq!(on_card(&shop, "CARD1"), 0);
}

#[test]
fn a_card_that_another_screen_spends_meanwhile_does_not_pay_twice() {
    let shop = Shop::open();
    sell_card(&shop, "CARD1", 1_000);
    // The tablet takes the card for a part of its basket, and does not complete it.
    let tablet = shop.at("tablet");
    let basket = perform::<CurrentBasket>(shop.app(), &tablet, Nothing {}).unwrap();
    let scan = ScanRequest { basket_id: basket.id, code: WINE.to_owned() };
    perform::<Scan>(shop.app(), &tablet, scan).unwrap();
    let part = PayRequest {
        reference: Some("CARD1".to_owned()),
        ..shop.request(basket.id, PayWith::GiftCard, 1_000)
    };
    perform::<PayTender>(shop.app(), &tablet, part.clone()).unwrap();
    // Meanwhile the till sells for the same card.
    shop.scan(BREAD);
    pay_with_card(&shop, "CARD1", 345).unwrap().sale.expect("paid in full");
    let rest = shop.request(basket.id, PayWith::Cash, 199);
    let refused = perform::<PayTender>(shop.app(), &tablet, rest.clone());
    assert_eq!(code(refused), "bad_credit");
    assert_eq!(shop.sales().len(), 2);
    // What the tablet's customer may do is pay another way.
    let back = TakeBack { basket_id: basket.id, tender_id: part.tender_id };
    perform::<PayTakeBack>(shop.app(), &tablet, back).unwrap();
    let cash = PayRequest { offered: 1_199, ..rest };
    perform::<PayTender>(shop.app(), &tablet, cash).unwrap().sale.expect("paid in full");
    assert_eq!(on_card(&shop, "CARD1"), 655);
    verify_ok(shop.app());
}

#[test]
fn a_card_without_a_code_gets_one_that_is_read_back_as_people_type_it() {
    let shop = Shop::open();
    let made = add_card(&shop, " ", 2_000).unwrap().lines[0].gift_card.clone().unwrap();
    assert_eq!(made.len(), 16);
    shop.pay(PayWith::Cash, 2_000).unwrap().sale.expect("paid in full");
    let typed = made.to_lowercase();
    let (left, right) = typed.split_at(8);
    assert_eq!(on_card(&shop, &format!(" {left}-{right} ")), 2_000);
    // One character read wrong is told from a card that is not there.
    let wrong = made.replacen(&made[3..4], if &made[3..4] == "X" { "Y" } else { "X" }, 1);
    let refused = on(&shop, CreditOf::GiftCard, &wrong).unwrap_err();
    assert_eq!(refused.code(), "unknown_credit");
    assert!(refused.to_string().contains("one of its characters is wrong"), "{refused}");
    let refused = on(&shop, CreditOf::GiftCard, "4711").unwrap_err();
    assert!(!refused.to_string().contains("one of its characters"), "{refused}");
}

#[test]
fn a_card_that_nobody_sold_pays_nothing() {
    let shop = Shop::open();
    shop.scan(BREAD);
    assert_eq!(code(pay_with_card(&shop, "NOWHERE", 345)), "unknown_credit");
    assert_eq!(shop.basket().due, 345);
}

#[test]
fn a_gift_card_of_nothing_or_with_a_code_that_is_none_is_refused() {
    let shop = Shop::open();
    assert_eq!(code(add_card(&shop, "A", 0)), "bad_gift_card");
    assert_eq!(code(add_card(&shop, "A", -100)), "bad_gift_card");
    assert_eq!(code(add_card(&shop, &"A".repeat(65), 100)), "bad_text");
    assert_eq!(code(add_card(&shop, "A\u{7}B", 100)), "bad_text");
    add_card(&shop, "A", 100).unwrap();
    assert_eq!(code(add_card(&shop, " a ", 100)), "bad_gift_card");
    assert_eq!(shop.basket().total, 100);
}

#[test]
fn a_card_is_loaded_again_with_what_it_is_sold_for() {
    let shop = Shop::open();
    sell_card(&shop, "CARD1", 1_000);
    sell_card(&shop, "CARD1", 500);
    assert_eq!(on_card(&shop, "CARD1"), 1_500);
}

#[test]
fn credit_that_nobody_paid_for_is_given_by_right_and_with_a_reason() {
    let shop = Shop::open();
    let given = issue(&shop, CreditOf::StoreCredit, "", 750).unwrap();
    assert_eq!((given.balance, given.code.len()), (750, 16));
    assert_eq!(given.moves[0].reason, "Broken on arrival");
    assert_eq!(shop.balance(Account::StoreCredit), -750);
    let request = IssueCredit {
        id: CreditIssueId::new(shop.tender_id().uuid()),
        kind: CreditOf::GiftCard,
        code: String::new(),
        amount: 100,
        reason: "Because".to_owned(),
    };
    let cashier = as_role(&shop, Role::Cashier);
    let refused = perform::<IssueCreditCommand>(shop.app(), &cashier, request.clone());
    assert_eq!(code(refused), "not_allowed");
    let silent = IssueCredit { reason: " ".to_owned(), ..request.clone() };
    assert_eq!(code(shop.call::<IssueCreditCommand>(silent)), "bad_text");
    for amount in [0, -1] {
        let nothing = IssueCredit { amount, ..request.clone() };
        assert_eq!(code(shop.call::<IssueCreditCommand>(nothing)), "bad_credit");
    }
    verify_ok(shop.app());
}

#[test]
fn a_customers_own_credit_needs_no_code() {
    let shop = Shop::open();
    let anna = save(&shop, named("Anna"));
    assert_eq!(on(&shop, CreditOf::StoreCredit, &anna.id.to_string()).unwrap().balance, 0);
    issue(&shop, CreditOf::StoreCredit, &anna.id.to_string(), 500).unwrap();
    buys(&shop, anna.id);
    shop.scan(BREAD);
    shop.pay(PayWith::StoreCredit, 345).unwrap().sale.expect("paid in full");
    assert_eq!(on(&shop, CreditOf::StoreCredit, &anna.id.to_string()).unwrap().balance, 155);
    assert_eq!(shop.balance(Account::Drawer), FLOAT);
    verify_ok(shop.app());
}

#[test]
fn credit_that_is_asked_for_twice_is_given_once() {
    let shop = Shop::open();
    let request = IssueCredit {
        id: CreditIssueId::new(shop.tender_id().uuid()),
        kind: CreditOf::StoreCredit,
        code: String::new(),
        amount: 750,
        reason: "Broken on arrival".to_owned(),
    };
    let first = shop.call::<IssueCreditCommand>(request.clone()).unwrap();
    let shop = shop.reopen();
    // The answer was lost: the same code again, and no second credit.
    let again = shop.call::<IssueCreditCommand>(request.clone()).unwrap();
    assert_eq!((again.code, again.balance), (first.code, 750));
    assert_eq!(shop.balance(Account::StoreCredit), -750);
    // An id never stands for another gift.
    for other in [
        IssueCredit { amount: 751, ..request.clone() },
        IssueCredit { kind: CreditOf::GiftCard, ..request.clone() },
        IssueCredit { code: "ELSE1".to_owned(), ..request.clone() },
    ] {
        assert_eq!(code(shop.call::<IssueCreditCommand>(other)), "bad_request");
    }
    let store = shop.app().store();
    assert_eq!(store.rebuild().unwrap(), store.verify().unwrap().entries);
    assert_eq!(shop.call::<IssueCreditCommand>(request).unwrap().balance, 750);
    verify_ok(shop.app());
}
