//! What a shop on Magento sells. A product with choices and each of its variants are products of their
//! own there, and only the former names the latter.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use super::super::connector::{Ask, Page, Trouble};
use super::super::transport::Request;
use super::super::value::{decimal, id, is_hostile, moment, plain, rows, text};
use super::super::words::{OptionIn, ProductIn, VariantIn};
use super::{LIMIT, Magento, Search, found, part};

/// Products of a page: they are long.
const PAGE: usize = 100;
/// What a product is asked for.
const FIELDS: &str = "items[id,sku,name,price,status,visibility,type_id,custom_attributes,\
                      extension_attributes[configurable_product_links,configurable_product_options]],\
                      total_count";
/// Attributes that hold a barcode in most shops.
const BARCODES: [&str; 5] = ["barcode", "ean", "gtin", "upc", "ean13"];
/// The class of tax that products have unless somebody changed it.
const USUAL_CLASS: &str = "2";

/// What categories, classes of tax and choices are called.
#[derive(Debug, Default)]
pub(super) struct Names {
    categories: HashMap<String, String>,
    tax_classes: HashMap<String, String>,
    /// By the attribute's id: its code, its name, and what its choices are called.
    attributes: HashMap<String, (String, String, HashMap<String, String>)>,
}

/// The id of a product here: article numbers may be numbers, too.
pub(super) fn product_id(number: &str) -> String {
    format!("p{number}")
}

impl Magento {
    pub(super) async fn products_page(&self, ask: &Ask) -> Result<Page<ProductIn>, Trouble> {
        let search = Search::new("products")
            .since(ask.since_ms)
            .after("entity_id", ask.next.as_deref())
            .fields(FIELDS);
        let answer = self.must(search.limit(PAGE)).await?;
        let (some, total, is_last) = found(&answer);
        if ask.next.is_none() {
            *self.names() = Names::default();
        }
        let mut page = Page {
            next: some.last().and_then(|row| id(&row["id"])).filter(|_| !is_last),
            server_ms: answer.server_ms,
            total: total.filter(|_| ask.next.is_none()),
            ..Page::default()
        };
        if some.is_empty() {
            return Ok(page);
        }
        self.learn_names().await?;
        if self.parents().is_none() {
            self.learn_parents().await?;
        }
        let now_ms = answer.server_ms.unwrap_or_default();
        // Products with choices of which a variant changed: the delta names the variant alone.
        let mut changed: BTreeSet<String> = BTreeSet::new();
        let mut whole: BTreeMap<String, Value> = BTreeMap::new();
        for row in some {
            match text(&row["type_id"]).as_str() {
                "configurable" => {
                    whole.insert(text(&row["sku"]), row.clone());
                }
                // Sets: each part has a stock and a line of its own.
                "bundle" | "grouped" => {}
                _ => {
                    let parent = self
                        .parents()
                        .as_ref()
                        .and_then(|all| all.get(&text(&row["sku"])).cloned());
                    match parent {
                        Some(parent) if ask.since_ms.is_some() => {
                            changed.insert(parent);
                        }
                        // Its product brings it.
                        Some(_) => {}
                        None => {
                            let variant = self.variant(row, &[], now_ms);
                            put(&mut page, row, self.product(row, variant.map(|one| vec![one])));
                        }
                    }
                }
            }
        }
        for sku in changed {
            if whole.contains_key(&sku) {
                continue;
            }
            let answer = self.ask(Request::get(format!("products/{}", part(&sku)))).await?;
            // One that was deleted since: the sweep finds its variants.
            if answer.status != 404 {
                whole.insert(sku, answer.accepted(super::said)?.body);
            }
        }
        for (sku, row) in &whole {
            let variants = self.variants(sku, row, now_ms).await?;
            put(&mut page, row, self.product(row, variants));
        }
        Ok(page)
    }

    pub(super) async fn sweep_page(&self, ask: &Ask) -> Result<Page<String>, Trouble> {
        let search = Search::new("products")
            .after("entity_id", ask.next.as_deref())
            .fields("items[id,sku],total_count");
        let answer = self.must(search.limit(LIMIT)).await?;
        let (some, total, is_last) = found(&answer);
        Ok(Page {
            items: some
                .iter()
                .flat_map(|row| [id(&row["id"]).map(|id| product_id(&id)), id(&row["sku"])])
                .flatten()
                .collect(),
            next: some.last().and_then(|row| id(&row["id"])).filter(|_| !is_last),
            server_ms: answer.server_ms,
            total: total.filter(|_| ask.next.is_none()),
            ..Page::default()
        })
    }

    /// The names of categories and classes of tax, once a run.
    async fn learn_names(&self) -> Result<(), Trouble> {
        if !self.names().categories.is_empty() {
            return Ok(());
        }
        let tree = self.must(Request::get("categories")).await?.body;
        let classes = Search::new("taxClasses/search").filter("class_type", "eq", "PRODUCT");
        let classes = self.must(classes.limit(LIMIT)).await?;
        let mut names = self.names();
        // The root is no category of anybody's.
        names.categories.insert(text(&tree["id"]), String::new());
        let mut open: Vec<(String, &Value)> =
            rows(&tree["children_data"]).iter().map(|row| (String::new(), row)).collect();
        while let Some((above, row)) = open.pop() {
            let name = text(&row["name"]);
            let path = if above.is_empty() { name } else { format!("{above} > {name}") };
            open.extend(rows(&row["children_data"]).iter().map(|below| (path.clone(), below)));
            names.categories.insert(text(&row["id"]), path);
        }
        for row in found(&classes).0 {
            names.tax_classes.insert(text(&row["class_id"]), text(&row["class_name"]));
        }
        Ok(())
    }

    /// Which product each variant belongs to. Asked once after a start: after that every product with
    /// choices that changes brings its own.
    async fn learn_parents(&self) -> Result<(), Trouble> {
        let mut all = HashMap::new();
        let mut last: Option<String> = None;
        loop {
            let search = Search::new("products")
                .filter("type_id", "eq", "configurable")
                .after("entity_id", last.as_deref())
                .fields("items[id,sku],total_count");
            let answer = self.must(search.limit(LIMIT)).await?;
            let (some, _, is_last) = found(&answer);
            for row in some {
                let sku = text(&row["sku"]);
                for child in rows(&self.children(&sku).await?) {
                    all.insert(text(&child["sku"]), sku.clone());
                }
            }
            last = some.last().and_then(|row| id(&row["id"]));
            if is_last || last.is_none() {
                break;
            }
        }
        *self.parents() = Some(all);
        Ok(())
    }

    async fn children(&self, sku: &str) -> Result<Value, Trouble> {
        let path = format!("configurable-products/{}/children", part(sku));
        let answer = self.ask(Request::get(path)).await?;
        if answer.status == 404 {
            return Ok(Value::Array(Vec::new()));
        }
        Ok(answer.accepted(super::said)?.body)
    }

    /// The variants of a product with choices.
    async fn variants(
        &self,
        sku: &str,
        row: &Value,
        now_ms: i64,
    ) -> Result<Result<Vec<VariantIn>, String>, Trouble> {
        let options = &row["extension_attributes"]["configurable_product_options"];
        let mut options = rows(options).to_vec();
        if options.is_empty() {
            let path = format!("configurable-products/{}/options/all", part(sku));
            let answer = self.ask(Request::get(path)).await?;
            options = rows(&answer.body).to_vec();
        }
        options.sort_by_key(|one| one["position"].as_i64().unwrap_or(0));
        for option in &options {
            self.learn_attribute(option).await?;
        }
        let children = self.children(sku).await?;
        let mut variants = Vec::new();
        for child in rows(&children) {
            if let Some(all) = self.parents().as_mut() {
                all.insert(text(&child["sku"]), sku.to_owned());
            }
            match self.variant(child, &options, now_ms) {
                Ok(variant) => variants.push(variant),
                Err(words) => return Ok(Err(words)),
            }
        }
        Ok(Ok(variants))
    }

    async fn learn_attribute(&self, option: &Value) -> Result<(), Trouble> {
        let number = text(&option["attribute_id"]);
        if self.names().attributes.contains_key(&number) {
            return Ok(());
        }
        let path = format!("products/attributes/{}", part(&number));
        let body = self.must(Request::get(path)).await?.body;
        let choices = rows(&body["options"])
            .iter()
            .map(|one| (text(&one["value"]), text(&one["label"])))
            .collect();
        let name = Some(text(&option["label"])).filter(|name| !name.is_empty());
        let name = name.unwrap_or_else(|| text(&body["default_frontend_label"]));
        self.names().attributes.insert(number, (text(&body["attribute_code"]), name, choices));
        Ok(())
    }

    fn product(
        &self,
        row: &Value,
        variants: Result<Vec<VariantIn>, String>,
    ) -> Result<ProductIn, String> {
        let variants = variants?;
        let number = id(&row["id"]).ok_or("a product without an id")?;
        let name = text(&row["name"]);
        if name.is_empty() {
            return Err("it has no name".to_owned());
        }
        if variants.is_empty() {
            return Err("it has choices and no variant of them".to_owned());
        }
        let description = plain(&text(attribute(row, "description")));
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
        let names = self.names();
        let class = text(attribute(row, "tax_class_id"));
        let tax_class = if class == USUAL_CLASS {
            String::new()
        } else {
            names.tax_classes.get(&class).cloned().unwrap_or_default()
        };
        let image = text(attribute(row, "image"));
        let picture = (image.starts_with('/') && image != "no_selection")
            .then(|| format!("{}media/catalog/product{image}", self.line.base()));
        let named = rows(attribute(row, "category_ids")).iter().filter_map(id);
        Ok(ProductIn {
            external_id: product_id(&number),
            name,
            description,
            categories: named
                .filter_map(|one| names.categories.get(&one).cloned())
                .filter(|path| !path.is_empty() && !is_hostile(path))
                .collect(),
            images: picture.into_iter().collect(),
            tax_class,
            published: row["status"].as_i64() == Some(1) && row["visibility"].as_i64() != Some(1),
            variants,
        })
    }

    fn variant(&self, row: &Value, options: &[Value], now_ms: i64) -> Result<VariantIn, String> {
        let sku = id(&row["sku"]).ok_or("a product without an article number")?;
        let price = decimal(&row["price"], self.exponent);
        let special = decimal(attribute(row, "special_price"), self.exponent);
        let from = moment(attribute(row, "special_from_date"));
        // The last day counts whole.
        let to = moment(attribute(row, "special_to_date")).map(|to| to + 86_400_000);
        let special = special.filter(|special| {
            price.is_some_and(|price| *special < price)
                && from.is_none_or(|from| from <= now_ms)
                && to.is_none_or(|to| now_ms < to)
        });
        if price.is_some_and(|price| price < 0) || special.is_some_and(|special| special < 0) {
            return Err(format!("{sku} has a price below nothing"));
        }
        let names = self.names();
        let options = options.iter().filter_map(|option| {
            let (code, name, choices) = names.attributes.get(&text(&option["attribute_id"]))?;
            let chosen = text(attribute(row, code));
            let value = choices.get(&chosen).cloned().unwrap_or(chosen);
            Some(OptionIn { name: name.clone(), value })
        });
        let own = [self.barcode.as_str()];
        let tried = if self.barcode.is_empty() { BARCODES.as_slice() } else { own.as_slice() };
        let barcode = tried.iter().map(|code| text(attribute(row, code)));
        Ok(VariantIn {
            external_id: sku.clone(),
            stock_ref: String::new(),
            options: options.collect(),
            barcode: barcode.into_iter().find(|code| !code.is_empty()).unwrap_or_default(),
            price: special.or(price),
            compare_at: price.filter(|_| special.is_some()),
            tracks_stock: row["extension_attributes"]["stock_item"]["manage_stock"]
                .as_bool()
                .unwrap_or(true),
            stock: None,
            sku,
        })
    }
}

fn put(page: &mut Page<ProductIn>, row: &Value, read: Result<ProductIn, String>) {
    match read {
        Ok(product) => page.items.push(product),
        Err(words) => page.bad.push((product_id(&text(&row["id"])), words)),
    }
}

/// The value of one of a product's own attributes.
fn attribute<'a>(row: &'a Value, code: &str) -> &'a Value {
    let own = rows(&row["custom_attributes"]).iter().find(|one| one["attribute_code"] == code);
    own.map_or(&Value::Null, |one| &one["value"])
}
