//! The codes on a receipt as plain geometry: what is dark and what is light.

mod code128;
mod product;
mod qr;

pub use code128::Code128;
pub use product::{ProductCode, ProductCodeKind};
pub use qr::Qr;

/// A bar code of any kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Bars {
    Code128(Code128),
    Product(ProductCode),
}

impl Bars {
    pub(crate) fn code128(data: &str) -> Option<Self> {
        Code128::new(data).map(Self::Code128)
    }

    /// As a product's number where it is one, else as CODE128.
    pub(crate) fn product(data: &str) -> Option<Self> {
        ProductCode::new(data).map(Self::Product).or_else(|| Self::code128(data))
    }

    /// What it says.
    pub(crate) fn data(&self) -> &str {
        match self {
            Self::Code128(code) => code.data(),
            Self::Product(code) => code.digits(),
        }
    }

    /// Widths of bars and gaps in turn, in modules.
    pub(crate) fn widths(&self) -> Vec<u8> {
        match self {
            Self::Code128(code) => code.bars(),
            Self::Product(code) => code.bars(),
        }
    }

    /// How wide it is, in modules, without the ten or eleven that stay free on either side.
    pub(crate) fn modules(&self) -> u32 {
        self.widths().into_iter().map(u32::from).sum()
    }
}
