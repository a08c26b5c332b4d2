//! What a test of a shop tells: whatever keeps it from working, in words for who owns it.

use serde_json::Value;

use super::incoming::text;
use super::{API, WooCommerce, words};
use crate::channel::connector::{ShopInfo, Trouble};
use crate::channel::transport::Request;

/// Since this version WooCommerce has a field for barcodes.
const BARCODES: (u32, u32) = (9, 2);

impl WooCommerce {
    pub(super) async fn tested(&self) -> Result<ShopInfo, Trouble> {
        let mut info = ShopInfo::default();
        let currency = match self.get("data/currencies/current", &[]).await {
            Ok(answer) => answer.body,
            Err(trouble) => return Err(self.diagnosed(trouble).await),
        };
        info.currency = text(&currency, "code");
        let one = [("per_page", "1".to_owned())];
        for (path, right) in [
            ("products", "read products"),
            ("orders", "read and write orders"),
            ("customers", "read and write customers"),
        ] {
            if let Err(Trouble::Denied(_)) = self.get(path, &one).await {
                info.missing.push(format!("{right}: make the key for a user who manages the shop"));
            }
        }
        // An empty batch changes nothing.
        let nothing = Value::Object(serde_json::Map::new());
        let write = self.ask(Request::post(format!("{API}orders/batch"), nothing)).await;
        if let Err(Trouble::Denied(_)) = write {
            info.missing.push(
                "Read/Write: the key may only read; under WooCommerce, Settings, Advanced, REST API, \
                 make one with the permission Read/Write"
                    .to_owned(),
            );
        }
        if self.line.base().scheme() == "http" {
            info.warnings.push(
                "the address begins with http: keys and customers' names can be read on their way; \
                 enter it with https"
                    .to_owned(),
            );
        }
        self.look_at_settings(&mut info).await;
        Ok(info)
    }

    /// What works, but could be better.
    async fn look_at_settings(&self, info: &mut ShopInfo) {
        let path = "settings/products/woocommerce_manage_stock";
        if let Ok(answer) = self.get(path, &[]).await
            && text(&answer.body, "value") == "no"
        {
            info.warnings.push(
                "the shop does not count stock: switch on stock management under WooCommerce, \
                 Settings, Products, Inventory"
                    .to_owned(),
            );
        }
        let fields = [("_fields", "environment,settings,security".to_owned())];
        let status = match self.get("system_status", &fields).await {
            Ok(answer) => answer.body,
            Err(Trouble::Denied(_)) => {
                info.missing.push(
                    "see the shop's settings: make the key for a user who manages the shop"
                        .to_owned(),
                );
                return;
            }
            Err(_) => return,
        };
        info.version = text(&status["environment"], "version");
        if version(&info.version).is_some_and(|version| version < BARCODES) {
            info.warnings.push(format!(
                "WooCommerce {} has no field for barcodes: goods are known by their article numbers \
                 alone; it came with 9.2",
                info.version
            ));
        }
        if status["settings"]["HPOS_enabled"].as_bool() == Some(false) {
            info.warnings.push(
                "the shop keeps orders among its posts, which is slow: switch on high-performance \
                 order storage under WooCommerce, Settings, Advanced, Features"
                    .to_owned(),
            );
        }
    }

    /// Why the very first question was not answered.
    async fn diagnosed(&self, trouble: Trouble) -> Trouble {
        let path = "data/currencies/current";
        let is_closed = matches!(trouble, Trouble::Denied(_));
        if is_closed && !self.in_address {
            let request = self.with_key(Request::get(format!("{API}{path}")), true);
            let by_address = self.line.ask(&request).await.and_then(|one| one.accepted(words));
            if by_address.is_ok() {
                return Trouble::Denied(
                    "the host of the shop takes the key out of the header of our requests: let it pass \
                     Authorization on, or set the option key_in to address"
                        .to_owned(),
                );
            }
            if self.line.base().scheme() == "http" {
                return Trouble::Denied(
                    "the shop does not let us in: WooCommerce takes keys over https only; enter the \
                     address with https, then look at the key"
                        .to_owned(),
                );
            }
            return trouble;
        }
        // Without names of pages WordPress answers at another place.
        let request = Request::get("").with("rest_route", format!("/wc/v3/{path}"));
        let plain = self.line.ask(&self.with_key(request, self.in_address)).await;
        match plain {
            Ok(answer) if answer.status == 200 => Trouble::Denied(
                "the shop has plain permalinks, with which there is no API: in WordPress, under \
                 Settings, Permalinks, choose anything but Plain"
                    .to_owned(),
            ),
            Ok(answer) if text(&answer.body, "code") == "rest_no_route" => Trouble::Denied(
                "there is WordPress at this address, and no WooCommerce: switch the plugin on there"
                    .to_owned(),
            ),
            _ => trouble,
        }
    }

    /// Whether the shop adds taxes to what an order's lines come to. Where it cannot be asked it is taken
    /// to: most do.
    pub(super) async fn adds_taxes(&self) -> Result<bool, Trouble> {
        let asked = self.adds_taxes.get_or_try_init(|| async {
            match self.get("settings/general/woocommerce_calc_taxes", &[]).await {
                Ok(answer) => Ok(text(&answer.body, "value") != "no"),
                Err(Trouble::Refused(_) | Trouble::Denied(_)) => Ok(true),
                // Nothing was sold yet, whatever became of the question.
                Err(Trouble::Unknown { words, .. }) => Err(Trouble::NotSent(words)),
                Err(trouble) => Err(trouble),
            }
        });
        asked.await.copied()
    }
}

fn version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}
