//! Webhooks: signed with the client secret, unordered, more than once. They only say where to look.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countertop_store::ChannelStream;
use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::super::connector::WebhookHint;
use super::super::transport::Secret;

/// What a webhook says; none if it is not of this shop, not signed as it should be, or about nothing
/// that matters here.
pub(super) fn read(
    secret: &Secret,
    host: &str,
    headers: &HashMap<String, String>,
    body: &[u8],
) -> Option<WebhookHint> {
    let header = |name: &str| {
        let found = headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    };
    let signature = STANDARD.decode(header("X-Shopify-Hmac-SHA256")?.trim()).ok()?;
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.reveal().as_bytes()).ok()?;
    mac.update(body);
    // Compared in the same time wherever they differ.
    mac.verify_slice(&signature).ok()?;
    // An app's secret is the same in all shops that have the app.
    let shop = header("X-Shopify-Shop-Domain").unwrap_or(host);
    if host.ends_with(".myshopify.com") && !shop.eq_ignore_ascii_case(host) {
        return None;
    }
    let topic = header("X-Shopify-Topic")?;
    let stream = match topic.split('/').next()? {
        "orders" | "refunds" | "fulfillments" | "fulfillment_orders" => ChannelStream::Orders,
        "inventory_levels" => ChannelStream::Stock,
        "products" | "inventory_items" | "variants" => ChannelStream::Products,
        "customers" | "customers_email_marketing_consent" => ChannelStream::Customers,
        _ => return None,
    };
    // Its name was another once.
    let id = header("X-Shopify-Webhook-Id").or_else(|| header("X-Shopify-Event-Id"));
    Some(WebhookHint { id: id.unwrap_or_default().to_owned(), stream })
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use countertop_store::ChannelStream;

    use super::super::super::transport::Secret;
    use super::read;

    const HOST: &str = "shop.myshopify.com";
    /// Of `{"id":1}` with the secret `hush`: `openssl dgst -sha256 -hmac hush -binary | base64`.
    const SIGNED: &str = "VnKUjZsLuN5iZWjn5EntcBVCF9kMN43LglzCE1/GSeY=";

    fn headers(changes: &[(&str, &str)]) -> HashMap<String, String> {
        let usual = [
            ("X-Shopify-Hmac-SHA256", SIGNED),
            ("X-Shopify-Topic", "orders/paid"),
            ("X-Shopify-Webhook-Id", "w-1"),
            ("X-Shopify-Shop-Domain", HOST),
        ];
        let all = usual.iter().chain(changes);
        all.map(|(name, value)| (name.to_ascii_lowercase(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_signed_webhook_says_where_to_look_and_by_what_it_is_known() {
        let secret = Secret::new("hush");
        let hint =
            |changes: &[(&str, &str)]| read(&secret, HOST, &headers(changes), br#"{"id":1}"#);
        let orders = hint(&[]).map(|hint| (hint.id, hint.stream));
        assert_eq!(orders, Some(("w-1".to_owned(), ChannelStream::Orders)));
        for (topic, stream) in [
            ("inventory_levels/update", ChannelStream::Stock),
            ("products/delete", ChannelStream::Products),
            ("customers/create", ChannelStream::Customers),
            ("refunds/create", ChannelStream::Orders),
        ] {
            assert_eq!(hint(&[("X-Shopify-Topic", topic)]).map(|hint| hint.stream), Some(stream));
        }
    }

    #[test]
    fn what_is_not_signed_or_of_another_shop_is_not_heard() {
        let secret = Secret::new("hush");
        let body: &[u8] = br#"{"id":1}"#;
        assert!(read(&secret, HOST, &headers(&[]), br#"{"id":2}"#).is_none());
        assert!(read(&Secret::new("other"), HOST, &headers(&[]), body).is_none());
        let bad = |changes: &[(&str, &str)]| read(&secret, HOST, &headers(changes), body);
        assert!(bad(&[("X-Shopify-Hmac-SHA256", "")]).is_none());
        assert!(bad(&[("X-Shopify-Hmac-SHA256", "no base64!")]).is_none());
        assert!(bad(&[("X-Shopify-Shop-Domain", "other.myshopify.com")]).is_none());
        assert!(bad(&[("X-Shopify-Topic", "themes/publish")]).is_none());
        let mut none = headers(&[]);
        none.remove("x-shopify-hmac-sha256");
        assert!(read(&secret, HOST, &none, body).is_none());
    }
}
