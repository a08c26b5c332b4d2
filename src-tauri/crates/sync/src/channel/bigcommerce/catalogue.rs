//! What a shop on BigCommerce sells.

use std::collections::HashMap;
use std::sync::PoisonError;

use serde_json::Value;

use super::super::connector::{Ask, Page, Trouble};
use super::super::transport::Request;
use super::super::value::{decimal, id, is_hostile, iso, plain, rows, text};
use super::super::words::{OptionIn, ProductIn, VariantIn};
use super::{BigCommerce, pages};

/// Products of a page: the most that the platform gives.
const LIMIT: usize = 250;
/// How deep categories are read.
const DEEP: usize = 8;
/// What a product is asked for.
const FIELDS: &str = "name,description,categories,tax_class_id,is_visible,inventory_tracking,\
                      inventory_level,price,sale_price,sku,upc,gtin";

/// What categories and classes of tax are called.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// By id: the name, and the id of the one above.
    categories: HashMap<String, (String, String)>,
    /// By id.
    tax_classes: HashMap<String, String>,
}

impl Names {
    /// `Clothing > Hoodies`.
    fn path(&self, id: &str) -> String {
        let mut parts = Vec::new();
        let mut at = id;
        while let Some((name, above)) = self.categories.get(at)
            && parts.len() < DEEP
        {
            parts.push(name.as_str());
            at = above;
        }
        parts.reverse();
        parts.join(" > ")
    }
}

/// The id of a product here: its own numbers are those of variants, too.
pub(super) fn product_id(number: &str) -> String {
    format!("p{number}")
}

impl BigCommerce {
    pub(super) async fn products_page(&self, ask: &Ask) -> Result<Page<ProductIn>, Trouble> {
        let mut request =
            self.by_id(ask).with("include", "variants,images").with("include_fields", FIELDS);
        if let Some(since) = ask.since_ms {
            // Always a whole moment: a date alone is read as that day at this time of day.
            request = request.with("date_modified:min", iso(since));
        }
        let answer = self.get(request).await?;
        let found = rows(&answer.body["data"]);
        if ask.next.is_none() {
            *self.names.lock().unwrap_or_else(PoisonError::into_inner) = Names::default();
        }
        self.learn_names(found).await?;
        let (total, is_last) = pages(&answer);
        let mut page = Page {
            next: next_id(found, is_last),
            server_ms: answer.server_ms,
            total: total.filter(|_| ask.next.is_none()),
            ..Page::default()
        };
        for row in found {
            match self.product(row) {
                Ok(product) => page.items.push(product),
                Err(words) => {
                    page.bad.push((product_id(&text(&row["id"])), words));
                }
            }
        }
        Ok(page)
    }

    pub(super) async fn sweep_page(&self, ask: &Ask) -> Result<Page<String>, Trouble> {
        let request = self.by_id(ask).with("include", "variants").with("include_fields", "name");
        let answer = self.get(request).await?;
        let found = rows(&answer.body["data"]);
        let (total, is_last) = pages(&answer);
        let mut items = Vec::new();
        for row in found {
            items.extend(id(&row["id"]).map(|number| product_id(&number)));
            items.extend(rows(&row["variants"]).iter().filter_map(|variant| id(&variant["id"])));
        }
        Ok(Page {
            items,
            next: next_id(found, is_last),
            server_ms: answer.server_ms,
            total: total.filter(|_| ask.next.is_none()),
            ..Page::default()
        })
    }

    /// Products by id upwards: what is added or deleted meanwhile shifts no page.
    fn by_id(&self, ask: &Ask) -> Request {
        Request::get("v3/catalog/products")
            .with("limit", LIMIT)
            .with("sort", "id")
            .with("direction", "asc")
            .with("id:min", ask.next.as_deref().unwrap_or("1"))
    }

    /// Asks for the names of what these products name and nobody knows yet.
    async fn learn_names(&self, found: &[Value]) -> Result<(), Trouble> {
        let classes_known = {
            let names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
            !names.tax_classes.is_empty()
        };
        if found.iter().any(|row| id(&row["tax_class_id"]).is_some()) && !classes_known {
            let body = self.get(Request::get("v2/tax_classes")).await?.body;
            let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
            for row in rows(&body) {
                names.tax_classes.insert(text(&row["id"]), text(&row["name"]));
            }
        }
        let mut wanted: Vec<String> =
            found.iter().flat_map(|row| rows(&row["categories"])).filter_map(id).collect();
        for _ in 0..DEEP {
            {
                let names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
                wanted.retain(|one| !names.categories.contains_key(one));
            }
            wanted.sort_unstable();
            wanted.dedup();
            if wanted.is_empty() {
                return Ok(());
            }
            let mut above = Vec::new();
            for some in wanted.chunks(100) {
                let request = Request::get("v3/catalog/trees/categories")
                    .with("category_id:in", some.join(","))
                    .with("limit", LIMIT);
                let body = self.get(request).await?.body;
                let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
                for row in rows(&body["data"]) {
                    let parent = id(&row["parent_id"]).unwrap_or_default();
                    above.extend(Some(parent.clone()).filter(|one| !one.is_empty()));
                    names
                        .categories
                        .insert(text(&row["category_id"]), (text(&row["name"]), parent));
                }
                // One that was deleted since is asked for once.
                for one in some {
                    names.categories.entry(one.clone()).or_default();
                }
            }
            wanted = above;
        }
        Ok(())
    }

    fn product(&self, row: &Value) -> Result<ProductIn, String> {
        let number = id(&row["id"]).ok_or("a product without an id")?;
        let name = text(&row["name"]);
        if name.is_empty() {
            return Err("it has no name".to_owned());
        }
        let description = plain(&text(&row["description"]));
        let variants = rows(&row["variants"]);
        let variants = variants
            .iter()
            .map(|variant| self.variant(row, variant, variants.len() == 1))
            .collect::<Result<Vec<_>, _>>()?;
        if variants.is_empty() {
            return Err("it has no variant".to_owned());
        }
        let texts = variants.iter().flat_map(|variant| {
            let options = variant.options.iter().flat_map(|one| [&one.name, &one.value]);
            options.chain([&variant.sku, &variant.barcode])
        });
        if texts.chain([&name, &description]).any(|one| is_hostile(one)) {
            return Err(format!(
                "product {number} has characters in its texts that cannot be shown: write them anew in \
                 the shop"
            ));
        }
        let mut images: Vec<&Value> = rows(&row["images"]).iter().collect();
        images.sort_by_key(|image| {
            let first = image["is_thumbnail"].as_bool() != Some(true);
            (first, image["sort_order"].as_i64().unwrap_or(0))
        });
        let names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(ProductIn {
            external_id: product_id(&number),
            name,
            description,
            categories: rows(&row["categories"])
                .iter()
                .filter_map(id)
                .map(|one| names.path(&one))
                .filter(|path| !path.is_empty() && !is_hostile(path))
                .collect(),
            images: images
                .iter()
                .map(|image| text(&image["url_standard"]))
                .filter(|url| url.starts_with("https://"))
                .collect(),
            tax_class: id(&row["tax_class_id"])
                .map(|class| names.tax_classes.get(&class).cloned().unwrap_or(class))
                .unwrap_or_default(),
            published: row["is_visible"].as_bool().unwrap_or(true),
            variants,
        })
    }

    fn variant(&self, product: &Value, row: &Value, only: bool) -> Result<VariantIn, String> {
        let external_id = id(&row["id"]).ok_or("a variant without an id")?;
        // What a variant leaves out is the product's.
        let own = |field: &str| {
            Some(&row[field]).filter(|value| !value.is_null()).unwrap_or(&product[field])
        };
        let first = |fields: &[&str]| {
            let of = |from: &Value| {
                fields.iter().map(|field| text(&from[*field])).find(|text| !text.is_empty())
            };
            of(row).or_else(|| of(product).filter(|_| only)).unwrap_or_default()
        };
        let price = decimal(own("price"), self.exponent);
        // A variant with a price of its own is not on sale because its product is.
        let sale = if row["price"].is_null() { own("sale_price") } else { &row["sale_price"] };
        let sale = decimal(sale, self.exponent).filter(|sale| *sale != 0);
        if price.is_some_and(|price| price < 0) || sale.is_some_and(|sale| sale < 0) {
            return Err(format!("variant {external_id} has a price below nothing"));
        }
        let tracking = text(&product["inventory_tracking"]);
        let by_product = tracking == "product";
        let tracks_stock = tracking == "variant" || (by_product && only);
        let level = if by_product { &product["inventory_level"] } else { &row["inventory_level"] };
        Ok(VariantIn {
            external_id,
            stock_ref: if by_product { "product".to_owned() } else { String::new() },
            options: rows(&row["option_values"])
                .iter()
                .map(|one| OptionIn {
                    name: text(&one["option_display_name"]),
                    value: text(&one["label"]),
                })
                .collect(),
            sku: first(&["sku"]),
            barcode: first(&["gtin", "upc"]),
            price: sale.or(price),
            compare_at: price.filter(|price| sale.is_some_and(|sale| sale < *price)),
            tracks_stock,
            stock: decimal(level, 3).filter(|_| tracks_stock),
        })
    }
}

/// The place of the next page: after the last id of this one.
fn next_id(found: &[Value], is_last: bool) -> Option<String> {
    let last = found.last()?["id"].as_i64()?;
    (!is_last).then(|| last.saturating_add(1).to_string())
}
