//! Setting up the machines on the counter.

mod counter;
mod machines;
mod options;
mod pole;
mod terminals;
mod traffic;
mod twins;

use std::sync::mpsc::channel;
use std::time::Duration;

use countertop_devices::{Address, serial_ports};
use countertop_domain::ids::DeviceId;
use countertop_receipt::{Block, Kind, ReceiptDoc, escpos};
use countertop_store::{DeviceKind, DeviceRow, Snapshot};

pub(crate) use self::counter::Scales;
pub(crate) use self::machines::MachineDesk;
pub use self::machines::{Machines, TerminalMaker};
pub(crate) use self::traffic::{record, traffic};
pub(crate) use self::twins::{press as press_twin, state as twin_state};

use crate::app::{App, Caller};
use crate::cards::Ask;
use crate::error::AppError;
use crate::print_worker::{profile_of, try_out};
use crate::wire::{
    AddDevice, ChangeDevice, DeviceList, DeviceRequest, DeviceState, DeviceTested, DeviceView,
    Nothing, SwitchDevice,
};

/// Characters of a device's name.
const MAX_NAME: usize = 40;
/// Devices at most; more than a counter holds.
const MAX_DEVICES: usize = 20;
/// What a device gets to answer a test.
const TO_ANSWER: Duration = Duration::from_secs(30);

pub(crate) fn list(app: &App, _: &Caller, _: Nothing) -> Result<DeviceList, AppError> {
    let rows = app.store.read::<_, AppError>(|snapshot| Ok(snapshot.devices()?))?;
    let devices = rows.into_iter().map(|row| view(app, row)).collect();
    Ok(DeviceList { devices, ports: serial_ports(), drivers: options::views() })
}

fn view(app: &App, row: DeviceRow) -> DeviceView {
    let (status, words) = app.machines.status(row.id);
    let is_printer = row.kind == DeviceKind::Printer;
    DeviceView {
        id: row.id,
        kind: row.kind.name().to_owned(),
        twin: is_twin(&row),
        recording: app.machines.recordings.runs(&row),
        status,
        words,
        columns: if is_printer { row.columns() } else { 0 },
        drawer: row.drawer(),
        driver: row.driver,
        name: row.name,
        address: row.address,
        options: row.options,
    }
}

fn is_twin(row: &DeviceRow) -> bool {
    matches!(row.address.parse(), Ok(Address::Twin(_)))
}

pub(crate) fn add(app: &App, caller: &Caller, request: AddDevice) -> Result<DeviceList, AppError> {
    let kind = options::kind(request.kind.as_deref().unwrap_or("printer"))?;
    let driver = options::find(kind, request.driver.as_deref())?;
    let id = DeviceId::new(app.ids.next());
    let mut settings = request.options.unwrap_or_default();
    if kind == DeviceKind::Printer {
        options::of_printer(&mut settings, request.columns, request.drawer);
    }
    let row = DeviceRow {
        id,
        kind,
        driver: driver.driver.to_owned(),
        name: name(&request.name)?,
        address: address(id, &request.address)?,
        options: settings,
    };
    options::check(&row)?;
    app.store.write(move |tx| {
        let devices = tx.devices()?;
        is_free(&devices, &row)?;
        if devices.len() >= MAX_DEVICES {
            return Err(bad_text(format!("{MAX_DEVICES} devices are set up: remove one first")));
        }
        Ok(tx.put_device(&row)?)
    })?;
    changed(app, caller)
}

/// The threads are as the settings say, and every screen hears of it.
fn changed(app: &App, caller: &Caller) -> Result<DeviceList, AppError> {
    app.machines.settings_changed();
    app.changed(&caller.client, &["devices", "register", "twins"]);
    app.wake_printer();
    list(app, caller, Nothing {})
}

fn name(text: &str) -> Result<String, AppError> {
    let name = text.trim().to_owned();
    if name.is_empty() || name.chars().count() > MAX_NAME || name.chars().any(char::is_control) {
        return Err(bad_text(format!("give the device a name of up to {MAX_NAME} characters")));
    }
    Ok(name)
}

/// An address as it is kept; `twin` alone is a twin of its own.
fn address(id: DeviceId, text: &str) -> Result<String, AppError> {
    match text.trim() {
        "twin" => Ok(format!("twin:{id}")),
        text => Ok(text.parse::<Address>()?.to_string()),
    }
}

/// No two devices have one name, and no two have one twin.
fn is_free(devices: &[DeviceRow], row: &DeviceRow) -> Result<(), AppError> {
    let mut others = devices.iter().filter(|device| device.id != row.id);
    if others.clone().any(|device| device.name == row.name) {
        return Err(bad_text(format!("there is a \"{}\" already: choose another name", row.name)));
    }
    match others.find(|device| is_twin(row) && device.address == row.address) {
        None => Ok(()),
        Some(other) => Err(bad_text(format!("that is the twin of \"{}\" already", other.name))),
    }
}

fn bad_text(reason: String) -> AppError {
    AppError::BadText { reason }
}

const fn no_device() -> AppError {
    AppError::NoSuch { code: "no_such_device", what: "that device" }
}

fn device(snapshot: &Snapshot<'_>, id: DeviceId) -> Result<DeviceRow, AppError> {
    snapshot.device(id)?.ok_or(no_device())
}

pub(crate) fn change(
    app: &App,
    caller: &Caller,
    request: ChangeDevice,
) -> Result<DeviceList, AppError> {
    let id = request.device_id;
    let name = request.name.as_deref().map(name).transpose()?;
    let address = request.address.as_deref().map(|text| address(id, text)).transpose()?;
    app.store.write(move |tx| {
        let before = device(tx, id)?;
        let mut row = before.clone();
        row.name = name.unwrap_or(row.name);
        if let Some(address) = address
            && address != row.address
        {
            row.address = address;
            row.options.remove(options::REAL_ADDRESS);
        }
        if let Some(mut settings) = request.options {
            settings.remove(options::REAL_ADDRESS);
            if let Some(real) = row.options.remove(options::REAL_ADDRESS) {
                settings.insert(options::REAL_ADDRESS.to_owned(), real);
            }
            row.options = settings;
        }
        put_changed(tx, &before, &row)
    })?;
    changed(app, caller)
}

/// While a payment is under way its terminal stays as it is; one that is in doubt may be looked for at
/// another address.
fn put_changed(
    tx: &countertop_store::Tx<'_>,
    before: &DeviceRow,
    row: &DeviceRow,
) -> Result<(), AppError> {
    options::check(row)?;
    is_free(&tx.devices()?, row)?;
    let moved = before.address != row.address || before.options != row.options;
    if moved && let Some(open) = open_payment(tx, row.id)? {
        let in_doubt = open.state == countertop_store::PaymentState::InDoubt;
        let to_twin = is_twin(before) != is_twin(row);
        if !in_doubt || to_twin {
            return Err(AppError::CardOpen { terminal: open.terminal, in_doubt });
        }
    }
    Ok(tx.put_device(row)?)
}

fn open_payment(
    snapshot: &Snapshot<'_>,
    device: DeviceId,
) -> Result<Option<countertop_store::PaymentRow>, AppError> {
    let rows = snapshot.unsettled_payments()?;
    Ok(rows.into_iter().find(|row| row.device == device && row.state.is_open()))
}

/// Puts a device's twin in its place, or the device back.
pub(crate) fn twin(
    app: &App,
    caller: &Caller,
    request: SwitchDevice,
) -> Result<DeviceList, AppError> {
    app.store.write(move |tx| {
        let before = device(tx, request.device_id)?;
        if is_twin(&before) == request.on {
            return Ok(());
        }
        let mut row = before.clone();
        if request.on {
            let real = std::mem::replace(&mut row.address, format!("twin:{}", row.id));
            row.options.insert(options::REAL_ADDRESS.to_owned(), real);
        } else {
            row.address = row.options.remove(options::REAL_ADDRESS).ok_or_else(|| {
                bad_text(format!(
                    "\"{}\" has never been anything but a twin: give it an address instead",
                    row.name
                ))
            })?;
        }
        put_changed(tx, &before, &row)
    })?;
    changed(app, caller)
}

pub(crate) fn test(
    app: &App,
    _: &Caller,
    request: DeviceRequest,
) -> Result<DeviceTested, AppError> {
    let row = app.store.read(|snapshot| device(snapshot, request.device_id))?;
    match row.kind {
        DeviceKind::Printer => test_printer(app, &row),
        DeviceKind::Terminal => test_terminal(app, &row),
        DeviceKind::Scale => counter::test_scale(app, &row),
        DeviceKind::Scanner | DeviceKind::Display => counter::test_listener(app, &row),
    }
}

fn test_printer(app: &App, row: &DeviceRow) -> Result<DeviceTested, AppError> {
    let page = test_page(app, row);
    let bytes = escpos::print(&page, &profile_of(row), false).bytes;
    match try_out(row, &bytes) {
        Ok(words) => {
            app.machines.say(row.id, DeviceState::Ready, "");
            Ok(DeviceTested { words: words.to_owned() })
        }
        Err(error) => {
            app.machines.say(row.id, DeviceState::NotThere, &error.to_string());
            Err(error)
        }
    }
}

fn test_terminal(app: &App, row: &DeviceRow) -> Result<DeviceTested, AppError> {
    let not_ready = |words| AppError::TerminalNotReady { terminal: row.name.clone(), words };
    let line = app.cards.line(row.id).ok_or_else(|| not_ready(app.machines.words(row.id)))?;
    let (answer, wait) = channel();
    let _ = line.tell.send(Ask::Status(answer));
    match wait.recv_timeout(TO_ANSWER) {
        Ok(Ok(words)) => Ok(DeviceTested { words }),
        Ok(Err(words)) => Err(not_ready(words)),
        Err(_) => Err(not_ready("it is at something else: try again in a moment".to_owned())),
    }
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

/// Forgets a device. A terminal stays while a payment at it may still go either way.
pub(crate) fn remove(
    app: &App,
    caller: &Caller,
    request: DeviceRequest,
) -> Result<DeviceList, AppError> {
    app.store.write(move |tx| {
        if let Some(open) = open_payment(tx, request.device_id)? {
            let in_doubt = open.state == countertop_store::PaymentState::InDoubt;
            return Err(AppError::CardOpen { terminal: open.terminal, in_doubt });
        }
        if tx.remove_device(request.device_id)? { Ok(()) } else { Err(no_device()) }
    })?;
    changed(app, caller)
}
