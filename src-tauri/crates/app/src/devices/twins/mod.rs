//! Twins: machines that this program plays itself, for a shop that has none, for training and for
//! tests. A device whose address is `twin:NAME` has its twin plugged in while the register is open.

mod counter;
mod printer;
mod terminal;

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use countertop_devices::{Address, ZvtFraming};
use countertop_domain::ids::DeviceId;
use countertop_store::{DeviceKind, DeviceRow};

use crate::app::{App, Caller};
use crate::error::AppError;
use crate::wire::{Nothing, PressTwin, TwinView, Twins};

/// A machine that this program plays.
pub(crate) trait Twin: Send {
    /// Shows what it shows.
    fn show(&self, view: &mut TwinView);

    /// Presses a button.
    ///
    /// # Errors
    /// In words: it has no such button, or the value is none.
    fn press(&self, button: &str, value: Option<&str>) -> Result<(), String>;
}

/// The twins that are plugged in, each with the settings that it was plugged in for.
type Plugged = HashMap<DeviceId, (DeviceRow, Box<dyn Twin>)>;

/// The twins that are plugged in.
#[derive(Default)]
pub(crate) struct Twinned {
    by_device: Mutex<Plugged>,
}

impl std::fmt::Debug for Twinned {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Twinned")
    }
}

impl Twinned {
    fn lock(&self) -> MutexGuard<'_, Plugged> {
        self.by_device.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Plugs in the twins that the settings name, and unplugs the others.
    pub(super) fn refresh(&self, app: &App, rows: &[DeviceRow]) {
        let mut twins = self.lock();
        twins.retain(|id, (before, _)| {
            rows.iter().any(|row| {
                row.id == *id
                    && row.address == before.address
                    && row.driver == before.driver
                    && row.options == before.options
            })
        });
        for row in rows {
            let Ok(Address::Twin(name)) = row.address.parse() else { continue };
            if !twins.contains_key(&row.id)
                && let Some(twin) = plug(app, row, name.name())
            {
                twins.insert(row.id, (row.clone(), twin));
            }
        }
    }

    pub(super) fn unplug_all(&self) {
        self.lock().clear();
    }
}

/// The twin of a device, plugged in under its name; none where the language has no twin, or another
/// machine has the name.
fn plug(app: &App, row: &DeviceRow, name: &str) -> Option<Box<dyn Twin>> {
    match (row.kind, row.driver.as_str()) {
        (DeviceKind::Terminal, "zvt") => {
            let framing = match row.option("framing") {
                Some("net") => ZvtFraming::Net,
                _ => ZvtFraming::Serial,
            };
            Some(Box::new(terminal::zvt(name, framing, app.currency(), app.now())?))
        }
        (DeviceKind::Terminal, "concert") => Some(Box::new(terminal::French::concert(name)?)),
        (DeviceKind::Terminal, "caisse-ap") => Some(Box::new(terminal::French::caisse_ap(name)?)),
        (DeviceKind::Printer, _) => printer::printer(name),
        (DeviceKind::Scanner, _) => counter::scanner(row, name),
        (DeviceKind::Scale, _) => counter::scale(row, name),
        (DeviceKind::Display, _) => counter::display(row, name),
        _ => None,
    }
}

fn unknown_button(button: &str) -> String {
    format!("it has no button \"{button}\"")
}

/// Every twin, as it is now.
pub(crate) fn state(app: &App, _: &Caller, _: Nothing) -> Result<Twins, AppError> {
    let twins = app.machines.twins.lock();
    let mut views: Vec<(DeviceId, TwinView)> = twins
        .iter()
        .map(|(id, (row, twin))| {
            let mut view = TwinView {
                device_id: id.to_string(),
                kind: row.kind.name().to_owned(),
                driver: row.driver.clone(),
                name: row.name.clone(),
                ..TwinView::default()
            };
            twin.show(&mut view);
            (*id, view)
        })
        .collect();
    views.sort_by_key(|(id, _)| *id);
    Ok(Twins { twins: views.into_iter().map(|(_, view)| view).collect() })
}

/// Presses a button of a twin.
pub(crate) fn press(app: &App, caller: &Caller, request: PressTwin) -> Result<Twins, AppError> {
    {
        let twins = app.machines.twins.lock();
        let (_, twin) = twins
            .get(&request.device_id)
            .ok_or(AppError::NoSuch { code: "no_such_device", what: "that twin" })?;
        twin.press(&request.button, request.value.as_deref())
            .map_err(|reason| AppError::BadText { reason })?;
    }
    app.changed(&caller.client, &["twins"]);
    state(app, caller, Nothing {})
}
