//! Crowds at the doors: whatever others in the network do, the cashier's page gets its answers.

use std::io::Write as _;
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use crate::common::Shop;
use crate::common::daemon::Served;
use crate::common::goods::BREAD;
use crate::common::tls::{Line, Tablet};
use crate::common::wire::done;

/// Connections that say nothing.
fn idlers(door: SocketAddr, count: usize) -> Vec<TcpStream> {
    (0..count).filter_map(|_| TcpStream::connect(door).ok()).collect()
}

/// Connections that each send a request for ever, a few bytes at a time.
struct SlowCrowd(Vec<TcpStream>);

impl SlowCrowd {
    fn begin(door: SocketAddr, count: usize, head: &str) -> Self {
        let mut crowd = Self(idlers(door, count));
        for stream in &mut crowd.0 {
            let _ = stream.write_all(head.as_bytes());
        }
        crowd
    }

    /// Another line of each.
    fn go_on(&mut self) {
        for stream in &mut self.0 {
            let _ = stream.write_all(b"X-More: x\r\n");
        }
    }
}

/// A whole sale at the till, by its own page's requests.
fn sell(address: SocketAddr, tender: u32) -> Value {
    let basket = done(address, "basket.current", &json!({}))["id"].clone();
    done(address, "basket.scan", &json!({ "basket_id": basket, "code": BREAD }));
    let pay = json!({
        "basket_id": basket, "tender_id": format!("0190aaaa-0000-7000-8000-{tender:012}"),
        "kind": "cash", "offered": 345, "print": false,
    });
    done(address, "pay.tender", &pay)["sale"]["receipt"].clone()
}

#[test]
fn a_thousand_connections_that_do_nothing_keep_nobody_from_selling() {
    let folder = Shop::open().shut();
    let served = Served::open_to_network(folder.path());
    let (door, fingerprint) = served.network.unwrap();
    let (at_till, in_network) = (idlers(served.address, 500), idlers(door, 500));
    assert_eq!(at_till.len() + in_network.len(), 1_000);
    for sale in 1..=20 {
        assert_eq!(sell(served.address, sale), format!("T1-{sale}"));
    }
    // Neither is a device kept out.
    let device = Tablet { door, fingerprint, token: None };
    assert_eq!(device.rpc("register.state", &json!({})).status, 401);
    // And they take no more files than the doors have seats.
    #[cfg(target_os = "linux")]
    assert!(served.count("fd") < 700, "{}", served.count("fd"));
}

#[test]
fn requests_that_never_end_keep_nobody_from_selling() {
    let folder = Shop::open().shut();
    let served = Served::open_to_network(folder.path());
    let (door, fingerprint) = served.network.unwrap();
    let at = served.address;
    let head = format!("POST /rpc/register.state HTTP/1.1\r\nHost: {at}\r\n");
    let mut slow = SlowCrowd::begin(at, 300, &head);
    // A body that never comes to its end, behind a handshake that is.
    let device = Tablet { door, fingerprint, token: None };
    let bodies = ["/rpc/register.state", "/pair/claim", "/v1/quotes"].iter().cycle().take(60);
    let mut bodies: Vec<Line> = bodies
        .filter_map(|path| {
            let mut line = device.line().ok()?;
            line.sock.set_write_timeout(Some(Duration::from_secs(1))).ok()?;
            let head = format!(
                "POST {path} HTTP/1.1\r\nHost: {door}\r\nContent-Type: application/json\r\n\
                 Content-Length: 60000\r\n\r\n{{"
            );
            line.write_all(head.as_bytes()).ok()?;
            Some(line)
        })
        .collect();
    assert!(!bodies.is_empty());
    // A handshake that is never finished.
    let mut strangers = SlowCrowd::begin(door, 300, "\u{16}\u{3}\u{1}");
    let ended = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !ended.load(Ordering::Relaxed) {
                slow.go_on();
                strangers.go_on();
                for line in &mut bodies {
                    let _ = line.write_all(b" ").and_then(|()| line.flush());
                }
            }
        });
        for sale in 1..=20 {
            assert_eq!(sell(at, sale), format!("T1-{sale}"));
        }
        assert_eq!(device.rpc("register.state", &json!({})).status, 401);
        ended.store(true, Ordering::Relaxed);
    });
}
