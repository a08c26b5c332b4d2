//! Weighing.

use countertop_domain::ids::{BasketId, DeviceId, LineId, VariantId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::basket::BasketView;

/// Weighs: for a line, for a new line of an item, or just so.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Weigh {
    /// The basket, if the weight is for one.
    #[serde(default)]
    #[ts(type = "string | null", optional = nullable)]
    pub basket_id: Option<BasketId>,
    /// The line that gets the weight.
    #[serde(default)]
    #[ts(type = "string | null", optional = nullable)]
    pub line_id: Option<LineId>,
    /// The item that comes in with the weight, on a line of its own.
    #[serde(default)]
    #[ts(type = "string | null", optional = nullable)]
    pub variant_id: Option<VariantId>,
    /// Which scale; none for the first one.
    #[serde(default)]
    #[ts(type = "string | null", optional = nullable)]
    pub device_id: Option<DeviceId>,
    /// What the packing weighs, in thousandths of a kilogram, to be taken off.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub tare: Option<i64>,
}

/// What was weighed.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Weighed {
    /// Thousandths of a kilogram, without the tare.
    pub weight: i64,
    /// True if a tare was taken off, by the scale or here.
    pub net: bool,
    /// The scale's name.
    pub scale: String,
    /// The basket, if the weight was for one.
    pub basket: Option<BasketView>,
    /// The line that got it.
    #[ts(type = "string | null")]
    pub line_id: Option<LineId>,
}

/// Names a scale.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ScaleRequest {
    /// Which; none for the first one.
    #[serde(default)]
    #[ts(type = "string | null", optional = nullable)]
    pub device_id: Option<DeviceId>,
}
