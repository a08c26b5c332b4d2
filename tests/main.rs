//! Rules of the shop.
