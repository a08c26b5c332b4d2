//! The twin's customers.

use serde_json::{Value, json};

use super::{BigCommerce, iso, listed, rows, since, v3_error, v3_list};
use crate::http::{Call, Reply};

impl BigCommerce {
    /// Somebody signs up in the shop; returns their id.
    pub fn sign_up(&mut self, email: &str, first: &str, last: &str, now: i64) -> i64 {
        let id = self.next();
        let row = json!({
            "id": id, "email": email, "first_name": first, "last_name": last, "phone": "",
            "addresses": [], "date_modified": iso(now), "modified_ms": now,
        });
        self.customers.insert(id, row);
        id
    }

    /// Somebody says yes to news.
    pub fn subscribe(&mut self, email: &str, now: i64) {
        self.make_subscriber(&json!({ "email": email, "consents": ["marketing_newsletter"] }), now);
    }

    pub(super) fn list_customers(&self, call: &Call, now: i64) -> Reply {
        let since = since(call, "date_modified:min", now);
        let emails = listed(call, "email:in");
        let found = self
            .customers
            .values()
            .filter(|row| row["modified_ms"].as_i64().unwrap_or(0) >= since)
            .filter(|row| {
                let email = row["email"].as_str().unwrap_or_default();
                emails.as_ref().is_none_or(|some| some.contains(&email))
            });
        v3_list(found.cloned().collect(), call, 250)
    }

    pub(super) fn make_customers(&mut self, body: &Value, now: i64) -> Reply {
        let new = rows(body);
        if new.len() > 10 {
            return v3_error(413, "Too many customers");
        }
        for row in new {
            let missing = ["email", "first_name", "last_name"]
                .iter()
                .any(|field| row[*field].as_str().unwrap_or_default().is_empty());
            let address = rows(&row["addresses"]).iter().any(|lives| {
                ["first_name", "last_name", "address1", "city", "country_code"]
                    .iter()
                    .any(|field| lives[*field].as_str().unwrap_or_default().is_empty())
            });
            if missing || address || self.customers.values().any(|one| one["email"] == row["email"])
            {
                return v3_error(422, "Create customers failed.");
            }
        }
        let mut made = Vec::new();
        for row in new {
            let mut row = row.clone();
            row["id"] = self.next().into();
            row["date_modified"] = iso(now).into();
            row["modified_ms"] = now.into();
            self.customers.insert(self.number, row.clone());
            made.push(row);
        }
        Reply::json(200, &json!({ "data": made, "meta": {} }))
    }

    pub(super) fn change_customers(&mut self, body: &Value, now: i64) -> Reply {
        if rows(body).is_empty() {
            return v3_error(422, "There are no customers.");
        }
        let mut changed = Vec::new();
        for said in rows(body) {
            let id = said["id"].as_i64().unwrap_or(0);
            let (Some(row), Some(fields)) = (self.customers.get_mut(&id), said.as_object()) else {
                return v3_error(422, "The customer does not exist.");
            };
            // What belongs to a customer, such as addresses, is not changed by this.
            for (field, value) in fields.iter().filter(|(field, _)| *field != "addresses") {
                row[field] = value.clone();
            }
            row["date_modified"] = iso(now).into();
            row["modified_ms"] = now.into();
            changed.push(row.clone());
        }
        Reply::json(200, &json!({ "data": changed, "meta": {} }))
    }

    pub(super) fn list_subscribers(&self, call: &Call, now: i64) -> Reply {
        let since = since(call, "date_modified:min", now);
        let found = self
            .subscribers
            .values()
            .filter(|row| row["modified_ms"].as_i64().unwrap_or(0) >= since)
            .filter(|row| call.asked("email").is_none_or(|email| row["email"] == email));
        v3_list(found.cloned().collect(), call, 250)
    }

    pub(super) fn make_subscriber(&mut self, body: &Value, now: i64) -> Reply {
        if body["email"].as_str().unwrap_or_default().is_empty() {
            return v3_error(422, "The subscriber has no e-mail.");
        }
        if self.subscribers.values().any(|row| row["email"] == body["email"]) {
            return v3_error(409, "The subscriber is there already.");
        }
        let id = self.next();
        self.put_subscriber(id, body, now)
    }

    pub(super) fn change_subscriber(&mut self, id: i64, body: &Value, now: i64) -> Reply {
        if !self.subscribers.contains_key(&id) {
            return v3_error(404, "The subscriber is not there.");
        }
        self.put_subscriber(id, body, now)
    }

    fn put_subscriber(&mut self, id: i64, body: &Value, now: i64) -> Reply {
        let mut row = body.clone();
        row["id"] = id.into();
        row["date_modified"] = iso(now).into();
        row["modified_ms"] = now.into();
        self.subscribers.insert(id, row.clone());
        Reply::json(200, &json!({ "data": row, "meta": {} }))
    }
}
