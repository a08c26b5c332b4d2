//! Goods of orders that web shops took: promised while the order is open, gone when it is handed over.

use countertop_domain::channel_order::OrderStatus;
use countertop_domain::ids::{ChannelOpId, StockMoveId, VariantId};
use countertop_domain::journal::Entry;
use countertop_domain::quantity::Quantity;
use countertop_domain::staff::Actor;
use countertop_domain::stock::{MovementReason, StockLine, StockMoved};
use countertop_domain::time::Timestamp;
use countertop_store::{ChannelOrderRow, MapKind, NewProblem, Tx};
use countertop_sync::channel::stock_op;

use crate::clock::Ids;
use crate::error::AppError;

/// The kind of the to-do about what is promised and is not there.
const OVERSOLD: &str = "oversold";

/// An order came in. That of a shop that is kept in step promises its goods with it: whoever hands it over
/// a moment later takes them.
pub(crate) fn came_in(
    ids: &dyn Ids,
    tx: &Tx<'_>,
    order: &ChannelOrderRow,
    at_ms: i64,
) -> Result<(), AppError> {
    if tx.channels()?.iter().any(|channel| channel.name == order.channel) {
        promise(ids, tx, order, at_ms)?;
    }
    Ok(())
}

/// Promises an order's goods: the other shops offer less from now on. What is promised already stays as
/// it is. Where more is promised than there is, the shop's to-dos say so.
pub(crate) fn promise(
    ids: &dyn Ids,
    tx: &Tx<'_>,
    order: &ChannelOrderRow,
    at_ms: i64,
) -> Result<(), AppError> {
    let mut goods: Vec<(VariantId, Quantity)> = Vec::new();
    for line in &order.body.lines {
        let Some(variant) = line.variant else { continue };
        if !tx.by_variant(variant)?.is_some_and(|sold| sold.tracks_stock) {
            continue;
        }
        match goods.iter_mut().find(|(known, _)| *known == variant) {
            Some((_, quantity)) => *quantity = quantity.plus(line.quantity),
            None => goods.push((variant, line.quantity)),
        }
    }
    goods.retain(|(_, quantity)| quantity.thousandths() > 0);
    goods.sort_by_key(|(variant, _)| *variant.uuid().as_bytes());
    if tx.channel_reservations(order.id)? == goods {
        return Ok(());
    }
    tx.set_channel_reservations(order.id, &goods)?;
    tell_others(ids, tx, order, &goods, at_ms)?;
    goods.iter().try_for_each(|(variant, _)| look_at_promises(tx, *variant, at_ms))
}

/// Says in a shop's to-dos that more of something is promised than there is, by the newest order that
/// was promised it; and where there is enough, that nobody is to look any more.
pub(crate) fn look_at_promises(
    tx: &Tx<'_>,
    variant: VariantId,
    at_ms: i64,
) -> Result<(), AppError> {
    let left = tx.stock_of(variant)?.plus(tx.reserved_by_channels(variant)?.negated());
    let order = match left.thousandths() < 0 {
        true => tx.last_promise(variant)?,
        false => None,
    };
    let about = format!("promised:{variant}");
    for channel in tx.channels()? {
        let Some(order) = order.as_ref().filter(|order| order.channel == channel.name) else {
            tx.solve_channel_problem(channel.id, Some(OVERSOLD), &about)?;
            continue;
        };
        let name = tx.by_variant(variant)?.map(|sold| sold.name).unwrap_or_default();
        let words = format!(
            "{} more of \"{name}\" is promised than there is, by order {}: get more in, or tell the \
             customer and cancel it",
            pieces(left.negated()),
            order.body.number
        );
        let (kind, about) = (OVERSOLD.to_owned(), about.clone());
        let problem = NewProblem { kind, about, words, op: None };
        tx.note_channel_problem(channel.id, &problem, at_ms)?;
    }
    Ok(())
}

/// `2`, or `0.250`.
pub(crate) fn pieces(quantity: Quantity) -> String {
    let (whole, part) = (quantity.thousandths() / 1000, quantity.thousandths() % 1000);
    if part == 0 { whole.to_string() } else { format!("{whole}.{part:03}") }
}

/// An order went on here: its goods may be sold again, or leave.
pub(crate) fn stepped(
    ids: &dyn Ids,
    tx: &Tx<'_>,
    order: &ChannelOrderRow,
    actor: &Actor,
    at: Timestamp,
) -> Result<(), AppError> {
    match order.status {
        OrderStatus::Cancelled => let_go(ids, tx, order, at.utc_ms),
        OrderStatus::Collected | OrderStatus::Shipped | OrderStatus::Delivered => {
            hand_over(tx, order, actor, at)
        }
        OrderStatus::New | OrderStatus::Picking | OrderStatus::Ready => Ok(()),
    }
}

/// An order was given up: what it would have taken may be sold again.
fn let_go(ids: &dyn Ids, tx: &Tx<'_>, order: &ChannelOrderRow, at_ms: i64) -> Result<(), AppError> {
    let goods = tx.channel_reservations(order.id)?;
    if goods.is_empty() {
        return Ok(());
    }
    tx.set_channel_reservations(order.id, &[])?;
    tell_others(ids, tx, order, &goods, at_ms)?;
    goods.iter().try_for_each(|(variant, _)| look_at_promises(tx, *variant, at_ms))
}

/// An order was paid at the till: its sale takes the goods.
pub(crate) fn sold_at_till(tx: &Tx<'_>, order: &ChannelOrderRow) -> Result<(), AppError> {
    Ok(tx.set_channel_reservations(order.id, &[])?)
}

/// An order was handed over: its goods leave, once.
pub(crate) fn hand_over(
    tx: &Tx<'_>,
    order: &ChannelOrderRow,
    actor: &Actor,
    at: Timestamp,
) -> Result<(), AppError> {
    let goods = tx.channel_reservations(order.id)?;
    if goods.is_empty() {
        return Ok(());
    }
    tx.set_channel_reservations(order.id, &[])?;
    // By the order's own id: whoever hands it over twice takes its goods once.
    let id = StockMoveId::new(order.id.uuid());
    if tx.stock_move_seq(id)?.is_some() {
        return Ok(());
    }
    let line = |(variant, quantity): &(VariantId, Quantity)| StockLine {
        variant: *variant,
        quantity: quantity.negated(),
        counted: None,
        cost: None,
    };
    let moved = StockMoved {
        id,
        at,
        actor: actor.clone(),
        reason: MovementReason::ChannelOrder,
        reference: format!("{} {}", order.channel, order.body.number).chars().take(100).collect(),
        note: String::new(),
        counted_at: None,
        lines: goods.iter().map(line).collect(),
    };
    tx.append(at.utc_ms, &Entry::StockMoved(moved))?;
    goods.iter().try_for_each(|(variant, _)| look_at_promises(tx, *variant, at.utc_ms))
}

/// Has every other shop told that it may offer more or less now. The order's own shop knows.
fn tell_others(
    ids: &dyn Ids,
    tx: &Tx<'_>,
    order: &ChannelOrderRow,
    goods: &[(VariantId, Quantity)],
    at_ms: i64,
) -> Result<(), AppError> {
    for channel in tx.channels()?.into_iter().filter(|channel| channel.name != order.channel) {
        for (variant, _) in goods {
            let names = tx.channel_names_of(channel.id, MapKind::Variant, variant.uuid())?;
            if !names.is_empty() {
                let op = stock_op(*variant, ChannelOpId::new(ids.next()))?;
                tx.add_channel_op(channel.id, &op, at_ms)?;
            }
        }
    }
    Ok(())
}
