//! Displays that face the customer: two lines of twenty cells on a pole.

mod cells;
mod driver;
mod mode;

use crate::error::DeviceError;

pub use cells::DisplayPage;
pub use driver::DisplayAt;
pub use mode::{DisplayMode, DisplaySettings};

/// Cells of one line.
pub const DISPLAY_CELLS: usize = 20;

/// What a display of two lines of twenty characters shows; longer text is cut, shorter one filled up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DisplayText {
    /// Above.
    pub upper: String,
    /// Below.
    pub lower: String,
}

/// A display.
pub trait CustomerDisplay: Send {
    /// Shows two lines.
    ///
    /// # Errors
    /// The display's wire.
    fn show(&mut self, text: &DisplayText) -> Result<(), DeviceError>;

    /// Shows nothing.
    ///
    /// # Errors
    /// The display's wire.
    fn clear(&mut self) -> Result<(), DeviceError>;
}
