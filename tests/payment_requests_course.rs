//! The course of a payment request: waiting, expiring, a register that stops, and payments of which
//! nobody knows what became.

use std::time::Duration;

use countertop_app::commands::{AcceptRequest, ParkBasket, StartCardCommand};
use countertop_app::payment_requests;
use countertop_app::wire::{Park, PayWith, PaymentRequestRef, StartCard};
use countertop_domain::ids::{BasketId, PaymentRequestId};
use serde_json::json;

use crate::card::{add_terminal, terminals_agree};
use crate::common::goods::BREAD;
use crate::common::terminal::{Does, Says};
use crate::common::{Shop, code, wait_for};
use crate::payment_requests::{
    accept, ask, cancel, data, end, link, look, open, pay, program, receive, shop,
};

#[test]
fn one_at_a_time_and_twenty_wait_for_those_who_ask_to() {
    let shop = shop();
    let first = ask(&shop, json!({})).unwrap().id;
    assert_eq!(code(ask(&shop, json!({ "state": "b" }))), "could_not_perform");
    let busy = receive(&shop, &link(json!({ "state": "b" })));
    assert_eq!(data(&busy.end.unwrap().callback_url.unwrap())["error_code"], "could_not_perform");
    let queued =
        |n: usize| ask(&shop, json!({ "state": format!("q{n}"), "options": { "queue": true } }));
    let waiting: Vec<_> = (0..20).map(|n| queued(n).unwrap().id).collect();
    assert_eq!(code(queued(20)), "could_not_perform");
    assert_eq!(open(&shop).waiting, 20);
    cancel(&shop, first).unwrap();
    assert_eq!(open(&shop).current.unwrap().id, waiting[0], "in the order in which they came");
}

#[test]
fn a_request_that_nobody_takes_is_over_after_fifteen_minutes() {
    let shop = shop();
    let id = ask(&shop, json!({})).unwrap().id;
    shop.clock.forward(Duration::from_secs(15 * 60 - 1));
    assert_eq!(look(&shop, id).status, "received");
    shop.clock.forward(Duration::from_secs(1));
    let record = look(&shop, id);
    assert_eq!(record.status, "expired");
    assert_eq!(record.reply.unwrap().error_code.unwrap(), "payment_canceled");
    assert_eq!(
        code(shop.call::<AcceptRequest>(PaymentRequestRef { request_id: id })),
        "request_ended"
    );
    // Accepted, and nothing paid: it goes as well. Something paid: it stays.
    let empty = ask(&shop, json!({ "state": "b" })).unwrap().id;
    accept(&shop, empty);
    shop.clock.forward(Duration::from_secs(15 * 60));
    assert_eq!(look(&shop, empty).status, "expired");
    assert!(shop.basket().lines.is_empty());
    let part = ask(&shop, json!({ "state": "c" })).unwrap().id;
    let basket = accept(&shop, part);
    pay(&shop, basket.id, PayWith::Cash, 100).unwrap();
    shop.clock.forward(Duration::from_secs(15 * 60));
    assert_eq!(look(&shop, part).status, "accepted", "money was taken for it");
    assert!(pay(&shop, basket.id, PayWith::Cash, 999).unwrap());
    assert_eq!(look(&shop, part).status, "completed");
    let soon = json!({ "state": "d", "expires_at": "2026-11-23T13:00:00Z" });
    assert_eq!(code(ask(&shop, soon)), "data_invalid");
}

#[test]
fn what_was_open_when_the_register_stopped_is_shown_again() {
    let shop = shop();
    let id = ask(&shop, json!({})).unwrap().id;
    let shop = shop.reopen();
    assert_eq!(open(&shop).current.unwrap().id, id);
    let basket = accept(&shop, id);
    let shop = shop.reopen();
    let current = open(&shop).current.unwrap();
    assert_eq!((current.id, current.basket_id), (id, Some(basket.id)));
    assert_eq!(code(shop.try_scan(BREAD)), "asked_amount", "its amount stands, still");
    assert_eq!(accept(&shop, id).id, basket.id);
    // The register stops after the sale, before the screen has asked for the end.
    assert!(pay(&shop, basket.id, PayWith::Cash, 1099).unwrap());
    let shop = shop.reopen();
    assert_eq!(look(&shop, id).status, "completed");
    assert_eq!(
        look(&shop, id).reply.unwrap().transaction_id.unwrap(),
        shop.sales()[0].id.to_string()
    );
}

/// A request whose card payment is in doubt.
fn doubtful(does: Does) -> (Shop, PaymentRequestId, BasketId) {
    let shop = shop();
    add_terminal(&shop, 1);
    shop.tills[0].next(does);
    shop.tills[0].says(Says::Nothing);
    let id = ask(&shop, json!({})).unwrap().id;
    let basket_id = accept(&shop, id).id;
    let tender_id = shop.tender_id();
    let start = StartCard { basket_id, tender_id, terminal_id: None, amount: 1099, print: false };
    shop.call::<StartCardCommand>(start).unwrap();
    wait_for("the doubt", || (look(&shop, id).status == "in_doubt").then_some(()));
    (shop, id, basket_id)
}

#[test]
fn what_may_be_charged_is_in_doubt_and_never_canceled() {
    let (shop, id, basket_id) = doubtful(Does::ChargesUnheard);
    assert_eq!(code(cancel(&shop, id)), "card_open");
    assert_eq!(
        code(payment_requests::cancel_own(shop.app(), &program(&shop), id)),
        "request_ended"
    );
    // However late: it does not expire either.
    shop.clock.forward(Duration::from_secs(3600));
    let url = end(&shop, id).callback_url.unwrap();
    let reply = data(&url);
    assert_eq!((&reply["status"], &reply["error_code"]), (&json!("error"), &json!("in_doubt")));
    assert!(reply.get("transaction_id").is_none() && reply.get("client_transaction_id").is_none());
    // The cashier serves the next customer meanwhile, and the next app may ask.
    shop.call::<ParkBasket>(Park { basket_id, label: String::new() }).unwrap();
    assert!(open(&shop).current.is_none());
    let shop = shop.reopen();
    assert_eq!(look(&shop, id).status, "in_doubt");
    shop.tills[0].says(Says::TheTruth);
    let record = wait_for("the truth", || {
        Some(look(&shop, id)).filter(|record| record.status != "in_doubt")
    });
    assert_eq!(record.status, "completed");
    let reply = record.reply.unwrap();
    assert_eq!((reply.status.as_str(), reply.tenders[0].kind.as_str()), ("ok", "card"));
    assert_eq!(reply.tenders[0].last4.as_deref(), Some("4242"));
    terminals_agree(&shop);
}

#[test]
fn what_was_not_charged_is_canceled_once_the_terminal_has_said_so() {
    let (shop, id, _) = doubtful(Does::BreaksOff);
    end(&shop, id);
    shop.tills[0].says(Says::TheTruth);
    let record = wait_for("the truth", || {
        Some(look(&shop, id)).filter(|record| record.status != "in_doubt")
    });
    assert_eq!(record.status, "canceled");
    assert_eq!(record.reply.unwrap().error_code.unwrap(), "payment_canceled");
    assert!(shop.sales().is_empty() && shop.tills[0].ledger().is_empty());
    assert!(shop.basket().lines.is_empty());
}

#[test]
fn a_doubt_that_nobody_was_told_of_leaves_the_payment_to_the_cashier() {
    let (shop, id, basket_id) = doubtful(Does::BreaksOff);
    shop.tills[0].says(Says::TheTruth);
    wait_for("the truth", || (look(&shop, id).status == "accepted").then_some(()));
    assert!(pay(&shop, basket_id, PayWith::Cash, 1099).unwrap());
    assert_eq!(look(&shop, id).status, "completed");
}

#[test]
fn a_part_payment_is_given_back_before_a_request_is_canceled() {
    let shop = shop();
    let id = ask(&shop, json!({})).unwrap().id;
    let basket = accept(&shop, id);
    pay(&shop, basket.id, PayWith::Cash, 99).unwrap();
    assert_eq!(code(cancel(&shop, id)), "partly_paid");
    assert_eq!(look(&shop, id).status, "accepted");
}

#[test]
fn a_cashier_gives_up_and_the_app_hears_that_it_was_canceled() {
    let shop = shop();
    let id = receive(&shop, &link(json!({}))).request.unwrap().id;
    accept(&shop, id);
    let ended = cancel(&shop, id).unwrap();
    let reply = data(&ended.callback_url.unwrap());
    assert_eq!(
        (&reply["status"], &reply["error_code"]),
        (&json!("error"), &json!("payment_canceled"))
    );
    assert!(shop.basket().lines.is_empty());
    assert_eq!(look(&shop, id).status, "canceled");
}

#[test]
fn an_app_gives_up_only_what_no_cashier_has_accepted() {
    let shop = shop();
    let id = ask(&shop, json!({})).unwrap().id;
    let give_up = || payment_requests::cancel_own(shop.app(), &program(&shop), id);
    accept(&shop, id);
    assert_eq!(code(give_up()), "request_ended");
    cancel(&shop, id).unwrap();
    assert_eq!(give_up().unwrap().status, "canceled");
}
