//! What a web shop's names stand for here: matched by hand where nothing could be matched by itself.

use countertop_domain::ids::{ChannelOpId, VariantId};
use countertop_store::{MapKind, MapRow, Snapshot};
use countertop_sync::channel::stock_op;

use super::no_shop;
use crate::app::{App, Caller};
use crate::error::AppError;
use crate::wire::{ChannelMap, ChannelNameView, ListChannelMap, SetChannelName};

/// Names of a page.
const PAGE: u32 = 50;
const SIZE: usize = 50;

pub(crate) fn list(app: &App, _: &Caller, request: ListChannelMap) -> Result<ChannelMap, AppError> {
    let after = request.after.unwrap_or_default();
    app.store.read(|snapshot| {
        let id = request.channel_id;
        snapshot.channel(id)?.ok_or_else(no_shop)?;
        let kind = MapKind::Variant;
        let mut rows = snapshot.channel_map(id, kind, &after, request.unmatched, PAGE + 1)?;
        let more = rows.len() > SIZE;
        rows.truncate(SIZE);
        let names = rows.iter().map(|row| name_view(snapshot, row));
        Ok(ChannelMap { names: names.collect::<Result<_, AppError>>()?, more })
    })
}

fn name_view(snapshot: &Snapshot<'_>, row: &MapRow) -> Result<ChannelNameView, AppError> {
    let ours = row.ours.map(VariantId::new);
    let sold = match ours {
        Some(variant) => snapshot.by_variant(variant)?,
        None => None,
    };
    Ok(ChannelNameView {
        external_id: row.external_id.clone(),
        title: row.title.clone(),
        variant_id: ours,
        name: sold.as_ref().map(|sold| sold.name.clone()).unwrap_or_default(),
        sku: sold.and_then(|sold| sold.sku),
        stock: row.confirmed.map(countertop_domain::quantity::Quantity::thousandths),
        gone_ms: row.gone_ms,
    })
}

/// Says what a shop's name stands for. The shop is told the figure of what it is now; what it was
/// before is left as the shop has it.
pub(crate) fn set(
    app: &App,
    caller: &Caller,
    request: SetChannelName,
) -> Result<ChannelNameView, AppError> {
    let (op, now) = (ChannelOpId::new(app.ids.next()), app.now().utc_ms);
    let id = request.channel_id;
    let shown = app.store.write::<_, AppError>(move |tx| {
        tx.channel(id)?.ok_or_else(no_shop)?;
        let known = tx
            .channel_mapped(id, MapKind::Variant, &request.external_id)?
            .ok_or(AppError::NoSuch { code: "no_such_name", what: "that item of the shop" })?;
        if let Some(variant) = request.variant_id {
            tx.by_variant(variant)?
                .ok_or(AppError::NoSuch { code: "no_such_item", what: "that item" })?;
        }
        // What it was matched by before no longer counts: a person said what it is.
        let (ours, digest) = (request.variant_id.map(VariantId::uuid), Vec::new());
        let row = MapRow { ours, digest, ..known };
        tx.put_channel_map(id, &row)?;
        if let Some(variant) = request.variant_id {
            tx.solve_channel_problem(id, None, &format!("variant:{}", row.external_id))?;
            tx.add_channel_op(id, &stock_op(variant, op)?, now)?;
        }
        name_view(tx, &row)
    })?;
    app.channels.wake(id);
    app.changed(&caller.client, &["channels"]);
    Ok(shown)
}
