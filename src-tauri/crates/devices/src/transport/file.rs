//! A device node such as `/dev/usb/lp0`, or a plain file.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::deadline::{Stopped, within, write_in_pieces};
use super::{Link, ReadOutcome, Settled};
use crate::address::{Address, FileAddress};
use crate::error::{DeviceError, DeviceErrorKind, Phase};

const PIECE: usize = 4096;

/// What a blocked write gets on top of its deadline before it is left behind.
const GRACE: Duration = Duration::from_millis(250);

/// How often a machine that is busy, or has nothing to say, is looked at.
const STEP: Duration = Duration::from_millis(5);

pub(super) struct FileLink {
    address: Address,
    /// None after a failure.
    file: Option<File>,
    /// A file on a disk, as opposed to a machine.
    on_disk: bool,
    /// The machine can be heard; then nothing waits inside the system.
    hears: bool,
    sent: bool,
}

impl FileLink {
    /// A plain file is made if it is not there, and added to if it is.
    pub(super) fn open(address: &Address, file: &FileAddress) -> Result<Self, DeviceError> {
        let path = Path::new(file.path());
        // While a printer is unplugged its node is not there: a plain file made in its place would
        // swallow the receipts.
        let is_node = path.starts_with("/dev");
        let fault = |error| DeviceError::from_io(&error, Phase::BeforeSend, address);
        if let Some(file) = is_node.then(|| both_ways(path)).flatten() {
            let address = address.clone();
            return Ok(Self {
                address,
                file: Some(file),
                on_disk: false,
                hears: true,
                sent: false,
            });
        }
        let file = OpenOptions::new().append(true).create(!is_node).open(path).map_err(fault)?;
        let on_disk = file.metadata().map_err(fault)?.is_file();
        if on_disk && is_node {
            return Err(DeviceError::new(DeviceErrorKind::WrongKind, Phase::BeforeSend, address));
        }
        let address = address.clone();
        Ok(Self { address, file: Some(file), on_disk, hears: false, sent: false })
    }

    fn gone(&self, phase: Phase) -> DeviceError {
        DeviceError::new(DeviceErrorKind::Disconnected, phase, &self.address)
    }
}

impl Link for FileLink {
    fn write_all(&mut self, bytes: &[u8], deadline: Duration) -> Result<(), DeviceError> {
        let mut file = self.file.take().ok_or_else(|| self.gone(Phase::BeforeSend))?;
        let (job, until) = (bytes.to_vec(), Instant::now() + deadline);
        let waits = self.hears;
        // A printer without paper blocks the write for as long as it has none.
        let outcome = within(deadline + GRACE, move || {
            let outcome = write_in_pieces(&job, PIECE, until, |piece, left| {
                let until = Instant::now() + left;
                loop {
                    match file.write(piece) {
                        Err(error)
                            if waits
                                && error.kind() == io::ErrorKind::WouldBlock
                                && Instant::now() < until =>
                        {
                            thread::sleep(STEP);
                        }
                        written => break written,
                    }
                }
            });
            outcome.map(|()| file)
        });
        let (error, phase) = match outcome {
            Ok(Ok(file)) => {
                self.file = Some(file);
                self.sent |= !bytes.is_empty();
                return Ok(());
            }
            Ok(Err(Stopped { written: 0, error })) => (error, Phase::BeforeSend),
            Ok(Err(Stopped { error, .. })) | Err(error) => (error, Phase::AfterSend),
        };
        Err(DeviceError::from_io(&error, phase, &self.address))
    }

    /// A file says nothing, and neither does a machine behind a node that can only be written to.
    fn read(&mut self, buffer: &mut [u8], timeout: Duration) -> ReadOutcome {
        let Some(file) = self.file.as_mut().filter(|_| self.hears) else {
            return ReadOutcome::Closed;
        };
        let until = Instant::now() + timeout;
        loop {
            match file.read(buffer) {
                Ok(0) => {}
                Ok(count) => return ReadOutcome::Data(count),
                Err(error) if is_busy(&error) => {}
                Err(_) => return ReadOutcome::Closed,
            }
            if Instant::now() >= until {
                return ReadOutcome::Timeout;
            }
            thread::sleep(STEP.min(timeout));
        }
    }

    fn finish(mut self: Box<Self>, deadline: Duration) -> Result<Settled, DeviceError> {
        let phase = if self.sent { Phase::AfterSend } else { Phase::BeforeSend };
        let file = self.file.take().ok_or_else(|| self.gone(phase))?;
        let on_disk = self.on_disk;
        within(deadline, move || if on_disk { file.sync_data() } else { Ok(()) })
            .and_then(|synced| synced)
            .map(|()| Settled::Yes)
            .map_err(|error| DeviceError::from_io(&error, phase, &self.address))
    }
}

fn is_busy(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
}

/// A machine behind a node that can be heard as well, so that reading it holds nobody up.
#[cfg(target_os = "linux")]
fn both_ways(path: &Path) -> Option<File> {
    use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};

    let mut options = OpenOptions::new();
    options.read(true).append(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY);
    let file = options.open(path).ok()?;
    file.metadata().ok()?.file_type().is_char_device().then_some(file)
}

#[cfg(not(target_os = "linux"))]
fn both_ways(_: &Path) -> Option<File> {
    None
}
