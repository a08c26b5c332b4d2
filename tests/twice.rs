//! The same payment sent twice, or by two screens at once, is one sale.

use std::sync::Barrier;

use countertop_app::commands::{PayTender, Scan, ShiftCloseCommand};
use countertop_app::perform;
use countertop_app::wire::{CloseShift, PayRequest, PayWith, ScanRequest};
use countertop_domain::ids::BasketId;
use uuid::Uuid;

use crate::common::goods::{BREAD, WINE};
use crate::common::{Shop, code};

#[test]
fn a_request_that_is_sent_again_is_one_sale() {
    let shop = Shop::open();
    let basket = shop.scan(WINE);
    let request = shop.request(basket.id, PayWith::Cash, 2_000);
    let first = shop.call::<PayTender>(request.clone()).unwrap().sale.expect("paid in full");
    for _ in 0..5 {
        let again = shop.call::<PayTender>(request.clone()).unwrap().sale.expect("it is paid");
        assert_eq!((again.id, again.receipt, again.change), (first.id, "T1-1".to_owned(), 801));
    }
    let shop = shop.reopen();
    let again = shop.call::<PayTender>(request).unwrap().sale.expect("it is paid");
    assert_eq!((again.id, again.total), (first.id, 1_199));
    assert_eq!(shop.sales().len(), 1);
    shop.books_agree();
}

#[test]
fn a_part_payment_that_is_sent_again_counts_once() {
    let shop = Shop::open();
    let basket = shop.scan(WINE);
    let part = shop.request(basket.id, PayWith::CardExternal, 500);
    for _ in 0..3 {
        let paid = shop.call::<PayTender>(part.clone()).unwrap();
        assert_eq!(paid.basket.expect("something is left").due, 699);
    }
    let shop = shop.reopen();
    assert_eq!(shop.call::<PayTender>(part).unwrap().basket.expect("something is left").due, 699);
    shop.pay(PayWith::Cash, 699).unwrap().sale.expect("paid in full");
    shop.books_agree();
}

#[test]
fn two_screens_that_pay_the_same_basket_make_one_sale() {
    let shop = Shop::open();
    for round in 1..=40 {
        let basket = shop.scan(BREAD);
        let barrier = Barrier::new(2);
        // In turns the same payment twice, and two payments of one screen each.
        let one = shop.request(basket.id, PayWith::Cash, 345);
        let other =
            if round % 2 == 0 { one.clone() } else { shop.request(basket.id, PayWith::Cash, 345) };
        let (one, other) = std::thread::scope(|scope| {
            let pay = |client: &str, request| {
                let (caller, barrier) = (shop.at(client), &barrier);
                let app = shop.app();
                scope.spawn(move || {
                    barrier.wait();
                    perform::<PayTender>(app, &caller, request)
                })
            };
            let (one, other) = (pay("till", one), pay("tablet", other));
            (one.join().unwrap(), other.join().unwrap())
        });
        if round % 2 == 0 {
            assert_eq!(one.unwrap().sale.unwrap().id, other.unwrap().sale.unwrap().id);
        } else {
            // Whoever comes second must not keep the customer's money.
            let refused = one.err().xor(other.err()).expect("one of the two is refused");
            assert_eq!(refused.code(), "nothing_due");
        }
        assert_eq!(shop.sales().len(), round);
    }
    shop.books_agree();
}

#[test]
fn a_scan_that_comes_while_a_basket_is_paid_is_sold_or_refused_but_never_lost_silently() {
    let shop = Shop::open();
    let mut sold = 0;
    for _ in 0..40 {
        let basket = shop.scan(BREAD);
        let request = shop.request(basket.id, PayWith::Cash, 100_000);
        let barrier = Barrier::new(2);
        let (paid, scanned) = std::thread::scope(|scope| {
            let (app, caller, barrier) = (shop.app(), shop.at("tablet"), &barrier);
            let scan = ScanRequest { basket_id: basket.id, code: WINE.to_owned() };
            let scanned = scope.spawn(move || {
                barrier.wait();
                perform::<Scan>(app, &caller, scan)
            });
            barrier.wait();
            let paid = shop.call::<PayTender>(request);
            (paid, scanned.join().unwrap())
        });
        let sale = paid.unwrap().sale.expect("paid in full");
        match scanned {
            Ok(_) => {
                sold += 1;
                assert_eq!(sale.total, 345 + 1_199);
            }
            Err(error) => {
                assert_eq!(error.code(), "no_such_basket");
                assert_eq!(sale.total, 345);
            }
        }
    }
    let wines = shop.sales().iter().filter(|sale| sale.lines.len() == 2).count();
    assert_eq!(wines, sold);
    shop.books_agree();
}

#[test]
fn a_basket_that_never_was_cannot_be_paid() {
    let shop = Shop::open();
    let request = shop.request(BasketId::new(Uuid::nil()), PayWith::Cash, 100);
    assert_eq!(code(shop.call::<PayTender>(request)), "no_such_basket");
}

#[test]
fn a_tender_id_of_another_sale_is_refused_before_any_money_is_taken() {
    let shop = Shop::open();
    let first = shop.request(shop.scan(BREAD).id, PayWith::Cash, 345);
    shop.call::<PayTender>(first.clone()).unwrap().sale.expect("paid in full");
    let again = PayRequest { basket_id: shop.scan(BREAD).id, ..first };
    assert_eq!(shop.call::<PayTender>(again).unwrap_err().code(), "bad_request");
    assert_eq!(shop.sales().len(), 1);
}

#[test]
fn a_shift_is_not_closed_over_a_part_payment() {
    let shop = Shop::open();
    shop.scan(BREAD);
    shop.pay(PayWith::Cash, 100).unwrap();
    let refused = shop.call::<ShiftCloseCommand>(CloseShift::counted("EUR", 0)).unwrap_err();
    assert_eq!(refused.code(), "partly_paid");
    shop.pay(PayWith::Cash, 245).unwrap().sale.expect("paid in full");
    shop.close_shift(10_345);
}
