//! Goods back, money out, and payments that come in later.

use countertop_app::commands::{
    AddReturnCommand, CurrentBasket, PayConfirm, PaySetTip, PayTender, SetBasketDiscount, SetShop,
    ShiftX,
};
use countertop_app::perform;
use countertop_app::wire::{
    AddReturn, ConfirmTender, MoneySettings, Nothing, PayRequest, PayWith, SaleView, SetDiscount,
    SetTip,
};
use countertop_domain::ids::BasketId;

use crate::common::goods::{self, BREAD, WINE};
use crate::common::{Shop, code};

fn back(basket_id: BasketId, sale: &SaleView, quantity: i64) -> AddReturn {
    AddReturn {
        basket_id,
        sale_id: sale.id,
        line_id: sale.lines[0].id,
        quantity,
        reason: "Stale".to_owned(),
    }
}

/// Pays out to the first payment of a sale.
fn pay_out(shop: &Shop, sale: &SaleView, kind: PayWith, amount: i64) -> PayRequest {
    PayRequest { refunds: Some(sale.tenders[0].id), ..shop.request(shop.basket().id, kind, amount) }
}

#[test]
fn what_was_paid_comes_back_to_the_card_in_parts_and_never_more() {
    let shop = Shop::open();
    for _ in 0..3 {
        shop.scan(BREAD);
    }
    let basket_id = shop.basket().id;
    let off = SetDiscount {
        basket_id,
        line_id: None,
        percent: Some("10".to_owned()),
        amount: None,
        reason: "Friends".to_owned(),
    };
    // 3 x 3.45 less 10 %: 10.35 - 1.04 (1.035 rounded) = 9.31.
    assert_eq!(shop.call::<SetBasketDiscount>(off).unwrap().total, 931);
    let sale = shop.pay(PayWith::CardExternal, 931).unwrap().sale.unwrap();
    let mut given = 0;
    for part in [310, 311, 310] {
        let id = shop.basket().id;
        let basket = shop.call::<AddReturnCommand>(back(id, &sale, 1_000)).unwrap();
        assert_eq!(basket.due, -part);
        let refund = pay_out(&shop, &sale, PayWith::CardExternal, part);
        given -= shop.call::<PayTender>(refund).unwrap().sale.unwrap().total;
    }
    assert_eq!(given, 931);
    let id = shop.basket().id;
    assert_eq!(code(shop.call::<AddReturnCommand>(back(id, &sale, 1_000))), "bad_return");
    shop.books_agree();
}

#[test]
fn goods_that_another_screen_took_back_meanwhile_are_not_paid_for_twice() {
    let shop = Shop::open();
    let sale = shop.sell(&[WINE], PayWith::Cash);
    let here = shop.basket().id;
    shop.call::<AddReturnCommand>(back(here, &sale, 1_000)).unwrap();
    let other = shop.at("tablet");
    let there = perform::<CurrentBasket>(shop.app(), &other, Nothing {}).unwrap().id;
    perform::<AddReturnCommand>(shop.app(), &other, back(there, &sale, 1_000)).unwrap();
    let first = pay_out(&shop, &sale, PayWith::Cash, 1_199);
    shop.call::<PayTender>(first).unwrap().sale.unwrap();
    let second = PayRequest {
        refunds: Some(sale.tenders[0].id),
        ..shop.request(there, PayWith::Cash, 1_199)
    };
    let refused = perform::<PayTender>(shop.app(), &other, second);
    assert!(refused.is_err(), "paid twice");
    assert_eq!(shop.sales().len(), 2);
    shop.books_agree();
}

#[test]
fn an_exchange_is_one_ticket_with_one_difference() {
    let shop = Shop::open();
    let sale = shop.sell(&[BREAD], PayWith::Cash);
    let id = shop.basket().id;
    shop.call::<AddReturnCommand>(back(id, &sale, 1_000)).unwrap();
    assert_eq!(shop.scan(WINE).due, 1_199 - 345);
    let exchange = shop.pay(PayWith::Cash, 1_000).unwrap().sale.unwrap();
    assert_eq!((exchange.total, exchange.change, exchange.lines.len()), (854, 146, 2));
    shop.books_agree();
}

#[test]
fn a_transfer_is_a_sale_only_when_it_has_come_in_and_only_once() {
    let shop = Shop::open();
    let money = MoneySettings {
        cash_step: Some(5),
        tenders: vec![PayWith::Cash, PayWith::BankTransfer],
        custom: Vec::new(),
        foreign: Vec::new(),
        tip_percents: vec!["10".to_owned()],
        cashier_discount_limit: None,
        bank: None,
        wallet: None,
    };
    let settings = countertop_app::wire::ShopSettings { money: Some(money), ..goods::settings() };
    shop.call::<SetShop>(settings).unwrap();
    let basket_id = shop.scan(WINE).id;
    let tip = SetTip { basket_id, percent: Some("10".to_owned()), amount: None };
    assert_eq!(shop.call::<PaySetTip>(tip).unwrap().due, 1_199 + 120);
    let transfer = shop.request(basket_id, PayWith::BankTransfer, 1_000);
    let basket = shop.call::<PayTender>(transfer.clone()).unwrap().basket.unwrap();
    // 3.19 is asked as 3.20 in coins.
    assert_eq!((basket.due, basket.cash_due), (319, 320));
    let basket = shop.pay(PayWith::Cash, 320).unwrap().basket.expect("the transfer is not there");
    assert!(basket.tenders.iter().any(|tender| tender.pending));
    assert_eq!(shop.sales().len(), 0);
    let come = ConfirmTender { basket_id, tender_id: transfer.tender_id, print: false };
    let sale = shop.call::<PayConfirm>(come.clone()).unwrap().sale.unwrap();
    let again = shop.call::<PayConfirm>(come).unwrap().sale.unwrap();
    assert_eq!((sale.id, sale.tip, sale.cash_rounding), (again.id, 120, 1));
    assert_eq!(shop.sales().len(), 1);
    shop.books_agree();
    let x = shop.call::<ShiftX>(Nothing {}).unwrap();
    assert_eq!((x.takings, x.tip, x.cash_rounding), (1_199, 120, 1));
}
