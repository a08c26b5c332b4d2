//! The wire to a machine: bytes out, bytes in, each with a deadline.

mod deadline;
mod door;
mod file;
mod record;
mod serial;
mod tcp;
mod twin;

use std::time::{Duration, Instant};

use crate::address::Address;
use crate::error::{DeviceError, DeviceErrorKind, Phase};
use deadline::within;

pub use door::Door;
pub use record::{
    Mask, Recording, Replay, ReplayError, Way, mask_cards, mask_concert, mask_nothing, mask_zvt,
};
pub use twin::{TwinEnd, TwinSocket, pair};

/// An open connection to one machine; exclusive where the system can make it so.
///
/// After an error the link is of no more use: drop it and open another.
pub trait Link: Send {
    /// Hands over all of `bytes` within `deadline`.
    ///
    /// # Errors
    /// The phase is [`Phase::BeforeSend`] only if none of `bytes` left. What a serial port still
    /// held back is thrown away, so that it does not come out in the middle of the next job.
    fn write_all(&mut self, bytes: &[u8], deadline: Duration) -> Result<(), DeviceError>;

    /// Waits up to `timeout` for what the machine says.
    fn read(&mut self, buffer: &mut [u8], timeout: Duration) -> ReadOutcome;

    /// Waits up to `deadline` until everything that was handed over is out, then closes.
    ///
    /// # Errors
    /// The machine went away, or took too long, before everything was out.
    fn finish(self: Box<Self>, deadline: Duration) -> Result<Settled, DeviceError>;
}

/// What came of waiting for bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadOutcome {
    /// So many bytes are in the buffer; at least one.
    Data(usize),
    /// Nothing came in time.
    Timeout,
    /// The other side is gone, or never says anything.
    Closed,
}

/// How sure a link is, when it closes, that everything is out. What came of it (on paper, say) only
/// the machine knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// The line is empty, the disk has it, or the other end of the network took all and hung up.
    Yes,
    /// The network carries on, but the other end had not hung up when the wait was over. Many
    /// printers never do.
    Unconfirmed,
}

/// Opens the machine at `address`, waiting at most `deadline`. A [`Recording`] hears the line.
///
/// # Errors
/// Why it cannot be used; always [`Phase::BeforeSend`].
pub fn open(address: &Address, deadline: Duration) -> Result<Box<dyn Link>, DeviceError> {
    let at = address.clone();
    let opened = within(deadline, move || open_now(&at, deadline));
    let opened = opened.unwrap_or_else(|error| {
        let mut fault = DeviceError::from_io(&error, Phase::BeforeSend, address);
        if matches!(address, Address::Tcp(_)) && fault.kind() == DeviceErrorKind::Timeout {
            fault = DeviceError::new(DeviceErrorKind::Unreachable, Phase::BeforeSend, address);
        }
        Err(fault)
    });
    opened.map(|link| record::tapped(address, link))
}

fn open_now(address: &Address, deadline: Duration) -> Result<Box<dyn Link>, DeviceError> {
    Ok(match address {
        Address::Serial(serial) => Box::new(serial::SerialLink::open(address, serial)?),
        Address::Tcp(tcp) => Box::new(tcp::TcpLink::open(address, tcp, Instant::now() + deadline)?),
        Address::File(file) => Box::new(file::FileLink::open(address, file)?),
        Address::Twin(twin) => twin::open(address, twin, Instant::now() + deadline / 2)?,
    })
}
