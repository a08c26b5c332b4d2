//! A web shop is set up, or set up anew, from the command line. Secrets come from the environment or from a
//! prompt, never from an argument: others on this machine could read those, and shells keep them.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::process::ExitCode;

use countertop_app::commands::{ListChannels, SaveChannelCommand};
use countertop_app::wire::{ChannelView, Nothing, PlatformView, SaveChannel};
use countertop_app::{App, Caller, perform};

use crate::answer::{Failure, answer};
use crate::channel::{line, variable};
use crate::cli::{ChangeOptions, Cli, ShopSetUp};

/// Thousandths of a unit.
const ONE: i64 = 1_000;

/// Which secrets are asked for at a prompt, if somebody is there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Prompt {
    /// Those that are not in the environment.
    All,
    /// None.
    None,
}

pub(crate) fn add(
    cli: &Cli,
    app: &App,
    caller: &Caller,
    platform: &str,
    shop: &ShopSetUp,
) -> Result<ExitCode, Failure> {
    let known = platform_of(app, caller, platform)?;
    let change = &shop.change;
    refuse_secrets(&known, change)?;
    let secrets = secrets(&known, Prompt::All)?;
    for field in known.secrets.iter().filter(|field| field.needed) {
        if !secrets.contains_key(&field.name) {
            return Err(Failure::bad_input(format!(
                "\"{}\" is needed: put it into the environment as {}",
                field.label,
                variable(&known.kind, &field.name)
            )));
        }
    }
    let request = SaveChannel {
        id: None,
        kind: known.kind.clone(),
        name: change.name.clone().unwrap_or_else(|| host_of(&shop.url)),
        url: shop.url.clone(),
        options: settings(change)?,
        secrets,
        policy: change.policy.clone().unwrap_or_default(),
        buffer: change.buffer.map_or(0, |units| i64::from(units) * ONE),
        allow_host: change.allow_host,
        certificate: certificate(change)?.unwrap_or_default(),
    };
    save(cli, app, caller, request)
}

/// What is not said stays as it is.
pub(crate) fn change(
    cli: &Cli,
    app: &App,
    caller: &Caller,
    before: ChannelView,
    change: &ChangeOptions,
    ask: bool,
) -> Result<ExitCode, Failure> {
    let known = platform_of(app, caller, &before.kind)?;
    refuse_secrets(&known, change)?;
    let mut options = before.options;
    options.extend(settings(change)?);
    let request = SaveChannel {
        id: Some(before.id),
        kind: before.kind,
        name: change.name.clone().unwrap_or(before.name),
        url: before.url,
        options,
        secrets: secrets(&known, if ask { Prompt::All } else { Prompt::None })?,
        policy: change.policy.clone().unwrap_or(before.policy),
        buffer: change.buffer.map_or(before.buffer, |units| i64::from(units) * ONE),
        allow_host: change.allow_host || before.allow_host,
        certificate: certificate(change)?.unwrap_or(before.certificate),
    };
    save(cli, app, caller, request)
}

fn save(cli: &Cli, app: &App, caller: &Caller, request: SaveChannel) -> Result<ExitCode, Failure> {
    let saved = perform::<SaveChannelCommand>(app, caller, request)?;
    answer(cli, &saved, &line(&saved))?;
    Ok(ExitCode::SUCCESS)
}

fn platform_of(app: &App, caller: &Caller, kind: &str) -> Result<PlatformView, Failure> {
    let platforms = perform::<ListChannels>(app, caller, Nothing {})?.platforms;
    let kinds: Vec<String> = platforms.iter().map(|one| one.kind.clone()).collect();
    platforms.into_iter().find(|one| one.kind == kind).ok_or_else(|| {
        let known = kinds.join(", ");
        Failure::bad_input(format!("\"{kind}\" is no platform that is known here: {known}"))
    })
}

/// A secret on the command line is refused in words, not used: it may be in a shell's history by now.
fn refuse_secrets(platform: &PlatformView, change: &ChangeOptions) -> Result<(), Failure> {
    let variables: Vec<String> =
        platform.secrets.iter().map(|field| variable(&platform.kind, &field.name)).collect();
    let refusal = |what: &str| {
        Failure::bad_input(format!(
            "{what} is a secret, and others can read what is on a command line: put it into the \
             environment ({}) or have it asked for. If you typed it just now, make another at the platform",
            variables.join(", ")
        ))
    };
    if let Some(option) = change.given_secret() {
        return Err(refusal(option));
    }
    for option in &change.options {
        let name = option.split('=').next().unwrap_or_default().trim();
        if platform.secrets.iter().any(|field| field.name == name) {
            return Err(refusal(name));
        }
    }
    Ok(())
}

fn settings(change: &ChangeOptions) -> Result<BTreeMap<String, String>, Failure> {
    let mut settings = BTreeMap::new();
    for option in &change.options {
        let (name, value) = option.split_once('=').ok_or_else(|| {
            Failure::bad_input(format!("\"{option}\" is no setting: write NAME=VALUE"))
        })?;
        settings.insert(name.trim().to_owned(), value.trim().to_owned());
    }
    Ok(settings)
}

fn certificate(change: &ChangeOptions) -> Result<Option<String>, Failure> {
    let Some(file) = &change.certificate else { return Ok(None) };
    let text = std::fs::read_to_string(file)
        .map_err(|error| Failure::bad_input(format!("{}: {error}", file.display())))?;
    Ok(Some(text))
}

/// Secrets from the environment; those that are not there are asked for, unseen, if somebody is there.
fn secrets(platform: &PlatformView, prompt: Prompt) -> Result<BTreeMap<String, String>, Failure> {
    let mut secrets = BTreeMap::new();
    for field in &platform.secrets {
        let given = std::env::var(variable(&platform.kind, &field.name)).ok();
        let secret = match given.filter(|secret| !secret.is_empty()) {
            Some(secret) => secret,
            None if prompt == Prompt::All && std::io::stdin().is_terminal() => {
                let hint = if field.needed { "" } else { " (may be left empty)" };
                rpassword::prompt_password(format!("{}{hint}: ", field.label))?
            }
            None => continue,
        };
        if !secret.trim().is_empty() {
            secrets.insert(field.name.clone(), secret);
        }
    }
    Ok(secrets)
}

/// `shop.example.com` of an address; the address itself if it has none.
fn host_of(url: &str) -> String {
    let full = if url.contains("://") { url.to_owned() } else { format!("https://{url}") };
    let host = url::Url::parse(&full).ok().and_then(|url| url.host_str().map(str::to_owned));
    let name = host.unwrap_or_else(|| url.to_owned());
    name.chars().take(countertop_app::channel_orders::MAX_CHANNEL).collect()
}
