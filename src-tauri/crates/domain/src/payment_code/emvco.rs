//! The code that a merchant presents to a wallet: EMVCo QR Code Specification for Payment Systems,
//! Merchant-Presented Mode 1.1. Elements of two digits id, two digits length and a value, the last
//! one a checksum.

use super::{PaymentCodeError, tidy};
use crate::money::Money;

/// A payment that a customer is to make with a wallet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Emv {
    /// Where the money goes; at least one.
    pub accounts: Vec<EmvAccount>,
    /// The merchant category code of ISO 18245: four digits, `5411` for a grocery.
    pub category: String,
    /// The country by two letters.
    pub country: String,
    /// The shop's name, up to 25 plain characters.
    pub name: String,
    /// Its town, up to 15 plain characters.
    pub city: String,
    /// Its postal code, up to 10 plain characters.
    pub postal_code: Option<String>,
    /// How much.
    pub amount: Money,
    /// The bill's number, up to 25 plain characters.
    pub bill: Option<String>,
    /// What the payment is found by, up to 25 plain characters.
    pub reference: Option<String>,
}

/// An account that a wallet pays to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EmvAccount {
    /// Of a card network: element 02 to 25 and its value, up to 99 plain characters.
    Network(u8, String),
    /// Of any other scheme: element 26 to 51 and its parts by number (00 is the scheme's name), all
    /// together up to 99 plain characters.
    Scheme(u8, Vec<(u8, String)>),
}

/// The text of the QR code.
///
/// # Errors
/// See [`PaymentCodeError`].
pub fn emvco(payment: &Emv) -> Result<String, PaymentCodeError> {
    let mut payload = String::new();
    put(&mut payload, 0, "payload", "01", 2)?;
    // 12: made for this one payment.
    put(&mut payload, 1, "payload", "12", 2)?;
    put_accounts(&mut payload, &payment.accounts)?;
    let digits = |text: &str| text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
    let category = of_form("merchant category code", &payment.category, "5411", digits)?;
    put(&mut payload, 52, "merchant category code", &category, 4)?;
    let currency = format!("{:03}", payment.amount.currency().numeric());
    put(&mut payload, 53, "currency", &currency, 3)?;
    put(&mut payload, 54, "amount", &amount_text(payment.amount)?, 13)?;
    let letters = |text: &str| text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase());
    let country = payment.country.to_ascii_uppercase();
    let country = of_form("country code", &country, "FR", letters)?;
    put(&mut payload, 58, "country code", &country, 2)?;
    put(&mut payload, 59, "shop's name", &payment.name, 25)?;
    put(&mut payload, 60, "shop's town", &payment.city, 15)?;
    if let Some(code) = filled(payment.postal_code.as_deref()) {
        put(&mut payload, 61, "postal code", code, 10)?;
    }
    let mut additional = String::new();
    if let Some(bill) = filled(payment.bill.as_deref()) {
        put(&mut additional, 1, "bill number", bill, 25)?;
    }
    if let Some(reference) = filled(payment.reference.as_deref()) {
        put(&mut additional, 5, "reference", reference, 25)?;
    }
    if !additional.is_empty() {
        put(&mut payload, 62, "reference", &additional, 99)?;
    }
    payload.push_str("6304");
    let checksum = crc16(payload.as_bytes());
    payload.push_str(&format!("{checksum:04X}"));
    Ok(payload)
}

fn put_accounts(payload: &mut String, accounts: &[EmvAccount]) -> Result<(), PaymentCodeError> {
    const FIELD: &str = "wallet account";
    if accounts.is_empty() {
        return Err(PaymentCodeError::Missing { field: FIELD });
    }
    let mut in_order: Vec<&EmvAccount> = accounts.iter().collect();
    in_order.sort_by_key(|account| account.id());
    if let Some(twice) = in_order.windows(2).find(|pair| matches!(pair, [a, b] if a.id() == b.id()))
    {
        let text = twice.first().map_or_else(String::new, |account| account.id().to_string());
        let like = "an element that is used once";
        return Err(PaymentCodeError::BadForm { field: FIELD, text, like });
    }
    for account in in_order {
        match account {
            EmvAccount::Network(id, value) if (2..=25).contains(id) => {
                put(payload, *id, FIELD, value, 99)?;
            }
            EmvAccount::Scheme(id, parts) if (26..=51).contains(id) => {
                // The scheme's name comes first, else no wallet knows whose account this is.
                let mut parts: Vec<&(u8, String)> = parts.iter().collect();
                parts.sort_by_key(|(id, _)| *id);
                if parts.first().is_none_or(|(id, _)| *id != 0) {
                    return Err(PaymentCodeError::Missing { field: "wallet scheme's name" });
                }
                let mut inner = String::new();
                for (id, value) in parts {
                    if *id > 99 {
                        return Err(bad_element(*id, "00 to 99"));
                    }
                    put(&mut inner, *id, FIELD, value, 99)?;
                }
                put(payload, *id, FIELD, &inner, 99)?;
            }
            EmvAccount::Network(id, _) => return Err(bad_element(*id, "02 to 25")),
            EmvAccount::Scheme(id, _) => return Err(bad_element(*id, "26 to 51")),
        }
    }
    Ok(())
}

impl EmvAccount {
    const fn id(&self) -> u8 {
        match self {
            Self::Network(id, _) | Self::Scheme(id, _) => *id,
        }
    }
}

fn bad_element(id: u8, like: &'static str) -> PaymentCodeError {
    PaymentCodeError::BadForm { field: "wallet account element", text: format!("{id:02}"), like }
}

/// Adds an element: its id, how many characters follow, and they.
fn put(
    payload: &mut String,
    id: u8,
    field: &'static str,
    text: &str,
    most: usize,
) -> Result<(), PaymentCodeError> {
    let text = tidy(text);
    if text.is_empty() {
        return Err(PaymentCodeError::Missing { field });
    }
    // Readers disagree on whether other letters count by character or by byte.
    if !text.is_ascii() {
        return Err(PaymentCodeError::NotPlain { field, text });
    }
    if text.len() > most {
        return Err(PaymentCodeError::TooLong { field, most });
    }
    payload.push_str(&format!("{id:02}{:02}{text}", text.len()));
    Ok(())
}

fn of_form(
    field: &'static str,
    text: &str,
    like: &'static str,
    fits: impl FnOnce(&str) -> bool,
) -> Result<String, PaymentCodeError> {
    let text = tidy(text);
    if fits(&text) {
        return Ok(text);
    }
    Err(PaymentCodeError::BadForm { field, text, like })
}

fn filled(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.trim().is_empty())
}

/// `12.50` with a point and the currency's decimals, in up to 13 characters.
fn amount_text(amount: Money) -> Result<String, PaymentCodeError> {
    let text = amount.to_string();
    let number = text.split(' ').next().unwrap_or_default();
    if amount.is_zero() || amount.is_negative() || number.len() > 13 {
        let decimals = usize::try_from(amount.currency().exponent()).unwrap_or(0);
        let most = match decimals {
            0 => "9".repeat(13),
            decimals => format!("{}.{}", "9".repeat(12 - decimals), "9".repeat(decimals)),
        };
        let most = format!("{most} {}", amount.currency().code());
        return Err(PaymentCodeError::AmountOutOfRange { amount, most });
    }
    Ok(number.to_owned())
}

/// CRC-16 with polynomial 1021 (hex) from FFFF, most significant bit first (ISO/IEC 13239 as EMVCo
/// uses it).
fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |crc, byte| {
        let mut crc = crc ^ (u16::from(*byte) << 8);
        for _ in 0..8 {
            crc = if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 };
        }
        crc
    })
}
