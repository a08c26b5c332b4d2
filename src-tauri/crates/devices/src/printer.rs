//! A receipt printer: bytes that are ready for it, brought to it safely.

use std::time::Duration;

use crate::address::{Address, Parity, SerialSettings};
use crate::error::DeviceError;
use crate::transport::{Settled, open};

/// Prints receipts.
pub trait ReceiptPrinter {
    /// Sends `bytes`, in the printer's own language, as one job; blocks until they are out.
    ///
    /// Sent is not printed: the printer may be out of paper.
    ///
    /// # Errors
    /// If [`DeviceError::may_repeat`], nothing left, and the job may be tried again silently.
    /// Otherwise part of the receipt may be on paper: ask before printing it again.
    fn print(&mut self, bytes: &[u8]) -> Result<Sent, DeviceError>;
}

/// A job that is out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    /// How many bytes.
    pub bytes: usize,
    /// How sure that is.
    pub settled: Settled,
}

/// How long to wait for a printer, on top of the time that the bytes themselves take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// For the connection.
    pub open: Duration,
    /// For a printer that is busy, heats up or says "wait".
    pub write: Duration,
    /// For the end of the job.
    pub finish: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            open: Duration::from_secs(5),
            write: Duration::from_secs(10),
            finish: Duration::from_secs(2),
        }
    }
}

/// The printer at an address. Each job opens the connection anew, so a printer that was switched
/// off and on, or plugged in again, needs nothing from anyone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrinterAt {
    address: Address,
    patience: Patience,
}

impl PrinterAt {
    /// With the usual patience.
    pub fn new(address: Address) -> Self {
        Self { address, patience: Patience::default() }
    }

    /// With another patience.
    pub fn patient(self, patience: Patience) -> Self {
        Self { patience, ..self }
    }

    /// Where it is.
    pub fn address(&self) -> &Address {
        &self.address
    }

    fn send(&self, bytes: &[u8]) -> Result<Sent, DeviceError> {
        let travel = travel_time(&self.address, bytes.len());
        let mut link = open(&self.address, self.patience.open)?;
        link.write_all(bytes, self.patience.write + travel)?;
        let settled = link.finish(self.patience.finish + travel)?;
        Ok(Sent { bytes: bytes.len(), settled })
    }
}

impl ReceiptPrinter for PrinterAt {
    fn print(&mut self, bytes: &[u8]) -> Result<Sent, DeviceError> {
        self.send(bytes).map_err(|fault| fault.of("printer"))
    }
}

/// Twice what `count` bytes take on a line that never pauses.
pub(crate) fn travel_time(address: &Address, count: usize) -> Duration {
    /// What a slow printer takes in a second over the network or USB.
    const SLOW_PRINTER: u64 = 32_000;
    let count = u64::try_from(count).unwrap_or(u64::MAX);
    let once_ms = match address {
        Address::Serial(serial) => {
            let settings = serial.settings();
            count.saturating_mul(1000 * bits_a_byte(settings)) / u64::from(settings.baud())
        }
        Address::Tcp(_) | Address::File(_) | Address::Twin(_) => {
            count.saturating_mul(1000) / SLOW_PRINTER
        }
    };
    Duration::from_millis(once_ms.saturating_mul(2))
}

/// The start bit, the data, the check bit and the stop bits.
fn bits_a_byte(settings: SerialSettings) -> u64 {
    let check = u8::from(settings.parity() != Parity::None);
    u64::from(1 + settings.data_bits() + check + settings.stop_bits())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::travel_time;

    #[test]
    fn a_slow_line_gets_the_time_that_it_needs() -> Result<(), Box<dyn std::error::Error>> {
        // 8N2 at 1200 baud: 11 bits a byte, so 12,000 bytes take 110 s.
        let slow = "serial:/dev/ttyS0?baud=1200&stop=2".parse()?;
        assert_eq!(travel_time(&slow, 12_000), Duration::from_secs(220));
        // 7E1 is as long as 8N1.
        let seven = "serial:/dev/ttyS0?data=7&parity=even".parse()?;
        assert_eq!(travel_time(&seven, 9600), Duration::from_secs(20));
        Ok(())
    }
}
