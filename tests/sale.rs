//! A sale, from the scan to the books.

use countertop_app::commands::{Add, Find, GetOrder, PayTakeBack, PreviewReceipt, SetLineQuantity};
use countertop_app::wire::{AddRequest, FindOrders, PayWith, SaleRequest, SetQuantity, TakeBack};
use countertop_domain::posting::Account;
use countertop_domain::quantity::Quantity;

use crate::common::goods::{self, BREAD, CHEESE, REPAIR, SAMPLE, SIX_WATERS, TOOL, WATER, WINE};
use crate::common::{FLOAT, Shop, code, line};

#[test]
fn a_scan_and_a_tender_are_a_sale_with_a_journal_entry_and_a_receipt() {
    let shop = Shop::open();
    let basket = shop.scan(BREAD);
    assert_eq!((basket.total, basket.due), (345, 345));
    let sale = shop.pay(PayWith::Cash, 500).unwrap().sale.expect("paid in full");
    assert_eq!((sale.total, sale.change), (345, 155));
    assert_eq!(sale.receipt, "T1-1");
    assert_eq!(sale.local_time, "2026-11-23 14:08");

    // The journal has it, with the very amounts that the customer saw.
    let entries = shop.sales();
    assert_eq!(entries.len(), 1);
    let entry = &entries[0];
    assert_eq!(entry.id, sale.id);
    assert_eq!((entry.total.minor(), entry.change.minor()), (345, 155));
    // 7 % inside 3.45 is 0.2257.
    assert_eq!((entry.net.minor(), entry.tax.minor()), (322, 23));

    let receipt = shop.call::<PreviewReceipt>(SaleRequest { sale_id: sale.id }).unwrap().text;
    for part in ["Corner", "T1-1", "Bread", "3.45", "5.00", "1.55"] {
        assert!(receipt.contains(part), "{part} is not on the receipt:\n{receipt}");
    }
    shop.books_agree();
    let shop = shop.reopen();
    assert_eq!(shop.sales(), entries);
    shop.books_agree();
}

#[test]
fn takings_drawer_stock_and_journal_agree_to_the_cent() {
    let shop = Shop::open();
    shop.sell(&[BREAD, BREAD, WINE], PayWith::Cash);
    shop.sell(&[SIX_WATERS, WATER], PayWith::CardExternal);
    shop.sell(&[CHEESE, TOOL], PayWith::Cash);
    // 2 x 3.45 + 11.99; 7 x 0.79; 19.50 + 25.00 + 2.0625 + 0.375 of tax on top.
    let totals: Vec<_> = shop.sales().iter().map(|sale| sale.total.minor()).collect();
    assert_eq!(totals, [1_889, 553, 1_950 + 2_500 + 206 + 38]);
    let cash = 1_889 + 4_694;
    assert_eq!(shop.balance(Account::Drawer), FLOAT + cash);
    assert_eq!(shop.balance(Account::CardExternal), 553);
    let left = |name| {
        let variant = goods::variant(&shop, name);
        shop.app().store().read(|snapshot| snapshot.stock_of(variant)).unwrap()
    };
    assert_eq!(left("Bread"), Quantity::pieces(98));
    assert_eq!(left("Wine"), Quantity::pieces(23));
    assert_eq!(left("Water"), Quantity::pieces(53));
    shop.books_agree();
    let closed = shop.close_shift(FLOAT + cash);
    let by = |kind: &str| closed.tenders.iter().find(|row| row.kind == kind).unwrap().amount;
    assert_eq!((closed.takings, by("cash"), by("card_external")), (cash + 553, cash, 553));
    assert_eq!(closed.counts[0].over_short, Some(0));
    shop.books_agree();
}

#[test]
fn a_pack_is_so_many_of_its_bottle() {
    let shop = Shop::open();
    shop.scan(WATER);
    let basket = shop.scan(SIX_WATERS);
    assert_eq!(basket.lines.len(), 1);
    assert_eq!((basket.lines[0].quantity, basket.total), (7_000, 553));
}

#[test]
fn a_weighed_line_is_price_times_weight_rounded_once() {
    let shop = Shop::open();
    let basket = shop.basket();
    let variant_id = goods::variant(&shop, "Cheese");
    let request = AddRequest { basket_id: basket.id, variant_id, quantity: Some(333), price: None };
    let added = shop.call::<Add>(request).unwrap();
    // 19.50 x 0.333 = 6.4935
    assert_eq!(added.basket.total, 649);
    let request = SetQuantity { basket_id: basket.id, line_id: added.line_id, quantity: 1 };
    // 19.50 x 0.001 = 0.0195, and half a cent goes up.
    assert_eq!(shop.call::<SetLineQuantity>(request).unwrap().total, 2);
}

#[test]
fn a_sale_may_be_paid_in_parts_and_a_part_be_taken_back() {
    let shop = Shop::open();
    shop.scan(WINE);
    let paid = shop.pay(PayWith::CardExternal, 500).unwrap();
    let basket = paid.basket.expect("something is left to pay");
    assert_eq!((basket.due, basket.tenders.len()), (699, 1));
    assert!(paid.sale.is_none());

    // While money is taken, nothing in the basket moves.
    assert_eq!(code(shop.try_scan(BREAD)), "partly_paid");
    // The part payment outlives the register.
    let shop = shop.reopen();
    let basket = shop.basket();
    assert_eq!((basket.due, basket.tenders.len()), (699, 1));

    let back = TakeBack { basket_id: basket.id, tender_id: basket.tenders[0].id };
    let basket = shop.call::<PayTakeBack>(back.clone()).unwrap();
    assert_eq!((basket.due, basket.tenders.len()), (1_199, 0));
    // Twice is once.
    assert_eq!(shop.call::<PayTakeBack>(back).unwrap().due, 1_199);
    assert_eq!(shop.scan(BREAD).due, 1_544);

    shop.pay(PayWith::CardExternal, 1_000).unwrap();
    let sale = shop.pay(PayWith::Cash, 1_000).unwrap().sale.expect("paid in full");
    let tenders: Vec<_> =
        sale.tenders.iter().map(|tender| (tender.kind, tender.amount, tender.change)).collect();
    assert_eq!(tenders, [(PayWith::CardExternal, 1_000, 0), (PayWith::Cash, 544, 456)]);
    shop.books_agree();
}

#[test]
fn a_payment_that_cannot_be_is_refused_and_nothing_is_taken() {
    let shop = Shop::open();
    assert_eq!(code(shop.pay(PayWith::Cash, 100)), "basket_empty");
    shop.scan(BREAD);
    for (kind, offered, refused) in [
        (PayWith::CardExternal, 346, "more_than_due"),
        (PayWith::Cash, 0, "bad_amount"),
        (PayWith::Cash, -345, "bad_amount"),
        (PayWith::Cash, i64::MAX, "bad_amount"),
        (PayWith::Cash, i64::MIN, "bad_amount"),
    ] {
        assert_eq!(code(shop.pay(kind, offered)), refused, "{offered}");
    }
    let basket = shop.basket();
    assert_eq!((basket.due, basket.tenders.len()), (345, 0));
    assert!(shop.sales().is_empty());
    shop.books_agree();
}

#[test]
fn without_a_shift_nothing_is_sold_and_nothing_is_lost() {
    let shop = Shop::closed();
    let basket = shop.scan(WINE);
    let request = shop.request(basket.id, PayWith::Cash, 2_000);
    let refused = shop.call::<countertop_app::commands::PayTender>(request.clone());
    assert_eq!(code(refused), "no_shift");
    assert_eq!(shop.basket().due, 1_199);
    assert!(shop.sales().is_empty());
    shop.open_shift();
    let paid = shop.call::<countertop_app::commands::PayTender>(request).unwrap();
    assert_eq!(paid.sale.expect("paid in full").change, 801);
    shop.books_agree();
}

#[test]
fn what_costs_nothing_is_sold_without_a_payment() {
    let shop = Shop::open();
    shop.scan(SAMPLE);
    assert_eq!(code(shop.pay(PayWith::Cash, 100)), "nothing_due");
    let sale = shop.pay(PayWith::Cash, 0).unwrap().sale.expect("there is nothing to pay");
    assert_eq!((sale.total, sale.tenders.len()), (0, 0));
    assert_eq!(shop.sales().len(), 1);
    shop.books_agree();
}

#[test]
fn an_open_price_is_asked_for_and_then_sold() {
    let shop = Shop::open();
    let (basket_id, variant_id) = (shop.basket().id, goods::variant(&shop, REPAIR));
    let request = |price| AddRequest { basket_id, variant_id, quantity: None, price };
    assert_eq!(code(shop.call::<Add>(request(None))), "needs_price");
    assert_eq!(code(shop.call::<Add>(request(Some(-1)))), "bad_price");
    assert_eq!(shop.call::<Add>(request(Some(4_200))).unwrap().basket.total, 4_200);
    let sale = shop.pay(PayWith::Cash, 4_200).unwrap().sale.expect("paid in full");
    assert_eq!(line(&sale.lines, REPAIR).unit_price, 4_200);
    shop.books_agree();
}

#[test]
fn receipts_are_numbered_without_a_gap_even_after_refusals() {
    let shop = Shop::open();
    for _ in 0..3 {
        shop.scan(BREAD);
        assert!(shop.pay(PayWith::CardExternal, 9_999).is_err());
        shop.pay(PayWith::CardExternal, 345).unwrap();
    }
    let closed = shop.close_shift(FLOAT);
    assert_eq!(closed.sales, 3);
    shop.scan(BREAD);
    assert_eq!(code(shop.pay(PayWith::Cash, 345)), "no_shift");
    shop.open_shift();
    shop.pay(PayWith::Cash, 345).unwrap();
    let receipts: Vec<_> = shop.sales().iter().map(|sale| sale.receipt.to_string()).collect();
    assert_eq!(receipts, ["T1-1", "T1-2", "T1-3", "T1-4"]);
    shop.books_agree();
}

#[test]
fn a_sale_is_found_by_its_receipt_and_by_what_was_sold() {
    let shop = Shop::open();
    let wine = shop.sell(&[WINE], PayWith::Cash);
    shop.sell(&[BREAD], PayWith::CardExternal);
    let find = |text: &str| {
        let request = FindOrders { text: text.to_owned(), after: None };
        let found = shop.call::<Find>(request).unwrap();
        found.orders.into_iter().map(|order| order.receipt).collect::<Vec<_>>()
    };
    assert_eq!(find(""), ["T1-2", "T1-1"]);
    assert_eq!(find("t1-2"), ["T1-2"]);
    assert_eq!(find("2"), ["T1-2"]);
    assert_eq!(find("win"), ["T1-1"]);
    assert_eq!(find("nothing like it"), Vec::<String>::new());
    let again = shop.call::<GetOrder>(SaleRequest { sale_id: wine.id }).unwrap();
    assert_eq!((again.receipt, again.total), (wine.receipt, 1_199));
}
