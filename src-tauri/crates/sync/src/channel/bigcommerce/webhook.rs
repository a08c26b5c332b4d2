//! Webhooks: signed as the Standard Webhooks say. They come in any order and name ids only, so they
//! wake the reading of a list and nothing else.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countertop_store::ChannelStream;
use hmac::{Hmac, Mac};
use serde_json::Value;
use sha2::Sha256;

use super::super::connector::WebhookHint;
use super::super::value::text;

/// Reads a webhook; none if its signature is not right, or it is about nothing that is read here.
pub(super) fn read(
    client_secret: &str,
    headers: &HashMap<String, String>,
    body: &[u8],
) -> Option<WebhookHint> {
    let header = |wanted: &str| {
        headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(wanted))
            .map(|(_, value)| value.as_str())
    };
    let (id, at) = (header("webhook-id")?, header("webhook-timestamp")?);
    let signed = |signature: &str| {
        let Some(signature) = signature.strip_prefix("v1,") else { return false };
        let Ok(signature) = STANDARD.decode(signature) else { return false };
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(client_secret.as_bytes()) else {
            return false;
        };
        mac.update(id.as_bytes());
        mac.update(b".");
        mac.update(at.as_bytes());
        mac.update(b".");
        mac.update(body);
        mac.verify_slice(&signature).is_ok()
    };
    // Several while a secret is changed.
    if !header("webhook-signature")?.split_whitespace().any(signed) {
        return None;
    }
    let body: Value = serde_json::from_slice(body).ok()?;
    let scope = text(&body["scope"]);
    let stream = if scope.contains("/inventory/") {
        ChannelStream::Stock
    } else if scope.starts_with("store/order/") {
        ChannelStream::Orders
    } else if scope.starts_with("store/product/") || scope.starts_with("store/sku/") {
        ChannelStream::Products
    } else if scope.starts_with("store/customer/") || scope.starts_with("store/subscriber/") {
        ChannelStream::Customers
    } else {
        return None;
    };
    // A try that is made again has another id there, and the same hash.
    let hash = text(&body["hash"]);
    Some(WebhookHint { id: if hash.is_empty() { id.to_owned() } else { hash }, stream })
}
