//! Products and variants.

use serde_json::{Value, json};

use super::{List, Medusa, after};
use crate::channel::connector::{Ask, Page, Trouble};
use crate::channel::progress::OVERLAP_MS;
use crate::channel::value::{id, is_hostile, iso, plain, rows, text};
use crate::channel::words::{OptionIn, ProductIn, VariantIn};

/// Products on a page.
const PAGE: u64 = 50;
/// Ids on a page.
const IDS: u64 = 500;
/// Variants of one product.
const MAX_VARIANTS: usize = 2_000;
/// An hour.
const HOUR_MS: i64 = 3_600_000;

const PRODUCT: &str = "id,title,description,status,*images,*categories,*variants,*variants.prices,\
    *variants.options,*variants.options.option,*variants.inventory_items";

/// What a run reads: everything, or what changed, products first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    All,
    Products,
    Variants,
}

fn place(ask: &Ask) -> (Part, u64) {
    let Some((part, offset)) = ask.next.as_deref().and_then(|next| next.split_once(':')) else {
        return (if ask.since_ms.is_some() { Part::Products } else { Part::All }, 0);
    };
    let part = match part {
        "a" => Part::All,
        "v" => Part::Variants,
        _ => Part::Products,
    };
    (part, offset.parse().unwrap_or(0))
}

fn written(part: Part, offset: u64) -> String {
    let part = match part {
        Part::All => "a",
        Part::Products => "p",
        Part::Variants => "v",
    };
    format!("{part}:{offset}")
}

/// Whether a run is the first of an hour of the shop's clock: a price has no moment of its own, so that
/// everything is read once an hour. It needs no memory, and holds after a restart.
fn is_new_hour(since_ms: i64, server_ms: Option<i64>) -> bool {
    let last = since_ms.saturating_add(OVERLAP_MS);
    server_ms.is_some_and(|now| now.div_euclid(HOUR_MS) != last.div_euclid(HOUR_MS))
}

impl Medusa {
    pub(super) async fn products_page(&self, ask: &Ask) -> Result<Page<ProductIn>, Trouble> {
        let (part, offset) = place(ask);
        let since = ask.since_ms.map(iso);
        let changed = |list: List<'static>| match (&since, part) {
            (Some(since), Part::Products | Part::Variants) => list.only("updated_at[$gte]", since),
            _ => list,
        };
        let answer = if part == Part::Variants {
            let fields = "id,product_id";
            self.list("admin/product-variants", &changed(List::new(PAGE, offset, fields))).await?
        } else {
            self.list("admin/products", &changed(List::new(PAGE, offset, PRODUCT))).await?
        };
        let server_ms = answer.server_ms;
        if ask.next.is_none() && ask.since_ms.is_some_and(|since| is_new_hour(since, server_ms)) {
            let next = Some(written(Part::All, 0));
            return Ok(Page { next, server_ms, ..Page::default() });
        }
        let (items, got) = if part == Part::Variants {
            let changed = rows(&answer.body["variants"]);
            (self.products_of(changed).await?, changed.len())
        } else {
            let products = rows(&answer.body["products"]).to_vec();
            let got = products.len();
            (products, got)
        };
        let mut page = Page { server_ms, ..Page::default() };
        for item in &items {
            match self.product(item) {
                Ok(product) => page.items.push(product),
                Err(words) => page.bad.push((text(&item["id"]), words)),
            }
        }
        page.next = match after(offset, got, &answer.body) {
            Some(offset) => Some(written(part, offset)),
            None if part == Part::Products => Some(written(Part::Variants, 0)),
            None => None,
        };
        page.total = (part == Part::All).then(|| answer.body["count"].as_u64().unwrap_or(0));
        Ok(page)
    }

    /// The products of variants that changed.
    async fn products_of(&self, variants: &[Value]) -> Result<Vec<Value>, Trouble> {
        let mut ids: Vec<String> = variants.iter().map(|one| text(&one["product_id"])).collect();
        ids.sort();
        ids.dedup();
        ids.retain(|id| !id.is_empty());
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut list = List::new(PAGE, 0, PRODUCT);
        for id in ids {
            list = list.only("id[]", id);
        }
        Ok(rows(&self.list("admin/products", &list).await?.body["products"]).to_vec())
    }

    fn product(&self, said: &Value) -> Result<ProductIn, String> {
        let external_id = id(&said["id"]).ok_or("a product without an id")?;
        let name = text(&said["title"]);
        let given = rows(&said["variants"]);
        if given.len() > MAX_VARIANTS {
            return Err(format!("it has {} variants, more than a till can show", given.len()));
        }
        let variants = given.iter().map(|one| self.variant(one)).collect::<Result<Vec<_>, _>>()?;
        let categories: Vec<String> =
            rows(&said["categories"]).iter().map(|one| text(&one["name"])).collect();
        let texts = variants.iter().flat_map(|one| {
            let choices = one.options.iter().flat_map(|option| [&option.name, &option.value]);
            [&one.sku, &one.barcode].into_iter().chain(choices)
        });
        if texts.chain([&name]).chain(&categories).any(|text| is_hostile(text)) {
            return Err(
                "its name, number or category has characters that hide or turn others: write \
                        it anew in the shop"
                    .to_owned(),
            );
        }
        Ok(ProductIn {
            external_id,
            name,
            description: plain(&text(&said["description"])),
            categories,
            images: rows(&said["images"]).iter().map(|one| text(&one["url"])).collect(),
            tax_class: String::new(),
            published: said["status"] == "published",
            variants,
        })
    }

    fn variant(&self, said: &Value) -> Result<VariantIn, String> {
        let external_id = id(&said["id"]).ok_or("a variant without an id")?;
        // The plain price in the register's currency: not one of a list, a region or a quantity.
        let is_plain = |one: &&Value| {
            text(&one["currency_code"]).eq_ignore_ascii_case(&self.currency)
                && one["price_list_id"].is_null()
                && one["min_quantity"].is_null()
                && rows(&one["price_rules"]).is_empty()
                && one["rules_count"].as_i64().unwrap_or(0) == 0
        };
        let price = rows(&said["prices"]).iter().find(is_plain);
        let price = price.map(|one| self.amount(&one["amount"]).ok_or("its price is no amount"));
        let price = price.transpose()?;
        if price.is_some_and(|price| price < 0) {
            return Err("its price is below nothing".to_owned());
        }
        let barcode = ["barcode", "ean", "upc"]
            .into_iter()
            .map(|name| text(&said[name]))
            .find(|code| !code.is_empty());
        let choice = |one: &Value| OptionIn {
            name: text(&one["option"]["title"]),
            value: text(&one["value"]),
        };
        // A kit of several things has no figure of its own.
        let stocked = match rows(&said["inventory_items"]) {
            [one] if one["required_quantity"].is_null() || one["required_quantity"] == json!(1) => {
                text(&one["inventory_item_id"])
            }
            _ => String::new(),
        };
        Ok(VariantIn {
            external_id,
            tracks_stock: said["manage_inventory"] == true && !stocked.is_empty(),
            stock_ref: stocked,
            options: rows(&said["options"]).iter().map(choice).collect(),
            sku: text(&said["sku"]),
            barcode: barcode.unwrap_or_default(),
            price,
            compare_at: None,
            stock: None,
        })
    }

    /// All ids: products, then variants.
    pub(super) async fn sweep_page(&self, ask: &Ask) -> Result<Page<String>, Trouble> {
        let (part, offset) = place(ask);
        let variants = part == Part::Variants;
        let (path, name) = if variants {
            ("admin/product-variants", "variants")
        } else {
            ("admin/products", "products")
        };
        let answer = self.list(path, &List::new(IDS, offset, "id")).await?;
        let given = rows(&answer.body[name]);
        let items = given.iter().filter_map(|one| id(&one["id"])).collect();
        let next = match after(offset, given.len(), &answer.body) {
            Some(offset) => Some(written(if variants { part } else { Part::Products }, offset)),
            None if !variants => Some(written(Part::Variants, 0)),
            None => None,
        };
        Ok(Page { items, next, server_ms: answer.server_ms, ..Page::default() })
    }
}

#[cfg(test)]
mod tests {
    use super::{HOUR_MS, OVERLAP_MS, is_new_hour};

    #[test]
    fn everything_is_read_once_in_each_hour_of_the_shops_clock() {
        let started = 100 * HOUR_MS + 1_000;
        let since = started - OVERLAP_MS;
        assert!(!is_new_hour(since, Some(started + 60_000)));
        assert!(is_new_hour(since, Some(101 * HOUR_MS)));
        assert!(!is_new_hour(since, None));
    }
}
