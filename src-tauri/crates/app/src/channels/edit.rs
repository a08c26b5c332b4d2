//! A web shop is set up, tried, paused, removed.

use std::collections::BTreeMap;

use countertop_domain::ids::ChannelId;
use countertop_store::{ChannelPolicy, ChannelRow, StoreError, Tx};
use countertop_sync::channel::{Platform, Secret, ShopInfo, platform, platforms, test_connection};
use countertop_sync::{AllowedHost, check_address, read_certificates};

use super::desk::connector_of;
use super::page::{list, view};
use super::{bad, no_shop};
use crate::app::{App, Caller};
use crate::error::AppError;
use crate::wire::{
    ChannelList, ChannelRequest, ChannelTested, ChannelView, Nothing, PauseChannel, SaveChannel,
    TestChannel,
};

/// Shops at once.
const MAX_SHOPS: usize = 20;
/// Characters of a name, which orders bear as their channel.
const MAX_NAME: usize = crate::channel_orders::MAX_CHANNEL;
/// Characters of a setting or a secret.
const MAX_TEXT: usize = 4_000;
/// Characters of certificates.
const MAX_CERTIFICATE: usize = 40_000;
/// The most that a shop may hold back of a variant: a million.
const MAX_BUFFER: i64 = 1_000_000_000;

pub(crate) fn save(
    app: &App,
    caller: &Caller,
    request: SaveChannel,
) -> Result<ChannelView, AppError> {
    let fresh = ChannelId::new(app.ids.next());
    let (row, secrets) = checked(app, &request, fresh)?;
    let (id, name) = (row.id, row.name.clone());
    // The secrets first: a shop without them would be begun and denied.
    app.channels.secrets.keep(id, &secrets)?;
    let is_new = request.id.is_none();
    let saved = app.store.write::<_, AppError>(move |tx| put(tx, row, is_new));
    if let Err(error) = saved {
        if is_new {
            app.channels.secrets.forget(id)?;
        }
        return Err(error);
    }
    tracing::info!(shop = name, "a web shop was set up");
    changed(app, caller)?;
    app.channels.wake(id);
    show(app, id)
}

fn put(tx: &Tx<'_>, mut row: ChannelRow, is_new: bool) -> Result<(), AppError> {
    let others = tx.channels()?;
    if others.iter().any(|other| other.id != row.id && other.name == row.name) {
        return Err(AppError::AlreadyThere { what: "web shop", name: row.name });
    }
    if is_new {
        if others.len() >= MAX_SHOPS {
            return Err(bad(format!("there are {MAX_SHOPS} web shops already: remove one first")));
        }
        // It is told of what happens from now on; its figures are set when its names are known.
        row.position = tx.last_position()?;
    }
    Ok(tx.put_channel(&row)?)
}

/// A shop as it would be saved, with its secrets that are new.
fn checked(
    app: &App,
    request: &SaveChannel,
    fresh: ChannelId,
) -> Result<(ChannelRow, BTreeMap<String, String>), AppError> {
    let old = match request.id {
        None => None,
        Some(id) => Some(
            app.store
                .read::<_, StoreError>(|snapshot| snapshot.channel(id))?
                .ok_or_else(no_shop)?,
        ),
    };
    let kind = old.as_ref().map_or(request.kind.as_str(), |old| old.kind.as_str());
    let platform = platform(kind).ok_or_else(|| {
        let known: Vec<&str> = platforms().iter().map(|one| one.kind).collect();
        bad(format!("\"{kind}\" is no platform that is known here: {}", known.join(", ")))
    })?;
    let name = name_of(&request.name)?;
    let policy = match request.policy.as_str() {
        "" => old.as_ref().map_or(ChannelPolicy::Till, |old| old.policy),
        word => ChannelPolicy::parse(word)
            .ok_or_else(|| bad("whose figures count is till, web or split"))?,
    };
    if !(0..=MAX_BUFFER).contains(&request.buffer) {
        return Err(bad("what a shop holds back is between nothing and a million"));
    }
    if request.certificate.len() > MAX_CERTIFICATE {
        return Err(bad("that is longer than certificates are: paste only the authority's"));
    }
    if !request.certificate.is_empty() {
        read_certificates(&request.certificate).map_err(bad)?;
    }
    let url = address(&request.url, request.allow_host)?;
    let options = options_of(platform, &request.options)?;
    let secrets = secrets_of(platform, &request.secrets)?;
    let now = app.now().utc_ms;
    let row = ChannelRow {
        id: old.as_ref().map_or(fresh, |old| old.id),
        kind: kind.to_owned(),
        name,
        url,
        options: serde_json::to_string(&options).map_err(|error| bad(error.to_string()))?,
        policy,
        buffer: request.buffer,
        allow_host: request.allow_host,
        certificate: request.certificate.clone(),
        enabled: old.as_ref().is_none_or(|old| old.enabled),
        created_ms: old.as_ref().map_or(now, |old| old.created_ms),
        // Grows with each change: the thread of a shop is begun anew by it.
        updated_ms: old.as_ref().map_or(now, |old| now.max(old.updated_ms.saturating_add(1))),
        position: old.as_ref().map_or_else(Default::default, |old| old.position),
        success_ms: None,
        woken_ms: None,
        trouble: String::new(),
        trouble_since_ms: None,
    };
    Ok((row, secrets))
}

fn name_of(name: &str) -> Result<String, AppError> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME || name.chars().any(char::is_control) {
        return Err(bad(format!(
            "name the shop, in up to {MAX_NAME} characters on one line: its orders bear that name"
        )));
    }
    Ok(name.to_owned())
}

fn address(url: &str, allow_host: bool) -> Result<String, AppError> {
    let url = url.trim();
    // People write the name of their shop.
    let url = if url.contains("://") { url.to_owned() } else { format!("https://{url}") };
    let host = url::Url::parse(&url).ok().as_ref().and_then(AllowedHost::of);
    let allowed: Vec<AllowedHost> = host.filter(|_| allow_host).into_iter().collect();
    Ok(check_address(&url, &allowed)?.into())
}

fn options_of(
    platform: &Platform,
    given: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, AppError> {
    let given: BTreeMap<String, String> = given
        .iter()
        .map(|(name, value)| (name.clone(), value.trim().to_owned()))
        .filter(|(_, value)| !value.is_empty())
        .collect();
    known("a setting", platform, platform.options, &given)?;
    for field in platform.options.iter().filter(|field| field.needed) {
        if !given.contains_key(field.name) {
            return Err(bad(format!("{} needs \"{}\", too", platform.name, field.label)));
        }
    }
    Ok(given)
}

fn secrets_of(
    platform: &Platform,
    given: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, AppError> {
    let given: BTreeMap<String, String> = given
        .iter()
        .map(|(name, value)| (name.clone(), value.trim().to_owned()))
        .filter(|(_, value)| !value.is_empty())
        .collect();
    known("a secret", platform, platform.secrets, &given)?;
    Ok(given)
}

/// Refuses what the platform does not have, and what no key ever was.
fn known(
    what: &str,
    platform: &Platform,
    fields: &[countertop_sync::channel::Field],
    given: &BTreeMap<String, String>,
) -> Result<(), AppError> {
    for (name, value) in given {
        if !fields.iter().any(|field| field.name == name) {
            let names: Vec<&str> = fields.iter().map(|field| field.name).collect();
            return Err(bad(format!(
                "{} has no {} \"{name}\": {}",
                platform.name,
                what.trim_start_matches("a "),
                if names.is_empty() { "it has none".to_owned() } else { names.join(", ") }
            )));
        }
        if value.len() > MAX_TEXT || value.chars().any(char::is_control) {
            return Err(bad(format!("{what} is one line of up to {MAX_TEXT} characters")));
        }
    }
    Ok(())
}

pub(crate) fn test(app: &App, _: &Caller, request: TestChannel) -> Result<ChannelTested, AppError> {
    let (row, fresh) = match (&request.draft, request.channel_id) {
        (Some(draft), None) => checked(app, draft, ChannelId::new(app.ids.next()))?,
        (None, Some(id)) => {
            let row = app.store.read::<_, StoreError>(|snapshot| snapshot.channel(id))?;
            (row.ok_or_else(no_shop)?, BTreeMap::new())
        }
        _ => return Err(bad("name a web shop that is there, or send one as it would be saved")),
    };
    let mut secrets = app.channels.secrets.secrets(row.id)?;
    secrets.extend(fresh.into_iter().map(|(name, text)| (name, Secret::new(text))));
    let asked = connector_of(app, &row, secrets)
        .and_then(|shop| test_connection(&*shop).map_err(|trouble| trouble.to_string()));
    Ok(match asked {
        Ok(info) => tested(app, info),
        Err(trouble) => ChannelTested {
            ready: false,
            name: String::new(),
            version: String::new(),
            currency: String::new(),
            missing: Vec::new(),
            warnings: Vec::new(),
            trouble,
        },
    })
}

fn tested(app: &App, info: ShopInfo) -> ChannelTested {
    let own = app.currency().code();
    let mut trouble = String::new();
    if !info.currency.is_empty() && info.currency != own {
        trouble = format!(
            "the shop sells in {} and this register in {own}: amounts would not mean the same",
            info.currency
        );
    } else if !info.missing.is_empty() {
        trouble = "rights are missing: give them to the key at the platform".to_owned();
    }
    ChannelTested {
        ready: trouble.is_empty(),
        name: info.name,
        version: info.version,
        currency: info.currency,
        missing: info.missing,
        warnings: info.warnings,
        trouble,
    }
}

pub(crate) fn sync(
    app: &App,
    caller: &Caller,
    request: ChannelRequest,
) -> Result<ChannelView, AppError> {
    let shown = show(app, request.channel_id)?;
    // A shop that could not be begun, for want of a secret, is begun now if it can be.
    if !app.channels.wake(request.channel_id) {
        app.channels.look()?;
    }
    app.changed(&caller.client, &["channels"]);
    Ok(shown)
}

pub(crate) fn pause(
    app: &App,
    caller: &Caller,
    request: PauseChannel,
) -> Result<ChannelView, AppError> {
    let (id, now) = (request.channel_id, app.now().utc_ms);
    app.store.write::<_, AppError>(move |tx| {
        let row = tx.channel(id)?.ok_or_else(no_shop)?;
        if row.enabled == request.paused {
            let updated_ms = now.max(row.updated_ms.saturating_add(1));
            tx.put_channel(&ChannelRow { enabled: !request.paused, updated_ms, ..row })?;
        }
        Ok(())
    })?;
    changed(app, caller)?;
    if !request.paused {
        // What happened there meanwhile is read now.
        app.channels.wake(id);
    }
    show(app, id)
}

pub(crate) fn remove(
    app: &App,
    caller: &Caller,
    request: ChannelRequest,
) -> Result<ChannelList, AppError> {
    let id = request.channel_id;
    app.store.write::<_, AppError>(
        move |tx| {
            if tx.remove_channel(id)? { Ok(()) } else { Err(no_shop()) }
        },
    )?;
    changed(app, caller)?;
    app.channels.secrets.forget(id)?;
    list(app, caller, Nothing {})
}

/// Tells the screens, and has the threads look.
fn changed(app: &App, caller: &Caller) -> Result<(), AppError> {
    app.changed(&caller.client, &["channels"]);
    app.channels.look()
}

/// A shop as it is now.
pub(super) fn show(app: &App, id: ChannelId) -> Result<ChannelView, AppError> {
    let now = app.now();
    app.store.read(|snapshot| {
        let row = snapshot.channel(id)?.ok_or_else(no_shop)?;
        view(app, snapshot, &row, now)
    })
}
