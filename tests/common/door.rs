//! The register's door in this very process: a test has the register in hand and asks over the wire.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use countertop::http::Door;
use countertop_app::App;
use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::Shop;
use super::wire::{Answer, send};

/// How long a stream may say nothing; it says something every 15 seconds.
const PATIENCE: Duration = Duration::from_secs(60);

/// A door that answers until it is dropped.
pub(crate) struct OpenDoor {
    pub(crate) address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl OpenDoor {
    pub(crate) fn of(app: &Arc<App>) -> Self {
        let app = Arc::clone(app);
        let (stop, stopped) = oneshot::channel();
        let (tell, told) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async move {
                let door = Door::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
                tell.send(door.address()).unwrap();
                let stopped = async move { drop(stopped.await) };
                door.serve(app, None, stopped).await;
            });
        });
        Self { address: told.recv().unwrap(), stop: Some(stop), thread: Some(thread) }
    }

    /// Asks with a token; a body is sent as JSON.
    pub(crate) fn ask(
        &self,
        token: &str,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Answer {
        self.ask_with(token, method, path, body, &[])
    }

    /// The same with more headers.
    pub(crate) fn ask_with(
        &self,
        token: &str,
        method: &str,
        path: &str,
        body: Option<&Value>,
        more: &[&str],
    ) -> Answer {
        let body = body.map(Value::to_string).unwrap_or_default();
        let mut headers = vec![
            format!("Host: {}", self.address),
            format!("Authorization: Bearer {token}"),
            format!("Content-Length: {}", body.len()),
        ];
        if !body.is_empty() {
            headers.push("Content-Type: application/json".to_owned());
        }
        headers.extend(more.iter().map(|&header| header.to_owned()));
        let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
        send(self.address, &format!("{method} {path} HTTP/1.1"), &headers, body.as_bytes())
    }
}

impl Drop for OpenDoor {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A token for a program, made by the owner: its id and its secret.
pub(crate) fn token(shop: &Shop, scopes: &[&str]) -> (String, String) {
    let made = shop.json("tokens.create", json!({ "name": "Program", "scopes": scopes })).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&made["token"]["id"]), text(&made["secret"]))
}

/// An event as a stream told it.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    pub(crate) id: String,
    pub(crate) event: Value,
}

/// A stream of events, read line by line.
pub(crate) struct Stream {
    lines: BufReader<TcpStream>,
    /// The last place that it told, with or without an event.
    pub(crate) place: String,
}

impl Stream {
    /// Begins to listen; the status if that is refused.
    pub(crate) fn open(
        address: SocketAddr,
        token: &str,
        query: &str,
        after: Option<&str>,
    ) -> Result<Self, u16> {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let after = after.map(|id| format!("Last-Event-ID: {id}\r\n")).unwrap_or_default();
        // HTTP/1.0, so that the body comes as it is.
        write!(
            stream,
            "GET /v1/events{query} HTTP/1.0\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
             {after}\r\n"
        )
        .unwrap();
        let mut lines = BufReader::new(stream);
        let mut line = String::new();
        lines.read_line(&mut line).unwrap();
        let status = line.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
        while !line.trim().is_empty() {
            line.clear();
            lines.read_line(&mut line).unwrap();
        }
        if status == 200 { Ok(Self { lines, place: String::new() }) } else { Err(status) }
    }

    /// The next event; none when the stream has ended.
    pub(crate) fn next(&mut self) -> Option<Heard> {
        loop {
            let mut line = String::new();
            if self.lines.read_line(&mut line).expect("the stream says nothing") == 0 {
                return None;
            }
            if let Some(id) = line.strip_prefix("id:") {
                self.place = id.trim().to_owned();
            }
            if let Some(data) = line.strip_prefix("data:") {
                let event = serde_json::from_str(data.trim()).unwrap();
                return Some(Heard { id: self.place.clone(), event });
            }
        }
    }

    /// Reads until the stream has told its place, without an event.
    pub(crate) fn greeted(mut self) -> Self {
        let mut line = String::new();
        while self.place.is_empty() {
            line.clear();
            assert_ne!(self.lines.read_line(&mut line).unwrap(), 0, "it ended");
            if let Some(id) = line.strip_prefix("id:") {
                self.place = id.trim().to_owned();
            }
        }
        self
    }
}
