//! A display on a wire.

use std::time::Duration;

use super::{CustomerDisplay, DisplaySettings, DisplayText};
use crate::address::Address;
use crate::error::DeviceError;
use crate::transport::{Link, open};

const OPEN: Duration = Duration::from_secs(3);
/// Two lines at 9600 baud take 50 ms.
const WRITE: Duration = Duration::from_secs(2);

/// A display at an address. The line is opened with the first text and kept; a display that went away
/// is opened and made ready again with the next.
pub struct DisplayAt {
    address: Address,
    settings: DisplaySettings,
    link: Option<Box<dyn Link>>,
}

impl DisplayAt {
    /// A display with these settings.
    pub const fn new(address: Address, settings: DisplaySettings) -> Self {
        Self { address, settings, link: None }
    }

    /// Sends `bytes`. Showing the same again does no harm, so a line that turns out to be dead is
    /// opened anew, once.
    fn send(&mut self, bytes: &[u8]) -> Result<(), DeviceError> {
        let was_open = self.link.is_some();
        match self.try_send(bytes) {
            Err(_) if was_open => self.try_send(bytes),
            outcome => outcome,
        }
        .map_err(|error| error.of("display"))
    }

    fn try_send(&mut self, bytes: &[u8]) -> Result<(), DeviceError> {
        let mut link = match self.link.take() {
            Some(link) => link,
            None => {
                let mut link = open(&self.address, OPEN)?;
                link.write_all(&self.settings.begin(), WRITE)?;
                link
            }
        };
        link.write_all(bytes, WRITE)?;
        self.link = Some(link);
        Ok(())
    }
}

impl CustomerDisplay for DisplayAt {
    fn show(&mut self, text: &DisplayText) -> Result<(), DeviceError> {
        self.send(&self.settings.show(text))
    }

    fn clear(&mut self) -> Result<(), DeviceError> {
        self.send(&self.settings.clear())
    }
}

impl std::fmt::Debug for DisplayAt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DisplayAt").field("address", &self.address).finish_non_exhaustive()
    }
}
