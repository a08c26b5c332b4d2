//! Web shops, from the command line.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::ExitCode;

use countertop_app::commands::{
    Command, ListChannelNames, ListChannelOpsCommand, ListChannelProblemsCommand, ListChannels,
    ListVariantsCommand, PauseChannelCommand, RemoveChannel, RetryChannelProblem,
    SetChannelNameCommand, SetChannelProblemAside, TakeChannelProblemUp, TestChannelCommand,
};
use countertop_app::wire::{
    ChannelList, ChannelMap, ChannelNameView, ChannelOps, ChannelProblemRequest, ChannelProblems,
    ChannelRequest, ChannelState, ChannelTested, ChannelView, ListChannelMap, ListChannelOps,
    ListChannelProblems, ListVariants, Nothing, PauseChannel, SetChannelName, TestChannel,
};
use countertop_app::{App, Caller, perform};
use countertop_domain::ids::{ChannelId, VariantId};
use serde_json::json;

use crate::answer::{Failure, answer, open, open_existing};
use crate::channel_set_up;
use crate::cli::{ChannelAction, Cli};

pub(crate) fn channel(cli: &Cli, action: &ChannelAction) -> Result<ExitCode, Failure> {
    let opened = match action {
        ChannelAction::Add { .. } | ChannelAction::Platforms => open(cli),
        _ => open_existing(cli),
    };
    let (register, caller) = opened.map_err(|failure| {
        if failure.is_held() {
            return failure.with_hint(
                "a register is running on this folder: look after its web shops on its screen under \
                 Channels, or stop it first",
            );
        }
        failure
    })?;
    let app = register.app();
    match action {
        ChannelAction::Add { platform, shop } => {
            channel_set_up::add(cli, app, &caller, platform, shop)
        }
        ChannelAction::Change { shop, url, change, secrets } => {
            let mut before = named(app, &caller, shop)?;
            if let Some(url) = url {
                before.url.clone_from(url);
            }
            channel_set_up::change(cli, app, &caller, before, change, *secrets)
        }
        ChannelAction::List => {
            let list = perform::<ListChannels>(app, &caller, Nothing {})?;
            answer(cli, &list, &lines(&list))?;
            Ok(ExitCode::SUCCESS)
        }
        ChannelAction::Platforms => {
            let list = perform::<ListChannels>(app, &caller, Nothing {})?;
            answer(cli, &json!({ "platforms": list.platforms }), &platform_lines(&list))?;
            Ok(ExitCode::SUCCESS)
        }
        ChannelAction::Test { shop } => test(cli, app, &caller, shop),
        ChannelAction::Sync { shop, once } => sync(cli, app, &caller, shop.as_deref(), *once),
        ChannelAction::Status { shop } => status(cli, app, &caller, shop.as_deref()),
        ChannelAction::Pause { shop } => pause(cli, app, &caller, shop, true),
        ChannelAction::Resume { shop } => pause(cli, app, &caller, shop, false),
        ChannelAction::Problems { shop, aside } => {
            problems(cli, app, &caller, shop.as_deref(), *aside)
        }
        ChannelAction::Queue { shop, state } => {
            let channel_id = named(app, &caller, shop)?.id;
            let request = ListChannelOps { channel_id, state: state.clone(), before: None };
            let page = perform::<ListChannelOpsCommand>(app, &caller, request)?;
            answer(cli, &page, &queue_lines(&page))?;
            Ok(ExitCode::SUCCESS)
        }
        ChannelAction::Retry { number } => to_do::<RetryChannelProblem>(cli, app, &caller, *number),
        ChannelAction::SetAside { number } => {
            to_do::<SetChannelProblemAside>(cli, app, &caller, *number)
        }
        ChannelAction::TakeUp { number } => {
            to_do::<TakeChannelProblemUp>(cli, app, &caller, *number)
        }
        ChannelAction::Map { .. } => map(cli, app, &caller, action),
        ChannelAction::Remove { shop } => {
            let channel_id = named(app, &caller, shop)?.id;
            let list = perform::<RemoveChannel>(app, &caller, ChannelRequest { channel_id })?;
            answer(cli, &list, &lines(&list))?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Does something about a to-do, and tells what is left to do.
fn to_do<C>(cli: &Cli, app: &App, caller: &Caller, number: i64) -> Result<ExitCode, Failure>
where
    C: Command<Request = ChannelProblemRequest, Reply = ChannelProblems>,
{
    let left = perform::<C>(app, caller, ChannelProblemRequest { number })?;
    answer(cli, &left, &problem_lines(&left))?;
    Ok(ExitCode::SUCCESS)
}

fn test(cli: &Cli, app: &App, caller: &Caller, shop: &str) -> Result<ExitCode, Failure> {
    let channel_id = Some(named(app, caller, shop)?.id);
    let request = TestChannel { channel_id, draft: None };
    let tested = perform::<TestChannelCommand>(app, caller, request)?;
    answer(cli, &tested, &tested_lines(&tested))?;
    Ok(if tested.ready { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn tested_lines(tested: &ChannelTested) -> String {
    let mut text = if tested.ready {
        format!("ready: {} {} ({})", tested.name, tested.version, tested.currency)
    } else {
        format!("not ready: {}", tested.trouble)
    };
    for right in &tested.missing {
        let _ = write!(text, "\nmissing: {right}");
    }
    for warning in &tested.warnings {
        let _ = write!(text, "\nlook at: {warning}");
    }
    text
}

fn sync(
    cli: &Cli,
    app: &App,
    caller: &Caller,
    shop: Option<&str>,
    once: bool,
) -> Result<ExitCode, Failure> {
    let asked = asked(app, caller, shop)?;
    if !once {
        // The threads of all shops run already: they go on until the program is stopped.
        answer(cli, &json!({ "channels": asked }), "in step from now on; stop with Ctrl+C")?;
        loop {
            std::thread::park();
        }
    }
    let mut troubles = BTreeMap::new();
    for channel in &asked {
        if channel.state == ChannelState::Paused {
            troubles.insert(channel.id, "it is paused: have it go on first".to_owned());
        } else if let Err(error) = app.sync_channel(channel.id) {
            troubles.insert(channel.id, error.to_string());
        }
    }
    let ids: Vec<ChannelId> = asked.iter().map(|channel| channel.id).collect();
    let mut list = perform::<ListChannels>(app, caller, Nothing {})?;
    list.channels.retain(|channel| ids.contains(&channel.id));
    let mut text = String::new();
    for channel in &list.channels {
        let trouble = troubles.get(&channel.id);
        let word = trouble.map_or_else(|| state(channel), |words| format!("not done: {words}"));
        let _ = writeln!(text, "{}: {word}", channel.name);
    }
    let told: BTreeMap<String, &String> =
        troubles.iter().map(|(id, words)| (id.to_string(), words)).collect();
    answer(cli, &json!({ "channels": list.channels, "troubles": told }), text.trim_end())?;
    Ok(if troubles.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn status(cli: &Cli, app: &App, caller: &Caller, shop: Option<&str>) -> Result<ExitCode, Failure> {
    let channels = asked(app, caller, shop)?;
    let mut text = String::new();
    for channel in &channels {
        let _ = writeln!(text, "{}: {}", channel.name, state(channel));
    }
    if channels.is_empty() {
        text.push_str("no web shop is set up\n");
    }
    let well = channels.iter().all(|channel| channel.state != ChannelState::Trouble);
    answer(cli, &json!({ "channels": channels }), text.trim_end())?;
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn state(channel: &ChannelView) -> String {
    let mut word = match channel.state {
        ChannelState::Paused => "paused".to_owned(),
        ChannelState::First => "is read for the first time".to_owned(),
        ChannelState::InStep => "in step".to_owned(),
        ChannelState::Trouble => format!("in trouble. {}", channel.trouble),
    };
    if channel.waiting > 0 {
        let _ = write!(word, "; {} updates wait", channel.waiting);
    }
    if channel.problems > 0 {
        let _ = write!(word, "; {} to-dos", channel.problems);
    }
    if channel.unmatched > 0 {
        let _ = write!(word, "; {} items are not matched", channel.unmatched);
    }
    word
}

fn pause(
    cli: &Cli,
    app: &App,
    caller: &Caller,
    shop: &str,
    paused: bool,
) -> Result<ExitCode, Failure> {
    let channel_id = named(app, caller, shop)?.id;
    let now = perform::<PauseChannelCommand>(app, caller, PauseChannel { channel_id, paused })?;
    answer(cli, &now, &line(&now))?;
    Ok(ExitCode::SUCCESS)
}

fn problems(
    cli: &Cli,
    app: &App,
    caller: &Caller,
    shop: Option<&str>,
    aside: bool,
) -> Result<ExitCode, Failure> {
    let state = aside.then(|| "aside".to_owned());
    let mut all = Vec::new();
    for channel in asked(app, caller, shop)? {
        let mut after = None;
        loop {
            let request =
                ListChannelProblems { channel_id: channel.id, state: state.clone(), after };
            let page = perform::<ListChannelProblemsCommand>(app, caller, request)?;
            after = page.problems.last().map(|last| last.number);
            let more = page.more && after.is_some();
            all.extend(page.problems);
            if !more {
                break;
            }
        }
    }
    let found = ChannelProblems { problems: all, more: false };
    answer(cli, &found, &problem_lines(&found))?;
    Ok(if aside || found.problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn problem_lines(page: &ChannelProblems) -> String {
    let mut text = String::new();
    for problem in &page.problems {
        let title =
            if problem.title.is_empty() { String::new() } else { format!("{}: ", problem.title) };
        let _ = writeln!(text, "{}  {title}{}", problem.number, problem.words);
    }
    if page.problems.is_empty() {
        text.push_str("nothing is to be looked at");
    } else if page.more {
        text.push_str("and more");
    }
    text.trim_end().to_owned()
}

fn queue_lines(page: &ChannelOps) -> String {
    let mut text = String::new();
    for op in &page.ops {
        let _ = write!(text, "{}  {}  {}  {}", op.number, op.state, op.kind, op.about);
        if !op.trouble.is_empty() {
            let _ = write!(text, "  {}", op.trouble);
        }
        text.push('\n');
    }
    if page.ops.is_empty() {
        text.push_str("nothing was sent, and nothing waits");
    } else if page.more {
        text.push_str("and older ones");
    }
    text.trim_end().to_owned()
}

fn map(cli: &Cli, app: &App, caller: &Caller, action: &ChannelAction) -> Result<ExitCode, Failure> {
    let ChannelAction::Map { shop, unmatched, external, sku, nothing } = action else {
        return Ok(ExitCode::SUCCESS);
    };
    let channel_id = named(app, caller, shop)?.id;
    if let Some(external) = external {
        let variant_id = match sku {
            Some(sku) => Some(variant_of(app, caller, sku)?),
            None if *nothing => None,
            None => {
                return Err(Failure::bad_input(
                    "say what it stands for: --sku ARTICLE-NUMBER, or --nothing",
                ));
            }
        };
        let request = SetChannelName { channel_id, external_id: external.clone(), variant_id };
        let name = perform::<SetChannelNameCommand>(app, caller, request)?;
        answer(cli, &name, &name_line(&name))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut names = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let request = ListChannelMap { channel_id, unmatched: *unmatched, after };
        let page = perform::<ListChannelNames>(app, caller, request)?;
        after = page.names.last().map(|last| last.external_id.clone());
        let more = page.more && after.is_some();
        names.extend(page.names);
        if !more {
            break;
        }
    }
    let text: Vec<String> = names.iter().map(name_line).collect();
    let text = if text.is_empty() { "no such names".to_owned() } else { text.join("\n") };
    answer(cli, &ChannelMap { names, more: false }, &text)?;
    Ok(ExitCode::SUCCESS)
}

fn name_line(name: &ChannelNameView) -> String {
    let ours = match (name.variant_id, name.gone_ms) {
        (_, Some(_)) => "gone from the shop".to_owned(),
        (None, None) => "not matched".to_owned(),
        (Some(_), None) => name.name.clone(),
    };
    format!("{}  {}  {ours}", name.external_id, name.title)
}

fn variant_of(app: &App, caller: &Caller, sku: &str) -> Result<VariantId, Failure> {
    let request = ListVariants { sku: Some(sku.to_owned()), ..ListVariants::default() };
    let found = perform::<ListVariantsCommand>(app, caller, request)?.variants;
    match found.as_slice() {
        [one] => Ok(one.variant_id),
        [] => Err(Failure::bad_input(format!("no item has the article number {sku}"))),
        _ => Err(Failure::bad_input(format!(
            "more than one item has the article number {sku}: choose on the screen, under Channels"
        ))),
    }
}

fn asked(app: &App, caller: &Caller, shop: Option<&str>) -> Result<Vec<ChannelView>, Failure> {
    match shop {
        Some(shop) => Ok(vec![named(app, caller, shop)?]),
        None => Ok(perform::<ListChannels>(app, caller, Nothing {})?.channels),
    }
}

fn lines(list: &ChannelList) -> String {
    let lines: Vec<String> = list.channels.iter().map(line).collect();
    if lines.is_empty() { "no web shop is set up".to_owned() } else { lines.join("\n") }
}

/// A shop in one line.
pub(crate) fn line(channel: &ChannelView) -> String {
    format!(
        "{}  {}  {}  {}  {}",
        channel.id,
        channel.name,
        channel.kind,
        channel.url,
        state(channel)
    )
}

fn platform_lines(list: &ChannelList) -> String {
    let mut text = String::new();
    for platform in &list.platforms {
        let _ = writeln!(text, "{}  {}", platform.kind, platform.name);
        for field in &platform.secrets {
            let variable = variable(&platform.kind, &field.name);
            let need = if field.needed { "" } else { ", may be left out" };
            let _ = writeln!(text, "  secret {variable}: {}{need}", field.label);
        }
        for field in &platform.options {
            let need = if field.needed { "" } else { ", may be left out" };
            let _ = writeln!(text, "  --option {}=…: {}{need}", field.name, field.label);
        }
        for right in &platform.rights {
            let _ = writeln!(text, "  right: {right}");
        }
    }
    text.trim_end().to_owned()
}

/// Where a platform's secret is looked for: `COUNTERTOP_WOOCOMMERCE_KEY`.
pub(crate) fn variable(kind: &str, name: &str) -> String {
    format!("COUNTERTOP_{}_{}", kind.to_ascii_uppercase(), name.to_ascii_uppercase())
}

/// The web shop that a person means, by its id or its name.
fn named(app: &App, caller: &Caller, wanted: &str) -> Result<ChannelView, Failure> {
    let channels = perform::<ListChannels>(app, caller, Nothing {})?.channels;
    let id: Option<ChannelId> = wanted.parse().ok();
    let found = channels.into_iter().find(|one| Some(one.id) == id || one.name == wanted);
    found.ok_or_else(|| {
        Failure::bad_input(format!(
            "there is no web shop {wanted}: `countertopd channel list` tells which there are"
        ))
    })
}
