//! What comes in from WooCommerce.

use countertop_domain::channel_order::{HandOver, Recipient};
use countertop_domain::customer::Address;
use serde_json::Value;

use super::{VIA, WooCommerce};
use crate::channel::amount::minor_units;
use crate::channel::connector::{Ask, Page, Trouble};
use crate::channel::words::{
    Goods, LineIn, OptionIn, OrderIn, OrderState, ProductIn, StockIn, VariantIn,
};

/// Variants of one product that are taken.
const MAX_VARIANTS: usize = 2_000;
/// Only these fields: whole products have thirteen times the bytes.
const FIELDS: &str = "id,parent_id,name,type,status,catalog_visibility,short_description,sku,\
   global_unique_id,price,regular_price,sale_price,tax_class,manage_stock,stock_quantity,\
   categories,images,attributes";

impl WooCommerce {
    pub(super) async fn products_page(&self, ask: &Ask) -> Result<Page<ProductIn>, Trouble> {
        let fields = [("_fields", FIELDS.to_owned()), ("status", "any".to_owned())];
        let (items, page) = self.list("products", ask, &fields).await?;
        let (mut products, mut bad) = (Vec::new(), Vec::new());
        for item in &items {
            match self.product(item).await {
                Ok(product) => products.push(product),
                Err(Trouble::Refused(words)) => bad.push((id(item), words)),
                Err(trouble) => return Err(trouble),
            }
        }
        let Page { next, server_ms, total, .. } = page;
        Ok(Page { items: products, next, server_ms, total, bad })
    }

    async fn product(&self, item: &Value) -> Result<ProductIn, Trouble> {
        let mut variants = Vec::new();
        if text(item, "type") == "variable" {
            let path = format!("products/{}/variations", id(item));
            let fields = [("_fields", FIELDS.to_owned())];
            let mut ask = Ask::default();
            loop {
                let (found, page) = self.list(&path, &ask, &fields).await?;
                for one in &found {
                    variants.push(self.variant(one)?);
                }
                if variants.len() > MAX_VARIANTS {
                    return Err(Trouble::Refused(format!(
                        "\"{}\" has more than {MAX_VARIANTS} variants and was left out",
                        text(item, "name")
                    )));
                }
                match page.next {
                    Some(next) => ask.next = Some(next),
                    None => break,
                }
            }
        } else {
            variants.push(self.variant(item)?);
        }
        Ok(ProductIn {
            external_id: id(item),
            name: text(item, "name"),
            description: text(item, "short_description"),
            categories: each(item, "categories").map(|one| text(one, "name")).collect(),
            images: each(item, "images").map(|one| text(one, "src")).collect(),
            tax_class: text(item, "tax_class"),
            published: text(item, "status") == "publish",
            variants,
        })
    }

    fn variant(&self, item: &Value) -> Result<VariantIn, Trouble> {
        let price = |name| self.amount(item, name);
        let (now, regular) = (price("price")?, price("regular_price")?);
        // A variation that follows its product's stock says "parent".
        let tracks_stock = item.get("manage_stock") == Some(&Value::Bool(true));
        Ok(VariantIn {
            external_id: id(item),
            stock_ref: String::new(),
            options: each(item, "attributes")
                .filter(|one| one.get("option").is_some())
                .map(|one| OptionIn { name: text(one, "name"), value: text(one, "option") })
                .collect(),
            sku: text(item, "sku"),
            barcode: text(item, "global_unique_id"),
            price: now.or(regular),
            compare_at: regular.filter(|regular| now.is_some_and(|now| *regular > now)),
            tracks_stock,
            stock: if tracks_stock { whole(item, "stock_quantity") } else { None },
        })
    }

    fn amount(&self, item: &Value, name: &str) -> Result<Option<i64>, Trouble> {
        let written = text(item, name);
        if written.is_empty() {
            return Ok(None);
        }
        match minor_units(&written, self.places) {
            Some(minor) if minor >= 0 => Ok(Some(minor)),
            _ => Err(Trouble::Refused(format!(
                "the price of \"{}\" in the shop is no price: put it right there",
                text(item, "name")
            ))),
        }
    }

    pub(super) async fn figures(&self, goods: &[Goods]) -> Result<Vec<StockIn>, Trouble> {
        let mut figures = Vec::new();
        for one in goods {
            let fields = [("_fields", "id,manage_stock,stock_quantity".to_owned())];
            let answer = self.get(&stock_path(one), &fields).await?;
            if let Some(quantity) = whole(&answer.body, "stock_quantity") {
                figures.push(StockIn { external_id: one.external_id.clone(), quantity });
            }
        }
        Ok(figures)
    }

    pub(super) async fn orders_page(&self, ask: &Ask) -> Result<Page<OrderIn>, Trouble> {
        let (items, page) = self.list("orders", ask, &[]).await?;
        let (mut orders, mut bad) = (Vec::new(), Vec::new());
        for item in &items {
            match self.order(item) {
                Ok(Some(order)) => orders.push(order),
                Ok(None) => {}
                Err(words) => bad.push((id(item), words)),
            }
        }
        let Page { next, server_ms, total, .. } = page;
        Ok(Page { items: orders, next, server_ms, total, bad })
    }

    fn order(&self, item: &Value) -> Result<Option<OrderIn>, String> {
        let status = text(item, "status");
        let paid = !text(item, "date_paid").is_empty();
        let state = match &*status {
            "checkout-draft" | "auto-draft" | "trash" => return Ok(None),
            "pending" => OrderState::Unpaid,
            "completed" => OrderState::Fulfilled,
            "cancelled" | "failed" => OrderState::Cancelled,
            "refunded" => OrderState::Refunded,
            _ => OrderState::Open,
        };
        let broken = || format!("order {} has an amount that is none", text(item, "number"));
        let amount = |of: &Value, name| minor_units(&text(of, name), self.places);
        let collect = each(item, "shipping_lines")
            .any(|line| matches!(&*text(line, "method_id"), "local_pickup" | "pickup_location"));
        let mut lines = Vec::new();
        for line in each(item, "line_items") {
            let quantity = whole(line, "quantity").ok_or_else(broken)?;
            let total = amount(line, "total").ok_or_else(broken)?;
            let tax = amount(line, "total_tax").unwrap_or(0);
            let variation = number(line, "variation_id").filter(|id| *id != 0);
            let variant = variation.or_else(|| number(line, "product_id").filter(|id| *id != 0));
            let pieces = (quantity / 1_000).max(1);
            lines.push(LineIn {
                external_id: id(line),
                variant: variant.map(|id| id.to_string()).unwrap_or_default(),
                sku: text(line, "sku"),
                name: text(line, "name"),
                quantity,
                unit_price: total.saturating_add(tax) / pieces,
            });
        }
        let billing = item.get("billing").unwrap_or(&Value::Null);
        let ours = text(item, "created_via") == VIA;
        Ok(Some(OrderIn {
            external_id: id(item),
            number: text(item, "number"),
            our_id: ours.then(|| text(item, "transaction_id")),
            state,
            hand_over: if collect { HandOver::Collect } else { HandOver::Ship },
            paid,
            ordered_ms: when(item, "date_created_gmt").unwrap_or(0),
            total: amount(item, "total").ok_or_else(broken)?,
            lines,
            customer: number(item, "customer_id")
                .filter(|id| *id != 0)
                .map(|id| id.to_string())
                .unwrap_or_default(),
            recipient: Recipient {
                name: name_of(billing),
                email: text(billing, "email"),
                phone: text(billing, "phone"),
                address: match item.get("shipping") {
                    Some(shipping) if !text(shipping, "city").is_empty() => address(shipping),
                    _ => address(billing),
                },
            },
            note: text(item, "customer_note"),
        }))
    }

    pub(super) async fn ids_page(&self, ask: &Ask) -> Result<Page<String>, Trouble> {
        let all = Ask { since_ms: None, next: ask.next.clone() };
        let fields = [("_fields", "id,type,variations".to_owned()), ("status", "any".to_owned())];
        let (items, page) = self.list("products", &all, &fields).await?;
        let mut ids = Vec::new();
        for item in &items {
            ids.push(id(item));
            ids.extend(each(item, "variations").filter_map(Value::as_i64).map(|id| id.to_string()));
        }
        let Page { next, server_ms, total, .. } = page;
        Ok(Page { items: ids, next, server_ms, total, bad: Vec::new() })
    }
}

/// Where the figure of goods is read and set.
pub(super) fn stock_path(goods: &Goods) -> String {
    if goods.product.is_empty() || goods.product == goods.external_id {
        format!("products/{}", goods.external_id)
    } else {
        format!("products/{}/variations/{}", goods.product, goods.external_id)
    }
}

/// Text without control characters; numbers as text, anything else as nothing.
pub(super) fn text(of: &Value, name: &str) -> String {
    match of.get(name) {
        Some(Value::String(text)) => text
            .chars()
            .filter(|c| !c.is_control())
            .take(2_000)
            .collect::<String>()
            .trim()
            .to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

pub(super) fn id(of: &Value) -> String {
    text(of, "id")
}

pub(super) fn each<'a>(of: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    of.get(name).and_then(Value::as_array).into_iter().flatten()
}

fn number(of: &Value, name: &str) -> Option<i64> {
    of.get(name).and_then(Value::as_i64)
}

/// A count in thousandths; the platform writes whole numbers, and some plugins parts of them.
pub(super) fn whole(of: &Value, name: &str) -> Option<i64> {
    minor_units(&text(of, name), 3)
}

/// A moment in UTC that the platform writes without a zone.
pub(super) fn when(of: &Value, name: &str) -> Option<i64> {
    let text = text(of, name);
    let moment: jiff::civil::DateTime = text.trim_end_matches('Z').parse().ok()?;
    Some(moment.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_millisecond())
}

pub(super) fn name_of(of: &Value) -> String {
    format!("{} {}", text(of, "first_name"), text(of, "last_name")).trim().to_owned()
}

pub(super) fn address(of: &Value) -> Address {
    let lines = [text(of, "company"), text(of, "address_1"), text(of, "address_2")];
    Address {
        lines: lines.into_iter().filter(|line| !line.is_empty()).collect(),
        postal_code: text(of, "postcode"),
        city: text(of, "city"),
        region: text(of, "state"),
        country: text(of, "country"),
    }
}
