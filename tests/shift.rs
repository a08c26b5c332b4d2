//! Shifts: from the float to the count.

use countertop_app::commands::{
    CurrentBasket, GetState, ListClosedShifts, MoveCashCommand, ShiftCloseCommand,
    ShiftOpenCommand, ShiftX, ShiftZ, WaitingPrints,
};
use countertop_app::wire::{
    CashMoveKindView, CloseShift, CountRequest, MoveCash, Nothing, OpenShift, PayWith, PiecesView,
    RegisterState, ShiftReport, ShiftRequest,
};
use countertop_app::{AppError, Caller, perform};
use countertop_domain::ids::CashMoveId;
use countertop_domain::money::Money;
use countertop_domain::posting::Account;
use countertop_domain::staff::{Actor, Role};
use serde_json::json;
use uuid::Uuid;

use crate::common::goods::{BREAD, WINE};
use crate::common::{FLOAT, Shop, code};

fn report(shop: &Shop) -> ShiftReport {
    shop.call::<ShiftX>(Nothing {}).unwrap()
}

fn close(shop: &Shop, counted: i64) -> ShiftReport {
    shop.call::<ShiftCloseCommand>(CloseShift::counted("EUR", counted)).unwrap()
}

fn expected(shop: &Shop) -> i64 {
    shop.call::<GetState>(Nothing {}).unwrap().shift.unwrap().expected.unwrap()
}

/// A movement of euros with an id of its own.
fn moving(number: u128, kind: CashMoveKindView, amount: i64) -> MoveCash {
    let id = CashMoveId::new(Uuid::from_u128(number));
    MoveCash { id, kind, amount, currency: None, reason: "as agreed".to_owned() }
}

fn move_cash(shop: &Shop, request: MoveCash) -> Result<RegisterState, AppError> {
    shop.call::<MoveCashCommand>(request)
}

fn amount_of(report: &ShiftReport, kind: &str) -> i64 {
    report.tenders.iter().filter(|row| row.kind == kind).map(|row| row.amount).sum()
}

fn pieces(of: &[(i64, u32)]) -> Option<Vec<PiecesView>> {
    Some(of.iter().map(|&(value, count)| PiecesView { value, count }).collect())
}

#[test]
fn the_drawer_holds_float_and_cash_and_is_empty_after_the_count() {
    let shop = Shop::open();
    shop.scan(BREAD);
    // What was handed over is not what stays: 1.55 goes back.
    assert_eq!(shop.pay(PayWith::Cash, 500).unwrap().sale.expect("paid in full").change, 155);
    shop.sell(&[WINE], PayWith::CardExternal);
    let so_far = report(&shop);
    assert_eq!((so_far.sales, so_far.takings), (2, 345 + 1_199));
    assert_eq!((amount_of(&so_far, "cash"), amount_of(&so_far, "card_external")), (345, 1_199));
    assert_eq!(expected(&shop), FLOAT + 345);
    assert_eq!(shop.balance(Account::Drawer), FLOAT + 345);

    let closed = close(&shop, FLOAT + 300);
    let [count] = closed.counts.as_slice() else { panic!("{:?}", closed.counts) };
    assert_eq!((count.expected, count.over_short), (FLOAT + 345, Some(-45)));
    assert_eq!(shop.balance(Account::Drawer), 0);
    assert_eq!(shop.balance(Account::OverShort), 45);
    assert_eq!(shop.balance(Account::Safe), 300);
    shop.books_agree();
}

#[test]
fn one_shift_is_open_at_a_time() {
    let shop = Shop::open();
    assert_eq!(code(shop.call::<ShiftOpenCommand>(OpenShift::with_float(0))), "shift_open");
    close(&shop, FLOAT);
    let again = shop.call::<ShiftCloseCommand>(CloseShift::counted("EUR", 0));
    assert_eq!(code(again), "no_shift");
    assert_eq!(code(shop.call::<ShiftX>(Nothing {})), "no_shift");
    assert_eq!(code(move_cash(&shop, moving(1, CashMoveKindView::PayIn, 100))), "no_shift");
    shop.open_shift();
    shop.books_agree();
}

#[test]
fn a_float_is_counted_by_coin_and_note() {
    let shop = Shop::closed();
    let float = |float, pieces| OpenShift { pieces, ..OpenShift::with_float(float) };
    let wrong = float(10_000, pieces(&[(5_000, 1), (100, 49)]));
    assert_eq!(code(shop.call::<ShiftOpenCommand>(wrong)), "bad_count");
    for refused in [OpenShift::with_float(-1), OpenShift::with_float(i64::MAX)] {
        assert_eq!(code(shop.call::<ShiftOpenCommand>(refused)), "bad_amount");
    }
    let worthless = float(10_000, pieces(&[(0, 5), (10_000, 1)]));
    assert_eq!(code(shop.call::<ShiftOpenCommand>(worthless)), "bad_count");
    assert!(shop.call::<GetState>(Nothing {}).unwrap().shift.is_none());

    let right = float(10_000, pieces(&[(5_000, 1), (100, 49), (20, 5)]));
    shop.call::<ShiftOpenCommand>(right).unwrap();
    assert_eq!(expected(&shop), 10_000);
}

#[test]
fn the_day_in_the_books_is_the_one_that_was_chosen() {
    let shop = Shop::closed();
    let on = |day: &str| OpenShift {
        business_day: Some(day.to_owned()),
        ..OpenShift::with_float(FLOAT)
    };
    for nonsense in ["2026-02-30", "yesterday", ""] {
        assert_eq!(code(shop.call::<ShiftOpenCommand>(on(nonsense))), "bad_text", "{nonsense}");
    }
    shop.call::<ShiftOpenCommand>(on("2026-11-22")).unwrap();
    assert_eq!(shop.sell(&[BREAD], PayWith::Cash).business_day, "2026-11-22");
    assert_eq!(close(&shop, FLOAT + 345).business_day, "2026-11-22");
}

#[test]
fn a_night_shift_keeps_the_day_that_it_began_on() {
    let shop = Shop::open();
    shop.clock.forward(std::time::Duration::from_secs(12 * 3_600));
    let sale = shop.sell(&[BREAD], PayWith::Cash);
    assert_eq!(sale.local_time, "2026-11-24 02:08");
    assert_eq!(sale.business_day, "2026-11-23");
}

#[test]
fn cash_moves_in_and_out_with_a_reason() {
    use CashMoveKindView::{NoSale, PayIn, PayOut, SafeDrop};
    let shop = Shop::open();
    move_cash(&shop, moving(1, PayIn, 5_000)).unwrap();
    move_cash(&shop, moving(2, PayOut, 1_250)).unwrap();
    move_cash(&shop, moving(3, SafeDrop, 8_000)).unwrap();
    move_cash(&shop, moving(4, NoSale, 0)).unwrap();
    let left = FLOAT + 5_000 - 1_250 - 8_000;
    assert_eq!(expected(&shop), left);
    assert_eq!(shop.balance(Account::Drawer), left);
    assert_eq!(shop.balance(Account::PaidIn), -5_000);
    assert_eq!(shop.balance(Account::PaidOut), 1_250);
    assert_eq!(shop.balance(Account::Safe), 8_000 - FLOAT);

    for refused in [
        MoveCash { reason: "  ".to_owned(), ..moving(5, PayIn, 100) },
        MoveCash { reason: String::new(), ..moving(5, NoSale, 0) },
        MoveCash { reason: "x".repeat(300), ..moving(5, PayOut, 100) },
        MoveCash { reason: "for\nnothing".to_owned(), ..moving(5, PayOut, 100) },
    ] {
        assert_eq!(code(move_cash(&shop, refused)), "bad_text");
    }
    for (kind, amount) in [(PayIn, 0), (PayIn, -5), (PayOut, -5), (NoSale, 100), (PayIn, i64::MAX)]
    {
        assert_eq!(code(move_cash(&shop, moving(5, kind, amount))), "bad_amount", "{kind:?}");
    }
    for kind in [PayOut, SafeDrop] {
        let refused = move_cash(&shop, moving(5, kind, left + 1)).unwrap_err();
        assert_eq!(refused.code(), "more_than_in_drawer");
        // Whoever counts blind must not learn it here.
        assert!(!refused.to_string().contains("57"), "{refused}");
    }
    let report = report(&shop);
    let moves: Vec<_> =
        report.cash_moves.iter().map(|row| (row.kind.as_str(), row.count, row.amount)).collect();
    assert_eq!(moves, [("pay_in", 1, 5_000), ("pay_out", 1, 1_250), ("safe_drop", 1, 8_000)]);
    assert_eq!(report.no_sales, 1);
    // All of it may go.
    move_cash(&shop, moving(6, SafeDrop, left)).unwrap();
    assert_eq!(close(&shop, 0).counts[0].over_short, Some(0));
    shop.books_agree();
}

#[test]
fn a_cash_movement_that_is_sent_twice_is_made_once() {
    use CashMoveKindView::{PayIn, PayOut};
    let shop = Shop::open();
    let state = move_cash(&shop, moving(1, PayIn, 5_000)).unwrap();
    let again = move_cash(&shop, moving(1, PayIn, 5_000)).unwrap();
    assert_eq!(state.shift.unwrap().expected, again.shift.unwrap().expected);
    assert_eq!(code(move_cash(&shop, moving(1, PayIn, 5_001))), "bad_request");
    assert_eq!(code(move_cash(&shop, moving(1, PayOut, 5_000))), "bad_request");
    assert_eq!(expected(&shop), FLOAT + 5_000);
    // The answer was lost, and the shift was closed meanwhile.
    close(&shop, FLOAT + 5_000);
    move_cash(&shop, moving(1, PayIn, 5_000)).unwrap();
    shop.books_agree();
}

#[test]
fn a_count_must_name_every_currency_and_add_up() {
    let shop = Shop::open();
    let count = |currency: &str, counted, pieces| CountRequest {
        currency: currency.to_owned(),
        counted,
        pieces,
    };
    for (refused, why) in [
        (vec![], "not_counted"),
        (vec![count("USD", 0, None)], "not_counted"),
        (vec![count("EUR", -1, None)], "bad_amount"),
        (vec![count("EUR", i64::MAX, None)], "bad_amount"),
        (vec![count("XXY", 1, None), count("EUR", FLOAT, None)], "bad_amount"),
        (vec![count("EUR", FLOAT, None), count("EUR", FLOAT, None)], "bad_count"),
        (vec![count("EUR", FLOAT, pieces(&[(5_000, 1)]))], "bad_count"),
        (vec![count("EUR", FLOAT, pieces(&[(-5_000, 1), (15_000, 1)]))], "bad_count"),
    ] {
        let refused = shop.call::<ShiftCloseCommand>(CloseShift { counts: refused });
        assert_eq!(code(refused), why);
    }
    assert_eq!(expected(&shop), FLOAT);
    let right = vec![count("EUR", 9_900, pieces(&[(5_000, 1), (100, 49)]))];
    let closed = shop.call::<ShiftCloseCommand>(CloseShift { counts: right }).unwrap();
    let [count] = closed.counts.as_slice() else { panic!("{:?}", closed.counts) };
    assert_eq!((count.counted, count.over_short), (Some(9_900), Some(-100)));
    assert_eq!(count.pieces.len(), 2);
    shop.books_agree();
}

#[test]
fn a_sale_that_a_drawer_cannot_count_is_refused_and_the_shift_can_still_be_closed() {
    let shop = Shop::closed();
    let float = Money::MAX_MINOR;
    shop.call::<ShiftOpenCommand>(OpenShift::with_float(float)).unwrap();
    shop.scan(BREAD);
    assert_eq!(code(shop.pay(PayWith::Cash, 345)), "bad_amount");
    assert_eq!(code(move_cash(&shop, moving(1, CashMoveKindView::PayIn, 1))), "bad_amount");
    assert!(shop.sales().is_empty());
    // A card puts nothing into the drawer.
    shop.pay(PayWith::CardExternal, 345).unwrap();
    assert_eq!(expected(&shop), float);
    assert_eq!(close(&shop, float).counts[0].over_short, Some(0));
    shop.books_agree();
}

#[test]
fn baskets_are_carried_over_a_close_but_a_part_payment_is_settled_first() {
    use countertop_app::commands::{ListParked, ParkBasket, PayTakeBack};
    use countertop_app::wire::{Park, TakeBack};
    let shop = Shop::open();
    let parked = shop.scan(WINE).id;
    shop.call::<ParkBasket>(Park { basket_id: parked, label: "table 4".to_owned() }).unwrap();
    let open = shop.scan(BREAD).id;
    let basket = shop.pay(PayWith::Cash, 100).unwrap().basket.expect("2.45 is left to pay");
    let refused = shop.call::<ShiftCloseCommand>(CloseShift::counted("EUR", FLOAT));
    assert_eq!(code(refused), "partly_paid");
    let tender_id = basket.tenders[0].id;
    shop.call::<PayTakeBack>(TakeBack { basket_id: open, tender_id }).unwrap();

    close(&shop, FLOAT);
    let basket = shop.call::<CurrentBasket>(Nothing {}).unwrap();
    assert_eq!((basket.id, basket.total), (open, 345));
    let baskets = shop.call::<ListParked>(Nothing {}).unwrap().baskets;
    assert_eq!(baskets.iter().map(|basket| basket.id).collect::<Vec<_>>(), [parked]);
    // It belongs to the shift that it is paid in.
    shop.open_shift();
    shop.pay(PayWith::Cash, 345).unwrap();
    assert_eq!((report(&shop).sales, expected(&shop)), (1, FLOAT + 345));
    shop.books_agree();
}

#[test]
fn a_z_report_reads_the_same_for_ever_and_its_numbers_have_no_gap() {
    let shop = Shop::open();
    shop.sell(&[BREAD], PayWith::Cash);
    move_cash(&shop, moving(1, CashMoveKindView::PayOut, 200)).unwrap();
    let first = close(&shop, FLOAT + 150);
    shop.open_shift();
    let second = close(&shop, FLOAT - 5);
    let mut settings = crate::common::goods::settings();
    settings.name = "Another name".to_owned();
    shop.call::<countertop_app::commands::SetShop>(settings).unwrap();
    shop.open_shift();
    shop.sell(&[WINE], PayWith::CardExternal);
    let third = close(&shop, FLOAT);
    let numbers = [&first, &second, &third].map(|z| z.z_number);
    assert_eq!(numbers, [Some(1), Some(2), Some(3)]);
    // It never begins anew.
    let totals = [&first, &second, &third].map(|z| z.grand_total);
    assert_eq!(totals, [345, 345, 345 + 1_199]);
    for part in ["Corner", "Z", "3.45", "100.00", "2.00"] {
        assert!(first.text.contains(part), "{part} is not on the report:\n{}", first.text);
    }
    assert!(first.text.lines().all(|line| line.chars().count() <= 48), "{}", first.text);

    shop.app().store().rebuild().unwrap();
    let shop = shop.reopen();
    for z in [&first, &second, &third] {
        let again = shop.call::<ShiftZ>(ShiftRequest { shift_id: z.shift_id }).unwrap();
        assert_eq!(serde_json::to_string(&again).unwrap(), serde_json::to_string(z).unwrap());
    }
    let list = shop.call::<ListClosedShifts>(Nothing {}).unwrap().shifts;
    let list: Vec<_> = list.iter().map(|row| (row.z_number, row.takings, row.over_short)).collect();
    assert_eq!(list, [(3, 1_199, 0), (2, 0, -5), (1, 345, 5)]);
    shop.open_shift();
    assert_eq!(report(&shop).grand_total, 345 + 1_199);
    let open = shop.call::<GetState>(Nothing {}).unwrap().shift.unwrap().id;
    let not_closed = shop.call::<ShiftZ>(ShiftRequest { shift_id: open });
    assert_eq!(code(not_closed), "no_such_shift");
    shop.books_agree();
}

#[test]
fn an_x_report_at_the_end_says_what_the_z_report_says() {
    let shop = Shop::open();
    shop.sell(&[BREAD, WINE], PayWith::Cash);
    let x = report(&shop);
    shop.sell(&[WINE], PayWith::CardExternal);
    let last = report(&shop);
    assert_eq!((x.sales, last.sales), (1, 2));
    assert_eq!((x.z_number, &x.counts[0].counted), (None, &None));
    let z = close(&shop, FLOAT + 345 + 1_199);
    let figures = |report: &ShiftReport| {
        let rows = json!([report.tenders, report.taxes, report.cash_moves]);
        let sums = (report.sales, report.takings, report.net, report.tax, report.grand_total);
        (rows, sums, report.first_receipt.clone(), report.last_receipt.clone())
    };
    assert_eq!(figures(&last), figures(&z));
    assert_eq!(last.net + last.tax, last.takings);
    assert_eq!(last.taxes.iter().map(|row| row.amount).sum::<i64>(), last.tax);
}

#[test]
fn whoever_counts_blind_is_not_told_what_the_drawer_should_hold() {
    let shop = Shop::open();
    shop.sell(&[BREAD], PayWith::Cash);
    let actor = Actor { role: Role::Cashier, name: "Cas".to_owned(), ..shop.caller.actor.clone() };
    let cashier = Caller { actor, ..shop.caller.clone() };
    let state = perform::<GetState>(shop.app(), &cashier, Nothing {}).unwrap();
    assert_eq!(state.shift.unwrap().expected, None);
    let x = perform::<ShiftX>(shop.app(), &cashier, Nothing {}).unwrap();
    assert!(x.counts.is_empty() && x.tenders.is_empty());
    assert!(!x.text.contains("103.45"), "{}", x.text);
    assert!(report(&shop).text.contains("103.45"));
    let list = perform::<ListClosedShifts>(shop.app(), &cashier, Nothing {});
    assert_eq!(code(list), "not_allowed");
    // After the count there is nothing to hide.
    let z = perform::<ShiftCloseCommand>(shop.app(), &cashier, CloseShift::counted("EUR", 9_000));
    assert_eq!(z.unwrap().counts[0].over_short, Some(9_000 - FLOAT - 345));
}

#[test]
fn the_drawer_opens_for_every_movement_of_cash() {
    let shop = Shop::open();
    let spool = shop.folder().join("paper.bin");
    std::fs::write(&spool, b"").unwrap();
    let device = json!({ "name": "Front", "address": format!("file:{}", spool.display()),
        "columns": null, "drawer": true });
    shop.json("devices.add", device).unwrap();
    move_cash(&shop, moving(1, CashMoveKindView::NoSale, 0)).unwrap();
    move_cash(&shop, moving(1, CashMoveKindView::NoSale, 0)).unwrap();
    crate::common::wait_for("the drawer", || {
        let waits = shop.call::<WaitingPrints>(Nothing {}).unwrap().jobs;
        waits.is_empty().then_some(())
    });
    // ESC p: the drawer's pulse, once, and nothing on paper.
    let bytes = std::fs::read(&spool).unwrap();
    assert_eq!(bytes.windows(2).filter(|pair| *pair == b"\x1bp").count(), 1, "{bytes:?}");
}
