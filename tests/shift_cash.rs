//! What the drawer should hold, whatever was done: by currency, after every command.

use std::time::Duration;

use countertop_app::commands::{
    AddReturnCommand, GetState, MoveCashCommand, PayTakeBack, PayTender, SetShop,
    ShiftCloseCommand, ShiftOpenCommand, ShiftX,
};
use countertop_app::wire::{
    AddReturn, CashMoveKindView, CloseShift, CountRequest, CurrencyAmount, ForeignSetting,
    MoneySettings, MoveCash, Nothing, OpenShift, PayRequest, PayWith, SaleView, ShopSettings,
    TakeBack,
};
use countertop_domain::ids::CashMoveId;
use countertop_domain::posting::Account;
use uuid::Uuid;

use crate::common::goods::{self, BREAD, CHEESE, TOOL, WATER, WINE};
use crate::common::{Dice, FLOAT, Shop, code};

/// A shop that takes dollars at 0.92 and francs at 1.0425 euros, without a shift.
fn abroad() -> Shop {
    let shop = Shop::closed();
    set_rates(&shop, "0.92");
    shop
}

fn set_rates(shop: &Shop, dollar: &str) {
    let foreign = |currency: &str, rate: &str| ForeignSetting {
        currency: currency.to_owned(),
        rate: rate.to_owned(),
    };
    let money = MoneySettings {
        cash_step: None,
        tenders: vec![PayWith::Cash, PayWith::CardExternal, PayWith::ForeignCash],
        custom: Vec::new(),
        foreign: vec![foreign("USD", dollar), foreign("CHF", "1.0425")],
        tip_percents: Vec::new(),
        cashier_discount_limit: None,
        bank: None,
        wallet: None,
    };
    shop.call::<SetShop>(ShopSettings { money: Some(money), ..goods::settings() }).unwrap();
}

/// What somebody with a pencil would have written down.
#[derive(Debug, Default)]
struct Pencil {
    euros: i64,
    dollars: i64,
    /// Takings since the beginning, and of this shift.
    ever: i64,
    shifts: u32,
    /// Sales that were paid in cash and are not refunded yet.
    refundable: Vec<SaleView>,
    moves: u128,
}

impl Pencil {
    fn open(&mut self, shop: &Shop, euros: i64, dollars: i64) {
        let usd = CurrencyAmount { currency: "USD".to_owned(), exponent: 2, amount: dollars };
        let open = OpenShift { foreign: Some(vec![usd]), ..OpenShift::with_float(euros) };
        shop.call::<ShiftOpenCommand>(open).unwrap();
        (self.euros, self.dollars) = (euros, dollars);
    }

    fn step(&mut self, shop: &Shop, dice: &mut Dice) {
        match dice.below(13) {
            0..=2 => self.sell_for_cash(shop, dice),
            3 => {
                let due = scan(shop, dice);
                self.paid(pay(shop, PayWith::CardExternal, due));
            }
            4 | 5 => self.sell_for_dollars(shop, dice),
            6 => {
                let due = scan(shop, dice);
                assert!(shop.pay(PayWith::Cash, 100).unwrap().sale.is_none());
                self.euros += 100;
                self.paid(pay(shop, PayWith::CardExternal, due - 100));
            }
            7 => self.change_their_mind(shop, dice),
            8 => self.refund(shop, dice),
            9..=11 => self.move_cash(shop, dice),
            _ => self.close(shop, dice),
        }
    }

    fn paid(&mut self, sale: SaleView) -> SaleView {
        self.ever += sale.total;
        sale
    }

    fn sell_for_cash(&mut self, shop: &Shop, dice: &mut Dice) {
        let due = scan(shop, dice);
        let offered = due + i64::try_from(dice.below(5_000)).unwrap();
        let sale = self.paid(pay(shop, PayWith::Cash, offered));
        assert_eq!(sale.change, offered - due);
        self.euros += due;
        self.refundable.push(sale);
    }

    fn sell_for_dollars(&mut self, shop: &Shop, dice: &mut Dice) {
        let due = scan(shop, dice);
        let handed = due * 100 / 92 + 1 + i64::try_from(dice.below(3_000)).unwrap();
        let request = PayRequest {
            currency: Some("USD".to_owned()),
            ..shop.request(shop.basket().id, PayWith::ForeignCash, handed)
        };
        let sale = shop.call::<PayTender>(request).unwrap().sale.expect("paid in full");
        let worth = (handed * 92 + 50) / 100;
        assert_eq!(sale.change, worth - due);
        self.dollars += handed;
        self.euros -= worth - due;
        self.paid(sale);
    }

    /// Cash is taken for a part, and given back.
    fn change_their_mind(&mut self, shop: &Shop, dice: &mut Dice) {
        let due = scan(shop, dice);
        let basket = shop.pay(PayWith::Cash, 50).unwrap().basket.expect("more is due");
        let (basket_id, tender_id) = (basket.id, basket.tenders[0].id);
        shop.call::<PayTakeBack>(TakeBack { basket_id, tender_id }).unwrap();
        self.paid(pay(shop, PayWith::CardExternal, due));
    }

    /// One piece of the first line comes back, and its price goes out of the drawer.
    fn refund(&mut self, shop: &Shop, dice: &mut Dice) {
        if self.refundable.is_empty() {
            return;
        }
        let at = usize::try_from(dice.below(self.refundable.len() as u64)).unwrap();
        let sale = self.refundable.swap_remove(at);
        let basket = shop
            .call::<AddReturnCommand>(AddReturn {
                basket_id: shop.basket().id,
                sale_id: sale.id,
                line_id: sale.lines[0].id,
                quantity: 1_000,
                reason: "changed their mind".to_owned(),
            })
            .unwrap();
        assert!(basket.due < 0, "{basket:?}");
        let request = PayRequest {
            refunds: Some(sale.tenders[0].id),
            ..shop.request(basket.id, PayWith::Cash, -basket.due)
        };
        let refund = shop.call::<PayTender>(request).unwrap().sale.expect("paid out");
        self.euros += refund.total;
        assert!(refund.total < 0);
        self.paid(refund);
    }

    fn move_cash(&mut self, shop: &Shop, dice: &mut Dice) {
        use CashMoveKindView::{NoSale, PayIn, PayOut, SafeDrop};
        self.moves += 1;
        let in_dollars = dice.below(3) == 0;
        let kind = [PayIn, PayOut, SafeDrop, NoSale][usize::try_from(dice.below(4)).unwrap()];
        let amount = match kind {
            NoSale => 0,
            _ => 1 + i64::try_from(dice.below(9_000)).unwrap(),
        };
        let held = if in_dollars { &mut self.dollars } else { &mut self.euros };
        let moved = shop.call::<MoveCashCommand>(MoveCash {
            id: CashMoveId::new(Uuid::from_u128(self.moves)),
            kind,
            amount,
            currency: in_dollars.then(|| "USD".to_owned()),
            reason: "as agreed".to_owned(),
        });
        match kind {
            PayIn => *held += amount,
            PayOut | SafeDrop if amount > *held => {
                assert_eq!(code(moved), "more_than_in_drawer");
                return;
            }
            PayOut | SafeDrop => *held -= amount,
            NoSale => {}
        }
        moved.unwrap();
    }

    fn close(&mut self, shop: &Shop, dice: &mut Dice) {
        let count = |currency: &str, held: i64| CountRequest {
            currency: currency.to_owned(),
            counted: held.max(0),
            pieces: None,
        };
        let miscount = i64::try_from(dice.below(100)).unwrap();
        let counts = vec![count("USD", self.dollars), count("EUR", self.euros + miscount)];
        let z = shop.call::<ShiftCloseCommand>(CloseShift { counts }).unwrap();
        self.shifts += 1;
        assert_eq!(z.z_number, Some(self.shifts));
        assert_eq!(z.grand_total, self.ever);
        let differences: Vec<_> = z.counts.iter().map(|count| count.over_short).collect();
        assert_eq!(differences, [Some((self.euros + miscount).max(0) - self.euros), Some(0)]);
        for account in [Account::Drawer, Account::DrawerForeign] {
            assert_eq!(shop.balance(account), 0, "{account:?}");
        }
        self.open(shop, FLOAT, i64::try_from(dice.below(5_000)).unwrap());
    }

    /// Every place that tells what is in the drawer tells the same.
    fn agrees(&self, shop: &Shop, step: &str) {
        let state = shop.call::<GetState>(Nothing {}).unwrap();
        assert_eq!(state.shift.unwrap().expected, Some(self.euros), "{step}");
        assert_eq!(shop.balance(Account::Drawer), self.euros, "{step}");
        let x = shop.call::<ShiftX>(Nothing {}).unwrap();
        let held: Vec<_> = x.counts.iter().map(|c| (c.currency.as_str(), c.expected)).collect();
        assert_eq!(held, [("EUR", self.euros), ("USD", self.dollars)], "{step}");
        assert_eq!(x.grand_total, self.ever, "{step}");
    }
}

fn scan(shop: &Shop, dice: &mut Dice) -> i64 {
    let goods = [BREAD, WINE, WATER, CHEESE, TOOL];
    for _ in 0..=dice.below(3) {
        shop.scan(goods[usize::try_from(dice.below(5)).unwrap()]);
    }
    // Never less than what is taken as a part.
    shop.scan(BREAD).due
}

fn pay(shop: &Shop, kind: PayWith, offered: i64) -> SaleView {
    shop.pay(kind, offered).unwrap().sale.expect("paid in full")
}

#[test]
fn the_drawer_should_hold_what_went_in_less_what_went_out_by_currency() {
    for seed in 0..8 {
        let shop = abroad();
        let (mut dice, mut pencil) = (Dice(seed), Pencil::default());
        pencil.open(&shop, FLOAT, 4_000);
        for step in 0..40 {
            pencil.step(&shop, &mut dice);
            pencil.agrees(&shop, &format!("seed {seed}, step {step}"));
        }
        shop.books_agree();
    }
}

#[test]
fn foreign_cash_has_a_count_of_its_own() {
    let shop = abroad();
    shop.open_shift();
    shop.scan(WINE);
    // 20.00 dollars are 18.40 euros; 11.99 are due, and change is given in euros.
    let request = PayRequest {
        currency: Some("USD".to_owned()),
        ..shop.request(shop.basket().id, PayWith::ForeignCash, 2_000)
    };
    let sale = shop.call::<PayTender>(request).unwrap().sale.unwrap();
    assert_eq!(sale.change, 641);
    assert_eq!(shop.balance(Account::Drawer), FLOAT - 641);
    assert_eq!(shop.balance(Account::DrawerForeign), 1_840);

    // Kuna were never taken and have no rate; francs have one, but none are there.
    let take = |id, currency: &str, amount| MoveCash {
        id: CashMoveId::new(Uuid::from_u128(id)),
        kind: CashMoveKindView::SafeDrop,
        amount,
        currency: Some(currency.to_owned()),
        reason: "to the bank".to_owned(),
    };
    for (currency, amount) in [("HRK", 100), ("CHF", 100), ("USD", 2_001)] {
        let refused = shop.call::<MoveCashCommand>(take(1, currency, amount));
        assert_eq!(code(refused), "more_than_in_drawer", "{currency}");
    }
    let unknown = shop.call::<MoveCashCommand>(take(1, "XQZ", 100));
    assert_eq!(code(unknown), "bad_amount");
    let kind = CashMoveKindView::PayIn;
    let refused = shop.call::<MoveCashCommand>(MoveCash { kind, ..take(1, "HRK", 100) });
    assert_eq!(code(refused), "needs_rate");
    // A third of the dollars takes a third of their worth along.
    shop.call::<MoveCashCommand>(take(2, "USD", 667)).unwrap();
    assert_eq!(shop.balance(Account::DrawerForeign), 1_840 - 614);

    let refused = shop.call::<ShiftCloseCommand>(CloseShift::counted("EUR", FLOAT - 641));
    let refused = refused.unwrap_err();
    assert_eq!(refused.code(), "not_counted");
    assert!(refused.to_string().contains("USD"), "{refused}");
    let count = |currency: &str, counted| CountRequest {
        currency: currency.to_owned(),
        counted,
        pieces: None,
    };
    // Somebody left a franc.
    let counts = vec![count("USD", 1_300), count("CHF", 100), count("EUR", FLOAT - 641)];
    let z = shop.call::<ShiftCloseCommand>(CloseShift { counts }).unwrap();
    let found: Vec<_> =
        z.counts.iter().map(|c| (c.currency.as_str(), c.expected, c.over_short)).collect();
    let euros = FLOAT - 641;
    assert_eq!(found, [("EUR", euros, Some(0)), ("USD", 1_333, Some(-33)), ("CHF", 0, Some(100))]);
    assert_eq!(shop.balance(Account::DrawerForeign), 0);
    shop.books_agree();
}

#[test]
fn foreign_cash_leaves_the_books_at_what_it_was_worth_when_it_came() {
    let shop = abroad();
    let open = OpenShift { foreign: Some(vec![usd(4_000)]), ..OpenShift::with_float(FLOAT) };
    shop.call::<ShiftOpenCommand>(open).unwrap();
    assert_eq!(shop.balance(Account::DrawerForeign), 3_680);
    set_rates(&shop, "0.50");
    let drop = |id, amount| {
        let moved = MoveCash {
            id: CashMoveId::new(Uuid::from_u128(id)),
            kind: CashMoveKindView::SafeDrop,
            amount,
            currency: Some("USD".to_owned()),
            reason: "to the bank".to_owned(),
        };
        shop.call::<MoveCashCommand>(moved).unwrap();
        shop.balance(Account::DrawerForeign)
    };
    assert_eq!(drop(1, 1_333), 3_680 - 1_226);
    // The last of it takes all that is left along.
    assert_eq!(drop(2, 2_667), 0);
}

#[test]
fn the_drawer_lists_the_currencies_that_it_takes() {
    let shop = abroad();
    let drawer = shop.call::<GetState>(Nothing {}).unwrap().drawer;
    let rates: Vec<_> = drawer.iter().map(|c| (c.currency.as_str(), c.rate.as_deref())).collect();
    assert_eq!(rates, [("EUR", None), ("USD", Some("0.92")), ("CHF", Some("1.0425"))]);
    assert_eq!(drawer[0].denominations.first(), Some(&50_000));
    assert!(drawer.iter().all(|c| c.denominations.is_sorted_by(|a, b| a > b)));
    let home = CurrencyAmount { currency: "EUR".to_owned(), exponent: 2, amount: 100 };
    for (foreign, why) in [
        (vec![home], "bad_count"),
        (vec![usd(100), usd(100)], "bad_count"),
        (vec![usd(-100)], "bad_amount"),
        (vec![CurrencyAmount { currency: "HRK".to_owned(), ..usd(100) }], "needs_rate"),
    ] {
        let open = OpenShift { foreign: Some(foreign), ..OpenShift::with_float(FLOAT) };
        assert_eq!(code(shop.call::<ShiftOpenCommand>(open)), why);
    }
}

fn usd(amount: i64) -> CurrencyAmount {
    CurrencyAmount { currency: "USD".to_owned(), exponent: 2, amount }
}

#[test]
fn a_shift_that_is_open_for_days_and_across_a_clock_change_still_balances() {
    let day = Duration::from_secs(24 * 3_600);
    let shop = Shop::open();
    shop.sell(&[BREAD], PayWith::Cash);
    shop.clock.forward(day * 3);
    shop.sell(&[WINE], PayWith::Cash);
    // The clocks go back: this sale seems to be made before the last one.
    shop.clock.change_to(0);
    let sale = shop.sell(&[WATER], PayWith::Cash);
    assert_eq!(sale.local_time, "2026-11-26 13:08");
    // And the computer's clock is set back by a week.
    let shop = shop.reopen();
    shop.clock.back(day * 7);
    let sale = shop.sell(&[BREAD], PayWith::CardExternal);
    assert_eq!(
        (sale.local_time.as_str(), sale.business_day.as_str()),
        ("2026-11-19 13:08", "2026-11-23")
    );
    shop.clock.forward(day * 9);
    let cash = 345 + 1_199 + 79;
    let z = shop.call::<ShiftCloseCommand>(CloseShift::counted("EUR", FLOAT + cash)).unwrap();
    assert_eq!((z.sales, z.takings), (4, cash + 345));
    assert_eq!(z.counts[0].over_short, Some(0));
    assert_eq!(z.business_day, "2026-11-23");
    assert_eq!(z.closed_local.as_deref(), Some("2026-11-28 13:08"));
    assert_eq!(
        (z.first_receipt.as_deref(), z.last_receipt.as_deref()),
        (Some("T1-1"), Some("T1-4"))
    );
    shop.books_agree();
}

#[test]
fn a_sale_belongs_to_the_shift_that_it_was_paid_in_not_to_a_time() {
    let shop = Shop::open();
    shop.sell(&[BREAD], PayWith::Cash);
    let first = shop.call::<ShiftCloseCommand>(CloseShift::counted("EUR", FLOAT + 345)).unwrap();
    // In the same millisecond.
    shop.open_shift();
    shop.sell(&[WINE], PayWith::Cash);
    let second = shop.call::<ShiftCloseCommand>(CloseShift::counted("EUR", FLOAT + 1_199)).unwrap();
    assert_eq!((first.takings, second.takings), (345, 1_199));
    assert_eq!(first.closed_local, second.closed_local);
    assert_eq!(second.first_receipt.as_deref(), Some("T1-2"));
    assert_eq!(second.grand_total, 345 + 1_199);
    shop.books_agree();
}
