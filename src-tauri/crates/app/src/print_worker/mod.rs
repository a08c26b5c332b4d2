//! Printing: a thread for each printer takes job after job to it. A sale never waits for paper.

mod job;
mod printer;

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use countertop_domain::ids::DeviceId;
use countertop_store::JobStatus;

pub(crate) use self::job::profile_of;
use self::printer::PrinterThread;
pub(crate) use self::printer::try_out;
use crate::app::App;
use crate::error::AppError;

/// How often the settings are looked at even if nobody says that they changed.
const LOOK: Duration = Duration::from_secs(60);

/// The printers' threads; they end when this is dropped.
#[derive(Debug)]
pub struct PrintWorker {
    app: Arc<App>,
    keeper: Option<JoinHandle<()>>,
}

impl PrintWorker {
    /// Starts them. Jobs that a crash caught half sent are parked first: nobody knows how much of them
    /// is on paper, so a person decides.
    ///
    /// # Errors
    /// The store's, or no thread can be started.
    pub fn start(app: Arc<App>) -> Result<Self, AppError> {
        park_interrupted(&app)?;
        let (wake, woken) = channel();
        *slot(&app) = Some(wake.clone());
        let _ = wake.send(());
        let kept = Arc::clone(&app);
        let keeper = std::thread::Builder::new()
            .name("printers".to_owned())
            .spawn(move || keep(&kept, &woken))
            .map_err(|error| AppError::Io {
                path: "printer thread".to_owned(),
                reason: error.to_string(),
            })?;
        Ok(Self { app, keeper: Some(keeper) })
    }
}

impl Drop for PrintWorker {
    fn drop(&mut self) {
        // The last sender gone ends the keeper's wait; the jobs in hand are finished first, unless
        // their printer waits for a person.
        *slot(&self.app) = None;
        if let Some(keeper) = self.keeper.take() {
            let _ = keeper.join();
        }
    }
}

fn slot(app: &App) -> MutexGuard<'_, Option<Sender<()>>> {
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

/// Has a thread for each printer that is set up, and wakes them.
fn keep(app: &Arc<App>, woken: &Receiver<()>) {
    let mut printers: HashMap<DeviceId, PrinterThread> = HashMap::new();
    loop {
        match woken.recv_timeout(LOOK) {
            Ok(()) => while woken.try_recv().is_ok() {},
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        if let Err(error) = refresh(app, &mut printers) {
            tracing::error!(%error, "the printers cannot be read");
        }
        printers.values().for_each(PrinterThread::wake);
    }
    let threads: Vec<PrinterThread> = printers.into_values().collect();
    threads.iter().for_each(PrinterThread::close);
    threads.into_iter().for_each(PrinterThread::join);
}

/// Ends the threads of printers that are gone or set anew, and starts those that are missing.
fn refresh(
    app: &Arc<App>,
    printers: &mut HashMap<DeviceId, PrinterThread>,
) -> Result<(), AppError> {
    let rows = app.store.read::<_, AppError>(|snapshot| Ok(snapshot.printers()?))?;
    let stale: Vec<DeviceId> = printers
        .iter()
        .filter(|(id, thread)| !rows.iter().any(|row| row.id == **id && thread.is_for(row)))
        .map(|(id, _)| *id)
        .collect();
    for thread in stale.into_iter().filter_map(|id| printers.remove(&id)) {
        thread.close();
        thread.join();
    }
    for row in rows {
        if let Entry::Vacant(place) = printers.entry(row.id) {
            place.insert(PrinterThread::start(app, row)?);
        }
    }
    Ok(())
}
