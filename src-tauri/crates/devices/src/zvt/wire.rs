//! A line on a link: messages out, events in, each with a deadline.

use std::sync::Arc;
use std::time::Duration;

use super::apdu::Apdu;
use super::line::{Event, Line, ZvtFraming};
use super::options::ZvtTimers;
use crate::address::Address;
use crate::clock::Clock;
use crate::error::{DeviceError, DeviceErrorKind, Phase};
use crate::transport::{Link, ReadOutcome};

pub(crate) struct Wire {
    link: Box<dyn Link>,
    line: Line,
    clock: Arc<dyn Clock>,
    address: Address,
    write: Duration,
}

impl Wire {
    pub(crate) fn new(
        link: Box<dyn Link>,
        framing: ZvtFraming,
        timers: ZvtTimers,
        clock: Arc<dyn Clock>,
        address: &Address,
    ) -> Self {
        let line = Line::new(framing, timers.line());
        Self { link, line, clock, address: address.clone(), write: timers.write }
    }

    /// Sends a message.
    ///
    /// # Errors
    /// The phase is [`Phase::BeforeSend`] only if none of its bytes left.
    pub(crate) fn send(&mut self, apdu: Apdu) -> Result<(), DeviceError> {
        let now = self.clock.now();
        self.line.send(apdu, now);
        self.write_out()
    }

    /// The next event, if one comes before `until`.
    ///
    /// # Errors
    /// The line is gone.
    pub(crate) fn next(&mut self, until: Duration) -> Result<Option<Event>, DeviceError> {
        let mut buffer = [0; 1024];
        loop {
            self.write_out()?;
            if let Some(event) = self.line.take_event() {
                return Ok(Some(event));
            }
            let now = self.clock.now();
            let due = self.line.deadline();
            let wait = due.map_or(until, |due| due.min(until)).saturating_sub(now);
            match self.link.read(&mut buffer, wait) {
                ReadOutcome::Data(count) => {
                    let now = self.clock.now();
                    self.line.heard(&buffer[..count], now);
                }
                ReadOutcome::Timeout => {
                    let now = self.clock.now();
                    self.line.poll(now);
                    if now >= until {
                        self.write_out()?;
                        return Ok(self.line.take_event());
                    }
                }
                ReadOutcome::Closed => return Err(self.fault(DeviceErrorKind::Disconnected)),
            }
        }
    }

    /// True if nothing of ours is under way.
    pub(crate) fn is_idle(&self) -> bool {
        self.line.is_idle()
    }

    fn write_out(&mut self) -> Result<(), DeviceError> {
        let bytes = self.line.take_output();
        if bytes.is_empty() {
            return Ok(());
        }
        self.link.write_all(&bytes, self.write).map_err(|fault| fault.of("card terminal"))
    }

    /// A fault after bytes may have left.
    pub(crate) fn fault(&self, kind: DeviceErrorKind) -> DeviceError {
        DeviceError::new(kind, Phase::AfterSend, &self.address).of("card terminal")
    }
}
