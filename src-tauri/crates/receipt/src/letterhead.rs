//! What a shop puts on its receipts besides the sale.

use serde::{Deserialize, Serialize};

use crate::amount::NumberFormat;
use crate::picture::Picture;
use crate::words::Words;

/// The shop, as printed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Letterhead {
    /// Its logo, above the name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo: Option<Picture>,
    /// Its name, printed large.
    pub shop: String,
    /// Lines under the name: street, town, telephone.
    pub address: Vec<String>,
    /// Its number with the tax office, if the law asks for it.
    pub tax_number: Option<String>,
    /// Lines at the end: returns, opening hours, thanks.
    pub footer: Vec<String>,
    /// Every word that the receipt itself adds.
    pub words: Words,
    /// How numbers are written.
    pub numbers: NumberFormat,
}
