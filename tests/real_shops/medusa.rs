//! A real Medusa, as its own screens and its storefront use it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Api, Real, Shelf, text};

pub(crate) struct Medusa {
    admin: Api,
    store: Api,
    seed: Value,
}

impl Real for Medusa {
    const KIND: &'static str = "medusa";
    const CURRENCY: &'static str = "EUR";
    const TAX_CLASS: &'static str = "standard";
    // The order is made, and nobody hears of it.
    const LOST: &'static str = "convert-to-order";

    fn of(seed: &Value) -> Self {
        let address = text(&seed["address"]);
        let basic = {
            use base64::Engine as _;
            let pair = format!("{}:", text(&seed["key"]));
            format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair))
        };
        let admin = Api::new(&address, &[("authorization", &basic)]);
        let store = Api::new(&address, &[("x-publishable-api-key", &text(&seed["open_key"]))]);
        Self { admin, store, seed: seed.clone() }
    }

    fn options(&self) -> BTreeMap<String, String> {
        let names = ["region", "sales_channel", "location", "shipping_option", "pickup_options"];
        names.map(|name| (name.to_owned(), text(&self.seed[name]))).into()
    }

    fn secrets(&self) -> BTreeMap<String, String> {
        [("key".to_owned(), text(&self.seed["key"]))].into()
    }

    fn order_online(&self, variant: &str, pieces: i64) -> String {
        let post = |path: &str, body: Value| self.store.ask("POST", path, Some(&body));
        let lives = json!({ "first_name": "Eve", "last_name": "M", "address_1": "2 Way",
            "city": "Town", "postal_code": "12345", "country_code": "de" });
        let cart = json!({ "region_id": self.seed["region"], "email": "eve@example.com",
            "shipping_address": lives });
        let cart = text(&post("store/carts", cart)["cart"]["id"]);
        let item = json!({ "variant_id": variant, "quantity": pieces });
        post(&format!("store/carts/{cart}/line-items"), item);
        let way = json!({ "option_id": self.seed["pickup_options"] });
        post(&format!("store/carts/{cart}/shipping-methods"), way);
        let owed = post("store/payment-collections", json!({ "cart_id": cart }));
        let owed = text(&owed["payment_collection"]["id"]);
        let path = format!("store/payment-collections/{owed}/payment-sessions");
        post(&path, json!({ "provider_id": "pp_system_default" }));
        let done = post(&format!("store/carts/{cart}/complete"), json!({}));
        assert_eq!(done["type"], "order", "{done}");
        let order = text(&done["order"]["id"]);
        // Its own provider stands for "paid otherwise": the owner says that it is.
        let path = format!("admin/orders/{order}?fields=*payment_collections.payments");
        let said = self.admin.ask("GET", &path, None);
        let payment = text(&said["order"]["payment_collections"][0]["payments"][0]["id"]);
        self.admin.ask("POST", &format!("admin/payments/{payment}/capture"), Some(&json!({})));
        order
    }

    fn shelves(&self) -> BTreeMap<String, Shelf> {
        let path = "admin/product-variants?limit=1000&fields=id,*inventory_items.inventory.location_levels";
        let said = self.admin.ask("GET", path, None);
        let shelf = |variant: &Value| {
            let level = &variant["inventory_items"][0]["inventory"]["location_levels"][0];
            let of = |name: &str| level[name].as_i64().unwrap();
            let shelf =
                Shelf { on_hand: of("stocked_quantity"), promised: of("reserved_quantity") };
            (text(&variant["id"]), shelf)
        };
        said["variants"].as_array().unwrap().iter().map(shelf).collect()
    }

    fn orders_of_ours(&self) -> Vec<String> {
        let path = "admin/orders?limit=1000&fields=id,status,metadata";
        let said = self.admin.ask("GET", path, None);
        let all = said["orders"].as_array().unwrap().iter();
        all.filter(|one| one["status"] != "canceled")
            .map(|one| text(&one["metadata"]["countertop_id"]))
            .filter(|ours| !ours.is_empty())
            .collect()
    }
}
