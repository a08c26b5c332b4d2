//! Every decoder with whatever bytes there are: for tests that try to break them.

use std::time::Duration;

use super::apdu::Apdu;
use super::line::{Event, Line, LineTimers, ZvtFraming};
use super::message;

/// Reads `bytes` as a serial line, as a network line and as one message, and answers how many
/// messages were understood. It never panics, whatever the bytes are.
pub fn fuzz_frames(bytes: &[u8]) -> usize {
    let timers = LineTimers { t1: Duration::from_millis(200), t2: Duration::from_secs(5) };
    let mut understood = 0;
    for framing in [ZvtFraming::Serial, ZvtFraming::Net] {
        let mut line = Line::new(framing, timers);
        line.send(Apdu::positive(), Duration::ZERO);
        for (at, piece) in (0..).zip(bytes.chunks(7)) {
            // Every other pause is longer than a block may have.
            line.heard(piece, Duration::from_millis(150 * at));
            line.take_output();
        }
        line.poll(Duration::from_secs(3600));
        while let Some(event) = line.take_event() {
            if let Event::Arrived(apdu) = event {
                understood += usize::from(message::read(&apdu).is_ok());
            }
        }
    }
    for head in [(0x04, 0x0F), (0x04, 0xFF), (0x06, 0x0F), (0x06, 0xD1), (0x06, 0xD3)] {
        let message = Apdu::new(head.0, head.1, bytes);
        understood += usize::from(message::read(&message).is_ok());
    }
    understood
}
