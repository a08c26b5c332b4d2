//! A machine on the network that takes raw bytes.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

use super::deadline::{Stopped, write_in_pieces};
use super::{Link, ReadOutcome, Settled};
use crate::address::{Address, TcpAddress};
use crate::error::{DeviceError, DeviceErrorKind, Phase};

const PIECE: usize = 4096;

/// A socket takes no timeout of zero.
const SHORTEST: Duration = Duration::from_millis(1);

pub(super) struct TcpLink {
    address: Address,
    stream: TcpStream,
    sent: bool,
}

impl TcpLink {
    pub(super) fn open(
        address: &Address,
        tcp: &TcpAddress,
        until: Instant,
    ) -> Result<Self, DeviceError> {
        let fault = |kind| DeviceError::new(kind, Phase::BeforeSend, address);
        let resolved = (tcp.host(), tcp.port())
            .to_socket_addrs()
            .map_err(|error| fault(DeviceErrorKind::NotFound).because(error))?;
        let mut last = fault(DeviceErrorKind::NotFound);
        for socket in resolved {
            let left = until.saturating_duration_since(Instant::now()).max(SHORTEST);
            match TcpStream::connect_timeout(&socket, left) {
                Ok(stream) => {
                    // Best effort: it only makes short commands arrive sooner.
                    let _ = stream.set_nodelay(true);
                    return Ok(Self { address: address.clone(), stream, sent: false });
                }
                Err(error) if error.kind() == io::ErrorKind::TimedOut => {
                    last = fault(DeviceErrorKind::Unreachable);
                }
                Err(error) => last = DeviceError::from_io(&error, Phase::BeforeSend, address),
            }
        }
        Err(last)
    }

    /// The other end of a connection: somebody connected to us.
    pub(super) fn accepted(address: &Address, stream: TcpStream) -> Self {
        let _ = stream.set_nodelay(true);
        Self { address: address.clone(), stream, sent: false }
    }

    /// Takes in what has come so far; true if the other end has hung up.
    fn has_hung_up(&mut self) -> io::Result<bool> {
        self.stream.set_nonblocking(true)?;
        let mut scrap = [0; 512];
        let end = loop {
            match self.stream.read(&mut scrap) {
                Ok(0) => break Ok(true),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break Ok(false),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => break Err(error),
            }
        };
        self.stream.set_nonblocking(false)?;
        end
    }

    /// Says that no more comes, and waits for the other end to say the same.
    ///
    /// Closing at once would lose bytes: a printer's status that nobody has read makes the system
    /// reset the connection, and a reset throws away what the printer has not read yet.
    fn part(&mut self, until: Instant) -> io::Result<Settled> {
        // The other end cannot know that it has all before it is told so; hanging up now, it left
        // something out.
        if self.has_hung_up()? {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.stream.shutdown(Shutdown::Write)?;
        let mut scrap = [0; 512];
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(Settled::Unconfirmed);
            }
            match self.receive(&mut scrap, left) {
                Ok(0) => return Ok(Settled::Yes),
                Ok(_) => {}
                Err(error) if is_pause(&error) => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn receive(&mut self, buffer: &mut [u8], timeout: Duration) -> io::Result<usize> {
        self.stream.set_read_timeout(Some(timeout.max(SHORTEST)))?;
        self.stream.read(buffer)
    }
}

/// Nothing came, but the connection stands.
fn is_pause(error: &io::Error) -> bool {
    use io::ErrorKind::{Interrupted, TimedOut, WouldBlock};
    matches!(error.kind(), Interrupted | TimedOut | WouldBlock)
}

impl Link for TcpLink {
    fn write_all(&mut self, bytes: &[u8], deadline: Duration) -> Result<(), DeviceError> {
        let until = Instant::now() + deadline;
        let stream = &mut self.stream;
        let outcome = write_in_pieces(bytes, PIECE, until, |piece, left| {
            stream.set_write_timeout(Some(left.max(SHORTEST)))?;
            stream.write(piece)
        });
        self.sent |= !bytes.is_empty();
        outcome.map_err(|Stopped { written, error }| {
            let phase = if written == 0 { Phase::BeforeSend } else { Phase::AfterSend };
            DeviceError::from_io(&error, phase, &self.address)
        })
    }

    fn read(&mut self, buffer: &mut [u8], timeout: Duration) -> ReadOutcome {
        match self.receive(buffer, timeout) {
            Ok(0) => ReadOutcome::Closed,
            Ok(count) => ReadOutcome::Data(count),
            Err(error) if is_pause(&error) => ReadOutcome::Timeout,
            Err(_) => ReadOutcome::Closed,
        }
    }

    fn finish(mut self: Box<Self>, deadline: Duration) -> Result<Settled, DeviceError> {
        let phase = if self.sent { Phase::AfterSend } else { Phase::BeforeSend };
        self.part(Instant::now() + deadline)
            .map_err(|error| DeviceError::from_io(&error, phase, &self.address))
    }
}
