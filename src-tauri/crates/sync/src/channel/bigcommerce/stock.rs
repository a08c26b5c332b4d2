//! How much there is, both ways.

use serde_json::{Value, json};

use super::super::connector::{Ask, Page, Trouble};
use super::super::transport::{Answer, Method, Request};
use super::super::value::{decimal, id, rows, text};
use super::super::words::{Done, Goods, StockIn, StockMoveOut, StockOut};
use super::{BigCommerce, pages, said, whole};

/// Items of a page.
const LIMIT: usize = 1_000;
/// Goods that are asked for at once: they stand in the address.
const SOME: usize = 100;
/// The most that a place can hold.
const MOST: i64 = 2_147_483_647;

impl BigCommerce {
    pub(super) async fn stock_page(&self, ask: &Ask) -> Result<Page<StockIn>, Trouble> {
        let number: u64 = ask.next.as_deref().and_then(|next| next.parse().ok()).unwrap_or(1);
        let request = self.items().with("limit", LIMIT).with("page", number);
        let answer = self.get(request).await?;
        let found = rows(&answer.body["data"]);
        let (total, _) = pages(&answer);
        let there = answer.body["meta"]["pagination"]["total_pages"].as_u64().unwrap_or(0);
        Ok(Page {
            items: found.iter().filter_map(item).collect(),
            next: (number < there && !found.is_empty()).then(|| (number + 1).to_string()),
            server_ms: answer.server_ms,
            total: total.filter(|_| ask.next.is_none()),
            ..Page::default()
        })
    }

    pub(super) async fn stock_now(&self, goods: &[Goods]) -> Result<Vec<StockIn>, Trouble> {
        let mut all = Vec::new();
        for some in goods.chunks(SOME) {
            let ids: Vec<&str> = some.iter().map(|one| one.external_id.as_str()).collect();
            let request = self.items().with("limit", LIMIT).with("variant_id:in", ids.join(","));
            all.extend(rows(&self.get(request).await?.body["data"]).iter().filter_map(item));
        }
        Ok(all)
    }

    fn items(&self) -> Request {
        Request::get(format!("v3/inventory/locations/{}/items", self.location))
    }

    /// Sets a figure.
    pub(super) async fn set_stock(&self, stock: &StockOut) -> Result<Done, Trouble> {
        let Some(goods) = &stock.goods else { return Ok(Done::default()) };
        // Parts of a unit cannot be offered.
        let figure = (stock.figure / 1_000).clamp(0, MOST);
        let answer =
            self.adjust(Method::Put, "absolute", "Countertop: figure", goods, figure).await?;
        answer.accepted(said)?;
        Ok(Done::default())
    }

    /// Tells what came in or went out. What cannot be told so is set as a figure.
    pub(super) async fn move_stock(&self, moved: &StockMoveOut) -> Result<Done, Trouble> {
        let Some(goods) = &moved.goods else { return Ok(Done::default()) };
        let unset = Done { unset: vec![moved.variant], ..Done::default() };
        let Some(quantity) = whole(moved.quantity) else { return Ok(unset) };
        let reason = format!("Countertop: {}", moved.reason);
        let answer = self.adjust(Method::Post, "relative", &reason, goods, quantity).await?;
        // 422: never counted or less there than goes out.
        Ok(if (200..300).contains(&answer.status) { Done::default() } else { unset })
    }

    /// Adjusts by variant or by product, whichever the shop counts by: it says so if it is the other.
    pub(super) async fn adjust(
        &self,
        method: Method,
        how: &str,
        reason: &str,
        goods: &Goods,
        quantity: i64,
    ) -> Result<Answer, Trouble> {
        let mut by_product = goods.stock_ref == "product";
        loop {
            let mut item = json!({ "location_id": self.location, "quantity": quantity });
            if by_product {
                item["product_id"] = number(goods.product.trim_start_matches('p'));
            } else {
                item["variant_id"] = number(&goods.external_id);
            }
            let mut request = Request::new(method, format!("v3/inventory/adjustments/{how}"));
            request.body = Some(json!({ "reason": reason, "items": [item] }));
            let answer = self.ask(request).await?;
            let title = text(&answer.body["title"]);
            let other = if by_product { "tracked by variant" } else { "tracked by product" };
            if answer.status != 422
                || !title.contains(other)
                || by_product == (goods.stock_ref != "product")
            {
                return Ok(answer);
            }
            by_product = !by_product;
        }
    }
}

/// An id as the number that it is.
pub(super) fn number(id: &str) -> Value {
    id.parse::<i64>().map_or(Value::Null, Value::from)
}

fn item(row: &Value) -> Option<StockIn> {
    let external_id = id(&row["identity"]["variant_id"])?;
    Some(StockIn { external_id, quantity: decimal(&row["available_to_sell"], 3)? })
}
