//! The door for webhooks of web shops: whoever has the shop's secret wakes its reading, and nobody learns
//! anything.

use std::net::SocketAddr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countertop_shop_twins::{Shop as WebShop, WooBooks};
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::common::Shop;
use crate::common::door::OpenDoor;
use crate::common::wire::{Answer, send};

const KEY: &str = "ck_test:cs_test";
const SECRET: &str = "hush";
/// How a shop in the internet calls this register: its tunnel's name.
const TUNNEL: &str = "Host: till.tunnel.example";

fn signature(secret: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(body);
    STANDARD.encode(mac.finalize().into_bytes())
}

/// A webhook as WooCommerce sends it through a tunnel.
fn hook(door: SocketAddr, id: &str, signed: Option<&str>, body: &[u8]) -> Answer {
    let length = format!("Content-Length: {}", body.len());
    let signature = signed.map(|signature| format!("X-WC-Webhook-Signature: {signature}"));
    let mut headers = vec![
        TUNNEL,
        "X-Forwarded-For: 203.0.113.9",
        "Content-Type: application/json",
        "X-WC-Webhook-Resource: order",
        &length,
    ];
    headers.extend(signature.as_deref());
    send(door, &format!("POST /hooks/{id} HTTP/1.1"), &headers, body)
}

/// Connects a shop; its twin is there for as long as the first.
fn connected(shop: &Shop) -> (WebShop<WooBooks>, String) {
    let web = WebShop::open(WooBooks::new(KEY)).unwrap();
    let saved = shop.json(
        "channels.save",
        json!({ "kind": "woocommerce", "name": "Online", "url": web.url(), "allow_host": true,
            "secrets": { "key": KEY, "webhook_secret": SECRET } }),
    );
    let id = saved.unwrap()["id"].as_str().unwrap().to_owned();
    (web, id)
}

fn seen(shop: &Shop) -> Value {
    shop.json("channels.list", json!({})).unwrap()["channels"][0].clone()
}

#[test]
fn a_webhook_that_is_signed_is_heard_once_and_no_other_is() {
    let shop = Shop::open();
    let (_web, id) = connected(&shop);
    let door = OpenDoor::of(shop.app());
    let at = |id: &str, signed: Option<&str>, body: &[u8]| hook(door.address, id, signed, body);
    let body: &[u8] = br#"{"id":218,"status":"processing"}"#;
    let good = signature(SECRET, body);
    assert_eq!(seen(&shop)["hook"], json!(format!("/hooks/{id}")));

    // The first call of a shop, which only tries the address, has no signature.
    let unsigned = at(&id, None, b"webhook_id=7");
    assert_eq!(
        (&seen(&shop)["woken_ms"], &seen(&shop)["hook_refused_ms"]),
        (&json!(null), &json!(null))
    );
    let forged = at(&id, Some(&signature("guessed", body)), body);
    let changed = at(&id, Some(&good), br#"{"id":219,"status":"processing"}"#);
    let now = seen(&shop);
    assert_eq!(now["woken_ms"], json!(null), "it was believed without a signature");
    assert!(!now["hook_refused_ms"].is_null(), "nobody is told that the secret is another");

    let heard = at(&id, Some(&good), body);
    let woken = seen(&shop)["woken_ms"].clone();
    assert!(!woken.is_null());
    // The same one again, much later, as somebody who recorded it would send it.
    shop.clock.forward(std::time::Duration::from_secs(3_600));
    let again = at(&id, Some(&good), body);
    assert_eq!(seen(&shop)["woken_ms"], woken, "a recorded webhook wakes the shop");
    let next = br#"{"id":220}"#;
    at(&id, Some(&signature(SECRET, next)), next);
    assert_ne!(seen(&shop)["woken_ms"], woken);

    // Nothing of the answer tells them apart: neither which shops there are nor what was signed.
    let nobody = at("0190aaaa-0000-7000-8000-000000000000", Some(&good), body);
    let nonsense = at("..%2f..%2fsecrets", Some(&good), body);
    let shown = |answer: &Answer| {
        let head = answer.head.lines().filter(|line| !line.to_lowercase().starts_with("date:"));
        (answer.status, head.map(str::to_owned).collect::<Vec<_>>(), answer.body.clone())
    };
    assert_eq!(heard.status, 204, "{heard:?}");
    for answer in [&unsigned, &forged, &changed, &again, &nobody, &nonsense] {
        assert_eq!(shown(answer), shown(&heard));
    }
}

#[test]
fn a_tunnel_for_webhooks_is_no_way_to_the_till() {
    let shop = Shop::open();
    let _web = connected(&shop);
    let door = OpenDoor::of(shop.app());
    let own = format!("Host: {}", door.address);
    let origin = format!("Origin: http://{}", door.address);
    let command = |host: &str, more: &[&str]| {
        let mut headers = vec![
            host,
            &origin,
            "Content-Type: application/json",
            "X-Countertop-Client: page",
            "Content-Length: 2",
        ];
        headers.extend(more);
        send(door.address, "POST /rpc/channels.list HTTP/1.1", &headers, b"{}").status
    };
    assert_eq!(command(&own, &[]), 200);
    assert_eq!(command(TUNNEL, &[]), 421);
    // A tunnel that gives the register its own name still says for whom it asks.
    for forwarded in
        ["X-Forwarded-For: 203.0.113.9", "Forwarded: for=203.0.113.9", "X-Real-IP: ::2"]
    {
        assert_eq!(command(&own, &[forwarded]), 403, "{forwarded}");
    }
}

#[test]
fn no_webhook_is_too_long_and_none_come_too_fast() {
    let shop = Shop::open();
    let (_web, id) = connected(&shop);
    let door = OpenDoor::of(shop.app());
    let long = hook(door.address, &id, None, &vec![b' '; 1024 * 1024 + 1]);
    assert_eq!(long.status, 413);
    let chunked = ["Transfer-Encoding: chunked", TUNNEL];
    let mut body = Vec::new();
    for _ in 0..17 {
        body.extend_from_slice(b"10000\r\n");
        body.extend_from_slice(&[b' '; 0x1_0000]);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"0\r\n\r\n");
    let first = format!("POST /hooks/{id} HTTP/1.1");
    assert_eq!(send(door.address, &first, &chunked, &body).status, 413, "a body without a length");

    // However slowly this machine asks, the pace holds at last or every call was let through in time.
    let began = std::time::Instant::now();
    let refused = (0..400).find_map(|_| {
        let answer = hook(door.address, &id, None, b"webhook_id=7");
        (answer.status != 204).then_some(answer)
    });
    match refused {
        Some(answer) => {
            assert_eq!(answer.status, 429);
            assert!(answer.head.to_lowercase().contains("retry-after: "), "{answer:?}");
        }
        None => assert!(began.elapsed().as_secs() >= 25, "400 came at once"),
    }
}
