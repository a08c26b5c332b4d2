//! Products and variants.

use serde_json::{Value, json};

use super::Vendure;
use super::stock::available;
use super::wire::after;
use crate::channel::connector::{Ask, Page, Trouble};
use crate::channel::value::{id, is_hostile, iso, plain, rows, text};
use crate::channel::words::{OptionIn, ProductIn, VariantIn};

/// Products on a page.
const PAGE: u64 = 100;
/// Ids on a page; Vendure gives at most 1,000.
const IDS: u64 = 1_000;
/// Variants of one product.
const MAX_VARIANTS: usize = 2_000;

/// How the shop writes prices and counts.
struct Way {
    with_tax: bool,
    counts: bool,
}

/// A place in a list of two parts: products, then variants.
struct Place {
    variants: bool,
    skip: u64,
}

impl Place {
    fn read(next: Option<&str>) -> Self {
        let (part, skip) = next.and_then(|next| next.split_once(':')).unwrap_or(("p", "0"));
        Self { variants: part == "v", skip: skip.parse().unwrap_or(0) }
    }

    fn written(&self) -> String {
        format!("{}:{}", if self.variants { "v" } else { "p" }, self.skip)
    }
}

impl Vendure {
    fn product_document(&self, variants: bool) -> String {
        let barcode = if self.barcode_field.is_empty() {
            String::new()
        } else {
            format!("customFields {{ {} }}", self.barcode_field)
        };
        let product = format!(
            "id name description enabled assets {{ preview }} collections {{ name breadcrumbs {{ name }} }}
             variants {{ id sku name price priceWithTax trackInventory taxCategory {{ name }}
               options {{ name group {{ name }} }}
               stockLevels {{ stockLocationId stockOnHand stockAllocated }} {barcode} }}"
        );
        let shop = "activeChannel { pricesIncludeTax } globalSettings { trackInventory }";
        if variants {
            format!(
                "query ChangedVariants($options: ProductVariantListOptions) {{ {shop}
                   productVariants(options: $options) {{ totalItems items {{ product {{ {product} }} }} }} }}"
            )
        } else {
            format!(
                "query Products($options: ProductListOptions) {{ {shop}
                   products(options: $options) {{ totalItems items {{ {product} }} }} }}"
            )
        }
    }

    /// All products, or those that changed and then those of which a variant changed: a product's own
    /// moment says nothing of its variants.
    pub(super) async fn products_page(&self, ask: &Ask) -> Result<Page<ProductIn>, Trouble> {
        let place = Place::read(ask.next.as_deref());
        let mut options = json!({ "skip": place.skip, "take": PAGE, "sort": { "id": "ASC" } });
        if let Some(since) = ask.since_ms {
            options["filter"] = json!({ "updatedAt": { "after": iso(since) } });
        }
        let document = self.product_document(place.variants);
        let said = self.api.ask(&document, json!({ "options": options })).await?;
        let way = Way {
            with_tax: said.data["activeChannel"]["pricesIncludeTax"] == true,
            counts: said.data["globalSettings"]["trackInventory"] != false,
        };
        let list = &said.data[if place.variants { "productVariants" } else { "products" }];
        let items = rows(&list["items"]);
        let total = list["totalItems"].as_u64().unwrap_or(0);
        let mut page = Page { server_ms: said.server_ms, ..Page::default() };
        for item in items {
            let product = if place.variants { &item["product"] } else { item };
            match self.product(product, &way) {
                Ok(read)
                    if page
                        .items
                        .iter()
                        .any(|known: &ProductIn| known.external_id == read.external_id) => {}
                Ok(read) => page.items.push(read),
                Err(words) => page.bad.push((text(&product["id"]), words)),
            }
        }
        page.next = match after(place.skip, items.len(), total) {
            Some(skip) => Some(Place { skip, ..place }.written()),
            None if !place.variants && ask.since_ms.is_some() => {
                Some(Place { variants: true, skip: 0 }.written())
            }
            None => None,
        };
        page.total = ask.since_ms.is_none().then_some(total);
        Ok(page)
    }

    fn product(&self, said: &Value, way: &Way) -> Result<ProductIn, String> {
        let external_id = id(&said["id"]).ok_or("a product without an id")?;
        let name = text(&said["name"]);
        let given = rows(&said["variants"]);
        if given.len() > MAX_VARIANTS {
            return Err(format!("it has {} variants, more than a till can show", given.len()));
        }
        let variants =
            given.iter().map(|one| self.variant(one, way)).collect::<Result<Vec<_>, _>>()?;
        let categories: Vec<String> = rows(&said["collections"]).iter().map(path).collect();
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
            images: rows(&said["assets"]).iter().map(|one| text(&one["preview"])).collect(),
            tax_class: given
                .first()
                .map(|one| text(&one["taxCategory"]["name"]))
                .unwrap_or_default(),
            published: said["enabled"] != false,
            variants,
        })
    }

    fn variant(&self, said: &Value, way: &Way) -> Result<VariantIn, String> {
        let external_id = id(&said["id"]).ok_or("a variant without an id")?;
        let price = if way.with_tax { &said["priceWithTax"] } else { &said["price"] };
        let price = price.as_i64();
        if price.is_some_and(|price| price < 0) {
            return Err("its price is below nothing".to_owned());
        }
        let tracks_stock = match &*text(&said["trackInventory"]) {
            "TRUE" => true,
            "FALSE" => false,
            _ => way.counts,
        };
        let choice =
            |one: &Value| OptionIn { name: text(&one["group"]["name"]), value: text(&one["name"]) };
        Ok(VariantIn {
            external_id,
            stock_ref: String::new(),
            options: rows(&said["options"]).iter().map(choice).collect(),
            sku: text(&said["sku"]),
            barcode: text(&said["customFields"][&self.barcode_field]),
            price: price.map(|price| self.ours(price)),
            compare_at: None,
            tracks_stock,
            stock: tracks_stock.then(|| available(&said["stockLevels"], &self.location)),
        })
    }

    /// All ids: products, then variants.
    pub(super) async fn sweep_page(&self, ask: &Ask) -> Result<Page<String>, Trouble> {
        const PRODUCTS: &str = "query ProductIds($options: ProductListOptions) {
            products(options: $options) { totalItems items { id } } }";
        const VARIANTS: &str = "query VariantIds($options: ProductVariantListOptions) {
            productVariants(options: $options) { totalItems items { id } } }";
        let place = Place::read(ask.next.as_deref());
        let options = json!({ "skip": place.skip, "take": IDS, "sort": { "id": "ASC" } });
        let document = if place.variants { VARIANTS } else { PRODUCTS };
        let said = self.api.ask(document, json!({ "options": options })).await?;
        let list = &said.data[if place.variants { "productVariants" } else { "products" }];
        let items: Vec<String> =
            rows(&list["items"]).iter().filter_map(|one| id(&one["id"])).collect();
        let total = list["totalItems"].as_u64().unwrap_or(0);
        let next = match after(place.skip, items.len(), total) {
            Some(skip) => Some(Place { skip, ..place }.written()),
            None if !place.variants => Some(Place { variants: true, skip: 0 }.written()),
            None => None,
        };
        Ok(Page { items, next, server_ms: said.server_ms, ..Page::default() })
    }
}

/// A collection with what it lies in: `Clothing > Hoodies`.
fn path(collection: &Value) -> String {
    let parts: Vec<String> = rows(&collection["breadcrumbs"])
        .iter()
        .map(|one| text(&one["name"]))
        .filter(|name| !name.is_empty() && name != "__root_collection__")
        .collect();
    if parts.is_empty() { text(&collection["name"]) } else { parts.join(" > ") }
}
