//! Faults that strike at a place of a script.

use crate::http::Call;

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The line is cut before the shop did anything.
    DropBefore,
    /// The shop does it, and the line is cut before a byte of the answer.
    DropAfter,
    /// The shop answers this status and does nothing.
    StatusBefore(u16),
    /// The shop does it and answers this status.
    StatusAfter(u16),
    /// Too many requests: nothing is done. With how many seconds to wait, or without a word.
    Busy(Option<u32>),
    /// The shop does it, and the answer breaks off in its middle, with its length announced.
    Truncate,
    /// The shop does it, and half of the answer is all that is ever sent, well-formed in its framing.
    HalfJson,
    /// The shop does it, and then sends one byte of the answer and no more, until the caller hangs up.
    Dawdle,
    /// A page of HTML instead, with a status of 200; nothing is done.
    Html,
    /// The shop does it, and the answer says that it is text.
    WrongType,
    /// Elsewhere: an address; nothing is done.
    Redirect(String),
    /// The key is no good any more, from now on, until the twin is told otherwise.
    Expired,
    /// An answer of so many bytes of spaces; nothing is done.
    Huge(usize),
}

impl FaultKind {
    /// Every fault that passes, for scripts that try them all.
    pub fn passing() -> Vec<Self> {
        vec![
            Self::DropBefore,
            Self::DropAfter,
            Self::StatusBefore(500),
            Self::StatusBefore(502),
            Self::StatusBefore(503),
            Self::StatusAfter(500),
            Self::StatusAfter(502),
            Self::StatusAfter(504),
            Self::Busy(None),
            Self::Busy(Some(1)),
            Self::Truncate,
            Self::HalfJson,
            Self::Html,
            Self::WrongType,
        ]
    }

    /// Whether the shop does what it was asked although the caller is not told.
    pub const fn is_after(&self) -> bool {
        matches!(
            self,
            Self::DropAfter
                | Self::StatusAfter(_)
                | Self::Truncate
                | Self::HalfJson
                | Self::Dawdle
                | Self::WrongType
        )
    }
}

/// Which call is struck.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strike {
    /// Its method; empty for any.
    pub method: String,
    /// What its path contains, or, where everything has one path, its GraphQL document:
    /// `mutation CreateOrder`.
    pub path: String,
    /// How many that fit are let through before.
    pub after: u32,
    /// How many are struck then.
    pub times: u32,
}

impl Strike {
    /// The first call with this method whose path contains this.
    pub fn first(method: &str, path: &str) -> Self {
        Self { method: method.to_owned(), path: path.to_owned(), after: 0, times: 1 }
    }

    fn fits(&self, call: &Call) -> bool {
        let document = || call.body["query"].as_str().is_some_and(|text| text.contains(&self.path));
        (self.method.is_empty() || self.method == call.method)
            && (call.path.contains(&self.path) || document())
    }
}

/// A fault of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where it strikes.
    pub strike: Strike,
    /// What goes wrong.
    pub kind: FaultKind,
}

/// The faults that are still to come.
#[derive(Debug, Default)]
pub(crate) struct Script(Vec<Fault>);

impl Script {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn is_over(&self) -> bool {
        self.0.is_empty()
    }

    /// The fault that strikes this call, if one does.
    pub(crate) fn strikes(&mut self, call: &Call) -> Option<FaultKind> {
        let mut struck = None;
        for fault in &mut self.0 {
            if !fault.strike.fits(call) {
                continue;
            }
            if fault.strike.after > 0 {
                fault.strike.after -= 1;
            } else if fault.strike.times > 0 {
                fault.strike.times -= 1;
                struck = Some(fault.kind.clone());
                break;
            }
        }
        self.0.retain(|fault| fault.strike.times > 0);
        struck
    }
}
