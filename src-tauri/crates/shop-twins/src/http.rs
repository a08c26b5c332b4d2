//! HTTP as far as a twin needs it: requests with a length, lines that are used again.

use std::collections::BTreeMap;
use std::io::{BufRead, Write};

use serde_json::Value;

/// Bytes of a request's body.
const MAX_BODY: usize = 64 * 1024 * 1024;

/// A request that came.
#[derive(Clone, Debug, Default)]
pub struct Call {
    /// `GET`, `POST` and so on.
    pub method: String,
    /// Its path, with a slash at its front and without what follows `?`.
    pub path: String,
    /// What follows `?`, decoded, in order.
    pub query: Vec<(String, String)>,
    /// Its headers, the names in lower case.
    pub headers: BTreeMap<String, String>,
    /// Its body as it came.
    pub raw: Vec<u8>,
    /// Its body as JSON; null if it has none.
    pub body: Value,
    /// What it was answered; 0 if it was not.
    pub status: u16,
}

impl Call {
    /// The first value of a name that follows `?`.
    pub fn asked(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A header; empty if it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(String::as_str).unwrap_or_default()
    }

    /// The parts of its path.
    pub fn parts(&self) -> Vec<&str> {
        self.path.split('/').filter(|part| !part.is_empty()).collect()
    }
}

/// What is answered.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// Headers besides `Content-Type`, `Content-Length` and `Date`.
    pub headers: Vec<(String, String)>,
    /// What `Content-Type` says.
    pub kind: String,
    /// The body.
    pub body: Vec<u8>,
}

impl Reply {
    /// JSON.
    pub fn json(status: u16, body: &Value) -> Self {
        let kind = "application/json; charset=UTF-8".to_owned();
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        Self { status, headers: Vec::new(), kind, body }
    }

    /// Anything else.
    pub fn text(status: u16, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: Vec::new(), kind: kind.to_owned(), body: body.into() }
    }

    /// With one more header.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.headers.push((name.to_owned(), value.to_string()));
        self
    }

    /// Its head; the length is that of the whole body, however much of it is sent.
    pub(crate) fn head(&self, date: &str) -> String {
        let mut head = format!(
            "HTTP/1.1 {} -\r\nDate: {date}\r\nContent-Type: {}\r\nContent-Length: {}\r\n",
            self.status,
            self.kind,
            self.body.len()
        );
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        head
    }

    pub(crate) fn send(&self, to: &mut impl Write, date: &str) -> std::io::Result<()> {
        let mut whole = self.head(date).into_bytes();
        whole.extend_from_slice(&self.body);
        to.write_all(&whole)?;
        to.flush()
    }
}

/// Reads a request; none if the caller hung up.
pub(crate) fn read(from: &mut impl BufRead) -> std::io::Result<Option<Call>> {
    let mut first = String::new();
    if from.read_line(&mut first)? == 0 {
        return Ok(None);
    }
    let mut words = first.split_whitespace();
    let (Some(method), Some(target)) = (words.next(), words.next()) else { return Ok(None) };
    let mut call = Call { method: method.to_owned(), ..Call::default() };
    // A proxy is asked for a whole address, a shop for a path.
    let target = match target.strip_prefix("http://") {
        Some(rest) => rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/"),
        None => target,
    };
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    call.path = path.to_owned();
    call.query = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    loop {
        let mut line = String::new();
        from.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        call.headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length: usize = call.header("content-length").parse().unwrap_or(0);
    if length > MAX_BODY {
        return Err(std::io::Error::other("a body that is too long"));
    }
    call.raw = vec![0; length];
    from.read_exact(&mut call.raw)?;
    call.body = serde_json::from_slice(&call.raw).unwrap_or(Value::Null);
    Ok(Some(call))
}
