//! The gate of the open API: who is let in, what is answered to what cannot be read, and that a
//! request that is sent twice is carried out once.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};

use crate::common::api::{Token, ask};
use crate::common::daemon::Served;
use crate::common::wire::{done, send};
use crate::common::{Folder, Shop};

fn served() -> (Folder, Served) {
    let folder = Shop::open().shut();
    let served = Served::start(folder.path());
    (folder, served)
}

#[test]
fn only_a_good_token_is_let_in_and_what_is_open_says_nothing_private() {
    let (_folder, served) = served();
    let at = served.address;
    let token = Token::make(at, "Kiosk", &["payments"], "manager");
    assert_eq!(token.ask(at, "GET /v1/token", &[], None).status, 200);
    for bad in [
        "Authorization: Bearer ctp_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "Authorization: Bearer",
        "Authorization: Bearer ",
        "Authorization: Basic dXNlcjpwYXNz",
        "Authorization:",
        "X-Nothing: 1",
    ] {
        let refused = ask(at, "GET /v1/token", &[bad], None);
        refused.is_problem(401, "no_token");
        assert_eq!(refused.header("www-authenticate"), Some("Bearer"));
    }
    done(at, "tokens.revoke", &json!({ "token_id": token.id }));
    token.ask(at, "GET /v1/token", &[], None).is_problem(401, "no_token");
    // Open to everyone, even with a token that is no good any more.
    let health = token.ask(at, "GET /v1/health", &[], None);
    assert_eq!((health.status, health.json()), (200, json!({ "status": "ok", "api": "1" })));
}

#[test]
fn what_is_not_there_is_a_problem_that_says_so() {
    let (_folder, served) = served();
    let at = served.address;
    for path in ["/v1", "/v1/", "/v1/nothing", "/v1/token/", "/v1//token", "/v1/../v1/nothing"] {
        ask(at, &format!("GET {path}"), &[], None).is_problem(404, "no_such_route");
    }
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"] {
        let refused = ask(at, &format!("{method} /v1/health"), &[], None);
        refused.is_problem(405, "no_such_method");
        assert_eq!(refused.header("allow"), Some("GET,HEAD"), "{refused:?}");
        assert_eq!(refused.header("access-control-allow-origin"), None);
    }
    ask(at, "GET /v1/token?x=%00", &[], None).is_problem(400, "bad_request");
    let head = ask(at, "HEAD /v1/health", &[], None);
    assert_eq!((head.status, head.body.as_str()), (200, ""));
}

#[test]
fn another_host_or_page_is_turned_away_as_a_problem() {
    let (_folder, served) = served();
    let at = served.address;
    let token = Token::make(at, "Kiosk", &["payments"], "manager");
    let (own, bearer) = (format!("Host: {at}"), token.header());
    let get = "GET /v1/token HTTP/1.1";
    send(at, get, &["Host: shop.example", &bearer], b"").is_problem(421, "foreign_host");
    let origin = "Origin: https://shop.example";
    send(at, get, &[&own, &bearer, origin], b"").is_problem(403, "foreign_page");
    let length = "Content-Length: 1048577";
    let post = "POST /v1/token HTTP/1.1";
    send(at, post, &[&own, &bearer, length], b"").is_problem(413, "too_large");
}

/// A request whose length nobody was told.
fn send_in_parts(served: &Served, token: &Token, bytes: usize) -> u16 {
    let mut stream = TcpStream::connect(served.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let head = format!(
        "POST /v1/token HTTP/1.1\r\nHost: {}\r\n{}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n",
        served.address,
        token.header()
    );
    stream.write_all(head.as_bytes()).unwrap();
    let part = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
    for _ in 0..bytes / 0x10000 {
        // Refused meanwhile, it hangs up.
        if stream.write_all(part.as_bytes()).is_err() {
            break;
        }
    }
    let _ = stream.write_all(b"0\r\n\r\n");
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).unwrap();
    String::from_utf8_lossy(&answer)[9..].parse().unwrap()
}

#[test]
fn a_body_beyond_a_mebibyte_is_refused_even_if_it_does_not_say_how_long_it_is() {
    let (_folder, served) = served();
    let token = Token::make(served.address, "Kiosk", &["payments"], "manager");
    assert_eq!(send_in_parts(&served, &token, 1024 * 1024), 405);
    assert_eq!(send_in_parts(&served, &token, 2 * 1024 * 1024), 413);
}

#[test]
fn a_token_that_asks_too_fast_is_told_how_long_to_wait_and_others_go_on() {
    let (_folder, served) = served();
    let at = served.address;
    let hasty = Token::make(at, "Hasty", &["payments"], "manager");
    let calm = Token::make(at, "Calm", &["payments"], "manager");
    let mut stream = TcpStream::connect(at).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    // All on one line, faster than the pace fills up again.
    let one = format!("GET /v1/token HTTP/1.1\r\nHost: {at}\r\n{}\r\n\r\n", hasty.header());
    let mut writer = stream.try_clone().unwrap();
    let sending = std::thread::spawn(move || {
        for _ in 0..40 {
            if writer.write_all(one.repeat(500).as_bytes()).is_err() {
                break;
            }
        }
        let _ = writer.shutdown(std::net::Shutdown::Write);
    });
    let mut text = String::new();
    let _ = stream.read_to_string(&mut text);
    sending.join().unwrap();
    assert!(text.matches("HTTP/1.1 200").count() >= 1_000);
    assert!(text.contains("HTTP/1.1 429"), "{}", text.matches("HTTP/1.1 200").count());
    assert!(text.contains("retry-after: ") && text.contains("slow_down"));
    assert_eq!(calm.ask(at, "GET /v1/token", &[], None).status, 200);
}

#[test]
fn a_guesser_on_this_machine_is_slowed_down_and_does_not_lock_a_good_token_out() {
    let (_folder, served) = served();
    let at = served.address;
    let token = Token::make(at, "Kiosk", &["payments"], "manager");
    let mut stream = TcpStream::connect(at).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let guess =
        format!("GET /v1/token HTTP/1.1\r\nHost: {at}\r\nAuthorization: Bearer ctp_guess\r\n\r\n");
    let mut writer = stream.try_clone().unwrap();
    let sending = std::thread::spawn(move || {
        let _ = writer.write_all(guess.repeat(2_000).as_bytes());
        let _ = writer.shutdown(std::net::Shutdown::Write);
    });
    let mut text = String::new();
    let _ = stream.read_to_string(&mut text);
    sending.join().unwrap();
    assert!(!text.contains("HTTP/1.1 200"));
    assert!(text.contains("HTTP/1.1 429"), "{}", text.matches("HTTP/1.1 401").count());
    assert_eq!(token.ask(at, "GET /v1/token", &[], None).status, 200);
}

#[test]
fn the_description_is_served_as_it_is_kept() {
    let (_folder, served) = served();
    let answer = ask(served.address, "GET /v1/openapi.json", &[], None);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let described: Value = answer.json();
    assert_eq!(described["openapi"], "3.1.0");
    assert_eq!(described["info"]["title"], "Countertop");
    assert!(described["paths"]["/v1/token"]["get"].is_object());
}
