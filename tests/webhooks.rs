//! Events are posted to those who asked: at least once, in order, signed, and nowhere else.

use std::collections::HashSet;
use std::time::Duration;

use countertop_app::Clock as _;
use countertop_app::wire::PayWith;
use countertop_store::StoreError;
use serde_json::{Value, json};

use crate::common::daemon::Served;
use crate::common::door::{OpenDoor, token};
use crate::common::goods::BREAD;
use crate::common::receiver::{Message, Receiver};
use crate::common::wire::done;
use crate::common::{Shop, wait_for};

/// A webhook that the owner made: its id and its secret.
pub(crate) fn hook(shop: &Shop, receiver: &Receiver, types: &[&str]) -> (String, String) {
    let saved = shop
        .json(
            "webhooks.save",
            json!({
                "name": "Receiver", "url": receiver.url(), "types": types, "enabled": true,
                "allow_host": true,
            }),
        )
        .unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&saved["webhook"]["id"]), text(&saved["secret"]))
}

pub(crate) fn note(shop: &Shop, kind: &'static str, id: &str) {
    let id = id.to_owned();
    let noted = shop
        .app()
        .store()
        .write::<_, StoreError>(move |tx| tx.note_change(kind, &id, "updated", 1_795_439_280_000));
    noted.unwrap();
}

/// Wakes the sender after the clock was moved.
pub(crate) fn wake(shop: &Shop) {
    let woken = shop.app().store().write::<_, StoreError>(|tx| {
        tx.worth_telling();
        Ok(())
    });
    woken.unwrap();
}

/// The only webhook, as its screen sees it.
pub(crate) fn seen(shop: &Shop) -> Value {
    shop.json("webhooks.list", json!({})).unwrap()["webhooks"][0].clone()
}

pub(crate) fn deliveries(shop: &Shop, id: &str, state: &str) -> Vec<Value> {
    let asked = json!({ "webhook_id": id, "state": state });
    shop.json("webhooks.deliveries", asked).unwrap()["deliveries"].as_array().unwrap().clone()
}

pub(crate) fn ids(messages: &[Message]) -> Vec<String> {
    messages
        .iter()
        .map(|message| message.event["data"]["id"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_sale_is_posted_with_a_signature_that_only_the_secrets_holder_can_make() {
    let shop = Shop::open();
    let receiver = Receiver::new();
    let (_, secret) = hook(&shop, &receiver, &["sale.*"]);
    let sale = shop.sell(&[BREAD], PayWith::Cash);
    let message = receiver.wait_for(1).remove(0);
    assert_eq!(message.kind(), "sale.completed");
    assert_eq!(message.event["data"]["id"], json!(sale.id));
    assert!(message.is_signed_with(&secret));
    let other = format!("whsec_{}", "A".repeat(44));
    assert!(!message.is_signed_with(&other));
    assert_eq!(message.headers["webhook-timestamp"], "1795439280");
    wait_for("the success", || seen(&shop)["success_ms"].as_i64());
    assert_eq!(seen(&shop)["waiting"], 0);
}

#[test]
fn one_thing_that_fails_waits_in_order_while_the_others_go_on() {
    let shop = Shop::closed();
    let receiver = Receiver::new();
    receiver.answer(|message| match message.event["data"]["id"].as_str() {
        Some("bad") => "500".to_owned(),
        _ => "204".to_owned(),
    });
    let (id, _) = hook(&shop, &receiver, &["product.*"]);
    for name in ["bad", "a", "bad", "b", "bad", "c"] {
        note(&shop, "product", name);
    }
    let taken = receiver.wait_for(3);
    assert_eq!(
        ids(&taken).into_iter().collect::<HashSet<_>>(),
        ["a", "b", "c"].map(str::to_owned).into()
    );
    // What was answered is kept a moment after the answer: the successes and the failure alike.
    let waiting = wait_for("the successes and the failure to be kept", || {
        Some(deliveries(&shop, &id, "waiting"))
            .filter(|all| all.len() == 3 && all.iter().any(|d| d["attempts"] == 1))
    });
    // Only the first of its lane was tried.
    assert_eq!(waiting.iter().map(|d| d["attempts"].as_u64().unwrap()).sum::<u64>(), 1);
    assert_eq!(waiting[2]["trouble"], "the address answered 500");
    receiver.answer(|_| "200".to_owned());
    shop.clock.forward(Duration::from_secs(10));
    wake(&shop);
    let bad: Vec<String> = receiver
        .wait_for(6)
        .into_iter()
        .filter(|message| message.event["data"]["id"] == "bad")
        .map(|message| message.id)
        .collect();
    let mut in_order = bad.clone();
    in_order.sort_by_key(|id| id.split('-').nth(1).unwrap().parse::<i64>().unwrap());
    assert_eq!(bad, in_order);
}

#[test]
fn a_message_that_never_arrives_is_given_up_after_a_day_and_sent_again_when_a_person_says_so() {
    let shop = Shop::closed();
    let receiver = Receiver::new();
    receiver.answer(|_| "503\r\nRetry-After: 7200".to_owned());
    let (id, _) = hook(&shop, &receiver, &["product.*"]);
    note(&shop, "product", "p");
    receiver.wait_for_all(1);
    let waiting = wait_for("the try to be kept", || {
        deliveries(&shop, &id, "waiting").into_iter().find(|d| d["attempts"] == 1)
    });
    let tried = waiting["tried_ms"].as_i64().unwrap();
    assert_eq!(waiting["due_ms"].as_i64().unwrap() - tried, 7_200_000, "as the address asked");
    let mut tries = 1;
    while let Some(next) = deliveries(&shop, &id, "waiting").first() {
        let pause = next["due_ms"].as_u64().unwrap() - next["tried_ms"].as_u64().unwrap();
        shop.clock.forward(Duration::from_millis(pause));
        wake(&shop);
        tries += 1;
        receiver.wait_for_all(tries);
        wait_for("the try to be kept", || {
            let all = shop.json("webhooks.deliveries", json!({ "webhook_id": id })).unwrap();
            Some(()).filter(|()| all["deliveries"][0]["attempts"] == json!(tries))
        });
    }
    let dead = deliveries(&shop, &id, "dead").remove(0);
    let day = dead["tried_ms"].as_i64().unwrap() - tried;
    assert_eq!(day, 24 * 60 * 60 * 1000, "its last try was at the end of the day");
    assert_eq!(seen(&shop)["dead"], 1);
    receiver.answer(|_| "204".to_owned());
    shop.json("webhooks.redeliver", json!({ "webhook_id": id })).unwrap();
    assert_eq!(ids(&receiver.wait_for(1)), ["p"]);
    wait_for("nothing to be left", || Some(()).filter(|()| seen(&shop)["dead"] == 0));
}

#[test]
fn for_a_day_after_a_new_secret_both_sign() {
    let shop = Shop::closed();
    let receiver = Receiver::new();
    let (id, old) = hook(&shop, &receiver, &["product.*"]);
    let saved = shop.json("webhooks.rotate", json!({ "webhook_id": id })).unwrap();
    let new = saved["secret"].as_str().unwrap().to_owned();
    assert_ne!(old, new);
    note(&shop, "product", "1");
    let message = receiver.wait_for(1).remove(0);
    assert!(message.is_signed_with(&old) && message.is_signed_with(&new));
    shop.clock.forward(Duration::from_secs(24 * 3_600 + 1));
    note(&shop, "product", "2");
    let message = receiver.wait_for(2).remove(1);
    assert!(message.is_signed_with(&new) && !message.is_signed_with(&old));
    // The secret is shown once and nowhere else.
    assert!(!shop.json("webhooks.list", json!({})).unwrap().to_string().contains("whsec_"));
}

#[test]
fn nothing_is_lost_when_the_receiver_is_away_and_the_register_is_closed_and_opened() {
    let shop = Shop::closed();
    let receiver = Receiver::new();
    receiver.answer(|_| "hang up".to_owned());
    let (id, _) = hook(&shop, &receiver, &[]);
    for number in 0..30 {
        note(&shop, "product", &format!("p{}", number % 7));
    }
    receiver.wait_for_all(1);
    let shop = shop.reopen();
    receiver.answer(|_| "204".to_owned());
    // The clock stands still: a pause ends when it is moved, which is done once for each pause.
    let taken = wait_for("every message", || {
        let now = shop.clock.now().utc_ms;
        let due =
            deliveries(&shop, &id, "waiting").iter().filter_map(|d| d["due_ms"].as_i64()).max();
        if let Some(due) = due.filter(|due| *due > now) {
            // A minute more: so long an address that cannot be reached is left alone at most.
            shop.clock.forward(Duration::from_millis(u64::try_from(due - now).unwrap() + 60_000));
            wake(&shop);
        }
        Some(receiver.taken()).filter(|all| all.len() >= 30)
    });
    assert_eq!(taken.len(), 30);
    for product in 0..7 {
        let name = format!("p{product}");
        let lane: Vec<i64> = taken
            .iter()
            .filter(|message| message.event["data"]["id"] == name.as_str())
            .map(|message| message.id.split('-').nth(1).unwrap().parse().unwrap())
            .collect();
        assert!(lane.is_sorted(), "{name}: {lane:?}");
    }
}

#[test]
fn a_register_that_is_killed_while_it_delivers_delivers_all_the_same() {
    let shop = Shop::open();
    let receiver = Receiver::new();
    let (_, secret) = hook(&shop, &receiver, &["cash.moved"]);
    let folder = shop.shut();
    let mut moves = 0;
    for round in 0..4 {
        let served = Served::start(folder.path());
        for _ in 0..10 {
            moves += 1;
            let request = json!({
                "id": uuid::Uuid::from_u128(moves), "kind": "pay_in", "amount": 100, "reason": "change",
            });
            done(served.address, "shift.move_cash", &request);
        }
        if round < 3 {
            // Somewhere in the middle of it.
            receiver.wait_for_all(round * 5 + 1);
            served.kill();
        } else {
            let taken = receiver.wait_for(40);
            let moved: HashSet<String> = ids(&taken).into_iter().collect();
            assert_eq!(moved.len(), 40);
            assert!(taken.iter().all(|message| message.is_signed_with(&secret)));
            assert!(served.terminate());
        }
    }
}

#[test]
fn a_program_sees_and_is_told_only_what_is_its_own_and_its_webhooks_end_with_its_token() {
    let shop = Shop::open();
    let receiver = Receiver::new();
    // The owner allows the host; programs cannot.
    let (mine, _) = hook(&shop, &receiver, &["customer.*"]);
    let (id, secret) = token(&shop, &["webhooks", "sales:read"]);
    let (_, other) = token(&shop, &["webhooks", "sales:read"]);
    let (_, without) = token(&shop, &["sales:read"]);
    let door = OpenDoor::of(shop.app());
    let new = json!({ "name": "Books", "url": receiver.url() });
    assert_eq!(door.ask(&without, "POST", "/v1/webhooks", Some(&new)).status, 403);
    let private = json!({ "name": "Books", "url": "https://10.0.0.8/hook" });
    let refused = door.ask(&secret, "POST", "/v1/webhooks", Some(&private));
    assert_eq!(
        (refused.status, refused.json()["code"].as_str()),
        (422, Some("address_not_allowed"))
    );
    let made = door.ask(&secret, "POST", "/v1/webhooks", Some(&new));
    assert_eq!(made.status, 201, "{}", made.body);
    let own = made.json();
    let path = format!("/v1/webhooks/{}", own["id"].as_str().unwrap());
    assert_eq!(
        door.ask(&secret, "GET", "/v1/webhooks", None).json()["data"].as_array().unwrap().len(),
        1
    );
    for (method, path) in
        [("GET", path.clone()), ("DELETE", path.clone()), ("GET", format!("/v1/webhooks/{mine}"))]
    {
        assert_eq!(door.ask(&other, method, &path, None).status, 404);
    }
    shop.sell(&[BREAD], PayWith::Cash);
    note(&shop, "customer", "c");
    let taken = receiver.wait_for(2);
    let kinds: HashSet<&str> = taken.iter().map(Message::kind).collect();
    assert_eq!(kinds, ["sale.completed", "customer.updated"].into());
    let sale = taken.iter().find(|message| message.kind() == "sale.completed").unwrap();
    assert!(sale.is_signed_with(own["secret"].as_str().unwrap()));
    let listed = wait_for("the delivery to be kept", || {
        let list =
            door.ask(&secret, "GET", &format!("{path}/deliveries?state=delivered"), None).json();
        Some(list["data"].clone()).filter(|data| data.as_array().is_some_and(|all| all.len() == 1))
    });
    assert_eq!(listed[0]["event_id"], json!(sale.id));
    let again = format!("{path}/deliveries/{}/redeliver", sale.id);
    assert_eq!(door.ask(&secret, "POST", &again, None).status, 200);
    receiver.wait_for_all(3);
    assert_eq!(receiver.taken().len(), 2, "it is known again by its id");
    shop.json("tokens.revoke", json!({ "token_id": id })).unwrap();
    shop.sell(&[BREAD], PayWith::Cash);
    note(&shop, "customer", "last");
    assert_eq!(receiver.wait_for(3)[2].kind(), "customer.updated");
    assert_eq!(receiver.all().len(), 4);
}

#[test]
fn an_edit_names_what_it_saw_and_what_is_switched_off_is_not_told_later() {
    let shop = Shop::closed();
    let receiver = Receiver::new();
    hook(&shop, &receiver, &["tax.*"]);
    let (_, secret) = token(&shop, &["webhooks", "catalog:read"]);
    let door = OpenDoor::of(shop.app());
    let new = json!({ "name": "Web shop", "url": receiver.url(), "types": ["product.updated"] });
    let made = door.ask(&secret, "POST", "/v1/webhooks", Some(&new)).json();
    let path = format!("/v1/webhooks/{}", made["id"].as_str().unwrap());
    let read = door.ask(&secret, "GET", &path, None);
    let tag = read
        .head
        .lines()
        .find_map(|line| line.to_lowercase().strip_prefix("etag: ").map(str::to_owned))
        .unwrap();
    let off = json!({ "enabled": false });
    shop.clock.forward(Duration::from_secs(1));
    let put = |body: &Value, tag: &str| {
        door.ask_with(&secret, "PATCH", &path, Some(body), &[&format!("If-Match: {tag}")]).status
    };
    assert_eq!(put(&off, &tag), 200);
    assert_eq!(put(&off, &tag), 412);
    note(&shop, "product", "while it was off");
    let on = json!({ "enabled": true });
    assert_eq!(door.ask(&secret, "PATCH", &path, Some(&on)).status, 200);
    note(&shop, "product", "on again");
    assert_eq!(ids(&receiver.wait_for(1)), ["on again"]);
    for bad in [
        json!({ "types": ["money.made"] }),
        json!({ "name": "" }),
        json!({ "name": "a\nb" }),
        json!({ "url": "ftp://example.com" }),
        json!({ "certificate": "none" }),
        json!({ "colour": "red" }),
    ] {
        assert_eq!(door.ask(&secret, "PATCH", &path, Some(&bad)).status, 422, "{bad}");
    }
    assert_eq!(door.ask(&secret, "DELETE", &path, None).status, 204);
    assert_eq!(door.ask(&secret, "GET", &path, None).status, 404);
}

#[test]
fn a_redirect_is_not_followed_and_an_address_that_is_gone_is_asked_no_more() {
    let shop = Shop::closed();
    let receiver = Receiver::new();
    let elsewhere = Receiver::new();
    let location = elsewhere.url();
    receiver.answer(move |_| format!("307\r\nLocation: {location}"));
    let (id, _) = hook(&shop, &receiver, &["product.*"]);
    note(&shop, "product", "1");
    let waiting = wait_for("the try to be kept", || {
        deliveries(&shop, &id, "waiting").into_iter().find(|d| d["attempts"] == 1)
    });
    assert!(waiting["trouble"].as_str().unwrap().contains("elsewhere"), "{waiting}");
    assert_eq!(elsewhere.connections(), 0);
    receiver.answer(|_| "410".to_owned());
    shop.clock.forward(Duration::from_secs(60));
    wake(&shop);
    wait_for("the webhook to be off", || Some(()).filter(|()| seen(&shop)["enabled"] == false));
    assert!(seen(&shop)["trouble"].as_str().unwrap().contains("410"));
    assert_eq!(deliveries(&shop, &id, "dead").len(), 1);
}

#[test]
fn what_waits_for_a_program_whose_token_is_revoked_is_never_sent() {
    let shop = Shop::closed();
    let receiver = Receiver::new();
    receiver.answer(|_| "503".to_owned());
    // The owner allows the host; programs cannot.
    let (mine, _) = hook(&shop, &receiver, &["tax.*"]);
    let (id, secret) = token(&shop, &["webhooks", "catalog:read"]);
    let door = OpenDoor::of(shop.app());
    let new = json!({ "name": "Books", "url": receiver.url(), "types": ["product.*"] });
    let made = door.ask(&secret, "POST", "/v1/webhooks", Some(&new)).json();
    let theirs = made["id"].as_str().unwrap();
    note(&shop, "product", "1");
    note(&shop, "product", "1");
    wait_for("one to be tried and one to wait behind it", || {
        let all = deliveries(&shop, theirs, "waiting");
        Some(()).filter(|()| all.len() == 2 && all.iter().any(|d| d["attempts"] == 1))
    });
    shop.json("tokens.revoke", json!({ "token_id": id })).unwrap();
    wait_for("what waited to be gone", || {
        Some(()).filter(|()| deliveries(&shop, theirs, "waiting").is_empty())
    });
    let list = shop.json("webhooks.list", json!({})).unwrap()["webhooks"].clone();
    let hooks = list.as_array().unwrap();
    let ended = hooks.iter().find(|hook| hook["id"] == theirs).unwrap();
    assert_eq!((&ended["revoked"], &ended["waiting"]), (&json!(true), &json!(0)));
    let refused = shop.json("webhooks.redeliver", json!({ "webhook_id": theirs })).unwrap_err();
    assert!(refused.message.contains("revoked"), "{refused:?}");
    // The others go on.
    receiver.answer(|_| "204".to_owned());
    shop.clock.forward(Duration::from_secs(3_600));
    note(&shop, "product", "2");
    note(&shop, "tax", "t");
    assert_eq!(ids(&receiver.wait_for(1)), ["t"]);
    wait_for("it to be kept", || {
        Some(()).filter(|()| deliveries(&shop, &mine, "delivered").len() == 1)
    });
    assert_eq!(receiver.taken().len(), 1);
}

#[test]
fn a_secret_is_told_once_and_is_in_no_kept_answer() {
    let shop = Shop::closed();
    let receiver = Receiver::new();
    hook(&shop, &receiver, &["tax.*"]);
    let (_, secret) = token(&shop, &["webhooks", "catalog:read"]);
    let door = OpenDoor::of(shop.app());
    let new = json!({ "name": "Books", "url": receiver.url(), "types": ["product.*"] });
    let ask = |key: &str, path: &str, body: Option<&Value>| {
        let answer =
            door.ask_with(&secret, "POST", path, body, &[&format!("Idempotency-Key: {key}")]);
        assert!(answer.status < 300, "{answer:?}");
        answer
    };
    let made = ask("1", "/v1/webhooks", Some(&new));
    let told = made.json()["secret"].as_str().unwrap().to_owned();
    assert!(told.starts_with("whsec_"));
    let rotate = format!("/v1/webhooks/{}/rotate-secret", made.json()["id"].as_str().unwrap());
    let rotated = ask("2", &rotate, None);
    assert_ne!(rotated.json()["secret"], json!(told));
    for (first, again) in
        [(made, ask("1", "/v1/webhooks", Some(&new))), (rotated, ask("2", &rotate, None))]
    {
        assert_eq!(again.header("idempotent-replayed"), Some("true"));
        assert_eq!(again.status, first.status);
        let mut expected = first.json();
        assert!(expected.as_object_mut().unwrap().remove("secret").is_some());
        assert_eq!(again.json(), expected);
    }
    let list = door.ask(&secret, "GET", "/v1/webhooks", None).json();
    assert_eq!(list["data"].as_array().unwrap().len(), 1, "made once");
    // The signing key stands in the database as bytes; the text that a person copies does not.
    let folder = shop.shut();
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            assert!(!bytes.windows(6).any(|part| part == b"whsec_"), "{}", path.display());
        }
    }
}
