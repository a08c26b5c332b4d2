//! Where an app may have its result told. A callback is opened by this computer, so it is let through
//! only if it has a harmless shape and the owner registered it.

use std::net::IpAddr;

use url::{Host, Url};

/// Characters of a callback.
pub(crate) const MAX_CALLBACK: usize = 2_000;
/// What the iOS SDK puts at the end of every callback.
const SDK_SUFFIX: &str = "square_request";

/// Schemes that run code, read files, or start a program of the system, whatever comes after them.
const DANGEROUS: &[&str] = &[
    "about",
    "android-app",
    "app",
    "applescript",
    "attachment",
    "blob",
    "cap",
    "chrome",
    "chrome-extension",
    "content",
    "countertop",
    "cpl",
    "data",
    "dav",
    "davs",
    "dict",
    "disk",
    "dns",
    "feed",
    "file",
    "filesystem",
    "ftp",
    "ftps",
    "gopher",
    "hcp",
    "help",
    "iexplore",
    "imap",
    "imaps",
    "intent",
    "irc",
    "itms-services",
    "jar",
    "java",
    "javascript",
    "jscript",
    "ldap",
    "ldaps",
    "livescript",
    "local",
    "localexplorer",
    "mailto",
    "mhtml",
    "mk",
    "mms",
    "mocha",
    "moz-extension",
    "ms",
    "netdoc",
    "nfs",
    "nntp",
    "opera",
    "pack",
    "rdp",
    "res",
    "resource",
    "rtsp",
    "scp",
    "search",
    "search-ms",
    "sftp",
    "shell",
    "sip",
    "sips",
    "sms",
    "smb",
    "ssh",
    "steam",
    "tel",
    "telnet",
    "tftp",
    "vbs",
    "vbscript",
    "vnc",
    "view-source",
    "ws",
    "wss",
    "wyciwyg",
    "x-apple",
    "x-man-page",
    "zoommtg",
];
/// How names of schemes begin that belong to the system.
const SYSTEM: &[&str] =
    &["ms-", "microsoft", "windows", "onenote", "x-apple", "com-apple", "prefs"];

/// What kind of address a callback is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallbackKind {
    /// A page of the web: https.
    Web,
    /// A program of this computer that listens: http to itself.
    Loopback,
    /// A program of this computer that has a scheme of its own.
    Scheme,
}

/// Reads an address that could be a callback.
///
/// # Errors
/// A sentence that says why it cannot be one.
pub fn shape(address: &str) -> Result<CallbackKind, &'static str> {
    if address.len() > MAX_CALLBACK {
        return Err("it is longer than 2000 characters");
    }
    // Browsers drop some of these, and read a backslash as a slash: two readers, two addresses.
    let odd =
        |byte: u8| !byte.is_ascii_graphic() || matches!(byte, b'\\' | b'"' | b'<' | b'>' | b'`');
    if address.is_empty() || address.bytes().any(odd) {
        return Err("it has characters that no address has: percent-encode them");
    }
    let (scheme, rest) = address.split_once(':').ok_or("it has no scheme such as https")?;
    if !is_scheme(scheme) {
        return Err("it has no scheme such as https");
    }
    let url = Url::parse(address).map_err(|_| "it is no address")?;
    if !rest.starts_with("//") {
        return Err("write it with // after the scheme");
    }
    let authority = rest[2..].split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains(['@', '%']) || !url.username().is_empty() || url.password().is_some() {
        return Err("it has a user's name in it");
    }
    match scheme.to_ascii_lowercase().as_str() {
        "https" if has_host(&url, authority) => Ok(CallbackKind::Web),
        "http" if has_host(&url, authority) && is_loopback(&url) => Ok(CallbackKind::Loopback),
        "https" => Err("it names no host"),
        "http" => Err("only this computer itself may be called without encryption: use https"),
        other if is_dangerous(other) => Err("an address of that kind is never opened"),
        _ if dots(rest) => Err("it goes up with .."),
        _ => Ok(CallbackKind::Scheme),
    }
}

/// Whether a request's callback is one of those that its app registered: the whole address, or what an
/// address of the app's own scheme begins with.
pub fn is_registered(callback: &str, registered: &[String]) -> bool {
    let Ok(kind) = shape(callback) else { return false };
    registered.iter().any(|known| match kind {
        CallbackKind::Web | CallbackKind::Loopback => {
            callback == known
                || callback.strip_suffix(SDK_SUFFIX).is_some_and(|start| {
                    start
                        .strip_suffix('/')
                        .is_some_and(|start| start == known.trim_end_matches('/'))
                        && !known.contains(['?', '#'])
                })
        }
        CallbackKind::Scheme => begins_with(callback, known),
    })
}

fn begins_with(callback: &str, known: &str) -> bool {
    // https is never a beginning: https://shop.example would let https://shop.example.evil in.
    if shape(known) != Ok(CallbackKind::Scheme) && !is_bare_scheme(known) {
        return false;
    }
    let (Some((a, rest)), Some((b, start))) = (callback.split_once(':'), known.split_once(':'))
    else {
        return false;
    };
    a.eq_ignore_ascii_case(b)
        && rest.strip_prefix(start).is_some_and(|more| {
            more.is_empty() || start.ends_with('/') || more.starts_with(['/', '?', '#'])
        })
}

/// What the owner may register.
///
/// # Errors
/// A sentence that says why not.
pub(super) fn may_register(address: &str) -> Result<(), &'static str> {
    if is_bare_scheme(address) {
        return Ok(());
    }
    shape(address).map(|_| ())
}

/// `my-app://`, which stands for every address of that scheme.
fn is_bare_scheme(address: &str) -> bool {
    address.len() <= MAX_CALLBACK
        && address.strip_suffix("://").is_some_and(|scheme| {
            is_scheme(scheme)
                && !is_dangerous(&scheme.to_ascii_lowercase())
                && !scheme.eq_ignore_ascii_case("https")
                && !scheme.eq_ignore_ascii_case("http")
        })
}

fn is_scheme(text: &str) -> bool {
    // RFC 3986, section 3.1. One letter is a drive of Windows.
    text.len() > 1
        && text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
}

fn is_dangerous(scheme: &str) -> bool {
    DANGEROUS.contains(&scheme)
        || SYSTEM.iter().any(|start| scheme.starts_with(start))
        || scheme.starts_with("square-commerce")
}

fn has_host(url: &Url, authority: &str) -> bool {
    // What is written is what is meant: no host that is empty, none that was spelled another way.
    !authority.is_empty()
        && url.host_str().is_some_and(|host| {
            let written = authority.to_ascii_lowercase();
            written == host || written.strip_prefix(host).is_some_and(|port| port.starts_with(':'))
        })
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => IpAddr::V4(ip).is_loopback(),
        Some(Host::Ipv6(ip)) => IpAddr::V6(ip).is_loopback(),
        None => false,
    }
}

fn dots(rest: &str) -> bool {
    let path = rest.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    path.replace("%2e", ".").split('/').any(|part| part == "..")
}
