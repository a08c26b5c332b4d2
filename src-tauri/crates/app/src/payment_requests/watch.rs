//! Requests whose time is over are ended, and their apps are told, though nobody looks.

use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Arc, Weak};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use countertop_store::{StoreError, behind_the_till};

use super::course::sweep;
use crate::app::App;
use crate::error::AppError;

/// How long to sleep at most: the clock may have been set.
const NAP: Duration = Duration::from_secs(300);

/// Looks at open requests when the time of the first is over, until it is dropped.
#[derive(Debug)]
pub(crate) struct RequestWatch {
    app: Arc<App>,
    thread: Option<JoinHandle<()>>,
}

impl RequestWatch {
    /// Starts with a look: a payment may have been made of which nobody heard when the register
    /// stopped.
    ///
    /// # Errors
    /// No thread can be started.
    pub(crate) fn start(app: &Arc<App>) -> Result<Self, AppError> {
        // One waiting call is enough: a look sees everything.
        let (wake, woken) = sync_channel(1);
        app.requests.watched_by(Some(wake));
        let watched = Arc::downgrade(app);
        let thread = Builder::new()
            .name("payment requests".to_owned())
            .spawn(move || behind_the_till(|| watch(&watched, &woken)))
            .map_err(|error| StoreError::Disk {
                reason: format!("no thread for payment requests can be started: {error}"),
            })?;
        Ok(Self { app: Arc::clone(app), thread: Some(thread) })
    }
}

impl Drop for RequestWatch {
    fn drop(&mut self) {
        // Nobody can call it any more: it ends.
        self.app.requests.watched_by(None);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn watch(app: &Weak<App>, woken: &Receiver<()>) {
    loop {
        let Some(app) = app.upgrade() else { return };
        let pause = look(&app);
        drop(app);
        if woken.recv_timeout(pause) == Err(RecvTimeoutError::Disconnected) {
            return;
        }
    }
}

/// Ends what is over; returns how long nothing else is.
fn look(app: &App) -> Duration {
    let rows = match sweep(app) {
        Ok(rows) => rows,
        Err(error) => {
            tracing::warn!(%error, "what became of payment requests could not be kept yet");
            return NAP;
        }
    };
    // One that is paid in part outlives its time: there is nothing to hurry for.
    let now = app.now().utc_ms;
    let ends = rows.iter().filter(|row| row.status.is_open()).map(|row| row.expires_ms - now);
    let next = ends.filter(|left| *left > 0).min();
    let next = next.and_then(|left| u64::try_from(left).ok()).map(Duration::from_millis);
    next.map_or(NAP, |left| left.min(NAP))
}
