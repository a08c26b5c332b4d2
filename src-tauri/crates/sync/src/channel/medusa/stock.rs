//! How much there is: stocked less reserved, at one location.

use serde_json::{Value, json};

use super::{List, Medusa, QUANTITY, after, number};
use crate::channel::connector::{Ask, Page, Trouble};
use crate::channel::transport::Request;
use crate::channel::value::{decimal, id, rows, text};
use crate::channel::words::{Done, Goods, StockIn, StockOut};

/// Variants on a page.
const PAGE: u64 = 200;

const LEVELS: &str = "id,manage_inventory,*inventory_items,*inventory_items.inventory,\
    *inventory_items.inventory.location_levels";

impl Medusa {
    /// All figures: nothing that Medusa lists moves when an order takes something.
    pub(super) async fn stock_page(&self, ask: &Ask) -> Result<Page<StockIn>, Trouble> {
        let offset = ask.next.as_deref().and_then(|next| next.parse().ok()).unwrap_or(0);
        let list = List::new(PAGE, offset, LEVELS);
        let answer = self.list("admin/product-variants", &list).await?;
        let given = rows(&answer.body["variants"]);
        let items = given.iter().filter_map(|one| self.figure(one)).collect();
        let next = after(offset, given.len(), &answer.body).map(|offset| offset.to_string());
        let total = answer.body["count"].as_u64();
        Ok(Page { items, next, server_ms: answer.server_ms, total, bad: Vec::new() })
    }

    pub(super) async fn stock_now(&self, goods: &[Goods]) -> Result<Vec<StockIn>, Trouble> {
        let mut all = Vec::new();
        for part in goods.chunks(50) {
            let mut list = List::new(PAGE, 0, LEVELS);
            for one in part {
                list = list.only("id[]", &one.external_id);
            }
            let answer = self.list("admin/product-variants", &list).await?;
            all.extend(rows(&answer.body["variants"]).iter().filter_map(|one| self.figure(one)));
        }
        Ok(all)
    }

    fn figure(&self, variant: &Value) -> Option<StockIn> {
        if variant["manage_inventory"] != true {
            return None;
        }
        let [item] = rows(&variant["inventory_items"]) else { return None };
        let (stocked, reserved) = self.level(&item["inventory"]["location_levels"])?;
        let quantity = stocked.saturating_sub(reserved);
        Some(StockIn { external_id: id(&variant["id"])?, quantity })
    }

    /// What is stocked and reserved at our location, in thousandths; none if it is not kept there.
    fn level(&self, levels: &Value) -> Option<(i64, i64)> {
        let here = rows(levels).iter().find(|one| text(&one["location_id"]) == self.location)?;
        let of = |name: &str| decimal(&here[name], QUANTITY);
        Some((of("stocked_quantity")?, of("reserved_quantity")?))
    }

    /// Sets what may be sold. An order that comes in between moves what is reserved and spoils nothing.
    pub(super) async fn set_stock(&self, stock: &StockOut) -> Result<Done, Trouble> {
        let Some(goods) = stock.goods.as_ref().filter(|goods| !goods.stock_ref.is_empty()) else {
            return Ok(Done::default());
        };
        let item = format!("admin/inventory-items/{}", goods.stock_ref);
        let read = Request::get(&item).with("fields", "id,*location_levels");
        let now = self.ask(read).await?.body;
        let level = self.level(&now["inventory_item"]["location_levels"]);
        let reserved = level.map_or(0, |(_, reserved)| reserved);
        let stocked = number(stock.figure.max(0).saturating_add(reserved), QUANTITY);
        let set = match level {
            Some(_) => Request::post(
                format!("{item}/location-levels/{}", self.location),
                json!({ "stocked_quantity": stocked }),
            ),
            None => Request::post(
                format!("{item}/location-levels"),
                json!({ "location_id": self.location, "stocked_quantity": stocked }),
            ),
        };
        let said = self.ask(set.with("fields", "id,*location_levels")).await?.body;
        let external_id = goods.external_id.clone();
        let stock = self
            .level(&said["inventory_item"]["location_levels"])
            .map(|(stocked, reserved)| StockIn {
                external_id: external_id.clone(),
                quantity: stocked.saturating_sub(reserved),
            })
            .into_iter()
            .collect();
        Ok(Done { external_id, stock, unset: Vec::new() })
    }
}
