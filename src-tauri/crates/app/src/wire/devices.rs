//! Printers.

use countertop_domain::ids::DeviceId;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A device on the counter.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct DeviceView {
    /// Its id.
    #[ts(type = "string")]
    pub id: DeviceId,
    /// What people call it: `Front printer`.
    pub name: String,
    /// Where it is: `serial:/dev/ttyUSB0?baud=9600`, `tcp:127.0.0.1:9100`, `file:/tmp/paper.bin`.
    pub address: String,
    /// The paper's width in characters: 48 for 80 mm, 32 for 58 mm.
    pub columns: u32,
    /// Whether it opens the drawer for a cash sale.
    pub drawer: bool,
}

/// Every device, and where one could be.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct DeviceList {
    /// The devices.
    pub devices: Vec<DeviceView>,
    /// Addresses of serial ports found on this machine.
    pub ports: Vec<String>,
}

/// Sets up a printer.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AddDevice {
    /// What people call it.
    pub name: String,
    /// Where it is.
    pub address: String,
    /// The paper's width in characters, 20 to 64; none for 48.
    pub columns: Option<u32>,
    /// Whether it opens the drawer for a cash sale; none for yes.
    pub drawer: Option<bool>,
}

/// Names a device.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DeviceRequest {
    /// Which.
    #[ts(type = "string")]
    pub device_id: DeviceId,
}
