//! Gift cards, store credit and accounts.

use countertop_domain::basket::{Basket, Change};
use countertop_domain::credit::{
    self, CreditError, CreditIssued, CreditKind, CreditMove, after_open, apply, check_issue,
    of_issue, of_sale, of_tenders,
};
use countertop_domain::ids::{BasketId, ItemId, LineId, VariantId};
use countertop_domain::item::Sellable;
use countertop_domain::money::{Currency, Money};
use countertop_domain::posting::{self, Account};
use countertop_domain::quantity::{Quantity, Unit};
use countertop_domain::returns::give_back;
use countertop_domain::tax::TaxClass;
use countertop_domain::tender::{Offer, PayOut, TenderKind, pay_out};
use proptest::prelude::*;

use crate::shop::{Outcome, Shop, Wanted, actor, at, cases, eur, id, uuid};

fn row(kind: CreditKind, code: &str, minor: i64) -> CreditMove {
    CreditMove { kind, code: code.to_owned(), amount: eur(minor) }
}

fn with(kind: TenderKind, code: &str, number: u128, minor: i64) -> Offer {
    Offer { reference: Some(code.to_owned()), ..Offer::new(id(number), kind, eur(minor)) }
}

fn sell_card(basket: &mut Basket, line: u128, code: &str, minor: i64) {
    let sellable = Sellable {
        item: ItemId::new(uuid(900)),
        variant: VariantId::new(uuid(900)),
        name: "Gift card".to_owned(),
        sku: None,
        category: None,
        unit: Unit::Piece,
        price: None,
        tax_class: TaxClass::exempt(),
        tracks_stock: false,
        unit_cost: None,
    };
    let change = Change::AddGiftCard {
        line: LineId::new(uuid(line)),
        sellable,
        code: code.to_owned(),
        amount: eur(minor),
    };
    basket.apply(change).unwrap();
}

#[test]
fn a_gift_card_is_loaded_spent_and_never_overspent() -> Outcome {
    let shop = Shop::new(Currency::EUR);
    let mut basket = shop.basket(1, &[], None);
    sell_card(&mut basket, 1, "G-1", 5_000);
    shop.pay_cash(&mut basket, 1);
    let loaded = shop.close(&basket, 1);
    assert_eq!(of_sale(&loaded), [row(CreditKind::GiftCard, "G-1", 5_000)]);
    // What is loaded is owed, not earned.
    let accounts: Vec<_> = posting::of_sale(&loaded)?.iter().map(|one| one.account).collect();
    assert_eq!(accounts, [Account::Drawer, Account::GiftCards]);

    let balance = apply(eur(0), None, &of_sale(&loaded)[0])?;
    let mut basket = shop.basket(2, &[Wanted::pieces(0, 3_000, 1)], None);
    shop.pay(&mut basket, with(TenderKind::GiftCard, "G-1", 2, 3_000));
    let spent = shop.close(&basket, 2);
    assert_eq!(of_sale(&spent), [row(CreditKind::GiftCard, "G-1", -3_000)]);
    let balance = apply(balance, None, &of_sale(&spent)[0])?;
    assert_eq!(balance, eur(2_000));

    let refused = apply(balance, None, &row(CreditKind::GiftCard, "G-1", -2_001)).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "gift card G-1 holds 20.00 EUR, not 20.01 EUR: take 20.00 EUR from it and the rest \
         another way"
    );
    assert_eq!(apply(balance, None, &row(CreditKind::GiftCard, "G-1", -2_000))?, eur(0));
    Ok(())
}

#[test]
fn a_card_used_twice_in_one_basket_counts_twice() -> Outcome {
    let shop = Shop::new(Currency::EUR);
    let mut basket = shop.basket(2, &[Wanted::pieces(0, 6_000, 1)], None);
    shop.pay(&mut basket, with(TenderKind::GiftCard, "G-1", 2, 1_500));
    shop.pay(&mut basket, with(TenderKind::GiftCard, "G-2", 3, 1_000));
    let open = of_tenders(basket.tenders());
    let left = after_open(eur(2_000), CreditKind::GiftCard, "G-1", &open)?;
    assert_eq!(left, eur(500));
    let second = row(CreditKind::GiftCard, "G-1", -501);
    assert!(matches!(apply(left, None, &second), Err(CreditError::NotEnough { .. })));
    // Store credit with the same code is another ledger.
    let other = after_open(eur(2_000), CreditKind::StoreCredit, "G-1", &open)?;
    assert_eq!(other, eur(2_000));
    Ok(())
}

#[test]
fn a_gift_card_that_was_spent_cannot_be_given_back() -> Outcome {
    let shop = Shop::new(Currency::EUR);
    let mut basket = shop.basket(1, &[], None);
    sell_card(&mut basket, 1, "G-1", 5_000);
    shop.pay_cash(&mut basket, 1);
    let sale = shop.close(&basket, 1);
    let line = sale.lines[0].id;
    let back = give_back(&sale, &[], &[], line, Quantity::ONE, LineId::new(uuid(9)), "gift")?;
    let mut basket = Basket::new(BasketId::new(uuid(3)));
    basket.apply(Change::AddReturn(Box::new(back)))?;
    let out = pay_out(PayOut::new(id(4), TenderKind::Cash, eur(5_000)), eur(-5_000), None)?;
    basket.add_tender(out, at());
    let refund = shop.close(&basket, 2);
    let moves = of_sale(&refund);
    assert_eq!(moves, [row(CreditKind::GiftCard, "G-1", -5_000)]);
    assert_eq!(apply(eur(5_000), None, &moves[0])?, eur(0));
    assert!(matches!(apply(eur(4_999), None, &moves[0]), Err(CreditError::NotEnough { .. })));
    Ok(())
}

#[test]
fn a_refund_to_store_credit_is_owed_and_can_be_spent() -> Outcome {
    let shop = Shop::new(Currency::EUR);
    let mut basket = shop.basket(1, &[Wanted::pieces(0, 2_500, 1)], None);
    shop.pay_cash(&mut basket, 1);
    let sale = shop.close(&basket, 1);
    let line = sale.lines[0].id;
    let back = give_back(&sale, &[], &[], line, Quantity::ONE, LineId::new(uuid(9)), "")?;
    let mut basket = Basket::new(BasketId::new(uuid(3)));
    basket.apply(Change::AddReturn(Box::new(back)))?;
    let wish = PayOut {
        reference: Some("S-1".to_owned()),
        ..PayOut::new(id(4), TenderKind::StoreCredit, eur(2_500))
    };
    basket.add_tender(pay_out(wish, eur(-2_500), None)?, at());
    let refund = shop.close(&basket, 2);
    assert_eq!(of_sale(&refund), [row(CreditKind::StoreCredit, "S-1", 2_500)]);
    Ok(())
}

#[test]
fn an_account_goes_up_to_its_limit_and_no_further() -> Outcome {
    let owe = |minor| row(CreditKind::Account, "c-1", minor);
    let limit = Some(eur(10_000));
    assert_eq!(apply(eur(4_000), limit, &owe(6_000))?, eur(10_000));
    let refused = apply(eur(4_000), limit, &owe(6_001)).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "60.01 EUR would bring the account to 100.01 EUR, above its limit of 100.00 EUR: \
         60.00 EUR may still go on it"
    );
    // No limit is no credit.
    assert!(matches!(apply(eur(0), None, &owe(1)), Err(CreditError::OverLimit { .. })));
    // A limit that was lowered stops new debt, not its payment; nothing more fits.
    assert_eq!(apply(eur(12_000), limit, &owe(-500))?, eur(11_500));
    let over = apply(eur(12_000), limit, &owe(1));
    assert!(matches!(over, Err(CreditError::OverLimit { left, .. }) if left.is_zero()));
    // Paying more than is owed leaves a balance in the customer's favour.
    assert_eq!(apply(eur(500), None, &owe(-800))?, eur(-300));
    Ok(())
}

#[test]
fn credit_by_hand_needs_an_amount_a_code_and_a_reason() -> Outcome {
    let issued = |kind, minor, code: &str, reason: &str| CreditIssued {
        id: None,
        kind,
        code: code.to_owned(),
        amount: eur(minor),
        reason: reason.to_owned(),
        at: at(),
        actor: actor(),
    };
    let good = issued(CreditKind::StoreCredit, 500, "S-9", "late delivery");
    assert_eq!(check_issue(&good), Ok(()));
    assert_eq!(of_issue(&good), row(CreditKind::StoreCredit, "S-9", 500));
    // Goodwill on an account lessens the debt.
    let account = issued(CreditKind::Account, 500, "c-1", "late delivery");
    assert_eq!(of_issue(&account), row(CreditKind::Account, "c-1", -500));
    for (bad, error) in [
        (issued(CreditKind::GiftCard, 0, "G", "x"), CreditError::NotPositive),
        (issued(CreditKind::GiftCard, -5, "G", "x"), CreditError::NotPositive),
        (issued(CreditKind::GiftCard, 5, "G", " "), CreditError::NeedsReason),
        (
            issued(CreditKind::GiftCard, 5, " ", "x"),
            CreditError::NeedsCode { kind: CreditKind::GiftCard },
        ),
    ] {
        assert_eq!(check_issue(&bad), Err(error));
    }
    for kind in [CreditKind::GiftCard, CreditKind::StoreCredit, CreditKind::Account] {
        assert_eq!(CreditKind::parse(kind.name()), Some(kind));
    }
    Ok(())
}

#[test]
fn a_card_can_be_topped_up_and_spent_on_one_ticket_in_any_order() -> Outcome {
    let shop = Shop::new(Currency::EUR);
    let mut basket = shop.basket(1, &[Wanted::pieces(0, 3_000, 1)], None);
    sell_card(&mut basket, 99, "G-1", 1_000);
    shop.pay(&mut basket, with(TenderKind::GiftCard, "G-1", 1, 2_500));
    shop.pay_cash(&mut basket, 2);
    let sale = shop.close(&basket, 1);
    let mut balance = eur(1_500);
    for one in of_sale(&sale) {
        balance = apply(balance, None, &one)?;
    }
    assert_eq!(balance, eur(0));
    Ok(())
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn a_ledger_is_the_sum_of_its_rows_and_never_below_zero(
        rows in prop::collection::vec((-5_000_i64..5_000, 0_usize..3), 1..60),
        limit in prop::option::of(0_i64..10_000),
    ) {
        let kinds = [CreditKind::GiftCard, CreditKind::StoreCredit, CreditKind::Account];
        let limit = limit.map(eur);
        let mut balances = [0_i64; 3];
        for (amount, kind) in rows {
            let before = balances[kind];
            match apply(eur(before), limit, &row(kinds[kind], "x", amount)) {
                Ok(after) => {
                    prop_assert_eq!(after.minor(), before + amount);
                    balances[kind] = after.minor();
                }
                Err(CreditError::NotEnough { .. }) => {
                    prop_assert!(kind < 2 && before + amount < 0);
                }
                Err(CreditError::OverLimit { .. }) => {
                    let most = limit.map_or(0, Money::minor);
                    prop_assert!(kind == 2 && amount > 0 && before + amount > most);
                }
                Err(other) => return Err(TestCaseError::fail(other.to_string())),
            }
            prop_assert!(balances[0] >= 0 && balances[1] >= 0);
            prop_assert!(balances[2] <= limit.map_or(0, Money::minor));
        }
    }
}

#[test]
fn a_payment_on_account_lessens_the_debt() {
    let shop = Shop::new(Currency::EUR);
    let mut basket = shop.basket(1, &[Wanted::pieces(0, 2_500, 1)], None);
    shop.pay(&mut basket, with(TenderKind::OnAccount, "c-1", 1, 2_500));
    let sale = shop.close(&basket, 1);
    assert_eq!(of_sale(&sale), [row(CreditKind::Account, "c-1", 2_500)]);
    let customer = countertop_domain::ids::CustomerId::new(uuid(5));
    let payment = crate::books::account_payment(customer, 1_000);
    let moved = credit::of_account_payment(&payment);
    assert_eq!(moved, row(CreditKind::Account, &customer.to_string(), -1_000));
}
