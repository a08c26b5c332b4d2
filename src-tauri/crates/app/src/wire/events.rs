//! Refusals, and what changed.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Why a command was refused. A client acts on the code; the message is for a person.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
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
}
