//! What the twin sells.

use serde_json::{Value, json};

use super::{BigCommerce, Level, iso, listed, rows, since, v3_list};
use crate::http::{Call, Reply};

/// Categories of every twin: id, the one above, name.
const CATEGORIES: [(i64, i64, &str); 3] =
    [(18, 0, "Clothing"), (19, 18, "Hoodies"), (20, 0, "Food")];

impl BigCommerce {
    /// Adds a product with one variant; returns the ids of both. The price in hundredths.
    pub fn add_simple(
        &mut self,
        name: &str,
        sku: &str,
        cents: i64,
        stock: i64,
        now: i64,
    ) -> (i64, i64) {
        let product = self.next();
        let variant = self.add_product(product, name, &[(sku, "", "")], cents, stock, now);
        (product, variant.first().copied().unwrap_or_default())
    }

    /// Adds a product with variants `(sku, option, value)`; returns their ids.
    pub fn add_product(
        &mut self,
        product: i64,
        name: &str,
        of: &[(&str, &str, &str)],
        cents: i64,
        stock: i64,
        now: i64,
    ) -> Vec<i64> {
        let mut ids = Vec::new();
        let mut variants = Vec::new();
        for (sku, option, value) in of {
            let id = self.next();
            let values = if option.is_empty() {
                json!([])
            } else {
                json!([{ "id": id, "option_id": 1, "option_display_name": option, "label": value }])
            };
            variants.push(json!({
                "id": id, "product_id": product, "sku": sku, "price": null, "sale_price": null,
                "upc": "", "gtin": "", "option_values": values,
            }));
            self.levels.insert(id, Level { said: vec![(i64::MIN, stock)] });
            ids.push(id);
        }
        let price: Value = serde_json::from_str(&format!("{}.{:02}", cents / 100, cents % 100))
            .unwrap_or_default();
        self.products.insert(
            product,
            json!({
                "id": product, "name": name, "description": format!("<p>{name}</p>"),
                "price": price, "sale_price": 0, "sku": "", "upc": "", "gtin": "",
                "categories": [19], "tax_class_id": 0, "is_visible": true,
                "inventory_tracking": "variant", "inventory_level": 0,
                "date_modified": iso(now), "modified_ms": now,
                "images": [{
                    "is_thumbnail": true, "sort_order": 0,
                    "url_standard": format!("https://cdn.example.com/{product}.jpg"),
                }],
                "variants": variants,
            }),
        );
        ids
    }

    /// Changes a product as the shop's owner would: it is modified now.
    pub fn change_product(&mut self, product: i64, now: i64, change: impl FnOnce(&mut Value)) {
        if let Some(row) = self.products.get_mut(&product) {
            change(row);
            row["date_modified"] = iso(now).into();
            row["modified_ms"] = now.into();
        }
    }

    /// Deletes a product: no list and no delta names it any more.
    pub fn delete_product(&mut self, product: i64) {
        self.products.remove(&product);
    }

    pub(super) fn list_products(&self, call: &Call, now: i64) -> Reply {
        let min = call.asked("id:min").and_then(|text| text.parse::<i64>().ok()).unwrap_or(0);
        let since = since(call, "date_modified:min", now);
        let with_variants = call.asked("include").is_some_and(|text| text.contains("variants"));
        let mut found: Vec<Value> = self
            .products
            .values()
            .filter(|row| row["id"].as_i64().unwrap_or(0) >= min)
            .filter(|row| row["modified_ms"].as_i64().unwrap_or(0) >= since)
            .cloned()
            .collect();
        // Without a sort of its own the platform gives them by their place in the shop.
        if call.asked("sort") != Some("id") {
            found.reverse();
        }
        for row in &mut found {
            let by_product = row["inventory_tracking"] == "product";
            let mut all = 0;
            if let Some(variants) = row["variants"].as_array_mut() {
                for variant in variants {
                    let level = self.shown(variant["id"].as_i64().unwrap_or(0), now);
                    variant["inventory_level"] = level.into();
                    all += level;
                }
            }
            row["inventory_level"] = all.into();
            if by_product && let Some(variants) = row["variants"].as_array_mut() {
                variants.iter_mut().for_each(|variant| variant["inventory_level"] = 0.into());
            }
            if let Some(row) = row.as_object_mut() {
                row.remove("modified_ms");
                if !with_variants {
                    row.remove("variants");
                }
            }
        }
        v3_list(found, call, 250)
    }

    pub(super) fn list_categories(call: &Call) -> Reply {
        let wanted = listed(call, "category_id:in");
        let found = CATEGORIES.iter().filter(|(id, _, _)| {
            wanted.as_ref().is_none_or(|wanted| wanted.contains(&id.to_string().as_str()))
        });
        let found = found.map(|(id, parent, name)| {
            json!({ "category_id": id, "parent_id": parent, "name": name, "tree_id": 1 })
        });
        v3_list(found.collect(), call, 250)
    }

    /// The product of a variant.
    pub(super) fn product_of(&self, variant: i64) -> Option<&Value> {
        self.products.values().find(|row| {
            rows(&row["variants"]).iter().any(|one| one["id"].as_i64() == Some(variant))
        })
    }
}
