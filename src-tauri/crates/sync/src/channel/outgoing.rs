//! What the journal and the changes mean for a shop.

use std::collections::BTreeMap;

use countertop_domain::channel_order::OrderStatus;
use countertop_domain::ids::{ChannelOpId, ChannelOrderId, SaleId, VariantId};
use countertop_domain::journal::Entry;
use countertop_domain::sale::{Sale, SaleLine};
use countertop_domain::stock::{MovementReason, StockMoved};
use countertop_store::{
    ChannelRow, ChannelStream, Happened, Happening, MapKind, NewChannelOp, Snapshot, StoreError,
};

use super::connector::{Limits, StockStyle};
use super::customers;
use super::words::{
    FulfilOut, LineOut, PaidWith, RefundLineOut, RefundOut, SaleOut, StockMoveOut, StockOut, Task,
    TaxOut,
};

/// The operations that something means for a shop, in order. `id` makes ids of version 7.
pub(super) fn operations(
    snapshot: &Snapshot<'_>,
    channel: &ChannelRow,
    limits: &Limits,
    happened: &Happened,
    id: &dyn Fn() -> ChannelOpId,
) -> Result<Vec<NewChannelOp>, StoreError> {
    let tasks = match &happened.what {
        Happening::Entry(stored) => of_entry(snapshot, channel, limits.stock, &stored.entry()?)?,
        Happening::Change(change) if change.kind == "order" => {
            of_order(snapshot, channel, &change.resource)?
        }
        Happening::Change(change)
            if change.kind == "customer" && limits.streams.contains(&ChannelStream::Customers) =>
        {
            of_customer(&change.resource)
        }
        Happening::Change(_) => Vec::new(),
    };
    // A change has no place of its own in the journal: what it means is the state as it is now.
    let is_entry = matches!(happened.what, Happening::Entry(_));
    let mut ops = Vec::with_capacity(tasks.len());
    for ((lane, task), part) in tasks.into_iter().zip(1_u32..) {
        let latest_wins = matches!(task, Task::Stock(_) | Task::Customer(_));
        ops.push(NewChannelOp {
            id: id(),
            // What is said last counts, so each is an operation of its own.
            origin: (is_entry && !latest_wins).then_some((happened.position.seq, part)),
            lane,
            kind: task.kind().to_owned(),
            payload: payload(&task)?,
            latest_wins,
            moves: task.moves(),
        });
    }
    Ok(ops)
}

/// Goods of which something lies here more or less than before.
pub(super) fn moved(happened: &Happened) -> Result<Vec<VariantId>, StoreError> {
    let Happening::Entry(stored) = &happened.what else { return Ok(Vec::new()) };
    Ok(match stored.entry()? {
        Entry::SaleCompleted(sale) => sale.lines.iter().map(|line| line.variant).collect(),
        Entry::StockMoved(moved) => moved.lines.iter().map(|line| line.variant).collect(),
        Entry::StockImported(all) => all.movements.iter().map(|line| line.variant).collect(),
        _ => Vec::new(),
    })
}

/// The operation that sets a variant's figure in a shop.
pub fn stock_op(variant: VariantId, id: ChannelOpId) -> Result<NewChannelOp, StoreError> {
    let task = Task::Stock(StockOut { variant, goods: None, figure: 0, expected: None });
    Ok(NewChannelOp {
        id,
        origin: None,
        lane: stock_lane(variant),
        kind: task.kind().to_owned(),
        payload: payload(&task)?,
        latest_wins: true,
        moves: task.moves(),
    })
}

pub(super) fn stock_lane(variant: VariantId) -> String {
    format!("stock:{variant}")
}

pub(super) fn sale_lane(sale: SaleId) -> String {
    format!("sale:{sale}")
}

fn payload(task: &Task) -> Result<String, StoreError> {
    serde_json::to_string(task).map_err(|error| StoreError::damaged("operation", error))
}

type Planned = Vec<(String, Task)>;

fn of_entry(
    snapshot: &Snapshot<'_>,
    channel: &ChannelRow,
    style: StockStyle,
    entry: &Entry,
) -> Result<Planned, StoreError> {
    match entry {
        Entry::SaleCompleted(sale) => of_sale(snapshot, channel, sale),
        Entry::StockMoved(moved) => {
            if is_its_own(snapshot, channel, moved)? {
                return Ok(Vec::new());
            }
            let is_figure = matches!(
                moved.reason,
                MovementReason::Count
                    | MovementReason::ChannelOrder
                    | MovementReason::ChannelFigure
            );
            let absolute = style == StockStyle::Absolute || is_figure;
            let mut planned = Vec::new();
            for line in &moved.lines {
                // What an order of a shop took is said to the others when the order comes in.
                if line.quantity.thousandths() == 0 && moved.reason != MovementReason::Count {
                    continue;
                }
                let quantity = line.quantity.thousandths();
                let reason = (!absolute).then(|| moved.reason.name());
                planned.extend(stock(snapshot, channel, line.variant, quantity, reason)?);
            }
            Ok(planned)
        }
        Entry::StockImported(imported) => {
            let mut planned = Vec::new();
            for line in &imported.movements {
                planned.extend(stock(snapshot, channel, line.variant, 0, None)?);
            }
            Ok(planned)
        }
        _ => Ok(Vec::new()),
    }
}

/// Whether a movement only says what the shop knows: its own figure that was taken over, or its own
/// order's goods, which it took when they were ordered.
fn is_its_own(
    snapshot: &Snapshot<'_>,
    channel: &ChannelRow,
    moved: &StockMoved,
) -> Result<bool, StoreError> {
    Ok(match moved.reason {
        MovementReason::ChannelFigure => moved.reference == channel.name,
        MovementReason::ChannelOrder => snapshot
            .channel_order(ChannelOrderId::new(moved.id.uuid()))?
            .is_some_and(|order| order.channel == channel.name),
        _ => false,
    })
}

/// A movement as the shop is told of it: what moved, or (without a reason) that its figure is another.
fn stock(
    snapshot: &Snapshot<'_>,
    channel: &ChannelRow,
    variant: VariantId,
    quantity: i64,
    reason: Option<&str>,
) -> Result<Option<(String, Task)>, StoreError> {
    if !is_known(snapshot, channel, variant)? {
        return Ok(None);
    }
    let task = match reason {
        Some(reason) => Task::StockMove(StockMoveOut {
            variant,
            goods: None,
            quantity,
            reason: reason.to_owned(),
        }),
        None => Task::Stock(StockOut { variant, goods: None, figure: 0, expected: None }),
    };
    Ok(Some((stock_lane(variant), task)))
}

fn is_known(
    snapshot: &Snapshot<'_>,
    channel: &ChannelRow,
    variant: VariantId,
) -> Result<bool, StoreError> {
    Ok(!snapshot.channel_names_of(channel.id, MapKind::Variant, variant.uuid())?.is_empty())
}

fn of_sale(
    snapshot: &Snapshot<'_>,
    channel: &ChannelRow,
    sale: &Sale,
) -> Result<Planned, StoreError> {
    let mut planned = Vec::new();
    let web_order = match sale.order {
        Some(order) => snapshot.channel_order_held(order)?,
        None => None,
    };
    let is_theirs = web_order.as_ref().is_some_and(|order| order.channel == channel.name);
    if let Some(order) = web_order.as_ref().filter(|_| is_theirs) {
        // The shop has this order: it took the goods there. It only hears that it was paid here.
        let task = Task::Fulfil(FulfilOut {
            order_external: order.external_id.clone(),
            status: OrderStatus::Collected,
            hand_over: order.body.hand_over,
            tracking: String::new(),
            paid_here: true,
        });
        planned.push((format!("order:{}", order.external_id), task));
    } else if web_order.is_some() {
        // Another shop's order: what it takes is off this one's figure since it came in.
        for line in sale.lines.iter().filter(|line| line.quantity.thousandths() > 0) {
            planned.extend(stock(snapshot, channel, line.variant, 0, None)?);
        }
    } else if let Some(task) = sold(snapshot, channel, sale)? {
        planned.push((sale_lane(sale.id), Task::Sale(task)));
    }
    let mut back: BTreeMap<SaleId, Vec<&SaleLine>> = BTreeMap::new();
    for line in sale.lines.iter().filter(|line| line.quantity.thousandths() < 0) {
        match &line.origin {
            Some(origin) => back.entry(origin.sale).or_default().push(line),
            // Without a receipt no order is known: the figure is set.
            None => planned.extend(stock(snapshot, channel, line.variant, 0, None)?),
        }
    }
    for (of, lines) in back {
        planned.push((sale_lane(of), Task::Refund(refund(sale, of, &lines))));
    }
    Ok(planned)
}

/// What was sold, if the shop has any of it.
fn sold(
    snapshot: &Snapshot<'_>,
    channel: &ChannelRow,
    sale: &Sale,
) -> Result<Option<SaleOut>, StoreError> {
    let mut known = false;
    let mut lines = Vec::new();
    for line in sale.lines.iter().filter(|line| line.quantity.thousandths() > 0) {
        known |= is_known(snapshot, channel, line.variant)?;
        lines.push(LineOut {
            id: line.id,
            variant: line.variant,
            goods: None,
            name: line.name.clone(),
            sku: line.sku.clone().unwrap_or_default(),
            quantity: line.quantity.thousandths(),
            net: line.net.minor(),
            total: line.total.minor(),
            taxes: taxes(line, 1),
        });
    }
    if !known {
        return Ok(None);
    }
    let sum = |part: fn(&LineOut) -> i64| lines.iter().map(part).fold(0_i64, i64::saturating_add);
    let (net, total) = (sum(|line| line.net), sum(|line| line.total));
    Ok(Some(SaleOut {
        number: sale.receipt.to_string(),
        at_ms: sale.at.utc_ms,
        currency: sale.total.currency().code().to_owned(),
        exponent: sale.total.currency().exponent(),
        net,
        tax: total.saturating_sub(net),
        total,
        lines,
        paid: sale
            .tenders
            .iter()
            .map(|tender| PaidWith {
                kind: tender.kind.name().to_owned(),
                amount: tender.amount.minor(),
            })
            .collect(),
        customer: sale.customer.as_ref().map(|customer| customer.id),
        customer_external: String::new(),
    }))
}

fn taxes(line: &SaleLine, sign: i64) -> Vec<TaxOut> {
    let one = |tax: &countertop_domain::pricing::LineTax| TaxOut {
        code: tax.code.clone(),
        amount: tax.amount.minor() * sign,
    };
    line.taxes.iter().map(one).collect()
}

fn refund(sale: &Sale, of: SaleId, back: &[&SaleLine]) -> RefundOut {
    let lines: Vec<RefundLineOut> = back
        .iter()
        .filter_map(|line| {
            Some(RefundLineOut {
                line: line.origin.as_ref()?.line,
                variant: line.variant,
                goods: None,
                quantity: -line.quantity.thousandths(),
                net: -line.net.minor(),
                total: -line.total.minor(),
                taxes: taxes(line, -1),
                restock: line.tracks_stock,
            })
        })
        .collect();
    RefundOut {
        sale: of.to_string(),
        order_external: String::new(),
        number: sale.receipt.to_string(),
        at_ms: sale.at.utc_ms,
        currency: sale.total.currency().code().to_owned(),
        exponent: sale.total.currency().exponent(),
        total: lines.iter().map(|line| line.total).fold(0, i64::saturating_add),
        reason: back.iter().map(|line| line.return_reason.clone()).next().unwrap_or_default(),
        lines,
    }
}

/// Whether there is anything to tell is asked when it is sent: what a shop has said itself is no news.
fn of_customer(id: &str) -> Planned {
    id.parse().map(|id| vec![(customers::lane(id), customers::changed(id))]).unwrap_or_default()
}

/// An order of this shop went on, and the shop does not know it yet.
fn of_order(
    snapshot: &Snapshot<'_>,
    channel: &ChannelRow,
    id: &str,
) -> Result<Planned, StoreError> {
    let Ok(id) = id.parse() else { return Ok(Vec::new()) };
    let Some(order) = snapshot.channel_order(id)? else { return Ok(Vec::new()) };
    // One that was paid at the till is told of by its sale.
    let told_by_sale = order.held.is_some() && order.status == OrderStatus::Collected;
    let worth_telling = !matches!(order.status, OrderStatus::New | OrderStatus::Picking);
    if order.channel != channel.name || told_by_sale || !worth_telling {
        return Ok(Vec::new());
    }
    let known = snapshot.channel_mapped(channel.id, MapKind::Order, &order.external_id)?;
    if known.is_none_or(|known| known.digest == order.status.name().as_bytes()) {
        return Ok(Vec::new());
    }
    let task = Task::Fulfil(FulfilOut {
        order_external: order.external_id.clone(),
        status: order.status,
        hand_over: order.body.hand_over,
        tracking: order.body.tracking.clone(),
        paid_here: false,
    });
    Ok(vec![(format!("order:{}", order.external_id), task)])
}
