//! A request with an Idempotency-Key is carried out once, however often and at whatever moment it is
//! sent again.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::{Value, json};

use crate::common::Shop;
use crate::common::api::Token;
use crate::common::daemon::Served;
use crate::common::wire::Answer;

const SCOPES: &[&str] = &["customers:read", "customers:write"];

fn add(token: &Token, at: SocketAddr, key: &str, name: &str) -> Answer {
    let key = format!("Idempotency-Key: {key}");
    token.ask(at, "POST /v1/customers", &[&key], Some(&json!({ "name": name })))
}

fn names(token: &Token, at: SocketAddr) -> Vec<String> {
    let list = token.ask(at, "GET /v1/customers?limit=200", &[], None).json();
    let data = list["data"].as_array().unwrap().clone();
    let mut names: Vec<String> =
        data.iter().map(|one: &Value| one["name"].as_str().unwrap().to_owned()).collect();
    names.sort();
    names
}

#[test]
fn the_same_request_is_given_its_first_answer_and_is_not_carried_out_again() {
    let folder = Shop::open().shut();
    let served = Served::start(folder.path());
    let at = served.address;
    let token = Token::make(at, "Crm", SCOPES, "manager");
    let first = add(&token, at, "k-1", "Ada");
    assert_eq!(first.status, 201, "{first:?}");
    assert_eq!(first.header("idempotent-replayed"), None);
    let again = add(&token, at, "k-1", "Ada");
    assert_eq!((again.status, &again.body), (201, &first.body));
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(again.header("content-type"), Some("application/json"));
    // Another request under the key is a mistake of the program, not a second customer.
    add(&token, at, "k-1", "Grace").is_problem(409, "idempotency_conflict");
    // Other keys, and the same key of another program, are other requests.
    let other = Token::make(at, "Other", SCOPES, "manager");
    assert_eq!(add(&token, at, "k-2", "Ada").status, 201);
    assert_eq!(add(&other, at, "k-1", "Ada").status, 201);
    assert_eq!(names(&token, at), ["Ada", "Ada", "Ada"]);
    // Kept through a restart.
    assert!(served.terminate());
    let served = Served::start(folder.path());
    let again = add(&token, served.address, "k-1", "Ada");
    assert_eq!((again.status, &again.body), (201, &first.body));
    assert_eq!(names(&token, served.address).len(), 3);
}

#[test]
fn what_was_refused_changed_nothing_and_may_be_put_right_under_its_key() {
    let folder = Shop::open().shut();
    let served = Served::start(folder.path());
    let at = served.address;
    let token = Token::make(at, "Crm", SCOPES, "manager");
    let refused = add(&token, at, "k", "");
    assert_eq!(refused.status, 422, "{refused:?}");
    assert_eq!(add(&token, at, "k", "Ada").status, 201);
    for bad in ["", "a b", "\u{e9}", &"k".repeat(129)] {
        add(&token, at, bad, "Bob").is_problem(400, "bad_idempotency_key");
    }
    assert_eq!(names(&token, at), ["Ada"]);
}

#[test]
fn sent_forty_times_at_once_it_is_carried_out_once() {
    let folder = Shop::open().shut();
    let served = Served::start(folder.path());
    let at = served.address;
    let token = Token::make(at, "Crm", SCOPES, "manager");
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let tasks: Vec<_> = (0..40).map(|_| scope.spawn(|| add(&token, at, "k", "Ada"))).collect();
        tasks.into_iter().map(|task| task.join().unwrap()).collect()
    });
    let made: Vec<&Answer> = answers.iter().filter(|one| one.status == 201).collect();
    let first = made.iter().filter(|one| one.header("idempotent-replayed").is_none());
    assert_eq!(first.count(), 1);
    assert!(made.iter().all(|one| one.body == made[0].body));
    for other in answers.iter().filter(|one| one.status != 201) {
        other.is_problem(409, "idempotency_in_progress");
    }
    assert_eq!(names(&token, at), ["Ada"]);
}

#[test]
fn killed_at_any_moment_and_sent_again_it_is_carried_out_once() {
    let folder = Shop::open().shut();
    let served = Served::start(folder.path());
    let token = Token::make(served.address, "Crm", SCOPES, "manager");
    drop(served);
    let mut wanted = Vec::new();
    for round in 0..10 {
        let (key, name) = (format!("k-{round}"), format!("Customer {round}"));
        let served = Served::start(folder.path());
        let at = served.address;
        let body = json!({ "name": name }).to_string();
        let request = format!(
            "POST /v1/customers HTTP/1.1\r\nHost: {at}\r\n{}\r\nIdempotency-Key: {key}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            token.header(),
            body.len()
        );
        let mut stream = std::net::TcpStream::connect(at).unwrap();
        std::io::Write::write_all(&mut stream, request.as_bytes()).unwrap();
        // From before it is read to long after it is answered: what must hold does not depend on it.
        let _ = stream.set_read_timeout(Some(Duration::from_millis(1 + 3 * round)));
        let _ = std::io::Read::read(&mut stream, &mut [0]);
        served.kill();
        let served = Served::start(folder.path());
        let again = add(&token, served.address, &key, &name);
        assert!([200, 201].contains(&again.status), "{again:?}");
        wanted.push(name);
        assert_eq!(names(&token, served.address), wanted, "round {round}");
    }
}
