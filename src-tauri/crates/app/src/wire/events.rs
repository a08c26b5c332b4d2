//! Refusals, and what changed.

use countertop_domain::ids::LineId;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Why a command was refused. A client acts on the code; the message is for a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Refusal {
    /// A lasting name such as `unknown_barcode`.
    pub code: String,
    /// What happened and what to do, in plain words.
    pub message: String,
    /// What it is about: the barcode, the item; may be empty.
    pub about: String,
}

/// Told to every client when something changed: what is shown of it should be asked for again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Changed {
    /// `basket`, `orders`, `register`, `prints`, `catalog` or `devices`.
    pub tags: Vec<String>,
    /// The client whose command changed it; it has the answer already.
    pub origin: String,
    /// What a scanner on a wire of the register's own read, for the screen that it went to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub scan: Option<ScanNotice>,
}

/// What became of a code that a scanner on a wire of the register's own read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ScanNotice {
    /// The client whose basket it went into, or would have.
    pub client: String,
    /// The code as it was read; empty if there was none to read.
    pub code: String,
    /// The line that it came to.
    #[ts(type = "string | null")]
    pub line_id: Option<LineId>,
    /// Why it went nowhere.
    pub refusal: Option<Refusal>,
    /// What the cashier should know of it, in words.
    pub warning: Option<String>,
}
