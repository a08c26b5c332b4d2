//! The machines on the counter, from the command line.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use countertop_app::commands::{
    AddDeviceCommand, ListDevices, RemoveDevice, ResolveCardCommand, TestDevice,
};
use countertop_app::wire::{
    AddDevice, AttemptView, DeviceList, DeviceRequest, DeviceState, DeviceView, Nothing, OpenCards,
    ResolveCard,
};
use countertop_app::{App, Caller, perform, settle_doubts};
use countertop_domain::ids::{DeviceId, TenderId};
use countertop_store::DeviceKind;
use serde_json::json;

use crate::answer::{Failure, answer, open};
use crate::cli::{Cli, DeviceAction, YesNo};

pub(crate) fn device(cli: &Cli, action: &DeviceAction) -> Result<ExitCode, Failure> {
    let (register, caller) = open(cli)?;
    let app = register.app();
    let list = match action {
        DeviceAction::List => perform::<ListDevices>(app, &caller, Nothing {})?,
        DeviceAction::Add { .. } => {
            let request = to_add(app, &caller, action)?;
            perform::<AddDeviceCommand>(app, &caller, request)?
        }
        DeviceAction::Remove { id } => {
            let device_id = named(app, &caller, id)?.id;
            perform::<RemoveDevice>(app, &caller, DeviceRequest { device_id })?
        }
        DeviceAction::Test { id } => {
            let device_id = named(app, &caller, id)?.id;
            let tested = perform::<TestDevice>(app, &caller, DeviceRequest { device_id })?;
            answer(cli, &tested, &tested.words)?;
            return Ok(ExitCode::SUCCESS);
        }
        DeviceAction::Status { id } => return status(cli, app, &caller, id.as_deref()),
        DeviceAction::Resolve { tender_id, charged, reason, wait } => {
            let wait = Duration::from_secs(*wait);
            let mut open = settle_doubts(app, &caller, wait)?;
            if let Some(id) = tender_id {
                decide(app, &caller, id, *charged, reason.as_deref())?;
                open = settle_doubts(app, &caller, Duration::ZERO)?;
            }
            return doubts(cli, &open);
        }
    };
    answer(cli, &list, &lines(&list))?;
    Ok(ExitCode::SUCCESS)
}

fn to_add(app: &App, caller: &Caller, action: &DeviceAction) -> Result<AddDevice, Failure> {
    let DeviceAction::Add { what, address, driver, port, name, options, columns, no_drawer } =
        action
    else {
        return Ok(AddDevice::default());
    };
    let mut settings = BTreeMap::new();
    for option in options {
        let (name, value) = option.split_once('=').ok_or_else(|| {
            Failure::bad_input(format!("\"{option}\" is no setting: write NAME=VALUE"))
        })?;
        settings.insert(name.trim().to_owned(), value.trim().to_owned());
    }
    let mut request = AddDevice {
        driver: driver.clone(),
        options: Some(settings),
        columns: *columns,
        drawer: no_drawer.then_some(false),
        ..AddDevice::default()
    };
    match (address, port) {
        // As printers have always been set up: by name and address.
        (Some(address), None) => {
            request.name = name.clone().unwrap_or_else(|| what.clone());
            request.address = address.clone();
        }
        (None, Some(port)) => {
            let kind = DeviceKind::parse(what).ok_or_else(|| {
                Failure::bad_input(format!(
                    "\"{what}\" is no kind of device: {}",
                    DeviceKind::ALL.map(DeviceKind::name).join(", ")
                ))
            })?;
            request.kind = Some(kind.name().to_owned());
            request.name = match name {
                Some(name) => name.clone(),
                None => free_name(app, caller, kind)?,
            };
            request.address = address_of(port);
        }
        (Some(_), Some(_)) => {
            return Err(Failure::bad_input("say where it is once: with --port"));
        }
        (None, None) => {
            return Err(Failure::bad_input(
                "say where it is: --port PATH, --port tcp:HOST:PORT or --port twin",
            ));
        }
    }
    Ok(request)
}

/// A plain path is a serial port, but for the nodes of USB printers.
fn address_of(port: &str) -> String {
    let has_scheme = ["serial:", "tcp:", "file:", "twin:"].iter().any(|s| port.starts_with(s));
    if has_scheme || port == "twin" {
        port.to_owned()
    } else if port.starts_with("/dev/usb/") {
        format!("file:{port}")
    } else {
        format!("serial:{port}")
    }
}

/// `Terminal`, or `Terminal 2` where there is one.
fn free_name(app: &App, caller: &Caller, kind: DeviceKind) -> Result<String, Failure> {
    let devices = perform::<ListDevices>(app, caller, Nothing {})?.devices;
    let mut plain = kind.name().to_owned();
    if let Some(first) = plain.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    let names = (1..).map(|n| if n == 1 { plain.clone() } else { format!("{plain} {n}") });
    let mut free = names.filter(|name| devices.iter().all(|device| device.name != *name));
    Ok(free.next().unwrap_or(plain))
}

fn status(cli: &Cli, app: &App, caller: &Caller, id: Option<&str>) -> Result<ExitCode, Failure> {
    let asked = match id {
        Some(id) => vec![named(app, caller, id)?],
        None => perform::<ListDevices>(app, caller, Nothing {})?.devices,
    };
    for device in &asked {
        // A printer is not asked: a test page would come out.
        if device.kind != DeviceKind::Printer.name() {
            let _ = perform::<TestDevice>(app, caller, DeviceRequest { device_id: device.id });
        }
    }
    let ids: Vec<DeviceId> = asked.iter().map(|device| device.id).collect();
    let mut list = perform::<ListDevices>(app, caller, Nothing {})?;
    list.devices.retain(|device| ids.contains(&device.id));
    let mut text = String::new();
    for device in &list.devices {
        let _ = writeln!(text, "{}: {}", device.name, state(device));
    }
    if list.devices.is_empty() {
        text.push_str("no device is set up\n");
    }
    let well = list
        .devices
        .iter()
        .all(|device| matches!(device.status, DeviceState::Ready | DeviceState::Unknown));
    answer(cli, &json!({ "devices": list.devices }), text.trim_end())?;
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn state(device: &DeviceView) -> String {
    let word = match device.status {
        DeviceState::Unknown => "not heard of yet",
        DeviceState::Ready => "ready",
        DeviceState::NotThere => "not there",
        DeviceState::Trouble => "trouble",
    };
    if device.words.is_empty() { word.to_owned() } else { format!("{word}. {}", device.words) }
}

fn decide(
    app: &App,
    caller: &Caller,
    id: &str,
    charged: Option<YesNo>,
    reason: Option<&str>,
) -> Result<(), Failure> {
    let tender_id: TenderId = id.parse().map_err(|_| {
        Failure::bad_input(format!(
            "\"{id}\" is no payment's id: `countertopd device resolve` lists them"
        ))
    })?;
    let (Some(charged), Some(reason)) = (charged, reason) else {
        return Err(Failure::bad_input(
            "say what became of it: --charged yes or no, and --reason \"…\"",
        ));
    };
    let request =
        ResolveCard { tender_id, charged: charged == YesNo::Yes, reason: reason.to_owned() };
    perform::<ResolveCardCommand>(app, caller, request)?;
    Ok(())
}

fn doubts(cli: &Cli, open: &OpenCards) -> Result<ExitCode, Failure> {
    let mut text = String::new();
    for attempt in &open.attempts {
        let _ = writeln!(text, "{}", doubt(attempt));
    }
    if open.attempts.is_empty() {
        text.push_str("no card payment is in doubt");
    }
    answer(cli, open, text.trim_end())?;
    Ok(if open.attempts.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn doubt(attempt: &AttemptView) -> String {
    let mut line = format!(
        "{}  {}  {}  {}  {}",
        attempt.tender_id, attempt.local_time, attempt.terminal, attempt.amount, attempt.words
    );
    if let Some(seen) = &attempt.seen {
        let receipt = seen.receipt.map_or_else(|| "?".to_owned(), |number| number.to_string());
        let at = if seen.at.is_empty() { String::new() } else { format!(", {}", seen.at) };
        let _ = write!(
            line,
            " The terminal's last payment: receipt {receipt}, {} ****{}{at}.",
            seen.brand, seen.last_four
        );
    }
    line
}

fn lines(list: &DeviceList) -> String {
    let mut lines = String::new();
    for device in &list.devices {
        let _ = write!(
            lines,
            "{}  {}  {} {}  {}",
            device.id, device.name, device.kind, device.driver, device.address
        );
        if device.kind == DeviceKind::Printer.name() {
            let drawer = if device.drawer { ", with a drawer" } else { "" };
            let _ = write!(lines, "  {} columns{drawer}", device.columns);
        }
        lines.push('\n');
    }
    if list.devices.is_empty() {
        lines.push_str("no device is set up\n");
    }
    for port in &list.ports {
        let _ = writeln!(lines, "found: {port}");
    }
    lines.trim_end().to_owned()
}

/// The device that a person means, by its id or its name.
pub(crate) fn named(app: &App, caller: &Caller, wanted: &str) -> Result<DeviceView, Failure> {
    let devices = perform::<ListDevices>(app, caller, Nothing {})?.devices;
    let id: Option<DeviceId> = wanted.parse().ok();
    let found = devices.into_iter().find(|d| Some(d.id) == id || d.name == wanted);
    found.ok_or_else(|| {
        Failure::bad_input(format!(
            "there is no device {wanted}: `countertopd device list` tells which there are"
        ))
    })
}

/// The same, of a kind.
pub(crate) fn of_kind(
    app: &App,
    caller: &Caller,
    wanted: &str,
    kind: DeviceKind,
) -> Result<DeviceView, Failure> {
    let device = named(app, caller, wanted)?;
    if device.kind == kind.name() {
        return Ok(device);
    }
    Err(Failure::bad_input(format!(
        "\"{}\" is a {}, not a {}: `countertopd device list` tells which there are",
        device.name,
        device.kind,
        kind.name()
    )))
}
