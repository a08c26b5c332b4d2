//! What goes over a device's wire, recorded for whoever looks for a fault. Recordings are in memory
//! only, hold the last 200,000 bytes, and never a card's number or a password.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use countertop_devices::{Mask, Recording, mask_cards, mask_concert, mask_zvt};
use countertop_domain::ids::DeviceId;
use countertop_store::{DeviceKind, DeviceRow};

use super::{changed, device};
use crate::app::{App, Caller};
use crate::error::AppError;
use crate::wire::{DeviceList, DeviceRequest, SwitchDevice, Traffic};

/// The recordings that run.
#[derive(Default)]
pub(crate) struct Recordings {
    by_device: Mutex<HashMap<DeviceId, (String, Recording)>>,
}

impl std::fmt::Debug for Recordings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Recordings")
    }
}

impl Recordings {
    fn lock(&self) -> MutexGuard<'_, HashMap<DeviceId, (String, Recording)>> {
        self.by_device.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a device is being recorded, at the address that it has now.
    pub(super) fn runs(&self, row: &DeviceRow) -> bool {
        self.lock().get(&row.id).is_some_and(|(address, _)| *address == row.address)
    }
}

/// What is secret in a language.
fn mask_of(row: &DeviceRow) -> Mask {
    match (row.kind, row.driver.as_str()) {
        (DeviceKind::Terminal, "zvt") => mask_zvt,
        (DeviceKind::Terminal, "concert") => mask_concert,
        _ => mask_cards,
    }
}

/// Begins a recording, or throws it away.
pub(crate) fn record(
    app: &App,
    caller: &Caller,
    request: SwitchDevice,
) -> Result<DeviceList, AppError> {
    let row = app.store.read(|snapshot| device(snapshot, request.device_id))?;
    let recording = match request.on {
        true => Some((row.address.clone(), Recording::start(&row.address.parse()?, mask_of(&row)))),
        false => None,
    };
    let mut running = app.machines.recordings.lock();
    match recording {
        Some(recording) => running.insert(row.id, recording),
        None => running.remove(&row.id),
    };
    drop(running);
    changed(app, caller)
}

/// The recording so far, as text; empty where none runs.
pub(crate) fn traffic(app: &App, _: &Caller, request: DeviceRequest) -> Result<Traffic, AppError> {
    let row = app.store.read(|snapshot| device(snapshot, request.device_id))?;
    let running = app.machines.recordings.lock();
    let text = running.get(&row.id).map(|(_, recording)| recording.text()).unwrap_or_default();
    Ok(Traffic { text })
}
