//! HTTP written out by hand: no client library smooths over what a hostile page would send.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use serde_json::Value;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }
}

/// Sends a request as it is given (each header line without its line end) and reads to the end.
pub(crate) fn send(address: SocketAddr, first: &str, headers: &[&str], body: &[u8]) -> Answer {
    let mut text = format!("{first}\r\n");
    for header in headers {
        text.push_str(header);
        text.push_str("\r\n");
    }
    text.push_str("Connection: close\r\n\r\n");
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(text.as_bytes()).unwrap();
    // A server that refuses a large body hangs up while it is sent.
    let _ = stream.write_all(body);
    let bytes = read_to_end(&mut stream);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}

/// All that comes, but not for ever: an answer that never ends is as good as what came of it.
fn read_to_end(stream: &mut TcpStream) -> Vec<u8> {
    let until = Instant::now() + PATIENCE;
    let (mut bytes, mut chunk) = (Vec::new(), [0; 16 * 1024]);
    while Instant::now() < until {
        match stream.read(&mut chunk) {
            Ok(0) | Err(_) => break,
            Ok(count) => bytes.extend_from_slice(&chunk[..count]),
        }
    }
    bytes
}

/// Gives a command as the register's own page does.
pub(crate) fn rpc(address: SocketAddr, command: &str, body: &Value) -> Answer {
    let body = body.to_string();
    let host = format!("Host: {address}");
    let origin = format!("Origin: http://{address}");
    let length = format!("Content-Length: {}", body.len());
    send(
        address,
        &format!("POST /rpc/{command} HTTP/1.1"),
        &[&host, &origin, &length, "Content-Type: application/json", "X-Countertop-Client: page"],
        body.as_bytes(),
    )
}

/// The same, where it must be carried out.
pub(crate) fn done(address: SocketAddr, command: &str, body: &Value) -> Value {
    let answer = rpc(address, command, body);
    assert_eq!(answer.status, 200, "{command}: {}", answer.body);
    answer.json()
}
