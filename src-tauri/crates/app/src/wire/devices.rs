//! The machines on the counter.

use std::collections::BTreeMap;

use countertop_domain::ids::DeviceId;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A device on the counter.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct DeviceView {
    /// Its id.
    #[ts(type = "string")]
    pub id: DeviceId,
    /// `printer`, `terminal`, `scanner`, `scale` or `display`.
    pub kind: String,
    /// The language that it speaks: `escpos`, `zvt`.
    pub driver: String,
    /// What people call it: `Front printer`.
    pub name: String,
    /// Where it is: `serial:/dev/ttyUSB0?baud=9600`, `tcp:127.0.0.1:9100`, `file:/tmp/paper.bin`.
    pub address: String,
    /// How it is set, by name.
    pub options: BTreeMap<String, String>,
    /// Whether this program plays it itself.
    pub twin: bool,
    /// Whether what goes over its wire is being recorded.
    pub recording: bool,
    /// How it is.
    pub status: DeviceState,
    /// The same in words; empty while it is fine or not yet known.
    pub words: String,
    /// A printer's width in characters: 48 for 80 mm, 32 for 58 mm; nothing for other devices.
    pub columns: u32,
    /// Whether a printer opens the drawer for a cash sale.
    pub drawer: bool,
}

/// How a device is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DeviceState {
    /// It has not been heard of since the program was started.
    #[default]
    Unknown,
    /// It works.
    Ready,
    /// Nothing answers at its address.
    NotThere,
    /// It answers, and something is wrong.
    Trouble,
}

/// Every device, where one could be, and what it could be.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct DeviceList {
    /// The devices.
    pub devices: Vec<DeviceView>,
    /// Addresses of serial ports found on this machine.
    pub ports: Vec<String>,
    /// The languages that this program speaks.
    pub drivers: Vec<DriverView>,
}

/// A language of devices.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct DriverView {
    /// What speaks it.
    pub kind: String,
    /// Its name in settings.
    pub driver: String,
    /// Its name for people.
    pub name: String,
    /// What an address looks like.
    pub example: String,
    /// How it can be set.
    pub options: Vec<OptionView>,
}

/// A setting of a device.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct OptionView {
    /// Its name.
    pub name: String,
    /// What it does.
    pub words: String,
    /// What it is if nobody sets it.
    pub value: String,
    /// What it can be; empty if it is typed.
    pub choices: Vec<String>,
}

/// Sets up a device.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AddDevice {
    /// What it is for; none for a printer.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub kind: Option<String>,
    /// The language that it speaks; none for the usual one of its kind.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub driver: Option<String>,
    /// What people call it.
    pub name: String,
    /// Where it is; `twin` for one that this program plays itself.
    pub address: String,
    /// How it is set, by name; what is left out is as usual.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub options: Option<BTreeMap<String, String>>,
    /// A printer's width in characters, 20 to 64; none for 48.
    #[serde(default)]
    pub columns: Option<u32>,
    /// Whether a printer opens the drawer for a cash sale; none for yes.
    #[serde(default)]
    pub drawer: Option<bool>,
}

/// Sets a device anew; what is left out stays.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ChangeDevice {
    /// Which.
    #[ts(type = "string")]
    pub device_id: DeviceId,
    /// What people call it.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub name: Option<String>,
    /// Where it is.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub address: Option<String>,
    /// How it is set: all of it.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub options: Option<BTreeMap<String, String>>,
}

/// Names a device.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DeviceRequest {
    /// Which.
    #[ts(type = "string")]
    pub device_id: DeviceId,
}

/// Switches something of a device on or off.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SwitchDevice {
    /// Which device.
    #[ts(type = "string")]
    pub device_id: DeviceId,
    /// On or off.
    pub on: bool,
}

/// What came of trying a device.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct DeviceTested {
    /// In plain words.
    pub words: String,
}

/// What went over a device's wire.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Traffic {
    /// A line a piece, with its time and direction; what is secret is masked.
    pub text: String,
}
