//! How long bytes take on a line.

use std::time::Duration;

use crate::address::{Address, Parity, SerialSettings};

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
