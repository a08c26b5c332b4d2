//! Letters of every script that a shop may write: which font has them, how they join and in which
//! order they stand, and how they look in dots.
//!
//! The fonts are part of the program. Text goes in as it is stored; glyphs come out from left to
//! right, joined and placed.

mod dots;
mod face;
mod shape;

pub(crate) use dots::Canvas;
pub(crate) use face::Face;
pub(crate) use shape::{Glyph, shape, width};

/// Whether the language is written from right to left, by its BCP 47 tag.
pub(crate) fn is_right_to_left(language: &str) -> bool {
    let primary = language.split(['-', '_']).next().unwrap_or_default();
    matches!(primary, "ar" | "he" | "iw" | "fa" | "ur" | "ckb" | "ps" | "sd" | "ug" | "yi")
}
