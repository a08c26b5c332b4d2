//! A strict receiver of webhooks: it checks every signature, knows messages again by their id, and
//! watches the order.
//!
//! It speaks TLS if it is given a certificate (see [`super::authority`]), and plain HTTP otherwise.
//!
//! What it does not simulate: HTTP/2, answers in parts, and a connection that is used again: it says
//! `Connection: close`.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::Value;
use sha2::Sha256;

use super::wait_for;

/// A message that came.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) id: String,
    pub(crate) event: Value,
    pub(crate) body: String,
    pub(crate) headers: HashMap<String, String>,
    /// What was answered.
    pub(crate) status: u16,
}

impl Message {
    pub(crate) fn kind(&self) -> &str {
        self.event["type"].as_str().unwrap()
    }

    /// True if one of its signatures is made with this secret.
    pub(crate) fn is_signed_with(&self, secret: &str) -> bool {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        let timestamp = &self.headers["webhook-timestamp"];
        mac.update(format!("{}.{timestamp}.{}", self.id, self.body).as_bytes());
        let expected = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
        self.headers["webhook-signature"].split(' ').any(|signature| signature == expected)
    }
}

type Answer = dyn Fn(&Message) -> String + Send + Sync;

/// A listening receiver; it ends with the test's process.
#[derive(Clone)]
pub(crate) struct Receiver {
    pub(crate) address: SocketAddr,
    messages: Arc<Mutex<Vec<Message>>>,
    connections: Arc<Mutex<u32>>,
    answer: Arc<Mutex<Arc<Answer>>>,
    /// What it shows of itself; none if it speaks plain HTTP.
    tls: Arc<Mutex<Option<Arc<ServerConfig>>>>,
}

impl Receiver {
    pub(crate) fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let receiver = Self {
            address: listener.local_addr().unwrap(),
            messages: Arc::default(),
            connections: Arc::default(),
            answer: Arc::new(Mutex::new(Arc::new(|_: &Message| "204".to_owned()))),
            tls: Arc::default(),
        };
        let served = receiver.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                *served.connections.lock().unwrap() += 1;
                let served = served.clone();
                std::thread::spawn(move || served.take(stream));
            }
        });
        receiver
    }

    /// Answers from now on with a status, and perhaps headers after it: `503\r\nRetry-After: 60`.
    pub(crate) fn answer(&self, answer: impl Fn(&Message) -> String + Send + Sync + 'static) {
        *self.answer.lock().unwrap() = Arc::new(answer);
    }

    pub(crate) fn url(&self) -> String {
        let scheme = if self.tls.lock().unwrap().is_some() { "https" } else { "http" };
        format!("{scheme}://{}/hook?shop=1", self.address)
    }

    /// From now on it speaks TLS, with this certificate.
    pub(crate) fn show(&self, certificate: Arc<ServerConfig>) {
        *self.tls.lock().unwrap() = Some(certificate);
    }

    pub(crate) fn connections(&self) -> u32 {
        *self.connections.lock().unwrap()
    }

    /// Everything that came, whatever was answered.
    pub(crate) fn all(&self) -> Vec<Message> {
        self.messages.lock().unwrap().clone()
    }

    /// What was taken, each once, in the order in which it came first.
    pub(crate) fn taken(&self) -> Vec<Message> {
        let mut taken: Vec<Message> = Vec::new();
        for message in self.all() {
            if message.status < 300 && taken.iter().all(|one| one.id != message.id) {
                taken.push(message);
            }
        }
        taken
    }

    /// Waits until so many messages were taken.
    pub(crate) fn wait_for(&self, count: usize) -> Vec<Message> {
        wait_for("webhook messages", || Some(self.taken()).filter(|all| all.len() >= count))
    }

    /// Waits until so many messages came, whatever was answered.
    pub(crate) fn wait_for_all(&self, count: usize) -> Vec<Message> {
        wait_for("webhook messages", || Some(self.all()).filter(|all| all.len() >= count))
    }

    fn take(&self, mut stream: TcpStream) {
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let Some(tls) = self.tls.lock().unwrap().clone() else { return self.serve(stream) };
        let mut line = ServerConnection::new(tls).unwrap();
        // A sender that does not trust the certificate hangs up here.
        if line.complete_io(&mut stream).is_ok() {
            self.serve(StreamOwned::new(line, stream));
        }
    }

    fn serve(&self, stream: impl Read + Write) {
        let mut reader = BufReader::new(stream);
        let mut first = String::new();
        if reader.read_line(&mut first).is_err() || first.is_empty() {
            return;
        }
        assert_eq!(first.trim(), "POST /hook?shop=1 HTTP/1.1");
        let mut headers = HashMap::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            let Some((name, value)) = line.trim().split_once(':') else { break };
            let twice = headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
            assert_eq!(twice, None, "{name} came twice");
        }
        let mut body = vec![0; headers["content-length"].parse().unwrap()];
        reader.read_exact(&mut body).unwrap();
        let body = String::from_utf8(body).unwrap();
        assert_eq!(headers["content-type"], "application/json");
        let event: Value = serde_json::from_str(&body).unwrap();
        let mut message =
            Message { id: headers["webhook-id"].clone(), event, body, headers, status: 0 };
        let answer = Arc::clone(&self.answer.lock().unwrap());
        let answer = answer(&message);
        message.status = answer.get(..3).and_then(|code| code.parse().ok()).unwrap_or(0);
        // Noted before it is answered: a sender that hears nothing sends it again.
        self.messages.lock().unwrap().push(message);
        if answer == "hang up" {
            return;
        }
        let mut parts = answer.splitn(2, "\r\n");
        let (status, more) = (parts.next().unwrap(), parts.next().unwrap_or_default());
        let more = if more.is_empty() { String::new() } else { format!("{more}\r\n") };
        let stream = reader.get_mut();
        let _ = write!(
            stream,
            "HTTP/1.1 {status} Answer\r\n{more}Content-Length: 0\r\nConnection: close\r\n\r\n"
        );
        let _ = stream.flush();
    }
}
