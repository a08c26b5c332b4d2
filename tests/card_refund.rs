//! Money that goes back to a card goes back at its terminal.

use countertop_app::AppError;
use countertop_app::commands::{AddReturnCommand, GetReturnable, RefundCardCommand};
use countertop_app::wire::{AddReturn, AttemptView, CardState, PayWith, RefundCard, SaleRequest};
use countertop_devices::PaymentKind;
use countertop_domain::ids::{SaleId, TenderId};
use countertop_domain::tender::TenderKind;
use serde_json::json;
use std::time::Duration;

use crate::card::{shop, start, terminals_agree, wait_free, wait_until};
use crate::common::door::{OpenDoor, token};
use crate::common::goods::WINE;
use crate::common::terminal::{Does, Says};
use crate::common::{Shop, code};

/// Sells a bottle by card.
fn sold(shop: &Shop, bottles: usize) -> (SaleId, TenderId) {
    for _ in 0..bottles {
        shop.scan(WINE);
    }
    let paid = wait_until(shop, start(shop).tender_id, CardState::Approved);
    (paid.sale_id.unwrap(), paid.tender_id)
}

/// Takes a bottle back into the basket.
fn take_back(shop: &Shop, sale: SaleId) {
    let returnable = shop.call::<GetReturnable>(SaleRequest { sale_id: sale }).unwrap();
    shop.call::<AddReturnCommand>(AddReturn {
        basket_id: shop.basket().id,
        sale_id: sale,
        line_id: returnable.lines[0].line_id,
        quantity: 1_000,
        reason: "corked".to_owned(),
    })
    .unwrap();
}

fn refund(shop: &Shop, refunds: TenderId, amount: i64) -> Result<AttemptView, AppError> {
    shop.call::<RefundCardCommand>(RefundCard {
        basket_id: shop.basket().id,
        tender_id: shop.tender_id(),
        refunds,
        terminal_id: None,
        amount,
        print: false,
    })
}

#[test]
fn the_whole_of_todays_payment_is_reversed_by_its_receipt() {
    let shop = shop();
    let (sale, tender) = sold(&shop, 1);
    take_back(&shop, sale);
    let back = refund(&shop, tender, 1_199).unwrap();
    wait_until(&shop, back.tender_id, CardState::Approved);
    assert_eq!(shop.tills[0].ledger()[1].kind, PaymentKind::Reversal { receipt: 1 });
    let refund = &shop.sales()[1];
    assert_eq!(refund.tenders[0].kind, TenderKind::Card);
    assert_eq!(refund.tenders[0].refunds, Some(tender));
    assert_eq!(refund.tenders[0].amount.minor(), -1_199);
    terminals_agree(&shop);
}

#[test]
fn a_part_or_another_days_payment_is_refunded() {
    let shop = shop();
    let (sale, tender) = sold(&shop, 2);
    take_back(&shop, sale);
    let back = refund(&shop, tender, 1_199).unwrap();
    wait_until(&shop, back.tender_id, CardState::Approved);
    assert_eq!(shop.tills[0].ledger()[1].kind, PaymentKind::Refund);
    shop.clock.forward(Duration::from_secs(86_400));
    let (sale, tender) = sold(&shop, 1);
    shop.clock.forward(Duration::from_secs(86_400));
    take_back(&shop, sale);
    let back = refund(&shop, tender, 1_199).unwrap();
    wait_until(&shop, back.tender_id, CardState::Approved);
    assert_eq!(shop.tills[0].ledger()[3].kind, PaymentKind::Refund);
    terminals_agree(&shop);
}

#[test]
fn a_terminal_that_reverses_nothing_refunds() {
    let shop = shop();
    shop.tills[0].cannot_reverse();
    // The terminal is asked what it can do when it is started.
    let shop = shop.reopen();
    let (sale, tender) = sold(&shop, 1);
    take_back(&shop, sale);
    let back = refund(&shop, tender, 1_199).unwrap();
    wait_until(&shop, back.tender_id, CardState::Approved);
    assert_eq!(shop.tills[0].ledger()[1].kind, PaymentKind::Refund);
    terminals_agree(&shop);
}

#[test]
fn a_reversal_that_was_refused_is_tried_as_a_refund() {
    let shop = shop();
    let (sale, tender) = sold(&shop, 1);
    take_back(&shop, sale);
    shop.tills[0].next(Does::Declines);
    let back = refund(&shop, tender, 1_199).unwrap();
    assert_eq!(wait_free(&shop, back.tender_id).state, CardState::Declined);
    let back = refund(&shop, tender, 1_199).unwrap();
    wait_until(&shop, back.tender_id, CardState::Approved);
    assert_eq!(shop.tills[0].ledger()[1].kind, PaymentKind::Refund);
    terminals_agree(&shop);
}

#[test]
fn a_refund_in_doubt_is_asked_about_and_never_given_twice() {
    let shop = shop();
    let (sale, tender) = sold(&shop, 1);
    take_back(&shop, sale);
    shop.tills[0].next(Does::ChargesUnheard);
    shop.tills[0].says(Says::Nothing);
    let back = refund(&shop, tender, 1_199).unwrap();
    let view = wait_until(&shop, back.tender_id, CardState::InDoubt);
    assert!(view.words.contains("went back to the card"), "{}", view.words);
    assert_eq!(code(refund(&shop, tender, 1_199)), "card_open");
    assert_eq!(code(shop.pay(PayWith::Cash, 1_199)), "card_open");
    shop.tills[0].says(Says::TheTruth);
    let shop = shop.reopen();
    wait_until(&shop, back.tender_id, CardState::Approved);
    assert_eq!(shop.sales().len(), 2);
    terminals_agree(&shop);
}

#[test]
fn no_more_goes_back_to_a_card_than_it_paid() {
    let shop = shop();
    let (sale, tender) = sold(&shop, 1);
    take_back(&shop, sale);
    assert_eq!(code(refund(&shop, tender, 1_200)), "more_than_owed");
    assert_eq!(code(refund(&shop, shop.tender_id(), 1_199)), "no_such_payment");
    assert_eq!(shop.tills[0].orders().len(), 1);
    let plain = shop.request(shop.basket().id, PayWith::Card, 1_199);
    assert!(shop.call::<countertop_app::commands::PayTender>(plain).is_err());
}

#[test]
fn a_program_gives_nothing_back_to_a_card_that_was_paid_at_a_terminal() {
    let shop = shop();
    let (sale, _) = sold(&shop, 1);
    let (_, secret) = token(&shop, &["refunds", "sales:read", "credit"]);
    let door = OpenDoor::of(shop.app());
    let body = json!({ "sale_id": sale, "reason": "corked", "lines": [] });
    let key = ["Idempotency-Key: 01900000-0000-7000-8000-00000000cccc"];
    let refused = door.ask_with(&secret, "POST", "/v1/refunds", Some(&body), &key);
    refused.is_problem(409, "needs_terminal");
    assert_eq!(shop.sales().len(), 1, "nothing went back");
    terminals_agree(&shop);
    // What is owed goes to store credit, where the shop wants that, or back at the till.
    take_back(&shop, sale);
    let back = refund(&shop, shop.sales()[0].tenders[0].id, 1_199).unwrap();
    wait_until(&shop, back.tender_id, CardState::Approved);
    terminals_agree(&shop);
}
