//! The twin's customers.

use serde_json::{Value, json};

use super::{Magento, refused, rows, stamp};
use crate::http::Reply;

impl Magento {
    /// Somebody signs up in the shop; returns their id.
    pub fn sign_up(&mut self, email: &str, first: &str, last: &str, news: bool, now: i64) -> i64 {
        let id = self.next();
        let row = json!({
            "id": id, "email": email, "firstname": first, "lastname": last, "group_id": 3,
            "updated_at": stamp(now), "website_id": 1,
            "addresses": [{
                "firstname": first, "lastname": last, "street": ["Lane 1"], "city": "London",
                "postcode": "E1", "country_id": "GB", "region": { "region": "" },
                "telephone": "123", "default_billing": true,
            }],
            "extension_attributes": { "is_subscribed": news },
        });
        self.customers.insert(id, row);
        id
    }

    pub(super) fn make_customer(&mut self, body: &Value, now: i64) -> Reply {
        let id = self.number + 1;
        match self.checked(&body["customer"], None) {
            Ok(()) => self.next(),
            Err(reply) => return reply,
        };
        self.put(id, &body["customer"], now)
    }

    pub(super) fn change_customer(&mut self, id: i64, body: &Value, now: i64) -> Reply {
        if !self.customers.contains_key(&id) {
            return refused(404, "No such entity with customerId = %1");
        }
        match self.checked(&body["customer"], Some(id)) {
            Ok(()) => self.put(id, &body["customer"], now),
            Err(reply) => reply,
        }
    }

    fn checked(&self, customer: &Value, id: Option<i64>) -> Result<(), Reply> {
        let is_empty = |field: &str| customer[field].as_str().unwrap_or_default().is_empty();
        if ["email", "firstname", "lastname"].into_iter().any(is_empty) {
            return Err(refused(400, "\"%fieldName\" is required. Enter and try again."));
        }
        for lives in rows(&customer["addresses"]) {
            let missing = ["firstname", "lastname", "city", "country_id", "telephone"]
                .iter()
                .any(|field| lives[*field].as_str().unwrap_or_default().is_empty());
            if missing || rows(&lives["street"]).is_empty() {
                return Err(refused(400, "An address is not complete."));
            }
        }
        let taken =
            |(other, row): (&i64, &Value)| Some(*other) != id && row["email"] == customer["email"];
        if self.customers.iter().any(taken) {
            return Err(refused(400, "A customer with the same email address already exists."));
        }
        Ok(())
    }

    /// What is left out is emptied.
    fn put(&mut self, id: i64, customer: &Value, now: i64) -> Reply {
        let mut row = customer.clone();
        row["id"] = id.into();
        row["updated_at"] = stamp(now).into();
        self.customers.insert(id, row.clone());
        Reply::json(200, &row)
    }
}
