//! A scanner on a serial line (or the network): one thread owns the line and opens it again when it
//! comes back.

use std::time::Duration;

use super::Scanned;
use super::framing::{Framer, Framing, ScanFault};
use crate::address::Address;
use crate::error::DeviceError;
use crate::reopening::{Backoff, LineOwner, Reopening};
use crate::transport::{Link, ReadOutcome};

/// A line that is silent for so long has ended a code.
const IDLE_GAP: Duration = Duration::from_millis(50);
/// How often a thread that waits looks whether it should stop.
const LOOK: Duration = Duration::from_millis(100);

/// What a scanner tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScannerEvent {
    /// The line is open.
    Ready,
    /// A code.
    Scanned(Scanned),
    /// Something that is no code, in words for the cashier.
    Fault(ScanFault),
    /// The line is not there; it is tried again until it is.
    Lost(DeviceError),
}

/// A scanner that is listened to. Dropping it stops the thread and closes the line.
#[derive(Debug)]
pub struct SerialScanner(Reopening);

impl SerialScanner {
    /// Begins to listen. `tell` is called on the scanner's own thread, one event after the other: a
    /// call that takes long holds further codes back in the system's buffer, and loses none of them
    /// before that is full.
    ///
    /// # Errors
    /// No thread could be had.
    pub fn start(
        address: Address,
        framing: Framing,
        tell: impl FnMut(ScannerEvent) + Send + 'static,
    ) -> std::io::Result<Self> {
        let ear = Ear { framer: Framer::new(framing), tell };
        Reopening::start("scanner", address, Backoff::default(), ear).map(Self)
    }

    /// Looks for the scanner at once: a port has just come.
    pub fn try_now(&self) {
        self.0.try_now();
    }
}

struct Ear<T> {
    framer: Framer,
    tell: T,
}

impl<T: FnMut(ScannerEvent) + Send + 'static> LineOwner for Ear<T> {
    fn found(&mut self, _: &mut dyn Link) {
        // What a line before this one had begun.
        self.framer.silence();
        (self.tell)(ScannerEvent::Ready);
    }

    fn work(&mut self, link: &mut dyn Link) -> bool {
        let mut buffer = [0; 256];
        let wait = if self.framer.is_waiting() { IDLE_GAP } else { LOOK };
        match link.read(&mut buffer, wait) {
            ReadOutcome::Data(count) => {
                for byte in buffer.iter().take(count) {
                    let event = self.framer.push(*byte);
                    self.pass_on(event);
                }
            }
            ReadOutcome::Timeout if self.framer.is_waiting() => {
                let event = self.framer.silence();
                self.pass_on(event);
            }
            ReadOutcome::Timeout => {}
            ReadOutcome::Closed => return false,
        }
        true
    }

    fn lost(&mut self, fault: &DeviceError) {
        (self.tell)(ScannerEvent::Lost(fault.clone()));
    }
}

impl<T: FnMut(ScannerEvent)> Ear<T> {
    fn pass_on(&mut self, event: Option<Result<Scanned, ScanFault>>) {
        match event {
            Some(Ok(scanned)) => (self.tell)(ScannerEvent::Scanned(scanned)),
            Some(Err(fault)) => (self.tell)(ScannerEvent::Fault(fault)),
            None => {}
        }
    }
}
