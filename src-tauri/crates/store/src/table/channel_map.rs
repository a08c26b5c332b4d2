//! What a web shop calls our things, and the goods that its open orders will take.

use countertop_domain::ids::{ChannelId, ChannelOrderId, VariantId};
use countertop_domain::quantity::Quantity;
use rusqlite::{OptionalExtension, Row, params};
use uuid::Uuid;

use super::channel::key;
use super::{named, uuid_at};
use crate::error::StoreError;
use crate::snapshot::{Snapshot, Tx};

/// What kind of thing a name is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MapKind {
    /// An item.
    Product,
    /// A variant of an item.
    Variant,
    /// A sale of ours, or an order of theirs.
    Order,
    /// A refund.
    Refund,
    /// A customer.
    Customer,
}

impl MapKind {
    const ALL: [Self; 5] =
        [Self::Product, Self::Variant, Self::Order, Self::Refund, Self::Customer];

    /// The name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Variant => "variant",
            Self::Order => "order",
            Self::Refund => "refund",
            Self::Customer => "customer",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// What a shop calls a thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapRow {
    /// What kind of thing.
    pub kind: MapKind,
    /// The shop's name for it.
    pub external_id: String,
    /// The product of a variant; empty otherwise.
    pub parent: String,
    /// What its stock is called, where that differs; empty otherwise.
    pub stock_ref: String,
    /// Ours; none while nobody knows what it is.
    pub ours: Option<Uuid>,
    /// What the shop calls it in words, for people: `Mug, Blue (MUG-B)`; may be empty.
    pub title: String,
    /// Of what the shop said last, to know an echo and what did not change.
    pub digest: Vec<u8>,
    /// How much there is, as the shop last said.
    pub confirmed: Option<Quantity>,
    /// When it said so, milliseconds since 1970 UTC.
    pub confirmed_ms: Option<i64>,
    /// The run of the sweep that saw it last.
    pub seen_run: i64,
    /// When it was found to be gone.
    pub gone_ms: Option<i64>,
}

const SELECT: &str = "SELECT kind, external_id, parent, stock_ref, our_id, digest, confirmed,
   confirmed_ms, seen_run, gone_ms, title FROM channel_map";

#[allow(clippy::missing_errors_doc)]
impl Snapshot<'_> {
    /// What a shop calls so.
    pub fn channel_mapped(
        &self,
        channel: ChannelId,
        kind: MapKind,
        external_id: &str,
    ) -> Result<Option<MapRow>, StoreError> {
        Ok(self
            .connection()
            .prepare_cached(&format!(
                "{SELECT} WHERE channel_id = ?1 AND kind = ?2 AND external_id = ?3"
            ))?
            .query_row(params![key(channel), kind.name(), external_id], from_row)
            .optional()?)
    }

    /// What a shop calls a thing of ours, as far as the shop still has it.
    pub fn channel_names_of(
        &self,
        channel: ChannelId,
        kind: MapKind,
        ours: Uuid,
    ) -> Result<Vec<MapRow>, StoreError> {
        let mut statement = self.connection().prepare_cached(&format!(
            "{SELECT} WHERE our_id = ?3 AND channel_id = ?1 AND kind = ?2 AND gone_ms IS NULL
             ORDER BY external_id"
        ))?;
        let rows =
            statement.query_map(params![key(channel), kind.name(), ours.as_bytes()], from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// A page of a shop's names after one (empty: from the first); only those that stand for nothing
    /// of ours, if `unmatched`.
    pub fn channel_map(
        &self,
        channel: ChannelId,
        kind: MapKind,
        after: &str,
        unmatched: bool,
        limit: u32,
    ) -> Result<Vec<MapRow>, StoreError> {
        let mut statement = self.connection().prepare_cached(&format!(
            "{SELECT} WHERE channel_id = ?1 AND kind = ?2 AND external_id > ?3
               AND (?4 = 0 OR (our_id IS NULL AND gone_ms IS NULL))
             ORDER BY external_id LIMIT ?5"
        ))?;
        let rows = statement
            .query_map(params![key(channel), kind.name(), after, unmatched, limit], from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many variants of a shop are known, and how many of them stand for nothing of ours.
    pub fn channel_map_counts(&self, channel: ChannelId) -> Result<(u32, u32), StoreError> {
        Ok(self
            .connection()
            .prepare_cached(
                "SELECT count(*), count(*) FILTER (WHERE our_id IS NULL) FROM channel_map
                 WHERE channel_id = ?1 AND kind = 'variant' AND gone_ms IS NULL",
            )?
            .query_row([key(channel).as_slice()], |row| Ok((row.get(0)?, row.get(1)?)))?)
    }

    /// What an open order will take, by variant.
    pub fn channel_reservations(
        &self,
        order: ChannelOrderId,
    ) -> Result<Vec<(VariantId, Quantity)>, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT variant_id, quantity FROM channel_reservation WHERE order_id = ?1
             ORDER BY variant_id",
        )?;
        let rows = statement.query_map([order.uuid().as_bytes().as_slice()], |row| {
            Ok((VariantId::new(uuid_at(row, 0)?), Quantity::from_thousandths(row.get(1)?)))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How much of a variant open orders of all shops will take.
    pub fn reserved_by_channels(&self, variant: VariantId) -> Result<Quantity, StoreError> {
        Ok(self
            .connection()
            .prepare_cached(
                "SELECT coalesce(sum(quantity), 0) FROM channel_reservation WHERE variant_id = ?1",
            )?
            .query_row([variant.uuid().as_bytes().as_slice()], |row| row.get(0))
            .map(Quantity::from_thousandths)?)
    }

    /// The same, without the orders of one shop.
    pub fn reserved_by_other_channels(
        &self,
        variant: VariantId,
        channel: &str,
    ) -> Result<Quantity, StoreError> {
        Ok(self
            .connection()
            .prepare_cached(
                "SELECT coalesce(sum(promise.quantity), 0) FROM channel_reservation AS promise
                   JOIN channel_order AS taken ON taken.order_id = promise.order_id
                 WHERE promise.variant_id = ?1 AND taken.channel <> ?2",
            )?
            .query_row(params![variant.uuid().as_bytes(), channel], |row| row.get(0))
            .map(Quantity::from_thousandths)?)
    }
}

#[allow(clippy::missing_errors_doc)]
impl Tx<'_> {
    /// Notes what a shop calls a thing, in place of what was noted before.
    pub fn put_channel_map(&self, channel: ChannelId, row: &MapRow) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "INSERT INTO channel_map(channel_id, kind, external_id, parent, stock_ref, our_id,
                   digest, confirmed, confirmed_ms, seen_run, gone_ms, title)
                 VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
                 ON CONFLICT(channel_id, kind, external_id) DO UPDATE SET parent = ?4,
                   stock_ref = ?5, our_id = ?6, digest = ?7, confirmed = ?8, confirmed_ms = ?9,
                   seen_run = ?10, gone_ms = ?11, title = ?12",
            )?
            .execute(params![
                key(channel),
                row.kind.name(),
                row.external_id,
                row.parent,
                row.stock_ref,
                row.ours.map(Uuid::into_bytes),
                row.digest,
                row.confirmed.map(Quantity::thousandths),
                row.confirmed_ms,
                row.seen_run,
                row.gone_ms,
                row.title,
            ])?;
        Ok(())
    }

    /// Notes that the shop's whole list had this name in a run of the sweep.
    pub fn channel_map_seen(
        &self,
        channel: ChannelId,
        external_id: &str,
        run: i64,
    ) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "UPDATE channel_map SET seen_run = ?3, gone_ms = NULL
                 WHERE channel_id = ?1 AND kind IN ('product', 'variant') AND external_id = ?2",
            )?
            .execute(params![key(channel), external_id, run])?;
        Ok(())
    }

    /// Notes that everything which a run of the sweep did not see is gone; returns what that is.
    pub fn channel_map_gone(
        &self,
        channel: ChannelId,
        run: i64,
        now_ms: i64,
    ) -> Result<Vec<MapRow>, StoreError> {
        let mut statement = self.connection().prepare_cached(&format!(
            "{SELECT} WHERE channel_id = ?1 AND kind IN ('product', 'variant') AND seen_run < ?2
               AND gone_ms IS NULL"
        ))?;
        let gone: Vec<MapRow> =
            statement.query_map(params![key(channel), run], from_row)?.collect::<Result<_, _>>()?;
        self.connection()
            .prepare_cached(
                "UPDATE channel_map SET gone_ms = ?3 WHERE channel_id = ?1
                   AND kind IN ('product', 'variant') AND seen_run < ?2 AND gone_ms IS NULL",
            )?
            .execute(params![key(channel), run, now_ms])?;
        Ok(gone)
    }

    /// Sets what an open order will take, in place of what was set before; nothing to let it go.
    pub fn set_channel_reservations(
        &self,
        order: ChannelOrderId,
        goods: &[(VariantId, Quantity)],
    ) -> Result<(), StoreError> {
        let order = order.uuid();
        self.connection()
            .prepare_cached("DELETE FROM channel_reservation WHERE order_id = ?1")?
            .execute([order.as_bytes().as_slice()])?;
        let mut add = self.connection().prepare_cached(
            "INSERT INTO channel_reservation(order_id, variant_id, quantity) VALUES(?1, ?2, ?3)
             ON CONFLICT DO UPDATE SET quantity = quantity + excluded.quantity",
        )?;
        for (variant, quantity) in goods {
            add.execute(params![
                order.as_bytes().as_slice(),
                variant.uuid().as_bytes().as_slice(),
                quantity.thousandths()
            ])?;
        }
        Ok(())
    }
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<MapRow> {
    let ours: Option<[u8; 16]> = row.get(4)?;
    Ok(MapRow {
        kind: named(row, 0, MapKind::parse)?,
        external_id: row.get(1)?,
        parent: row.get(2)?,
        stock_ref: row.get(3)?,
        ours: ours.map(Uuid::from_bytes),
        digest: row.get(5)?,
        confirmed: row.get::<_, Option<i64>>(6)?.map(Quantity::from_thousandths),
        confirmed_ms: row.get(7)?,
        seen_run: row.get(8)?,
        gone_ms: row.get(9)?,
        title: row.get(10)?,
    })
}
