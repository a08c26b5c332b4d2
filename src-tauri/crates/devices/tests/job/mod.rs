//! One job to a printer, as plainly as can be: the line is opened, written to, and finished.
#![allow(dead_code, reason = "each file of tests uses its part")]

use std::time::Duration;

use countertop_devices::{Address, DeviceError, Settled, open};

/// How long to wait for a printer.
#[derive(Clone, Copy)]
pub(crate) struct Patience {
    pub(crate) open: Duration,
    pub(crate) write: Duration,
    pub(crate) finish: Duration,
}

/// A job that is out.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) bytes: usize,
    pub(crate) settled: Settled,
}

/// The printer at an address. Each job opens the line anew.
pub(crate) struct PrinterAt {
    address: Address,
    patience: Patience,
}

impl PrinterAt {
    pub(crate) fn new(address: Address) -> Self {
        let [open, write, finish] = [5, 60, 60].map(Duration::from_secs);
        Self { address, patience: Patience { open, write, finish } }
    }

    pub(crate) fn patient(self, patience: Patience) -> Self {
        Self { patience, ..self }
    }

    pub(crate) fn print(&mut self, bytes: &[u8]) -> Result<Sent, DeviceError> {
        let send = || {
            let mut link = open(&self.address, self.patience.open)?;
            link.write_all(bytes, self.patience.write)?;
            let settled = link.finish(self.patience.finish)?;
            Ok(Sent { bytes: bytes.len(), settled })
        };
        send().map_err(|fault: DeviceError| fault.of("printer"))
    }
}
