//! What the shop sells.

use countertop_domain::money::Currency;
use serde_json::{Value, json};

use super::super::connector::{Ask, Page, Trouble};
use super::super::words::{OptionIn, ProductIn, VariantIn};
use super::Shopify;
use super::documents::{CHANGED_VARIANTS, PRODUCTS, SWEEP, VARIANTS};
use super::graphql::Said;
use super::read::{flag, following, list, number_of, price, search, text};
use super::stock::level;

/// Pages of a hundred variants of one product: Shopify allows 2,048.
const MAX_PAGES: usize = 21;
/// What Shopify calls the only option of a product that comes in one form.
const NO_OPTION: (&str, &str) = ("Title", "Default Title");

/// Where a list of products goes on: ids above this, of products or (after those) of variants.
enum At {
    Products(Option<u64>),
    Variants(Option<u64>),
}

impl At {
    fn read(next: Option<&str>) -> Result<Self, Trouble> {
        let Some(next) = next else { return Ok(Self::Products(None)) };
        let number = |text: &str| if text.is_empty() { Ok(None) } else { text.parse().map(Some) };
        let read = match next.split_once(':') {
            Some(("products", after)) => number(after).map(Self::Products),
            Some(("variants", after)) => number(after).map(Self::Variants),
            _ => return Err(lost()),
        };
        read.map_err(|_| lost())
    }

    fn write(&self) -> String {
        let number = |after: &Option<u64>| after.map(|one| one.to_string()).unwrap_or_default();
        match self {
            Self::Products(after) => format!("products:{}", number(after)),
            Self::Variants(after) => format!("variants:{}", number(after)),
        }
    }
}

/// What was kept on disk is no place of a list.
pub(super) fn lost() -> Trouble {
    Trouble::Refused("nobody can say where the list goes on: read the shop anew".to_owned())
}

impl Shopify {
    /// First all products that changed, then those of which a variant changed: nothing says that the one
    /// moves the other's clock.
    pub(super) async fn read_products(&self, ask: &Ask) -> Result<Page<ProductIn>, Trouble> {
        let location = self.location().await?.to_owned();
        match At::read(ask.next.as_deref())? {
            At::Products(after) => {
                let first = ask.since_ms.is_none() && after.is_none();
                let variables = json!({
                    "query": search(ask.since_ms, after),
                    "location": location,
                    "count": first,
                });
                let said = self.api.ask(PRODUCTS, &variables).await?;
                let next = match following(&said.data["products"])? {
                    Some(after) => Some(At::Products(Some(after))),
                    None => ask.since_ms.map(|_| At::Variants(None)),
                };
                let found = list(&said.data, "/products/nodes");
                self.page(&said, found, next.as_ref(), &location).await
            }
            At::Variants(after) => {
                let query = search(ask.since_ms, after);
                let variables = json!({ "query": query, "location": location });
                let said = self.api.ask(CHANGED_VARIANTS, &variables).await?;
                let next = following(&said.data["productVariants"])?
                    .map(|after| At::Variants(Some(after)));
                let mut found: Vec<Value> = Vec::new();
                for node in list(&said.data, "/productVariants/nodes") {
                    let product = &node["product"];
                    if found.iter().all(|one| one["id"] != product["id"]) {
                        found.push(product.clone());
                    }
                }
                self.page(&said, &found, next.as_ref(), &location).await
            }
        }
    }

    async fn page(
        &self,
        said: &Said,
        found: &[Value],
        next: Option<&At>,
        location: &str,
    ) -> Result<Page<ProductIn>, Trouble> {
        let mut page = Page {
            next: next.map(At::write),
            server_ms: said.server_ms,
            total: said.data.pointer("/productsCount/count").and_then(Value::as_u64),
            ..Page::default()
        };
        for node in found {
            let variants = self.all_variants(node, location).await?;
            let read = variants.and_then(|variants| product(node, &variants, self.currency));
            match read {
                Ok(product) => page.items.push(product),
                Err(words) => page.bad.push((text(node, "/id"), words)),
            }
        }
        Ok(page)
    }

    /// All variants of a product: the first few came with it.
    async fn all_variants(
        &self,
        node: &Value,
        location: &str,
    ) -> Result<Result<Vec<Value>, String>, Trouble> {
        let mut variants = list(node, "/variants/nodes").to_vec();
        let mut page = node["variants"].clone();
        for _ in 0..MAX_PAGES {
            if !flag(&page, "/pageInfo/hasNextPage") {
                return Ok(Ok(variants));
            }
            let variables = json!({
                "product": node["id"],
                "after": page["pageInfo"]["endCursor"],
                "location": location,
            });
            let said = self.api.ask(VARIANTS, &variables).await?;
            page = said.data["product"]["variants"].clone();
            variants.extend(list(&page, "/nodes").iter().cloned());
        }
        Ok(Err("it has more variants than Shopify allows".to_owned()))
    }

    pub(super) async fn read_ids(&self, ask: &Ask) -> Result<Page<String>, Trouble> {
        let after = match ask.next.as_deref() {
            Some(next) => Some(next.parse::<u64>().map_err(|_| lost())?),
            None => None,
        };
        let said = self.api.ask(SWEEP, &json!({ "query": search(None, after) })).await?;
        let next = following(&said.data["productVariants"])?;
        let mut page = Page {
            next: next.map(|number| number.to_string()),
            server_ms: said.server_ms,
            ..Page::default()
        };
        for node in list(&said.data, "/productVariants/nodes") {
            let product = text(node, "/product/id");
            if page.items.last() != Some(&product) {
                page.items.push(product);
            }
            page.items.push(text(node, "/id"));
        }
        Ok(page)
    }
}

fn product(node: &Value, variants: &[Value], currency: Currency) -> Result<ProductIn, String> {
    let external_id = text(node, "/id");
    if number_of(&external_id).is_none() {
        return Err("it has no id".to_owned());
    }
    let category = match text(node, "/category/fullName") {
        category if category.is_empty() => text(node, "/productType"),
        category => category,
    };
    let variants: Result<Vec<VariantIn>, String> =
        variants.iter().map(|node| variant(node, currency)).collect();
    let variants = variants?;
    // What tells one class of tax from another is whether there is a tax at all.
    let taxed = list(node, "/variants/nodes").iter().all(|one| one["taxable"] != false);
    Ok(ProductIn {
        external_id,
        name: text(node, "/title"),
        description: text(node, "/description"),
        categories: (!category.is_empty()).then_some(category).into_iter().collect(),
        images: list(node, "/media/nodes")
            .iter()
            .map(|media| text(media, "/preview/image/url"))
            .filter(|address| !address.is_empty())
            .collect(),
        tax_class: if taxed { String::new() } else { "untaxed".to_owned() },
        published: matches!(text(node, "/status").as_str(), "ACTIVE" | "UNLISTED"),
        variants,
    })
}

fn variant(node: &Value, currency: Currency) -> Result<VariantIn, String> {
    let external_id = text(node, "/id");
    let called = || match text(node, "/sku") {
        sku if sku.is_empty() => String::new(),
        sku => format!(" of {sku}"),
    };
    let amount =
        |at: &str| price(node, at, currency).map_err(|words| format!("{words}{}", called()));
    let price = amount("/price")?;
    let compare_at =
        if node["compareAtPrice"].is_null() { None } else { Some(amount("/compareAtPrice")?) };
    let options = list(node, "/selectedOptions")
        .iter()
        .map(|one| OptionIn { name: text(one, "/name"), value: text(one, "/value") })
        .filter(|one| (one.name.as_str(), one.value.as_str()) != NO_OPTION)
        .collect();
    Ok(VariantIn {
        stock_ref: text(node, "/inventoryItem/id"),
        options,
        sku: text(node, "/sku"),
        barcode: text(node, "/barcode"),
        price: Some(price),
        compare_at: compare_at.filter(|more| *more > price),
        tracks_stock: flag(node, "/inventoryItem/tracked"),
        stock: level(node).map(|said| said.quantity),
        external_id,
    })
}
