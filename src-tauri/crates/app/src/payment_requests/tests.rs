//! What comes from outside is read or refused, and never makes the reader fall over: as often as
//! `COUNTERTOP_FUZZ_RUNS` says. Hostile addresses are not called.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::callback::may_register;
use super::percent::encode;
use super::{CallbackKind, From, Reply, is_registered, read_json, read_link, shape};

fn runs() -> ProptestConfig {
    let set = std::env::var("COUNTERTOP_FUZZ_RUNS").ok();
    let cases = set.and_then(|runs| runs.parse().ok()).unwrap_or(500);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// A JSON value of any kind, small.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[0-9.eE+-]{0,25}".prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        Just(json!("EUR")),
        Just(json!("1.3")),
        Just(json!("CASH")),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((NAMES, inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

const NAMES: &str = "(client_id|version|amount_money|amount|currency_code|callback_url|state|notes\
    |location_id|customer_id|options|supported_tender_types|auto_return|queue|line_items|quantity\
    |base_price_money|name|variant_id|tip_settings|allow_tipping|expires_at|idempotency_key|[a-z]{1,4})";

const KEYS: &str = "((S|i|l|x)[._])?(com[._]squareup[._]pos[._])?(CLIENT_ID|API_VERSION|TOTAL_AMOUNT\
    |CURRENCY_CODE|TENDER_TYPES|NOTE|REQUEST_METADATA|WEB_CALLBACK_URI|AUTO_RETURN_TIMEOUT_MS|data\
    |intent|SDK_VERSION|client_id|amount)";

proptest! {
    #![proptest_config(runs())]

    #[test]
    fn no_link_makes_the_reader_fall_over(
        scheme in "(countertop:(//)?|intent:|square-commerce-v1://)(payment/create|charge|)(\\?|#Intent;|)",
        members in prop::collection::vec((KEYS, any::<String>(), any::<bool>()), 0..8),
        tail in any::<String>(),
        square in any::<bool>()
    ) {
        let mut link = scheme;
        for (name, value, encoded) in members {
            let value = if encoded { encode(&value) } else { value };
            link.push_str(&format!("{name}={value}{}", if encoded { '&' } else { ';' }));
        }
        let _ = read_link(&link, square);
        link.push_str(&tail);
        let _ = read_link(&link, square);
    }

    #[test]
    fn no_json_makes_the_reader_fall_over(
        members in prop::collection::vec((NAMES, any_json()), 0..12), http in any::<bool>()
    ) {
        let map: Map<String, Value> = members.into_iter().collect();
        let from = if http { From::Http } else { From::Link };
        let asked = read_json(&map, from);
        if let Ok(request) = &asked.what {
            // Whatever is taken is whole: an amount of money, and somebody to answer.
            prop_assert!(request.amount > 0 && request.amount <= 9_007_199_254_740_991);
            prop_assert_eq!(request.currency.len(), 3);
            prop_assert!(!request.client_id.is_empty());
            prop_assert!(request.notes.chars().count() <= 500);
            let again = serde_json::to_string(&request).unwrap();
            let read: super::PaymentRequest = serde_json::from_str(&again).unwrap();
            prop_assert_eq!(read.amount, request.amount);
        }
        let text = Value::Object(map).to_string();
        let _ = read_link(&format!("countertop://payment/create?data={}", encode(&text)), false);
    }

    #[test]
    fn no_address_is_called_that_nobody_registered(
        address in "(https?|my-app|javascript|data|[a-z]{2,6}):?/{0,3}[a-z@:.\\\\/?#%0-9\u{e4}\t-]{0,40}"
    ) {
        let registered =
            ["https://shop.example/paid".to_owned(), "my-app://cb".to_owned()];
        if is_registered(&address, &registered) {
            let web = address == registered[0]
                || address == format!("{}/square_request", registered[0]);
            prop_assert!(web || address.starts_with("my-app://cb"), "{}", address);
        }
        let _ = may_register(&address);
    }

    #[test]
    fn a_link_says_what_was_put_in_it(
        amount in 1_i64..=9_007_199_254_740_991, as_text in any::<bool>(),
        state in any::<String>(), notes in "[^\u{0}]{0,100}"
    ) {
        let amount_value = if as_text { json!(amount.to_string()) } else { json!(amount) };
        let data = json!({
            "client_id": "kiosk", "version": "1.3", "callback_url": "my-app://cb", "state": state,
            "notes": notes, "amount_money": { "amount": amount_value, "currency_code": "EUR" },
        });
        let link = format!("countertop://payment/create?data={}", encode(&data.to_string()));
        let what = read_link(&link, false).unwrap().what;
        if state.contains('\0') {
            prop_assert!(what.is_err());
        } else {
            let request = what.unwrap();
            prop_assert_eq!(request.amount, amount);
            prop_assert_eq!(request.state, Some(state));
            prop_assert_eq!(request.notes, notes);
        }
    }
}

/// Schemes that run code, read files or start a program of the system.
const SCHEMES: &[&str] = &[
    "javascript",
    "data",
    "vbscript",
    "file",
    "intent",
    "about",
    "blob",
    "view-source",
    "jar",
    "ms-msdt",
    "ms-officecmd",
    "search-ms",
    "search",
    "shell",
    "ftp",
    "smb",
    "ldap",
    "ws",
    "wss",
    "mailto",
    "tel",
    "chrome",
    "resource",
    "res",
    "hcp",
    "countertop",
    "square-commerce-v1",
    "content",
    "x-apple.systempreferences",
    "windowsdefender",
];

/// Hosts that are not the registered one, however much they look like it.
const HOSTS: &[&str] = &[
    "evil.example",
    "shop.example.evil.example",
    "shop.example@evil.example",
    "user:pass@shop.example",
    "shop.example:8443",
    "shop.example%2eevil.example",
    "127.0.0.1",
    "localhost:9999",
    "0x7f000001",
    "2130706433",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "169.254.1.1",
    "shop.example.",
    "SHOP.example",
    "shop\u{3002}example",
    "xn--shop-example",
    "",
];

/// Addresses that are nearly a registered one, or none at all.
const ADDRESSES: &[&str] = &[
    "http://shop.example/paid",
    "http://10.0.0.1/paid",
    "http://192.168.1.1/",
    "http://[::]/",
    "http://0.0.0.0:7000/cb",
    "http://127.0.0.1.evil.example:7000/cb",
    "http://localhost.evil/cb",
    "http://127.0.0.1:7000/other",
    "http://127.0.0.1@evil.example:7000/cb",
    "https://shop.example/paid#x",
    "https://shop.example/paid/",
    "https://shop.example/paid%00",
    "https://shop.example/paid\n",
    " https://shop.example/paid",
    "https://shop.example/paid ",
    "https:\\\\shop.example\\paid",
    "https:/shop.example/paid",
    "https:shop.example/paid",
    "https://shop.example/paid\u{202e}",
    "https://shop.example/paid\0",
    "//shop.example/paid",
    "/paid",
    "paid",
    "",
    "\\\\evil\\share",
    "\\\\?\\C:\\x.exe",
    "c:\\windows\\system32",
    "C:/x",
    "my-app:cb",
    "my-app:/cb",
    "my-app://cbevil",
    "my-app://cb.evil",
    "my-app://cb@evil",
    "my-app://cb:1@evil/",
    "my-app://cb/../x",
    "my-app://cb/%2e%2e/x",
    "my-app://cb/.%2E/x",
    "my-app://cb/\r\nSet-Cookie:x",
    "my-app://cb/\u{7f}",
    "my-app://cb/<script>",
    "my-app2://cb",
    "my-ap://cb",
    "MY-APP://other",
    "my-app\t://cb",
    "javascript://shop.example/%0aalert(1)",
    "JaVaScRiPt://shop.example/paid",
    "java\nscript:alert(1)",
    "https://shop.example/PAID",
    "https://shop.example/paidx",
    "https://shop.example/pai",
    "https://shop.example/paid?",
    "https://shop.example//paid",
    "https://shop.example/./paid",
];

/// Addresses that must never be called, though the app registered all of `KNOWN`.
fn hostile() -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for scheme in SCHEMES {
        for rest in [":alert(1)", "://shop.example/paid", "://cb", "://cb/square_request"] {
            all.push(format!("{scheme}{rest}"));
        }
    }
    for host in HOSTS {
        for rest in ["/paid", "/paid?x=1", "/paid/../admin"] {
            all.push(format!("https://{host}{rest}"));
        }
    }
    for address in ADDRESSES {
        all.push((*address).to_owned());
    }
    all
}

const KNOWN: &[&str] =
    &["https://shop.example/paid", "http://127.0.0.1:7000/cb", "my-app://cb", "other-app://"];

#[test]
fn of_two_hundred_hostile_addresses_none_is_called() {
    let registered: Vec<String> = KNOWN.iter().map(|&known| known.to_owned()).collect();
    let hostile = hostile();
    assert!(hostile.len() >= 200, "{}", hostile.len());
    for address in &hostile {
        assert!(!is_registered(address, &registered), "{address:?}");
    }
    for address in KNOWN.iter().copied().chain([
        "my-app://cb/square_request",
        "MY-APP://cb?x=1",
        "my-app://cb#a",
        "other-app://square_request",
        "https://shop.example/paid/square_request",
    ]) {
        if address != "other-app://" {
            assert!(is_registered(address, &registered), "{address:?}");
        }
    }
}

#[test]
fn dangerous_schemes_cannot_even_be_registered() {
    for address in hostile().iter().filter(|address| !address.to_lowercase().starts_with("my-ap")) {
        let plain = shape(address).is_ok_and(|kind| kind == CallbackKind::Scheme);
        assert!(!plain, "{address:?}");
    }
    for bad in ["javascript://", "file://", "https://", "http://", "ms-settings://", "c://", "://"]
    {
        assert!(may_register(bad).is_err(), "{bad}");
    }
    for good in KNOWN {
        may_register(good).unwrap();
    }
}

#[test]
fn a_reply_without_a_value_says_nothing_of_it() {
    let text = r#"{"status":"error","error_code":"in_doubt","request_id":"r"}"#;
    let reply: Reply = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&reply).unwrap(), text);
}
