//! Printers from the command line.

use std::fmt::Write as _;
use std::process::ExitCode;

use countertop_app::commands::{AddPrinter, ListDevices, RemoveDevice, TestDevice};
use countertop_app::wire::{AddDevice, DeviceList, DeviceRequest, Nothing};
use countertop_app::{App, perform};
use countertop_domain::ids::DeviceId;

use crate::answer::{Failure, answer, open};
use crate::cli::{Cli, DeviceAction};

pub(crate) fn device(cli: &Cli, action: &DeviceAction) -> Result<ExitCode, Failure> {
    let (register, caller) = open(cli)?;
    let app = register.app();
    let list = match action {
        DeviceAction::List => perform::<ListDevices>(app, &caller, Nothing {})?,
        DeviceAction::Add { name, address, columns, no_drawer } => perform::<AddPrinter>(
            app,
            &caller,
            AddDevice {
                name: name.clone(),
                address: address.clone(),
                columns: Some(*columns),
                drawer: Some(!no_drawer),
            },
        )?,
        DeviceAction::Remove { id } => {
            perform::<RemoveDevice>(app, &caller, DeviceRequest { device_id: parse(id)? })?
        }
        DeviceAction::Test { id } => {
            perform::<TestDevice>(app, &caller, DeviceRequest { device_id: parse(id)? })?;
            answer(cli, &Nothing {}, "a test page was sent: look whether it came out")?;
            return Ok(ExitCode::SUCCESS);
        }
    };
    answer(cli, &list, &lines(&list))?;
    Ok(ExitCode::SUCCESS)
}

fn lines(list: &DeviceList) -> String {
    let mut lines = String::new();
    for device in &list.devices {
        let drawer = if device.drawer { ", with a drawer" } else { "" };
        let _ = writeln!(
            lines,
            "{}  {}  {}  {} columns{drawer}",
            device.id, device.name, device.address, device.columns
        );
    }
    if list.devices.is_empty() {
        lines.push_str("no printer is set up\n");
    }
    for port in &list.ports {
        let _ = writeln!(lines, "found: {port}");
    }
    lines.trim_end().to_owned()
}

fn parse(id: &str) -> Result<DeviceId, Failure> {
    id.parse().map_err(|_| {
        Failure::bad_input(format!("\"{id}\" is no device's id: `countertopd device list` tells"))
    })
}

pub(crate) fn must_exist(app: &App, id: &str) -> Result<(), Failure> {
    let id = parse(id)?;
    let devices = app.store().read(|snapshot| snapshot.devices())?;
    if devices.iter().any(|device| device.id == id) {
        return Ok(());
    }
    Err(Failure::bad_input(format!(
        "there is no device {id}: `countertopd device list` tells which there are"
    )))
}
