//! Recordings of what goes over a line, for whoever looks for a fault: both directions with their
//! times, and no secrets.

mod mask;
mod replay;
mod tape;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::{Link, ReadOutcome, Settled};
use crate::address::Address;
use crate::error::DeviceError;
use tape::{Event, Tape};

pub use mask::{mask_cards, mask_concert, mask_nothing, mask_zvt};
pub use replay::{Replay, ReplayError};
pub use tape::{Mask, Way};

/// What goes over the lines to one address, from now until this is dropped; lines that are open
/// already are heard too. It holds the last 200,000 bytes.
pub struct Recording {
    tap: Arc<Tap>,
    address: Address,
    number: u64,
}

impl Recording {
    /// Begins. A recording of the same address that still runs goes on with nothing.
    pub fn start(address: &Address, mask: Mask) -> Self {
        let tap = tap(address);
        let number = {
            let mut tape = tap.tape();
            *tape = Tape::new(mask, tape.number() + 1);
            tape.number()
        };
        tap.on.store(true, Ordering::Release);
        Self { tap, address: address.clone(), number }
    }

    /// All of it as text: a line says when (in seconds since the beginning), which way (`>` out, `<`
    /// in), the bytes in hexadecimal with `**` for those that are kept secret, and their characters.
    /// [`Replay`] plays it back.
    pub fn text(&self) -> String {
        let tape = self.tap.tape();
        let heading = format!("# {}\n", self.address);
        if tape.number() == self.number { heading + &tape.text() } else { heading }
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        let mut tape = self.tap.tape();
        // Whoever began after this one goes on.
        if tape.number() == self.number {
            self.tap.on.store(false, Ordering::Release);
            *tape = Tape::new(mask_nothing, self.number);
        }
    }
}

/// Where the lines to one address can be listened to.
struct Tap {
    on: AtomicBool,
    tape: Mutex<Tape>,
}

impl Tap {
    fn tape(&self) -> MutexGuard<'_, Tape> {
        self.tape.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, event: Event<'_>) {
        if self.on.load(Ordering::Acquire) {
            self.tape().note(event);
        }
    }
}

/// One for each address that was ever opened: a handful.
static TAPS: LazyLock<Mutex<HashMap<Address, Arc<Tap>>>> = LazyLock::new(Mutex::default);

fn tap(address: &Address) -> Arc<Tap> {
    let mut taps = TAPS.lock().unwrap_or_else(PoisonError::into_inner);
    let new = || {
        let tape = Mutex::new(Tape::new(mask_nothing, 0));
        Arc::new(Tap { on: AtomicBool::new(false), tape })
    };
    Arc::clone(taps.entry(address.clone()).or_insert_with(new))
}

/// A line that can be listened to.
struct Tapped {
    link: Box<dyn Link>,
    tap: Arc<Tap>,
}

/// Lets the line to `address` be listened to, now or later.
pub(super) fn tapped(address: &Address, link: Box<dyn Link>) -> Box<dyn Link> {
    let tap = tap(address);
    tap.note(Event::Opened);
    Box::new(Tapped { link, tap })
}

impl Link for Tapped {
    fn write_all(&mut self, bytes: &[u8], deadline: Duration) -> Result<(), DeviceError> {
        // Before it leaves, so that it stands before its answer.
        self.tap.note(Event::Bytes(Way::Out, bytes));
        let written = self.link.write_all(bytes, deadline);
        if let Err(fault) = &written {
            self.tap.note(Event::Fault(&fault.to_string()));
        }
        written
    }

    fn read(&mut self, buffer: &mut [u8], timeout: Duration) -> ReadOutcome {
        let read = self.link.read(buffer, timeout);
        match read {
            ReadOutcome::Data(count) => {
                let bytes = buffer.get(..count).unwrap_or_default();
                self.tap.note(Event::Bytes(Way::In, bytes));
            }
            ReadOutcome::Timeout => {}
            ReadOutcome::Closed => self.tap.note(Event::HungUp),
        }
        read
    }

    fn finish(self: Box<Self>, deadline: Duration) -> Result<Settled, DeviceError> {
        self.tap.note(Event::Closed);
        self.link.finish(deadline)
    }
}
