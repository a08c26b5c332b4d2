//! Setting up printers.

use countertop_devices::{Address, serial_ports};
use countertop_domain::ids::DeviceId;
use countertop_receipt::{Block, Kind, ReceiptDoc, escpos};
use countertop_store::DeviceRow;

use crate::app::{App, Caller};
use crate::error::AppError;
use crate::print_worker::{profile_of, send};
use crate::wire::{AddDevice, DeviceList, DeviceRequest, DeviceView, Nothing};

/// Characters of a device's name.
const MAX_NAME: usize = 40;
/// Devices at most; more than a counter holds.
const MAX_DEVICES: usize = 20;

pub(crate) fn list(app: &App, _: &Caller, _: Nothing) -> Result<DeviceList, AppError> {
    let rows = app.store.read::<_, AppError>(|snapshot| Ok(snapshot.devices()?))?;
    let devices = rows
        .into_iter()
        .map(|row| DeviceView {
            id: row.id,
            name: row.name,
            address: row.address,
            columns: row.columns,
            drawer: row.drawer,
        })
        .collect();
    Ok(DeviceList { devices, ports: serial_ports() })
}

pub(crate) fn add(app: &App, caller: &Caller, request: AddDevice) -> Result<DeviceList, AppError> {
    let name = request.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > MAX_NAME {
        return Err(bad_text(format!("give the printer a name of up to {MAX_NAME} characters")));
    }
    let address: Address = request.address.trim().parse()?;
    let columns = request.columns.unwrap_or(48);
    if !(20..=64).contains(&columns) {
        return Err(bad_text(format!(
            "{columns} characters a line is no paper: 48 for 80 mm, 32 for 58 mm"
        )));
    }
    let row = DeviceRow {
        id: DeviceId::new(app.ids.next()),
        name,
        address: address.to_string(),
        columns,
        drawer: request.drawer.unwrap_or(true),
    };
    app.store.write(move |tx| {
        let devices = tx.devices()?;
        if devices.iter().any(|device| device.name == row.name) {
            return Err(bad_text(format!(
                "there is a \"{}\" already: choose another name",
                row.name
            )));
        }
        if devices.len() >= MAX_DEVICES {
            return Err(bad_text(format!("{MAX_DEVICES} devices are set up: remove one first")));
        }
        Ok(tx.add_device(&row)?)
    })?;
    app.changed(&caller.client, &["devices", "register"]);
    app.wake_printer();
    list(app, caller, Nothing {})
}

fn bad_text(reason: String) -> AppError {
    AppError::BadText { reason }
}

pub(crate) fn test(app: &App, _: &Caller, request: DeviceRequest) -> Result<Nothing, AppError> {
    let device = app
        .store
        .read::<_, AppError>(|snapshot| Ok(snapshot.devices()?))?
        .into_iter()
        .find(|device| device.id == request.device_id)
        .ok_or(no_device())?;
    let page = test_page(app, &device);
    let bytes = escpos::print(&page, &profile_of(&device), false).bytes;
    send(device.address.parse()?, &bytes)?;
    Ok(Nothing {})
}

const fn no_device() -> AppError {
    AppError::NoSuch { code: "no_such_device", what: "that device" }
}

fn test_page(app: &App, device: &DeviceRow) -> ReceiptDoc {
    let at = app.now();
    let letterhead = &app.shop().letterhead;
    ReceiptDoc {
        id: String::new(),
        number: String::new(),
        title: "Test page".to_owned(),
        shop: letterhead.shop.clone(),
        language: letterhead.words.language.clone(),
        issued: at,
        kind: Kind::Original,
        blocks: vec![
            Block::Heading(letterhead.shop.clone()),
            Block::Text(device.name.clone()),
            Block::Text(device.address.clone()),
            Block::Text(at.local_text()),
            // A character that comes out wrong tells that the code pages differ.
            Block::Text("€ £ ¥ äöüß éèçñ ÅØÆ 0123456789".to_owned()),
        ],
    }
}

pub(crate) fn remove(
    app: &App,
    caller: &Caller,
    request: DeviceRequest,
) -> Result<DeviceList, AppError> {
    app.store.write(move |tx| {
        if tx.remove_device(request.device_id)? { Ok(()) } else { Err(no_device()) }
    })?;
    app.changed(&caller.client, &["devices", "register"]);
    list(app, caller, Nothing {})
}
