//! Goods of a web shop's order come back to the counter: they go on the shelf here, and the money goes back
//! where it was paid, in the shop. That is put on the shop's list of things to do, once.

use countertop_domain::channel_order::{OrderBody, OrderStatus};
use countertop_domain::ids::{LineId, VariantId};
use countertop_domain::journal::Entry;
use countertop_domain::quantity::Quantity;
use countertop_domain::stock::{MovementReason, StockLine, StockMoved};
use countertop_store::{ChannelOrderRow, NewProblem, Tx};

use crate::app::{App, Caller};
use crate::channel_orders::{MAX_LINES, MAX_TEXT};
use crate::channel_stock::pieces;
use crate::customers::text;
use crate::error::AppError;
use crate::web_orders::view;
use crate::wire::{TakeWebOrderBack, WebOrderBack, WebOrderView};

/// Returns of one order at most.
const MAX_RETURNS: usize = 100;

/// Whether what comes back of an order is taken back by it: it is with its customer, and the money is in
/// the shop. What was paid here has a receipt, by which it comes back.
pub(crate) fn takes_back(order: &ChannelOrderRow) -> bool {
    let is_out = matches!(
        order.status,
        OrderStatus::Collected | OrderStatus::Shipped | OrderStatus::Delivered
    );
    is_out && order.paid && order.held.is_none()
}

pub(crate) fn take_back(
    app: &App,
    caller: &Caller,
    request: TakeWebOrderBack,
) -> Result<WebOrderView, AppError> {
    let reason = text("the reason of a return", &request.reason, MAX_TEXT)?;
    if request.lines.is_empty() || request.lines.len() > MAX_LINES {
        return Err(bad(format!("say what came back: 1 to {MAX_LINES} lines")));
    }
    let (at, actor) = (app.now(), caller.actor.clone());
    let row = app.store.write::<_, AppError>(move |tx| {
        let mut order = tx.channel_order(request.order_id)?.ok_or(AppError::no_order())?;
        if order.body.returns.contains(&request.return_id) {
            return Ok(order);
        }
        may_come_back(&order)?;
        let back = counted(&mut order.body, &request.lines)?;
        let lines = shelved(tx, &order.body, &back)?;
        if !lines.is_empty() {
            let moved = StockMoved {
                id: request.return_id,
                at,
                actor,
                reason: MovementReason::ChannelOrder,
                reference: format!("{} {}", order.channel, order.body.number)
                    .chars()
                    .take(MAX_TEXT)
                    .collect(),
                note: reason.clone(),
                counted_at: None,
                lines,
            };
            tx.append(at.utc_ms, &Entry::StockMoved(moved))?;
        }
        order.body.returns.push(request.return_id);
        order.updated_ms = at.utc_ms;
        tx.put_channel_order(&order)?;
        tx.note_change("order", &order.id.to_string(), "updated", at.utc_ms)?;
        pay_back(tx, &order, &back, &request, at.utc_ms)?;
        tx.channel_order(order.id)?.ok_or(AppError::no_order())
    })?;
    app.changed(&caller.client, &["channel_orders", "channels", "catalog"]);
    app.store.read(|snapshot| view(snapshot, &row))
}

fn may_come_back(order: &ChannelOrderRow) -> Result<(), AppError> {
    let number = &order.body.number;
    let reason = if order.held.is_some() && order.paid {
        format!("order {number} was paid at the till: refund its receipt")
    } else if !takes_back(order) {
        format!("order {number} was not handed over: cancel it instead")
    } else if order.body.returns.len() >= MAX_RETURNS {
        format!("order {number} came back {MAX_RETURNS} times: receive the goods by hand")
    } else {
        return Ok(());
    };
    Err(AppError::Conflict { code: "order_step", reason })
}

/// Counts what came back in the order's own lines; refused if that is more than went out.
fn counted(
    body: &mut OrderBody,
    asked: &[WebOrderBack],
) -> Result<Vec<(LineId, Quantity)>, AppError> {
    let mut back: Vec<(LineId, Quantity)> = Vec::new();
    for one in asked {
        let quantity = Quantity::from_thousandths(one.quantity);
        let line = body
            .lines
            .iter_mut()
            .find(|line| line.id == one.line_id)
            .ok_or(AppError::NoSuch { code: "no_such_line", what: "that line of the order" })?;
        let left = line.quantity.plus(line.returned.negated());
        if one.quantity <= 0 || quantity > left || back.iter().any(|(id, _)| *id == line.id) {
            return Err(bad(format!(
                "of \"{}\" {} can come back, each line once",
                line.name,
                pieces(left)
            )));
        }
        line.returned = line.returned.plus(quantity);
        back.push((line.id, quantity));
    }
    Ok(back)
}

/// What goes back on the shelf: goods whose stock is counted.
fn shelved(
    tx: &Tx<'_>,
    body: &OrderBody,
    back: &[(LineId, Quantity)],
) -> Result<Vec<StockLine>, AppError> {
    let mut goods: Vec<(VariantId, Quantity)> = Vec::new();
    for (id, quantity) in back {
        let line = body.lines.iter().find(|line| line.id == *id);
        let Some(variant) = line.and_then(|line| line.variant) else { continue };
        if !tx.by_variant(variant)?.is_some_and(|sold| sold.tracks_stock) {
            continue;
        }
        match goods.iter_mut().find(|(known, _)| *known == variant) {
            Some((_, sum)) => *sum = sum.plus(*quantity),
            None => goods.push((variant, *quantity)),
        }
    }
    let line = |(variant, quantity)| StockLine { variant, quantity, counted: None, cost: None };
    Ok(goods.into_iter().map(line).collect())
}

/// Has somebody give the money back where it is.
fn pay_back(
    tx: &Tx<'_>,
    order: &ChannelOrderRow,
    back: &[(LineId, Quantity)],
    request: &TakeWebOrderBack,
    at_ms: i64,
) -> Result<(), AppError> {
    // An order of another program, or of a shop that was removed, is seen to there.
    let Some(channel) = tx.channels()?.into_iter().find(|row| row.name == order.channel) else {
        return Ok(());
    };
    let goods: Vec<String> = back
        .iter()
        .filter_map(|(id, quantity)| {
            let line = order.body.lines.iter().find(|line| line.id == *id)?;
            Some(format!("{} x {}", pieces(*quantity), line.name))
        })
        .collect();
    let problem = NewProblem {
        kind: "pay_back".to_owned(),
        about: format!("return:{}", request.return_id),
        words: format!(
            "of order {} came back to this counter and is on the shelf: {}. Give the money back in the \
             shop, where it was paid, without putting the goods back into stock there",
            order.body.number,
            goods.join(", ")
        ),
        op: None,
    };
    Ok(tx.note_channel_problem(channel.id, &problem, at_ms)?)
}

const fn bad(reason: String) -> AppError {
    AppError::BadText { reason }
}
