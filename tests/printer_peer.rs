//! An independent printer for the tests: the program emupos, whose path is in COUNTERTOP_EMUPOS.
//! What it understood of the bytes is what a printer of another maker would have understood.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// How long the peer may take for anything before the test gives up.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running printer with a drawer, on a network port and on a serial port. It stops when dropped.
pub(crate) struct Peer {
    process: Child,
    folder: TempDir,
    api: SocketAddr,
    tcp: SocketAddr,
    /// How many of its receipts the test has read.
    read: usize,
}

/// What came out of the printer.
pub(crate) struct Receipt {
    /// Its characters, one line a line.
    pub(crate) text: String,
    /// Its picture.
    pub(crate) png: Vec<u8>,
    /// True if it was cut off; false if the printer just got nothing more for a while.
    pub(crate) cut: bool,
}

/// Starts a printer of its own for one test. None, with a word on the terminal, if no emupos is
/// named.
pub(crate) fn start() -> Option<Peer> {
    let Some(program) = std::env::var_os("COUNTERTOP_EMUPOS") else {
        eprintln!("left out: set COUNTERTOP_EMUPOS to the program emupos (0.4.0) to run it");
        return None;
    };
    // Between the choice of a free port and its use another program may take it.
    for _ in 0..5 {
        if let Some(peer) = Peer::start(&PathBuf::from(&program)) {
            return Some(peer);
        }
    }
    panic!("emupos does not start; what it said is above");
}

impl Peer {
    fn start(program: &PathBuf) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let (api, tcp) = free_ports();
        let config = format!(
            "schema: 1
api: {{ host: 127.0.0.1, port: {} }}
devices:
- id: front
  type: printer
  profile: epson-tm-t20iii
  receipts_dir: ./receipts
  connections: [ {{ tcp: {{ port: {} }} }}, {{ serial: {{ pty: true }} }} ]
",
            api.port(),
            tcp.port()
        );
        fs::write(folder.path().join("emupos.yaml"), config).unwrap();
        let log = File::create(folder.path().join("log")).unwrap();
        let process = Command::new(program)
            .arg("run")
            .current_dir(folder.path())
            // The link to its serial port goes there.
            .env("TMPDIR", folder.path())
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", program.display()));
        let mut peer = Self { process, folder, api, tcp, read: 0 };
        let until = Instant::now() + PATIENCE;
        loop {
            if peer.process.try_wait().unwrap().is_some() || Instant::now() > until {
                let log = fs::read_to_string(peer.folder.path().join("log"));
                eprintln!("{}", log.unwrap_or_default());
                return None;
            }
            if peer.get("/health").is_some() {
                return Some(peer);
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Its serial port, as a path that stays the same while it runs.
    pub(crate) fn pty(&self) -> PathBuf {
        self.folder.path().join("emupos/front")
    }

    /// Its network port.
    pub(crate) fn tcp(&self) -> SocketAddr {
        self.tcp
    }

    /// The oldest receipt that has not been asked for; waits for it.
    pub(crate) fn next_receipt(&mut self) -> Receipt {
        let read = self.read;
        let info = self.wait_for("a receipt", |peer| {
            // Newest first.
            let receipts = peer.json("/devices/front/receipts");
            let receipts = receipts.as_array()?;
            receipts.len().checked_sub(read + 1).map(|index| receipts[index].clone())
        });
        self.read += 1;
        let of = |part| format!("/devices/front/receipts/{}/{part}", info["id"].as_str().unwrap());
        Receipt {
            text: String::from_utf8(self.get(&of("text")).unwrap()).unwrap(),
            png: self.get(&of("image")).unwrap(),
            cut: info["boundary"] == "cut",
        }
    }

    /// Waits until its drawer is open, and pushes it shut.
    pub(crate) fn drawer_opens(&self) {
        self.wait_for("the drawer", |peer| peer.drawer_is_open().then_some(()));
        self.request("POST", "/devices/front/drawer/close").expect("the drawer does not shut");
    }

    /// Takes its paper away, and the like: `paper-out`, `cover-open`, `offline`.
    pub(crate) fn set_fault(&self, fault: &str) {
        self.request("PUT", &format!("/devices/front/faults/{fault}")).expect("no such fault");
    }

    /// Puts it right again.
    pub(crate) fn clear_fault(&self, fault: &str) {
        self.request("DELETE", &format!("/devices/front/faults/{fault}")).expect("no such fault");
    }

    /// How many receipts came out of it.
    pub(crate) fn receipts(&self) -> usize {
        self.json("/devices/front/receipts").as_array().map_or(0, Vec::len)
    }

    /// True if its drawer is open now. Bytes that it was sent just before may still be on the way:
    /// read the receipt first.
    pub(crate) fn drawer_is_open(&self) -> bool {
        self.json("/devices/front")["state"]["drawer"] == "open"
    }

    fn wait_for<T>(&self, what: &str, look: impl Fn(&Self) -> Option<T>) -> T {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = look(self) {
                return found;
            }
            if Instant::now() > until {
                let log = fs::read_to_string(self.folder.path().join("log"));
                panic!("waited in vain for {what}:\n{}", log.unwrap_or_default());
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn json(&self, path: &str) -> Value {
        serde_json::from_slice(&self.get(path).expect("the printer's API does not answer")).unwrap()
    }

    fn get(&self, path: &str) -> Option<Vec<u8>> {
        self.request("GET", path)
    }

    /// The body of a good answer.
    fn request(&self, method: &str, path: &str) -> Option<Vec<u8>> {
        let mut stream = TcpStream::connect(self.api).ok()?;
        stream.set_read_timeout(Some(PATIENCE)).ok()?;
        let head = format!(
            "{method} /api/v1{path} HTTP/1.1\r\nHost: {}\r\nContent-Length: 0\r\n\
             Connection: close\r\n\r\n",
            self.api
        );
        stream.write_all(head.as_bytes()).ok()?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).ok()?;
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
        answer.starts_with(b"HTTP/1.1 20").then(|| answer.split_off(end + 4))
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Two ports that are free now.
fn free_ports() -> (SocketAddr, SocketAddr) {
    let bind = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let (one, other) = (bind(), bind());
    (one.local_addr().unwrap(), other.local_addr().unwrap())
}

impl Receipt {
    /// What its bar codes and QR codes say, one a line, read from the picture by zbarimg.
    pub(crate) fn codes(&self) -> String {
        let mut picture = tempfile::Builder::new().suffix(".png").tempfile().unwrap();
        picture.write_all(&self.png).unwrap();
        let read = Command::new("zbarimg")
            .args(["--quiet", "--raw"])
            .arg(picture.path())
            .output()
            .expect("zbarimg reads the codes: install zbar-tools");
        String::from_utf8(read.stdout).unwrap()
    }
}

mod tests {
    use countertop_devices::{Address, open};

    use super::{PATIENCE, Peer, start};

    /// A receipt byte by byte: initialise, `line`, `code` as a QR code (model 2, 6 dots a module,
    /// correction M), the drawer's pulse on pin 2 (50 ms on, 500 ms off), feed and cut.
    fn receipt(line: &str, code: &str) -> Vec<u8> {
        let mut bytes = b"\x1B@".to_vec();
        bytes.extend(line.as_bytes());
        bytes.extend(b"\n\x1D(k\x04\x001A2\x00\x1D(k\x03\x001C\x06\x1D(k\x03\x001E1\x1D(k");
        bytes.extend(u16::try_from(code.len() + 3).unwrap().to_le_bytes());
        bytes.extend(b"1P0");
        bytes.extend(code.as_bytes());
        bytes.extend(b"\x1D(k\x03\x001Q0\nthank you\n\x1Bp\x00\x19\xFA\x1DVB\x00");
        bytes
    }

    fn is_printed_and_opens_the_drawer(peer: &mut Peer, address: &str, line: &str) {
        assert!(!peer.drawer_is_open());
        let code = format!("countertop {line}");
        let address: Address = address.parse().unwrap();
        let mut wire = open(&address, PATIENCE).unwrap();
        wire.write_all(&receipt(line, &code), PATIENCE).unwrap();
        wire.finish(PATIENCE).unwrap();
        let printed = peer.next_receipt();
        assert!(printed.text.starts_with(line), "{}", printed.text);
        // All of the pulse was a pulse: none of it was printed, and nothing was eaten after it.
        assert!(printed.text.trim_end().ends_with("thank you"), "{}", printed.text);
        assert!(printed.cut);
        assert_eq!(printed.codes().trim_end(), code);
        peer.drawer_opens();
    }

    #[test]
    fn a_receipt_reaches_a_printer_on_a_serial_port() {
        let Some(mut peer) = start() else { return };
        let address = format!("serial:{}", peer.pty().display());
        is_printed_and_opens_the_drawer(&mut peer, &address, "by wire");
        is_printed_and_opens_the_drawer(&mut peer, &address, "by wire again");
    }

    #[test]
    fn a_receipt_reaches_a_printer_on_the_network() {
        let Some(mut peer) = start() else { return };
        let address = format!("tcp:{}", peer.tcp());
        is_printed_and_opens_the_drawer(&mut peer, &address, "by network");
        is_printed_and_opens_the_drawer(&mut peer, &address, "by network again");
    }
}
