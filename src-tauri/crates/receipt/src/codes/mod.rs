//! The codes on a receipt as plain geometry: what is dark and what is light.

mod code128;
mod qr;

pub use code128::Code128;
pub use qr::Qr;
