//! Where a webhook may point: to the open internet by https, and to the shop's own network only where
//! the owner allowed that very host and port.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// Characters of an address.
const MAX: usize = 2_000;

/// A host and port that the owner allowed although it is not on the open internet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AllowedHost {
    host: String,
    port: u16,
}

impl AllowedHost {
    /// Reads `host:port`, such as `192.168.1.20:8443` or `[fd00::5]:443`.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = text.len() <= 300 && !text.contains(['/', '@', '?', '#', '\\']);
        if !plain || text.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return None;
        }
        let (_, port) = text.rsplit_once(':')?;
        let port = port.parse().ok().filter(|port| *port > 0)?;
        // Read as an address is read, so that both are written in one way.
        let url = Url::parse(&format!("https://{text}/")).ok()?;
        Some(Self { host: url.host_str()?.to_owned(), port })
    }

    /// The host and port of an address, if it has any.
    pub fn of(url: &Url) -> Option<Self> {
        Some(Self { host: url.host_str()?.to_owned(), port: url.port_or_known_default()? })
    }
}

impl fmt::Display for AllowedHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

/// Why an address is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// It cannot be read.
    #[error("that is no web address: write it like https://example.com/hooks/countertop")]
    Unreadable,
    /// Longer than any address needs to be.
    #[error("the address is longer than {MAX} characters")]
    TooLong,
    /// A name and password in the address.
    #[error("leave the name and password out of the address: every message is signed instead")]
    Userinfo,
    /// What comes after `#` is never sent.
    #[error("leave out what follows # in the address: it is never sent")]
    Fragment,
    /// Neither https nor an allowed http.
    #[error(
        "the address must begin with https://: anyone on the way could read the messages otherwise"
    )]
    NotHttps,
    /// A port of other services.
    #[error("port {0} is not the web's: leave it out, or have the owner allow this host and port")]
    Port(u16),
    /// In the shop's own network, or in this machine.
    #[error(
        "{0} is in this machine or in a private network: the owner can allow this host and port under \
         Apps, Webhooks"
    )]
    Private(String),
}

/// An address that may be asked, so far as its text can tell. What its name resolves to is looked at
/// once more when it is connected to: see [`may_connect`].
///
/// # Errors
/// See [`AddressError`].
pub fn check_address(text: &str, allowed: &[AllowedHost]) -> Result<Url, AddressError> {
    if text.len() > MAX {
        return Err(AddressError::TooLong);
    }
    // What readers of addresses silently drop or turn round is not let in.
    if text.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\') {
        return Err(AddressError::Unreadable);
    }
    let url = Url::parse(text).map_err(|_| AddressError::Unreadable)?;
    if !matches!(url.scheme(), "https" | "http") {
        return Err(AddressError::NotHttps);
    }
    // `https:/host` and `https:host` mean the same to some readers and something else to others.
    let rest = text.get(url.scheme().len()..).unwrap_or_default();
    let authority = rest.strip_prefix("://").ok_or(AddressError::Unreadable)?;
    let authority = authority.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') || !url.username().is_empty() || url.password().is_some() {
        return Err(AddressError::Userinfo);
    }
    if authority.is_empty() {
        return Err(AddressError::Unreadable);
    }
    if url.fragment().is_some() {
        return Err(AddressError::Fragment);
    }
    let this = AllowedHost::of(&url).ok_or(AddressError::Unreadable)?;
    let is_allowed = allowed.contains(&this);
    if url.scheme() == "http" && !(is_allowed && may_be_this_machine(&url)) {
        return Err(AddressError::NotHttps);
    }
    if is_allowed {
        return Ok(url);
    }
    if this.port != 443 {
        return Err(AddressError::Port(this.port));
    }
    let open = match url.host() {
        Some(Host::Ipv4(ip)) => is_open(ip.into()),
        Some(Host::Ipv6(ip)) => is_open(ip.into()),
        Some(Host::Domain(name)) => is_public_name(name),
        None => false,
    };
    if open { Ok(url) } else { Err(AddressError::Private(this.host)) }
}

/// The same for an address to which results are posted: besides, it may be this machine itself, which
/// needs no more leave than the app's registration by the owner.
///
/// # Errors
/// See [`AddressError`].
pub fn check_result_address(text: &str, allowed: &[AllowedHost]) -> Result<Url, AddressError> {
    check_address(text, &with_this_machine(text, allowed))
}

/// The hosts that are allowed for an address to which results are posted.
pub(crate) fn with_this_machine(text: &str, allowed: &[AllowedHost]) -> Vec<AllowedHost> {
    let own = Url::parse(text).ok().filter(may_be_this_machine);
    let own = own.as_ref().and_then(AllowedHost::of);
    allowed.iter().cloned().chain(own).collect()
}

/// Whether a name or an address that was resolved may be connected to: everything that a name
/// resolves to must be where the address may point, or none of it is asked.
pub(crate) fn may_connect(url: &Url, allowed: &[AllowedHost], resolved: &[IpAddr]) -> bool {
    if resolved.is_empty() {
        return false;
    }
    if url.scheme() == "http" {
        return resolved.iter().all(|ip| canonical(*ip).is_loopback());
    }
    let is_allowed = AllowedHost::of(url).is_some_and(|this| allowed.contains(&this));
    is_allowed || resolved.iter().all(|ip| is_open(*ip))
}

fn may_be_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => canonical(ip.into()).is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

/// Names that never leave a network are refused before they are looked up.
fn is_public_name(name: &str) -> bool {
    const INNER: [&str; 12] = [
        "localhost",
        "local",
        "internal",
        "intranet",
        "lan",
        "home",
        "corp",
        "private",
        "arpa",
        "test",
        "invalid",
        "onion",
    ];
    let last = name.rsplit('.').next().unwrap_or_default();
    name.contains('.') && !name.ends_with('.') && !INNER.contains(&last)
}

/// An IPv4 address that is written as IPv6 is what it is.
fn canonical(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V6(six) => six.to_ipv4_mapped().map_or(ip, IpAddr::V4),
        IpAddr::V4(_) => ip,
    }
}

/// Whether an address is on the open internet (IANA special-purpose registries, RFC 6890).
fn is_open(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(four) => is_open_v4(four),
        IpAddr::V6(six) => is_open_v6(six),
    }
}

fn is_open_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    !(ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_multicast()
        || ip.is_broadcast()
        || ip.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19)))
}

/// Only what was given out for the internet itself, without those parts of it that carry an IPv4
/// address inside or are for documentation. That leaves out mapped and translated addresses, too.
fn is_open_v6(ip: Ipv6Addr) -> bool {
    let [a, b, ..] = ip.segments();
    (0x2000..0x4000).contains(&a)
        && !(a == 0x2001 && b < 0x0200)
        && !(a == 0x2001 && b == 0x0db8)
        && a != 0x2002
        && !(a == 0x3fff && b < 0x1000)
}
