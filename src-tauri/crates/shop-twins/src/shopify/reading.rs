//! What is asked for, and what is searched for.

use serde_json::{Value, json};

use super::books::{gid, number};
use super::document::Field;
use super::{Refusal, ShopifyBooks};

/// A term of a search: what, how it is compared, with what.
struct Term {
    name: String,
    how: &'static str,
    with: String,
}

/// Reads `updated_at:>='2026-01-01T00:00:00Z' AND id:>5`. What the documentation does not know is an
/// error here; the real shop leaves it out and finds everything.
fn terms(query: Option<&Value>) -> Result<Vec<Term>, Refusal> {
    let text = query.and_then(Value::as_str).unwrap_or_default();
    let parts = text.split(" AND ").map(str::trim).filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (name, rest) =
                part.split_once(':').ok_or(("BAD_REQUEST", format!("no term: {part}")))?;
            let (how, with) = ["'", ">=", ">", ""]
                .into_iter()
                .find_map(|how| rest.strip_prefix(how).map(|with| (how, with)))
                .unwrap_or(("", rest));
            let with = with.trim_matches(['\'', '"']).to_owned();
            if !["updated_at", "id", "status", "source_identifier"].contains(&name) {
                return Err(("BAD_REQUEST", format!("no filter {name}")));
            }
            Ok(Term { name: name.to_owned(), how, with })
        })
        .collect()
}

/// What a search knows of one thing.
struct Facts<'a> {
    id: u64,
    updated_ms: i64,
    open: bool,
    source: &'a str,
}

impl Term {
    /// `index_ms`: what is newer is not in the search's index yet.
    fn fits(&self, facts: &Facts<'_>, index_ms: i64) -> bool {
        match self.name.as_str() {
            "id" => facts.id > self.with.parse().unwrap_or(u64::MAX),
            "status" => facts.open,
            "source_identifier" => {
                // Words, not the whole: what is alike is found, too.
                facts.updated_ms <= index_ms
                    && facts.source.get(..8).is_some_and(|begin| self.with.starts_with(begin))
            }
            _ => {
                let since: Result<jiff::Timestamp, _> = self.with.parse();
                self.how == ">="
                    && facts.updated_ms <= index_ms
                    && since.is_ok_and(|since| facts.updated_ms >= since.as_millisecond())
            }
        }
    }
}

impl ShopifyBooks {
    pub(super) fn look(&self, field: &Field) -> Result<Value, Refusal> {
        let args = &field.args;
        Ok(match field.name.as_str() {
            "shop" => json!({
                "name": "Shop of Shopify",
                "currencyCode": "EUR",
                "plan": { "partnerDevelopment": self.development },
            }),
            "currentAppInstallation" => json!({ "accessScopes": self.scopes.iter()
                .map(|scope| json!({ "handle": scope })).collect::<Vec<_>>() }),
            "locations" => self
                .locations
                .iter()
                .map(|(id, name)| json!({ "id": gid("Location", *id), "name": name }))
                .collect(),
            "productsCount" => json!({ "count": self.products.len() }),
            "products" => {
                let all = self.products.values();
                let facts = |one: &&super::Product| (one.id, one.updated_ms);
                self.found(field, all, facts, super::Product::json)?
            }
            "productVariants" => self.found_variants(field)?,
            "product" => {
                self.products.get(&number(&args["id"])).map_or(Value::Null, super::Product::json)
            }
            "nodes" => self.nodes(&args["ids"]),
            "location" => self.location(field)?,
            "orders" => self.found_orders(field)?,
            "order" => {
                self.orders.get(&number(&args["id"])).map_or(Value::Null, super::Order::json)
            }
            "customers" => {
                let facts = |one: &&super::Customer| (one.id, one.updated_ms);
                self.found(field, self.customers.values(), facts, super::Customer::json)?
            }
            "customerByIdentifier" => {
                let by = &args["identifier"];
                let fits = |one: &&super::Customer| {
                    by["id"] == gid("Customer", one.id).as_str()
                        || by["emailAddress"]
                            .as_str()
                            .is_some_and(|email| email.eq_ignore_ascii_case(&one.email))
                };
                self.customers.values().find(fits).map_or(Value::Null, super::Customer::json)
            }
            other => return Err(("undefinedField", format!("Field '{other}' doesn't exist"))),
        })
    }

    fn found_variants(&self, field: &Field) -> Result<Value, Refusal> {
        let with = |product| move |one| (product, one);
        let all = self.products.values();
        let mut all: Vec<(&super::Product, &super::Variant)> =
            all.flat_map(|product| product.variants.iter().map(with(product))).collect();
        all.sort_by_key(|(_, one)| one.id);
        let facts = |(_, one): &(&super::Product, &super::Variant)| (one.id, one.updated_ms);
        self.found(field, all.into_iter(), facts, |(product, one)| {
            let mut said = one.json();
            said["product"] = product.json();
            said
        })
    }

    fn found_orders(&self, field: &Field) -> Result<Value, Refusal> {
        let index = self.now_ms - self.search_lag_ms;
        let terms = terms(field.args.get("query"))?;
        let fits = |one: &&super::Order| {
            let facts = Facts {
                id: one.id,
                updated_ms: one.updated_ms,
                open: one.is_open(),
                source: one.source.as_deref().unwrap_or_default(),
            };
            terms.iter().all(|term| term.fits(&facts, index))
        };
        let some = self.orders.values().filter(fits).take(field.first() + 1);
        Ok(some.map(super::Order::json).collect())
    }

    /// Of everything that has an id only variants are asked for.
    fn nodes(&self, ids: &Value) -> Value {
        let one = |id: &Value| match id.as_str() {
            Some(text) if text.contains("/ProductVariant/") => {
                self.variant(number(id)).map_or(Value::Null, super::Variant::json)
            }
            _ => Value::Null,
        };
        ids.as_array().map_or(&[][..], Vec::as_slice).iter().map(one).collect()
    }

    /// As many as are asked for, and one more, by which the list knows that there are more.
    fn found<T>(
        &self,
        field: &Field,
        all: impl Iterator<Item = T>,
        facts: impl Fn(&T) -> (u64, i64),
        said: impl Fn(T) -> Value,
    ) -> Result<Value, Refusal> {
        let index = self.now_ms - self.search_lag_ms;
        let terms = terms(field.args.get("query"))?;
        let fits = |one: &T| {
            let (id, updated_ms) = facts(one);
            let facts = Facts { id, updated_ms, open: true, source: "" };
            terms.iter().all(|term| term.fits(&facts, index))
        };
        Ok(all.filter(fits).take(field.first() + 1).map(said).collect())
    }

    fn location(&self, field: &Field) -> Result<Value, Refusal> {
        let at = number(&field.args["id"]);
        let Some(name) = self.locations.get(&at) else { return Ok(Value::Null) };
        let levels = field.fields.iter().find(|one| one.name == "inventoryLevels");
        let terms = terms(levels.and_then(|field| field.args.get("query")))?;
        let all = self.products.values().flat_map(|product| &product.variants);
        let said: Vec<Value> = all
            .filter_map(|variant| Some((variant, variant.levels.get(&at)?)))
            .filter(|(variant, level)| {
                let facts =
                    Facts { id: variant.id, updated_ms: level.updated_ms, open: true, source: "" };
                terms.iter().all(|term| term.fits(&facts, self.now_ms))
            })
            .map(|(variant, level)| {
                json!({
                    "item": {
                        "tracked": variant.tracked,
                        "variants": [{ "id": gid("ProductVariant", variant.id) }],
                    },
                    "quantities": [{ "name": "available", "quantity": level.available }],
                })
            })
            .collect();
        Ok(json!({ "id": gid("Location", at), "name": name, "inventoryLevels": said }))
    }
}
