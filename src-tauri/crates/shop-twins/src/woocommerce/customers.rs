//! The twin's customers: no list by change, and one for each address.

use serde_json::{Value, json};

use super::{WooBooks, moment, page, refusal};
use crate::http::{Call, Reply};

impl WooBooks {
    /// Somebody signs up in the shop; returns their id.
    pub fn sign_up(&mut self, email: &str, first: &str, last: &str, now_ms: i64) -> i64 {
        let body = json!({ "email": email, "first_name": first, "last_name": last });
        self.make_customer(&body, now_ms);
        self.last_id
    }

    /// Every customer.
    pub fn customers(&self) -> Vec<Value> {
        self.customers.values().cloned().collect()
    }

    /// Changes a customer as they would themselves.
    pub fn edit_customer(&mut self, id: i64, change: impl FnOnce(&mut Value)) {
        if let Some(customer) = self.customers.get_mut(&id) {
            change(customer);
        }
    }

    pub(super) fn list_customers(&self, call: &Call) -> Reply {
        // There is no such filter: it is passed over in silence, as the real one does.
        let mut asked = call.clone();
        asked.query.retain(|(name, _)| name != "modified_after");
        let fits = |one: &&Value| call.asked("email").is_none_or(|email| one["email"] == email);
        page(&asked, self.customers.values().filter(fits).map(|one| (0, one.clone())).collect())
    }

    pub(super) fn one_customer(&self, id: i64) -> Reply {
        match self.customers.get(&id) {
            Some(customer) => Reply::json(200, customer),
            None => refusal(404, "woocommerce_rest_invalid_id", "Invalid resource ID."),
        }
    }

    pub(super) fn make_customer(&mut self, body: &Value, now: i64) -> Reply {
        let email = body["email"].as_str().unwrap_or_default();
        if !email.contains('@') {
            return refusal(400, "rest_missing_callback_param", "Missing parameter(s): email");
        }
        if self.customers.values().any(|one| one["email"] == email) {
            let words = "An account is already registered with your email address.";
            return refusal(400, "registration-error-email-exists", words);
        }
        let id = self.next_id();
        let mut made = json!({ "id": id, "username": email, "first_name": "", "last_name": "",
            "billing": {}, "meta_data": [] });
        put(&mut made, body, now);
        self.customers.insert(id, made.clone());
        Reply::json(201, &made)
    }

    pub(super) fn set_customer(&mut self, id: i64, body: &Value, now: i64) -> Reply {
        let is_taken = |(other, one): (&i64, &Value)| *other != id && one["email"] == body["email"];
        if self.customers.iter().any(is_taken) {
            return refusal(400, "woocommerce_rest_customer_invalid_email", "Email is invalid.");
        }
        let Some(customer) = self.customers.get_mut(&id) else {
            return refusal(400, "woocommerce_rest_invalid_id", "Invalid resource ID.");
        };
        put(customer, body, now);
        Reply::json(200, customer)
    }
}

/// What is said takes the place of what was there; of `billing` and `meta_data`, each part.
fn put(customer: &mut Value, said: &Value, now: i64) {
    for (field, value) in said.as_object().into_iter().flatten() {
        match (field.as_str(), value) {
            ("billing", Value::Object(parts)) => {
                for (part, value) in parts {
                    customer["billing"][part] = value.clone();
                }
            }
            ("meta_data", Value::Array(metas)) => {
                let mut all = customer["meta_data"].as_array().cloned().unwrap_or_default();
                all.retain(|known| metas.iter().all(|one| one["key"] != known["key"]));
                all.extend(metas.iter().cloned());
                customer["meta_data"] = Value::Array(all);
            }
            _ => customer[field] = value.clone(),
        }
    }
    customer["date_modified_gmt"] = json!(moment(now));
}
