//! The caller in Rust that the manual shows: it asks a real register, and checks what it is told.

use std::sync::Once;

use serde_json::{Value, json};

use crate::common::daemon::Served;

#[path = "../.docs/pos-api/caller.rs"]
mod caller;

use caller::Caller;

/// A register in a folder, and a test app with a token of its own.
fn register(folder: &std::path::Path) -> (Served, Caller) {
    static TLS: Once = Once::new();
    TLS.call_once(|| {
        // The client brings no cryptography of its own; here it is not needed for more than its start.
        rustls::crypto::ring::default_provider().install_default().unwrap();
    });
    let served = Served::start(folder);
    let register = format!("http://{}", served.address);
    let asked = json!({
        "client_id": "sandbox-rust", "name": "Caller", "callbacks": [],
        "scopes": ["payments"], "post": false, "new_token": true,
    });
    let saved: Value = wait(async {
        let client = reqwest::Client::new();
        let url = format!("{register}/rpc/apps.save");
        let sent = client.post(url).header("X-Countertop-Client", "test").json(&asked).send();
        sent.await.unwrap().json().await.unwrap()
    });
    let token = saved["secret"].as_str().unwrap_or_else(|| panic!("no token: {saved}")).to_owned();
    (served, Caller { register, token, client_id: "sandbox-rust".to_owned() })
}

fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

#[test]
fn the_caller_of_the_manual_is_told_what_became_of_its_payment() {
    let folder = tempfile::tempdir().unwrap();
    let (_served, caller) = register(folder.path());
    let told = |amount, state: &str| wait(caller.pay(amount, state)).unwrap();
    let paid = told(1099, "order 1 (paid!)");
    assert_eq!((&paid["status"], &paid["state"]), (&json!("ok"), &json!("order 1 (paid!)")));
    assert_eq!(paid["total_money"], json!({ "amount": 1099, "currency_code": "EUR" }));
    let split = told(1006, "order 2");
    assert_eq!(split["tenders"].as_array().map(Vec::len), Some(2));
    assert_eq!(told(1001, "order 3")["error_code"], "payment_canceled");
    let doubt = told(1002, "order 4");
    assert_eq!(doubt["error_code"], "in_doubt");
    assert!(doubt.get("transaction_id").is_none(), "nothing reads as paid: {doubt}");
    // Sent again, it is the same payment.
    assert_eq!(told(1099, "order 1 (paid!)")["transaction_id"], paid["transaction_id"]);
}

#[test]
fn the_caller_of_the_manual_believes_no_reply_that_another_key_signed() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (_served, honest) = register(here.path());
    let (_other, other) = register(there.path());
    let refused = wait(async {
        // Stands between the two: payments go to one register, and the key is the other one's.
        let door = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let register = format!("http://{}", door.local_addr().unwrap());
        let (asked, keys) = (honest.register.clone(), other.register.clone());
        let between = axum::Router::new()
            .route("/v1/keys", axum::routing::get(move || fetch(format!("{keys}/v1/keys"))))
            .route(
                "/v1/payment-requests",
                axum::routing::post(move |headers: axum::http::HeaderMap, body: String| {
                    forward(format!("{asked}/v1/payment-requests"), headers, body)
                }),
            );
        tokio::spawn(async move { axum::serve(door, between).await });
        Caller { register, ..honest }.pay(1099, "order 1").await
    });
    assert!(refused.is_err(), "{refused:?}");
}

async fn fetch(url: String) -> String {
    reqwest::get(url).await.unwrap().text().await.unwrap()
}

async fn forward(url: String, headers: axum::http::HeaderMap, body: String) -> String {
    let mut asking = reqwest::Client::new().post(url).body(body);
    for name in ["authorization", "content-type", "idempotency-key"] {
        asking = asking.header(name, headers[name].clone());
    }
    asking.send().await.unwrap().text().await.unwrap()
}
