//! Another app asks for a payment: nothing is lost, nothing happens twice, nothing happens by itself,
//! and what may have been charged is never called canceled.

use std::time::Duration;

use countertop_app::commands::{
    AcceptRequest, CancelRequestCommand, Clear, EndRequest, ListAppRequests, OpenRequestsCommand,
    PaySetTip, PayTender, ReceiveLinkCommand, RequestCalledBack, RevokeApp, SaveAppCommand,
    StartCardCommand, Void,
};
use countertop_app::payment_requests::{self, RequestRecord};
use countertop_app::wire::{
    AppRef, BasketRequest, BasketView, CancelRequest, ListRequests, Nothing, OpenRequests, PayWith,
    PaymentRequestRef, ReceiveLink, RequestEnd, RequestReceived, RequestStatusView, SaveApp,
    SetTip, StartCard, VoidBasket,
};
use countertop_app::{AppError, Caller, perform};
use countertop_domain::ids::{BasketId, PaymentRequestId};
use countertop_domain::scope::Scope;
use countertop_domain::tender::TenderKind;
use serde_json::{Map, Value, json};

use crate::card::add_terminal;
use crate::common::goods::{BREAD, WINE};
use crate::common::{Shop, code};

pub(crate) const CALLBACK: &str = "https://shop.example/paid";

/// A shop that knows the app `kiosk` and the test app `sandbox-kiosk`.
pub(crate) fn shop() -> Shop {
    let shop = Shop::open();
    register(&shop, "kiosk");
    register(&shop, "sandbox-kiosk");
    shop
}

pub(crate) fn register(shop: &Shop, client_id: &str) {
    shop.call::<SaveAppCommand>(SaveApp {
        client_id: client_id.to_owned(),
        name: "Kiosk".to_owned(),
        callbacks: vec![CALLBACK.to_owned(), "my-app://cb".to_owned()],
        scopes: Vec::new(),
        post: false,
        new_token: false,
    })
    .unwrap();
}

/// A request as JSON; `more` is put over it.
pub(crate) fn body(more: Value) -> Map<String, Value> {
    let mut all = json!({
        "client_id": "kiosk", "version": "1.3", "callback_url": CALLBACK, "state": "order 7",
        "amount_money": { "amount": 1099, "currency_code": "EUR" },
    });
    for (name, value) in more.as_object().unwrap() {
        if value.is_null() {
            all.as_object_mut().unwrap().remove(name);
        } else {
            all[name] = value.clone();
        }
    }
    all.as_object().unwrap().clone()
}

/// Percent-encodes all but letters and digits.
pub(crate) fn percent(text: &str) -> String {
    let byte = |byte: u8| match byte.is_ascii_alphanumeric() {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

pub(crate) fn link(more: Value) -> String {
    let json = Value::Object(body(more)).to_string();
    format!("countertop://payment/create?data={}", percent(&json))
}

pub(crate) fn receive(shop: &Shop, url: &str) -> RequestReceived {
    shop.call::<ReceiveLinkCommand>(ReceiveLink { url: url.to_owned() }).unwrap()
}

/// A program with a token of no app.
pub(crate) fn program(shop: &Shop) -> Caller {
    Caller { scopes: Some([Scope::Payments].into()), ..shop.at("token-none") }
}

pub(crate) fn ask(shop: &Shop, more: Value) -> Result<RequestRecord, AppError> {
    payment_requests::submit(shop.app(), &program(shop), &body(more)).map(|(record, _)| record)
}

pub(crate) fn look(shop: &Shop, id: PaymentRequestId) -> RequestRecord {
    payment_requests::get(shop.app(), &program(shop), id).unwrap()
}

pub(crate) fn open(shop: &Shop) -> OpenRequests {
    shop.call::<OpenRequestsCommand>(Nothing {}).unwrap()
}

pub(crate) fn accept(shop: &Shop, request_id: PaymentRequestId) -> BasketView {
    shop.call::<AcceptRequest>(PaymentRequestRef { request_id }).unwrap()
}

pub(crate) fn end(shop: &Shop, request_id: PaymentRequestId) -> RequestEnd {
    shop.call::<EndRequest>(PaymentRequestRef { request_id }).unwrap()
}

pub(crate) fn cancel(shop: &Shop, request_id: PaymentRequestId) -> Result<RequestEnd, AppError> {
    shop.call::<CancelRequestCommand>(CancelRequest { request_id, reason: String::new() })
}

pub(crate) fn pay(
    shop: &Shop,
    basket: BasketId,
    kind: PayWith,
    amount: i64,
) -> Result<bool, AppError> {
    let paid = shop.call::<PayTender>(shop.request(basket, kind, amount))?;
    Ok(paid.sale.is_some())
}

/// The JSON in a callback.
pub(crate) fn data(url: &str) -> Value {
    let (_, data) = url.split_once("data=").unwrap();
    assert!(!data.contains('&') && !data.contains('+'), "{url}");
    serde_json::from_str(&decode(data)).unwrap()
}

pub(crate) fn decode(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next().unwrap(), rest.next().unwrap()];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn a_cashier_confirms_and_the_app_hears_that_it_is_paid() {
    let shop = shop();
    let received = receive(&shop, &link(json!({ "notes": "Table 3" })));
    let id = received.request.unwrap().id;
    assert!(received.end.is_none());
    let current = open(&shop).current.unwrap();
    assert_eq!((current.id, current.amount, current.app.as_str()), (id, 1099, "Kiosk"));
    assert_eq!((current.status, current.notes.as_str()), (RequestStatusView::Shown, "Table 3"));
    assert!(shop.sales().is_empty() && shop.basket().lines.is_empty(), "a link changes nothing");
    let basket = accept(&shop, id);
    assert_eq!((basket.due, basket.lines[0].name.as_str()), (1099, "Amount asked by Kiosk"));
    assert_eq!(basket.lines[0].note.as_deref(), Some("Table 3"));
    assert!(end(&shop, id).callback_url.is_none(), "nothing is told before it is paid");
    assert!(!pay(&shop, basket.id, PayWith::Cash, 99).unwrap());
    assert!(pay(&shop, basket.id, PayWith::CardExternal, 1000).unwrap());
    let ended = end(&shop, id);
    let url = ended.callback_url.unwrap();
    assert!(url.starts_with("https://shop.example/paid?data=%7B"), "{url}");
    let (reply, sale) = (data(&url), &shop.sales()[0]);
    assert_eq!(reply["status"], "ok");
    assert_eq!(reply["state"], "order 7");
    assert_eq!(reply["transaction_id"], sale.id.to_string());
    assert_eq!(reply["client_transaction_id"], id.to_string());
    assert_eq!(reply["receipt_number"], sale.receipt.to_string());
    assert_eq!(reply["tenders"][0], json!({ "kind": "cash", "amount": 99 }));
    assert_eq!(reply["tenders"][1], json!({ "kind": "card_external", "amount": 1000 }));
    assert!(reply.get("error_code").is_none(), "absent, never null");
    // Asked again, the same is told; it is counted how often the callback was opened.
    assert_eq!(end(&shop, id).callback_url.unwrap(), url);
    let called = shop.call::<RequestCalledBack>(PaymentRequestRef { request_id: id }).unwrap();
    assert_eq!((called.called_back, called.replied), (1, true));
    assert!(open(&shop).current.is_none());
    shop.books_agree();
}

#[test]
fn nothing_happens_without_a_person() {
    let shop = shop();
    let before = shop.app().store().read(|s| s.sales_sums()).unwrap();
    let basket = shop.scan(BREAD);
    let id = receive(&shop, &link(json!({}))).request.unwrap().id;
    ask(&shop, json!({ "state": "another", "options": { "queue": true } })).unwrap();
    open(&shop);
    look(&shop, id);
    end(&shop, id);
    let now = shop.basket();
    assert_eq!((now.id, now.due, now.lines.len()), (basket.id, basket.due, 1));
    assert_eq!(shop.app().store().read(|s| s.sales_sums()).unwrap(), before);
}

#[test]
fn accepting_sets_the_basket_at_hand_aside_and_its_amount_stands() {
    let shop = shop();
    shop.scan(WINE);
    let id = receive(&shop, &link(json!({}))).request.unwrap().id;
    let basket = accept(&shop, id);
    assert_eq!((shop.basket().id, basket.parked), (basket.id, 1));
    assert_eq!(code(shop.try_scan(BREAD)), "asked_amount");
    assert_eq!(code(shop.call::<Clear>(BasketRequest { basket_id: basket.id })), "asked_amount");
    let void = VoidBasket { basket_id: basket.id, reason: "no".to_owned() };
    assert_eq!(code(shop.call::<Void>(void)), "asked_amount");
    assert_eq!(accept(&shop, id).id, basket.id, "accepted twice is accepted once");
    assert!(pay(&shop, basket.id, PayWith::Cash, 1099).unwrap());
    assert_eq!(look(&shop, id).status, "completed");
}

#[test]
fn only_the_ways_to_pay_that_the_app_allows_are_taken() {
    let shop = shop();
    add_terminal(&shop, 1);
    let options = json!({ "supported_tender_types": ["CASH", "PAYPAY", "CARD_ON_FILE"] });
    let id = ask(&shop, json!({ "options": options })).unwrap().id;
    let current = open(&shop).current.unwrap();
    assert_eq!(current.tenders, [PayWith::Cash]);
    let basket = accept(&shop, id);
    assert_eq!(code(pay(&shop, basket.id, PayWith::CardExternal, 1099)), "bad_text");
    let start = StartCard {
        basket_id: basket.id,
        tender_id: shop.tender_id(),
        terminal_id: None,
        amount: 1099,
        print: false,
    };
    assert_eq!(code(shop.call::<StartCardCommand>(start)), "bad_text");
    assert!(shop.tills[0].orders().is_empty());
    assert!(pay(&shop, basket.id, PayWith::Cash, 1099).unwrap());
}

#[test]
fn a_tip_is_given_only_where_the_app_wants_one() {
    let shop = shop();
    let tip = |basket_id| SetTip { basket_id, percent: None, amount: Some(100) };
    let no = ask(&shop, json!({ "tip_settings": { "allow_tipping": false } })).unwrap().id;
    let basket = accept(&shop, no);
    assert_eq!(code(shop.call::<PaySetTip>(tip(basket.id))), "bad_text");
    cancel(&shop, no).unwrap();
    let more = json!({ "state": "b", "tip_settings": { "allow_tipping": true } });
    let yes = ask(&shop, more).unwrap().id;
    let basket = accept(&shop, yes);
    shop.call::<PaySetTip>(tip(basket.id)).unwrap();
    assert!(pay(&shop, basket.id, PayWith::CardExternal, 1199).unwrap());
    let reply = look(&shop, yes).reply.unwrap();
    assert_eq!(reply.total_money.unwrap().amount, 1099);
    assert_eq!(reply.tip_money.unwrap().amount, 100);
}

#[test]
fn the_same_request_is_one_however_often_it_is_sent() {
    let shop = shop();
    let answers: Vec<(PaymentRequestId, bool)> = std::thread::scope(|scope| {
        let send = || {
            let (record, new) =
                payment_requests::submit(shop.app(), &program(&shop), &body(json!({}))).unwrap();
            (record.id, new)
        };
        let all: Vec<_> = (0..100).map(|_| scope.spawn(send)).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(answers.iter().all(|(id, _)| *id == answers[0].0));
    assert_eq!(answers.iter().filter(|(_, new)| *new).count(), 1);
    // Paid once, it stays paid: another sending is told so, and nothing is asked for again.
    let id = answers[0].0;
    let basket = accept(&shop, id);
    assert!(pay(&shop, basket.id, PayWith::Cash, 1099).unwrap());
    let again = ask(&shop, json!({})).unwrap();
    assert_eq!((again.id, again.status), (id, "completed"));
    assert!(open(&shop).current.is_none());
    let other = json!({ "amount_money": { "amount": 1100, "currency_code": "EUR" } });
    assert_eq!(code(ask(&shop, other)), "idempotency_conflict");
    assert_eq!(shop.sales().len(), 1);
}

#[test]
fn a_key_is_used_once_and_a_state_again_after_nothing_was_charged() {
    let shop = shop();
    let keyed = json!({ "idempotency_key": "k1" });
    let first = ask(&shop, keyed.clone()).unwrap().id;
    cancel(&shop, first).unwrap();
    assert_eq!(ask(&shop, keyed).unwrap().id, first);
    let by_state = ask(&shop, json!({})).unwrap().id;
    cancel(&shop, by_state).unwrap();
    let again = ask(&shop, json!({})).unwrap();
    assert_ne!(again.id, by_state, "the customer comes back to pay after all");
    let of = |state| {
        let found =
            payment_requests::find(shop.app(), &program(&shop), "kiosk", Some(state), None, 10);
        found.unwrap().iter().map(|record| record.id).collect::<Vec<_>>()
    };
    assert_eq!(of("order 7"), [again.id, by_state, first]);
    assert!(of("order 8").is_empty());
}

#[test]
fn unknown_apps_and_addresses_are_told_nothing() {
    let shop = shop();
    shop.call::<RevokeApp>(AppRef { client_id: "sandbox-kiosk".to_owned() }).unwrap();
    for more in [
        json!({ "client_id": "stranger" }),
        json!({ "client_id": "sandbox-kiosk" }),
        json!({ "callback_url": "https://evil.example/paid" }),
        json!({ "callback_url": "https://shop.example/paid/more" }),
        json!({ "callback_url": "javascript:alert(1)" }),
        json!({ "callback_url": null }),
    ] {
        let received = receive(&shop, &link(more.clone()));
        assert!(received.end.is_none() && received.request.is_none(), "{more}");
        assert!(received.error_code.is_some() && !received.message.is_empty());
    }
    assert!(open(&shop).current.is_none());
}

#[test]
fn the_answer_goes_to_the_callback_as_it_was_sent() {
    let shop = shop();
    let sent = "my-app://cb/square_request?cart=5#top";
    let id = receive(&shop, &link(json!({ "callback_url": sent }))).request.unwrap().id;
    let url = cancel(&shop, id).unwrap().callback_url.unwrap();
    assert!(url.starts_with("my-app://cb/square_request?cart=5&data=%7B"), "{url}");
    assert!(url.ends_with("#top"), "{url}");
}

#[test]
fn the_callers_own_word_comes_back_byte_for_byte() {
    let shop = shop();
    for (n, state) in
        ["a%20b%2Fc", r#"{"cart":[1,2]}"#, "+&=#%", "Ünï\u{1F600}\n", " "].into_iter().enumerate()
    {
        let id = receive(&shop, &link(json!({ "state": state }))).request.unwrap().id;
        let url = cancel(&shop, id).unwrap().callback_url.unwrap();
        assert_eq!(data(&url)["state"], state, "{n}");
    }
}

#[test]
fn a_reply_is_signed_with_the_registers_own_key() {
    use ed25519_dalek::{Signature, Verifier as _, VerifyingKey};
    let shop = shop();
    let id = ask(&shop, json!({})).unwrap().id;
    let basket = accept(&shop, id);
    pay(&shop, basket.id, PayWith::Cash, 1099).unwrap();
    let reply = look(&shop, id).reply.unwrap();
    let key: [u8; 32] = payment_requests::public_key(shop.app()).unwrap().try_into().unwrap();
    let key = VerifyingKey::from_bytes(&key).unwrap();
    let bytes = base64_url(&reply.signature);
    let signature = Signature::from_slice(&bytes).unwrap();
    let text = format!(
        "countertop-payment-reply-1\nclient_id=kiosk\nrequest_id={id}\nstate=order%207\n\
         status=ok\ntransaction_id={}\nreceipt_number=T1-1\ntotal_money=1099%20EUR\n\
         tender=cash%201099\n",
        shop.sales()[0].id
    );
    assert_eq!(reply.canonical("kiosk"), text);
    key.verify(text.as_bytes(), &signature).unwrap();
    assert!(key.verify(text.replace("1099", "1100").as_bytes(), &signature).is_err());
}

fn base64_url(text: &str) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).unwrap()
}

#[test]
fn line_items_are_sold_as_they_are_named_and_add_up() {
    let shop = shop();
    let item = |name: &str, quantity: &str, amount: i64| json!({ "name": name, "quantity": quantity, "base_price_money": { "amount": amount } });
    let items = json!([item("Coffee", "2", 350), item("Cake", "1", 399)]);
    let id = ask(&shop, json!({ "line_items": items })).unwrap().id;
    let basket = accept(&shop, id);
    let lines: Vec<(&str, i64)> = basket.lines.iter().map(|l| (l.name.as_str(), l.total)).collect();
    assert_eq!((lines, basket.due), (vec![("Coffee", 700), ("Cake", 399)], 1099));
    cancel(&shop, id).unwrap();
    let wrong = json!({ "line_items": [item("Coffee", "2", 350)] });
    assert_eq!(code(ask(&shop, wrong)), "data_invalid");
}

#[test]
fn taxes_are_the_shops_unless_the_app_leaves_them_out() {
    let shop = shop();
    let id = ask(&shop, json!({})).unwrap().id;
    let basket = accept(&shop, id);
    assert_eq!((basket.due, basket.taxes.len()), (1099, 1));
    cancel(&shop, id).unwrap();
    let untaxed = json!({ "options": { "clear_default_fees": 1 } });
    let basket = accept(&shop, ask(&shop, untaxed).unwrap().id);
    assert_eq!((basket.due, basket.taxes.len()), (1099, 0));
}

#[test]
fn a_test_app_touches_neither_books_nor_screen() {
    let shop = shop();
    let test = |amount: i64, state: &str| {
        let money = json!({ "amount": amount, "currency_code": "EUR" });
        ask(&shop, json!({ "client_id": "sandbox-kiosk", "state": state, "amount_money": money }))
    };
    for (ending, status) in [
        (1, "canceled"),
        (2, "in_doubt"),
        (3, "in_doubt"),
        (4, "shown"),
        (5, "completed"),
        (6, "completed"),
        (7, "completed"),
        (99, "completed"),
    ] {
        let record = test(1000 + ending, &ending.to_string()).unwrap();
        assert_eq!((record.status, record.sandbox), (status, true), "{ending}");
        if status == "completed" {
            let reply = record.reply.unwrap();
            assert_eq!(reply.transaction_id.unwrap(), record.id.to_string());
            let paid: i64 = reply.tenders.iter().map(|tender| tender.amount).sum();
            assert_eq!(paid, 1000 + ending + reply.tip_money.map_or(0, |tip| tip.amount));
            assert!(reply.sandbox && reply.sale_id.is_none() && !reply.signature.is_empty());
        }
    }
    shop.clock.forward(Duration::from_secs(60));
    assert_eq!(test(1002, "2").unwrap().status, "completed");
    let found = |state| {
        let caller = program(&shop);
        payment_requests::find(shop.app(), &caller, "sandbox-kiosk", Some(state), None, 1).unwrap()
    };
    assert_eq!(found("3")[0].status, "canceled");
    shop.clock.forward(Duration::from_secs(14 * 60));
    assert_eq!(found("4")[0].status, "expired");
    assert!(open(&shop).current.is_none() && shop.sales().is_empty());
    let list = ListRequests { client_id: "sandbox-kiosk".to_owned(), before: None };
    assert_eq!(shop.call::<ListAppRequests>(list).unwrap().requests.len(), 8);
}

#[test]
fn a_program_with_an_apps_token_speaks_for_that_app_alone() {
    let shop = shop();
    let made = shop
        .call::<SaveAppCommand>(SaveApp {
            client_id: "till-app".to_owned(),
            name: "Till app".to_owned(),
            callbacks: Vec::new(),
            scopes: Vec::new(),
            post: false,
            new_token: true,
        })
        .unwrap();
    let caller = shop.app().holder(&made.secret.unwrap()).unwrap().unwrap();
    let submit = |more| payment_requests::submit(shop.app(), &caller, &body(more));
    assert_eq!(code(submit(json!({ "callback_url": null }))), "client_not_authorized_for_user");
    let own = json!({ "client_id": null, "callback_url": null, "version": null });
    let (record, _) = submit(own).unwrap();
    assert_eq!(record.client_id, "till-app");
    cancel(&shop, record.id).unwrap();
    let others = ask(&shop, json!({})).unwrap().id;
    assert_eq!(code(payment_requests::get(shop.app(), &caller, others)), "no_such_request");
    assert!(
        payment_requests::find(shop.app(), &caller, "kiosk", None, None, 9).unwrap().is_empty()
    );
    assert_eq!(
        code(perform::<SaveAppCommand>(
            shop.app(),
            &caller,
            SaveApp {
                client_id: "mine".to_owned(),
                name: "Mine".to_owned(),
                callbacks: Vec::new(),
                scopes: Vec::new(),
                post: false,
                new_token: false
            }
        )),
        "not_allowed"
    );
    // Revoked with its token.
    shop.call::<RevokeApp>(AppRef { client_id: "till-app".to_owned() }).unwrap();
    assert_eq!(
        code(submit(json!({ "client_id": null, "callback_url": null }))),
        "client_not_authorized_for_user"
    );
}

#[test]
fn sold_by_an_app_or_by_hand_the_books_are_the_same() {
    let shop = shop();
    let id = ask(&shop, json!({})).unwrap().id;
    let basket = accept(&shop, id);
    pay(&shop, basket.id, PayWith::Cash, 1099).unwrap();
    assert_eq!(shop.sales()[0].tenders[0].kind, TenderKind::Cash);
    shop.sell(&[WINE], PayWith::Cash);
    shop.books_agree();
    let before = shop.app().store().verify().unwrap();
    shop.app().store().rebuild().unwrap();
    assert_eq!(shop.app().store().verify().unwrap(), before);
    assert_eq!(look(&shop, id).status, "completed", "a rebuild loses no request");
}
