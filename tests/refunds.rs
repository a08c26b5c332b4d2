//! Goods back, money out, and payments that come in later.

use countertop_app::commands::{
    AddReturnCommand, CurrentBasket, GetOrder, PayConfirm, PaySetTip, PayTender, SetBasketDiscount,
    SetShop, ShiftX,
};
use countertop_app::perform;
use countertop_app::wire::{
    AddReturn, ConfirmTender, MoneySettings, Nothing, PayRequest, PayWith, SaleRequest, SaleView,
    SetDiscount, SetTip,
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
    // The sale says of each payment what went back of it.
    let sold = shop.call::<GetOrder>(SaleRequest { sale_id: sale.id }).unwrap();
    assert_eq!((sold.tenders[0].amount, sold.tenders[0].refunded), (931, 931));
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

#[test]
fn a_payment_says_how_much_of_it_went_back() {
    let shop = Shop::open();
    shop.scan(BREAD);
    let basket_id = shop.scan(BREAD).id;
    shop.pay(PayWith::CardExternal, 200).unwrap();
    let sale = shop.pay(PayWith::Cash, 490).unwrap().sale.unwrap();
    assert_eq!(sale.tenders.iter().map(|tender| tender.refunded).sum::<i64>(), 0);
    assert_ne!(basket_id, shop.basket().id);
    shop.call::<AddReturnCommand>(back(shop.basket().id, &sale, 1_000)).unwrap();
    let out = |index: usize, kind, amount| {
        let refunds = Some(sale.tenders[index].id);
        let id = shop.basket().id;
        let request = PayRequest { refunds, ..shop.request(id, kind, amount) };
        shop.call::<PayTender>(request).unwrap()
    };
    out(0, PayWith::CardExternal, 200);
    out(1, PayWith::Cash, 145).sale.expect("paid out in full");
    let sold = shop.call::<GetOrder>(SaleRequest { sale_id: sale.id }).unwrap();
    let refunded: Vec<i64> = sold.tenders.iter().map(|tender| tender.refunded).collect();
    assert_eq!(refunded, [200, 145]);
    shop.books_agree();
}

#[test]
fn a_ticket_with_two_taxes_of_one_code_is_kept_and_comes_back_line_by_line() {
    let shop = Shop::open();
    let old = shop.sell(&[WINE], PayWith::Cash);
    // The same rate under a name that only looks another: the same code, yet another tax.
    let mut renamed = goods::settings();
    renamed
        .taxes
        .iter_mut()
        .for_each(|tax| tax.name = tax.name.to_uppercase().replace("VAT", "Vat"));
    shop.call::<SetShop>(renamed).unwrap();
    shop.call::<AddReturnCommand>(back(shop.basket().id, &old, 1_000)).unwrap();
    shop.scan(WINE);
    let exchange = shop.scan(WINE);
    assert_eq!(exchange.due, 1_199);
    let exchange = shop.pay(PayWith::Cash, 1_199).unwrap().sale.unwrap();
    let names: Vec<&str> = exchange.taxes.iter().map(|tax| tax.name.as_str()).collect();
    assert_eq!(names, ["Vat", "VAT"]);
    shop.call::<AddReturnCommand>(back(shop.basket().id, &exchange, 2_000)).unwrap();
    let basket = shop.basket();
    assert_eq!((basket.due, basket.taxes[0].name.as_str()), (-2_398, "Vat"));
    let refund = shop.request(basket.id, PayWith::Cash, 1_199);
    let refund = PayRequest { refunds: Some(exchange.tenders[0].id), ..refund };
    let rest = shop.call::<PayTender>(refund).unwrap().basket.expect("more is owed");
    assert_eq!(rest.due, -1_199);
    let store = shop.app().store();
    assert_eq!(store.rebuild().unwrap(), store.verify().unwrap().entries);
}
