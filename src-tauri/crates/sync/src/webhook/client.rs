//! Sending one message: resolved once, checked, connected to just that, no redirects.

use std::fmt::Debug;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use countertop_store::{DeliveryRow, WebhookRow};
use futures_util::StreamExt;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, header};
use url::{Host, Url};

use super::address::{AllowedHost, check_address, may_connect};
use super::sign::signatures;

/// Bytes of an answer that are read, so that the line can be used again; what it says does not matter.
const ANSWER: usize = 64 * 1024;

/// What resolves names. The system's, unless a test says otherwise.
pub trait ResolveNames: Debug + Send + Sync {
    /// The addresses of a name.
    fn resolve<'a>(
        &'a self,
        name: &'a str,
    ) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send + 'a>>;
}

/// The system's resolver.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemNames;

impl ResolveNames for SystemNames {
    fn resolve<'a>(
        &'a self,
        name: &'a str,
    ) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send + 'a>> {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}

/// How a try ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// They have it.
    Arrived { status: u16 },
    /// The address wants no more messages, ever (410).
    Gone,
    /// It did not arrive.
    Failed {
        status: Option<u16>,
        words: String,
        /// How long the address asked us to wait.
        wait_s: Option<i64>,
        /// True if the address could not be talked to at all.
        unreachable: bool,
    },
}

impl Outcome {
    fn unreachable(words: impl Into<String>) -> Self {
        Self::Failed { status: None, words: words.into(), wait_s: None, unreachable: true }
    }
}

/// Talks to one webhook's address.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    client: Client,
    url: Url,
    patience: Duration,
}

impl Line {
    /// Makes ready to talk to a webhook's address, which may take `patience` for everything.
    ///
    /// # Errors
    /// In words for the shop: the address is not allowed (any more), or the certificate is none.
    pub(crate) fn new(
        hook: &WebhookRow,
        allowed: &[AllowedHost],
        names: &Arc<dyn ResolveNames>,
        patience: Duration,
    ) -> Result<Self, String> {
        let url = check_address(&hook.url, allowed).map_err(|error| error.to_string())?;
        let guard = Guard { url: url.clone(), allowed: allowed.to_vec(), names: Arc::clone(names) };
        // The text was checked; an address that is no name is not resolved, so it is looked at here.
        let ip = match url.host() {
            Some(Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
            Some(Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
            _ => None,
        };
        if ip.is_some_and(|ip| !may_connect(&url, allowed, &[ip])) {
            return Err(guard.refusal());
        }
        // Said once for the whole program, which has one provider.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = Client::builder()
            .dns_resolver(guard)
            .no_proxy()
            .redirect(Policy::none())
            .timeout(patience)
            .connect_timeout(patience)
            .pool_idle_timeout(Duration::from_secs(30))
            .pool_max_idle_per_host(2)
            .https_only(url.scheme() == "https")
            .user_agent(concat!("Countertop/", env!("CARGO_PKG_VERSION")));
        if !hook.certificate.is_empty() {
            builder = builder.tls_certs_merge(read_certificates(&hook.certificate)?);
        }
        let client = builder.build().map_err(|error| {
            format!("no secure line can be made on this machine: {}", in_words(&error))
        })?;
        Ok(Self { client, url, patience })
    }

    /// Sends a message and reads what the address says to it.
    pub(crate) async fn send(
        &self,
        message: &DeliveryRow,
        secrets: &[&[u8]],
        now_ms: i64,
    ) -> Outcome {
        let timestamp = now_ms.div_euclid(1_000);
        let signed = signatures(secrets, &message.event, timestamp, &message.body);
        let mut request = self
            .client
            .post(self.url.clone())
            .header(header::CONTENT_TYPE, "application/json")
            .header("webhook-id", &message.event)
            .header("webhook-timestamp", timestamp.to_string())
            .body(message.body.clone());
        if !signed.is_empty() {
            request = request.header("webhook-signature", signed);
        }
        let answer = match request.send().await {
            Ok(answer) => answer,
            Err(error) if error.is_timeout() => {
                let seconds = self.patience.as_secs();
                let words = format!("the address did not answer within {seconds} s");
                return Outcome::unreachable(words);
            }
            Err(error) => return Outcome::unreachable(in_words(&error)),
        };
        let status = answer.status();
        let wait_s = answer
            .headers()
            .get(header::RETRY_AFTER)
            .and_then(|value| value.to_str().ok())
            .and_then(|text| retry_after(text, now_ms));
        drain(answer).await;
        match status.as_u16() {
            code if status.is_success() => Outcome::Arrived { status: code },
            410 => Outcome::Gone,
            code if status.is_redirection() => Outcome::Failed {
                status: Some(code),
                words:
                    "the address sends us elsewhere, which is not followed: enter the new address"
                        .to_owned(),
                wait_s,
                unreachable: false,
            },
            code => Outcome::Failed {
                status: Some(code),
                words: format!("the address answered {code}"),
                wait_s,
                unreachable: false,
            },
        }
    }
}

/// Reads certificates of authorities, PEM.
///
/// # Errors
/// In words: there is none in it.
pub fn read_certificates(pem: &str) -> Result<Vec<Certificate>, String> {
    let none = "that is no certificate: paste it with its BEGIN and END lines (PEM)";
    match Certificate::from_pem_bundle(pem.as_bytes()) {
        Ok(all) if !all.is_empty() => Ok(all),
        _ => Err(none.to_owned()),
    }
}

/// Reads what is small enough, and hangs up on the rest.
async fn drain(answer: reqwest::Response) {
    let mut stream = answer.bytes_stream();
    let mut read = 0;
    while let Some(Ok(chunk)) = stream.next().await {
        read += chunk.len();
        if read > ANSWER {
            return;
        }
    }
}

/// Seconds, or a moment in HTTP's form.
pub(crate) fn retry_after(text: &str, now_ms: i64) -> Option<i64> {
    if let Ok(seconds) = text.trim().parse::<u32>() {
        return Some(seconds.into());
    }
    let moment = jiff::fmt::rfc2822::parse(text.trim()).ok()?;
    Some((moment.timestamp().as_millisecond() - now_ms).max(0) / 1_000)
}

/// The innermost reason, which says most.
fn in_words(error: &reqwest::Error) -> String {
    let mut inner: &(dyn std::error::Error + 'static) = error;
    loop {
        if let Some(words) = inner.downcast_ref().and_then(certificate_words) {
            return words.to_owned();
        }
        // What an IO error carries is not its source, but stands in its place.
        let carried = inner.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        inner = match carried.map(|error| error as _).or_else(|| inner.source()) {
            Some(next) => next,
            None => break,
        };
    }
    inner.to_string().chars().take(200).collect()
}

/// What is wrong with the certificate of an address, and what to do; none if it is something else.
fn certificate_words(error: &rustls::Error) -> Option<&'static str> {
    use rustls::CertificateError as Wrong;
    let rustls::Error::InvalidCertificate(wrong) = error else { return None };
    Some(match wrong {
        Wrong::UnknownIssuer => {
            "the address shows a certificate of an authority that is not known here: if it is yours, \
             enter the authority's certificate in the webhook"
        }
        Wrong::NotValidForName | Wrong::NotValidForNameContext { .. } => {
            "the address shows a certificate for another name: correct the address, or have a \
             certificate made for this name"
        }
        Wrong::Expired | Wrong::ExpiredContext { .. } => {
            "the certificate of the address has expired: have it renewed there, and see whether this \
             machine's date is right"
        }
        Wrong::NotValidYet | Wrong::NotValidYetContext { .. } => {
            "the certificate of the address is not good yet: see whether this machine's date is right"
        }
        Wrong::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
            "the address shows an authority's certificate as its own: have one made for the address \
             itself (with basicConstraints CA:FALSE)"
        }
        Wrong::Revoked => "the certificate of the address was revoked: have a new one made there",
        _ => return None,
    })
}

/// Resolves a name once for each connection, and lets nothing through that the address may not be.
#[derive(Debug)]
struct Guard {
    url: Url,
    allowed: Vec<AllowedHost>,
    names: Arc<dyn ResolveNames>,
}

impl Guard {
    fn refusal(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        format!(
            "{host} is in this machine or in a private network now: the owner can allow this host and \
             port under Apps, Webhooks"
        )
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let (names, url, allowed) =
            (Arc::clone(&self.names), self.url.clone(), self.allowed.clone());
        let refusal = self.refusal();
        Box::pin(async move {
            let found = names.resolve(name.as_str()).await?;
            if found.is_empty() {
                return Err(io::Error::other("there is no such host").into());
            }
            if !may_connect(&url, &allowed, &found) {
                return Err(io::Error::other(refusal).into());
            }
            // The port is that of the address.
            let all: Addrs = Box::new(found.into_iter().map(|ip| SocketAddr::new(ip, 0)));
            Ok(all)
        })
    }
}
