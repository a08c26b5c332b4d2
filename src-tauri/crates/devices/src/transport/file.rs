//! A device node such as `/dev/usb/lp0`, or a plain file.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use super::deadline::{Stopped, within, write_in_pieces};
use super::{Link, ReadOutcome, Settled};
use crate::address::{Address, FileAddress};
use crate::error::{DeviceError, DeviceErrorKind, Phase};

const PIECE: usize = 4096;

/// What a blocked write gets on top of its deadline before it is left behind.
const GRACE: Duration = Duration::from_millis(250);

pub(super) struct FileLink {
    address: Address,
    /// None after a failure.
    file: Option<File>,
    /// A file on a disk, as opposed to a machine.
    on_disk: bool,
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
        let file = OpenOptions::new().append(true).create(!is_node).open(path).map_err(fault)?;
        let on_disk = file.metadata().map_err(fault)?.is_file();
        if on_disk && is_node {
            return Err(DeviceError::new(DeviceErrorKind::WrongKind, Phase::BeforeSend, address));
        }
        Ok(Self { address: address.clone(), file: Some(file), on_disk, sent: false })
    }

    fn gone(&self, phase: Phase) -> DeviceError {
        DeviceError::new(DeviceErrorKind::Disconnected, phase, &self.address)
    }
}

impl Link for FileLink {
    fn write_all(&mut self, bytes: &[u8], deadline: Duration) -> Result<(), DeviceError> {
        let mut file = self.file.take().ok_or_else(|| self.gone(Phase::BeforeSend))?;
        let (job, until) = (bytes.to_vec(), Instant::now() + deadline);
        // A printer without paper blocks the write for as long as it has none.
        let outcome = within(deadline + GRACE, move || {
            let outcome = write_in_pieces(&job, PIECE, until, |piece, _| file.write(piece));
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

    /// A file says nothing, and neither does a machine behind a node that is open for writing.
    fn read(&mut self, _buffer: &mut [u8], _timeout: Duration) -> ReadOutcome {
        ReadOutcome::Closed
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
