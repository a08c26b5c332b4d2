//! How much the twin has.

use serde_json::{Value, json};

use super::{BigCommerce, listed, rows, v3_error, v3_list};
use crate::http::{Call, Reply};

impl BigCommerce {
    /// What there is of a variant, in truth.
    pub fn stock_of(&self, variant: i64) -> i64 {
        let level = self.levels.get(&variant);
        level.and_then(|level| level.said.last()).map_or(0, |(_, figure)| *figure)
    }

    /// Sets what there is, as the shop's owner would.
    pub fn set_stock(&mut self, variant: i64, figure: i64, now: i64) {
        self.levels.entry(variant).or_default().said.push((now, figure));
    }

    /// Nothing was ever said about a variant's stock: it shows as nothing.
    pub fn never_counted(&mut self, variant: i64) {
        self.levels.remove(&variant);
    }

    /// What is seen of it now.
    pub(super) fn shown(&self, variant: i64, now: i64) -> i64 {
        let Some(level) = self.levels.get(&variant) else { return 0 };
        let seen = level.said.iter().rfind(|(at, _)| at.saturating_add(self.lag_ms) <= now);
        seen.or(level.said.first()).map_or(0, |(_, figure)| *figure)
    }

    pub(super) fn list_items(&self, call: &Call, now: i64) -> Reply {
        let wanted = listed(call, "variant_id:in");
        let mut found = Vec::new();
        for product in self.products.values().filter(|row| row["inventory_tracking"] != "none") {
            for variant in rows(&product["variants"]) {
                let id = variant["id"].as_i64().unwrap_or(0);
                if wanted.as_ref().is_some_and(|some| !some.contains(&id.to_string().as_str())) {
                    continue;
                }
                let figure = self.shown(id, now);
                found.push(json!({
                    "identity": {
                        "sku": variant["sku"], "variant_id": id, "product_id": product["id"],
                    },
                    "available_to_sell": figure, "total_inventory_onhand": figure,
                    "settings": { "safety_stock": 0, "is_in_stock": figure > 0, "warning_level": 0 },
                }));
            }
        }
        v3_list(found, call, 1_000)
    }

    pub(super) fn adjust(&mut self, body: &Value, absolute: bool, now: i64) -> Reply {
        let items = rows(&body["items"]);
        if items.is_empty() || items.len() > 2_000 {
            return v3_error(422, "Payload contains invalid fields");
        }
        // All or nothing.
        let mut changes = Vec::new();
        for item in items {
            let Some(quantity) = item["quantity"].as_i64() else {
                return v3_error(422, "quantity must be an integer");
            };
            if item["location_id"].as_i64() != Some(1) {
                return v3_error(422, "Location does not exist");
            }
            let variant = match self.item(item) {
                Ok(variant) => variant,
                Err(title) => return v3_error(422, &title),
            };
            let figure = if absolute {
                quantity
            } else if self.levels.contains_key(&variant) {
                self.stock_of(variant) + quantity
            } else {
                let title = format!(
                    "Items with identity: [variant_id {variant}] requires absolute adjustment before \
                     relative"
                );
                return v3_error(422, &title);
            };
            if !(0..=2_147_483_647).contains(&figure) {
                return v3_error(422, "Insufficient stock");
            }
            changes.push((variant, figure));
        }
        for (variant, figure) in changes {
            self.set_stock(variant, figure, now);
        }
        Reply::json(200, &json!({ "transaction_id": format!("{now}"), "meta": {} }))
    }

    /// Which variant an item of an adjustment means.
    fn item(&self, item: &Value) -> Result<i64, String> {
        if let Some(id) = item["product_id"].as_i64() {
            let product = self.products.get(&id).ok_or(format!("product {id} does not exist"))?;
            if product["inventory_tracking"] != "product" {
                return Err(format!(
                    "[Item with product_id {id} is tracked by variant, please update stock by variant \
                     id]"
                ));
            }
            return rows(&product["variants"])
                .first()
                .and_then(|variant| variant["id"].as_i64())
                .ok_or(format!("product {id} has no variant"));
        }
        let id = item["variant_id"].as_i64().ok_or("an item without identity")?;
        let product = self.product_of(id).ok_or(format!("variant {id} does not exist"))?;
        if product["inventory_tracking"] == "product" {
            return Err(format!(
                "[Item with variant_id {id} is tracked by product, please update stock by product id]"
            ));
        }
        Ok(id)
    }
}
