//! What the twin sells and has.

use serde_json::{Value, json};

use super::{Magento, number, refused, rows, search, stamp, thousandths};
use crate::http::{Call, Reply};

impl Magento {
    /// Adds a product that is sold by itself; returns its id. The price in hundredths, the stock in
    /// pieces.
    pub fn add_simple(&mut self, name: &str, sku: &str, cents: i64, stock: i64, now: i64) -> i64 {
        self.add(name, sku, "simple", 4, cents, stock, now)
    }

    /// Adds a product in colours; returns its id and those of its variants `(sku, choice)`. The choices
    /// are 50 (Red) and 51 (Blue).
    pub fn add_configurable(
        &mut self,
        name: &str,
        sku: &str,
        of: &[(&str, &str)],
        cents: i64,
        stock: i64,
        now: i64,
    ) -> (i64, Vec<i64>) {
        let mut ids = Vec::new();
        for (child, choice) in of {
            let id = self.add(&format!("{name}-{choice}"), child, "simple", 1, cents, stock, now);
            self.change_product(id, now, |row| set(row, "colour", json!(choice)));
            ids.push(id);
        }
        let parent = self.add(name, sku, "configurable", 4, 0, 0, now);
        self.source.remove(sku);
        self.children.insert(parent, ids.clone());
        (parent, ids)
    }

    #[allow(clippy::too_many_arguments)]
    fn add(
        &mut self,
        name: &str,
        sku: &str,
        kind: &str,
        visibility: i64,
        cents: i64,
        stock: i64,
        now: i64,
    ) -> i64 {
        let id = self.next();
        let price: Value = serde_json::from_str(&format!("{}.{:02}", cents / 100, cents % 100))
            .unwrap_or_default();
        let mut row = json!({
            "id": id, "sku": sku, "name": name, "price": price, "status": 1,
            "visibility": visibility, "type_id": kind, "updated_at": stamp(now),
            "custom_attributes": [],
        });
        set(&mut row, "tax_class_id", json!("2"));
        set(&mut row, "category_ids", json!(["4"]));
        set(&mut row, "image", json!(format!("/m/{id}.jpg")));
        set(&mut row, "description", json!(format!("<p>{name}</p>")));
        self.products.insert(id, row);
        self.source.insert(sku.to_owned(), stock * 1_000);
        id
    }

    /// Changes a product as the shop's owner would: it alone is changed now.
    pub fn change_product(&mut self, product: i64, now: i64, change: impl FnOnce(&mut Value)) {
        if let Some(row) = self.products.get_mut(&product) {
            change(row);
            row["updated_at"] = stamp(now).into();
        }
    }

    /// Deletes a product.
    pub fn delete_product(&mut self, product: i64) {
        self.products.remove(&product);
    }

    /// Sets one of a product's own attributes.
    pub fn set_attribute(&mut self, product: i64, code: &str, value: Value, now: i64) {
        self.change_product(product, now, |row| set(row, code, value));
    }

    /// Sets what lies at the source, as the shop's owner would, in pieces.
    pub fn set_stock(&mut self, sku: &str, pieces: i64) {
        self.source.insert(sku.to_owned(), pieces * 1_000);
    }

    fn by_sku(&self, sku: &str) -> Option<(i64, &Value)> {
        let found = self.products.iter().find(|(_, row)| row["sku"] == sku);
        found.map(|(id, row)| (*id, row))
    }

    pub(super) fn product(&self, sku: &str) -> Reply {
        match self.by_sku(sku) {
            Some((_, row)) => Reply::json(200, row),
            None => refused(404, "The product that was requested doesn't exist."),
        }
    }

    pub(super) fn children_of(&self, sku: &str) -> Reply {
        let Some((id, _)) = self.by_sku(sku) else {
            return refused(404, "The product that was requested doesn't exist.");
        };
        let children = self.children.get(&id).into_iter().flatten();
        let children: Vec<Value> =
            children.filter_map(|child| self.products.get(child)).cloned().collect();
        Reply::json(200, &children.into())
    }

    pub(super) fn attribute() -> Reply {
        Reply::json(
            200,
            &json!({
                "attribute_id": 93, "attribute_code": "colour", "default_frontend_label": "Colour",
                "options": [
                    { "label": " ", "value": "" }, { "label": "Red", "value": "50" },
                    { "label": "Blue", "value": "51" },
                ],
            }),
        )
    }

    pub(super) fn categories() -> Reply {
        let hoodies = json!({ "id": 4, "parent_id": 3, "name": "Hoodies", "children_data": [] });
        let clothing =
            json!({ "id": 3, "parent_id": 2, "name": "Clothing", "children_data": [hoodies] });
        Reply::json(
            200,
            &json!({ "id": 2, "parent_id": 1, "name": "Default Category", "children_data": [clothing] }),
        )
    }

    pub(super) fn source_items(&self, call: &Call) -> Reply {
        let all = self.source.iter().map(|(sku, units)| {
            json!({
                "sku": sku, "source_code": "default", "quantity": number(*units),
                "status": i64::from(*units > 0),
            })
        });
        search::answer(call, all, "sku")
    }

    pub(super) fn set_items(&mut self, body: &Value) -> Reply {
        let items = rows(&body["sourceItems"]);
        if items.is_empty() {
            return refused(400, "Input data is empty");
        }
        for item in items {
            let sku = item["sku"].as_str().unwrap_or_default();
            if item["source_code"] != "default" {
                return refused(400, "Source with code \"%value\" does not exist.");
            }
            if self.by_sku(sku).is_none() || !item["quantity"].is_number() {
                return refused(400, "Validation Failed");
            }
        }
        for item in items {
            let sku = item["sku"].as_str().unwrap_or_default().to_owned();
            self.source.insert(sku, thousandths(&item["quantity"]));
        }
        Reply::json(200, &json!([]))
    }
}

fn set(row: &mut Value, code: &str, value: Value) {
    if let Some(all) = row["custom_attributes"].as_array_mut() {
        all.retain(|one| one["attribute_code"] != code);
        all.push(json!({ "attribute_code": code, "value": value }));
    }
}
