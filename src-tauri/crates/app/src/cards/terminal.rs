//! The thread that owns a terminal: everything that is asked of the terminal goes through it, one
//! after the other.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Weak};
use std::thread::JoinHandle;
use std::time::Duration;

use countertop_devices::{PaymentEnd, PaymentTerminal, Phase, Resolution, TerminalError};
use countertop_domain::card::TerminalMark;
use countertop_domain::ids::{DeviceId, TenderId};
use countertop_store::{PaymentRow, PaymentState};

use super::course::{self, Watch, order_of};
use super::{Stage, TerminalLine, day};
use crate::app::App;
use crate::error::AppError;
use crate::wire::DeviceState;

/// Seconds between two askings about a payment in doubt.
const BACKOFF_S: [u64; 5] = [1, 2, 5, 10, 30];

/// What a terminal's thread is told.
#[derive(Debug)]
pub(crate) enum Ask {
    /// A payment that was written down.
    Run(TenderId),
    /// Ask about the payment in doubt, now.
    Again,
    /// Close the terminal's day; the number of the report.
    EndDay(i64),
    /// How is it?
    Status(Sender<Result<String, String>>),
    /// The thread ends.
    Close,
}

/// A running thread of a terminal.
#[derive(Debug)]
pub(crate) struct TerminalThread {
    device: DeviceId,
    tell: Sender<Ask>,
    closing: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl TerminalThread {
    /// Starts it; it first asks about the payment that was open, if there is one.
    pub(crate) fn start(
        app: &Arc<App>,
        device: DeviceId,
        terminal: Box<dyn PaymentTerminal>,
    ) -> Result<Self, AppError> {
        let (tell, asks) = channel();
        let closing = Arc::<AtomicBool>::default();
        let line = TerminalLine {
            tell: tell.clone(),
            abilities: terminal.abilities(),
            closing_day: Arc::default(),
        };
        let work = Work {
            app: Arc::downgrade(app),
            device,
            terminal,
            closing: Arc::clone(&closing),
            closing_day: Arc::clone(&line.closing_day),
            failures: 0,
        };
        let thread = std::thread::Builder::new()
            .name("terminal".to_owned())
            .spawn(move || work.run(&asks))
            .map_err(|error| AppError::Io {
                path: "terminal thread".to_owned(),
                reason: error.to_string(),
            })?;
        app.cards.connect(device, line);
        Ok(Self { device, tell, closing, thread })
    }

    /// Asks it to end: what is under way is stopped if the terminal lets it. Wait for it with
    /// [`TerminalThread::join`].
    pub(crate) fn close(&self, app: &App) {
        app.cards.disconnect(self.device);
        self.closing.store(true, Ordering::Relaxed);
        let _ = self.tell.send(Ask::Close);
    }

    /// Waits for its end, at most so long. A thread that hangs in its terminal is left behind: it
    /// does not keep the register open, and writes nothing more once that is closed.
    pub(crate) fn join(self, limit: Duration) {
        let until = std::time::Instant::now() + limit;
        while !self.thread.is_finished() && std::time::Instant::now() < until {
            std::thread::sleep(Duration::from_millis(5));
        }
        if self.thread.is_finished() {
            let _ = self.thread.join();
        }
    }
}

struct Work {
    app: Weak<App>,
    device: DeviceId,
    terminal: Box<dyn PaymentTerminal>,
    closing: Arc<AtomicBool>,
    closing_day: Arc<AtomicBool>,
    /// Askings in vain, one after the other.
    failures: usize,
}

impl Work {
    fn run(mut self, asks: &Receiver<Ask>) {
        let mut again = self.resolve();
        loop {
            let next = if again {
                let wait = BACKOFF_S.get(self.failures.saturating_sub(1)).copied().unwrap_or(30);
                asks.recv_timeout(Duration::from_secs(wait))
            } else {
                asks.recv().map_err(|_| RecvTimeoutError::Disconnected)
            };
            match next {
                Ok(Ask::Run(payment)) => {
                    self.pay(payment);
                    again = self.may_ask();
                    self.failures = 1;
                }
                Ok(Ask::Again) => {
                    self.failures = 0;
                    again = self.resolve();
                }
                Ok(Ask::EndDay(report)) => self.end_day(report),
                Ok(Ask::Status(answer)) => {
                    let _ = answer.send(self.status());
                }
                Err(RecvTimeoutError::Timeout) => again = self.resolve(),
                Ok(Ask::Close) | Err(RecvTimeoutError::Disconnected) => return,
            }
            if self.closing.load(Ordering::Relaxed) {
                return;
            }
        }
    }

    /// The payment of this terminal that is in doubt. One that was only written down is none: its
    /// order is still to come, and whoever asked about it now would hear that nothing was charged.
    fn in_doubt(&self, app: &App) -> Option<PaymentRow> {
        let rows = app.store.read::<_, AppError>(|snapshot| Ok(snapshot.unsettled_payments()?));
        let ours =
            |row: &PaymentRow| row.device == self.device && row.state == PaymentState::InDoubt;
        rows.ok()?.into_iter().find(ours)
    }

    fn may_ask(&self) -> bool {
        let row = self.app.upgrade().and_then(|app| self.in_doubt(&app));
        row.is_some_and(|row| row.may_ask)
    }

    fn pay(&mut self, payment: TenderId) {
        let Some(app) = self.app.upgrade() else { return };
        // Only what was just written down is sent, and it is sent once.
        let row = app.store.read::<_, AppError>(|snapshot| Ok(snapshot.payment(payment)?));
        let Ok(Some(row)) = row else { return };
        if row.state != PaymentState::Sent {
            return;
        }
        let mut order = order_of(&row);
        if order.last_known.is_none() {
            order.last_known = self.learn(&app, payment);
        }
        let mut watch = Watch::new(&app, self.device, Some(payment), &self.closing);
        drop(app);
        let end = self.terminal.run(&order, &mut watch);
        let Some(app) = self.app.upgrade() else { return };
        match &end {
            PaymentEnd::NotSent(error) => {
                app.machines.say(self.device, DeviceState::NotThere, &error.to_string());
            }
            PaymentEnd::InDoubt(doubt) => {
                app.machines.say(self.device, DeviceState::Trouble, &doubt.words);
            }
            _ => app.machines.say(self.device, DeviceState::Ready, ""),
        }
        if let Err(error) = course::ended(&app, payment, end) {
            tracing::error!(%error, %payment, "what became of a payment was not written down");
        }
    }

    /// Asks for the last payment before the first one: what comes after it can be told from it. A
    /// terminal that does not answer now will not take the order either.
    fn learn(&mut self, app: &App, payment: TenderId) -> Option<TerminalMark> {
        // The first payment of all gets number 1.
        let none_yet = TerminalMark { receipt: Some(0), ..TerminalMark::default() };
        let mark = self.terminal.last_payment().ok()?.map_or(none_yet, |facts| facts.mark());
        let (device, known) = (self.device, mark.clone());
        let written = app.store.write::<_, AppError>(move |tx| {
            tx.set_last_known(payment, &known)?;
            Ok(tx.set_terminal_mark(device, &known)?)
        });
        match written {
            Ok(()) => Some(mark),
            Err(error) => {
                tracing::error!(%error, "a terminal's last payment was not written down");
                None
            }
        }
    }

    /// Asks about the payment in doubt. True if it is to be asked again later.
    fn resolve(&mut self) -> bool {
        let Some(app) = self.app.upgrade() else { return false };
        let Some(row) = self.in_doubt(&app) else {
            self.failures = 0;
            return false;
        };
        // One that cannot be asked later has said its last word when it was written down.
        if !self.terminal.abilities().tells_last
            && let Some(facts) = row.facts()
        {
            let told = Resolution::Approved(facts.clone());
            if let Err(error) = course::asked(&app, row.tender, told) {
                tracing::error!(%error, payment = %row.tender, "a payment was not settled");
            }
            return false;
        }
        app.cards.set_stage(row.tender, Stage::Asking);
        app.changed("", &["card"]);
        let mut watch = Watch::new(&app, self.device, Some(row.tender), &self.closing);
        drop(app);
        let answer = self.terminal.resolve(&order_of(&row), &mut watch);
        let Some(app) = self.app.upgrade() else { return false };
        match &answer {
            Resolution::InDoubt(doubt) => {
                app.machines.say(self.device, DeviceState::Trouble, &doubt.words);
            }
            _ => app.machines.say(self.device, DeviceState::Ready, ""),
        }
        if let Err(error) = course::asked(&app, row.tender, answer) {
            tracing::error!(%error, payment = %row.tender, "an answer was not written down");
        }
        if self.in_doubt(&app).is_some() {
            app.cards.set_asked(row.tender);
            app.changed("", &["card"]);
        }
        drop(app);
        self.failures += 1;
        let again = self.may_ask();
        if !again {
            self.failures = 0;
        }
        again
    }

    fn end_day(&mut self, report: i64) {
        let Some(app) = self.app.upgrade() else { return };
        let mut watch = Watch::new(&app, self.device, None, &self.closing);
        drop(app);
        let end = self.terminal.end_of_day(&mut watch);
        let Some(app) = self.app.upgrade() else { return };
        self.closing_day.store(false, Ordering::Release);
        if let Err(error) = day::ended(&app, self.device, report, end) {
            tracing::error!(%error, "the end of a terminal's day was not written down");
        }
    }

    fn status(&mut self) -> Result<String, String> {
        let answer = self.terminal.status();
        let Some(app) = self.app.upgrade() else { return Err(String::new()) };
        match answer {
            Ok(status) if status.ready => {
                app.machines.say(self.device, DeviceState::Ready, "");
                Ok(status.words)
            }
            Ok(status) => {
                app.machines.say(self.device, DeviceState::Trouble, &status.words);
                Ok(status.words)
            }
            Err(error) => {
                let state = match &error {
                    TerminalError::Device(error) if error.phase() == Phase::BeforeSend => {
                        DeviceState::NotThere
                    }
                    _ => DeviceState::Trouble,
                };
                app.machines.say(self.device, state, &error.to_string());
                Err(error.to_string())
            }
        }
    }
}
