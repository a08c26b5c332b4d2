//! The door to the network: shut until the owner opens it, and then only for devices that a person let in.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{IpAddr, TcpListener};
use std::time::Duration;

use countertop_app::wire::{AwaitPairing, ClaimPairing, PairingClaim, PairingOutcome};
use countertop_app::{AppError, LanDoorState};
use rustls::version::{TLS12, TLS13};
use serde_json::{Value, json};

use crate::common::daemon::Served;
use crate::common::goods::BREAD;
use crate::common::tls::{Line, Tablet};
use crate::common::wire::{done, send};
use crate::common::{Folder, Shop, code, sales_of, wait_for};

/// A served shop with an open shift, open to the network, and a device that is not let in.
pub(crate) fn open_shop() -> (Folder, Served, Tablet) {
    let folder = Shop::open().shut();
    let served = Served::open_to_network(folder.path());
    let (door, fingerprint) = served.network.unwrap();
    (folder, served, Tablet { door, fingerprint, token: None })
}

/// What the code on the till's screen carries: the code itself and the fingerprint.
fn scan_code(shown: &Value) -> (String, String) {
    let url = shown["url"].as_str().unwrap();
    let (_, query) = url.split_once("/#/pair?code=").unwrap();
    let (code, print) = query.split_once("&fp=").unwrap();
    (code.to_owned(), print.to_owned())
}

/// Lets a device in as a person does: the code, the wish, the yes, the token.
pub(crate) fn pair(
    served: &Served,
    tablet: &Tablet,
    name: &str,
    grant: &str,
    role: &str,
) -> Tablet {
    let (code, _) = scan_code(&done(served.address, "pairing.begin", &json!({})));
    let claim = tablet.ask("/pair/claim", &json!({ "code": code, "name": name })).json();
    let asking = done(served.address, "pairing.state", &json!({}));
    assert_eq!(asking["stage"], "asking");
    assert_eq!(asking["device"]["name"], name);
    assert_eq!(asking["device"]["check"], claim["check"]);
    let answer = json!({ "pairing_id": asking["pairing_id"], "grant": grant, "role": role });
    assert_eq!(done(served.address, "pairing.accept", &answer)["stage"], "accepted");
    let let_in = tablet.ask("/pair/wait", &json!({ "ticket": claim["ticket"] })).json();
    assert_eq!(let_in["outcome"], "accepted");
    // The token is told once.
    let again = tablet.ask("/pair/wait", &json!({ "ticket": claim["ticket"] }));
    assert_eq!(again.status, 403, "{again:?}");
    let token = let_in["token"].as_str().unwrap().to_owned();
    Tablet { token: Some(token), ..tablet.clone() }
}

fn pay(basket: &Value, due: &Value) -> Value {
    let tender = uuid::Uuid::now_v7().to_string();
    json!({ "basket_id": basket, "tender_id": tender, "kind": "cash", "offered": due, "print": false })
}

#[test]
fn a_paired_tablet_sells_from_its_own_basket_into_the_same_books() {
    let (folder, served, stranger) = open_shop();
    let tablet = pair(&served, &stranger, "Terrace", "till", "cashier");
    let at_till = done(served.address, "basket.current", &json!({}));
    done(served.address, "basket.scan", &json!({ "basket_id": at_till["id"], "code": BREAD }));

    let own = tablet.done("basket.current", &json!({}));
    assert_ne!(own["id"], at_till["id"]);
    let added = tablet.done("basket.scan", &json!({ "basket_id": own["id"], "code": BREAD }));
    let paid = tablet.done("pay.tender", &pay(&own["id"], &added["basket"]["due"]));
    assert_eq!(paid["sale"]["receipt"], "T1-1");

    // The till still has what it had.
    let still = done(served.address, "basket.current", &json!({}));
    assert_eq!((&still["id"], still["lines"].as_array().unwrap().len()), (&at_till["id"], 1));
    assert!(served.terminate());
    let shop = countertop::Register::open(&countertop::Config::new(folder.path())).unwrap();
    let sales = sales_of(shop.app());
    assert_eq!(sales.len(), 1);
    assert_eq!(sales[0].actor.name, "Terrace");
}

#[test]
fn without_a_token_that_is_good_for_it_nothing_is_told_and_nothing_done() {
    let (_folder, served, stranger) = open_shop();
    let with = |token: &str| Tablet { token: Some(token.to_owned()), ..stranger.clone() };
    let reader = pair(&served, &stranger, "Board", "read_only", "cashier");
    let phone = pair(&served, &stranger, "Phone", "payments", "cashier");
    for command in ["register.state", "basket.current", "tokens.list", "pairing.begin"] {
        for nobody in [&stranger, &with("ctp_x"), &with("ctp_"), &with("")] {
            let answer = nobody.rpc(command, &json!({}));
            assert_eq!(answer.status, 401, "{command}: {answer:?}");
            assert!(!answer.body.contains("Corner"), "{answer:?}");
        }
        for other in [&reader, &phone] {
            let answer = other.rpc(command, &json!({}));
            assert_eq!(
                (answer.status, answer.json()["code"].clone()),
                (403, json!("missing_scope"))
            );
        }
    }
    let events = |tablet: &Tablet| {
        let host = format!("Host: {}", tablet.door);
        let token =
            format!("Authorization: Bearer {}", tablet.token.as_deref().unwrap_or_default());
        tablet.send("GET /events HTTP/1.1", &[&host, &token], "").status
    };
    assert_eq!((events(&stranger), events(&reader)), (401, 403));
    // What they were let in for, they may.
    let host = format!("Host: {}", phone.door);
    let token = format!("Authorization: Bearer {}", phone.token.as_deref().unwrap());
    let own = phone.send("GET /v1/token HTTP/1.1", &[&host, &token], "");
    assert_eq!((own.status, own.json()["scopes"].clone()), (200, json!(["payments"])));
}

#[test]
fn a_tablet_may_no_more_than_the_role_that_it_was_given() {
    let (_folder, served, stranger) = open_shop();
    let tablet = pair(&served, &stranger, "Terrace", "till", "cashier");
    for (command, body) in [
        ("tokens.list", json!({})),
        ("tokens.create", json!({ "name": "x", "scopes": ["settings"] })),
        ("lan.set", json!({ "open": true })),
        ("pairing.begin", json!({})),
        ("pairing.state", json!({})),
    ] {
        let answer = tablet.rpc(command, &body);
        assert_eq!((answer.status, answer.json()["code"].clone()), (403, json!("not_allowed")));
    }
    let rights = tablet.done("register.state", &json!({}))["rights"].clone();
    assert!(!rights.as_array().unwrap().contains(&json!("change_settings")), "{rights}");
}

#[test]
fn only_its_own_address_and_its_own_page_are_answered() {
    let (_folder, served, stranger) = open_shop();
    let tablet = pair(&served, &stranger, "Terrace", "till", "owner");
    let port = tablet.door.port();
    let ours = tablet.door.to_string();
    let token = format!("Authorization: Bearer {}", tablet.token.as_deref().unwrap());
    let ask = |host: &str, origin: Option<&str>, kind: &str| {
        let (host, kind) = (format!("Host: {host}"), format!("Content-Type: {kind}"));
        let origin = origin.map(|origin| format!("Origin: {origin}"));
        let mut headers = vec![host.as_str(), &token, &kind];
        headers.extend(origin.as_deref());
        tablet.send("POST /rpc/register.state HTTP/1.1", &headers, "{}").status
    };
    let json = "application/json";
    let own = format!("https://{ours}");
    assert_eq!(ask(&ours, None, json), 200);
    assert_eq!(ask(&ours, Some(&own), json), 200);
    for host in [
        format!("localhost:{port}"),
        format!("shop.example:{port}"),
        format!("countertop.internal:{port}"),
        format!("127.0.0.2:{port}"),
        format!("127.0.0.1.shop.example:{port}"),
        format!("shop.example@{ours}"),
        "127.0.0.1".to_owned(),
        format!("127.0.0.1:{}", served.address.port()),
        String::new(),
    ] {
        let status = ask(&host, None, json);
        assert!([400, 421].contains(&status), "{host}: {status}");
    }
    for origin in [
        format!("http://{ours}"),
        format!("http://{}", served.address),
        "https://shop.example".to_owned(),
        format!("https://{ours}.shop.example"),
        format!("https://localhost:{port}"),
        "null".to_owned(),
        String::new(),
    ] {
        assert_eq!(ask(&ours, Some(&origin), json), 403, "{origin}");
    }
    for kind in ["text/plain", "application/x-www-form-urlencoded", ""] {
        assert_eq!(ask(&ours, None, kind), 415, "{kind}");
    }
    // Neither does the loopback door answer as the other, nor has it its requests.
    let host = format!("Host: {ours}");
    let answer = send(served.address, "GET /health HTTP/1.1", &[&host], b"");
    assert_eq!(answer.status, 421);
    let host = format!("Host: {}", served.address);
    let headers = [host.as_str(), "Content-Type: application/json", "Content-Length: 2"];
    let answer = send(served.address, "POST /pair/claim HTTP/1.1", &headers, b"{}");
    assert!([404, 405].contains(&answer.status), "{answer:?}");
}

/// Opens a device's stream of changes.
fn listen(tablet: &Tablet) -> BufReader<Line> {
    let mut line = tablet.line().unwrap();
    let token = tablet.token.as_deref().unwrap();
    let head = format!("Host: {}\r\nAuthorization: Bearer {token}\r\n\r\n", tablet.door);
    line.write_all(format!("GET /events HTTP/1.1\r\n{head}").as_bytes()).unwrap();
    let mut events = BufReader::new(line);
    let mut text = String::new();
    events.read_line(&mut text).unwrap();
    assert!(text.starts_with("HTTP/1.1 200"), "{text}");
    events
}

#[test]
fn a_revoked_tablet_is_out_at_once_and_its_cart_waits_for_another_screen() {
    let (_folder, served, stranger) = open_shop();
    let tablet = pair(&served, &stranger, "Terrace", "till", "cashier");
    let stays = pair(&served, &stranger, "Bar", "till", "cashier");
    let own = tablet.done("basket.current", &json!({}));
    tablet.done("basket.scan", &json!({ "basket_id": own["id"], "code": BREAD }));
    let (mut events, mut others) = (listen(&tablet), listen(&stays));
    let tokens = done(served.address, "tokens.list", &json!({}))["tokens"].clone();
    let token = tokens.as_array().unwrap().iter().find(|token| token["name"] == "Terrace").unwrap();
    done(served.address, "tokens.revoke", &json!({ "token_id": token["id"] }));

    assert_eq!(tablet.rpc("basket.current", &json!({})).status, 401);
    // Its stream ends and tells nothing more.
    let mut rest = String::new();
    while events.read_line(&mut rest).unwrap_or(0) > 0 {}
    assert!(!rest.contains("\"tokens\""), "{rest}");
    // The other one goes on.
    let mut line = String::new();
    while !line.contains("\"tokens\"") {
        line.clear();
        assert!(others.read_line(&mut line).unwrap() > 0);
    }
    let parked = stays.done("basket.parked", &json!({}))["baskets"].clone();
    assert_eq!((&parked[0]["id"], &parked[0]["label"]), (&own["id"], &json!("Terrace")));
    let taken = stays.done("basket.recall", &json!({ "basket_id": own["id"] }));
    assert_eq!(taken["lines"].as_array().unwrap().len(), 1);
}

#[test]
fn a_device_that_a_person_refused_gets_no_token() {
    let (_folder, served, stranger) = open_shop();
    let (code, _) = scan_code(&done(served.address, "pairing.begin", &json!({})));
    let wish = json!({ "code": code, "name": "Somebody" });
    let claim = stranger.ask("/pair/claim", &wish).json();
    let asking = done(served.address, "pairing.state", &json!({}));
    let waiting = {
        let (stranger, ticket) = (stranger.clone(), claim["ticket"].clone());
        std::thread::spawn(move || stranger.ask("/pair/wait", &json!({ "ticket": ticket })).json())
    };
    done(served.address, "pairing.refuse", &json!({ "pairing_id": asking["pairing_id"] }));
    assert_eq!(waiting.join().unwrap(), json!({ "outcome": "refused" }));
    let accept = json!({ "pairing_id": asking["pairing_id"], "grant": "till", "role": "owner" });
    let late = crate::common::wire::rpc(served.address, "pairing.accept", &accept);
    assert_eq!(late.status, 404, "{late:?}");
    assert_eq!(done(served.address, "tokens.list", &json!({}))["tokens"], json!([]));
}

#[test]
fn who_does_not_speak_tls_is_told_so_and_nothing_else() {
    let (_folder, _served, stranger) = open_shop();
    let host = format!("Host: {}", stranger.door);
    for first in ["GET / HTTP/1.1", "GET /v1/health HTTP/1.1", "POST /rpc/register.state HTTP/1.1"]
    {
        let answer = send(stranger.door, first, &[&host], b"");
        assert_eq!(answer.status, 400, "{answer:?}");
        assert!(answer.body.contains(&format!("https://{}", stranger.door)), "{answer:?}");
        assert!(!answer.body.contains("Corner") && !answer.head.contains("Location"), "{answer:?}");
    }
    for version in [&TLS12, &TLS13] {
        assert!(stranger.line_of(version).is_ok(), "{version:?}");
    }
    // Who was told another fingerprint trusts nobody.
    let misled = Tablet { fingerprint: [7; 32], ..stranger };
    assert!(misled.line().is_err());
}

#[test]
fn the_certificate_is_made_once_and_readable_by_its_owner_only() {
    let (folder, served, tablet) = open_shop();
    let first = served.network.unwrap().1;
    let (_, told) = scan_code(&done(served.address, "pairing.begin", &json!({})));
    assert_eq!(told, hex::encode(first));
    drop(tablet.line().unwrap());
    assert!(served.terminate());
    let file = folder.path().join("network.pem");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let again = Served::open_to_network(folder.path());
    let (door, second) = again.network.unwrap();
    assert_eq!(second, first);
    assert!(Tablet { door, fingerprint: first, token: None }.line().is_ok());
    drop(again);
    // One that is broken is never replaced behind everybody's back.
    std::fs::write(&file, "no certificate").unwrap();
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--lan", "127.0.0.1:0"];
    let refused = crate::common::daemon::run(folder.path(), &arguments);
    let said = crate::common::daemon::complaint(&refused);
    assert!(!refused.status.success() && said.contains("network.pem"), "{said}");
}

#[test]
fn the_door_is_shut_until_the_owner_opens_it_and_shut_again_at_once() {
    let folder = Shop::open().shut();
    let served = Served::start(folder.path());
    let lan = |request: Value| done(served.address, "lan.set", &request);
    let now = || done(served.address, "lan.get", &json!({}));
    assert_eq!(now()["open"], false);
    let refused = crate::common::wire::rpc(served.address, "pairing.begin", &json!({}));
    assert_eq!(refused.json()["code"], "lan_shut");

    // A port that is taken is told in words.
    let taken = TcpListener::bind("0.0.0.0:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    lan(json!({ "open": true, "port": port }));
    let trouble = wait_for("the trouble", || now()["trouble"].as_str().map(str::to_owned));
    assert!(trouble.contains(&port.to_string()), "{trouble}");
    drop(taken);
    lan(json!({ "open": false }));
    lan(json!({ "open": true }));
    let print = wait_for("the door", || now()["fingerprint"].as_str().map(str::to_owned));
    let fingerprint = hex::decode(print.replace(' ', "")).unwrap().try_into().unwrap();
    let door = ([127, 0, 0, 1], port).into();
    let tablet = Tablet { door, fingerprint, token: None };
    let mut line = tablet.line().unwrap();
    lan(json!({ "open": false }));
    wait_for("the end of the door", || tablet.line().is_err().then_some(()));
    // Who was in is out: what was asked before it heard so may still have been answered.
    wait_for("the end of the line", || {
        let asked = line.write_all(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
        let read = asked.and_then(|()| std::io::Read::read(&mut line, &mut [0; 4096]));
        (read.unwrap_or(0) == 0).then_some(())
    });
    wait_for("the door to be told shut", || now()["fingerprint"].is_null().then_some(()));
}

// --- the code, on a clock that the test sets ----------------------------------------------------

const TABLET: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 168, 1, 7));
const GUESSER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 168, 1, 66));

/// A shop whose door says that it answers.
fn answering() -> Shop {
    let shop = Shop::open();
    shop.app().tell_lan(LanDoorState::Answers {
        addresses: vec!["192.168.1.20:7671".parse().unwrap()],
        fingerprint: [9; 32],
        for_this_run: false,
    });
    shop
}

fn shown_code(shop: &Shop) -> String {
    scan_code(&shop.json("pairing.begin", json!({})).unwrap()).0
}

fn claim(shop: &Shop, from: IpAddr, code: &str) -> Result<PairingClaim, AppError> {
    let request = ClaimPairing { code: code.to_owned(), name: "Terrace".to_owned() };
    shop.app().claim_pairing(from, &request)
}

#[test]
fn a_code_lasts_two_minutes_and_lets_one_device_ask() {
    let shop = answering();
    let first = shown_code(&shop);
    shop.clock.forward(Duration::from_secs(120));
    assert_eq!(code(claim(&shop, TABLET, &first)), "bad_pairing_code");
    assert_eq!(shop.json("pairing.state", json!({})).unwrap()["stage"], "expired");

    let second = shown_code(&shop);
    assert_ne!(first, second);
    shop.clock.forward(Duration::from_secs(119));
    assert!(claim(&shop, TABLET, &second).is_ok());
    assert_eq!(code(claim(&shop, TABLET, &second)), "bad_pairing_code");
    // A code that was used, or replaced, is shown to nobody.
    assert_eq!(shop.json("pairing.state", json!({})).unwrap()["url"], "");
    let third = shown_code(&shop);
    let fourth = shown_code(&shop);
    assert_eq!(code(claim(&shop, TABLET, &third)), "bad_pairing_code");
    assert!(claim(&shop, TABLET, &fourth).is_ok());
}

#[test]
fn who_guesses_codes_waits_and_the_shops_own_tablet_does_not() {
    let shop = answering();
    let right = shown_code(&shop);
    for _ in 0..5 {
        assert_eq!(code(claim(&shop, GUESSER, "AAAAAAAAAAAAAAAAAAAAAA")), "bad_pairing_code");
    }
    // Not even the right one helps now.
    assert_eq!(code(claim(&shop, GUESSER, &right)), "too_many_tries");
    let ticket = AwaitPairing { ticket: "x".to_owned() };
    assert_eq!(code(shop.app().pairing_outcome(GUESSER, &ticket)), "too_many_tries");
    assert!(claim(&shop, TABLET, &right).is_ok());
    shop.clock.forward(Duration::from_secs(60));
    assert_eq!(code(claim(&shop, GUESSER, &right)), "bad_pairing_code");
}

#[test]
fn a_yes_that_nobody_fetches_makes_no_token() {
    let shop = answering();
    let asked = claim(&shop, TABLET, &shown_code(&shop)).unwrap();
    let ticket = AwaitPairing { ticket: asked.ticket };
    let waiting = shop.app().pairing_outcome(TABLET, &ticket).unwrap();
    assert_eq!(waiting, PairingOutcome::Waiting);
    let id = shop.json("pairing.state", json!({})).unwrap()["pairing_id"].clone();
    let yes = json!({ "pairing_id": id, "grant": "till", "role": "cashier" });
    shop.json("pairing.accept", yes.clone()).unwrap();
    shop.clock.forward(Duration::from_secs(120));
    assert_eq!(code(shop.app().pairing_outcome(TABLET, &ticket)), "bad_pairing_code");
    assert_eq!(shop.json("tokens.list", json!({})).unwrap()["tokens"], json!([]));
    assert_eq!(shop.json("pairing.accept", yes).unwrap_err().code, "no_such_pairing");
}
