//! A recording played back: a machine that says again what it said, as long as it hears what it
//! heard.

use std::collections::VecDeque;
use std::str::FromStr;
use std::time::Duration;

use super::Way;
use crate::address::Address;
use crate::error::{DeviceError, DeviceErrorKind, Phase};
use crate::transport::{Link, ReadOutcome, Settled};

/// Plays a recording back without waiting. Bytes that were kept secret come back as noughts, and
/// whatever is written in their place fits.
#[derive(Clone, Debug)]
pub struct Replay {
    address: Address,
    /// What is still to be said and heard.
    left: VecDeque<(Way, VecDeque<Option<u8>>)>,
}

/// Text that is no recording.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} is not of a recording: {text}")]
pub struct ReplayError {
    /// Which line, from 1.
    pub line: usize,
    /// What stands there.
    pub text: String,
}

impl Replay {
    /// True once everything was said and heard.
    pub fn is_over(&self) -> bool {
        self.left.is_empty()
    }
}

impl FromStr for Replay {
    type Err = ReplayError;

    fn from_str(text: &str) -> Result<Self, ReplayError> {
        let address = text.lines().next().and_then(|first| first.strip_prefix("# "));
        let address = address.and_then(|address| address.parse().ok());
        let wrong = |line: usize, text: &str| ReplayError { line: line + 1, text: text.to_owned() };
        let address = address.ok_or_else(|| wrong(0, text.lines().next().unwrap_or_default()))?;
        let mut left: VecDeque<(Way, VecDeque<Option<u8>>)> = VecDeque::new();
        for (number, line) in text.lines().enumerate() {
            let rest = line.split_once(' ').map_or("", |(_, rest)| rest);
            let (way, bytes) = match rest.split_once(' ') {
                _ if line.starts_with('#') || rest.starts_with('=') => continue,
                Some((">", bytes)) => (Way::Out, bytes),
                Some(("<", bytes)) => (Way::In, bytes),
                _ => return Err(wrong(number, line)),
            };
            let bytes = bytes.split('|').next().unwrap_or_default().split_whitespace();
            let read = |byte: &str| match byte {
                "**" => Ok(None),
                hex => u8::from_str_radix(hex, 16).map(Some).map_err(|_| wrong(number, line)),
            };
            let bytes = bytes.map(read).collect::<Result<VecDeque<_>, _>>()?;
            match left.back_mut() {
                Some((last, more)) if *last == way => more.extend(bytes),
                _ => left.push_back((way, bytes)),
            }
        }
        Ok(Self { address, left })
    }
}

impl Link for Replay {
    /// # Errors
    /// These are not the bytes that were written when it was recorded.
    fn write_all(&mut self, bytes: &[u8], _deadline: Duration) -> Result<(), DeviceError> {
        for (place, byte) in bytes.iter().enumerate() {
            let expected = match self.left.front_mut() {
                Some((Way::Out, expected)) => expected.pop_front(),
                _ => None,
            };
            // The inner none was kept secret.
            let fits = expected == Some(None) || expected == Some(Some(*byte));
            if !fits {
                let phase = if place == 0 { Phase::BeforeSend } else { Phase::AfterSend };
                let fault = DeviceError::new(DeviceErrorKind::Failed, phase, &self.address);
                return Err(fault.because(format!("the recording has no {byte:02X} here")));
            }
            if self.left.front().is_some_and(|(_, rest)| rest.is_empty()) {
                self.left.pop_front();
            }
        }
        Ok(())
    }

    fn read(&mut self, buffer: &mut [u8], timeout: Duration) -> ReadOutcome {
        match self.left.front_mut() {
            None => ReadOutcome::Closed,
            Some((Way::Out, _)) => {
                // Only so that whoever waits for time to pass sees some pass.
                std::thread::sleep(timeout.min(Duration::from_millis(1)));
                ReadOutcome::Timeout
            }
            Some((Way::In, bytes)) => {
                let count = bytes.len().min(buffer.len());
                for (place, byte) in buffer.iter_mut().zip(bytes.drain(..count)) {
                    *place = byte.unwrap_or(0);
                }
                if bytes.is_empty() {
                    self.left.pop_front();
                }
                if count == 0 { ReadOutcome::Timeout } else { ReadOutcome::Data(count) }
            }
        }
    }

    fn finish(self: Box<Self>, _deadline: Duration) -> Result<Settled, DeviceError> {
        Ok(Settled::Yes)
    }
}
