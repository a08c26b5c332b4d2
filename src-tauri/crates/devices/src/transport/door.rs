//! Where a twin waits for its register: a socket inside this program, a port of the network, or a
//! serial line (a pseudo-terminal).

use std::io;
use std::net::{SocketAddr, TcpListener};
#[cfg(unix)]
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::tcp::TcpLink;
use super::twin::{TwinLink, TwinSocket};
use super::{Link, ReadOutcome, Settled};
use crate::address::Address;
use crate::error::DeviceError;

/// How often a network port is asked whether somebody connects.
const STEP: Duration = Duration::from_millis(2);

/// A machine's end of all lines that ever lead to it. The machine holds one line at a time.
pub struct Door {
    kind: Kind,
    address: Address,
}

enum Kind {
    Twin(TwinSocket),
    Tcp(TcpListener),
    #[cfg(unix)]
    Serial(PathBuf),
}

impl Door {
    /// Waits at `twin:NAME`; none if another twin has that name, or it is no name.
    pub fn twin(name: &str) -> Option<Self> {
        let address = format!("twin:{name}").parse().ok()?;
        Some(Self { kind: Kind::Twin(TwinSocket::plug(name)?), address })
    }

    /// Waits on a port of the network; with port 0 on any free one, which [`Door::address`] names.
    ///
    /// # Errors
    /// The port is taken, or not this computer's.
    pub fn tcp(at: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(at)?;
        listener.set_nonblocking(true)?;
        let address = format!("tcp:{}", listener.local_addr()?);
        let address = address.parse().map_err(io::Error::other)?;
        Ok(Self { kind: Kind::Tcp(listener), address })
    }

    /// Waits on a serial line that a register opens at `path`: a link to a pseudo-terminal, made
    /// anew each time that the line is plugged in.
    ///
    /// # Errors
    /// The path is not that of a serial port.
    #[cfg(unix)]
    pub fn serial(path: &Path) -> io::Result<Self> {
        let address = format!("serial:{}", path.display()).parse().map_err(io::Error::other)?;
        Ok(Self { kind: Kind::Serial(path.to_owned()), address })
    }

    /// Where a register finds this machine.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// Waits up to `timeout` for a line. A serial line is there at once, whether or not a register
    /// has opened its end.
    pub fn accept(&self, timeout: Duration) -> Option<Box<dyn Link>> {
        match &self.kind {
            Kind::Twin(socket) => {
                let end = socket.accept(timeout)?;
                Some(Box::new(TwinLink::new(self.address.clone(), end)))
            }
            Kind::Tcp(listener) => {
                let until = Instant::now() + timeout;
                loop {
                    if let Ok((stream, _)) = listener.accept() {
                        stream.set_nonblocking(false).ok()?;
                        return Some(Box::new(TcpLink::accepted(&self.address, stream)));
                    }
                    if Instant::now() >= until {
                        return None;
                    }
                    std::thread::sleep(STEP);
                }
            }
            #[cfg(unix)]
            Kind::Serial(path) => plug_in(&self.address, path).ok(),
        }
    }
}

#[cfg(unix)]
impl Drop for Door {
    fn drop(&mut self) {
        if let Kind::Serial(path) = &self.kind {
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Makes a pseudo-terminal and lets `path` lead to it.
#[cfg(unix)]
fn plug_in(address: &Address, path: &Path) -> io::Result<Box<dyn Link>> {
    use serialport::{SerialPort as _, TTYPort};

    let (machine, register) = TTYPort::pair()?;
    let node = register.name().ok_or_else(|| io::Error::other("a line without a name"))?;
    // Renamed into place: whoever opens the path finds the old line or the new one.
    let new = path.with_extension("plugging-in");
    let _ = std::fs::remove_file(&new);
    std::os::unix::fs::symlink(node, &new)?;
    std::fs::rename(&new, path)?;
    let link = super::serial::SerialLink::of(address, Box::new(machine));
    Ok(Box::new(PluggedIn { link: Box::new(link), path: path.to_owned(), _held_open: register }))
}

/// A line that is plugged in; dropping it pulls the plug. The register's end is held open, since a
/// pseudo-terminal that nobody has open looks like one that was hung up.
#[cfg(unix)]
struct PluggedIn {
    link: Box<dyn Link>,
    path: PathBuf,
    _held_open: serialport::TTYPort,
}

#[cfg(unix)]
impl Link for PluggedIn {
    fn write_all(&mut self, bytes: &[u8], deadline: Duration) -> Result<(), DeviceError> {
        self.link.write_all(bytes, deadline)
    }

    fn read(&mut self, buffer: &mut [u8], timeout: Duration) -> ReadOutcome {
        self.link.read(buffer, timeout)
    }

    fn finish(self: Box<Self>, _deadline: Duration) -> Result<Settled, DeviceError> {
        Ok(Settled::Unconfirmed)
    }
}

#[cfg(unix)]
impl Drop for PluggedIn {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}
