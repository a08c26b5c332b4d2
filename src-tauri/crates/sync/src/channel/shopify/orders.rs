//! What was ordered there: to be collected at this counter, or sent from here.

use countertop_domain::channel_order::{HandOver, Recipient};
use countertop_domain::customer::Address;
use countertop_domain::money::Currency;
use serde_json::{Value, json};

use super::super::connector::{Ask, Page, Trouble};
use super::super::words::{LineIn, OrderIn, OrderState};
use super::Shopify;
use super::catalogue::lost;
use super::documents::{ORDER, ORDERS};
use super::read::{UNIT, flag, following, list, moment, number, price, search, text};
use super::sales::TAG;

impl Shopify {
    /// First those that are open; later whatever changed. The list says which, and each is asked for with
    /// all that belongs to it: an order with everything costs as many points as a page may.
    pub(super) async fn read_orders(&self, ask: &Ask) -> Result<Page<OrderIn>, Trouble> {
        let after = match ask.next.as_deref() {
            Some(next) => Some(next.parse::<u64>().map_err(|_| lost())?),
            None => None,
        };
        let mut query = search(ask.since_ms, after).unwrap_or_default();
        if ask.since_ms.is_none() {
            let and = if query.is_empty() { "" } else { " AND " };
            query = format!("status:open{and}{query}");
        }
        let said = self.api.ask(ORDERS, &json!({ "query": query })).await?;
        let next = following(&said.data["orders"])?;
        let mut page = Page {
            next: next.map(|number| number.to_string()),
            server_ms: said.server_ms,
            items: Vec::new(),
            total: None,
            bad: Vec::new(),
        };
        let location = self.location().await?;
        for node in list(&said.data, "/orders/nodes") {
            let id = text(node, "/id");
            let whole = self.api.ask(ORDER, &json!({ "id": id })).await?.data["order"].clone();
            // Deleted since.
            if whole.is_null() {
                continue;
            }
            match order(&whole, location, self.currency) {
                Ok(order) => page.items.push(order),
                Err(words) => page.bad.push((id, words)),
            }
        }
        Ok(page)
    }
}

/// An order's part that is handed over at one place.
struct Parts<'a> {
    here: Vec<&'a Value>,
    elsewhere: bool,
}

impl<'a> Parts<'a> {
    fn of(order: &'a Value, location: &str) -> Self {
        let all = list(order, "/fulfillmentOrders/nodes").iter();
        // A part that was taken back or moved counts no more.
        let live = all.filter(|part| text(part, "/status") != "CANCELLED");
        let (here, elsewhere): (Vec<_>, Vec<_>) =
            live.partition(|part| Shopify::is_here(location, part));
        Self { here, elsewhere: !elsewhere.is_empty() }
    }

    fn all_are(&self, states: &[&str]) -> bool {
        let fits = |part: &&Value| states.contains(&text(part, "/status").as_str());
        !self.here.is_empty() && self.here.iter().all(fits)
    }
}

/// The method of one that is collected here.
const PICK_UP: &str = "PICK_UP";

fn order(order: &Value, location: &str, currency: Currency) -> Result<OrderIn, String> {
    let at = "/currentTotalPriceSet/shopMoney";
    let code = text(order, &format!("{at}/currencyCode"));
    if code != currency.code() {
        return Err(format!("it is in {code}, and the register is in {}", currency.code()));
    }
    if flag(order, "/lineItems/pageInfo/hasNextPage") {
        return Err("it has more than 100 lines: hand it over in the shop's admin".to_owned());
    }
    let parts = Parts::of(order, location);
    let collect = !parts.here.is_empty()
        && parts.here.iter().all(|part| text(part, "/deliveryMethod/methodType") == PICK_UP);
    let hand_over = if collect { HandOver::Collect } else { HandOver::Ship };
    let (state, paid) = state(order, &parts, hand_over);
    let ours = list(order, "/tags").iter().any(|tag| tag == TAG);
    let our_id = Some(text(order, "/sourceIdentifier")).filter(|id| ours && !id.is_empty());
    let address = &order["shippingAddress"];
    let billing = |at: &str| text(order, &format!("/billingAddress/{at}"));
    let or = |first: String, second: String| if first.is_empty() { second } else { first };
    Ok(OrderIn {
        external_id: text(order, "/id"),
        number: text(order, "/name"),
        our_id,
        state,
        hand_over,
        paid,
        ordered_ms: moment(order, "/createdAt").ok_or("nobody can say when it was made")?,
        total: price(order, &format!("{at}/amount"), currency)?,
        lines: lines(order, &parts, currency)?,
        customer: text(order, "/customer/id"),
        recipient: Recipient {
            name: or(text(address, "/name"), billing("name")),
            email: text(order, "/email"),
            phone: or(text(order, "/phone"), or(text(address, "/phone"), billing("phone"))),
            address: self::address(address),
        },
        note: text(order, "/note"),
    })
}

/// How far an order is, and whether it is paid.
fn state(order: &Value, parts: &Parts<'_>, hand_over: HandOver) -> (OrderState, bool) {
    let money = text(order, "/displayFinancialStatus");
    // What is authorized is held for the shop: it must not be taken a second time.
    let paid = matches!(money.as_str(), "PAID" | "PARTIALLY_REFUNDED" | "AUTHORIZED" | "REFUNDED");
    let state = if !order["cancelledAt"].is_null() || matches!(&*money, "VOIDED" | "EXPIRED") {
        OrderState::Cancelled
    } else if money == "REFUNDED" {
        OrderState::Refunded
    } else if parts.all_are(&["CLOSED"]) || text(order, "/displayFulfillmentStatus") == "FULFILLED"
    {
        OrderState::Fulfilled
    } else if parts.here.is_empty() && parts.elsewhere {
        // Another place hands it over; what it took here, if it was here, is free again.
        OrderState::Cancelled
    } else if parts.all_are(&["ON_HOLD", "SCHEDULED"]) || money == "PARTIALLY_PAID" {
        // The shop's owner lets it go first; what is owed of the other, the shop alone knows.
        OrderState::Unpaid
    } else if paid || hand_over == HandOver::Collect {
        OrderState::Open
    } else {
        OrderState::Unpaid
    };
    (state, paid)
}

fn lines(order: &Value, parts: &Parts<'_>, currency: Currency) -> Result<Vec<LineIn>, String> {
    let mut lines = Vec::new();
    for node in list(order, "/lineItems/nodes") {
        let left = number(node, "/currentQuantity").ok_or("a line has no quantity")?;
        // Of an order in parts, only what this place hands over.
        let here = if parts.elsewhere && !parts.here.is_empty() {
            left.min(share(&parts.here, &text(node, "/id")))
        } else {
            left
        };
        if here == 0 {
            continue;
        }
        if here < 0 {
            return Err("the quantity of a line is below nothing".to_owned());
        }
        let unit = "/discountedUnitPriceAfterAllDiscountsSet/shopMoney/amount";
        lines.push(LineIn {
            external_id: text(node, "/id"),
            variant: text(node, "/variant/id"),
            sku: text(node, "/sku"),
            name: text(node, "/name"),
            quantity: here.checked_mul(UNIT).ok_or("a line has too large a quantity")?,
            unit_price: price(node, unit, currency)?,
        });
    }
    Ok(lines)
}

/// How much of a line these parts hand over.
fn share(parts: &[&Value], line: &str) -> i64 {
    let all = parts.iter().flat_map(|part| list(part, "/lineItems/nodes"));
    let of_line = all.filter(|one| text(one, "/lineItem/id") == line);
    of_line.filter_map(|one| number(one, "/totalQuantity")).fold(0, i64::saturating_add)
}

/// An address as the register keeps it.
pub(super) fn address(from: &Value) -> Address {
    let lines = [text(from, "/address1"), text(from, "/address2")];
    Address {
        lines: lines.into_iter().filter(|line| !line.is_empty()).collect(),
        postal_code: text(from, "/zip"),
        city: text(from, "/city"),
        region: text(from, "/provinceCode"),
        country: text(from, "/countryCodeV2"),
    }
}
