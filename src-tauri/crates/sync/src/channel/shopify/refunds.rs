//! What came back: lines of the order that its sale became, or of one that was made there.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::super::amount::{decimal_text, minor_units};
use super::super::connector::{Errand, Found, Trouble};
use super::super::words::{Done, RefundLineOut, RefundOut};
use super::Shopify;
use super::documents::{CREATE_REFUND, REFUND_BASE};
use super::read::{UNIT, list, number, text};
use super::sales::LINE;

impl Shopify {
    pub(super) async fn create_refund(
        &self,
        errand: &Errand,
        refund: &RefundOut,
    ) -> Result<Done, Trouble> {
        let base = self.refund_base(refund).await?;
        if let Some(done) = done_before(&base, &errand.our_id) {
            return Ok(done);
        }
        let location = self.location().await?;
        let (lines, unset) = lines(&base, refund, location);
        let input = json!({
            "orderId": refund.order_external,
            "note": note(refund, &errand.our_id),
            "notify": false,
            "processedAt": super::read::written(refund.at_ms),
            // What the register gave back is what was given back, whatever the shop would suggest.
            "allowOverRefunding": true,
            "refundLineItems": lines,
            "transactions": transactions(&base, refund),
        });
        let variables = json!({ "input": input });
        let payload =
            self.api.change_once(CREATE_REFUND, "refundCreate", &variables, &errand.op_id).await?;
        match text(&payload, "/refund/id") {
            id if id.is_empty() => {
                Err(Trouble::unknown("the shop does not say what it called the refund"))
            }
            external_id => Ok(Done { external_id, unset, ..Done::default() }),
        }
    }

    /// The order itself is read, not searched for: what it says is so.
    pub(super) async fn find_refund(
        &self,
        errand: &Errand,
        refund: &RefundOut,
    ) -> Result<Found, Trouble> {
        let base = self.refund_base(refund).await?;
        Ok(done_before(&base, &errand.our_id).map_or(Found::Missing, Found::Done))
    }

    async fn refund_base(&self, refund: &RefundOut) -> Result<Value, Trouble> {
        let variables = json!({ "order": refund.order_external });
        let said = self.api.ask(REFUND_BASE, &variables).await?;
        match said.data["order"].clone() {
            Value::Null => Err(Trouble::Refused(
                "the shop has that order no more, or it is older than 60 days and the app may not \
                 read it"
                    .to_owned(),
            )),
            order => Ok(order),
        }
    }
}

/// What goes back by which payment: each gives no more than is left of it, but for the last one.
fn transactions(base: &Value, refund: &RefundOut) -> Vec<Value> {
    let minor = |one: &Value| {
        minor_units(&text(one, "/amountSet/shopMoney/amount"), refund.exponent).unwrap_or(0)
    };
    let all = list(base, "/transactions");
    let good = |kind: &'static [&'static str]| {
        all.iter().filter(move |one| {
            kind.contains(&text(one, "/kind").as_str()) && text(one, "/status") == "SUCCESS"
        })
    };
    let mut given: HashMap<String, i64> = HashMap::new();
    for one in good(&["REFUND"]) {
        *given.entry(text(one, "/parentTransaction/id")).or_default() += minor(one);
    }
    let payments: Vec<(String, String, i64)> = good(&["SALE", "CAPTURE"])
        .map(|one| {
            let id = text(one, "/id");
            let left = minor(one) - given.get(&id).copied().unwrap_or(0);
            (id, text(one, "/gateway"), left.max(0))
        })
        .collect();
    let mut left = refund.total;
    let mut made = Vec::new();
    for (turn, (id, gateway, most)) in payments.iter().enumerate() {
        let last = turn + 1 == payments.len();
        let amount = if last { left } else { left.min(*most) };
        if amount > 0 {
            left -= amount;
            made.push(json!({
                "orderId": refund.order_external,
                "parentId": id,
                "gateway": gateway,
                "kind": "REFUND",
                "amount": decimal_text(amount, refund.exponent),
            }));
        }
    }
    made
}

fn note(refund: &RefundOut, our_id: &str) -> String {
    let reason =
        if refund.reason.is_empty() { String::new() } else { format!(", {}", refund.reason) };
    format!("{}{reason} [countertop:{our_id}]", refund.number)
}

fn done_before(base: &Value, our_id: &str) -> Option<Done> {
    let mark = format!("[countertop:{our_id}]");
    let refunds = list(base, "/refunds").iter();
    let mut ours = refunds.filter(|one| text(one, "/note").ends_with(&mark));
    let external_id = text(ours.next()?, "/id");
    Some(Done { external_id, ..Done::default() })
}

/// The order's lines that came back, and the goods whose figure must be set because no line could be said
/// to be theirs.
fn lines(
    base: &Value,
    refund: &RefundOut,
    location: &str,
) -> (Vec<Value>, Vec<countertop_domain::ids::VariantId>) {
    let mut left: HashMap<String, i64> = HashMap::new();
    for node in list(base, "/lineItems/nodes") {
        left.insert(text(node, "/id"), number(node, "/refundableQuantity").unwrap_or(0));
    }
    let (mut made, mut unset) = (Vec::new(), Vec::new());
    for line in &refund.lines {
        let mut wanted = if line.quantity % UNIT == 0 { line.quantity / UNIT } else { 0 };
        let mut stocked = wanted > 0;
        for node in list(base, "/lineItems/nodes").iter().filter(|node| is_of(node, line)) {
            let id = text(node, "/id");
            let some = left.get(&id).copied().unwrap_or(0).min(wanted);
            if some <= 0 {
                continue;
            }
            left.entry(id.clone()).and_modify(|there| *there -= some);
            wanted -= some;
            // A line of text has no stock.
            let shelf = line.restock && !node["variant"].is_null();
            stocked &= shelf || !line.restock;
            let mut one = json!({
                "lineItemId": id,
                "quantity": some,
                "restockType": if shelf { "RETURN" } else { "NO_RESTOCK" },
            });
            if shelf {
                one["locationId"] = json!(location);
            }
            made.push(one);
        }
        if line.restock && line.goods.is_some() && (wanted > 0 || !stocked) {
            unset.push(line.variant);
        }
    }
    (made, unset)
}

/// Whether a line of the order is the one that came back: by our mark, or by its goods where the order
/// was made there.
fn is_of(node: &Value, line: &RefundLineOut) -> bool {
    let mark = list(node, "/customAttributes").iter().find(|one| one["key"] == LINE);
    match mark {
        Some(mark) => mark["value"] == line.line.to_string(),
        None => {
            line.goods.as_ref().is_some_and(|goods| text(node, "/variant/id") == goods.external_id)
        }
    }
}
