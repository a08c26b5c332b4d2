//! A serial port.

use std::io;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use serialport::{ClearBuffer, DataBits, ErrorKind, FlowControl, SerialPort, StopBits};

use super::deadline::{Stopped, within, write_in_pieces};
use super::{Link, ReadOutcome, Settled};
use crate::address::{Address, Flow, Parity, SerialAddress};
use crate::error::{DeviceError, DeviceErrorKind, Phase};
use crate::ports::port_at;

/// A write that the system calls possible takes this much at once without blocking.
const PIECE: usize = 256;

/// How often the port is asked whether its line is empty.
const DRAIN_STEP: Duration = Duration::from_millis(5);

/// What a blocked write gets on top of its deadline before it is left behind.
const GRACE: Duration = Duration::from_millis(250);

pub(super) struct SerialLink {
    address: Address,
    /// None after a failure.
    port: Option<Box<dyn SerialPort>>,
    sent: bool,
}

impl SerialLink {
    pub(super) fn open(address: &Address, serial: &SerialAddress) -> Result<Self, DeviceError> {
        let settings = serial.settings();
        let path = port_at(serial.path()).map_err(|count| {
            let fault = DeviceError::new(DeviceErrorKind::NotFound, Phase::BeforeSend, address);
            match count {
                0 => fault,
                several => fault.because(format!("{several} ports have that name")),
            }
        })?;
        let mut port = serialport::new(&path, settings.baud())
            .data_bits(if settings.data_bits() == 7 { DataBits::Seven } else { DataBits::Eight })
            .stop_bits(if settings.stop_bits() == 2 { StopBits::Two } else { StopBits::One })
            .parity(match settings.parity() {
                Parity::None => serialport::Parity::None,
                Parity::Even => serialport::Parity::Even,
                Parity::Odd => serialport::Parity::Odd,
            })
            .flow_control(match settings.flow() {
                Flow::None => FlowControl::None,
                Flow::Hardware => FlowControl::Hardware,
                Flow::Software => FlowControl::Software,
            })
            .exclusive(true)
            .open()
            .map_err(|error| open_fault(&error, address, &path))?;
        // Best effort: many printers wait for these wires, some adapters do not have them.
        let _ = port.write_data_terminal_ready(true);
        if settings.flow() != Flow::Hardware {
            let _ = port.write_request_to_send(true);
        }
        Ok(Self { address: address.clone(), port: Some(port), sent: false })
    }

    /// A port that is open already.
    #[cfg(unix)]
    pub(super) fn of(address: &Address, port: Box<dyn SerialPort>) -> Self {
        Self { address: address.clone(), port: Some(port), sent: false }
    }

    fn fault(&self, error: &io::Error, phase: Phase) -> DeviceError {
        let fault = DeviceError::from_io(error, phase, &self.address);
        // A port that was fine a moment ago and now fails for no reason was pulled out.
        if fault.kind() == DeviceErrorKind::Failed {
            return DeviceError::new(DeviceErrorKind::Disconnected, phase, &self.address)
                .because(error);
        }
        fault
    }

    fn gone(&self, phase: Phase) -> DeviceError {
        DeviceError::new(DeviceErrorKind::Disconnected, phase, &self.address)
    }
}

impl Link for SerialLink {
    fn write_all(&mut self, bytes: &[u8], deadline: Duration) -> Result<(), DeviceError> {
        let mut port = self.port.take().ok_or_else(|| self.gone(Phase::BeforeSend))?;
        let (job, until) = (bytes.to_vec(), Instant::now() + deadline);
        let outcome = within(deadline + GRACE, move || {
            let outcome = write_in_pieces(&job, PIECE, until, |piece, left| {
                port.set_timeout(left)?;
                port.write(piece)
            });
            (port, outcome)
        });
        match outcome {
            Ok((port, Ok(()))) => {
                self.port = Some(port);
                self.sent |= !bytes.is_empty();
                Ok(())
            }
            Ok((port, Err(Stopped { written, error }))) => {
                give_up(port);
                let phase = if written == 0 { Phase::BeforeSend } else { Phase::AfterSend };
                Err(self.fault(&error, phase))
            }
            // It hangs inside a write, and nobody knows how much of that got through.
            Err(error) => Err(self.fault(&error, Phase::AfterSend)),
        }
    }

    fn read(&mut self, buffer: &mut [u8], timeout: Duration) -> ReadOutcome {
        let Some(port) = &mut self.port else { return ReadOutcome::Closed };
        if port.set_timeout(timeout).is_err() {
            return ReadOutcome::Closed;
        }
        match port.read(buffer) {
            Ok(0) => ReadOutcome::Closed,
            Ok(count) => ReadOutcome::Data(count),
            Err(error) => match error.kind() {
                io::ErrorKind::TimedOut | io::ErrorKind::Interrupted => ReadOutcome::Timeout,
                _ => ReadOutcome::Closed,
            },
        }
    }

    fn finish(mut self: Box<Self>, deadline: Duration) -> Result<Settled, DeviceError> {
        let phase = if self.sent { Phase::AfterSend } else { Phase::BeforeSend };
        let port = self.port.take().ok_or_else(|| self.gone(phase))?;
        let until = Instant::now() + deadline;
        // Asking for the length of the queue never blocks; waiting for it to drain would, for as
        // long as the machine says "wait".
        let error = loop {
            match port.bytes_to_write() {
                Ok(0) => return Ok(Settled::Yes),
                Ok(_) if Instant::now() < until => thread::sleep(DRAIN_STEP),
                Ok(_) => break io::ErrorKind::TimedOut.into(),
                Err(error) => break error.into(),
            }
        };
        give_up(port);
        Err(self.fault(&error, phase))
    }
}

/// Throws away what the port still holds and closes it, out of the way: with bytes left in an
/// adapter, closing takes up to half a minute.
fn give_up(port: Box<dyn SerialPort>) {
    let _ = port.clear(ClearBuffer::Output);
    // Without a thread to be had, the closure is dropped here, and the port with it.
    let _ = thread::Builder::new().name("device-close".to_owned()).spawn(move || drop(port));
}

fn open_fault(error: &serialport::Error, address: &Address, path: &str) -> DeviceError {
    let kind = match error.kind {
        // The same kind for "not there" and "somebody else has it".
        ErrorKind::NoDevice if is_present(path) => DeviceErrorKind::Busy,
        ErrorKind::NoDevice => DeviceErrorKind::NotFound,
        ErrorKind::InvalidInput | ErrorKind::Unknown => DeviceErrorKind::WrongKind,
        ErrorKind::Io(kind) => {
            return DeviceError::from_io(
                &io::Error::new(kind, error.description.clone()),
                Phase::BeforeSend,
                address,
            );
        }
    };
    DeviceError::new(kind, Phase::BeforeSend, address).because(error)
}

fn is_present(path: &str) -> bool {
    if cfg!(windows) {
        let ports = serialport::available_ports().unwrap_or_default();
        return ports.iter().any(|port| port.port_name.eq_ignore_ascii_case(path));
    }
    Path::new(path).exists()
}
