//! A thread that owns a machine's line, and opens it again when it comes back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::address::Address;
use crate::error::{DeviceError, DeviceErrorKind, Phase};
use crate::transport::{Link, open};

/// Who works with a line. All calls come from the line's own thread.
pub trait LineOwner: Send + 'static {
    /// The line is there.
    fn found(&mut self, link: &mut dyn Link);

    /// Works with the line for a moment, at most some tenths of a second; called again and again.
    /// False once the line is gone: it is closed then, before it is opened anew.
    fn work(&mut self, link: &mut dyn Link) -> bool;

    /// The line is not there, and why; said once for each cause. It is tried again until it is.
    fn lost(&mut self, fault: &DeviceError);
}

/// How long to wait before a line is tried again: twice as long each time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// At first.
    pub first: Duration,
    /// At most.
    pub longest: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self { first: Duration::from_millis(500), longest: Duration::from_secs(10) }
    }
}

/// How long opening may take.
const OPEN: Duration = Duration::from_secs(5);

/// A line that is kept open. Dropping it stops the thread and closes the line.
#[derive(Debug)]
pub struct Reopening {
    signs: Arc<Signs>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Signs {
    stop: AtomicBool,
    try_now: AtomicBool,
}

impl Reopening {
    /// Keeps the line to `address` open for `owner`; `machine` names the thread and the machine in
    /// messages ("scanner").
    ///
    /// # Errors
    /// The system has no thread left.
    pub fn start(
        machine: &'static str,
        address: Address,
        backoff: Backoff,
        owner: impl LineOwner,
    ) -> std::io::Result<Self> {
        let signs = Arc::new(Signs::default());
        let seen = Arc::clone(&signs);
        let keep = Keep { machine, address, backoff, owner, signs: seen };
        let thread = thread::Builder::new().name(machine.to_owned()).spawn(|| keep.run())?;
        Ok(Self { signs, thread: Some(thread) })
    }

    /// Tries at once, however long the wait would still be: a port has just come.
    pub fn try_now(&self) {
        self.signs.try_now.store(true, Ordering::Release);
        self.wake();
    }

    fn wake(&self) {
        if let Some(thread) = &self.thread {
            thread.thread().unpark();
        }
    }
}

impl Drop for Reopening {
    fn drop(&mut self) {
        self.signs.stop.store(true, Ordering::Release);
        self.wake();
        if let Some(thread) = self.thread.take()
            && thread.thread().id() != thread::current().id()
        {
            let _ = thread.join();
        }
    }
}

struct Keep<O> {
    machine: &'static str,
    address: Address,
    backoff: Backoff,
    owner: O,
    signs: Arc<Signs>,
}

impl<O: LineOwner> Keep<O> {
    fn run(mut self) {
        let mut pause = self.backoff.first;
        let mut told: Option<DeviceError> = None;
        while !self.is_stopped() {
            let fault = match open(&self.address, OPEN) {
                Ok(link) => {
                    self.work(link);
                    (pause, told) = (self.backoff.first, None);
                    DeviceError::new(
                        DeviceErrorKind::Disconnected,
                        Phase::BeforeSend,
                        &self.address,
                    )
                }
                Err(fault) => fault,
            };
            if self.is_stopped() {
                return;
            }
            let fault = fault.of(self.machine);
            if told.as_ref() != Some(&fault) {
                self.owner.lost(&fault);
                told = Some(fault);
            }
            if self.rest(pause) {
                pause = (pause * 2).min(self.backoff.longest);
            } else {
                pause = self.backoff.first;
            }
        }
    }

    /// Until the line is gone. It is closed when this returns: a port that is still held cannot
    /// come back under its name.
    fn work(&mut self, mut link: Box<dyn Link>) {
        self.owner.found(&mut *link);
        while !self.is_stopped() && self.owner.work(&mut *link) {}
    }

    fn is_stopped(&self) -> bool {
        self.signs.stop.load(Ordering::Acquire)
    }

    /// Waits so long; false if somebody wants it tried at once.
    fn rest(&self, pause: Duration) -> bool {
        let until = Instant::now() + pause;
        loop {
            if self.signs.try_now.swap(false, Ordering::AcqRel) {
                return false;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() || self.is_stopped() {
                return true;
            }
            thread::park_timeout(left);
        }
    }
}
