//! Orders that came in from sales channels: where each stands. Editable data, not a view.

use countertop_domain::channel_order::{OrderBody, OrderStatus};
use countertop_domain::ids::{ChannelOrderId, CustomerId, HeldOrderId, VariantId};
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Row, params, params_from_iter};
use uuid::Uuid;

use super::{named, uuid_at};
use crate::error::StoreError;
use crate::snapshot::{Snapshot, Tx};

/// An order of a sales channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelOrderRow {
    /// Its id.
    pub id: ChannelOrderId,
    /// Which channel: `webshop`.
    pub channel: String,
    /// What the channel calls it; one order for each in a channel.
    pub external_id: String,
    /// SHA-256 of what was sent, so that the same order sent again is known.
    pub request: [u8; 32],
    /// Whose.
    pub customer: Option<CustomerId>,
    /// How far it is.
    pub status: OrderStatus,
    /// Whether it is paid.
    pub paid: bool,
    /// The held order that waits at the till to be paid.
    pub held: Option<HeldOrderId>,
    /// What was ordered, and who gets it.
    pub body: OrderBody,
    /// When it came in, milliseconds since 1970 UTC.
    pub created_ms: i64,
    /// When it last changed.
    pub updated_ms: i64,
    /// Goes up with each change.
    pub version: i64,
    /// Its place among those of one moment.
    pub row: i64,
}

/// Which orders a list has. Nothing set is all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChannelOrderFilter {
    /// How far they are.
    pub status: Option<OrderStatus>,
    /// Of this channel.
    pub channel: Option<String>,
    /// What the channel calls it.
    pub external_id: Option<String>,
    /// Of these customers; of anyone if there are none.
    pub customers: Vec<CustomerId>,
    /// Changed at this moment or later, milliseconds since 1970 UTC.
    pub updated_since_ms: Option<i64>,
    /// After this one, by change and row.
    pub after: Option<(i64, i64)>,
}

const SELECT: &str = "SELECT order_id, channel, external_id, request, customer_id, status, paid,
   held_order, body, created_ms, updated_ms, version, id FROM channel_order";

#[allow(clippy::missing_errors_doc)]
impl Snapshot<'_> {
    /// An order.
    pub fn channel_order(&self, id: ChannelOrderId) -> Result<Option<ChannelOrderRow>, StoreError> {
        Ok(self
            .connection()
            .prepare_cached(&format!("{SELECT} WHERE order_id = ?1"))?
            .query_row([id.uuid().as_bytes().as_slice()], from_row)
            .optional()?)
    }

    /// What a channel calls so.
    pub fn channel_order_named(
        &self,
        channel: &str,
        external_id: &str,
    ) -> Result<Option<ChannelOrderRow>, StoreError> {
        Ok(self
            .connection()
            .prepare_cached(&format!("{SELECT} WHERE channel = ?1 AND external_id = ?2"))?
            .query_row([channel, external_id], from_row)
            .optional()?)
    }

    /// The order that waits at the till as this held order.
    pub fn channel_order_held(
        &self,
        held: HeldOrderId,
    ) -> Result<Option<ChannelOrderRow>, StoreError> {
        Ok(self
            .connection()
            .prepare_cached(&format!("{SELECT} WHERE held_order = ?1"))?
            .query_row([held.uuid().as_bytes().as_slice()], from_row)
            .optional()?)
    }

    /// How many orders of a channel came in at a moment or later.
    pub fn channel_orders_since(&self, channel: &str, since_ms: i64) -> Result<u32, StoreError> {
        Ok(self
            .connection()
            .prepare_cached(
                "SELECT count(*) FROM channel_order WHERE channel = ?1 AND created_ms >= ?2",
            )?
            .query_row(params![channel, since_ms], |row| row.get(0))?)
    }

    /// The newest open order that was promised a variant, if one was.
    pub fn last_promise(&self, variant: VariantId) -> Result<Option<ChannelOrderRow>, StoreError> {
        Ok(self
            .connection()
            .prepare_cached(&format!(
                "{SELECT} WHERE order_id IN (SELECT order_id FROM channel_reservation
                   WHERE variant_id = ?1) ORDER BY id DESC LIMIT 1"
            ))?
            .query_row([variant.uuid().as_bytes().as_slice()], from_row)
            .optional()?)
    }

    /// Orders, in the order in which they were changed, the oldest change first.
    pub fn channel_orders(
        &self,
        filter: &ChannelOrderFilter,
        limit: u32,
    ) -> Result<Vec<ChannelOrderRow>, StoreError> {
        let mut conditions = vec!["1".to_owned()];
        let mut values: Vec<Value> = Vec::new();
        let texts = [
            ("status = ?", filter.status.map(|status| status.name().to_owned())),
            ("channel = ?", filter.channel.clone()),
            ("external_id = ?", filter.external_id.clone()),
        ];
        for (condition, text) in texts {
            if let Some(text) = text {
                conditions.push(condition.to_owned());
                values.push(text.into());
            }
        }
        if !filter.customers.is_empty() {
            let places = vec!["?"; filter.customers.len()].join(", ");
            conditions.push(format!("customer_id IN ({places})"));
            let ids = filter.customers.iter();
            values.extend(ids.map(|id| Value::from(id.uuid().as_bytes().to_vec())));
        }
        if let Some(since) = filter.updated_since_ms {
            conditions.push("updated_ms >= ?".to_owned());
            values.push(since.into());
        }
        if let Some((updated, row)) = filter.after {
            conditions.push("(updated_ms, id) > (?, ?)".to_owned());
            values.extend([Value::from(updated), row.into()]);
        }
        values.push(i64::from(limit).into());
        let mut statement = self.connection().prepare_cached(&format!(
            "{SELECT} WHERE {} ORDER BY updated_ms, id LIMIT ?",
            conditions.join(" AND ")
        ))?;
        let rows = statement.query_map(params_from_iter(values), from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

#[allow(clippy::missing_errors_doc)]
impl Tx<'_> {
    /// Adds an order, or replaces where it stands and what is kept of it; its version goes up.
    pub fn put_channel_order(&self, order: &ChannelOrderRow) -> Result<(), StoreError> {
        let body = serde_json::to_string(&order.body)
            .map_err(|error| StoreError::damaged("order", error))?;
        self.connection()
            .prepare_cached(
                "INSERT INTO channel_order(order_id, channel, external_id, request, customer_id,
                   status, paid, held_order, body, created_ms, updated_ms)
                 VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
                 ON CONFLICT(order_id) DO UPDATE SET customer_id = ?5, status = ?6, paid = ?7,
                   held_order = ?8, body = ?9, updated_ms = ?11, version = version + 1",
            )?
            .execute(params![
                order.id.uuid().as_bytes().as_slice(),
                order.channel,
                order.external_id,
                order.request.as_slice(),
                order.customer.map(|id| id.uuid().into_bytes()),
                order.status.name(),
                order.paid,
                order.held.map(|id| id.uuid().into_bytes()),
                body,
                order.created_ms,
                order.updated_ms,
            ])?;
        Ok(())
    }
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<ChannelOrderRow> {
    let body: String = row.get(8)?;
    let id = |index: usize| -> rusqlite::Result<Option<Uuid>> {
        Ok(row.get::<_, Option<[u8; 16]>>(index)?.map(Uuid::from_bytes))
    };
    Ok(ChannelOrderRow {
        id: ChannelOrderId::new(uuid_at(row, 0)?),
        channel: row.get(1)?,
        external_id: row.get(2)?,
        request: row.get(3)?,
        customer: id(4)?.map(CustomerId::new),
        status: named(row, 5, OrderStatus::parse)?,
        paid: row.get(6)?,
        held: id(7)?.map(HeldOrderId::new),
        body: serde_json::from_str(&body).map_err(|error| super::customer::unreadable(8, error))?,
        created_ms: row.get(9)?,
        updated_ms: row.get(10)?,
        version: row.get(11)?,
        row: row.get(12)?,
    })
}
