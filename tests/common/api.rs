//! A program that uses the open API with a token.

use std::net::SocketAddr;

use serde_json::{Value, json};

use super::wire::{Answer, done, send};

/// A token that was made at the till.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) id: String,
    pub(crate) secret: String,
}

impl Token {
    /// Made by the owner, as the screen does it.
    pub(crate) fn make(address: SocketAddr, name: &str, scopes: &[&str], role: &str) -> Self {
        let request = json!({ "name": name, "scopes": scopes, "role": role });
        let made = done(address, "tokens.create", &request);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        Self { id: text(&made["token"]["id"]), secret: text(&made["secret"]) }
    }

    pub(crate) fn header(&self) -> String {
        format!("Authorization: Bearer {}", self.secret)
    }

    /// Asks with this token; `more` are further header lines.
    pub(crate) fn ask(
        &self,
        address: SocketAddr,
        first: &str,
        more: &[&str],
        body: Option<&Value>,
    ) -> Answer {
        let token = self.header();
        let mut headers = vec![token.as_str()];
        headers.extend(more);
        ask(address, first, &headers, body)
    }
}

/// Asks `first`, such as `GET /v1/token`, without any token.
pub(crate) fn ask(address: SocketAddr, first: &str, more: &[&str], body: Option<&Value>) -> Answer {
    let body = body.map(Value::to_string).unwrap_or_default();
    let (host, length) = (format!("Host: {address}"), format!("Content-Length: {}", body.len()));
    let mut headers = vec![host.as_str()];
    if !body.is_empty() {
        headers.extend([length.as_str(), "Content-Type: application/json"]);
    }
    headers.extend(more);
    send(address, &format!("{first} HTTP/1.1"), &headers, body.as_bytes())
}

impl Answer {
    /// A header's value, if the answer has it.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (own, value) = line.split_once(':')?;
            own.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// Is this a problem of this status and code, in the form of RFC 9457?
    pub(crate) fn is_problem(&self, status: u16, code: &str) {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        let problem = self.json();
        assert_eq!(problem["code"], code, "{self:?}");
        assert_eq!(problem["status"], status, "{self:?}");
        assert_eq!(problem["type"], "about:blank", "{self:?}");
        assert!(problem["detail"].as_str().is_some_and(|words| words.len() > 10), "{self:?}");
    }
}
