//! What the twin sells.

use serde_json::{Value, json};

use super::{WooBooks, page, refusal, rows};
use crate::http::{Call, Reply};

/// A product, or a variation of one.
#[derive(Clone, Debug, Default)]
pub struct WooProduct {
    /// Its id.
    pub id: i64,
    /// The product that it is a variation of.
    pub parent: Option<i64>,
    /// What tells a variation apart.
    pub options: Vec<(String, String)>,
    /// Its article number.
    pub sku: String,
    /// Its barcode; empty if there is none.
    pub barcode: String,
    /// What it costs, as the shop writes it.
    pub price: String,
    /// What it costs when it is not on sale; empty if that is the same.
    pub regular: String,
    /// How much there is.
    pub stock: i64,
    /// Where it is found.
    pub categories: Vec<String>,
    /// The addresses of its pictures.
    pub images: Vec<String>,
    /// Its class of tax; empty for the usual one.
    pub tax_class: String,
    /// When it changed; of a variation, its product's counts.
    pub(super) modified_ms: i64,
}

impl WooBooks {
    /// Adds a product for one euro; returns its id.
    pub fn add_product(&mut self, sku: &str, stock: i64) -> i64 {
        let id = self.next_id();
        let (sku, price) = (sku.to_owned(), "1.00".to_owned());
        self.products.insert(id, WooProduct { id, sku, price, stock, ..WooProduct::default() });
        id
    }

    /// Adds a variation of a product: what it is told apart by, its article number, how many there are.
    /// Returns its id.
    pub fn add_variation(&mut self, of: i64, option: (&str, &str), sku: &str, stock: i64) -> i64 {
        let id = self.add_product(sku, stock);
        if let Some(product) = self.products.get_mut(&id) {
            product.parent = Some(of);
            product.options = vec![(option.0.to_owned(), option.1.to_owned())];
        }
        id
    }

    /// Somebody writes a barcode and a price on a product.
    pub fn label(&mut self, id: i64, barcode: &str, price: &str, now_ms: i64) {
        self.change_product(id, now_ms, |product| {
            (product.barcode, product.price) = (barcode.to_owned(), price.to_owned());
        });
    }

    /// Changes a product as the shop's owner would. A variation's change shows as its product's.
    pub fn change_product(&mut self, id: i64, now_ms: i64, change: impl FnOnce(&mut WooProduct)) {
        let Some(product) = self.products.get_mut(&id) else { return };
        change(product);
        product.modified_ms = now_ms;
        let parent = product.parent;
        if let Some(parent) = parent.and_then(|id| self.products.get_mut(&id)) {
            parent.modified_ms = now_ms;
        }
    }

    /// A product.
    pub fn product(&self, id: i64) -> Option<&WooProduct> {
        self.products.get(&id)
    }

    /// The id of the product with an article number.
    pub fn id_of(&self, sku: &str) -> Option<i64> {
        self.products.values().find(|one| one.sku == sku).map(|one| one.id)
    }

    /// Somebody changes a product's figure in the shop.
    pub fn set_stock(&mut self, id: i64, stock: i64, now_ms: i64) {
        self.change_product(id, now_ms, |product| product.stock = stock);
    }

    fn variations_of(&self, id: i64) -> impl Iterator<Item = &WooProduct> {
        self.products.values().filter(move |one| one.parent == Some(id))
    }

    pub(super) fn list_products(&self, call: &Call) -> Reply {
        let all = self.products.values().filter(|one| one.parent.is_none());
        page(call, all.map(|one| (one.modified_ms, self.shown(one))).collect())
    }

    pub(super) fn list_variations(&self, call: &Call, of: i64) -> Reply {
        page(call, self.variations_of(of).map(|one| (one.modified_ms, self.shown(one))).collect())
    }

    fn found(&self, id: i64, of: Option<i64>) -> Result<&WooProduct, Reply> {
        let found = self.products.get(&id).filter(|one| one.parent == of);
        found.ok_or_else(|| refusal(404, "woocommerce_rest_product_invalid_id", "Invalid ID."))
    }

    pub(super) fn one_product(&self, id: i64, of: Option<i64>) -> Reply {
        match self.found(id, of) {
            Ok(product) => Reply::json(200, &self.shown(product)),
            Err(refused) => refused,
        }
    }

    pub(super) fn set_product(
        &mut self,
        id: i64,
        of: Option<i64>,
        body: &Value,
        now: i64,
    ) -> Reply {
        if let Err(refused) = self.found(id, of) {
            return refused;
        }
        if let Some(stock) = body["stock_quantity"].as_i64() {
            self.set_stock(id, stock, now);
        }
        self.one_product(id, of)
    }

    /// An order's goods go, or come back: below nothing, if there are not as many.
    pub(super) fn move_stock(&mut self, line: &Value, pieces: i64, now: i64) {
        if let Some(id) = goods_of(line) {
            self.change_product(id, now, |product| product.stock += pieces);
        }
    }

    fn shown(&self, product: &WooProduct) -> Value {
        let variations: Vec<i64> = self.variations_of(product.id).map(|one| one.id).collect();
        let kind = if variations.is_empty() { "simple" } else { "variable" };
        let on_sale = !product.regular.is_empty();
        let regular = if on_sale { &product.regular } else { &product.price };
        let options = product.options.iter();
        let options: Vec<Value> =
            options.map(|(name, option)| json!({ "name": name, "option": option })).collect();
        let named = product.categories.iter();
        let pictures = product.images.iter();
        json!({
            "id": product.id, "name": format!("Product {}", product.sku),
            "type": if product.parent.is_some() { "variation" } else { kind },
            "status": "publish", "sku": product.sku, "price": product.price,
            "regular_price": regular, "sale_price": if on_sale { &product.price } else { "" },
            "global_unique_id": product.barcode, "tax_class": product.tax_class,
            "manage_stock": variations.is_empty(),
            "stock_quantity": if variations.is_empty() { json!(product.stock) } else { json!(null) },
            "categories": named.map(|name| json!({ "name": name })).collect::<Vec<_>>(),
            "images": pictures.map(|src| json!({ "src": src })).collect::<Vec<_>>(),
            "attributes": options, "variations": variations,
        })
    }

    /// What is wrong with the goods of an order.
    pub(super) fn check_lines(&self, lines: &Value) -> Result<(), Reply> {
        for line in rows(lines) {
            let product = line["product_id"].as_i64().and_then(|id| self.products.get(&id));
            let variation = line["variation_id"].as_i64().filter(|id| *id != 0);
            let known = product.is_some_and(|product| match variation {
                Some(id) => {
                    self.products.get(&id).is_some_and(|one| one.parent == Some(product.id))
                }
                None => product.parent.is_none(),
            });
            if !known {
                let words = "Invalid product.";
                return Err(refusal(400, "woocommerce_rest_invalid_product_id", words));
            }
            if line["quantity"].as_i64().is_none_or(|quantity| quantity < 1) {
                return Err(refusal(400, "rest_invalid_param", "Invalid quantity."));
            }
        }
        Ok(())
    }
}

/// What a line takes from stock.
pub(super) fn goods_of(line: &Value) -> Option<i64> {
    line["variation_id"].as_i64().filter(|id| *id != 0).or_else(|| line["product_id"].as_i64())
}
