//! Codes to pay by: the text inside the QR code that a customer's bank or wallet reads.

mod emvco;
mod epc;

pub use self::emvco::{Emv, EmvAccount, emvco};
pub use self::epc::{Epc, epc};

use crate::money::Money;

/// Why a code cannot be made. Settings are wrong, or the amount is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PaymentCodeError {
    /// Not an IBAN: a letter, a digit or the length is wrong.
    #[error("{iban} is not a right IBAN: compare it with a bank statement")]
    BadIban {
        /// What was given.
        iban: String,
    },
    /// Not a BIC.
    #[error("{bic} is not a BIC: it has 8 or 11 letters and digits; or leave it empty")]
    BadBic {
        /// What was given.
        bic: String,
    },
    /// A transfer of the euro area in another currency.
    #[error("a transfer by QR code is always in EUR, not in {currency}: choose another payment")]
    NotEuro {
        /// Its code.
        currency: &'static str,
    },
    /// An amount that the code cannot carry.
    #[error("{amount} cannot be paid by QR code: it takes more than nothing and up to {most}")]
    AmountOutOfRange {
        /// What was given.
        amount: Money,
        /// The most.
        most: String,
    },
    /// A text is missing.
    #[error("the {field} is missing: enter it in the settings")]
    Missing {
        /// Which.
        field: &'static str,
    },
    /// A text is too long for its place.
    #[error("the {field} is too long for a QR code to pay by: use up to {most} characters")]
    TooLong {
        /// Which.
        field: &'static str,
        /// The most.
        most: usize,
    },
    /// A text with letters that the standard does not have.
    #[error("the {field} \"{text}\" must be written in plain letters: without accents or signs")]
    NotPlain {
        /// Which.
        field: &'static str,
        /// What was given.
        text: String,
    },
    /// A text of the wrong form.
    #[error("\"{text}\" is not a {field}: it should look like {like}")]
    BadForm {
        /// Which.
        field: &'static str,
        /// What was given.
        text: String,
        /// An example.
        like: &'static str,
    },
    /// All together too long.
    #[error("name and reference are too long for a QR code to pay by: shorten one of them")]
    PayloadTooLong,
}

/// Without spaces around it, and with a space in place of anything that is no printable character:
/// a line break in a name must not become a line of the code.
fn tidy(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.trim().to_owned()
}
