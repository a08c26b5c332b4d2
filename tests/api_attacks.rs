//! Attacks on the open API at both doors, with a good token in hand: whoever comes by another name, from
//! another page, in another form or without the right token gets nothing and changes nothing.

use countertop::{Config, Register};
use countertop_app::App;
use serde_json::{Value, json};

use crate::common::Shop;
use crate::common::api::{Token, ask};
use crate::common::tls::Tablet;
use crate::common::wire::{Answer, done, send};
use crate::http::{hosts, origins};
use crate::lan::open_shop;

/// What asks for a payment, if it is let in. Each sending would be a request of its own.
fn wanted(number: usize) -> String {
    json!({
        "client_id": "kiosk", "version": "1", "state": number.to_string(),
        "options": { "queue": true },
        "amount_money": { "amount": 1099, "currency_code": "EUR" },
    })
    .to_string()
}

/// How an attack differs from a program that was let in.
struct Attack {
    method: &'static str,
    host: Option<String>,
    origin: Option<String>,
    kind: Option<&'static str>,
    token: Option<String>,
    more: Option<String>,
}

const JSON: Option<&str> = Some("application/json");

impl Attack {
    fn headers(&self) -> Vec<String> {
        let line = |name: &str, value: &str| format!("{name}: {value}");
        let mut all = Vec::new();
        all.extend(self.host.as_deref().map(|host| line("Host", host)));
        all.extend(self.origin.as_deref().map(|origin| line("Origin", origin)));
        all.extend(self.kind.map(|kind| line("Content-Type", kind)));
        all.extend(self.token.as_deref().map(|token| line("Authorization", token)));
        all.extend(self.more.clone());
        all
    }
}

/// Every attack on a door with these names and pages, where those for which `ours` is true are the
/// door's own.
fn attacks(
    (hosts, origins): (&[String], &[String]),
    (own_host, own_origin): (&str, &str),
    ours: impl Fn(&str) -> bool,
    secret: &str,
) -> Vec<Attack> {
    let plain = || Attack {
        method: "POST",
        host: Some(own_host.to_owned()),
        origin: None,
        kind: JSON,
        token: Some(format!("Bearer {secret}")),
        more: None,
    };
    let mut all = Vec::new();
    let with_none = |all: &[String]| -> Vec<Option<String>> {
        all.iter().cloned().map(Some).chain([None]).collect()
    };
    for host in with_none(hosts) {
        for origin in with_none(origins) {
            let good = host.as_deref().is_some_and(&ours)
                && origin.as_deref().is_none_or(|origin| {
                    let scheme = own_origin.split("://").next().unwrap();
                    origin.strip_prefix(&format!("{scheme}://")).is_some_and(&ours)
                });
            if !good {
                all.push(Attack { host: host.clone(), origin, ..plain() });
            }
        }
    }
    for kind in [
        Some("text/plain"),
        Some("text/plain; application/json"),
        Some("application/x-www-form-urlencoded"),
        Some("multipart/form-data; boundary=x"),
        Some("application/jsonx"),
        Some(""),
        None,
    ] {
        for origin in [None, Some(own_origin.to_owned())] {
            all.push(Attack { kind, origin, ..plain() });
        }
    }
    for site in ["cross-site", "same-site"] {
        all.push(Attack { more: Some(format!("Sec-Fetch-Site: {site}")), ..plain() });
    }
    for method in ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "post"] {
        all.push(Attack { method, ..plain() });
    }
    for token in [
        None,
        Some(String::new()),
        Some("Bearer".to_owned()),
        Some("Bearer ".to_owned()),
        Some(format!("Basic {secret}")),
        Some(secret.to_owned()),
        Some(format!("Bearer {}", &secret[..secret.len() - 1])),
        Some(format!("Bearer {secret}x")),
        Some(format!("Bearer {}", secret.to_uppercase())),
    ] {
        all.push(Attack { token, ..plain() });
    }
    all
}

/// Nothing that is the shop's, and no leave for another page to read it.
fn got_nothing(answer: &Answer) {
    assert!((400..500).contains(&answer.status), "{answer:?}");
    assert!(!answer.head.to_lowercase().contains("access-control-allow"), "{answer:?}");
    for told in ["Corner", "kiosk", "received", "1099"] {
        assert!(!answer.body.contains(told), "{answer:?}");
    }
}

/// What stands in the books, and what apps asked for.
fn state(app: &App) -> (i64, usize) {
    app.store()
        .read::<_, countertop_store::StoreError>(|snapshot| {
            let seq = snapshot.last_position()?.seq;
            Ok((seq, snapshot.payment_requests_of("kiosk", None, None, 1_000)?.len()))
        })
        .unwrap()
}

#[test]
fn no_attack_on_the_open_api_is_accepted_at_either_door_and_none_changes_anything() {
    let (folder, served, stranger) = open_shop();
    let at = served.address;
    done(at, "apps.save", &json!({ "client_id": "kiosk", "name": "Kiosk", "callbacks": [] }));
    let secret = Token::make(at, "Program", &["payments"], "owner").secret;
    let mut tried = 0;
    let till = {
        let port = at.port();
        let names =
            [format!("127.0.0.1:{port}"), format!("localhost:{port}"), format!("[::1]:{port}")];
        let (own, origin) = (at.to_string(), format!("http://{at}"));
        let all = (&hosts(port)[..], &origins(port)[..]);
        attacks(all, (&own, &origin), |name| names.iter().any(|own| own == name), &secret)
    };
    for attack in &till {
        tried += 1;
        let body = wanted(tried);
        let mut headers = attack.headers();
        headers.push(format!("Content-Length: {}", body.len()));
        let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
        let first = format!("{} /v1/payment-requests HTTP/1.1", attack.method);
        got_nothing(&send(at, &first, &headers, body.as_bytes()));
    }
    let network = {
        let (door, port) = (stranger.door.to_string(), stranger.door.port());
        let mut names = hosts(port).to_vec();
        names.extend([at.to_string(), String::new()]);
        let mut pages = origins(port).to_vec();
        pages.extend([format!("http://{at}"), format!("https://{door}.shop.example")]);
        let own = format!("https://{door}");
        attacks((&names, &pages), (&door, &own), |name| name == door, &secret)
    };
    for attack in &network {
        tried += 1;
        let headers = attack.headers();
        let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
        let first = format!("{} /v1/payment-requests HTTP/1.1", attack.method);
        got_nothing(&stranger.send(&first, &headers, &wanted(tried)));
    }
    assert!(till.len() > 100 && network.len() > 100, "{} {}", till.len(), network.len());
    // The same, asked by a program as it should be, is taken at each door, once.
    let program = Tablet { token: Some(secret.clone()), ..stranger.clone() };
    let asked: Value = serde_json::from_str(&wanted(0)).unwrap();
    assert_eq!(program.ask("/v1/payment-requests", &asked).status, 201);
    let token = format!("Authorization: Bearer {secret}");
    let again = ask(at, "POST /v1/payment-requests", &[&token], Some(&asked));
    assert_eq!(again.status, 200, "{again:?}");
    assert!(served.terminate());
    let register = Register::open(&Config::new(folder.path())).unwrap();
    let (entries, requests) = state(register.app());
    assert_eq!((entries, requests), (before(), 1), "{tried} attacks");
}

/// Entries of a shop's journal before anybody attacks it.
fn before() -> i64 {
    state(Shop::open().app()).0
}

#[test]
fn in_the_network_a_route_lets_in_only_a_token_with_its_scope() {
    let (folder, served, stranger) = open_shop();
    let document: Value = ask(served.address, "GET /v1/openapi.json", &[], None).json();
    let host = format!("Host: {}", stranger.door);
    let events = Token::make(served.address, "Events", &["events"], "owner").header();
    let keys = Token::make(served.address, "Webhooks", &["webhooks"], "owner").header();
    let mut tried = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let needs = operation["security"].as_array().unwrap().first();
            let Some(needs) = needs.and_then(|one| one["token"].as_array()) else { continue };
            let path = path.replace(['{', '}'], "");
            let first = format!("{} {path} HTTP/1.1", method.to_uppercase());
            let json = "Content-Type: application/json";
            assert_eq!(stranger.send(&first, &[&host, json], "{}").status, 401, "{first}");
            for (token, scope) in [(&events, "events"), (&keys, "webhooks")] {
                if !needs.is_empty() && !needs.contains(&json!(scope)) {
                    tried += 1;
                    let answer = stranger.send(&first, &[&host, json, token], "{}");
                    answer.is_problem(403, "missing_scope");
                }
            }
        }
    }
    assert!(tried > 150, "{tried}");
    assert!(served.terminate());
    let register = Register::open(&Config::new(folder.path())).unwrap();
    assert_eq!(state(register.app()), (before(), 0));
}
