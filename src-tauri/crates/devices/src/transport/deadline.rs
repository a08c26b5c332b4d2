//! Calls that may hang, and writing piece by piece, each with an end.

use std::io;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// Runs `call` on a thread of its own and waits at most `limit` for it.
///
/// Opening or writing a device node can hang in the system, where nothing can interrupt it. Then
/// the thread stays behind until the system lets go, and drops what the call made.
///
/// # Errors
/// [`io::ErrorKind::TimedOut`] if it still hangs; another kind if no thread could be had.
pub(super) fn within<T: Send + 'static>(
    limit: Duration,
    call: impl FnOnce() -> T + Send + 'static,
) -> io::Result<T> {
    let (answer, waiting) = mpsc::sync_channel(1);
    thread::Builder::new().name("device-call".to_owned()).spawn(move || {
        // Nobody waits any more: the answer is dropped, and with it an open port.
        let _ = answer.send(call());
    })?;
    waiting.recv_timeout(limit).map_err(|error| match error {
        RecvTimeoutError::Timeout => io::ErrorKind::TimedOut.into(),
        RecvTimeoutError::Disconnected => io::Error::other("the call ended without an answer"),
    })
}

/// Writing stopped before the end.
#[derive(Debug)]
pub(super) struct Stopped {
    /// How many bytes had been taken.
    pub(super) written: usize,
    /// Why.
    pub(super) error: io::Error,
}

/// Hands `bytes` to `write` in pieces of at most `piece`, until all are taken or `until` is past.
/// `write` gets the time that is left, and answers how many bytes were taken.
pub(super) fn write_in_pieces(
    bytes: &[u8],
    piece: usize,
    until: Instant,
    mut write: impl FnMut(&[u8], Duration) -> io::Result<usize>,
) -> Result<(), Stopped> {
    let mut written = 0;
    while written < bytes.len() {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Stopped { written, error: io::ErrorKind::TimedOut.into() });
        }
        let end = bytes.len().min(written + piece);
        match write(&bytes[written..end], left) {
            // A serial port of Windows answers so when its time is up.
            Ok(0) => return Err(Stopped { written, error: io::ErrorKind::TimedOut.into() }),
            Ok(taken) => written += taken,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Stopped { written, error }),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::mpsc;
    use std::time::{Duration, Instant};

    use super::{within, write_in_pieces};

    #[test]
    fn a_call_that_hangs_is_left_behind_and_what_it_made_is_dropped() {
        let (release, hold) = mpsc::channel::<()>();
        let (owner, dropped) = mpsc::channel::<()>();
        let hung = within(Duration::from_millis(20), move || {
            let _ = hold.recv();
            owner
        });
        assert_eq!(hung.err().map(|error| error.kind()), Some(io::ErrorKind::TimedOut));
        drop(release);
        assert_eq!(dropped.recv(), Err(mpsc::RecvError), "the late answer was kept");
    }

    #[test]
    fn a_failure_tells_how_far_it_came() {
        let until = Instant::now() + Duration::from_secs(60);
        let mut calls = 0;
        let stopped = write_in_pieces(&[7; 10], 4, until, |piece, _| {
            calls += 1;
            match calls {
                1 => Ok(piece.len()),
                2 => Err(io::ErrorKind::Interrupted.into()),
                3 => Ok(1),
                _ => Err(io::ErrorKind::BrokenPipe.into()),
            }
        });
        assert_eq!(stopped.map_err(|stopped| stopped.written), Err(5));
    }
}
