//! Shifts: from the float to the count.

use countertop_app::commands::{GetState, ShiftCloseCommand, ShiftOpenCommand};
use countertop_app::wire::{CloseShift, Nothing, OpenShift, PayWith};
use countertop_domain::money::Money;
use countertop_domain::posting::Account;

use crate::common::goods::{BREAD, WINE};
use crate::common::{FLOAT, Shop, code};

#[test]
fn the_drawer_holds_float_and_cash_and_is_empty_after_the_count() {
    let shop = Shop::open();
    shop.scan(BREAD);
    // What was handed over is not what stays: 1.55 goes back.
    assert_eq!(shop.pay(PayWith::Cash, 500).unwrap().sale.expect("paid in full").change, 155);
    shop.sell(&[WINE], PayWith::CardExternal);
    let shift = shop.call::<GetState>(Nothing {}).unwrap().shift.expect("a shift is open");
    assert_eq!((shift.sales, shift.cash, shift.card), (2, 345, 1_199));
    assert_eq!(shift.expected, FLOAT + 345);

    let closed = shop.close_shift(FLOAT + 300);
    assert_eq!((closed.expected, closed.over_short), (FLOAT + 345, -45));
    assert_eq!(shop.balance(Account::Drawer), 0);
    assert_eq!(shop.balance(Account::OverShort), 45);
    assert_eq!(shop.balance(Account::Safe), 300);
    shop.books_agree();
}

#[test]
fn one_shift_is_open_at_a_time() {
    let shop = Shop::open();
    assert_eq!(code(shop.call::<ShiftOpenCommand>(OpenShift { float: 0 })), "shift_open");
    shop.close_shift(FLOAT);
    assert_eq!(code(shop.call::<ShiftCloseCommand>(CloseShift { counted: 0 })), "no_shift");
    shop.open_shift();
    shop.books_agree();
}

#[test]
fn a_float_or_count_below_nothing_is_refused() {
    let shop = Shop::closed();
    assert_eq!(code(shop.call::<ShiftOpenCommand>(OpenShift { float: -1 })), "bad_text");
    let huge = OpenShift { float: i64::MAX };
    assert_eq!(code(shop.call::<ShiftOpenCommand>(huge)), "bad_amount");
    shop.open_shift();
    assert_eq!(code(shop.call::<ShiftCloseCommand>(CloseShift { counted: -1 })), "bad_text");
    assert!(shop.call::<GetState>(Nothing {}).unwrap().shift.is_some());
}

#[test]
fn a_sale_that_a_drawer_cannot_count_is_refused_and_the_shift_can_still_be_closed() {
    let shop = Shop::closed();
    let float = Money::MAX_MINOR;
    shop.call::<ShiftOpenCommand>(OpenShift { float }).unwrap();
    shop.scan(BREAD);
    assert_eq!(code(shop.pay(PayWith::Cash, 345)), "bad_amount");
    assert!(shop.sales().is_empty());
    // A card puts nothing into the drawer.
    shop.pay(PayWith::CardExternal, 345).unwrap();
    assert_eq!(shop.call::<GetState>(Nothing {}).unwrap().shift.unwrap().expected, float);
    assert_eq!(shop.close_shift(float).over_short, 0);
    shop.books_agree();
}

#[test]
fn a_night_shift_keeps_the_day_that_it_began_on() {
    let shop = Shop::open();
    shop.clock.forward(std::time::Duration::from_secs(12 * 3_600));
    let sale = shop.sell(&[BREAD], PayWith::Cash);
    assert_eq!(sale.local_time, "2026-11-24 02:08");
    assert_eq!(sale.business_day, "2026-11-23");
}
