//! The line to a shop: one way out for every connector, with one set of rules.

use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use reqwest::Client;
use reqwest::header::{self, HeaderMap};
use reqwest::redirect::Policy;
use serde_json::Value;
use tokio::sync::Semaphore;
use url::{Host, Url};

use super::connector::{Limits, Trouble};
use super::guard::Guard;
use super::pace::Pace;
use super::value::{asked_to_wait_ms, http_date};
use crate::webhook::{AllowedHost, ResolveNames, check_address, may_connect, read_certificates};

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How long the first byte of an answer may take, and each part of it after that.
const FIRST_BYTE: Duration = Duration::from_secs(45);
/// How long the whole of it may take.
const WHOLE: Duration = Duration::from_secs(180);
/// Bytes of an answer.
const MAX_BODY: usize = 16 * 1024 * 1024;
/// Characters of a shop's own words that are kept.
const MAX_WORDS: usize = 300;

tokio::task_local! {
    /// Whoever has this does not wait for a turn.
    static UNHURRIED: ();
}

/// Does something in which no line to a shop waits for its turn: for tests, whose clocks are their own.
/// What would be waited for is still reckoned.
pub async fn without_pauses<F: Future>(work: F) -> F::Output {
    UNHURRIED.scope((), work).await
}

/// A secret; never shown by `{:?}`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The secret itself, for the request that needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// What a line is made of.
#[derive(Clone, Debug)]
pub struct LineSettings {
    /// The shop's address.
    pub url: String,
    /// True if the owner allowed the shop's host although it is in the shop's own network.
    pub allow_host: bool,
    /// One more authority to trust, PEM; empty for none.
    pub certificate: String,
    /// Resolves names.
    pub names: Arc<dyn ResolveNames>,
    /// How long the first byte of an answer may take; none for the usual 45 seconds.
    pub patience: Option<Duration>,
}

/// How a request is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Makes.
    Post,
    /// Sets.
    Put,
    /// Removes.
    Delete,
}

/// A request.
#[derive(Clone, Debug)]
pub struct Request {
    /// How.
    pub method: Method,
    /// The path after the shop's address, without a slash at its front, or a whole address of the same
    /// host.
    pub path: String,
    /// What follows `?`.
    pub query: Vec<(String, String)>,
    /// Headers; secrets among them are never written to a log.
    pub headers: Vec<(&'static str, Secret)>,
    /// What is sent.
    pub body: Option<Value>,
    /// Lines of JSON instead of JSON are taken, too (bulk files).
    pub lines: bool,
}

impl Request {
    /// A request without a body.
    pub fn new(method: Method, path: impl Into<String>) -> Self {
        let (query, headers) = (Vec::new(), Vec::new());
        Self { method, path: path.into(), query, headers, body: None, lines: false }
    }

    /// Reads.
    pub fn get(path: impl Into<String>) -> Self {
        Self::new(Method::Get, path)
    }

    /// Makes.
    pub fn post(path: impl Into<String>, body: Value) -> Self {
        Self { body: Some(body), ..Self::new(Method::Post, path) }
    }

    /// Sets.
    pub fn put(path: impl Into<String>, body: Value) -> Self {
        Self { body: Some(body), ..Self::new(Method::Put, path) }
    }

    /// With one more pair after `?`.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.query.push((name.to_owned(), value.to_string()));
        self
    }

    /// With one more header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &Secret) -> Self {
        self.headers.push((name, value.clone()));
        self
    }
}

/// What a shop answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status; 2xx, or a 4xx that says something about the request: see [`Line::ask`].
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// What it says: JSON, null if there is nothing. Lines of JSON are an array.
    pub body: Value,
    /// The shop's clock (`Date`), milliseconds since 1970 UTC.
    pub server_ms: Option<i64>,
}

impl Answer {
    /// A header as text; empty if it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// A header as a number.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.header(name).trim().parse().ok()
    }

    /// This answer if the shop did as it was asked; otherwise its refusal in words. `words` reads them
    /// out of the body.
    ///
    /// # Errors
    /// [`Trouble::Refused`].
    pub fn accepted(self, words: impl FnOnce(&Value) -> Option<String>) -> Result<Self, Trouble> {
        if (200..300).contains(&self.status) {
            return Ok(self);
        }
        let said = words(&self.body).unwrap_or_default();
        let said: String = said.chars().filter(|c| !c.is_control()).take(MAX_WORDS).collect();
        Err(Trouble::Refused(if said.is_empty() {
            format!("the shop answered {}", self.status)
        } else {
            format!("the shop answered {}: {said}", self.status)
        }))
    }
}

/// A line to a shop. It keeps the pace, and nothing goes out but to the shop's own host.
#[derive(Clone, Debug)]
pub struct Line {
    client: Client,
    base: Url,
    pace: Arc<Mutex<Pace>>,
    seats: Arc<Semaphore>,
    since: Instant,
    patience: Duration,
}

impl Line {
    /// Makes ready to talk to a shop.
    ///
    /// # Errors
    /// In words for the shop: the address is not allowed, or the certificate is none.
    pub fn new(settings: &LineSettings, limits: &Limits) -> Result<Self, String> {
        let parsed = Url::parse(&settings.url).map_err(|_| {
            "that is no web address: write it like https://shop.example.com".to_owned()
        })?;
        let allowed: Vec<AllowedHost> =
            AllowedHost::of(&parsed).filter(|_| settings.allow_host).into_iter().collect();
        let mut base = check_address(&settings.url, &allowed).map_err(|error| error.to_string())?;
        base.set_query(None);
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        let guard = Guard { url: base.clone(), allowed, names: Arc::clone(&settings.names) };
        let ip = match base.host() {
            Some(Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
            Some(Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
            _ => None,
        };
        if ip.is_some_and(|ip| !may_connect(&base, &guard.allowed, &[ip])) {
            return Err(guard.refusal());
        }
        // Said once for the whole program, which has one provider.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // HTTPS_PROXY and NO_PROXY count, as everywhere.
        let mut builder = Client::builder()
            .dns_resolver(guard)
            .redirect(Policy::none())
            .connect_timeout(CONNECT)
            .timeout(WHOLE)
            .pool_idle_timeout(Duration::from_secs(30))
            .pool_max_idle_per_host(limits.at_once.max(1))
            .https_only(base.scheme() == "https")
            .user_agent(concat!("Countertop/", env!("CARGO_PKG_VERSION")));
        if !settings.certificate.is_empty() {
            builder = builder.tls_certs_merge(read_certificates(&settings.certificate)?);
        }
        let client = builder.build().map_err(|error| {
            format!("no secure line can be made on this machine: {}", in_words(&error))
        })?;
        Ok(Self {
            client,
            base,
            pace: Arc::new(Mutex::new(Pace::new(limits.per_second_milli, limits.at_once))),
            seats: Arc::new(Semaphore::new(limits.at_once.max(1))),
            since: Instant::now(),
            patience: settings.patience.unwrap_or(FIRST_BYTE),
        })
    }

    /// The shop's address, with a slash at its end.
    pub fn base(&self) -> &Url {
        &self.base
    }

    /// Nothing goes to the shop for so many milliseconds: it said that its budget is used up.
    pub fn hold_ms(&self, ms: i64) {
        let now = self.now_ms();
        self.pace().hold(now.saturating_add(ms.clamp(0, 15 * 60 * 1_000)));
    }

    /// Asks, when it is its turn. An answer of 2xx comes back with its JSON, and so do 400, 404, 405,
    /// 409, 410 and 422, which say something about this request: see [`Answer::accepted`].
    ///
    /// # Errors
    /// Everything else, told apart by what may have been done: see [`Trouble`].
    pub async fn ask(&self, request: &Request) -> Result<Answer, Trouble> {
        let _seat = self.seats.acquire().await;
        let wait = {
            let now = self.now_ms();
            self.pace().take(now)
        };
        if wait > 0 && UNHURRIED.try_with(|()| ()).is_err() {
            tokio::time::sleep(Duration::from_millis(wait.unsigned_abs())).await;
        }
        let began = self.now_ms();
        let asked = self.ask_now(request).await;
        let took = self.now_ms() - began;
        match &asked {
            Ok(_) => self.pace().answered(took),
            Err(Trouble::Busy { wait_ms, .. }) => {
                self.pace().busy();
                self.hold_ms(wait_ms.unwrap_or(0));
            }
            Err(_) => {}
        }
        asked
    }

    async fn ask_now(&self, request: &Request) -> Result<Answer, Trouble> {
        let sent = self.built(request)?.send();
        let answer = match tokio::time::timeout(self.patience, sent).await {
            Err(_) => return Err(Trouble::unknown(self.too_slow())),
            Ok(Err(error)) if error.is_connect() || error.is_builder() => {
                return Err(Trouble::NotSent(in_words(&error)));
            }
            Ok(Err(error)) => return Err(Trouble::unknown(in_words(&error))),
            Ok(Ok(answer)) => answer,
        };
        let status = answer.status().as_u16();
        let headers = answer.headers().clone();
        let text =
            |name| headers.get(name).and_then(|value: &header::HeaderValue| value.to_str().ok());
        let server_ms = text(header::DATE).and_then(http_date);
        let now = server_ms.unwrap_or_default();
        let wait_ms = asked_to_wait_ms(&headers, now);
        match status {
            200..300 | 400 | 404 | 405 | 409 | 410 | 422 => {}
            429 => {
                let words = "the shop is asked too often (429): it is asked more slowly".to_owned();
                return Err(Trouble::Busy { words, wait_ms });
            }
            // 402 and 423: the shop is frozen or locked; 430: its guard refuses us.
            401..=403 | 423 | 430 => {
                return Err(Trouble::Denied(format!(
                    "the shop does not let us in ({status}): look at its key and what the key may do; \
                     a firewall of its host may refuse us, too"
                )));
            }
            300..400 => {
                return Err(Trouble::Denied(format!(
                    "the shop sends us elsewhere ({status}), which is not followed: enter the address \
                     that its pages are seen at"
                )));
            }
            408 | 425 | 500.. => {
                let words = format!("the shop is in trouble: it answered {status}");
                return Err(Trouble::Unknown { words, wait_ms });
            }
            _ => {
                return Err(Trouble::Refused(format!("the shop answered {status}")));
            }
        }
        let is_json = text(header::CONTENT_TYPE).is_some_and(|kind| {
            let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
            kind == "application/json"
                || kind.ends_with("+json")
                || (request.lines
                    && matches!(
                        &*kind,
                        "application/jsonl"
                            | "application/x-ndjson"
                            | "application/octet-stream"
                            | "text/plain"
                    ))
        });
        let bytes = self.body(answer).await?;
        let body = if bytes.is_empty() {
            Value::Null
        } else if !is_json {
            return Err(Trouble::unknown(
                "the shop answered something that is no JSON: a page of its host or a firewall, perhaps",
            ));
        } else {
            read(&bytes, request.lines)?
        };
        Ok(Answer { status, headers, body, server_ms })
    }

    fn built(&self, request: &Request) -> Result<reqwest::RequestBuilder, Trouble> {
        let wrong = || Trouble::Refused("an address of another host is not asked".to_owned());
        let mut url = self.base.join(&request.path).map_err(|_| wrong())?;
        if (url.scheme(), url.host(), url.port())
            != (self.base.scheme(), self.base.host(), self.base.port())
        {
            return Err(wrong());
        }
        if !request.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&request.query);
        }
        let mut built = match request.method {
            Method::Get => self.client.get(url),
            Method::Post => self.client.post(url),
            Method::Put => self.client.put(url),
            Method::Delete => self.client.delete(url),
        }
        .header(header::ACCEPT, "application/json");
        for (name, value) in &request.headers {
            let mut value = header::HeaderValue::from_str(value.reveal()).map_err(|_| {
                Trouble::Denied("the key has characters that no key has: enter it again".to_owned())
            })?;
            value.set_sensitive(true);
            built = built.header(*name, value);
        }
        Ok(match &request.body {
            Some(body) => built.json(body),
            None => built,
        })
    }

    /// The body, if it is not too long and does not dawdle.
    async fn body(&self, answer: reqwest::Response) -> Result<Vec<u8>, Trouble> {
        let whole = || {
            Trouble::unknown(format!(
                "the shop's answer is longer than {} MB and was not read",
                MAX_BODY / 1024 / 1024
            ))
        };
        if answer.content_length().is_some_and(|length| length > MAX_BODY as u64) {
            return Err(whole());
        }
        let mut stream = answer.bytes_stream();
        let mut bytes = Vec::new();
        loop {
            match tokio::time::timeout(self.patience, stream.next()).await {
                Err(_) => return Err(Trouble::unknown(self.too_slow())),
                Ok(None) => return Ok(bytes),
                Ok(Some(Err(error))) => {
                    return Err(Trouble::unknown(format!(
                        "the shop's answer broke off: {}",
                        in_words(&error)
                    )));
                }
                Ok(Some(Ok(chunk))) => bytes.extend_from_slice(&chunk),
            }
            if bytes.len() > MAX_BODY {
                return Err(whole());
            }
        }
    }

    fn too_slow(&self) -> String {
        format!("the shop did not answer within {} s", self.patience.as_secs())
    }

    fn pace(&self) -> std::sync::MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now_ms(&self) -> i64 {
        i64::try_from(self.since.elapsed().as_millis()).unwrap_or(i64::MAX)
    }
}

fn read(bytes: &[u8], lines: bool) -> Result<Value, Trouble> {
    let broken = |_| Trouble::unknown("the shop's answer is broken off or is no JSON");
    if lines {
        let filled =
            bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
        return filled
            .map(serde_json::from_slice)
            .collect::<Result<_, _>>()
            .map(Value::Array)
            .map_err(broken);
    }
    serde_json::from_slice(bytes).map_err(broken)
}

/// The innermost reason, which says most; never the address, whose query may hold a key.
fn in_words(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "the shop did not answer in time".to_owned();
    }
    let mut inner: &dyn std::error::Error = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    let words = if std::ptr::addr_eq(inner, error) {
        "the shop cannot be talked to".to_owned()
    } else {
        inner.to_string()
    };
    words.chars().take(200).collect()
}
