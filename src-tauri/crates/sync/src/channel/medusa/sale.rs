//! Counter sales as orders, and what is given back of them. Each try reads how far the one before it came
//! and goes on there.

use serde_json::{Map, Value, json};

use super::orders::{ORDER, deliverable, unfulfilled};
use super::{List, Medusa, QUANTITY, after, after_a_part, number};
use crate::channel::connector::{Errand, Found, Trouble};
use crate::channel::transport::Request;
use crate::channel::value::{decimal, iso, rows, text};
use crate::channel::words::{Done, LineOut, RefundOut, SaleOut};

/// The name of our id in an order's metadata.
pub(super) const OURS: &str = "countertop_id";
/// Whom a sale is put down to that nobody left a name for; nothing can be delivered to it.
const WALK_IN: &str = "counter-sale@countertop.invalid";
/// What Medusa says, with their ids, of variants that it does not have or does not offer.
const NOT_OFFERED: &str = "belong to a product that is not published";
/// How far back before the first try orders are looked through: the shop's clock may differ.
const BACK_MS: i64 = 24 * 3_600_000;
/// Orders on a page.
const PAGE: u64 = 100;
/// Steps of one order; each brings it further.
const MAX_STEPS: u32 = 10;
/// Decimal places of a price for one, so that it comes to the line's amount.
const UNIT_PLACES: u32 = 9;

impl Medusa {
    fn line_out(&self, line: &LineOut, is_text: bool) -> Value {
        let mut item = json!({ "title": line.name, "quantity": number(line.quantity, QUANTITY),
            "unit_price": self.unit_price(line), "metadata": { "line": line.id.to_string() } });
        if let Some(goods) = line.goods.as_ref().filter(|_| !is_text) {
            item["variant_id"] = json!(goods.external_id);
        }
        item
    }

    /// What one of a line comes to, with tax: Medusa puts none on what has no address. A trace more than
    /// exact where it does not come out even, never less: what was paid can all be given back then.
    fn unit_price(&self, line: &LineOut) -> Value {
        let more = 10_i128.pow(UNIT_PLACES.saturating_sub(self.places));
        let quantity = i128::from(line.quantity.max(1));
        let whole = i128::from(line.total) * 1_000;
        let ceiling = |of: i128| (of + quantity - 1).div_euclid(quantity);
        match i64::try_from(ceiling(whole * more)) {
            Ok(unit) => number(unit, UNIT_PLACES.max(self.places)),
            // Too much for so many places.
            Err(_) => self.written(i64::try_from(ceiling(whole)).unwrap_or(i64::MAX)),
        }
    }

    pub(super) async fn send_sale(&self, errand: &Errand, sale: &SaleOut) -> Result<Done, Trouble> {
        let found = match errand.first_ms {
            Some(first_ms) => self.order_of(&errand.our_id, first_ms).await?,
            None => None,
        };
        let mut order = match found {
            Some(order) => order,
            None => self.drafted(errand, sale).await?,
        };
        for _ in 0..MAX_STEPS {
            if is_whole(&order) {
                return Ok(sold(&order, sale));
            }
            order = self.step(&order).await.map_err(after_a_part)?;
        }
        Err(Trouble::unknown("the order of a sale does not get any further in the shop"))
    }

    /// The draft of a sale. What the shop does not offer at present goes as text.
    async fn drafted(&self, errand: &Errand, sale: &SaleOut) -> Result<Value, Trouble> {
        match self.draft(errand, sale, "").await {
            Err(Trouble::Refused(words)) if words.contains(NOT_OFFERED) => {
                self.draft(errand, sale, &words).await
            }
            drafted => drafted,
        }
    }

    /// A draft with our id from its first moment; variants that are named in `without` go as text.
    async fn draft(
        &self,
        errand: &Errand,
        sale: &SaleOut,
        without: &str,
    ) -> Result<Value, Trouble> {
        let is_text = |line: &LineOut| {
            line.goods.as_ref().is_some_and(|goods| without.contains(&goods.external_id))
        };
        let items: Vec<Value> =
            sale.lines.iter().map(|line| self.line_out(line, is_text(line))).collect();
        let paid: Vec<Value> = sale
            .paid
            .iter()
            .map(|one| json!({ "kind": one.kind, "amount": self.written(one.amount) }))
            .collect();
        let mut draft = json!({
            "region_id": self.region,
            "sales_channel_id": self.sales_channel,
            "currency_code": self.currency,
            "no_notification_order": true,
            "items": items,
            "metadata": { OURS: errand.our_id, "countertop_receipt": sale.number,
                "countertop_sold_at": iso(sale.at_ms), "countertop_paid": paid,
                "countertop_total": self.written(sale.total) },
        });
        if sale.customer_external.is_empty() {
            draft["email"] = json!(WALK_IN);
        } else {
            draft["customer_id"] = json!(sale.customer_external);
        }
        let made = self.ask(Request::post("admin/draft-orders", draft)).await?;
        let mut order = made.body["draft_order"].clone();
        // A draft is read by other fields than an order.
        order["status"] = json!("draft");
        Ok(order)
    }

    /// The next step of an order of ours; it comes back as it is then.
    async fn step(&self, order: &Value) -> Result<Value, Trouble> {
        let id = text(&order["id"]);
        if order["status"] == "draft" {
            let path = format!("admin/draft-orders/{id}/convert-to-order");
            self.ask(Request::post(path, json!({}))).await?;
        } else if !is_paid(order) {
            self.put_payment(order).await?;
        } else {
            self.hand_over(order, Some(&self.shipping_option), "", true).await?;
        }
        self.order(&id).await
    }

    /// A payment outside the shop is put down: what is owed, and then that it is paid.
    pub(super) async fn put_payment(&self, order: &Value) -> Result<(), Trouble> {
        let id = text(&order["id"]);
        let open = rows(&order["payment_collections"])
            .iter()
            .find(|one| one["status"] == "not_paid")
            .map(|one| text(&one["id"]));
        let collection = match open {
            Some(collection) => collection,
            None => {
                let owed = json!({ "order_id": id, "amount": order["total"] });
                let made = self.ask(Request::post("admin/payment-collections", owed)).await?;
                text(&made.body["payment_collection"]["id"])
            }
        };
        let path = format!("admin/payment-collections/{collection}/mark-as-paid");
        let paid = Request::post(path, json!({ "order_id": id }));
        self.ask(paid).await.map_err(after_a_part).map(|_| ())
    }

    /// The order or draft of a sale, however far it came.
    async fn order_of(&self, our_id: &str, first_ms: i64) -> Result<Option<Value>, Trouble> {
        let since = iso(first_ms.saturating_sub(BACK_MS));
        for (path, name) in [("admin/orders", "orders"), ("admin/draft-orders", "draft_orders")] {
            let mut offset = 0;
            loop {
                let list = List::new(PAGE, offset, "id,status,metadata,created_at");
                let answer = self.list(path, &list.only("created_at[$gte]", &since)).await?;
                let given = rows(&answer.body[name]);
                let ours = given.iter().find(|one| text(&one["metadata"][OURS]) == our_id);
                if let Some(found) = ours {
                    if name == "orders" {
                        return self.order(&text(&found["id"])).await.map(Some);
                    }
                    let mut draft = found.clone();
                    draft["status"] = json!("draft");
                    return Ok(Some(draft));
                }
                match after(offset, given.len(), &answer.body) {
                    Some(next) => offset = next,
                    None => break,
                }
            }
        }
        Ok(None)
    }

    /// An order that went half of the way is missing: sending goes on with it.
    pub(super) async fn find_sale(
        &self,
        errand: &Errand,
        sale: &SaleOut,
    ) -> Result<Found, Trouble> {
        let first_ms = errand.first_ms.unwrap_or(sale.at_ms);
        let found = self.order_of(&errand.our_id, first_ms).await?;
        Ok(match found {
            Some(order) if is_whole(&order) => Found::Done(sold(&order, sale)),
            _ => Found::Missing,
        })
    }
}

/// A sale that is whole in the shop. What went as text there took nothing from its figure.
fn sold(order: &Value, sale: &SaleOut) -> Done {
    let is_there =
        |id: &str| rows(&order["items"]).iter().any(|item| text(&item["variant_id"]) == id);
    let is_unset =
        |line: &&LineOut| line.goods.as_ref().is_some_and(|goods| !is_there(&goods.external_id));
    let unset = sale.lines.iter().filter(is_unset).map(|line| line.variant).collect();
    Done { external_id: text(&order["id"]), stock: Vec::new(), unset }
}

pub(super) fn is_paid(order: &Value) -> bool {
    matches!(&*text(&order["payment_status"]), "captured" | "partially_refunded" | "refunded")
        || order["total"] == json!(0)
}

fn is_whole(order: &Value) -> bool {
    match &*text(&order["status"]) {
        "draft" => false,
        "canceled" => true,
        _ => is_paid(order) && unfulfilled(order).is_empty() && deliverable(order).is_empty(),
    }
}

/// What of a refund the shop has already.
struct Refunded {
    is_there: bool,
    /// What can be given back, and of which payment.
    amount: Option<(String, i64)>,
}

impl Medusa {
    async fn refunded(&self, errand: &Errand, refund: &RefundOut) -> Result<Refunded, Trouble> {
        let request =
            Request::get(format!("admin/orders/{}", refund.order_external)).with("fields", ORDER);
        let order = self.ask(request).await?.body["order"].clone();
        let payments: Vec<&Value> = rows(&order["payment_collections"])
            .iter()
            .flat_map(|one| rows(&one["payments"]))
            .collect();
        let is_ours = |one: &Value| text(&one["note"]).contains(&errand.our_id);
        let is_there = payments.iter().flat_map(|one| rows(&one["refunds"])).any(is_ours);
        let sum = |of: &[Value]| -> i64 {
            of.iter().filter_map(|one| self.amount(&one["amount"])).fold(0, i64::saturating_add)
        };
        let amount = payments
            .iter()
            .map(|one| {
                let left = sum(rows(&one["captures"])).saturating_sub(sum(rows(&one["refunds"])));
                (text(&one["id"]), left.min(refund.total))
            })
            .max_by_key(|(_, amount)| *amount)
            .filter(|(_, amount)| *amount > 0);
        Ok(Refunded { is_there, amount })
    }

    fn given_back(errand: &Errand, refund: &RefundOut) -> Done {
        let back = refund.lines.iter().filter(|line| line.restock && line.goods.is_some());
        Done {
            external_id: errand.our_id.clone(),
            stock: Vec::new(),
            unset: back.map(|line| line.variant).collect(),
        }
    }

    /// The money; what came back is set as a figure next.
    pub(super) async fn send_refund(
        &self,
        errand: &Errand,
        refund: &RefundOut,
    ) -> Result<Done, Trouble> {
        let known = self.refunded(errand, refund).await?;
        if let (false, Some((payment, amount))) = (known.is_there, &known.amount) {
            let note = format!("{} {} ({})", refund.number, refund.reason, errand.our_id);
            let path = format!("admin/payments/{payment}/refund");
            let body = json!({ "amount": self.written(*amount), "note": note });
            self.ask(Request::post(path, body)).await?;
        }
        Ok(Self::given_back(errand, refund))
    }

    pub(super) async fn find_refund(
        &self,
        errand: &Errand,
        refund: &RefundOut,
    ) -> Result<Found, Trouble> {
        let known = self.refunded(errand, refund).await?;
        Ok(if known.is_there || known.amount.is_none() {
            Found::Done(Self::given_back(errand, refund))
        } else {
            Found::Missing
        })
    }
}

/// Pieces of an order's line as a decimal.
pub(super) fn pieces(value: &Value) -> i64 {
    decimal(value, QUANTITY).unwrap_or(0)
}

/// An object with a value put in.
pub(super) fn with(metadata: &Value, name: &str, value: &str) -> Value {
    let mut all: Map<String, Value> = metadata.as_object().cloned().unwrap_or_default();
    all.insert(name.to_owned(), json!(value));
    Value::Object(all)
}
