//! How the web shops are, for screens and the command line.

use std::collections::BTreeMap;

use countertop_domain::time::Timestamp;
use countertop_store::{ChannelRow, ChannelStream, CursorRow, ProblemState, Snapshot};
use countertop_sync::channel::{Field, Platform, platform, platforms};

use crate::app::{App, Caller};
use crate::error::AppError;
use crate::wire::{
    ChannelField, ChannelList, ChannelState, ChannelStreamView, ChannelView, Nothing, PlatformView,
};

pub(crate) fn list(app: &App, _: &Caller, _: Nothing) -> Result<ChannelList, AppError> {
    let now = app.now();
    let channels = app.store.read::<_, AppError>(|snapshot| {
        let rows = snapshot.channels()?;
        rows.iter().map(|row| view(app, snapshot, row, now)).collect()
    })?;
    Ok(ChannelList { channels, platforms: platforms().iter().map(platform_view).collect() })
}

fn platform_view(platform: &Platform) -> PlatformView {
    let fields = |fields: &[Field]| {
        fields
            .iter()
            .map(|field| ChannelField {
                name: field.name.to_owned(),
                label: field.label.to_owned(),
                needed: field.needed,
            })
            .collect()
    };
    PlatformView {
        kind: platform.kind.to_owned(),
        name: platform.name.to_owned(),
        secrets: fields(platform.secrets),
        options: fields(platform.options),
        rights: platform.rights.iter().map(|right| (*right).to_owned()).collect(),
    }
}

/// A shop, as it is now.
pub(super) fn view(
    app: &App,
    snapshot: &Snapshot<'_>,
    row: &ChannelRow,
    now: Timestamp,
) -> Result<ChannelView, AppError> {
    let counts = snapshot.channel_op_counts(row.id)?;
    let (items, unmatched) = snapshot.channel_map_counts(row.id)?;
    let mut streams = Vec::new();
    for stream in ChannelStream::ALL {
        let cursor = snapshot.channel_cursor(row.id, stream)?;
        if cursor != CursorRow::default() {
            streams.push(stream_view(stream, &cursor));
        }
    }
    let read = |stream: &str| {
        streams.iter().any(|one: &ChannelStreamView| one.stream == stream && one.done_ms.is_some())
    };
    let state = match (row.enabled, row.trouble.is_empty()) {
        (false, _) => ChannelState::Paused,
        (true, false) => ChannelState::Trouble,
        (true, true) if !read(ChannelStream::Products.name()) => ChannelState::First,
        (true, true) => ChannelState::InStep,
    };
    let known = platform(&row.kind);
    let (secrets, in_keychain) = app.channels.secrets.names(row.id)?;
    Ok(ChannelView {
        id: row.id,
        kind: row.kind.clone(),
        platform: known.map_or_else(|| row.kind.clone(), |one| one.name.to_owned()),
        name: row.name.clone(),
        url: row.url.clone(),
        options: options(row),
        secrets,
        in_keychain,
        policy: row.policy.name().to_owned(),
        buffer: row.buffer,
        certificate: row.certificate.clone(),
        allow_host: row.allow_host,
        state,
        trouble: row.trouble.clone(),
        trouble_since_ms: row.trouble_since_ms,
        created_ms: row.created_ms,
        success_ms: row.success_ms,
        woken_ms: row.woken_ms,
        hook_refused_ms: app.channels.refused_ms(row.id),
        hook: known.filter(|one| one.has_webhooks()).map(|_| format!("/hooks/{}", row.id)),
        waiting: counts.waiting,
        unknown: counts.unknown,
        dead: counts.dead,
        oldest_ms: counts.oldest_ms,
        problems: snapshot.open_channel_problems(row.id)?,
        items,
        unmatched,
        orders_today: orders_today(snapshot, row, now)?,
        streams,
    })
}

/// Settings that cannot be read are none: they are entered again.
pub(super) fn options(row: &ChannelRow) -> BTreeMap<String, String> {
    serde_json::from_str(&row.options).unwrap_or_default()
}

fn stream_view(stream: ChannelStream, cursor: &CursorRow) -> ChannelStreamView {
    let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    ChannelStreamView {
        stream: stream.name().to_owned(),
        read: count(cursor.read),
        total: cursor.total.map(count),
        running: cursor.next.is_some(),
        done_ms: cursor.done_ms,
    }
}

fn orders_today(
    snapshot: &Snapshot<'_>,
    row: &ChannelRow,
    now: Timestamp,
) -> Result<u32, AppError> {
    const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
    let offset = i64::from(now.offset_min) * 60_000;
    let local = now.utc_ms.saturating_add(offset);
    let midnight = local.saturating_sub(local.rem_euclid(DAY_MS)).saturating_sub(offset);
    Ok(snapshot.channel_orders_since(&row.name, midnight)?)
}

/// Reads which to-dos a page has.
pub(super) fn problem_state(name: Option<&str>) -> Result<ProblemState, AppError> {
    name.map_or(Ok(ProblemState::Open), |name| {
        ProblemState::parse(name)
            .ok_or_else(|| super::bad("a to-do is open, set aside (aside) or solved"))
    })
}
