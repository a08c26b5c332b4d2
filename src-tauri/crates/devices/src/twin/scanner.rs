//! A scanner's side. It does not simulate light, symbols or beeps: it sends what it is given, framed
//! as it is set. What is scanned while nobody listens is lost, as with the real ones.

use std::collections::VecDeque;

use super::serve::{Machine, Served};
use crate::scanner::{Framing, Suffix};

#[derive(Debug)]
struct Gun {
    framing: Framing,
    pending: VecDeque<Vec<u8>>,
}

impl Machine for Gun {
    fn hear(&mut self, _: u8) -> Vec<u8> {
        Vec::new()
    }

    fn say(&mut self) -> Vec<u8> {
        // One code at a time, so that codes without a suffix stay apart.
        self.pending.pop_front().unwrap_or_default()
    }
}

/// A scanner inside this program.
#[derive(Debug)]
pub struct ScannerTwin {
    served: Served<Gun>,
}

impl ScannerTwin {
    /// Plugs a scanner in under `name`; none if something else has that name.
    pub fn plug(name: &str, framing: Framing) -> Option<Self> {
        let gun = Gun { framing, pending: VecDeque::new() };
        Some(Self { served: Served::plug(name, gun)? })
    }

    /// Scans a code: `4006381333931`, or with an AIM identifier and FNC1 as 0x1D.
    pub fn scan(&self, code: &str) {
        let mut gun = self.served.machine();
        let framed = framed(gun.framing, code);
        gun.pending.push_back(framed);
    }

    /// Sends bytes as they are: a code cut off, or what a wrong baud rate makes of one.
    pub fn send(&self, bytes: &[u8]) {
        self.served.machine().pending.push_back(bytes.to_vec());
    }
}

fn framed(framing: Framing, code: &str) -> Vec<u8> {
    let suffix: &[u8] = match framing.suffix {
        Suffix::Cr => b"\r",
        Suffix::Lf => b"\n",
        Suffix::CrLf => b"\r\n",
        Suffix::Tab => b"\t",
        Suffix::None => b"",
    };
    let mut bytes = Vec::new();
    if framing.stx_etx {
        bytes.push(0x02);
    }
    bytes.extend(code.as_bytes());
    if framing.stx_etx {
        bytes.push(0x03);
    }
    bytes.extend(suffix);
    bytes
}
