//! Orders of other sales channels: brought in once, picked, and handed over.
//!
//! What is paid was paid there and is no sale of this register. What is to be collected and is not paid
//! waits at the till as a held order: whoever takes it up sells it like any other, and the order is
//! collected with it.

use std::sync::Arc;

use countertop_domain::basket::{Basket, Change};
use countertop_domain::channel_order::{HandOver, OrderBody, OrderLine, OrderStatus, Recipient};
use countertop_domain::customer::CustomerRef;
use countertop_domain::ids::{
    BasketId, ChannelOrderId, CustomerId, HeldOrderId, ItemId, LineId, VariantId,
};
use countertop_domain::item::Sellable;
use countertop_domain::label::Label;
use countertop_domain::money::Money;
use countertop_domain::order::{HeldOrder, HeldOrderKind};
use countertop_domain::quantity::{Quantity, Unit};
use countertop_domain::staff::Right;
use countertop_domain::tax::TaxClass;
use countertop_domain::time::Timestamp;
use countertop_store::{ChannelOrderFilter, ChannelOrderRow, HeldState, Snapshot, Tx};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::app::{App, Caller, require};
use crate::customer_book::address;
use crate::customers::text;
use crate::error::AppError;
use crate::held::write_held;
use crate::wire::CancelHeld;
use crate::{channel_stock, deposits};

/// The item of goods that only a channel knows; it is in no catalogue.
const FOREIGN_ITEM: ItemId =
    ItemId::new(Uuid::from_u128(0x6f72_6465_7200_8172_8400_0000_0000_0001));
/// Its only variant.
const FOREIGN: VariantId =
    VariantId::new(Uuid::from_u128(0x6f72_6465_7200_8172_8400_0000_0000_0002));

/// Characters of a channel's name.
pub const MAX_CHANNEL: usize = 40;
/// Characters of what a channel calls an order, of a name, of a parcel's number.
pub const MAX_TEXT: usize = 100;
/// Characters of a note.
pub const MAX_NOTE: usize = 500;
/// Lines of an order.
pub const MAX_LINES: usize = 200;

/// A line as a channel sends it: by variant, article number or barcode, or with a name of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct LineDraft {
    /// Which variant.
    pub variant: Option<VariantId>,
    /// Or its article number.
    pub sku: Option<String>,
    /// Or its barcode.
    pub barcode: Option<String>,
    /// As the channel calls it; needed for what the catalogue does not know.
    pub name: Option<String>,
    /// How much, in thousandths of a unit.
    pub quantity: i64,
    /// What the channel asks for one unit, in minor units; none for the catalogue's price.
    pub unit_price: Option<i64>,
    /// Which taxes apply to what the catalogue does not know; none for the usual.
    pub tax_class: Option<String>,
}

/// An order as a channel sends it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct OrderDraft {
    /// Which channel: `webshop`.
    pub channel: String,
    /// What the channel calls it.
    pub external_id: String,
    /// What the customer was told; empty for the external id.
    pub number: String,
    /// How they get it.
    pub hand_over: HandOver,
    /// Whether it is paid there.
    pub paid: bool,
    /// Whose.
    pub customer: Option<CustomerId>,
    /// Who gets it.
    pub recipient: Recipient,
    /// For the shop.
    pub note: String,
    /// The goods.
    pub lines: Vec<LineDraft>,
    /// What it comes to there, in minor units; none for the sum of the lines.
    pub total: Option<i64>,
    /// When the customer ordered, milliseconds since 1970 UTC; none for now.
    pub ordered_ms: Option<i64>,
}

/// What is said of an order's way to its customer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// How far it is; none to leave that.
    pub status: Option<OrderStatus>,
    /// The parcel's number; none to leave that.
    pub tracking: Option<String>,
    /// It was paid meanwhile.
    pub paid: bool,
}

/// Orders that a filter finds, the oldest change first.
///
/// # Errors
/// The caller may not, or the store's.
pub fn list(
    app: &App,
    caller: &Caller,
    filter: &ChannelOrderFilter,
    limit: u32,
) -> Result<Vec<ChannelOrderRow>, AppError> {
    require(caller, Right::LookUp)?;
    app.store.read(|snapshot| Ok(snapshot.channel_orders(filter, limit)?))
}

/// One order.
///
/// # Errors
/// No such order, the caller may not, or the store's.
pub fn get(app: &App, caller: &Caller, id: ChannelOrderId) -> Result<ChannelOrderRow, AppError> {
    require(caller, Right::LookUp)?;
    app.store.read(|snapshot| snapshot.channel_order(id)?.ok_or(AppError::no_order()))
}

/// Brings an order in; true if it is new. What a channel calls by one name is one order, however often
/// and from however many sides it comes.
///
/// # Errors
/// A line that cannot be kept, a name that stands for another order, or a right.
pub fn import(
    app: &App,
    caller: &Caller,
    id: ChannelOrderId,
    draft: OrderDraft,
) -> Result<(ChannelOrderRow, bool), AppError> {
    require(caller, Right::Sell)?;
    let request: [u8; 32] = Sha256::digest(
        serde_json::to_vec(&draft).map_err(|error| bad(&format!("no order: {error}")))?,
    )
    .into();
    let found = move |snapshot: &Snapshot<'_>, channel: &str, external: &str| match snapshot
        .channel_order_named(channel, external)?
    {
        Some(known) if known.request == request => Ok(Some(known)),
        Some(known) => Err(AppError::Conflict {
            code: "order_differs",
            reason: format!(
                "{channel} sent order \"{external}\" with other content before: its id here is {}",
                known.id
            ),
        }),
        None => Ok(None),
    };
    let channel = text("the name of a channel", &draft.channel, MAX_CHANNEL)?;
    let external_id = text("the id of an order", &draft.external_id, MAX_TEXT)?;
    if channel.is_empty() || external_id.is_empty() {
        return Err(bad("say which channel the order comes from, and what it is called there"));
    }
    let known = app.store.read(|snapshot| found(snapshot, &channel, &external_id))?;
    if let Some(known) = known {
        return Ok((known, false));
    }
    let at = app.now();
    let prepared = app.store.read(|snapshot| prepare(app, snapshot, &draft, at))?;
    let (paid, actor, ids) = (draft.paid, caller.actor.clone(), Arc::clone(&app.ids));
    let held = match (paid, prepared.body.hand_over) {
        (false, HandOver::Collect) => Some(to_hold(app, &prepared, at, actor)?),
        _ => None,
    };
    let row = ChannelOrderRow {
        id,
        channel,
        external_id,
        request,
        customer: prepared.customer.map(|customer| customer.id),
        status: OrderStatus::New,
        paid,
        held: held.as_ref().map(|(order, _)| order.order),
        body: prepared.body,
        created_ms: at.utc_ms,
        updated_ms: at.utc_ms,
        version: 1,
        row: 0,
    };
    let imported = app.store.write::<_, AppError>(move |tx| {
        if let Some(known) = found(tx, &row.channel, &row.external_id)? {
            return Ok((known, false));
        }
        if let Some((order, basket)) = held {
            write_held(tx, order, &basket)?;
        }
        tx.put_channel_order(&row)?;
        channel_stock::came_in(&*ids, tx, &row, at.utc_ms)?;
        tx.note_change("order", &row.id.to_string(), "created", at.utc_ms)?;
        Ok((tx.channel_order(row.id)?.ok_or(AppError::no_order())?, true))
    })?;
    app.changed(&caller.client, &["held", "channel_orders"]);
    Ok(imported)
}

/// Says how far an order is.
///
/// # Errors
/// No such order, what `allowed` refuses, a step that cannot be, or a right.
pub fn step(
    app: &App,
    caller: &Caller,
    id: ChannelOrderId,
    step: &Step,
    allowed: impl FnOnce(&ChannelOrderRow) -> Result<(), AppError> + Send + 'static,
) -> Result<ChannelOrderRow, AppError> {
    require(caller, Right::Sell)?;
    let tracking = step.tracking.as_ref().map(|number| text("a parcel's number", number, MAX_TEXT));
    let (status, paid, tracking) = (step.status, step.paid, tracking.transpose()?);
    let before = get(app, caller, id)?;
    if status == Some(OrderStatus::Cancelled) && before.status != OrderStatus::Cancelled {
        may_step(&before, OrderStatus::Cancelled)?;
        cancel_held(app, caller, &before)?;
    }
    let (ids, at, actor) = (Arc::clone(&app.ids), app.now(), caller.actor.clone());
    let stepped = app.store.write::<_, AppError>(move |tx| {
        let mut order = tx.channel_order(id)?.ok_or(AppError::no_order())?;
        allowed(&order)?;
        let was = order.clone();
        if let Some(next) = status.filter(|next| *next != order.status) {
            may_step(&order, next)?;
            if next == OrderStatus::Collected && !order.paid && !paid {
                return Err(conflict(&format!(
                    "order {} is not paid: take it up at the till and have it paid",
                    order.body.number
                )));
            }
            order.status = next;
        }
        if paid && !order.paid {
            if order.held.is_some() && order.status != OrderStatus::Cancelled {
                return Err(conflict(&format!(
                    "order {} waits at the till to be paid: pay it there, or cancel it",
                    order.body.number
                )));
            }
            order.paid = true;
        }
        if let Some(tracking) = tracking {
            order.body.tracking = tracking;
        }
        if order == was {
            return Ok(order);
        }
        channel_stock::stepped(&*ids, tx, &order, &actor, at)?;
        order.updated_ms = at.utc_ms;
        tx.put_channel_order(&order)?;
        let handed_over = matches!(order.status, OrderStatus::Collected | OrderStatus::Delivered);
        let verb = if handed_over { "fulfilled" } else { "updated" };
        tx.note_change("order", &id.to_string(), verb, at.utc_ms)?;
        tx.channel_order(id)?.ok_or(AppError::no_order())
    })?;
    app.changed(&caller.client, &["held", "channel_orders"]);
    Ok(stepped)
}

/// Gives the held order up that waits for an order's payment. One on which something was paid goes back
/// at the till, where the money is.
pub(crate) fn cancel_held(
    app: &App,
    caller: &Caller,
    order: &ChannelOrderRow,
) -> Result<(), AppError> {
    let Some(held) = order.held else { return Ok(()) };
    let row = app.store.read::<_, AppError>(|snapshot| Ok(snapshot.held_order(held)?))?;
    let Some(row) = row.filter(|row| row.state == HeldState::Open) else { return Ok(()) };
    if row.deposit != 0 {
        return Err(conflict(&format!(
            "something was paid on order {}: cancel it at the till, where the money goes back",
            row.order.number
        )));
    }
    if app.baskets.get(row.order.basket).is_some() {
        return Err(AppError::OrderTakenUp { number: row.order.number });
    }
    let reason = format!("cancelled by {}", order.channel);
    deposits::cancel(app, caller, CancelHeld { order_id: held, reason, keep: 0 }).map(|_| ())
}

fn may_step(order: &ChannelOrderRow, next: OrderStatus) -> Result<(), AppError> {
    if order.status.may_become(next, order.body.hand_over) {
        return Ok(());
    }
    Err(conflict(&format!(
        "order {} is {} and to {}: it cannot become {}",
        order.body.number,
        order.status.name(),
        order.body.hand_over.name(),
        next.name(),
    )))
}

fn conflict(reason: &str) -> AppError {
    AppError::Conflict { code: "order_step", reason: reason.to_owned() }
}

/// A held order became a sale: if it was a channel's, that order is paid and in its customer's hands.
/// Called in the sale's transaction.
pub(crate) fn paid_at_till(tx: &Tx<'_>, held: HeldOrderId, at_ms: i64) -> Result<(), AppError> {
    let Some(mut order) = tx.channel_order_held(held)? else { return Ok(()) };
    order.paid = true;
    order.status = OrderStatus::Collected;
    order.updated_ms = at_ms;
    channel_stock::sold_at_till(tx, &order)?;
    tx.put_channel_order(&order)?;
    tx.note_change("order", &order.id.to_string(), "fulfilled", at_ms)?;
    Ok(())
}

/// An order that was read and looked up in the catalogue.
struct Prepared {
    body: OrderBody,
    customer: Option<CustomerRef>,
    goods: Vec<(Sellable, Quantity, Option<Money>)>,
}

fn prepare(
    app: &App,
    snapshot: &Snapshot<'_>,
    draft: &OrderDraft,
    at: Timestamp,
) -> Result<Prepared, AppError> {
    if draft.lines.is_empty() || draft.lines.len() > MAX_LINES {
        return Err(bad(&format!("an order has 1 to {MAX_LINES} lines")));
    }
    let customer = match draft.customer {
        None => None,
        Some(id) => {
            Some(CustomerRef::from(&snapshot.customer(id)?.ok_or(AppError::no_customer())?))
        }
    };
    let (mut goods, mut lines) = (Vec::new(), Vec::new());
    for line in &draft.lines {
        let price = line.unit_price.map(|minor| app.money(minor)).transpose()?;
        if price.is_some_and(Money::is_negative) {
            return Err(bad("the price of a line cannot be below nothing"));
        }
        let (sellable, known) = sellable_of(snapshot, line)?;
        let quantity = Quantity::from_thousandths(line.quantity);
        let quantity = quantity
            .for_line(sellable.unit)
            .map_err(countertop_domain::basket::BasketError::from)?;
        let unit_price = price.or(sellable.price).ok_or_else(|| {
            bad(&format!("say what one \"{}\" costs: it has no price here", sellable.name))
        })?;
        lines.push(OrderLine {
            id: LineId::new(app.ids.next()),
            variant: known.then_some(sellable.variant),
            name: sellable.name.clone(),
            sku: sellable.sku.clone(),
            quantity,
            returned: Quantity::default(),
            unit_price,
            tax_class: (!known).then(|| sellable.tax_class.clone()),
        });
        goods.push((sellable, quantity, price));
    }
    let total = match draft.total {
        Some(minor) => app.money(minor)?,
        None => sum_of(app, &lines)?,
    };
    if total.is_negative() {
        return Err(bad("the total of an order cannot be below nothing"));
    }
    let note = draft.note.trim().to_owned();
    if note.chars().count() > MAX_NOTE || note.chars().any(|c| c.is_control() && c != '\n') {
        return Err(bad(&format!("a note holds up to {MAX_NOTE} characters")));
    }
    let number = text("the number of an order", &draft.number, MAX_TEXT)?;
    Ok(Prepared {
        body: OrderBody {
            number: if number.is_empty() { draft.external_id.trim().to_owned() } else { number },
            hand_over: draft.hand_over,
            lines,
            total,
            recipient: recipient_of(&draft.recipient)?,
            note,
            tracking: String::new(),
            ordered_ms: draft.ordered_ms.unwrap_or(at.utc_ms),
            returns: Vec::new(),
        },
        customer,
        goods,
    })
}

/// Who gets an order as sent, if every part of it can be kept.
fn recipient_of(sent: &Recipient) -> Result<Recipient, AppError> {
    Ok(Recipient {
        name: text("a name", &sent.name, MAX_TEXT)?,
        email: text("an e-mail address", &sent.email, 254)?,
        phone: text("a phone number", &sent.phone, 40)?,
        address: address(sent.address.clone())?,
    })
}

/// What a line sells, and whether the catalogue knows it.
fn sellable_of(snapshot: &Snapshot<'_>, line: &LineDraft) -> Result<(Sellable, bool), AppError> {
    let given = [line.variant.is_some(), line.sku.is_some(), line.barcode.is_some()];
    if given.iter().filter(|one| **one).count() > 1 {
        return Err(bad("name the goods of a line in one way: by variant, sku or barcode"));
    }
    let found = match (&line.variant, &line.sku, &line.barcode) {
        (Some(id), _, _) => snapshot.by_variant(*id)?,
        (_, Some(sku), _) => snapshot.by_sku(sku.trim())?,
        (_, _, Some(code)) => snapshot.by_code(code.trim())?.map(|(sellable, _)| sellable),
        _ => None,
    };
    if let Some(sellable) = found {
        return Ok((sellable, true));
    }
    let name = line.name.as_deref().map(|name| text("the name of goods", name, MAX_TEXT));
    let name = name.transpose()?.filter(|name| !name.is_empty());
    // What is sold elsewhere under a number that is unknown here is still sold, if it has a name.
    let Some(name) = name else {
        let called = line.sku.as_deref().or(line.barcode.as_deref()).map_or_else(
            || line.variant.map_or_else(|| "a line".to_owned(), |id| id.to_string()),
            str::to_owned,
        );
        return Err(bad(&format!(
            "the catalogue does not know {called}: send its name and price too, or import it first"
        )));
    };
    let sellable = Sellable {
        item: FOREIGN_ITEM,
        variant: FOREIGN,
        name,
        sku: line.sku.as_deref().map(|sku| text("a sku", sku, MAX_TEXT)).transpose()?,
        category: None,
        unit: Unit::Piece,
        price: None,
        tax_class: TaxClass::new(line.tax_class.as_deref().unwrap_or_default()),
        tracks_stock: false,
        unit_cost: None,
    };
    Ok((sellable, false))
}

fn sum_of(app: &App, lines: &[OrderLine]) -> Result<Money, AppError> {
    let mut sum = Money::zero(app.currency());
    for line in lines {
        let thousandths =
            i128::from(line.unit_price.minor()) * i128::from(line.quantity.thousandths());
        // Half a minor unit up: what the channel does not say is only shown, never charged.
        sum = sum.plus(Money::new((thousandths + 500) / 1000, app.currency())?)?;
    }
    Ok(sum)
}

/// The held order that waits to be paid, with its basket. Prices are the channel's.
fn to_hold(
    app: &App,
    prepared: &Prepared,
    at: Timestamp,
    actor: countertop_domain::staff::Actor,
) -> Result<(HeldOrder, Basket), AppError> {
    let id = HeldOrderId::new(app.ids.next());
    let mut basket = Basket::new(BasketId::new(app.ids.next()));
    basket.apply(Change::SetCustomer(prepared.customer.clone()))?;
    for (sellable, quantity, price) in &prepared.goods {
        let line = LineId::new(app.ids.next());
        let (sellable, quantity) = (sellable.clone(), *quantity);
        // On a line of its own: the same goods may have another price on the next.
        let price = price.filter(|price| sellable.price != Some(*price));
        let label = Label::default();
        basket.apply(Change::AddLabelled { line, sellable, quantity, price, label })?;
    }
    let total = app.settle_at(&basket, at)?.total;
    basket.order = Some(id);
    basket.forget_steps();
    basket.keep_prices_of(at);
    let order = HeldOrder {
        order: id,
        number: String::new(),
        kind: HeldOrderKind::Collect,
        basket: basket.id(),
        customer: prepared.customer.clone(),
        due: None,
        note: prepared.body.number.clone(),
        total,
        at,
        actor,
    };
    Ok((order, basket))
}

fn bad(reason: &str) -> AppError {
    AppError::BadText { reason: reason.to_owned() }
}
