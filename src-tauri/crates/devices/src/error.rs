//! What went wrong with a machine, in words for whoever stands before it.

use std::fmt;
use std::io;

use crate::address::Address;

/// Whether the machine may have acted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// No byte left the register: trying again is safe, and needs no question.
    BeforeSend,
    /// Some bytes left, or may have: only a person, or the machine itself, knows what it did.
    AfterSend,
}

/// What kind of fault it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DeviceErrorKind {
    /// No such port, host name or folder.
    NotFound,
    /// This account may not use it.
    PermissionDenied,
    /// Another program has it open, or an earlier job still does.
    Busy,
    /// The host answers, but nothing listens on that port.
    ConnectionRefused,
    /// Nothing answers at that network address.
    Unreachable,
    /// It went away: unplugged, switched off, or it hung up.
    Disconnected,
    /// It takes no bytes: out of paper, cover open, offline, or the wrong flow control.
    Timeout,
    /// It takes what is sent and says nothing.
    NoAnswer,
    /// Something is there, but it is not what the address says that it is.
    WrongKind,
    /// No room left on the disk.
    DiskFull,
    /// Anything else; the detail has the system's words.
    Failed,
}

/// A fault of one machine. Its text names the machine, the cause and the next step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceError {
    kind: DeviceErrorKind,
    phase: Phase,
    address: Address,
    machine: &'static str,
    detail: String,
}

impl DeviceError {
    /// A fault of the machine at `address`; for whoever brings a [`Link`](crate::Link) of their own.
    pub fn new(kind: DeviceErrorKind, phase: Phase, address: &Address) -> Self {
        let (address, detail) = (address.clone(), String::new());
        Self { kind, phase, address, machine: "device", detail }
    }

    /// The fault behind an error of the operating system.
    pub(crate) fn from_io(error: &io::Error, phase: Phase, address: &Address) -> Self {
        Self::new(kind_of(error, phase), phase, address).because(error)
    }

    /// Adds the system's own words, for whoever is called to help.
    pub(crate) fn because(mut self, cause: impl fmt::Display) -> Self {
        self.detail = cause.to_string();
        self
    }

    /// Says what the machine is: "printer".
    pub fn of(mut self, machine: &'static str) -> Self {
        self.machine = machine;
        self
    }

    /// The same fault, where what was sent does not count: the order itself was not among it.
    pub(crate) fn unsent(mut self) -> Self {
        self.phase = Phase::BeforeSend;
        self
    }

    /// What kind of fault it is.
    pub fn kind(&self) -> DeviceErrorKind {
        self.kind
    }

    /// Whether the machine may have acted.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// Where the machine is.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// True if the same bytes may be sent again without asking anyone: none of them left.
    pub fn may_repeat(&self) -> bool {
        self.phase == Phase::BeforeSend
    }
}

impl std::error::Error for DeviceError {}

impl fmt::Display for DeviceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.without_phase())?;
        match self.phase {
            Phase::BeforeSend => f.write_str(" Nothing was sent."),
            Phase::AfterSend => {
                f.write_str(" It may have done part of the work: look before sending it again.")
            }
        }
    }
}

impl DeviceError {
    /// The machine, the cause and the next step; what the machine may have done is left out.
    pub fn without_phase(&self) -> String {
        let (what, next) = self.words();
        let detail =
            if self.detail.is_empty() { String::new() } else { format!(" ({})", self.detail) };
        format!("The {} at {} {what}{detail}: {next}.", self.machine, self.address.place())
    }
}

impl DeviceError {
    /// What happened, and what to do about it.
    fn words(&self) -> (&'static str, &'static str) {
        use Address::{File, Serial, Tcp, Twin};
        use DeviceErrorKind as Kind;
        match (self.kind, &self.address) {
            (Kind::NotFound, Tcp(_)) => (
                "has a name that the network does not know",
                "check the spelling, or use its number such as 192.168.1.20",
            ),
            (Kind::NotFound, Serial(_)) => {
                ("is not there", "plug it in and switch it on, or choose another port")
            }
            (Kind::NotFound, File(_)) => {
                ("is not there", "plug it in and switch it on, or make the folder first")
            }
            (Kind::NotFound, Twin(_)) => ("is not switched on", "switch its twin on"),
            (Kind::PermissionDenied, Serial(_)) => (
                "may not be used by this account",
                "add the account to the group of serial ports (dialout or uucp) and log in again",
            ),
            (Kind::PermissionDenied, _) => (
                "may not be used by this account",
                "allow the account to write there (for a USB printer, add it to the group lp)",
            ),
            (Kind::Busy, _) => (
                "is in use by another program, or by an earlier job that it has not taken yet",
                "close that program, or see whether the machine waits for paper",
            ),
            (Kind::ConnectionRefused, _) => (
                "is on the network but takes no connection on that port",
                "check the port (most printers use 9100) and that raw printing is switched on",
            ),
            (Kind::Unreachable, _) => (
                "does not answer on the network",
                "check that it is switched on, its cable, and its address",
            ),
            (Kind::Disconnected, Tcp(_)) => {
                ("hung up too early", "check that it is switched on and its network cable")
            }
            (Kind::Disconnected, _) => ("went away", "check its cable and that it is switched on"),
            (Kind::Timeout, _) => (
                "does not take what is sent",
                "check paper and cover, that it is switched on, and its cable",
            ),
            (Kind::NoAnswer, Serial(_)) => (
                "does not answer",
                "check that it is switched on and ready, its cable, and the speed and parity of \
                 the line",
            ),
            (Kind::NoAnswer, _) => ("does not answer", "check that it is switched on and ready"),
            (Kind::WrongKind, Serial(_)) => {
                ("is not a serial port that works", "choose another port, or other settings")
            }
            (Kind::WrongKind, _) => ("cannot be written to", "choose another path"),
            (Kind::DiskFull, _) => ("has no room left", "free some space on that disk"),
            (Kind::Failed, _) => {
                ("could not be used", "switch it off and on again, and check its settings")
            }
        }
    }
}

fn kind_of(error: &io::Error, phase: Phase) -> DeviceErrorKind {
    use DeviceErrorKind as Kind;
    use io::ErrorKind as Io;
    match error.kind() {
        Io::NotFound => Kind::NotFound,
        Io::PermissionDenied | Io::ReadOnlyFilesystem => Kind::PermissionDenied,
        Io::ResourceBusy => Kind::Busy,
        Io::ConnectionRefused => Kind::ConnectionRefused,
        Io::HostUnreachable | Io::NetworkUnreachable | Io::NetworkDown | Io::AddrNotAvailable => {
            Kind::Unreachable
        }
        Io::BrokenPipe
        | Io::ConnectionReset
        | Io::ConnectionAborted
        | Io::NotConnected
        | Io::UnexpectedEof => Kind::Disconnected,
        Io::TimedOut | Io::WouldBlock => Kind::Timeout,
        Io::NotADirectory | Io::IsADirectory | Io::InvalidFilename | Io::InvalidInput => {
            Kind::WrongKind
        }
        Io::StorageFull | Io::QuotaExceeded | Io::FileTooLarge => Kind::DiskFull,
        _ => match (error.raw_os_error(), phase) {
            (Some(NO_SUCH_DEVICE | NO_SUCH_UNIT), Phase::BeforeSend) if cfg!(unix) => {
                Kind::NotFound
            }
            (Some(NO_SUCH_DEVICE | NO_SUCH_UNIT), _) if cfg!(unix) => Kind::Disconnected,
            _ => Kind::Failed,
        },
    }
}

/// ENXIO and ENODEV, the same on every Unix: a node without its machine.
const NO_SUCH_UNIT: i32 = 6;
const NO_SUCH_DEVICE: i32 = 19;

#[cfg(test)]
mod tests {
    use std::io;

    use super::{DeviceError, DeviceErrorKind, Phase};

    fn at(
        address: &str,
        kind: DeviceErrorKind,
        phase: Phase,
    ) -> Result<String, Box<dyn std::error::Error>> {
        Ok(DeviceError::new(kind, phase, &address.parse()?).of("printer").to_string())
    }

    #[test]
    fn a_fault_names_the_machine_the_cause_and_the_next_step()
    -> Result<(), Box<dyn std::error::Error>> {
        assert_eq!(
            at("serial:/dev/ttyUSB0", DeviceErrorKind::NotFound, Phase::BeforeSend)?,
            "The printer at /dev/ttyUSB0 is not there: plug it in and switch it on, or choose \
             another port. Nothing was sent."
        );
        assert_eq!(
            at("tcp:10.0.0.9", DeviceErrorKind::Disconnected, Phase::AfterSend)?,
            "The printer at 10.0.0.9:9100 hung up too early: check that it is switched on and its \
             network cable. It may have done part of the work: look before sending it again."
        );
        Ok(())
    }

    #[test]
    fn a_port_of_another_group_says_which_group_to_join() -> Result<(), Box<dyn std::error::Error>>
    {
        let denied = io::Error::from(io::ErrorKind::PermissionDenied);
        let fault = DeviceError::from_io(&denied, Phase::BeforeSend, &"serial:/dev/ttyS0".parse()?);
        assert_eq!(fault.kind(), DeviceErrorKind::PermissionDenied);
        assert!(fault.to_string().contains("dialout"), "{fault}");
        Ok(())
    }

    #[test]
    #[cfg(unix)]
    fn a_node_without_its_machine_is_unplugged() -> Result<(), Box<dyn std::error::Error>> {
        let gone = io::Error::from_raw_os_error(super::NO_SUCH_DEVICE);
        let printer = "file:/dev/usb/lp0".parse()?;
        let kind = |phase| DeviceError::from_io(&gone, phase, &printer).kind();
        assert_eq!(kind(Phase::BeforeSend), DeviceErrorKind::NotFound);
        assert_eq!(kind(Phase::AfterSend), DeviceErrorKind::Disconnected);
        Ok(())
    }
}
