//! Scanners, scales and customer displays: whoever owns their lines while the register is open.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use countertop_devices::{
    DisplayAt, DisplayMode, DisplayPage, DisplaySettings, Framing, Scale, ScaleAt, ScaleError,
    ScaleLanguage, ScannerEvent, SerialScanner, Suffix,
};
use countertop_domain::gs1;
use countertop_domain::ids::DeviceId;
use countertop_store::{DeviceKind, DeviceRow};

use super::machines::is_set_as;
use super::pole::PoleThread;
use crate::app::App;
use crate::error::AppError;
use crate::scanning;
use crate::wire::{Added, DeviceState, DeviceTested, Refusal, ScanNotice};

/// What a device gets to be looked for the first time.
const TO_BE_FOUND: Duration = Duration::from_secs(6);
const LOOK: Duration = Duration::from_millis(20);

/// The threads of scanners and displays, each with the settings that it was started for.
#[derive(Default)]
pub(super) struct Counter {
    threads: HashMap<DeviceId, (DeviceRow, Option<Owner>)>,
}

/// A thread that owns a line; dropping it ends the thread.
enum Owner {
    Scanner { thread: SerialScanner },
    Display { _thread: PoleThread },
}

impl Counter {
    /// Ends the threads of devices that are gone or set anew, and starts those that are missing.
    pub(super) fn refresh(&mut self, app: &Arc<App>, rows: &[DeviceRow]) {
        self.threads.retain(|_, (before, _)| rows.iter().any(|row| is_set_as(row, before)));
        app.machines.scales.forget_others(rows);
        for row in rows {
            if matches!(row.kind, DeviceKind::Scanner | DeviceKind::Display)
                && !self.threads.contains_key(&row.id)
            {
                let owner = start(app, row)
                    .inspect_err(|error| {
                        app.machines.say(row.id, DeviceState::Trouble, &error.to_string());
                    })
                    .ok();
                self.threads.insert(row.id, (row.clone(), owner));
            }
        }
    }

    /// A port has come: it may be the one that a scanner was unplugged from.
    pub(super) fn look_again(&self) {
        for (_, owner) in self.threads.values() {
            if let Some(Owner::Scanner { thread }) = owner {
                thread.try_now();
            }
        }
    }

    /// Ends every thread.
    pub(super) fn close(&mut self) {
        self.threads.clear();
    }
}

fn start(app: &Arc<App>, row: &DeviceRow) -> Result<Owner, AppError> {
    let address = row.address.parse()?;
    let no_thread = |error: std::io::Error| AppError::Io {
        path: format!("{} thread", row.kind.name()),
        reason: error.to_string(),
    };
    app.machines.say(row.id, DeviceState::Unknown, "");
    if row.kind == DeviceKind::Display {
        let display = DisplayAt::new(address, display_settings(row)?);
        let idle = row.option("idle").unwrap_or_default().to_owned();
        let thread = PoleThread::start(Arc::clone(app), row.id, Box::new(display), idle);
        return Ok(Owner::Display { _thread: thread.map_err(no_thread)? });
    }
    let (listener, id) = (Arc::clone(app), row.id);
    let tell = move |event| heard(&listener, id, event);
    let thread = SerialScanner::start(address, framing(row)?, tell).map_err(no_thread)?;
    Ok(Owner::Scanner { thread })
}

/// How a scanner is set.
pub(super) fn framing(row: &DeviceRow) -> Result<Framing, AppError> {
    let suffix = row.option("suffix").map_or(Ok(Suffix::default()), str::parse);
    let suffix = suffix.map_err(|reason| AppError::BadText { reason })?;
    Ok(Framing { suffix, stx_etx: row.flag("stx", false) })
}

/// How a display is set.
pub(super) fn display_settings(row: &DeviceRow) -> Result<DisplaySettings, AppError> {
    let refused = |reason| AppError::BadText { reason };
    let mode: DisplayMode = row.driver.parse().map_err(refused)?;
    let page: DisplayPage = row.option("code_page").unwrap_or("858").parse().map_err(refused)?;
    Ok(DisplaySettings { mode, page, select: row.flag("select", false) })
}

/// What a scale speaks.
pub(super) fn language(row: &DeviceRow) -> Result<ScaleLanguage, AppError> {
    row.driver.parse().map_err(|reason| AppError::BadText { reason })
}

/// What a scanner tells goes to the screen that was used last.
fn heard(app: &App, device: DeviceId, event: ScannerEvent) {
    match event {
        ScannerEvent::Ready => app.machines.say(device, DeviceState::Ready, ""),
        ScannerEvent::Lost(error) => {
            app.machines.say(device, DeviceState::NotThere, &error.to_string());
            app.changed("", &["devices"]);
        }
        ScannerEvent::Fault(fault) => {
            let client = app.baskets.last_used_by().map(|caller| caller.client).unwrap_or_default();
            let refusal = AppError::BadText { reason: fault.to_string() };
            app.scanned(notice(client, String::new(), Err(refusal)));
        }
        ScannerEvent::Scanned(scanned) => {
            let Some(caller) = app.baskets.last_used_by() else {
                let refusal = AppError::BadText {
                    reason:
                        "nobody sells at this register yet: open the Sell screen and scan again"
                            .to_owned(),
                };
                app.scanned(notice(String::new(), scanned.code, Err(refusal)));
                return;
            };
            let code = match &scanned.symbology {
                Some(symbology) => format!("]{symbology}{}", scanned.code),
                None => scanned.code.clone(),
            };
            let outcome = scanning::scan_current(app, &caller, &code);
            app.scanned(notice(caller.client, scanned.code, outcome));
        }
    }
}

fn notice(client: String, code: String, outcome: Result<Added, AppError>) -> ScanNotice {
    // A separator between two fields is nothing to look at.
    let code = code.replace(gs1::SEPARATOR, " ");
    match outcome {
        Ok(added) => ScanNotice {
            client,
            code,
            line_id: Some(added.line_id),
            refusal: None,
            warning: added.warning,
        },
        Err(error) => {
            let refusal = Some(Refusal::from(error));
            ScanNotice { client, code, line_id: None, refusal, warning: None }
        }
    }
}

/// Weighs what lies on a scale, if anything does.
pub(super) fn test_scale(app: &App, row: &DeviceRow) -> Result<DeviceTested, AppError> {
    let words = match Scales::with(app, row, |scale| scale.weigh()) {
        Ok(reading) => format!("{} shows {} kg.", row.name, reading.kilograms()),
        // It answers, only not with a weight.
        Err(AppError::Scale(
            error @ (ScaleError::Empty
            | ScaleError::Moving
            | ScaleError::TooHeavy
            | ScaleError::BelowZero),
        )) => format!("{} answers: {error}.", row.name),
        Err(error) => return Err(error),
    };
    Ok(DeviceTested { words })
}

/// How the line is that a scanner or a display has to itself. One that was set up a moment ago may not
/// have been looked for yet.
pub(super) fn test_listener(app: &App, row: &DeviceRow) -> Result<DeviceTested, AppError> {
    let until = Instant::now() + TO_BE_FOUND;
    while app.machines.status(row.id).0 == DeviceState::Unknown && Instant::now() < until {
        std::thread::sleep(LOOK);
    }
    match app.machines.status(row.id) {
        (DeviceState::Ready, _) if row.kind == DeviceKind::Scanner => Ok(DeviceTested {
            words: format!("{} is listened to: scan something, and it is in the cart.", row.name),
        }),
        (DeviceState::Ready, _) => Ok(DeviceTested {
            words: format!("{} shows what the customer should see: look at it.", row.name),
        }),
        _ => Err(AppError::BadText { reason: app.machines.words(row.id) }),
    }
}

/// A scale with the settings that it was opened for; whoever weighs has it alone.
type Opened = (DeviceRow, Arc<Mutex<ScaleAt>>);

/// The scales that somebody has weighed on; each keeps its line.
#[derive(Debug, Default)]
pub(crate) struct Scales {
    opened: Mutex<HashMap<DeviceId, Opened>>,
}

impl Scales {
    fn lock(&self) -> MutexGuard<'_, HashMap<DeviceId, Opened>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn forget_others(&self, rows: &[DeviceRow]) {
        self.lock().retain(|_, (before, _)| rows.iter().any(|row| is_set_as(row, before)));
    }

    /// Does something with a scale, and notes how the scale is.
    pub(crate) fn with<T>(
        app: &App,
        row: &DeviceRow,
        work: impl FnOnce(&mut dyn Scale) -> Result<T, ScaleError>,
    ) -> Result<T, AppError> {
        let scale = app.machines.scales.opened(row)?;
        let outcome = work(&mut *scale.lock().unwrap_or_else(PoisonError::into_inner));
        let (state, words) = match &outcome {
            Err(error @ ScaleError::Device(_)) => (DeviceState::NotThere, error.to_string()),
            Err(error @ (ScaleError::Silent | ScaleError::Unreadable(_))) => {
                (DeviceState::Trouble, error.to_string())
            }
            _ => (DeviceState::Ready, String::new()),
        };
        app.machines.say(row.id, state, &words);
        Ok(outcome?)
    }

    fn opened(&self, row: &DeviceRow) -> Result<Arc<Mutex<ScaleAt>>, AppError> {
        let mut opened = self.lock();
        if let Some((before, scale)) = opened.get(&row.id)
            && before == row
        {
            return Ok(Arc::clone(scale));
        }
        // The line of the one before is closed first.
        opened.remove(&row.id);
        let scale = ScaleAt::new(row.address.parse()?, language(row)?);
        let scale = Arc::new(Mutex::new(scale));
        opened.insert(row.id, (row.clone(), Arc::clone(&scale)));
        Ok(scale)
    }
}
