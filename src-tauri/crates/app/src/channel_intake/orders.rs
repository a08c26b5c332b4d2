//! Orders of a shop: taken in once, promised, and followed when they go on there.

use std::sync::Arc;

use countertop_domain::channel_order::{HandOver, OrderStatus, Recipient};
use countertop_domain::customer::Address;
use countertop_domain::ids::{ChannelOrderId, CustomerId, VariantId};
use countertop_domain::time::Timestamp;
use countertop_store::{ChannelOrderRow, ChannelRow, MapKind, MapRow, Snapshot, Tx};
use countertop_sync::channel::{OrderIn, OrderState, marked};

use super::{ChannelIntake, name_of, note};
use crate::app::{App, Caller};
use crate::channel_orders::{self, LineDraft, MAX_NOTE, MAX_TEXT, OrderDraft, Step};
use crate::channel_stock::{hand_over, promise};
use crate::error::AppError;

pub(super) fn take(
    intake: &ChannelIntake,
    channel: &ChannelRow,
    orders: Vec<OrderIn>,
) -> Result<(), AppError> {
    let caller = intake.caller(channel)?;
    for order in orders {
        let taking = Taking { app: &intake.app, caller: &caller, row: channel };
        match taking.order(&order) {
            Ok(()) => {}
            // Nobody else's turn is lost for it; the store's own troubles are another matter.
            Err(error) if is_about_the_order(&error) => taking.refused(&order, &error)?,
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Whether only this order is the trouble: then it is a to-do, and the next one is taken.
const fn is_about_the_order(error: &AppError) -> bool {
    !matches!(error, AppError::Store(_) | AppError::Io { .. })
}

struct Taking<'a> {
    app: &'a App,
    caller: &'a Caller,
    row: &'a ChannelRow,
}

impl Taking<'_> {
    fn order(&self, order: &OrderIn) -> Result<(), AppError> {
        // What the register told the shop comes back as an echo.
        if order.our_id.is_some() {
            return Ok(());
        }
        let (name, external) = (&self.row.name, &order.external_id);
        let found = |snapshot: &Snapshot<'_>| -> Result<_, AppError> {
            Ok(snapshot.channel_order_named(name, external)?)
        };
        let known = match self.app.store.read(found)? {
            Some(known) => known,
            None => match self.take_in(order)? {
                Some(taken) => taken,
                None => return Ok(()),
            },
        };
        self.follow(&known, order)
    }

    /// Takes in an order that is to be picked, or that was handed over before anybody looked.
    fn take_in(&self, order: &OrderIn) -> Result<Option<ChannelOrderRow>, AppError> {
        let is_new = match order.state {
            OrderState::Open => true,
            // What was over before the shop was added took its goods long ago.
            OrderState::Fulfilled => order.ordered_ms >= self.row.created_ms,
            OrderState::Unpaid | OrderState::Cancelled | OrderState::Refunded => false,
        };
        let draft = if is_new { self.draft(order)? } else { None };
        let Some(draft) = draft else { return Ok(None) };
        let id = ChannelOrderId::new(self.app.ids.next());
        channel_orders::import(self.app, self.caller, id, draft).map(|(order, _)| Some(order))
    }

    /// An order in the register's words; none if nothing of it is left to be handed over.
    fn draft(&self, order: &OrderIn) -> Result<Option<OrderDraft>, AppError> {
        let channel = self.row.id;
        let mapped = |snapshot: &Snapshot<'_>, kind, external: &str| -> Result<_, AppError> {
            let known = snapshot.channel_mapped(channel, kind, external)?;
            Ok(known.and_then(|known| known.ours))
        };
        let (lines, customer) = self.app.store.read(|snapshot| -> Result<_, AppError> {
            let mut lines = Vec::new();
            for line in order.lines.iter().filter(|line| line.quantity != 0) {
                let variant = mapped(snapshot, MapKind::Variant, &line.variant)?;
                let variant = variant.map(VariantId::new);
                let called = marked(&line.name, MAX_TEXT);
                let called = if called.is_empty() { marked(&line.sku, MAX_TEXT) } else { called };
                lines.push(LineDraft {
                    variant,
                    name: Some(if called.is_empty() { "?".to_owned() } else { called }),
                    quantity: line.quantity,
                    unit_price: Some(line.unit_price),
                    ..LineDraft::default()
                });
            }
            let customer = mapped(snapshot, MapKind::Customer, &order.customer)?;
            let customer = match customer.map(CustomerId::new) {
                Some(id) => snapshot.customer(id)?.map(|customer| customer.id),
                None => None,
            };
            Ok((lines, customer))
        })?;
        if lines.is_empty() {
            return Ok(None);
        }
        Ok(Some(OrderDraft {
            channel: self.row.name.clone(),
            external_id: order.external_id.clone(),
            number: marked(&order.number, MAX_TEXT),
            hand_over: order.hand_over,
            // What was handed over there is no business of the till's any more.
            paid: order.paid || order.state == OrderState::Fulfilled,
            customer,
            recipient: recipient(&order.recipient),
            note: marked(&order.note, MAX_NOTE),
            lines,
            total: Some(order.total),
            ordered_ms: Some(order.ordered_ms),
        }))
    }

    /// Brings an order to where the shop has it.
    fn follow(&self, known: &ChannelOrderRow, order: &OrderIn) -> Result<(), AppError> {
        let is_over = matches!(
            known.status,
            OrderStatus::Collected
                | OrderStatus::Shipped
                | OrderStatus::Delivered
                | OrderStatus::Cancelled
        );
        match order.state {
            OrderState::Cancelled | OrderState::Refunded if !is_over => {
                self.named(known, OrderStatus::Cancelled)?;
                let step = Step { status: Some(OrderStatus::Cancelled), ..Step::default() };
                channel_orders::step(self.app, self.caller, known.id, &step, |_| Ok(()))?;
            }
            OrderState::Cancelled | OrderState::Refunded
                if known.status != OrderStatus::Cancelled =>
            {
                self.gave_back(known)?;
            }
            OrderState::Fulfilled if !is_over => self.over_there(known)?,
            OrderState::Open | OrderState::Unpaid if !is_over => self.go_on(known, order)?,
            _ => {}
        }
        let (row, about) = (self.row.clone(), format!("order:{}", known.external_id));
        let solved = self.app.store.begin_part::<(), AppError>(move |tx| {
            Ok(tx.solve_channel_problem(row.id, Some("bad_order"), &about)?)
        })?;
        solved.wait()
    }

    /// It is still to be handed over: its goods are promised, and it may have been paid meanwhile.
    fn go_on(&self, known: &ChannelOrderRow, order: &OrderIn) -> Result<(), AppError> {
        let paid = order.paid && !known.paid;
        if paid && known.held.is_some() {
            channel_orders::cancel_held(self.app, self.caller, known)?;
        }
        let (ids, row, id) = (Arc::clone(&self.app.ids), self.row.clone(), known.id);
        let at_ms = self.app.now().utc_ms;
        let changed = self.app.store.begin_part::<bool, AppError>(move |tx| {
            let Some(mut order) = tx.channel_order(id)?.filter(|order| order.status.is_open())
            else {
                return Ok(false);
            };
            if tx.channel_mapped(row.id, MapKind::Order, &order.external_id)?.is_none() {
                put_name(tx, &row, &order, OrderStatus::New)?;
            }
            promise(&*ids, tx, &order, at_ms)?;
            if paid {
                order.paid = true;
                order.held = None;
                order.updated_ms = at_ms;
                tx.put_channel_order(&order)?;
                tx.note_change("order", &id.to_string(), "updated", at_ms)?;
            }
            Ok(paid)
        })?;
        if changed.wait()? {
            self.app.changed(&self.caller.client, &["held", "channel_orders"]);
        }
        Ok(())
    }

    /// The shop's own people handed it over: its goods are gone.
    fn over_there(&self, known: &ChannelOrderRow) -> Result<(), AppError> {
        if known.held.is_some() {
            channel_orders::cancel_held(self.app, self.caller, known)?;
        }
        let (ids, row, id) = (Arc::clone(&self.app.ids), self.row.clone(), known.id);
        let (actor, at): (_, Timestamp) = (self.caller.actor.clone(), self.app.now());
        self.app.store.write::<_, AppError>(move |tx| {
            let Some(mut order) = tx.channel_order(id)? else { return Ok(()) };
            promise(&*ids, tx, &order, at.utc_ms)?;
            order.status = match order.body.hand_over {
                HandOver::Collect => OrderStatus::Collected,
                HandOver::Ship => OrderStatus::Shipped,
            };
            (order.paid, order.held, order.updated_ms) = (true, None, at.utc_ms);
            put_name(tx, &row, &order, order.status)?;
            hand_over(tx, &order, &actor, at)?;
            tx.put_channel_order(&order)?;
            Ok(tx.note_change("order", &id.to_string(), "fulfilled", at.utc_ms)?)
        })?;
        self.app.changed(&self.caller.client, &["held", "channel_orders", "catalog"]);
        Ok(())
    }

    /// Notes how far the shop says that it is, so that it is not told what it told us.
    fn named(&self, known: &ChannelOrderRow, status: OrderStatus) -> Result<(), AppError> {
        let (row, order) = (self.row.clone(), known.clone());
        let noted = self
            .app
            .store
            .begin_part::<(), AppError>(move |tx| put_name(tx, &row, &order, status))?;
        noted.wait()
    }

    /// Its goods are with the customer, or were: a person knows whether they came back.
    fn gave_back(&self, known: &ChannelOrderRow) -> Result<(), AppError> {
        // What came back to the counter is on the shelf already.
        if known.body.lines.iter().all(|line| line.returned >= line.quantity) {
            return Ok(());
        }
        let (row, at_ms) = (self.row.clone(), self.app.now().utc_ms);
        let about = format!("order:{}", known.external_id);
        let words = format!(
            "order {} was given back or cancelled in the shop after it was handed over here: if its \
             goods come back to this counter, take them back in the order",
            known.body.number
        );
        let noted = self.app.store.begin_part::<(), AppError>(move |tx| {
            note(tx, &row, "given_back", &about, words, at_ms)
        })?;
        noted.wait()
    }

    fn refused(&self, order: &OrderIn, error: &AppError) -> Result<(), AppError> {
        let (row, at_ms) = (self.row.clone(), self.app.now().utc_ms);
        let about = format!("order:{}", marked(&order.external_id, MAX_TEXT));
        let words = format!("order {} of the shop: {error}", marked(&order.number, MAX_TEXT));
        let noted = self.app.store.begin_part::<(), AppError>(move |tx| {
            note(tx, &row, "bad_order", &about, words, at_ms)
        })?;
        noted.wait()?;
        self.app.changed(&self.caller.client, &["channels"]);
        Ok(())
    }
}

fn put_name(
    tx: &Tx<'_>,
    channel: &ChannelRow,
    order: &ChannelOrderRow,
    status: OrderStatus,
) -> Result<(), AppError> {
    let known = tx.channel_mapped(channel.id, MapKind::Order, &order.external_id)?;
    let known = known.unwrap_or_else(|| name_of(MapKind::Order, &order.external_id));
    let named =
        MapRow { ours: Some(order.id.uuid()), digest: status.name().as_bytes().to_vec(), ..known };
    Ok(tx.put_channel_map(channel.id, &named)?)
}

/// Who gets it, as far as it can be shown and kept.
pub(super) fn recipient(sent: &Recipient) -> Recipient {
    Recipient {
        name: marked(&sent.name, MAX_TEXT),
        email: marked(&sent.email, 254),
        phone: marked(&sent.phone, 40),
        address: address(&sent.address),
    }
}

pub(super) fn address(sent: &Address) -> Address {
    let country = sent.country.trim();
    let is_code = country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_alphabetic());
    Address {
        lines: sent.lines.iter().take(3).map(|line| marked(line, MAX_TEXT)).collect(),
        postal_code: marked(&sent.postal_code, 20),
        city: marked(&sent.city, MAX_TEXT),
        region: marked(&sent.region, MAX_TEXT),
        country: if is_code { country.to_owned() } else { String::new() },
    }
}
