//! Results that the register posts to their app: once they are taken never again, never lost, and never to
//! an address that the owner did not register.

use std::time::Duration;

use countertop_app::wire::PayWith;
use countertop_app::{Clock as _, payment_requests};
use countertop_domain::ids::PaymentRequestId;
use countertop_store::StoreError;
use ed25519_dalek::{Signature, Verifier as _, VerifyingKey};
use serde_json::{Value, json};

use crate::common::daemon::Served;
use crate::common::receiver::Receiver;
use crate::common::wire::done;
use crate::common::{Shop, code, wait_for};
use crate::payment_requests::{
    accept, ask, cancel, end, look, open, pay, percent, program, receive, shop,
};

/// Registers the app `kiosk` as its form does.
fn save(shop: &Shop, callbacks: &[&str], post: bool) -> Result<Value, String> {
    let app = json!({
        "client_id": "kiosk", "name": "Kiosk", "callbacks": callbacks, "post": post,
    });
    shop.json("apps.save", app).map_err(|refused| refused.message)
}

/// A shop whose app has its results posted to a receiver.
fn posting(receiver: &Receiver) -> Shop {
    let shop = shop();
    save(&shop, &[&receiver.url(), "my-app://cb"], true).unwrap();
    shop
}

/// Has a request paid; nobody asks for its end.
fn paid(shop: &Shop, receiver: &Receiver, state: &str) -> PaymentRequestId {
    let asked = json!({ "state": state, "callback_url": receiver.url() });
    let id = ask(shop, asked).unwrap().id;
    let basket = accept(shop, id);
    assert!(pay(shop, basket.id, PayWith::Cash, 1099).unwrap());
    id
}

/// Wakes the sender after the clock was moved.
fn wake(shop: &Shop) {
    let woken = shop.app().store().write::<_, StoreError>(|tx| {
        tx.worth_telling();
        Ok(())
    });
    woken.unwrap();
}

/// What the Apps screen says of the newest request's result.
fn posted(shop: &Shop) -> Value {
    let list = shop.json("apps.requests", json!({ "client_id": "kiosk" })).unwrap();
    list["requests"][0]["posted"].clone()
}

#[test]
fn a_result_is_posted_once_and_signed_although_no_screen_asks_for_it() {
    let receiver = Receiver::new();
    let shop = posting(&receiver);
    let id = paid(&shop, &receiver, "order 7");
    let message = receiver.wait_for(1).remove(0);
    assert_eq!(message.event["status"], "ok");
    assert_eq!(message.event["state"], "order 7");
    assert_eq!(message.event["request_id"], id.to_string());
    assert_eq!(message.id, format!("{id}-completed"));
    // It is the reply that a look-up gives, with the register's own signature and no other.
    let reply = look(&shop, id).reply.unwrap();
    assert_eq!(message.event, serde_json::to_value(&reply).unwrap());
    assert!(!message.headers.contains_key("webhook-signature"));
    let key: [u8; 32] = payment_requests::public_key(shop.app()).unwrap().try_into().unwrap();
    let bytes = signature(message.event["signature"].as_str().unwrap());
    let signature = Signature::from_slice(&bytes).unwrap();
    let key = VerifyingKey::from_bytes(&key).unwrap();
    key.verify(reply.canonical("kiosk").as_bytes(), &signature).unwrap();
    // The screen opens nothing, and asking again posts nothing again.
    let ended = end(&shop, id);
    assert!(ended.post && ended.callback_url.is_none());
    wait_for("the answer to be kept", || (posted(&shop)["state"] == "delivered").then_some(()));
    let shop = shop.reopen();
    end(&shop, id);
    paid(&shop, &receiver, "order 8");
    receiver.wait_for(2);
    assert_eq!(receiver.all().len(), 2);
    assert!(shop.json("webhooks.list", json!({})).unwrap()["webhooks"][0].is_null());
}

fn signature(text: &str) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).unwrap()
}

#[test]
fn every_end_is_posted_in_the_words_in_which_it_was_asked() {
    let receiver = Receiver::new();
    let shop = posting(&receiver);
    let link = |amount: &str| {
        format!(
            "countertop://charge?com.squareup.pos.CLIENT_ID=kiosk\
             &com.squareup.pos.API_VERSION=v2.0&com.squareup.pos.WEB_CALLBACK_URI={}\
             &com.squareup.pos.TOTAL_AMOUNT={amount}&com.squareup.pos.CURRENCY_CODE=EUR\
             &com.squareup.pos.REQUEST_METADATA=a%20b",
            percent(&receiver.url())
        )
    };
    let id = receive(&shop, &link("1099")).request.unwrap().id;
    let ended = cancel(&shop, id).unwrap();
    assert!(ended.post && ended.callback_url.is_none());
    let canceled = receiver.wait_for(1).remove(0).event;
    assert_eq!(
        canceled["com.squareup.pos.ERROR_CODE"],
        "com.squareup.pos.ERROR_TRANSACTION_CANCELED"
    );
    assert_eq!(canceled["com.squareup.pos.REQUEST_METADATA"], "a b");
    let whole: Value =
        serde_json::from_str(canceled["app.countertop.REPLY"].as_str().unwrap()).unwrap();
    assert_eq!(whole["request_id"], id.to_string());
    // One that was refused at once is told, too.
    let refused = receive(&shop, &link("x"));
    assert!(refused.end.is_some_and(|end| end.post && end.callback_url.is_none()));
    let refused = receiver.wait_for(2).remove(1).event;
    assert_eq!(refused["com.squareup.pos.ERROR_CODE"], "com.squareup.pos.ERROR_INVALID_REQUEST");
    // One whose time is over.
    ask(&shop, json!({ "state": "late", "callback_url": receiver.url() })).unwrap();
    shop.clock.forward(Duration::from_secs(15 * 60));
    open(&shop);
    assert_eq!(receiver.wait_for(3)[2].event["error_code"], "payment_canceled");
    // An app's own scheme is opened, as ever.
    let scheme = json!({ "state": "scheme", "callback_url": "my-app://cb" });
    let id = ask(&shop, scheme).unwrap().id;
    assert!(cancel(&shop, id).unwrap().callback_url.unwrap().starts_with("my-app://cb?data="));
}

#[test]
fn a_result_outlives_a_receiver_that_is_away_and_a_register_that_is_killed() {
    let receiver = Receiver::new();
    receiver.answer(|_| "hang up".to_owned());
    let folder = Shop::open().shut();
    let served = Served::start(folder.path());
    let app = json!({
        "client_id": "kiosk", "name": "Kiosk", "callbacks": [receiver.url()], "post": true,
    });
    done(served.address, "apps.save", &app);
    let data = json!({
        "client_id": "kiosk", "version": "1.3", "callback_url": receiver.url(), "state": "7",
        "amount_money": { "amount": 1099, "currency_code": "EUR" },
    });
    let url = format!("countertop://payment/create?data={}", percent(&data.to_string()));
    let taken = done(served.address, "requests.receive_link", &json!({ "url": url }));
    let id = taken["request"]["id"].clone();
    let basket = done(served.address, "requests.accept", &json!({ "request_id": id }));
    let tender = json!({
        "basket_id": basket["id"], "tender_id": "01900000-0000-7000-8000-00000000aaaa",
        "kind": "cash", "offered": 1099, "print": false,
    });
    done(served.address, "pay.tender", &tender);
    receiver.wait_for_all(1);
    served.kill();
    receiver.answer(|_| "204".to_owned());
    let _served = Served::start(folder.path());
    let taken = receiver.wait_for(1);
    assert_eq!(taken[0].event["request_id"], id);
    assert_eq!(taken[0].event["status"], "ok");
}

#[test]
fn a_request_whose_time_is_over_is_told_though_nobody_looks() {
    let receiver = Receiver::new();
    let folder = Shop::open().shut();
    let served = Served::start(folder.path());
    let app = json!({
        "client_id": "kiosk", "name": "Kiosk", "callbacks": [receiver.url()], "post": true,
    });
    done(served.address, "apps.save", &app);
    // Sooner than the watch would look by itself; later if this machine is so slow that it is over
    // before it arrives.
    let id = [2, 10, 40].into_iter().find_map(|seconds| {
        let now = countertop_app::SystemClock.now().utc_ms;
        let until = jiff::Timestamp::from_millisecond(now + seconds * 1_000).unwrap();
        let data = json!({
            "client_id": "kiosk", "version": "1.3", "callback_url": receiver.url(),
            "state": seconds.to_string(), "expires_at": until.to_string(),
            "amount_money": { "amount": 1099, "currency_code": "EUR" },
        });
        let url = format!("countertop://payment/create?data={}", percent(&data.to_string()));
        let taken = done(served.address, "requests.receive_link", &json!({ "url": url }));
        taken["request"]["id"].as_str().map(str::to_owned)
    });
    let id = id.unwrap();
    let told = wait_for("the end to be told", || {
        receiver.all().into_iter().find(|message| message.event["request_id"] == id)
    });
    assert_eq!(told.event["error_code"], "payment_canceled");
}

#[test]
fn a_result_that_never_arrives_is_given_up_after_a_day_and_sent_again_when_a_person_says_so() {
    let receiver = Receiver::new();
    receiver.answer(|_| "503".to_owned());
    let shop = posting(&receiver);
    let id = paid(&shop, &receiver, "7");
    let mut tries = 0;
    loop {
        tries += 1;
        receiver.wait_for_all(tries);
        let seen = wait_for("the try to be kept", || {
            Some(posted(&shop)).filter(|seen| seen["attempts"] == json!(tries))
        });
        if seen["state"] == "dead" {
            break;
        }
        let now = shop.clock.now().utc_ms;
        let pause = u64::try_from(seen["due_ms"].as_i64().unwrap() - now).unwrap();
        shop.clock.forward(Duration::from_millis(pause));
        wake(&shop);
    }
    assert!((10..20).contains(&tries), "{tries}");
    assert_eq!(posted(&shop)["trouble"], "the address answered 503");
    receiver.answer(|_| "204".to_owned());
    shop.json("requests.post_again", json!({ "request_id": id })).unwrap();
    assert_eq!(receiver.wait_for(1)[0].event["request_id"], id.to_string());
    wait_for("the answer to be kept", || (posted(&shop)["state"] == "delivered").then_some(()));
}

#[test]
fn nothing_is_posted_where_the_owner_did_not_register_it() {
    let (receiver, other) = (Receiver::new(), Receiver::new());
    let shop = posting(&receiver);
    // Not to another address, whatever a request says.
    for callback in [other.url(), format!("{}&more=1", receiver.url())] {
        let refused = ask(&shop, json!({ "callback_url": callback, "state": callback }));
        assert_eq!(code(refused), "data_invalid");
    }
    // What waits for an address that the owner took back is given up, and stays so.
    receiver.answer(|_| "503".to_owned());
    let id = paid(&shop, &receiver, "7");
    wait_for("the try to be kept", || (posted(&shop)["attempts"] == 1).then_some(()));
    save(&shop, &[&other.url()], true).unwrap();
    assert_eq!(posted(&shop)["state"], "dead");
    assert!(posted(&shop)["trouble"].as_str().unwrap().contains("registration"));
    let again = shop.json("requests.post_again", json!({ "request_id": id })).unwrap_err();
    assert_eq!(again.code, "bad_text");
    let tried = receiver.all().len();
    receiver.answer(|_| "204".to_owned());
    shop.clock.forward(Duration::from_secs(3_600));
    // Another result goes out meanwhile: the sender was awake.
    paid(&shop, &other, "8");
    other.wait_for(1);
    assert_eq!(receiver.all().len(), tried);
    // Neither does a revoked app hear of anything.
    let last = ask(&shop, json!({ "state": "9", "callback_url": other.url() })).unwrap().id;
    shop.json("apps.revoke", json!({ "client_id": "kiosk" })).unwrap();
    let ended = cancel(&shop, last).unwrap();
    assert!(!ended.post && ended.callback_url.is_none());
    // Registered again, it is told once a person says so.
    save(&shop, &[&receiver.url(), &other.url()], true).unwrap();
    shop.json("requests.post_again", json!({ "request_id": id })).unwrap();
    assert_eq!(receiver.wait_for(1)[0].event["request_id"], id.to_string());
    assert_eq!(other.all().len(), 1);
}

#[test]
fn the_owner_registers_only_addresses_to_which_the_register_may_go() {
    let shop = shop();
    for (address, word) in [
        ("https://192.168.1.20/paid", "private network"),
        ("https://shop.example:8443/paid", "port 8443"),
        ("https://printer.local/paid", "private network"),
        ("https://shop.example/paid#there", "#"),
        ("my-app://cb", "https"),
    ] {
        let refused = save(&shop, &[address], true).unwrap_err();
        assert!(refused.contains(word), "{address}: {refused}");
        // Opened by this computer it may be all the same.
        save(&shop, &[address], false).unwrap();
    }
    save(&shop, &["https://shop.example/paid", "http://127.0.0.1:9/paid"], true).unwrap();
    save(&shop, &["http://localhost:9/paid", "my-app://"], true).unwrap();
}

#[test]
fn the_result_of_an_app_that_opens_its_callbacks_is_not_posted() {
    let receiver = Receiver::new();
    let shop = shop();
    save(&shop, &[&receiver.url()], false).unwrap();
    let id = paid(&shop, &receiver, "7");
    let ended = end(&shop, id);
    assert!(!ended.post && ended.callback_url.unwrap().starts_with(&receiver.url()));
    assert!(posted(&shop).is_null());
    let refused = shop.json("requests.post_again", json!({ "request_id": id })).unwrap_err();
    assert_eq!(refused.code, "bad_text");
    // From now on they are posted; what was told before is not.
    save(&shop, &[&receiver.url()], true).unwrap();
    shop.json("requests.called_back", json!({ "request_id": id })).unwrap();
    let next = paid(&shop, &receiver, "8");
    assert_eq!(receiver.wait_for(1)[0].event["request_id"], next.to_string());
    assert!(payment_requests::get(shop.app(), &program(&shop), id).is_ok());
    assert_eq!(receiver.all().len(), 1);
}
