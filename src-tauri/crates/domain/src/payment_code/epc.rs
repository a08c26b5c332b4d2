//! The code of a SEPA credit transfer: EPC069-12, version 002.

use super::{PaymentCodeError, tidy};
use crate::money::{Currency, Money};

/// A transfer that a customer is to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Epc {
    /// The bank's code; banks of the euro area do without.
    pub bic: Option<String>,
    /// The shop's account; spaces do not matter.
    pub iban: String,
    /// The account's holder, up to 70 characters.
    pub name: String,
    /// 0.01 to 999,999,999.99 EUR.
    pub amount: Money,
    /// What the transfer says it is for, up to 140 characters. A creditor reference of ISO 11649
    /// (`RF18...`) goes into its own field.
    pub reference: String,
}

/// Bytes of a payload, so that the code stays within version 13 at error correction M.
const MAX_BYTES: usize = 331;
/// 999,999,999.99 EUR.
const MAX_CENTS: i64 = 99_999_999_999;

/// The text of the QR code: lines ended by line feeds, empty ones at the end left out. In UTF-8.
///
/// # Errors
/// See [`PaymentCodeError`].
pub fn epc(transfer: &Epc) -> Result<String, PaymentCodeError> {
    let amount = transfer.amount;
    if amount.currency() != Currency::EUR {
        return Err(PaymentCodeError::NotEuro { currency: amount.currency().code() });
    }
    if amount.minor() < 1 || amount.minor() > MAX_CENTS {
        let most = "999999999.99 EUR".to_owned();
        return Err(PaymentCodeError::AmountOutOfRange { amount, most });
    }
    let iban = compact(&transfer.iban);
    if !is_iban(&iban) {
        return Err(PaymentCodeError::BadIban { iban: tidy(&transfer.iban) });
    }
    let bic = compact(transfer.bic.as_deref().unwrap_or_default());
    if !bic.is_empty() && !is_bic(&bic) {
        return Err(PaymentCodeError::BadBic { bic });
    }
    let name = tidy(&transfer.name);
    if name.is_empty() {
        return Err(PaymentCodeError::Missing { field: "name of the account's holder" });
    }
    at_most("name of the account's holder", &name, 70)?;
    let reference = tidy(&transfer.reference);
    at_most("reference of the transfer", &reference, 140)?;
    let (structured, free) = match compact(&reference) {
        creditor if is_creditor_reference(&creditor) => (creditor, String::new()),
        _ => (String::new(), reference),
    };
    let euros = format!("EUR{}.{:02}", amount.minor() / 100, amount.minor() % 100);
    let lines = ["BCD", "002", "1", "SCT", &bic, &name, &iban, &euros, "", &structured, &free];
    let payload = lines.join("\n").trim_end_matches('\n').to_owned();
    if payload.len() > MAX_BYTES {
        return Err(PaymentCodeError::PayloadTooLong);
    }
    Ok(payload)
}

fn at_most(field: &'static str, text: &str, most: usize) -> Result<(), PaymentCodeError> {
    if text.chars().count() > most {
        return Err(PaymentCodeError::TooLong { field, most });
    }
    Ok(())
}

/// As people group it, without the groups.
fn compact(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect()
}

/// Two letters, two check digits and up to 30 letters and digits, of the country's length where it
/// is one of the SEPA countries, with the right remainder (ISO 13616).
fn is_iban(iban: &str) -> bool {
    let length = iban.get(..2).and_then(iban_length);
    let long_enough = length.map_or(iban.len() >= 15 && iban.len() <= 34, |n| n == iban.len());
    long_enough && has_checked_form(iban) && remainder_of_97(iban) == Some(1)
}

/// `RF`, two check digits and up to 21 letters and digits (ISO 11649).
fn is_creditor_reference(text: &str) -> bool {
    text.starts_with("RF")
        && text.len() >= 5
        && text.len() <= 25
        && has_checked_form(text)
        && remainder_of_97(text) == Some(1)
}

fn has_checked_form(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().take(2).all(u8::is_ascii_uppercase)
        && bytes.iter().skip(2).take(2).all(u8::is_ascii_digit)
        && bytes.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

/// ISO 7064 MOD 97-10 over the text with its first four characters at the end, A as 10 to Z as 35.
fn remainder_of_97(text: &str) -> Option<u32> {
    let (head, tail) = text.split_at_checked(4)?;
    let digits = tail.chars().chain(head.chars()).map(|c| c.to_digit(36));
    digits.into_iter().try_fold(0, |remainder, digit| {
        let digit = digit?;
        let shift = if digit < 10 { 10 } else { 100 };
        Some((remainder * shift + digit) % 97)
    })
}

/// Four letters, a country, two letters or digits, and three more for a branch.
fn is_bic(bic: &str) -> bool {
    let bytes = bic.as_bytes();
    matches!(bytes.len(), 8 | 11)
        && bytes.iter().take(6).all(u8::is_ascii_uppercase)
        && bytes.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

/// How long the IBANs of the SEPA countries are.
fn iban_length(country: &str) -> Option<usize> {
    Some(match country {
        "NO" => 15,
        "BE" => 16,
        "DK" | "FI" | "NL" => 18,
        "MK" | "SI" => 19,
        "AT" | "EE" | "LT" | "LU" => 20,
        "CH" | "HR" | "LI" | "LV" => 21,
        "BG" | "DE" | "GB" | "IE" | "ME" | "RS" | "VA" => 22,
        "GI" => 23,
        "AD" | "CZ" | "ES" | "MD" | "RO" | "SE" | "SK" => 24,
        "PT" => 25,
        "IS" => 26,
        "FR" | "GR" | "IT" | "MC" | "SM" => 27,
        "AL" | "CY" | "HU" | "PL" => 28,
        "MT" => 31,
        _ => return None,
    })
}
