//! The print worker: one thread that takes job after job to the printer. A sale never waits for it.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use countertop_devices::{Address, DeviceError, Phase, PrinterAt, ReceiptPrinter};
use countertop_domain::ids::PrintJobId;
use countertop_receipt::Kind;
use countertop_receipt::escpos::{self, Profile};
use countertop_store::{DeviceRow, JobContent, JobStatus, PrintJob};

use crate::app::App;
use crate::error::AppError;
use crate::printing::{columns_of, document};

/// Seconds between tries while a printer does not answer.
const BACKOFF_S: [u64; 5] = [1, 2, 5, 10, 30];

/// The running worker; stops when dropped.
#[derive(Debug)]
pub struct PrintWorker {
    app: Arc<App>,
    thread: Option<JoinHandle<()>>,
}

impl PrintWorker {
    /// Starts it. Jobs that a crash caught half sent are parked first: nobody knows how much of them
    /// is on paper, so a person decides.
    ///
    /// # Errors
    /// The store's, or no thread can be started.
    pub fn start(app: Arc<App>) -> Result<Self, AppError> {
        park_interrupted(&app)?;
        let (wake, woken) = channel();
        *slot(&app) = Some(wake.clone());
        let _ = wake.send(());
        let worker = Arc::clone(&app);
        let thread = std::thread::Builder::new()
            .name("printer".to_owned())
            .spawn(move || run(&worker, &woken))
            .map_err(|error| AppError::Io {
                path: "printer thread".to_owned(),
                reason: error.to_string(),
            })?;
        Ok(Self { app, thread: Some(thread) })
    }
}

impl Drop for PrintWorker {
    fn drop(&mut self) {
        // The last sender gone ends the thread's wait; the job in hand is finished first.
        *slot(&self.app) = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn slot(app: &App) -> std::sync::MutexGuard<'_, Option<Sender<()>>> {
    app.print_wake.lock().unwrap_or_else(PoisonError::into_inner)
}

fn park_interrupted(app: &App) -> Result<(), AppError> {
    app.store.write(|tx| {
        for job in tx.open_print_jobs()? {
            if job.status == JobStatus::Printing {
                let trouble = "The register stopped while this receipt was on its way. \
                               Look whether it came out; if not, print it again.";
                tx.set_print_job(job.id, JobStatus::Parked, trouble)?;
            }
        }
        Ok(())
    })
}

fn run(app: &App, woken: &Receiver<()>) {
    let mut failures = 0_usize;
    loop {
        let wait = match failures {
            0 => Duration::from_secs(3_600),
            n => Duration::from_secs(BACKOFF_S.get(n - 1).copied().unwrap_or(30)),
        };
        match woken.recv_timeout(wait) {
            Ok(()) => while woken.try_recv().is_ok() {},
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        failures = match print_all(app) {
            Ok(true) => 0,
            Ok(false) => failures + 1,
            Err(error) => {
                tracing::error!(%error, "the print queue cannot be read");
                failures + 1
            }
        };
    }
}

/// True if nothing is left that could be tried again.
fn print_all(app: &App) -> Result<bool, AppError> {
    loop {
        let next = app.store.read::<_, AppError>(|snapshot| {
            let jobs = snapshot.open_print_jobs()?;
            let job = jobs.into_iter().find(|job| job.status == JobStatus::Waiting);
            Ok(job.zip(snapshot.devices()?.into_iter().next()))
        })?;
        let Some((job, device)) = next else { return Ok(true) };
        if !print_one(app, &job, &device)? {
            return Ok(false);
        }
    }
}

/// True if the job is settled: printed, or parked for a person.
fn print_one(app: &App, job: &PrintJob, device: &DeviceRow) -> Result<bool, AppError> {
    let address: Address = device.address.parse()?;
    let bytes = match bytes_of(app, job, device) {
        Ok(bytes) => bytes,
        // One receipt that cannot be made must not hold up all after it.
        Err(error) => {
            set(app, job.id, JobStatus::Parked, error.to_string())?;
            return Ok(true);
        }
    };
    if !claim(app, job.id)? {
        return Ok(true);
    }
    let sent = send(address, &bytes);
    let (status, trouble) = match sent {
        Ok(()) => (JobStatus::Printed, String::new()),
        Err(error) if error.phase() == Phase::BeforeSend => (JobStatus::Waiting, error.to_string()),
        Err(error) => (
            JobStatus::Parked,
            format!("{error} Part of the receipt may have come out: look, then print it again."),
        ),
    };
    set(app, job.id, status, trouble)?;
    app.changed("", &["prints", "register"]);
    Ok(status != JobStatus::Waiting)
}

/// On disk before the first byte leaves: after a crash the job is known to be in doubt. False if a
/// person has set it aside meanwhile. What troubled it stays told until it is printed: another try is
/// no sign that the printer is well.
fn claim(app: &App, id: PrintJobId) -> Result<bool, AppError> {
    app.store.write::<_, AppError>(move |tx| {
        let Some(job) = tx.print_job(id)?.filter(|job| job.status == JobStatus::Waiting) else {
            return Ok(false);
        };
        Ok(tx.set_print_job(id, JobStatus::Printing, &job.trouble)?)
    })
}

fn set(app: &App, id: PrintJobId, status: JobStatus, trouble: String) -> Result<(), AppError> {
    app.store.write::<_, AppError>(move |tx| {
        tx.set_print_job(id, status, &trouble)?;
        Ok(())
    })
}

fn bytes_of(app: &App, job: &PrintJob, device: &DeviceRow) -> Result<Vec<u8>, AppError> {
    let profile = profile_of(device);
    let kind = match job.content {
        JobContent::Drawer => return Ok(escpos::open_drawer(&profile)),
        JobContent::Receipt => Kind::Original,
        JobContent::Copy => Kind::Copy,
    };
    let doc = document(app, job.sale, kind)?;
    let printed = escpos::print(&doc, &profile, job.open_drawer);
    if !printed.unprintable.is_empty() {
        tracing::warn!(characters = ?printed.unprintable, "printed as ?");
    }
    Ok(printed.bytes)
}

pub(crate) fn profile_of(device: &DeviceRow) -> Profile {
    let profile = if device.columns < 42 { Profile::epson_58mm() } else { Profile::epson_80mm() };
    Profile { columns: columns_of(device), ..profile }
}

/// Brings bytes to a printer.
pub(crate) fn send(address: Address, bytes: &[u8]) -> Result<(), DeviceError> {
    PrinterAt::new(address).print(bytes).map(|_| ())
}
