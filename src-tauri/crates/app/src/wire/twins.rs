//! Machines that this program plays itself.

use countertop_domain::ids::DeviceId;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Every twin, as it is now.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Twins {
    /// In the order of the devices.
    pub twins: Vec<TwinView>,
}

/// A twin: what stands on the counter if the machine is not there.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct TwinView {
    /// The device that it stands for.
    pub device_id: String,
    /// `printer`, `terminal`, `scanner`, `scale` or `display`.
    pub kind: String,
    /// The language that it speaks.
    pub driver: String,
    /// What people call the device.
    pub name: String,
    /// What can be pressed.
    pub buttons: Vec<String>,
    /// The faults that are switched on.
    pub faults: Vec<String>,
    /// What a terminal or a display shows, line by line.
    pub display: Vec<String>,
    /// What a terminal has done, the newest last.
    pub ledger: Vec<LedgerRow>,
    /// What came out of a printer, the newest last.
    pub paper: Vec<PaperView>,
    /// What a scale shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub weight: Option<String>,
    /// Whether a printer's drawer is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub drawer_open: Option<bool>,
}

/// A payment in a terminal's own books.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct LedgerRow {
    /// The number on its receipt.
    pub receipt: u32,
    /// Its number of the payment.
    pub trace: u32,
    /// How much.
    pub amount: i64,
    /// `charge`, `refund` or `reversal`.
    pub kind: String,
}

/// A piece of paper that came out, from the very bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PaperView {
    /// `text`, `image`, `code` or `cut`.
    pub kind: String,
    /// The text; of an image its `data:` address; of a code what it says.
    pub text: String,
    /// Emphasised.
    pub bold: bool,
    /// Twice as wide.
    pub wide: bool,
    /// Twice as tall.
    pub tall: bool,
    /// White on black.
    pub inverse: bool,
    /// Underlined.
    pub underline: bool,
    /// `left`, `center` or `right`.
    pub align: String,
}

/// Presses a button of a twin.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PressTwin {
    /// Of which device.
    #[ts(type = "string")]
    pub device_id: DeviceId,
    /// Which button, as its view lists them.
    pub button: String,
    /// The weight that is put on, the code that is held under the scanner.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub value: Option<String>,
}
