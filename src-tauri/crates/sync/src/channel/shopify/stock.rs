//! How much there is. Shopify counts whole units; of what is sold by weight it knows whole ones only.

use serde_json::{Value, json};

use super::super::connector::{Ask, Errand, Found, Page, Trouble};
use super::super::words::{Done, Goods, StockIn, StockMoveOut, StockOut};
use super::Shopify;
use super::catalogue::lost;
use super::documents::{
    ACTIVATE_STOCK, ADJUST_STOCK, ALL_STOCK, CHANGED_STOCK, SET_STOCK, SHOP, STOCK_OF,
};
use super::graphql::NOT_HERE;
use super::read::{UNIT, flag, following, list, number, search, text, written};

/// Variants that are asked for at once.
const AT_ONCE: usize = 50;
/// For how long Shopify surely knows a key, in milliseconds.
const KEY_MS: i64 = 20 * 3_600_000;

/// What the shop says of a variant; none if it does not count it here.
pub(super) fn level(variant: &Value) -> Option<StockIn> {
    if !flag(variant, "/inventoryItem/tracked") {
        return None;
    }
    let units = number(variant, "/inventoryItem/inventoryLevel/quantities/0/quantity")?;
    Some(StockIn { external_id: text(variant, "/id"), quantity: units.checked_mul(UNIT)? })
}

impl Shopify {
    /// All of it by variant; later what moved at this counter's location: a product's clock does not
    /// move with its stock.
    pub(super) async fn read_stock(&self, ask: &Ask) -> Result<Page<StockIn>, Trouble> {
        let location = self.location().await?;
        let Some(since) = ask.since_ms else {
            let after = match ask.next.as_deref() {
                Some(next) => Some(next.parse::<u64>().map_err(|_| lost())?),
                None => None,
            };
            let variables = json!({ "query": search(None, after), "location": location });
            let said = self.api.ask(ALL_STOCK, &variables).await?;
            let next = following(&said.data["productVariants"])?;
            return Ok(Page {
                items: list(&said.data, "/productVariants/nodes")
                    .iter()
                    .filter_map(level)
                    .collect(),
                next: next.map(|number| number.to_string()),
                server_ms: said.server_ms,
                ..Page::default()
            });
        };
        let variables = json!({
            "location": location,
            "query": format!("updated_at:>='{}'", written(since)),
            "after": ask.next,
        });
        let said = self.api.ask(CHANGED_STOCK, &variables).await?;
        let levels = &said.data["location"]["inventoryLevels"];
        let more = flag(levels, "/pageInfo/hasNextPage");
        let mut page = Page {
            next: more.then(|| text(levels, "/pageInfo/endCursor")),
            server_ms: said.server_ms,
            ..Page::default()
        };
        for one in list(levels, "/nodes").iter().filter(|one| flag(one, "/item/tracked")) {
            let Some(units) = number(one, "/quantities/0/quantity") else { continue };
            for variant in list(one, "/item/variants/nodes") {
                let quantity = units.saturating_mul(UNIT);
                page.items.push(StockIn { external_id: text(variant, "/id"), quantity });
            }
        }
        Ok(page)
    }

    pub(super) async fn read_stock_of(&self, goods: &[Goods]) -> Result<Vec<StockIn>, Trouble> {
        let mut found = Vec::new();
        for some in goods.chunks(AT_ONCE) {
            let ids: Vec<&str> = some.iter().map(|one| one.external_id.as_str()).collect();
            found.extend(self.variants_here(&ids).await?.iter().filter_map(level));
        }
        Ok(found)
    }

    async fn variants_here(&self, ids: &[&str]) -> Result<Vec<Value>, Trouble> {
        let variables = json!({ "ids": ids, "location": self.location().await? });
        let said = self.api.ask(STOCK_OF, &variables).await?;
        Ok(list(&said.data, "/nodes").iter().filter(|one| one.is_object()).cloned().collect())
    }

    /// Sets a figure, if the shop still has the one that was last confirmed.
    pub(super) async fn set_stock(
        &self,
        errand: &Errand,
        stock: &StockOut,
    ) -> Result<Done, Trouble> {
        let goods = stock.goods.as_ref().ok_or_else(no_goods)?;
        let location = self.location().await?;
        let found = self.variants_here(&[&goods.external_id]).await?;
        let Some(variant) = found.first() else {
            return Err(Trouble::Refused("the shop has these goods no more".to_owned()));
        };
        if !flag(variant, "/inventoryItem/tracked") {
            return Ok(Done::default());
        }
        let item = text(variant, "/inventoryItem/id");
        let figure = stock.figure.div_euclid(UNIT).max(0);
        let Some(there) = level(variant) else {
            let key = format!("{}.here", errand.op_id);
            let variables = json!({ "item": item, "location": location, "available": figure });
            self.api.change_once(ACTIVATE_STOCK, "inventoryActivate", &variables, &key).await?;
            return Ok(confirmed(goods, figure));
        };
        if stock.expected.is_some_and(|expected| expected.div_euclid(UNIT) != there.quantity / UNIT)
        {
            return Err(Trouble::Stale(
                "the shop's figure is another than the one that it last said".to_owned(),
            ));
        }
        let from = there.quantity / UNIT;
        if from == figure {
            return Ok(confirmed(goods, figure));
        }
        let input = json!({
            "name": "available",
            "reason": "correction",
            "referenceDocumentUri": format!("gid://countertop/Stock/{}", errand.op_id),
            "quantities": [{
                "inventoryItemId": item,
                "locationId": location,
                "quantity": figure,
                "changeFromQuantity": from,
            }],
        });
        // The figure may be another at the next try, and a key stands for what was sent with it.
        let key = format!("{}.{from}.{figure}", errand.op_id);
        let variables = json!({ "input": input });
        self.api.change_once(SET_STOCK, "inventorySetQuantities", &variables, &key).await?;
        Ok(confirmed(goods, figure))
    }

    /// Says what came in or went out.
    pub(super) async fn move_stock(
        &self,
        errand: &Errand,
        moved: &StockMoveOut,
    ) -> Result<Done, Trouble> {
        let goods = moved.goods.as_ref().ok_or_else(no_goods)?;
        // A part of a unit cannot be said: the figure is set instead.
        let by_figure = || Ok(Done { unset: vec![moved.variant], ..Done::default() });
        if moved.quantity % UNIT != 0 || goods.stock_ref.is_empty() {
            return by_figure();
        }
        let reason = match moved.reason.as_str() {
            "receive" => "received",
            "waste" => "damaged",
            _ => "correction",
        };
        let input = json!({
            "name": "available",
            "reason": reason,
            "referenceDocumentUri": format!("gid://countertop/StockMove/{}", errand.op_id),
            "changes": [{
                "inventoryItemId": goods.stock_ref,
                "locationId": self.location().await?,
                "delta": moved.quantity / UNIT,
                "changeFromQuantity": null,
            }],
        });
        let variables = json!({ "input": input });
        let name = "inventoryAdjustQuantities";
        match self.api.change_once(ADJUST_STOCK, name, &variables, &errand.op_id).await {
            Ok(payload) => {
                let at = "/inventoryAdjustmentGroup/changes/0/quantityAfterChange";
                let said = number(&payload, at).map(|units| StockIn {
                    external_id: goods.external_id.clone(),
                    quantity: units.saturating_mul(UNIT),
                });
                Ok(Done { stock: said.into_iter().collect(), ..Done::default() })
            }
            Err(Trouble::Refused(words)) if words == NOT_HERE => by_figure(),
            Err(trouble) => Err(trouble),
        }
    }

    /// While Shopify knows the key, sending again does nothing twice; after that nobody can tell.
    pub(super) async fn key_is_good(&self, errand: &Errand) -> Result<Found, Trouble> {
        let said = self.api.ask(SHOP, &json!({})).await?;
        let first = errand.first_ms.into_iter().chain(made_ms(&errand.op_id)).min();
        let age = said.server_ms.zip(first).map(|(now, first)| now - first);
        Ok(match age {
            Some(age) if age < KEY_MS => Found::Missing,
            _ => Found::CannotTell,
        })
    }
}

/// When an operation was made: no try of it is older.
fn made_ms(op_id: &str) -> Option<i64> {
    let (seconds, nanos) = op_id.parse::<uuid::Uuid>().ok()?.get_timestamp()?.to_unix();
    i64::try_from(seconds).ok()?.checked_mul(1_000)?.checked_add(i64::from(nanos) / 1_000_000)
}

fn no_goods() -> Trouble {
    Trouble::Refused("the shop does not have these goods".to_owned())
}

fn confirmed(goods: &Goods, units: i64) -> Done {
    let quantity = units.saturating_mul(UNIT);
    let stock = vec![StockIn { external_id: goods.external_id.clone(), quantity }];
    Done { stock, ..Done::default() }
}
