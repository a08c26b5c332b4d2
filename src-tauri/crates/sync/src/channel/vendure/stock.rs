//! How much there is. What may be sold is on hand less allocated; only what is on hand can be set.

use serde_json::{Value, json};

use super::Vendure;
use super::wire::after;
use crate::channel::connector::{Ask, Page, Trouble};
use crate::channel::value::{id, rows, text};
use crate::channel::words::{Done, Goods, StockIn, StockOut};

/// Variants on a page; Vendure gives at most 1,000.
const PAGE: u64 = 500;

const LEVELS: &str = "query Levels($options: ProductVariantListOptions) {
    productVariants(options: $options) { totalItems
        items { id stockLevels { stockLocationId stockOnHand stockAllocated } } } }";

/// What may be sold of a variant, in thousandths: at one location, or at its first.
pub(super) fn available(levels: &Value, location: &str) -> i64 {
    let (on_hand, allocated) = level(levels, location);
    on_hand.saturating_sub(allocated).saturating_mul(1_000)
}

/// What is on hand and what of it is allocated, in pieces.
fn level(levels: &Value, location: &str) -> (i64, i64) {
    let place = |one: &Value| text(&one["stockLocationId"]);
    let found = if location.is_empty() {
        rows(levels).iter().min_by_key(|one| (place(one).len(), place(one)))
    } else {
        rows(levels).iter().find(|one| place(one) == location)
    };
    let of = |name: &str| found.and_then(|one| one[name].as_i64()).unwrap_or(0);
    (of("stockOnHand"), of("stockAllocated"))
}

impl Vendure {
    /// All figures: nothing that Vendure lists moves when an order takes something.
    pub(super) async fn stock_page(&self, ask: &Ask) -> Result<Page<StockIn>, Trouble> {
        let skip = ask.next.as_deref().and_then(|next| next.parse().ok()).unwrap_or(0);
        let options = json!({ "skip": skip, "take": PAGE, "sort": { "id": "ASC" } });
        let said = self.api.ask(LEVELS, json!({ "options": options })).await?;
        let list = &said.data["productVariants"];
        let items = self.read_levels(list);
        let total = list["totalItems"].as_u64().unwrap_or(0);
        let next = after(skip, rows(&list["items"]).len(), total).map(|skip| skip.to_string());
        Ok(Page { items, next, server_ms: said.server_ms, total: Some(total), bad: Vec::new() })
    }

    pub(super) async fn stock_now(&self, goods: &[Goods]) -> Result<Vec<StockIn>, Trouble> {
        let mut all = Vec::new();
        for part in goods.chunks(usize::try_from(PAGE).unwrap_or(1)) {
            let ids: Vec<&str> = part.iter().map(|one| one.external_id.as_str()).collect();
            let options = json!({ "take": PAGE, "filter": { "id": { "in": ids } } });
            let said = self.api.ask(LEVELS, json!({ "options": options })).await?;
            all.extend(self.read_levels(&said.data["productVariants"]));
        }
        Ok(all)
    }

    fn read_levels(&self, list: &Value) -> Vec<StockIn> {
        let read = |one: &Value| {
            let quantity = available(&one["stockLevels"], &self.location);
            Some(StockIn { external_id: id(&one["id"])?, quantity })
        };
        rows(&list["items"]).iter().filter_map(read).collect()
    }

    /// Sets what may be sold. Vendure knows no setting under a condition: an order that comes in between
    /// moves what is allocated and spoils nothing, and what is wrong after a parcel that left in between
    /// is put right by the next reading.
    pub(super) async fn set_stock(&self, stock: &StockOut) -> Result<Done, Trouble> {
        const NOW: &str = "query LevelNow($id: ID!) {
            productVariant(id: $id) { id stockLevels { stockLocationId stockOnHand stockAllocated } }
            stockLocations(options: { take: 1, sort: { id: ASC } }) { items { id } } }";
        const SET: &str = "mutation SetLevel($input: [UpdateProductVariantInput!]!) {
            updateProductVariants(input: $input) { id
                stockLevels { stockLocationId stockOnHand stockAllocated } } }";
        let Some(goods) = &stock.goods else { return Ok(Done::default()) };
        let variant = &goods.external_id;
        let said = self.api.ask(NOW, json!({ "id": variant })).await.map_err(unsent)?.data;
        if said["productVariant"].is_null() {
            return Err(Trouble::Refused(
                "the shop does not have this variant any more".to_owned(),
            ));
        }
        let location = if self.location.is_empty() {
            let first = rows(&said["stockLocations"]["items"]).first();
            first.map(|one| text(&one["id"])).unwrap_or_default()
        } else {
            self.location.clone()
        };
        let (_, allocated) = level(&said["productVariant"]["stockLevels"], &location);
        let on_hand = (stock.figure.max(0) / 1_000).saturating_add(allocated);
        let input = json!([{ "id": variant,
            "stockLevels": [{ "stockLocationId": location, "stockOnHand": on_hand }] }]);
        let set = self.api.ask(SET, json!({ "input": input })).await?.data;
        let stock = rows(&set["updateProductVariants"])
            .iter()
            .map(|one| StockIn {
                external_id: variant.clone(),
                quantity: available(&one["stockLevels"], &location),
            })
            .collect();
        Ok(Done { external_id: variant.clone(), stock, unset: Vec::new() })
    }
}

/// Trouble while it was only read: nothing was done.
fn unsent(trouble: Trouble) -> Trouble {
    match trouble {
        Trouble::Unknown { words, wait_ms: None } => Trouble::NotSent(words),
        Trouble::Unknown { words, wait_ms } => Trouble::Busy { words, wait_ms },
        trouble => trouble,
    }
}
