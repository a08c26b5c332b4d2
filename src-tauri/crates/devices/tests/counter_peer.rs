//! Scales and a scanner that other people wrote: the program emupos on pseudo-terminals. Its path
//! is in COUNTERTOP_EMUPOS; left out, with a word on the terminal, where there is none.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use countertop_devices::{
    Framing, Scale, ScaleAt, ScaleError, ScaleLanguage, ScalePatience, ScannerEvent, SerialScanner,
    Suffix,
};
use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(30);

struct Peer {
    process: Child,
    folder: TempDir,
    api: SocketAddr,
}

fn start() -> Option<Peer> {
    let Some(program) = std::env::var_os("COUNTERTOP_EMUPOS") else {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "CI must have COUNTERTOP_EMUPOS");
        eprintln!("left out: set COUNTERTOP_EMUPOS to the program emupos (0.4.0) to run it");
        return None;
    };
    // Between the choice of a free port and its use another program may take it.
    for _ in 0..5 {
        let folder = tempfile::tempdir().unwrap();
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let api = free.local_addr().unwrap();
        drop(free);
        let config = format!(
            "schema: 1
api: {{ host: 127.0.0.1, port: {} }}
devices:
- {{ id: toledo, type: scale, profile: toledo8217-15kg, connections: [ {{ serial: {{ pty: true }} }} ] }}
- {{ id: sma, type: scale, profile: sma-15kg, connections: [ {{ serial: {{ pty: true }} }} ] }}
- {{ id: lane, type: scanner, mode: serial, connections: [ {{ serial: {{ pty: true }} }} ] }}
",
            api.port()
        );
        fs::write(folder.path().join("emupos.yaml"), config).unwrap();
        let log = File::create(folder.path().join("log")).unwrap();
        let process = Command::new(&program)
            .arg("run")
            .current_dir(folder.path())
            .env("TMPDIR", folder.path())
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut peer = Peer { process, folder, api };
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until && peer.process.try_wait().unwrap().is_none() {
            if peer.ask("GET", "/health", "") {
                return Some(peer);
            }
            thread::sleep(Duration::from_millis(20));
        }
        eprintln!("{}", fs::read_to_string(peer.folder.path().join("log")).unwrap_or_default());
    }
    panic!("emupos does not start; what it said is above");
}

impl Peer {
    fn address(&self, device: &str) -> countertop_devices::Address {
        let path = self.folder.path().join("emupos").join(device);
        format!("serial:{}", path.display()).parse().unwrap()
    }

    /// True if the answer is good.
    fn ask(&self, method: &str, path: &str, body: &str) -> bool {
        let Ok(mut stream) = TcpStream::connect(self.api) else { return false };
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let head = format!(
            "{method} /api/v1{path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.api,
            body.len()
        );
        let mut answer = Vec::new();
        stream.write_all(head.as_bytes()).is_ok()
            && stream.read_to_end(&mut answer).is_ok()
            && answer.starts_with(b"HTTP/1.1 20")
    }

    fn put(&self, scale: &str, grams: i64, stable: bool) {
        let body = format!("{{\"grams\":{grams},\"stable\":{stable}}}");
        assert!(self.ask("PUT", &format!("/devices/{scale}/weight"), &body));
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn scales_of_another_maker_are_understood() {
    let Some(peer) = start() else { return };
    for (name, language) in [("toledo", ScaleLanguage::Toledo8217), ("sma", ScaleLanguage::Sma)] {
        let patience = ScalePatience {
            open: PATIENCE,
            answer: PATIENCE,
            rest: Duration::from_millis(300),
            pause: Duration::from_millis(20),
        };
        let mut scale = ScaleAt::new(peer.address(name), language).patient(patience);
        assert_eq!(scale.weigh(), Err(ScaleError::Empty), "{name}");
        for grams in [5, 1255, 14_995] {
            peer.put(name, grams, true);
            let reading = scale.weigh().unwrap();
            assert_eq!(reading.kilograms().thousandths(), grams, "{name}");
        }
        peer.put(name, 1255, false);
        assert_eq!(scale.weigh(), Err(ScaleError::Moving), "{name}");
        peer.put(name, 15_001, true);
        assert_eq!(scale.weigh(), Err(ScaleError::TooHeavy), "{name}");
        peer.put(name, -50, true);
        assert_eq!(scale.weigh(), Err(ScaleError::BelowZero), "{name}");
        peer.put(name, 200, true);
        assert!(peer.ask("POST", &format!("/devices/{name}/tare"), ""));
        peer.put(name, 700, true);
        let reading = scale.weigh().unwrap();
        assert_eq!((reading.weight.thousandths(), reading.net), (500, true), "{name}");
    }
    let mut sma = ScaleAt::new(peer.address("sma"), ScaleLanguage::Sma);
    peer.put("sma", 40, true);
    sma.tare().unwrap();
    peer.put("sma", 540, true);
    assert_eq!(sma.weigh().unwrap().weight.thousandths(), 500);
    let mut toledo = ScaleAt::new(peer.address("toledo"), ScaleLanguage::Toledo8217);
    assert_eq!(toledo.zero(), Err(ScaleError::KeyOnly));
}

#[test]
fn a_scanner_of_another_maker_is_heard() {
    let Some(peer) = start() else { return };
    let (tell, hear) = channel();
    let framing = Framing { suffix: Suffix::Cr, stx_etx: false };
    let scanner = SerialScanner::start(peer.address("lane"), framing, move |event| {
        let _ = tell.send(event);
    });
    let _scanner = scanner.unwrap();
    assert_eq!(hear.recv_timeout(PATIENCE).unwrap(), ScannerEvent::Ready);
    for code in ["4006381333931", "0109521234543213", "]C10109521234543213", "ABC-äöü-1"] {
        let body = format!("{{\"data\":\"{code}\",\"countdown_seconds\":0,\"unicode\":true}}");
        assert!(peer.ask("POST", "/devices/lane/scans", &body));
        let ScannerEvent::Scanned(scanned) = hear.recv_timeout(PATIENCE).unwrap() else {
            panic!("no code")
        };
        assert_eq!(scanned.code, code.trim_start_matches("]C1"));
    }
}
