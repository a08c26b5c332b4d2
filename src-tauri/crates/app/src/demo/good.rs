//! How the tables of the demo store are written.

use countertop_domain::quantity::Unit;

/// How a good is taxed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rate {
    Standard,
    Reduced,
    Zero,
    Exempt,
}

/// An item of the table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Good {
    pub(super) name: &'static str,
    /// File name of its picture, without folder and ending.
    pub(super) picture: &'static str,
    pub(super) rate: Rate,
    pub(super) unit: Unit,
    pub(super) favourite: bool,
    /// What is chosen; several choices are written `Colour / Size`, their values `Navy / M`.
    pub(super) choice: &'static str,
    pub(super) sorts: &'static [Sort],
}

/// A variant of the table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sort {
    pub(super) value: &'static str,
    /// Cents a unit; none for an open price.
    pub(super) price: Option<i64>,
    /// Cents before a reduction.
    pub(super) before: Option<i64>,
    /// Thousandths on the shelf; none where the shop does not count.
    pub(super) stock: Option<i64>,
    /// Number of its barcode in the in-store range; it makes the article number too.
    pub(super) code: Option<u64>,
    /// Number of another barcode and how many units that stands for.
    pub(super) pack: Option<(u64, i32)>,
    /// How often it is sold, relative to all others; 0 never in the past month.
    pub(super) demand: u32,
    /// Least and most of one line, in thousandths.
    pub(super) typical: (i64, i64),
}

/// An item sold by the piece.
pub(super) const fn item(name: &'static str, picture: &'static str, rate: Rate) -> Good {
    let unit = Unit::Piece;
    Good { name, picture, rate, unit, favourite: false, choice: "", sorts: &[] }
}

/// A variant at so many cents a unit, told apart by `value`.
pub(super) const fn of(value: &'static str, cents: i64) -> Sort {
    let price = Some(cents);
    let typical = (1_000, 1_000);
    Sort { value, price, before: None, stock: None, code: None, pack: None, demand: 0, typical }
}

/// The only variant of an item, at so many cents a unit.
pub(super) const fn at(cents: i64) -> Sort {
    of("", cents)
}

/// The only variant of an item whose price is asked at the till.
pub(super) const fn open() -> Sort {
    Sort { price: None, ..of("", 0) }
}

impl Good {
    pub(super) const fn fav(self) -> Self {
        Self { favourite: true, ..self }
    }

    pub(super) const fn per(self, unit: Unit) -> Self {
        Self { unit, ..self }
    }

    pub(super) const fn one(self, sorts: &'static [Sort; 1]) -> Self {
        Self { sorts, ..self }
    }

    pub(super) const fn choice(self, choice: &'static str, sorts: &'static [Sort]) -> Self {
        Self { choice, sorts, ..self }
    }
}

impl Sort {
    /// Sold this often, one at a time.
    pub(super) const fn sold(self, demand: u32) -> Self {
        Self { demand, ..self }
    }

    /// Up to so many pieces a line.
    pub(super) const fn upto(self, pieces: i64) -> Self {
        Self { typical: (1_000, pieces * 1_000), ..self }
    }

    /// A line between so many thousandths: grams, millilitres, millimetres.
    pub(super) const fn between(self, least: i64, most: i64) -> Self {
        Self { typical: (least, most), ..self }
    }

    /// So many units on the shelf.
    pub(super) const fn stock(self, units: i64) -> Self {
        Self { stock: Some(units * 1_000), ..self }
    }

    pub(super) const fn code(self, number: u64) -> Self {
        Self { code: Some(number), ..self }
    }

    pub(super) const fn pack(self, number: u64, units: i32) -> Self {
        Self { pack: Some((number, units)), ..self }
    }

    pub(super) const fn was(self, cents: i64) -> Self {
        Self { before: Some(cents), ..self }
    }
}
