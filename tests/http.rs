//! The served register: only its own page gives commands and reads answers.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

use countertop::{Config, Register};
use serde_json::{Value, json};

use crate::common::daemon::Served;
use crate::common::goods::BREAD;
use crate::common::wire::{Answer, done, rpc, send};
use crate::common::{Folder, Shop, verify_ok};

/// A served shop with an open shift.
fn served() -> (Folder, Served) {
    let folder = Shop::open().shut();
    let served = Served::start(folder.path());
    (folder, served)
}

/// A scan of bread, as it would be sent by anyone who knew the basket's id.
struct Scan<'a> {
    method: &'a str,
    host: Option<&'a str>,
    origin: Option<&'a str>,
    content_type: Option<&'a str>,
    extra: Option<&'a str>,
}

impl Scan<'_> {
    fn send(&self, served: &Served, basket: &Value) -> Answer {
        let body = json!({ "basket_id": basket, "code": BREAD }).to_string();
        let mut headers =
            vec![format!("Content-Length: {}", body.len()), "X-Countertop-Client: page".to_owned()];
        headers.extend(self.host.map(|host| format!("Host: {host}")));
        headers.extend(self.origin.map(|origin| format!("Origin: {origin}")));
        headers.extend(self.content_type.map(|kind| format!("Content-Type: {kind}")));
        headers.extend(self.extra.map(str::to_owned));
        let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
        let first = format!("{} /rpc/basket.scan HTTP/1.1", self.method);
        send(served.address, &first, &headers, body.as_bytes())
    }
}

/// Nothing that a page of another origin could read, and no leave to read it.
fn says_nothing(answer: &Answer) {
    assert!(!answer.head.to_lowercase().contains("access-control-allow"), "{answer:?}");
    for secret in ["Bread", "total", "basket_id", "Corner"] {
        assert!(!answer.body.contains(secret), "{answer:?}");
    }
}

/// Names that a request may give the register: its own three, then others.
pub(crate) fn hosts(port: u16) -> [String; 11] {
    let ours = format!("127.0.0.1:{port}");
    [
        ours,
        format!("localhost:{port}"),
        format!("[::1]:{port}"),
        format!("shop.example:{port}"),
        format!("127.0.0.1.shop.example:{port}"),
        format!("shop.example@127.0.0.1:{port}"),
        format!("0.0.0.0:{port}"),
        format!("10.0.0.1:{port}"),
        "127.0.0.1".to_owned(),
        "127.0.0.1:1".to_owned(),
        "127.0.0.1:".to_owned(),
    ]
}

/// Pages that a request may come from: its own two, then others.
pub(crate) fn origins(port: u16) -> [String; 11] {
    let ours = format!("127.0.0.1:{port}");
    [
        format!("http://{ours}"),
        format!("http://localhost:{port}"),
        format!("https://{ours}"),
        format!("http://shop.example:{port}"),
        format!("http://{ours}.shop.example"),
        format!("http://shop.example/{ours}"),
        "http://127.0.0.1:1".to_owned(),
        "http://127.0.0.1".to_owned(),
        "null".to_owned(),
        "file://".to_owned(),
        String::new(),
    ]
}

#[test]
fn no_other_host_origin_method_or_form_changes_anything_or_reads_an_answer() {
    let (_folder, served) = served();
    let port = served.address.port();
    let ours = format!("127.0.0.1:{port}");
    let basket = done(served.address, "basket.current", &json!({}))["id"].clone();
    let own = |host: &str| {
        [ours.as_str(), &format!("localhost:{port}"), &format!("[::1]:{port}")].contains(&host)
    };
    let (hosts, origins) = (hosts(port), origins(port));
    let (mut tried, mut allowed) = (0, 0);
    let mut attempt = |scan: Scan<'_>, good: bool| {
        tried += 1;
        let answer = scan.send(&served, &basket);
        if good {
            allowed += 1;
            assert_eq!(answer.status, 200, "{answer:?}");
        } else {
            assert!((400..500).contains(&answer.status), "{answer:?}");
            says_nothing(&answer);
        }
    };
    let json = Some("application/json");
    for host in hosts.iter().map(|host| Some(host.as_str())).chain([None]) {
        for origin in origins.iter().map(|origin| Some(origin.as_str())).chain([None]) {
            let own_origin =
                origin.is_none_or(|origin| origin.strip_prefix("http://").is_some_and(own));
            let good = host.is_some_and(own) && own_origin;
            let scan = Scan { method: "POST", host, origin, content_type: json, extra: None };
            attempt(scan, good);
        }
    }
    let foreign = "http://shop.example";
    for method in ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "post"] {
        for origin in [None, Some(foreign)] {
            for content_type in [json, Some("text/plain"), None] {
                let host = Some(ours.as_str());
                attempt(Scan { method, host, origin, content_type, extra: None }, false);
            }
        }
    }
    for content_type in [
        Some("text/plain"),
        Some("text/plain; application/json"),
        Some("application/x-www-form-urlencoded"),
        Some("multipart/form-data; boundary=x"),
        Some("application/jsonx"),
        Some(""),
        None,
    ] {
        for origin in [None, Some(foreign), Some("null")] {
            let host = Some(ours.as_str());
            attempt(Scan { method: "POST", host, origin, content_type, extra: None }, false);
        }
    }
    for site in ["cross-site", "same-site"] {
        let extra = format!("Sec-Fetch-Site: {site}");
        let scan = Scan {
            method: "POST",
            host: Some(&ours),
            origin: None,
            content_type: json,
            extra: Some(&extra),
        };
        attempt(scan, false);
    }
    assert!(tried > 200, "{tried}");
    let lines = done(served.address, "basket.current", &json!({}))["lines"].clone();
    assert_eq!(lines[0]["quantity"], allowed * 1_000, "{tried} tried, {allowed} allowed");
}

#[test]
fn a_page_of_another_origin_reads_no_file_and_no_event() {
    let (_folder, served) = served();
    let host = format!("Host: {}", served.address);
    for path in ["/events", "/health", "/index.html", "/rpc/register.state"] {
        let first = format!("GET {path} HTTP/1.1");
        let answer = send(served.address, &first, &[&host, "Origin: http://shop.example"], b"");
        assert_eq!(answer.status, 403, "{path}: {answer:?}");
        says_nothing(&answer);
        let answer = send(served.address, &first, &["Host: shop.example"], b"");
        assert_eq!(answer.status, 421, "{path}: {answer:?}");
        says_nothing(&answer);
    }
    let answer = send(served.address, "GET /health HTTP/1.1", &[&host], b"");
    assert_eq!((answer.status, answer.body.as_str()), (200, "ok"));
    assert!(answer.head.to_lowercase().contains("content-security-policy"), "{answer:?}");
}

#[test]
fn a_path_that_climbs_out_of_the_pages_folder_finds_nothing() {
    let (_folder, served) = served();
    let host = format!("Host: {}", served.address);
    for path in [
        "/../Cargo.toml",
        "/..%2f..%2fCargo.toml",
        "/%2e%2e/Cargo.toml",
        "//etc/passwd",
        "/assets/../../package.json",
        "/register.db",
        "/register.key",
    ] {
        let answer = send(served.address, &format!("GET {path} HTTP/1.1"), &[&host], b"");
        assert!([400, 404].contains(&answer.status), "{path}: {answer:?}");
    }
}

#[test]
fn a_request_that_cannot_be_read_is_refused_and_selling_goes_on() {
    let (_folder, served) = served();
    let at = served.address;
    assert_eq!(rpc(at, "basket.explode", &json!({})).json()["code"], "unknown_command");
    assert_eq!(rpc(at, "basket.explode", &json!({})).status, 404);
    assert_eq!(rpc(at, "basket.scan", &json!({ "code": BREAD })).status, 400);
    assert_eq!(rpc(at, &"x".repeat(5_000), &json!({})).status, 404);

    let (host, json) = (format!("Host: {at}"), "Content-Type: application/json");
    let client = "X-Countertop-Client: page";
    let post = |headers: &[&str], body: &[u8]| {
        let length = format!("Content-Length: {}", body.len());
        let mut all = vec![host.as_str(), &length];
        all.extend(headers);
        send(at, "POST /rpc/register.state HTTP/1.1", &all, body)
    };
    for body in [&b""[..], b"{", b"\xFF\xFE", b"{} {}", &b"[".repeat(60_000)] {
        let answer = post(&[json, client], body);
        assert_eq!(answer.status, 400, "{answer:?}");
    }
    for name in ["", "a b", "é", "x/y", &"x".repeat(65)] {
        let named = format!("X-Countertop-Client: {name}");
        assert_eq!(post(&[json, &named], b"{}").status, 400, "{name:?}");
    }
    assert_eq!(post(&[json], b"{}").status, 400);
    // More than any command is long.
    let large = json!({ "text": "x".repeat(70_000) }).to_string();
    assert_eq!(post(&[json, client], large.as_bytes()).status, 413);
    let length = "Content-Length: 1000000000";
    let first = "POST /rpc/register.state HTTP/1.1";
    assert_eq!(send(at, first, &[&host, length, json, client], b"{}").status, 413);
    assert_eq!(send(at, "nonsense", &[], b"").status, 400);
    assert_eq!(done(at, "register.state", &json!({}))["shop"], "Corner");
}

/// Opens the stream of changes and waits until it has begun.
fn listen(served: &Served) -> BufReader<TcpStream> {
    let mut stream = TcpStream::connect(served.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    write!(stream, "GET /events HTTP/1.1\r\nHost: {}\r\n\r\n", served.address).unwrap();
    let mut events = BufReader::new(stream);
    let mut line = String::new();
    events.read_line(&mut line).unwrap();
    assert!(line.starts_with("HTTP/1.1 200"), "{line}");
    while line != "\r\n" {
        line.clear();
        events.read_line(&mut line).unwrap();
    }
    events
}

fn next_change(events: &mut BufReader<TcpStream>) -> Value {
    let mut line = String::new();
    loop {
        line.clear();
        assert!(events.read_line(&mut line).unwrap() > 0, "the stream ended");
        if let Some(data) = line.strip_prefix("data:") {
            return serde_json::from_str(data.trim()).unwrap();
        }
    }
}

#[test]
fn every_page_hears_what_changed_and_who_changed_it() {
    let (_folder, served) = served();
    let mut pages = [listen(&served), listen(&served)];
    let basket = done(served.address, "basket.current", &json!({}))["id"].clone();
    done(served.address, "basket.scan", &json!({ "basket_id": basket, "code": BREAD }));
    for page in &mut pages {
        assert_eq!(next_change(page), json!({ "tags": ["basket"], "origin": "page" }));
    }
    let pay = json!({
        "basket_id": basket, "tender_id": "0190aaaa-0000-7000-8000-000000000001", "kind": "cash",
        "offered": 345, "print": false,
    });
    let sale = done(served.address, "pay.tender", &pay)["sale"].clone();
    assert_eq!(sale["receipt"], "T1-1");
    for page in &mut pages {
        let change = next_change(page);
        assert_eq!(change["origin"], "page");
        let tags: Vec<_> = change["tags"].as_array().unwrap().clone();
        for tag in ["basket", "orders", "register"] {
            assert!(tags.contains(&json!(tag)), "{change}");
        }
    }
    // A page that went away disturbs nobody.
    let [gone, mut stays] = pages;
    drop(gone);
    done(
        served.address,
        "shift.close",
        &json!({ "counts": [{ "currency": "EUR", "counted": 10_345 }] }),
    );
    assert_eq!(next_change(&mut stays)["tags"], json!(["register"]));
}

#[test]
fn asked_to_end_it_ends_cleanly_with_pages_open_and_lets_the_folder_go() {
    let (folder, served) = served();
    let mut page = listen(&served);
    let basket = done(served.address, "basket.current", &json!({}))["id"].clone();
    done(served.address, "basket.scan", &json!({ "basket_id": basket, "code": BREAD }));
    next_change(&mut page);
    assert!(served.terminate(), "it did not end with success");
    let mut rest = String::new();
    while page.read_line(&mut rest).unwrap() > 0 {}
    assert!(!rest.contains("data:"), "{rest}");
    // The log is folded into the database, the lock is free, the basket is there.
    let log = std::fs::metadata(folder.path().join("register.db-wal"));
    assert!(log.map_or(0, |log| log.len()) == 0);
    let register = Register::open(&Config::new(folder.path())).unwrap();
    verify_ok(register.app());
    let baskets = register.app().store().read(|snapshot| snapshot.baskets()).unwrap();
    assert_eq!(baskets[0].basket.id().to_string(), basket.as_str().unwrap());
}
