//! Held orders: what was agreed holds, what was paid on it counts once, and nothing of it is lost.

use std::time::Duration;

use countertop_app::commands::{
    CancelHeldOrder, CurrentBasket, Hold, ListHeldOrders, PayTakeBack, PreviewReceipt, RecallHeld,
    RemoveLine, SetPriceRulesCommand, TakeDeposit,
};
use countertop_app::wire::{
    BasketView, CancelHeld, DepositPaid, HeldCancelled, HeldKind, HeldOrderView, HeldRequest,
    HeldState, HoldOrder, LineRequest, ListHeld, Nothing, PayDeposit, PayWith, SaleRequest,
    SetPriceRules, TakeBack,
};
use countertop_app::{AppError, perform};
use countertop_domain::ids::{HeldOrderId, TenderId};
use countertop_domain::posting::Account;
use countertop_domain::quantity::Unit;
use countertop_domain::staff::Role;
use serde_json::json;
use uuid::Uuid;

use crate::common::goods::{self, BREAD, WINE, good};
use crate::common::{FLOAT, Shop, code, line, verify_ok};
use crate::credit::{on_card, sell_card};
use crate::customers::{as_role, buys, named, save};

const DAY: Duration = Duration::from_secs(24 * 3600);

pub(crate) fn try_hold(
    shop: &Shop,
    kind: HeldKind,
    due: Option<&str>,
) -> Result<HeldOrderView, AppError> {
    let (basket_id, due) = (shop.basket().id, due.map(str::to_owned));
    shop.call::<Hold>(HoldOrder { basket_id, kind, due, note: "Blue door".to_owned() })
}

/// Scans and sets aside.
pub(crate) fn hold(shop: &Shop, codes: &[&str], kind: HeldKind) -> HeldOrderView {
    for code in codes {
        shop.scan(code);
    }
    try_hold(shop, kind, None).unwrap()
}

fn try_recall(shop: &Shop, order_id: HeldOrderId) -> Result<BasketView, AppError> {
    shop.call::<RecallHeld>(HeldRequest { order_id })
}

fn recall(shop: &Shop, order: &HeldOrderView) -> BasketView {
    try_recall(shop, order.id).unwrap()
}

pub(crate) fn deposit(
    shop: &Shop,
    order: &HeldOrderView,
    kind: PayWith,
    offered: i64,
) -> Result<DepositPaid, AppError> {
    pay_deposit(shop, order, shop.tender_id(), kind, offered, None)
}

fn pay_deposit(
    shop: &Shop,
    order: &HeldOrderView,
    tender_id: TenderId,
    kind: PayWith,
    offered: i64,
    reference: Option<&str>,
) -> Result<DepositPaid, AppError> {
    let reference = reference.map(str::to_owned);
    let request = PayDeposit { order_id: order.id, tender_id, kind, offered, reference };
    shop.call::<TakeDeposit>(request)
}

pub(crate) fn cancel(
    shop: &Shop,
    order: &HeldOrderView,
    keep: i64,
) -> Result<HeldCancelled, AppError> {
    let reason = "Moved away".to_owned();
    shop.call::<CancelHeldOrder>(CancelHeld { order_id: order.id, reason, keep })
}

fn listed(shop: &Shop, open_only: bool) -> Vec<HeldOrderView> {
    shop.call::<ListHeldOrders>(ListHeld { open_only }).unwrap().orders
}

pub(crate) fn one(shop: &Shop, order: &HeldOrderView) -> HeldOrderView {
    listed(shop, false).into_iter().find(|other| other.id == order.id).unwrap()
}

#[test]
fn a_basket_that_is_set_aside_waits_under_a_number_of_its_own() {
    let shop = Shop::open();
    let anna = save(&shop, named("Anna Smith"));
    buys(&shop, anna.id);
    shop.scan(BREAD);
    let held = hold(&shop, &[BREAD, WINE], HeldKind::Collect);
    assert_eq!((held.number.as_str(), held.total, held.deposit), ("T1-H1", 1_889, 0));
    assert_eq!(held.customer.as_deref(), Some("Anna Smith"));
    assert_eq!(held.lines, ["2 x Bread", "1 x Wine"]);
    assert_eq!((held.state, held.late, held.note.as_str()), (HeldState::Open, false, "Blue door"));
    // The counter is free for the next one.
    assert!(shop.basket().lines.is_empty());
    let shop = shop.reopen();
    assert!(shop.basket().lines.is_empty());
    assert_eq!(one(&shop, &held).lines, ["2 x Bread", "1 x Wine"]);
    verify_ok(shop.app());
}

#[test]
fn numbers_of_held_orders_have_no_gap() {
    let shop = Shop::open();
    // Refused ones take no number.
    assert_eq!(code(try_hold(&shop, HeldKind::Quote, None)), "basket_empty");
    hold(&shop, &[BREAD], HeldKind::Quote);
    shop.scan(WINE);
    assert_eq!(code(try_hold(&shop, HeldKind::Quote, Some("2026-11-22"))), "bad_text");
    assert_eq!(code(try_hold(&shop, HeldKind::Quote, Some("tomorrow"))), "bad_text");
    shop.pay(PayWith::CardExternal, 199).unwrap();
    assert_eq!(code(try_hold(&shop, HeldKind::Layaway, None)), "partly_paid");
    shop.pay(PayWith::Cash, 1_000).unwrap().sale.expect("paid in full");
    hold(&shop, &[WINE], HeldKind::Deliver);
    let shop = shop.reopen();
    hold(&shop, &[BREAD, BREAD], HeldKind::Layaway);
    let numbers: Vec<String> = listed(&shop, true).into_iter().map(|order| order.number).collect();
    assert_eq!(numbers, ["T1-H3", "T1-H2", "T1-H1"]);
}

#[test]
fn what_was_paid_on_an_order_counts_when_it_is_completed() {
    let shop = Shop::open();
    let order = hold(&shop, &[WINE, BREAD], HeldKind::Layaway);
    let paid = deposit(&shop, &order, PayWith::Cash, 500).unwrap();
    assert_eq!((paid.order.deposit, paid.change), (500, 0));
    assert_eq!(deposit(&shop, &order, PayWith::CardExternal, 300).unwrap().order.deposit, 800);
    assert_eq!(shop.balance(Account::Drawer), FLOAT + 500);
    assert_eq!(shop.balance(Account::Deposits), -800);
    assert_eq!(shop.balance(Account::Revenue), 0);
    let shop = shop.reopen();
    let basket = recall(&shop, &order);
    assert_eq!((basket.total, basket.due), (1_544, 744));
    assert_eq!(basket.order.as_ref().map(|order| order.number.as_str()), Some("T1-H1"));
    let sale = shop.pay(PayWith::Cash, 744).unwrap().sale.expect("paid in full");
    assert_eq!(sale.total, 1_544);
    assert_eq!(shop.balance(Account::Drawer), FLOAT + 1_244);
    assert_eq!(shop.balance(Account::Deposits), 0);
    let done = one(&shop, &order);
    assert_eq!((done.state, done.receipt.as_deref()), (HeldState::Completed, Some("T1-1")));
    assert_eq!(done.lines, ["1 x Wine", "1 x Bread"]);
    assert!(listed(&shop, true).is_empty());
    assert_eq!(code(try_recall(&shop, order.id)), "order_ended");
    assert_eq!(code(deposit(&shop, &order, PayWith::Cash, 100)), "order_ended");
    assert_eq!(code(cancel(&shop, &order, 0)), "order_ended");
    let store = shop.app().store();
    assert_eq!(store.rebuild().unwrap(), store.verify().unwrap().entries);
    assert_eq!(one(&shop, &order).state, HeldState::Completed);
    verify_ok(shop.app());
}

#[test]
fn the_receipt_of_an_order_names_the_order() {
    let shop = Shop::open();
    let order = hold(&shop, &[WINE], HeldKind::Layaway);
    deposit(&shop, &order, PayWith::Cash, 500).unwrap();
    let due = recall(&shop, &order).due;
    let sale = shop.pay(PayWith::Cash, due).unwrap().sale.unwrap();
    let receipt = shop.call::<PreviewReceipt>(SaleRequest { sale_id: sale.id }).unwrap().text;
    assert!(receipt.contains("T1-H1"), "{receipt}");
}

#[test]
fn an_order_that_was_paid_in_full_is_handed_out_without_a_payment() {
    let shop = Shop::open();
    let order = hold(&shop, &[WINE], HeldKind::Collect);
    let paid = deposit(&shop, &order, PayWith::Cash, 2_000).unwrap();
    assert_eq!((paid.order.deposit, paid.change), (1_199, 801));
    assert_eq!(recall(&shop, &order).due, 0);
    shop.pay(PayWith::Cash, 0).unwrap().sale.expect("paid in full");
    assert_eq!(shop.balance(Account::Drawer), FLOAT + 1_199);
    verify_ok(shop.app());
}

#[test]
fn a_deposit_is_never_more_than_the_order_and_counts_once() {
    let shop = Shop::open();
    let quote = hold(&shop, &[WINE], HeldKind::Quote);
    assert_eq!(code(deposit(&shop, &quote, PayWith::Cash, 100)), "bad_order");
    let order = hold(&shop, &[WINE], HeldKind::Layaway);
    assert_eq!(code(deposit(&shop, &order, PayWith::CardExternal, 1_200)), "more_than_due");
    for nothing in [0, -1] {
        assert_eq!(code(deposit(&shop, &order, PayWith::Cash, nothing)), "bad_amount");
    }
    assert_eq!(code(deposit(&shop, &order, PayWith::OnAccount, 100)), "bad_text");
    let id = shop.tender_id();
    for _ in 0..3 {
        let paid = pay_deposit(&shop, &order, id, PayWith::Cash, 700, None).unwrap();
        assert_eq!(paid.order.deposit, 700);
    }
    assert_eq!(code(deposit(&shop, &order, PayWith::CardExternal, 500)), "more_than_due");
    let other = hold(&shop, &[BREAD], HeldKind::Layaway);
    let again = pay_deposit(&shop, &other, id, PayWith::Cash, 100, None);
    assert_eq!(code(again), "bad_request");
    shop.close_shift(FLOAT + 700);
    assert_eq!(code(deposit(&shop, &order, PayWith::Cash, 100)), "no_shift");
    let nobody = HeldOrderView { id: HeldOrderId::new(Uuid::nil()), ..order };
    assert_eq!(code(deposit(&shop, &nobody, PayWith::Cash, 100)), "no_such_order");
    verify_ok(shop.app());
}

#[test]
fn a_cancelled_order_gives_back_what_was_paid_the_way_it_was_paid() {
    let shop = Shop::open();
    sell_card(&shop, "CARD1", 1_000);
    let order = hold(&shop, &[WINE, WINE], HeldKind::Layaway);
    deposit(&shop, &order, PayWith::Cash, 500).unwrap();
    deposit(&shop, &order, PayWith::CardExternal, 300).unwrap();
    let card = PayWith::GiftCard;
    pay_deposit(&shop, &order, shop.tender_id(), card, 400, Some("card-1")).unwrap();
    assert_eq!(on_card(&shop, "CARD1"), 600);
    let more = pay_deposit(&shop, &order, shop.tender_id(), card, 601, Some("CARD1"));
    assert_eq!(code(more), "bad_credit");
    let cancelled = cancel(&shop, &order, 0).unwrap();
    let back: Vec<_> = cancelled.refunds.iter().map(|t| (t.kind, t.amount)).collect();
    assert_eq!(
        back,
        [(PayWith::Cash, -500), (PayWith::CardExternal, -300), (PayWith::GiftCard, -400)]
    );
    assert_eq!(cancelled.order.state, HeldState::Cancelled);
    assert_eq!(cancelled.order.lines, ["2 x Wine"]);
    assert_eq!(on_card(&shop, "CARD1"), 1_000);
    assert_eq!(shop.balance(Account::Drawer), FLOAT + 1_000);
    assert_eq!((shop.balance(Account::CardExternal), shop.balance(Account::Deposits)), (0, 0));
    assert_eq!(code(cancel(&shop, &order, 0)), "order_ended");
    let store = shop.app().store();
    assert_eq!(store.rebuild().unwrap(), store.verify().unwrap().entries);
    verify_ok(shop.app());
}

#[test]
fn a_part_of_the_deposit_is_kept_by_right_and_never_more_than_there_is() {
    let shop = Shop::open();
    let order = hold(&shop, &[WINE], HeldKind::Layaway);
    deposit(&shop, &order, PayWith::Cash, 500).unwrap();
    deposit(&shop, &order, PayWith::CardExternal, 300).unwrap();
    let request = |keep| CancelHeld { order_id: order.id, reason: "Too late".to_owned(), keep };
    let cashier = as_role(&shop, Role::Cashier);
    let refused = perform::<CancelHeldOrder>(shop.app(), &cashier, request(100));
    assert_eq!(code(refused), "not_allowed");
    assert_eq!(code(cancel(&shop, &order, 801)), "bad_order");
    assert_eq!(code(cancel(&shop, &order, -1)), "bad_order");
    let silent = CancelHeld { reason: " ".to_owned(), ..request(0) };
    assert_eq!(code(shop.call::<CancelHeldOrder>(silent)), "bad_text");
    assert_eq!(one(&shop, &order).state, HeldState::Open);
    let cancelled = cancel(&shop, &order, 250).unwrap();
    let back: Vec<i64> = cancelled.refunds.iter().map(|tender| tender.amount).collect();
    assert_eq!((back, cancelled.kept), (vec![-500, -50], 250));
    assert_eq!(shop.balance(Account::Drawer), FLOAT);
    assert_eq!(shop.balance(Account::Deposits), 0);
    assert_eq!(shop.balance(Account::Fees), -250);
    verify_ok(shop.app());
}

#[test]
fn a_quote_keeps_its_prices_until_its_day_and_has_those_of_today_after_it() {
    let dearer = || good("Wine", Unit::Piece, "standard", Some(1_500), Some(24), &[(WINE, 1)]);
    for (days, due, total) in [(2, Some("2026-11-25"), 1_544), (3, Some("2026-11-25"), 1_845)] {
        let shop = Shop::open();
        shop.scan(BREAD);
        shop.scan(WINE);
        let quote = try_hold(&shop, HeldKind::Quote, due).unwrap();
        goods::put_on_sale(&shop, vec![dearer()]);
        shop.clock.forward(DAY * days);
        assert_eq!(one(&shop, &quote).late, days == 3);
        let basket = recall(&shop, &quote);
        assert_eq!(basket.total, total, "after {days} days");
        // Late, the basket says so: what was agreed, and which lines are not as agreed.
        let renewed = basket.renewed.map(|renewed| {
            assert_eq!((renewed.agreed, renewed.lines.len()), (1_199 + 345, 1));
            let line = &renewed.lines[0];
            (line.line_id, line.agreed, line.now)
        });
        let wine = line(&basket.lines, "Wine").id;
        assert_eq!(renewed, (days == 3).then_some((wine, 1_199, 1_500)));
        shop.pay(PayWith::Cash, total).unwrap().sale.expect("paid in full");
        assert!(!one(&shop, &quote).late);
    }
}

#[test]
fn an_order_keeps_its_prices_however_late_it_is() {
    let shop = Shop::open();
    shop.scan(WINE);
    let order = try_hold(&shop, HeldKind::Layaway, Some("2026-11-24")).unwrap();
    deposit(&shop, &order, PayWith::Cash, 100).unwrap();
    let dearer = good("Wine", Unit::Piece, "standard", Some(1_500), Some(24), &[(WINE, 1)]);
    goods::put_on_sale(&shop, vec![dearer]);
    shop.clock.forward(DAY * 30);
    assert!(one(&shop, &order).late);
    assert_eq!(recall(&shop, &order).due, 1_099);
}

#[test]
fn a_promotion_of_the_day_on_which_it_was_agreed_holds_for_an_order() {
    let shop = Shop::open();
    let today = json!({
        "id": "today", "name": "Opening day", "until": "2026-11-23",
        "rule": { "by": "percent_off", "of": { "by": "all" }, "percent": "10" },
    });
    let rules = SetPriceRules {
        version: 0,
        books: Vec::new(),
        promotions: vec![today],
        stacking: "in_order".to_owned(),
    };
    shop.call::<SetPriceRulesCommand>(rules).unwrap();
    let order = hold(&shop, &[WINE], HeldKind::Collect);
    assert_eq!(order.total, 1_079);
    shop.clock.forward(DAY);
    assert_eq!(shop.scan(WINE).total, 1_199);
    // The basket at the counter is parked.
    assert_eq!(recall(&shop, &order).total, 1_079);
    let sale = shop.pay(PayWith::Cash, 1_079).unwrap().sale.expect("paid in full");
    assert_eq!(sale.total, 1_079);
}

#[test]
fn an_order_takes_more_goods_and_keeps_its_deposit_and_its_number() {
    let shop = Shop::open();
    let order = hold(&shop, &[WINE], HeldKind::Collect);
    deposit(&shop, &order, PayWith::Cash, 1_000).unwrap();
    recall(&shop, &order);
    assert_eq!(shop.scan(BREAD).due, 544);
    let again = try_hold(&shop, HeldKind::Deliver, None).unwrap();
    assert_eq!((again.id, again.number.as_str()), (order.id, "T1-H1"));
    assert_eq!((again.total, again.deposit, again.kind), (1_544, 1_000, HeldKind::Deliver));
    assert_eq!(listed(&shop, false).len(), 1);
    deposit(&shop, &again, PayWith::CardExternal, 500).unwrap();
    // Less than what was paid is no order; nor is it a quote any more.
    let basket = recall(&shop, &again);
    assert_eq!(basket.due, 44);
    assert_eq!(code(try_hold(&shop, HeldKind::Quote, None)), "bad_order");
    let line_id = basket.lines[0].id;
    let less = shop.call::<RemoveLine>(LineRequest { basket_id: basket.id, line_id }).unwrap();
    assert_eq!(less.due, 345 - 1_500);
    assert_eq!(code(try_hold(&shop, HeldKind::Collect, None)), "bad_text");
    verify_ok(shop.app());
}

#[test]
fn a_deposit_stays_with_its_order() {
    let shop = Shop::open();
    let order = hold(&shop, &[WINE], HeldKind::Collect);
    deposit(&shop, &order, PayWith::Cash, 1_000).unwrap();
    let basket = recall(&shop, &order);
    let tender_id = basket.tenders[0].id;
    let back = TakeBack { basket_id: basket.id, tender_id };
    assert_eq!(code(shop.call::<PayTakeBack>(back)), "bad_text");
    assert_eq!(shop.basket().due, 199);
    // Nor does it keep a shift open.
    shop.close_shift(FLOAT + 1_000);
    shop.open_shift();
    shop.pay(PayWith::Cash, 199).unwrap().sale.expect("paid in full");
    assert_eq!(shop.balance(Account::Deposits), 0);
    verify_ok(shop.app());
}

#[test]
fn an_order_is_at_one_screen_at_a_time() {
    let shop = Shop::open();
    let order = hold(&shop, &[WINE], HeldKind::Collect);
    let basket = recall(&shop, &order);
    // Asked again, the same screen sees the same basket.
    assert_eq!(recall(&shop, &order).id, basket.id);
    let tablet = shop.at("tablet");
    let request = HeldRequest { order_id: order.id };
    let refused = perform::<RecallHeld>(shop.app(), &tablet, request.clone());
    assert_eq!(code(refused), "order_taken_up");
    assert_eq!(code(deposit(&shop, &order, PayWith::Cash, 100)), "order_taken_up");
    // It survives a restart where it is, and goes from there when it is cancelled.
    let shop = shop.reopen();
    assert_eq!(shop.basket().id, basket.id);
    let refused = perform::<RecallHeld>(shop.app(), &tablet, request);
    assert_eq!(code(refused), "order_taken_up");
    cancel(&shop, &order, 0).unwrap();
    assert!(shop.basket().lines.is_empty());
    let shop = shop.reopen();
    assert!(shop.basket().lines.is_empty());
    verify_ok(shop.app());
}

#[test]
fn an_order_that_is_being_paid_is_not_cancelled() {
    let shop = Shop::open();
    let order = hold(&shop, &[WINE], HeldKind::Collect);
    recall(&shop, &order);
    shop.pay(PayWith::CardExternal, 100).unwrap();
    assert_eq!(code(cancel(&shop, &order, 0)), "partly_paid");
    shop.pay(PayWith::Cash, 1_099).unwrap().sale.expect("paid in full");
    assert_eq!(one(&shop, &order).state, HeldState::Completed);
}

#[test]
fn a_parked_order_is_found_again_where_it_is() {
    let shop = Shop::open();
    let order = hold(&shop, &[WINE], HeldKind::Collect);
    deposit(&shop, &order, PayWith::Cash, 199).unwrap();
    recall(&shop, &order);
    // Another order is taken up: the first one's basket is parked.
    let other = {
        let tablet = shop.at("tablet");
        let basket = perform::<CurrentBasket>(shop.app(), &tablet, Nothing {}).unwrap();
        let code = BREAD.to_owned();
        let scan = countertop_app::wire::ScanRequest { basket_id: basket.id, code };
        perform::<countertop_app::commands::Scan>(shop.app(), &tablet, scan).unwrap();
        let kind = HeldKind::Quote;
        let hold = HoldOrder { basket_id: basket.id, kind, due: None, note: String::new() };
        perform::<Hold>(shop.app(), &tablet, hold).unwrap()
    };
    assert_eq!(recall(&shop, &other).total, 345);
    assert_eq!(recall(&shop, &order).due, 1_000);
    shop.pay(PayWith::Cash, 1_000).unwrap().sale.expect("paid in full");
    verify_ok(shop.app());
}

#[test]
fn the_drawer_holds_what_deposits_and_refunds_make_it() {
    let shop = Shop::open();
    let kept = hold(&shop, &[WINE], HeldKind::Layaway);
    let gone = hold(&shop, &[WINE], HeldKind::Layaway);
    deposit(&shop, &kept, PayWith::Cash, 400).unwrap();
    deposit(&shop, &gone, PayWith::Cash, 300).unwrap();
    cancel(&shop, &gone, 0).unwrap();
    let closed = shop.close_shift(FLOAT + 400);
    let home = &closed.counts[0];
    assert_eq!((home.expected, home.over_short), (FLOAT + 400, Some(0)));
    verify_ok(shop.app());
}
