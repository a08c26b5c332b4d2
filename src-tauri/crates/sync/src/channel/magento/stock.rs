//! How much lies at this register's source. Figures have no time of change: all are read.

use serde_json::{Value, json};

use super::super::connector::{Ask, Page, Trouble};
use super::super::value::{decimal, id, number};
use super::super::words::{Done, Goods, StockIn, StockOut};
use super::{LIMIT, Magento, Search, found, post};

/// Goods that are asked for at once: they stand in the address.
const SOME: usize = 50;

impl Magento {
    pub(super) async fn stock_page(&self, ask: &Ask) -> Result<Page<StockIn>, Trouble> {
        let search = self.items().after("sku", ask.next.as_deref());
        let answer = self.must(search.limit(LIMIT)).await?;
        let (some, total, is_last) = found(&answer);
        Ok(Page {
            items: some.iter().filter_map(item).collect(),
            next: some.last().and_then(|row| id(&row["sku"])).filter(|_| !is_last),
            server_ms: answer.server_ms,
            total: total.filter(|_| ask.next.is_none()),
            ..Page::default()
        })
    }

    pub(super) async fn stock_now(&self, goods: &[Goods]) -> Result<Vec<StockIn>, Trouble> {
        let mut all = Vec::new();
        // A comma would end an article number in such a list.
        let (single, listed): (Vec<&Goods>, Vec<&Goods>) =
            goods.iter().partition(|one| one.external_id.contains(','));
        for some in listed.chunks(SOME).chain(single.chunks(1)) {
            let skus: Vec<&str> = some.iter().map(|one| one.external_id.as_str()).collect();
            let condition = if skus.len() == 1 { "eq" } else { "in" };
            let search = self.items().filter("sku", condition, skus.join(","));
            all.extend(found(&self.must(search.limit(LIMIT)).await?).0.iter().filter_map(item));
        }
        Ok(all)
    }

    fn items(&self) -> Search {
        Search::new("inventory/source-items").filter("source_code", "eq", &self.source)
    }

    /// Sets what lies here.
    pub(super) async fn set_stock(&self, stock: &StockOut) -> Result<Done, Trouble> {
        let Some(goods) = &stock.goods else { return Ok(Done::default()) };
        self.set_figure(&goods.external_id, stock.figure).await?;
        Ok(Done::default())
    }

    pub(super) async fn set_figure(&self, sku: &str, figure: i64) -> Result<(), Trouble> {
        let item = json!({
            "sku": sku,
            "source_code": &self.source,
            "quantity": number(figure.max(0), 3),
            "status": i64::from(figure > 0),
        });
        let body = json!({ "sourceItems": [item] });
        self.must(post("inventory/source-items".to_owned(), body)).await?;
        Ok(())
    }
}

fn item(row: &Value) -> Option<StockIn> {
    Some(StockIn { external_id: id(&row["sku"])?, quantity: decimal(&row["quantity"], 3)? })
}
