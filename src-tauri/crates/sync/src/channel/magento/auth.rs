//! How the shop knows us: a token alone, where it allows that, or requests signed by OAuth 1.0a, which
//! every shop takes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use url::Url;
use uuid::Uuid;

use super::super::connector::Trouble;
use super::super::platform::Setup;
use super::super::transport::{Method, Request, Secret};
use super::{CONSUMER, CONSUMER_SECRET, TOKEN, TOKEN_SECRET, part};

/// The keys of an integration.
pub(super) struct Keys {
    token: Secret,
    signing: Option<Signing>,
}

struct Signing {
    consumer: Secret,
    consumer_secret: Secret,
    token_secret: Secret,
}

impl Keys {
    /// The keys that are set: the token, or all four.
    ///
    /// # Errors
    /// In words: which are missing.
    pub(super) fn of(setup: &Setup) -> Result<Self, String> {
        let token = setup.secret(&TOKEN)?.clone();
        let others = [CONSUMER, CONSUMER_SECRET, TOKEN_SECRET];
        let known = others.iter().filter_map(|field| setup.secret(field).ok().cloned());
        let known: Vec<Secret> = known.collect();
        let signing = match known.as_slice() {
            [] => None,
            [consumer, consumer_secret, token_secret] => Some(Signing {
                consumer: consumer.clone(),
                consumer_secret: consumer_secret.clone(),
                token_secret: token_secret.clone(),
            }),
            _ => {
                return Err(
                    "to sign requests all four keys of the integration are needed: consumer key and \
                     secret, access token and secret"
                        .to_owned(),
                );
            }
        };
        Ok(Self { token, signing })
    }

    /// What the header `Authorization` says for a request.
    ///
    /// # Errors
    /// [`Trouble::Refused`] if the request's path is none.
    pub(super) fn sign(&self, base: &Url, request: &Request) -> Result<Secret, Trouble> {
        let Some(keys) = &self.signing else {
            return Ok(Secret::new(format!("Bearer {}", self.token.reveal())));
        };
        let url = base
            .join(&request.path)
            .map_err(|_| Trouble::Refused("that is no path of the shop".to_owned()))?;
        let now_s = jiff::Timestamp::now().as_second();
        let nonce = Uuid::new_v4().simple().to_string();
        Ok(Secret::new(self.signed(keys, &url, request, &nonce, now_s)))
    }

    fn signed(
        &self,
        keys: &Signing,
        url: &Url,
        request: &Request,
        nonce: &str,
        now_s: i64,
    ) -> String {
        let method = match request.method {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Delete => "DELETE",
        };
        let ours = [
            ("oauth_consumer_key", keys.consumer.reveal().to_owned()),
            ("oauth_nonce", nonce.to_owned()),
            ("oauth_signature_method", "HMAC-SHA256".to_owned()),
            ("oauth_timestamp", now_s.to_string()),
            ("oauth_token", self.token.reveal().to_owned()),
            ("oauth_version", "1.0".to_owned()),
        ];
        let mut all: Vec<(String, String)> = request
            .query
            .iter()
            .map(|(name, value)| (part(name), part(value)))
            .chain(ours.iter().map(|(name, value)| (part(name), part(value))))
            .collect();
        all.sort_unstable();
        let all: Vec<String> =
            all.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut bare = url.clone();
        bare.set_query(None);
        let text = format!("{method}&{}&{}", part(bare.as_str()), part(&all.join("&")));
        let key =
            format!("{}&{}", part(keys.consumer_secret.reveal()), part(keys.token_secret.reveal()));
        let signature = Hmac::<Sha256>::new_from_slice(key.as_bytes())
            .map(|mut mac| {
                mac.update(text.as_bytes());
                STANDARD.encode(mac.finalize().into_bytes())
            })
            .unwrap_or_default();
        let mut header: Vec<String> =
            ours.iter().map(|(name, value)| format!("{name}=\"{}\"", part(value))).collect();
        header.push(format!("oauth_signature=\"{}\"", part(&signature)));
        format!("OAuth {}", header.join(", "))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use url::Url;

    use super::super::super::transport::{Request, Secret};
    use super::{Keys, Signing};

    #[test]
    fn a_request_is_signed_over_its_method_its_address_and_all_that_it_asks() {
        let secret = |text: &str| Secret::new(text);
        let keys = Keys { token: secret("kkk9d7dh3k39sjv7"), signing: None };
        let signing = Signing {
            consumer: secret("9djdj82h48djs9d2"),
            consumer_secret: secret("j49sk3j29djd"),
            token_secret: secret("dh893hdasih9"),
        };
        let url = Url::parse("http://example.com/rest/default/V1/orders").unwrap();
        let sign =
            |request: &Request, nonce: &str| keys.signed(&signing, &url, request, nonce, 137);
        let ask = Request::get("x").with("b5", "=%3D").with("a3", "2 q").with("c@", "");
        let signed = sign(&ask, "7d8f3e4a");
        assert!(signed.starts_with("OAuth oauth_consumer_key=\"9djdj82h48djs9d2\", "));
        assert_eq!(signed, sign(&ask, "7d8f3e4a"));
        assert_ne!(signed, sign(&ask, "7d8f3e4b"));
        assert_ne!(signed, sign(&ask.clone().with("d", "1"), "7d8f3e4a"));
        // Worked out by another program.
        assert!(
            signed.contains(
                "oauth_signature=\"bAzui1gvLuC%2Bk7xQBAPr0JBv6eK7Z%2F1aH7gee5w2%2Bns%3D\""
            ),
            "{signed}"
        );
    }
}
