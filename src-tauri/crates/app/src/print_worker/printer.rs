//! The thread of one printer.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use countertop_devices::{
    Asks, EscPosPrinter, JobWatch, PrintOutcome, PrinterTrouble, TroubleCause,
};
use countertop_domain::ids::{DeviceId, PrintJobId};
use countertop_receipt::escpos::Answers;
use countertop_store::{DeviceRow, JobContent, JobStatus, PrintJob};

use super::job;
use crate::app::App;
use crate::error::AppError;
use crate::wire::DeviceState;

/// Seconds between tries while a printer cannot print.
const BACKOFF_S: [u64; 4] = [1, 2, 5, 10];
/// A drawer that opens later than this after it was asked for would open for nobody.
const TOO_LATE: Duration = Duration::from_secs(60);
/// How often a job may break off before a person is to look.
const TRIES: u32 = 3;

/// A printer's thread.
#[derive(Debug)]
pub(super) struct PrinterThread {
    row: DeviceRow,
    wake: Sender<()>,
    closing: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl PrinterThread {
    pub(super) fn start(app: &Arc<App>, row: DeviceRow) -> Result<Self, AppError> {
        let (wake, woken) = channel();
        let closing = Arc::new(AtomicBool::new(false));
        let mut printing = Printing {
            app: Arc::clone(app),
            printer: driver(&row)?,
            row: row.clone(),
            closing: Arc::clone(&closing),
            asked: HashMap::new(),
            broken: HashMap::new(),
        };
        let thread = std::thread::Builder::new()
            .name("printer".to_owned())
            .spawn(move || printing.run(&woken))
            .map_err(|error| AppError::Io {
                path: "printer thread".to_owned(),
                reason: error.to_string(),
            })?;
        Ok(Self { row, wake, closing, thread })
    }

    /// Whether it prints as `row` says; a new name is nothing to start anew for.
    pub(super) fn is_for(&self, row: &DeviceRow) -> bool {
        let of = |row: &DeviceRow| (row.address.clone(), row.options.clone());
        of(&self.row) == of(row) && !self.thread.is_finished()
    }

    pub(super) fn wake(&self) {
        let _ = self.wake.send(());
    }

    /// Has it end after the job in hand; at once if its printer waits for a person.
    pub(super) fn close(&self) {
        self.closing.store(true, Ordering::Relaxed);
    }

    pub(super) fn join(self) {
        drop(self.wake);
        let _ = self.thread.join();
    }
}

fn driver(row: &DeviceRow) -> Result<EscPosPrinter, AppError> {
    let asks = match job::profile_of(row).answers {
        Answers::Always => Asks::Always,
        Answers::Perhaps => Asks::Perhaps,
        Answers::Never => Asks::Never,
    };
    Ok(EscPosPrinter::new(row.address.parse()?, asks))
}

/// Prints something that is no job; what came of it in words, or the trouble.
pub(crate) fn try_out(row: &DeviceRow, bytes: &[u8]) -> Result<&'static str, AppError> {
    match driver(row)?.print(bytes, &mut ()) {
        PrintOutcome::Printed => Ok("A test page was printed."),
        PrintOutcome::Sent => Ok("A test page was sent: look whether it came out."),
        PrintOutcome::NotSent(trouble)
        | PrintOutcome::PartlySent(trouble)
        | PrintOutcome::Unknown(trouble) => Err(AppError::Printer { words: trouble.to_string() }),
    }
}

struct Printing {
    app: Arc<App>,
    row: DeviceRow,
    printer: EscPosPrinter,
    closing: Arc<AtomicBool>,
    /// Since when a job waits for this printer.
    asked: HashMap<PrintJobId, Instant>,
    /// How often a job broke off.
    broken: HashMap<PrintJobId, u32>,
}

/// What came of a try.
enum Tried {
    /// The job is settled, or waits for a person: on to the next.
    Settled,
    /// The printer cannot print for now.
    Later,
}

impl Printing {
    fn run(&mut self, woken: &Receiver<()>) {
        let mut failures = 0_usize;
        loop {
            let wait = match failures {
                0 => Duration::from_secs(3_600),
                n => Duration::from_secs(BACKOFF_S.get(n - 1).copied().unwrap_or(10)),
            };
            match woken.recv_timeout(wait) {
                Ok(()) => while woken.try_recv().is_ok() {},
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            failures = match self.print_all() {
                Ok(Tried::Settled) => 0,
                Ok(Tried::Later) => failures + 1,
                Err(error) => {
                    tracing::error!(%error, "the print queue cannot be read");
                    failures + 1
                }
            };
        }
    }

    fn print_all(&mut self) -> Result<Tried, AppError> {
        while !self.closing.load(Ordering::Relaxed) {
            let id = self.row.id;
            let next = self.app.store.read(|snapshot| job::next(snapshot, id))?;
            let Some(job) = next else { break };
            if let Tried::Later = self.print_one(&job)? {
                return Ok(Tried::Later);
            }
        }
        Ok(Tried::Settled)
    }

    fn print_one(&mut self, job: &PrintJob) -> Result<Tried, AppError> {
        let asked = self.asked.entry(job.id).or_insert_with(Instant::now);
        let in_time = asked.elapsed() < TOO_LATE;
        let (bytes, title) = match job::bytes(&self.app, job, &self.row, in_time) {
            Ok(made) => made,
            // One receipt that cannot be made must not hold up all after it.
            Err(error) => {
                self.set(job.id, JobStatus::Parked, &error.to_string())?;
                return Ok(Tried::Settled);
            }
        };
        if bytes.is_empty() {
            self.set(job.id, JobStatus::SetAside, "The printer was away: the drawer stayed shut.")?;
            return Ok(Tried::Settled);
        }
        if !claim(&self.app, job.id)? {
            return Ok(Tried::Settled);
        }
        let mut watch = Watch {
            app: &self.app,
            closing: &self.closing,
            device: self.row.id,
            job: job.id,
            title: &title,
            told: job.trouble.clone(),
        };
        let outcome = self.printer.print(&bytes, &mut watch);
        self.settle(job, &title, outcome)
    }

    fn settle(
        &mut self,
        job: &PrintJob,
        title: &str,
        outcome: PrintOutcome,
    ) -> Result<Tried, AppError> {
        let tried = match outcome {
            PrintOutcome::Printed | PrintOutcome::Sent => {
                self.set(job.id, JobStatus::Printed, "")?;
                self.app.machines.say(self.row.id, DeviceState::Ready, "");
                self.asked.remove(&job.id);
                self.broken.remove(&job.id);
                Tried::Settled
            }
            PrintOutcome::NotSent(trouble) => {
                self.say(&trouble);
                self.set(job.id, JobStatus::Waiting, &kept(&trouble, title))?;
                Tried::Later
            }
            // The register stops: its next start asks a person.
            PrintOutcome::PartlySent(_) | PrintOutcome::Unknown(_)
                if self.closing.load(Ordering::Relaxed) =>
            {
                Tried::Settled
            }
            PrintOutcome::PartlySent(trouble) | PrintOutcome::Unknown(trouble) => {
                self.say(&trouble);
                self.broke_off(job, title, &trouble)?
            }
        };
        self.app.changed("", &["prints", "register", "devices", "twins"]);
        Ok(tried)
    }

    /// Part of the job may be on paper. It is printed once more by itself, marked as a copy; the drawer
    /// opens no second time.
    fn broke_off(
        &mut self,
        job: &PrintJob,
        title: &str,
        trouble: &PrinterTrouble,
    ) -> Result<Tried, AppError> {
        let times = self.broken.entry(job.id).or_default();
        *times += 1;
        if job.content == JobContent::Drawer {
            let words = format!("{trouble} Look whether the drawer opened.");
            self.set(job.id, JobStatus::Parked, &words)?;
            return Ok(Tried::Settled);
        }
        if *times >= TRIES {
            let words = format!(
                "{trouble} {title} broke off {TRIES} times: look what came out, then print it again."
            );
            self.set(job.id, JobStatus::Parked, &words)?;
            return Ok(Tried::Settled);
        }
        let words = format!(
            "{trouble} Part of {title} may have come out. It prints again by itself, marked as a \
             copy, {}.",
            trouble.until()
        );
        let id = job.id;
        self.app.store.write::<_, AppError>(move |tx| {
            tx.repeat_print_job(id, &words)?;
            Ok(())
        })?;
        Ok(Tried::Later)
    }

    fn say(&self, trouble: &PrinterTrouble) {
        say(&self.app, self.row.id, trouble);
    }

    fn set(&self, id: PrintJobId, status: JobStatus, trouble: &str) -> Result<(), AppError> {
        set(&self.app, id, status, trouble)
    }
}

fn say(app: &App, device: DeviceId, trouble: &PrinterTrouble) {
    let state = match trouble.cause() {
        TroubleCause::Wire(_) | TroubleCause::Silent => DeviceState::NotThere,
        _ => DeviceState::Trouble,
    };
    app.machines.say(device, state, &trouble.to_string());
}

/// What a person reads while a job waits by itself.
fn kept(trouble: &PrinterTrouble, title: &str) -> String {
    format!("{trouble} {title} is kept and prints by itself {}.", trouble.until())
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

fn set(app: &App, id: PrintJobId, status: JobStatus, trouble: &str) -> Result<(), AppError> {
    let trouble = trouble.to_owned();
    app.store.write::<_, AppError>(move |tx| {
        tx.set_print_job(id, status, &trouble)?;
        Ok(())
    })
}

/// Tells what a job in hand is waiting for.
struct Watch<'a> {
    app: &'a App,
    closing: &'a AtomicBool,
    device: DeviceId,
    job: PrintJobId,
    title: &'a str,
    told: String,
}

impl Watch<'_> {
    fn tell(&mut self, words: String) {
        if words == self.told {
            return;
        }
        let (id, trouble) = (self.job, words.clone());
        let told = self.app.store.write::<_, AppError>(move |tx| {
            tx.trouble_print_job(id, &trouble)?;
            Ok(())
        });
        if let Err(error) = told {
            tracing::error!(%error, "a print job's trouble cannot be kept");
        }
        self.told = words;
        self.app.changed("", &["prints", "register", "devices", "twins"]);
    }
}

impl JobWatch for Watch<'_> {
    fn stopped(&mut self, trouble: &PrinterTrouble) -> bool {
        say(self.app, self.device, trouble);
        self.tell(kept(trouble, self.title));
        !self.closing.load(Ordering::Relaxed)
    }

    fn goes_on(&mut self) {
        self.app.machines.say(self.device, DeviceState::Ready, "");
        self.tell(String::new());
    }
}
