//! Who the twin lets in.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::{CONSUMER, CONSUMER_SECRET, Magento, TOKEN, TOKEN_SECRET, decoded};
use crate::http::Call;

/// How old a signature may be, in seconds.
const FRESH_S: i64 = 600;

impl Magento {
    pub(super) fn lets_in(&mut self, call: &Call, now_ms: i64) -> bool {
        let header = call.header("authorization");
        if let Some(token) = header.strip_prefix("Bearer ") {
            return self.bearer_allowed && token == TOKEN;
        }
        let Some(said) = header.strip_prefix("OAuth ") else { return false };
        let said: Vec<(String, String)> = said
            .split(", ")
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.to_owned(), decoded(value.trim_matches('"'))))
            .collect();
        let of = |wanted: &str| {
            said.iter().find(|(name, _)| name == wanted).map_or("", |(_, value)| value.as_str())
        };
        let at: i64 = of("oauth_timestamp").parse().unwrap_or(0);
        let known = of("oauth_consumer_key") == CONSUMER
            && of("oauth_token") == TOKEN
            && of("oauth_signature_method") == "HMAC-SHA256"
            && (now_ms / 1_000 - at).abs() <= FRESH_S;
        known
            && STANDARD
                .decode(of("oauth_signature"))
                .is_ok_and(|signature| signed(call, &said, &signature))
            && self.nonces.insert(of("oauth_nonce").to_owned())
    }
}

fn signed(call: &Call, said: &[(String, String)], signature: &[u8]) -> bool {
    let mut all: Vec<(String, String)> = call
        .query
        .iter()
        .chain(said.iter().filter(|(name, _)| name != "oauth_signature"))
        .map(|(name, value)| (escaped(name), escaped(value)))
        .collect();
    all.sort();
    let all: Vec<String> = all.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    let address = format!("http://{}{}", call.header("host"), call.path);
    let text = format!("{}&{}&{}", call.method, escaped(&address), escaped(&all.join("&")));
    let key = format!("{}&{}", escaped(CONSUMER_SECRET), escaped(TOKEN_SECRET));
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.as_bytes()) else { return false };
    mac.update(text.as_bytes());
    mac.verify_slice(signature).is_ok()
}

fn escaped(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes())
        .collect::<String>()
        .replace('+', "%20")
        .replace('*', "%2A")
        .replace("%7E", "~")
}
