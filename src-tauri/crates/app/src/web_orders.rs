//! Orders of web shops, for the screens: what waits to be picked, handed over or sent.

use countertop_domain::channel_order::{OrderLine, OrderStatus};
use countertop_domain::customer::Address;
use countertop_store::{ChannelOrderFilter, ChannelOrderRow, HeldState, Snapshot};

use crate::app::{App, Caller};
use crate::channel_orders::{self, Step};
use crate::error::AppError;
use crate::web_returns::takes_back;
use crate::wire::{
    FindWebOrder, ListWebOrders, StepWebOrder, WebOrderLine, WebOrderView, WebOrders,
};

/// Orders of a list.
const MAX: u32 = 200;
/// How far back the list of all orders goes.
const LATELY_MS: i64 = 14 * 24 * 60 * 60 * 1_000;
/// Characters of a code.
const MAX_CODE: usize = 100;
/// What waits for somebody here.
const WAITING: [OrderStatus; 3] = [OrderStatus::New, OrderStatus::Picking, OrderStatus::Ready];

pub(crate) fn list(app: &App, _: &Caller, request: ListWebOrders) -> Result<WebOrders, AppError> {
    let now = app.now().utc_ms;
    app.store.read(|snapshot| {
        let (rows, more) = if request.open_only {
            waiting(snapshot)?
        } else {
            let filter = ChannelOrderFilter {
                updated_since_ms: Some(now.saturating_sub(LATELY_MS)),
                ..ChannelOrderFilter::default()
            };
            let mut rows = snapshot.channel_orders(&filter, MAX * 10)?;
            rows.sort_by_key(|row| std::cmp::Reverse((row.body.ordered_ms, row.row)));
            let max = usize::try_from(MAX).unwrap_or(usize::MAX);
            let more = rows.len() > max;
            rows.truncate(max);
            (rows, more)
        };
        views(snapshot, &rows, more)
    })
}

/// Orders that wait, the oldest first, and whether there are more.
fn waiting(snapshot: &Snapshot<'_>) -> Result<(Vec<ChannelOrderRow>, bool), AppError> {
    let (mut rows, mut more) = (Vec::new(), false);
    for status in WAITING {
        let filter = ChannelOrderFilter { status: Some(status), ..ChannelOrderFilter::default() };
        let found = snapshot.channel_orders(&filter, MAX)?;
        more |= u32::try_from(found.len()).unwrap_or(MAX) >= MAX;
        rows.extend(found);
    }
    rows.sort_by_key(|row| (row.body.ordered_ms, row.row));
    Ok((rows, more))
}

/// Finds what a customer shows: an order that waits, by its number or the shop's id for it; otherwise
/// one that is done, by the shop's id.
pub(crate) fn find(app: &App, _: &Caller, request: FindWebOrder) -> Result<WebOrders, AppError> {
    let code = request.code.trim().trim_start_matches('#').to_owned();
    if code.is_empty() || code.chars().count() > MAX_CODE {
        let (rows, more) = (Vec::new(), false);
        return Ok(WebOrders { orders: rows, more });
    }
    app.store.read(|snapshot| {
        let is_it = |row: &ChannelOrderRow| {
            row.external_id == code || row.body.number.trim_start_matches('#') == code
        };
        let (mut rows, _) = waiting(snapshot)?;
        rows.retain(is_it);
        if rows.is_empty() {
            let external_id = Some(code.clone());
            let filter = ChannelOrderFilter { external_id, ..ChannelOrderFilter::default() };
            rows = snapshot.channel_orders(&filter, MAX)?;
        }
        views(snapshot, &rows, false)
    })
}

pub(crate) fn step(
    app: &App,
    caller: &Caller,
    request: StepWebOrder,
) -> Result<WebOrderView, AppError> {
    let said =
        Step { status: Some(request.status.status()), tracking: request.tracking, paid: false };
    let row = channel_orders::step(app, caller, request.order_id, &said, |_| Ok(()))?;
    app.store.read(|snapshot| view(snapshot, &row))
}

fn views(
    snapshot: &Snapshot<'_>,
    rows: &[ChannelOrderRow],
    more: bool,
) -> Result<WebOrders, AppError> {
    let orders = rows.iter().map(|row| view(snapshot, row));
    Ok(WebOrders { orders: orders.collect::<Result<_, _>>()?, more })
}

pub(crate) fn view(
    snapshot: &Snapshot<'_>,
    row: &ChannelOrderRow,
) -> Result<WebOrderView, AppError> {
    let body = &row.body;
    let held = match row.held.filter(|_| !row.paid) {
        Some(held) => snapshot.held_order(held)?.filter(|held| held.state == HeldState::Open),
        None => None,
    };
    let next = OrderStatus::ALL.into_iter().filter(|next| {
        // What is not paid is handed over with its sale.
        row.status.may_become(*next, body.hand_over)
            && (*next != OrderStatus::Collected || row.paid)
    });
    let contact = [&body.recipient.email, &body.recipient.phone];
    Ok(WebOrderView {
        id: row.id,
        channel: row.channel.clone(),
        number: body.number.clone(),
        external_id: row.external_id.clone(),
        hand_over: body.hand_over.into(),
        status: row.status.into(),
        next: next.map(Into::into).collect(),
        paid: row.paid,
        takes_back: takes_back(row) && body.lines.iter().any(|line| line.returned < line.quantity),
        held_order_id: held.map(|held| held.order.order),
        recipient: body.recipient.name.clone(),
        contact: contact.into_iter().filter(|text| !text.is_empty()).cloned().collect(),
        address: address(&body.recipient.address),
        note: body.note.clone(),
        tracking: body.tracking.clone(),
        total: body.total.minor(),
        lines: body.lines.iter().map(line).collect(),
        ordered_ms: body.ordered_ms,
        created_ms: row.created_ms,
    })
}

fn line(line: &OrderLine) -> WebOrderLine {
    WebOrderLine {
        id: line.id,
        variant_id: line.variant,
        name: line.name.clone(),
        sku: line.sku.clone(),
        quantity: line.quantity.thousandths(),
        returned: line.returned.thousandths(),
        unit_price: line.unit_price.minor(),
    }
}

/// As it is written on a parcel.
fn address(address: &Address) -> Vec<String> {
    let town = [&address.postal_code, &address.city].map(String::as_str).join(" ");
    let place = [address.region.as_str(), address.country.as_str()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ");
    let lines = address.lines.iter().cloned();
    let rest = [town.trim().to_owned(), place];
    lines.chain(rest).filter(|line| !line.trim().is_empty()).collect()
}
