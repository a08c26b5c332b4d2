//! Where webhooks may point: hostile addresses are refused in their text, and names that turn out to
//! be in a private network are not connected to.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::VecDeque;
use std::future::Future;
use std::io::{self, Read, Write};
use std::net::{IpAddr, TcpListener};
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use countertop_domain::ids::{RegisterId, WebhookId};
use countertop_domain::money::Currency;
use countertop_domain::scope::Scope;
use countertop_domain::time::Timestamp;
use countertop_store::{DeliveryRow, Founding, Identity, Store, StoreError, WebhookRow};
use countertop_sync::{
    AllowedHost, ResolveNames, Surroundings, WebhookSender, check_address, set_allowed_hosts,
};
use uuid::Uuid;

const NOW: Timestamp = Timestamp { utc_ms: 1_795_439_280_000, offset_min: 60 };

/// Hosts that are this machine, a private network or nothing that a name should be, in every spelling
/// that readers of addresses know.
const HOSTS: &[&str] = &[
    "localhost",
    "LOCALHOST",
    "localhost.",
    "a.localhost",
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0x7f.1",
    "017700000001",
    "0177.0.0.1",
    "0177.1",
    "127.255.255.254",
    "%6c%6f%63%61%6c%68%6f%73%74",
    "%31%32%37.0.0.1",
    "127%2e0%2e0%2e1",
    "\u{ff11}27.0.0.1",
    "127\u{3002}0\u{3002}0\u{3002}1",
    "\u{24db}ocalhost",
    "0.0.0.0",
    "0",
    "0x0",
    "00",
    "10.0.0.1",
    "10.255.255.255",
    "167772161",
    "0xa000001",
    "012.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "192.168.1.254",
    "3232235777",
    "0xc0a80101",
    "0300.0250.1.1",
    "169.254.169.254",
    "2852039166",
    "0xa9fea9fe",
    "0251.0376.0251.0376",
    "169.254.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "100.127.255.255",
    "192.0.0.1",
    "192.0.0.170",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "[::1]",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
    "[::127.0.0.1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:10.0.0.1]",
    "[::ffff:169.254.169.254]",
    "[::ffff:8.8.8.8]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::10.0.0.1]",
    "[64:ff9b:1::a00:1]",
    "[fe80::1]",
    "[febf::1]",
    "[fec0::1]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[fdff::1]",
    "[ff02::1]",
    "[ff05::2]",
    "[2001::1]",
    "[2001:db8::1]",
    "[2001:10::1]",
    "[2002:7f00:1::]",
    "[2002:a00:1::]",
    "[3fff::1]",
    "[100::1]",
    "[5f00::1]",
    "[4000::1]",
    "printer.local",
    "router.lan",
    "db.internal",
    "metadata.google.internal",
    "intranet",
    "router",
    "fritz.box.home",
    "x.corp",
    "x.private",
    "1.0.0.127.in-addr.arpa",
    "shop.test",
    "shop.invalid",
    "hidden.onion",
    "example.com.",
];

/// What may surround a host that is fine.
const ADDRESSES: &[&str] = &[
    "",
    " ",
    "hooks.example.com",
    "//hooks.example.com/x",
    "http://hooks.example.com/x",
    "HTTP://hooks.example.com",
    "ftp://hooks.example.com/x",
    "file:///etc/passwd",
    "file://hooks.example.com/x",
    "javascript:alert(1)",
    "data:text/plain,x",
    "gopher://hooks.example.com:70/x",
    "ws://hooks.example.com",
    "wss://hooks.example.com",
    "ldap://hooks.example.com",
    "dict://hooks.example.com:11211/stat",
    "jar:https://hooks.example.com!/x",
    "https:hooks.example.com",
    "https:/hooks.example.com",
    "https:///hooks.example.com",
    "https:\\\\hooks.example.com",
    "https://",
    "https:///",
    "https://?x",
    "https://#x",
    "https://user@hooks.example.com/",
    "https://user:word@hooks.example.com/",
    "https://@hooks.example.com/",
    "https://:@hooks.example.com/",
    "https://hooks.example.com@127.0.0.1/",
    "https://127.0.0.1@hooks.example.com/",
    "https://hooks.example.com%40127.0.0.1/",
    "https://hooks.example.com:80/",
    "https://hooks.example.com:22/",
    "https://hooks.example.com:25/",
    "https://hooks.example.com:6379/",
    "https://hooks.example.com:8443/",
    "https://hooks.example.com:0/",
    "https://hooks.example.com:65536/",
    "https://hooks.example.com:-1/",
    "https://hooks.example.com:x/",
    "https://hooks.example.com/#fragment",
    "https://hooks.example.com/#",
    "https://hooks.example.com\\@127.0.0.1/",
    "https://hooks.example.com/\\127.0.0.1",
    "https://hooks.example.com/\r\nHost: x",
    "https://hooks.example.com/\tx",
    "https://hooks.example.com/ x",
    " https://hooks.example.com/",
    "https://hooks.example.com/\u{0}",
    "ht\ntps://hooks.example.com/",
    "https://ho\noks.example.com/",
    "https://hooks.example.com\u{a0}/",
    "https://hooks.exa mple.com/",
    "https://hooks.example.com%00.evil.example/",
    "https://[::1",
    "https://[]/",
    "https://[::1%25eth0]/",
    "https://[hooks.example.com]/",
    "https://hooks..example.com:443:443/",
    "https://xn--/",
    "https://\u{202e}moc.elpmaxe/",
    "https://256.256.256.256/",
    "https://1.2.3.4.5/",
    "https://0x100000000/",
    "https://99999999999/",
    "https://1.2.3.0x100/",
];

#[test]
fn no_spelling_of_a_private_address_or_of_another_scheme_passes() {
    let mut hostile: Vec<String> = ADDRESSES.iter().map(|&address| address.to_owned()).collect();
    for host in HOSTS {
        hostile.push(format!("https://{host}/hook"));
        hostile.push(format!("http://{host}:8080/hook"));
    }
    hostile.push(format!("https://hooks.example.com/{}", "x".repeat(2_000)));
    assert!(hostile.len() >= 200, "{}", hostile.len());
    let passed: Vec<&String> =
        hostile.iter().filter(|address| check_address(address, &[]).is_ok()).collect();
    assert_eq!(passed, Vec::<&String>::new());
    for fine in [
        "https://hooks.example.com/x?y=1",
        "https://hooks.example.com:443/",
        "https://8.8.8.8/x",
        "https://[2606:4700::1111]/x",
        "https://b\u{fc}cher.example/haken",
    ] {
        assert!(check_address(fine, &[]).is_ok(), "{fine}");
    }
}

#[test]
fn what_the_owner_allowed_is_that_host_and_port_and_nothing_beside_it() {
    let allowed = |text: &str| AllowedHost::parse(text).unwrap();
    let own = [allowed("192.168.1.20:8443"), allowed("127.0.0.1:9000"), allowed("nas.lan:443")];
    for fine in [
        "https://192.168.1.20:8443/x",
        "https://0xc0a80114:8443/x",
        "http://127.0.0.1:9000/x",
        "https://nas.lan/x",
    ] {
        assert!(check_address(fine, &own).is_ok(), "{fine}");
    }
    for other in [
        "https://192.168.1.20/x",
        "https://192.168.1.21:8443/x",
        "http://192.168.1.20:8443/x",
        "http://127.0.0.1:9001/x",
        "http://nas.lan:443/x",
        "https://nas.lan:8443/",
        "http://localhost:9000/",
    ] {
        assert!(check_address(other, &own).is_err(), "{other}");
    }
    for bad in ["", "host", "host:", "host:0", "host:x", "a b:1", "u@h:1", "h:1/x", ":1"] {
        assert_eq!(AllowedHost::parse(bad), None, "{bad}");
    }
}

/// A resolver that says something else each time; at the end always the last.
#[derive(Debug)]
struct Turncoat {
    answers: Mutex<VecDeque<Vec<IpAddr>>>,
    asked: AtomicU32,
}

impl Turncoat {
    fn new(answers: &[&[&str]]) -> Arc<Self> {
        let read = |answer: &&[&str]| answer.iter().map(|ip| ip.parse().unwrap()).collect();
        let answers = Mutex::new(answers.iter().map(read).collect());
        Arc::new(Self { answers, asked: AtomicU32::new(0) })
    }
}

impl ResolveNames for Turncoat {
    fn resolve<'a>(
        &'a self,
        _: &'a str,
    ) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send + 'a>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let mut answers = self.answers.lock().unwrap();
        let answer = match answers.len() {
            1 => answers[0].clone(),
            _ => answers.pop_front().unwrap(),
        };
        Box::pin(async move { Ok(answer) })
    }
}

/// A register with one webhook, and what sends it.
struct World {
    store: Arc<Store>,
    _sender: WebhookSender,
    _folder: tempfile::TempDir,
}

impl World {
    fn new(url: &str, allowed: &[&str], names: Arc<Turncoat>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let identity = Identity {
            register: RegisterId::new(Uuid::from_u128(1)),
            series: "T1".to_owned(),
            currency: Currency::EUR,
        };
        let store = Store::open(folder.path(), || Founding { identity, at: NOW }).unwrap();
        let allowed: Vec<AllowedHost> =
            allowed.iter().map(|text| AllowedHost::parse(text).unwrap()).collect();
        let hook = WebhookRow {
            id: id(),
            token: None,
            name: "Hook".to_owned(),
            url: url.to_owned(),
            types: Vec::new(),
            scopes: Scope::ALL.to_vec(),
            enabled: true,
            certificate: String::new(),
            secret: vec![7; 32],
            old_secret: None,
            created_ms: NOW.utc_ms,
            updated_ms: NOW.utc_ms,
            position: store.read::<_, StoreError>(|s| s.last_position()).unwrap(),
            success_ms: None,
            trouble: String::new(),
            revoked: false,
            app: None,
        };
        store
            .write::<_, StoreError>(move |tx| {
                set_allowed_hosts(tx, &allowed)?;
                tx.put_webhook(&hook)
            })
            .unwrap();
        let store = Arc::new(store);
        let surroundings = Surroundings {
            now: Arc::new(|| NOW.utc_ms),
            names,
            patience: Duration::from_secs(60),
            changed: Arc::new(|| ()),
        };
        let sender = WebhookSender::start(Arc::clone(&store), surroundings).unwrap();
        Self { store, _sender: sender, _folder: folder }
    }

    fn note(&self, name: &'static str) {
        let noted = self.store.write::<_, StoreError>(move |tx| {
            tx.note_change("product", name, "updated", NOW.utc_ms)
        });
        noted.unwrap();
    }

    /// The message about something, once it was tried.
    fn tried(&self, name: &str) -> DeliveryRow {
        let until = Instant::now() + Duration::from_secs(60);
        loop {
            let all = self
                .store
                .read::<_, StoreError>(|s| s.deliveries(id(), None, i64::MAX, 100))
                .unwrap();
            let lane = format!("product:{name}");
            if let Some(found) = all.into_iter().find(|d| d.lane == lane && d.attempts > 0) {
                return found;
            }
            assert!(Instant::now() < until, "{name} was not tried");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

fn id() -> WebhookId {
    WebhookId::new(Uuid::from_u128(7))
}

/// Counts who comes, and answers 204.
fn listener() -> (u16, Arc<AtomicU32>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let count = Arc::new(AtomicU32::new(0));
    let came = Arc::clone(&count);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            came.fetch_add(1, Ordering::SeqCst);
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(
                b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            );
        }
    });
    (port, count)
}

#[test]
fn a_name_that_turns_out_to_be_private_is_not_connected_to() {
    for answer in [
        &["127.0.0.1"][..],
        &["10.0.0.1"],
        &["169.254.169.254"],
        &["::1"],
        &["::ffff:127.0.0.1"],
        &["64:ff9b::7f00:1"],
        &["fd00::1"],
        &["8.8.8.8", "127.0.0.1"],
        &["0.0.0.0"],
        &["224.0.0.1"],
    ] {
        let names = Turncoat::new(&[answer]);
        let world = World::new("https://hooks.example.com/x", &[], Arc::clone(&names));
        world.note("a");
        let tried = world.tried("a");
        assert!(tried.trouble.contains("private network"), "{answer:?}: {}", tried.trouble);
        assert_eq!(names.asked.load(Ordering::SeqCst), 1, "{answer:?}");
    }
}

#[test]
fn a_name_is_resolved_once_for_a_connection_and_looked_at_again_for_the_next() {
    let (port, came) = listener();
    let names = Turncoat::new(&[&["127.0.0.1"], &["10.9.9.9"]]);
    let host = format!("localhost:{port}");
    let world = World::new(&format!("http://{host}/x"), &[&host], Arc::clone(&names));
    world.note("a");
    assert_eq!(world.tried("a").trouble, "");
    assert_eq!((names.asked.load(Ordering::SeqCst), came.load(Ordering::SeqCst)), (1, 1));
    // The name moved: without https only this machine is asked, whatever the owner allowed.
    world.note("b");
    let moved = world.tried("b");
    assert!(moved.trouble.contains("private network"), "{}", moved.trouble);
    assert_eq!((names.asked.load(Ordering::SeqCst), came.load(Ordering::SeqCst)), (2, 1));
}
