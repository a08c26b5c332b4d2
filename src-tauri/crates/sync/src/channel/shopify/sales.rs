//! A sale becomes an order, paid and handed over, which takes the goods from this counter's stock.

use serde_json::{Value, json};

use super::super::amount::decimal_text;
use super::super::connector::{Errand, Found, Trouble};
use super::super::words::{Done, LineOut, SaleOut};
use super::Shopify;
use super::documents::{CREATE_ORDER, FIND_ORDER};
use super::read::{UNIT, following, list, search, text};

/// Orders that the register made bear it.
pub(super) const TAG: &str = "countertop";
/// By which a line of an order is known again; names that begin with a line are not shown to buyers.
pub(super) const LINE: &str = "_countertop_line";
/// Pages of orders with an id like ours that are looked through.
const MAX_ALIKE: usize = 40;
/// What a tender is called that stands for goods which were taken back in the same sale.
const EXCHANGE: &str = "exchange";

impl Shopify {
    pub(super) async fn create_order(
        &self,
        errand: &Errand,
        sale: &SaleOut,
    ) -> Result<Done, Trouble> {
        let location = self.location().await?;
        let mut order = json!({
            "sourceIdentifier": errand.our_id,
            "processedAt": super::read::written(sale.at_ms),
            "currency": sale.currency,
            "taxesIncluded": true,
            "tags": [TAG],
            "customAttributes": [{ "key": "Receipt", "value": sale.number }],
            "lineItems": lines(sale),
            "transactions": transactions(sale, location),
            "fulfillment": { "locationId": location, "notifyCustomer": false },
        });
        if let Some(order) = order.as_object_mut() {
            if !self.source.is_empty() {
                order.insert("sourceName".to_owned(), json!(self.source));
            }
            if !sale.customer_external.is_empty() {
                let customer = json!({ "toAssociate": { "id": sale.customer_external } });
                order.insert("customer".to_owned(), customer);
            }
        }
        // Without the first of them an order takes nothing from stock.
        let options = json!({
            "inventoryBehaviour": "DECREMENT_IGNORING_POLICY",
            "sendReceipt": false,
            "sendFulfillmentReceipt": false,
        });
        let variables = json!({ "order": order, "options": options });
        let payload = self.api.change(CREATE_ORDER, "orderCreate", &variables).await?;
        match text(&payload, "/order/id") {
            id if id.is_empty() => {
                Err(Trouble::unknown("the shop does not say what it called the order"))
            }
            external_id => Ok(Done { external_id, ..Done::default() }),
        }
    }

    /// The order that a sale became. The search finds what is alike, too, and ids that were made in the
    /// same minute begin alike: all of it is read, and only the very same id counts.
    pub(super) async fn find_order(&self, our_id: &str) -> Result<Found, Trouble> {
        let mut after = None;
        for _ in 0..MAX_ALIKE {
            let alike = format!("source_identifier:\"{our_id}\"");
            let query = match search(None, after) {
                Some(rest) => format!("{alike} AND {rest}"),
                None => alike,
            };
            let said = self.api.ask(FIND_ORDER, &json!({ "query": query })).await?;
            let orders = &said.data["orders"];
            let mut all = list(orders, "/nodes").iter();
            if let Some(node) = all.find(|node| text(node, "/sourceIdentifier") == our_id) {
                let external_id = text(node, "/id");
                return Ok(Found::Done(Done { external_id, ..Done::default() }));
            }
            after = following(orders)?;
            if after.is_none() {
                return Ok(Found::Missing);
            }
        }
        Ok(Found::CannotTell)
    }
}

fn money(minor: i64, sale: &SaleOut) -> Value {
    let amount = decimal_text(minor, sale.exponent);
    json!({ "shopMoney": { "amount": amount, "currencyCode": sale.currency } })
}

fn lines(sale: &SaleOut) -> Vec<Value> {
    sale.lines.iter().flat_map(|line| pieces(line, sale)).collect()
}

/// A line of the sale as lines of an order. Shopify multiplies a unit's price, so what does not come out
/// even becomes two lines, a minor unit apart. What is sold by weight, or is not in the shop, is a line of
/// text: it takes nothing from stock.
fn pieces(line: &LineOut, sale: &SaleOut) -> Vec<Value> {
    let units = line.quantity / UNIT;
    let goods = line.goods.as_ref().filter(|_| line.quantity % UNIT == 0 && units > 0);
    let Some(goods) = goods else {
        let mut one = piece(line, 1, line.total, &taxes(line, line.total, 0, sale), sale);
        one["title"] = json!(titled(line));
        return vec![one];
    };
    let (price, dearer) = (line.total / units, line.total % units);
    let mut pieces = Vec::new();
    let mut before = 0;
    for (units, price) in [(dearer, price + 1), (units - dearer, price)] {
        if units == 0 {
            continue;
        }
        let total = units * price;
        let mut one = piece(line, units, price, &taxes(line, total, before, sale), sale);
        one["variantId"] = json!(goods.external_id);
        before += total;
        pieces.push(one);
    }
    pieces
}

fn piece(line: &LineOut, units: i64, price: i64, taxes: &[Value], sale: &SaleOut) -> Value {
    let mut piece = json!({
        "quantity": units,
        "priceSet": money(price, sale),
        "taxLines": taxes,
        "requiresShipping": false,
        "properties": [{ "name": LINE, "value": line.id.to_string() }],
    });
    if !line.sku.is_empty() {
        piece["sku"] = json!(line.sku);
    }
    piece
}

/// `Apples, 0.350`.
fn titled(line: &LineOut) -> String {
    if line.quantity == UNIT {
        return line.name.clone();
    }
    let quantity = decimal_text(line.quantity, 3);
    let quantity = quantity.trim_end_matches('0').trim_end_matches('.');
    format!("{}, {quantity}", line.name)
}

/// The part of each tax that belongs to `total` of a line, when `before` of it was shared out already:
/// all parts together are the tax, to the minor unit.
fn taxes(line: &LineOut, total: i64, before: i64, sale: &SaleOut) -> Vec<Value> {
    let upto = |amount: i64, of: i64| match line.total {
        0 => amount,
        whole => i128::from(amount)
            .saturating_mul(i128::from(of))
            .checked_div(i128::from(whole))
            .and_then(|part| i64::try_from(part).ok())
            .unwrap_or(amount),
    };
    line.taxes
        .iter()
        .map(|tax| {
            let amount = upto(tax.amount, before + total) - upto(tax.amount, before);
            json!({
                "title": tax.code,
                "rate": rate(tax.amount, line.net),
                "priceSet": money(amount, sale),
            })
        })
        .collect()
}

/// A tax as a part of what it is on, to a millionth; Shopify wants one with each tax of a line.
fn rate(tax: i64, net: i64) -> String {
    let millionths = i128::from(tax)
        .saturating_mul(1_000_000)
        .checked_div(i128::from(net))
        .and_then(|rate| i64::try_from(rate).ok())
        .unwrap_or(0);
    decimal_text(millionths.max(0), 6)
}

/// How it was paid, no more than it comes to. What is left was paid with goods that came back.
fn transactions(sale: &SaleOut, location: &str) -> Vec<Value> {
    let mut left = sale.total;
    let mut made = Vec::new();
    let mut pay = |gateway: &str, amount: i64| {
        let amount = amount.min(left);
        if amount > 0 {
            left -= amount;
            made.push(json!({
                "kind": "SALE",
                "status": "SUCCESS",
                "gateway": gateway,
                "amountSet": money(amount, sale),
                "locationId": location,
                "processedAt": super::read::written(sale.at_ms),
            }));
        }
    };
    for paid in &sale.paid {
        pay(&paid.kind, paid.amount);
    }
    pay(EXCHANGE, sale.total);
    made
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use countertop_domain::ids::{LineId, VariantId};
    use serde_json::Value;
    use uuid::Uuid;

    use super::super::super::amount::minor_units;
    use super::super::super::words::{Goods, LineOut, PaidWith, SaleOut, TaxOut};
    use super::{lines, transactions};

    fn sale(quantity: i64, total: i64, tax: i64, paid: &[(&str, i64)]) -> SaleOut {
        let goods =
            Goods { external_id: "gid://shopify/ProductVariant/1".to_owned(), ..Goods::default() };
        SaleOut {
            number: "T1-000001".to_owned(),
            at_ms: 1_700_000_000_000,
            currency: "EUR".to_owned(),
            exponent: 2,
            lines: vec![LineOut {
                id: LineId::new(Uuid::from_u128(7)),
                variant: VariantId::new(Uuid::from_u128(8)),
                goods: Some(goods),
                name: "Apples".to_owned(),
                sku: String::new(),
                quantity,
                net: total - tax,
                total,
                taxes: vec![TaxOut { code: "V".to_owned(), amount: tax }],
            }],
            net: total - tax,
            tax,
            total,
            paid: paid
                .iter()
                .map(|(kind, amount)| PaidWith { kind: (*kind).to_owned(), amount: *amount })
                .collect(),
            customer: None,
            customer_external: String::new(),
        }
    }

    fn minor(money: &Value) -> i64 {
        minor_units(money["shopMoney"]["amount"].as_str().unwrap(), 2).unwrap()
    }

    #[test]
    fn an_orders_lines_come_to_the_sale_to_the_cent_whatever_the_quantity() {
        for (units, total, tax) in
            [(3, 1_000, 160), (7, 1, 0), (1, 999, 160), (9, 0, 0), (4, 1_003, 7)]
        {
            let sale = sale(units * 1_000, total, tax, &[]);
            let lines = lines(&sale);
            let (mut sold, mut cost, mut taxed) = (0, 0, 0);
            for line in &lines {
                let quantity = line["quantity"].as_i64().unwrap();
                assert_eq!(line["variantId"], "gid://shopify/ProductVariant/1");
                sold += quantity;
                cost += quantity * minor(&line["priceSet"]);
                taxed += minor(&line["taxLines"][0]["priceSet"]);
            }
            assert_eq!((sold, cost, taxed), (units, total, tax), "{units} for {total}");
        }
    }

    #[test]
    fn what_is_weighed_is_a_line_of_text_that_takes_nothing_from_stock() {
        let lines = lines(&sale(350, 123, 8, &[]));
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0]["title"], "Apples, 0.35");
        assert_eq!(lines[0]["quantity"], 1);
        assert!(lines[0].get("variantId").is_none());
        assert_eq!(minor(&lines[0]["priceSet"]), 123);
    }

    #[test]
    fn what_was_paid_is_never_more_than_the_order_and_goods_that_came_back_pay_the_rest() {
        let paid = |sale: &SaleOut| {
            let made = transactions(sale, "gid://shopify/Location/1");
            let one = |one: &Value| {
                (one["gateway"].as_str().unwrap().to_owned(), minor(&one["amountSet"]))
            };
            made.iter().map(one).collect::<Vec<_>>()
        };
        let pair = |kind: &str, amount| (kind.to_owned(), amount);
        let two = sale(1_000, 1_000, 0, &[("cash", 400), ("card_external", 700)]);
        assert_eq!(paid(&two), [pair("cash", 400), pair("card_external", 600)]);
        let exchanged = sale(1_000, 1_000, 0, &[("cash", 300)]);
        assert_eq!(paid(&exchanged), [pair("cash", 300), pair("exchange", 700)]);
        let back = sale(1_000, 1_000, 0, &[("cash", -300)]);
        assert_eq!(paid(&back), [pair("exchange", 1_000)]);
    }
}
