//! A payment request, read: whichever door it came through, this is what it says.

use countertop_domain::money::Money;
use serde::{Deserialize, Serialize};

use super::fault::{Fault, Flavour, Wrong};

/// Characters of a note.
pub(super) const MAX_NOTES: usize = 500;
/// Characters of the caller's own word.
pub(super) const MAX_STATE: usize = 4_000;
/// Characters of an id or a key.
pub(super) const MAX_KEY: usize = 128;
/// Lines of a request.
pub(super) const MAX_LINES: usize = 100;
/// Characters of a line's name.
pub(super) const MAX_LINE_NAME: usize = 100;
/// After how long a reply is opened by itself if the caller only says that it is to be.
pub(super) const AUTO_RETURN_MS: u32 = 5_000;
/// The shortest and the longest time that a caller may ask for.
pub(super) const AUTO_RETURN_RANGE: std::ops::RangeInclusive<i64> = 3_200..=10_000;

/// The words in which a caller asked, and is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dialect {
    /// JSON, as iOS apps and web pages on iOS send it. Minor version: 0 to 3 of 1.
    Ios(u32),
    /// Keys, as a web page sends them to Android.
    AndroidWeb,
    /// Keys, as the Android SDK sends them.
    AndroidSdk,
    /// JSON, version 1 of ours.
    Own,
}

impl Dialect {
    /// The spelling of the Android form; none for JSON.
    pub const fn flavour(self) -> Option<Flavour> {
        match self {
            Self::AndroidWeb => Some(Flavour::Web),
            Self::AndroidSdk => Some(Flavour::Sdk),
            Self::Ios(_) | Self::Own => None,
        }
    }

    /// What a fault is called.
    pub fn code_of(self, fault: Fault) -> String {
        match self {
            Self::Ios(minor) => fault.ios_of(minor).to_owned(),
            Self::Own => fault.ios().to_owned(),
            Self::AndroidWeb => fault.android(Flavour::Web),
            Self::AndroidSdk => fault.android(Flavour::Sdk),
        }
    }
}

/// A way to pay, as callers name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TenderWord {
    /// A card.
    Card,
    /// Coins and notes.
    Cash,
    /// Anything that the shop records by hand.
    Other,
    /// A gift card.
    GiftCard,
    /// A card that the shop has on file. Known, and not taken here.
    CardOnFile,
    /// A wallet. Known, and not taken here.
    PayPay,
}

/// One thing that is paid for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineItem {
    /// What it is called.
    pub name: String,
    /// How much, thousandths.
    pub quantity: i64,
    /// The price of one, minor units.
    pub price: i64,
    /// The variant of the shop's catalogue that it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<countertop_domain::ids::VariantId>,
}

/// A payment request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentRequest {
    /// The app.
    pub client_id: String,
    /// In which words it asked.
    pub dialect: Dialect,
    /// How much, in the currency's smallest unit; never below nothing.
    pub amount: i64,
    /// The currency's code, upper case.
    pub currency: String,
    /// Where to tell the result, as it was sent.
    pub callback: Option<String>,
    /// The caller's own word.
    pub state: Option<String>,
    /// To be noted on receipt and payment; empty for nothing.
    pub notes: String,
    /// The register that is meant.
    pub location_id: Option<String>,
    /// The customer who pays.
    pub customer_id: Option<String>,
    /// The ways to pay; none for all.
    pub tenders: Option<Vec<TenderWord>>,
    /// No taxes by themselves.
    pub clear_default_fees: bool,
    /// After how long the reply is opened by itself.
    pub auto_return_ms: Option<u32>,
    /// No screen for the receipt.
    pub skip_receipt: bool,
    /// No cards that are not there.
    pub disable_cnp: bool,
    /// Whether a tip is welcome; none for the shop's own rule.
    pub tips: Option<bool>,
    /// What it is for; empty for one line with the amount.
    pub line_items: Vec<LineItem>,
    /// What makes a second sending the same request.
    pub idempotency_key: Option<String>,
    /// Whether it may wait behind others.
    pub queue: bool,
    /// From when on it is not to be taken, milliseconds since 1970 UTC. No part of what makes two
    /// requests the same: a second sending asks for its own time.
    #[serde(default, skip_serializing)]
    pub expires_ms: Option<i64>,
}

/// What was read of a request: who is to be answered, and what they asked for, if it could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The app.
    pub client_id: Option<String>,
    /// In which words.
    pub dialect: Dialect,
    /// Where to tell the result.
    pub callback: Option<String>,
    /// The caller's own word.
    pub state: Option<String>,
    /// What they ask for.
    pub what: Result<Box<PaymentRequest>, Wrong>,
}

/// An amount that was written as a text of digits.
pub(super) fn digits(text: &str) -> Result<i64, Wrong> {
    let text = text.trim();
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Wrong::new(
            Fault::AmountFormat,
            "the amount is no whole number: send 1099 for 10.99",
        ));
    }
    text.parse().map_err(|_| Fault::AmountTooLarge.into()).and_then(in_range)
}

/// An amount that a register can count.
pub(super) fn in_range(amount: i64) -> Result<i64, Wrong> {
    if amount < 0 {
        return Err(Wrong::new(Fault::AmountFormat, "the amount is below nothing"));
    }
    if amount > Money::MAX_MINOR {
        return Err(Fault::AmountTooLarge.into());
    }
    Ok(amount)
}

/// A text without characters that no screen, printer or file should get.
pub(super) fn clean(name: &str, text: String, most: usize) -> Result<String, Wrong> {
    if text.chars().count() > most {
        return Err(Wrong::data(format!("{name} has more than {most} characters")));
    }
    if text.contains('\0') {
        return Err(Wrong::data(format!("{name} has a character of no text in it")));
    }
    Ok(text)
}

/// The id of an app.
pub(super) fn client_id(text: &str) -> Result<String, Wrong> {
    let text = text.trim();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if text.is_empty() || text.len() > super::apps::MAX_CLIENT_ID || !text.bytes().all(plain) {
        return Err(Wrong::data("client_id is missing, or is no app's id"));
    }
    Ok(text.to_owned())
}

/// A currency's code.
pub(super) fn currency(text: Option<&str>) -> Result<String, Wrong> {
    let code = text.map(str::trim).filter(|code| !code.is_empty());
    let code = code.ok_or(Wrong::from(Fault::CurrencyMissing))?;
    match countertop_domain::money::Currency::parse(code) {
        Ok(currency) => Ok(currency.code().to_owned()),
        Err(_) => Err(Fault::UnsupportedCurrency.into()),
    }
}

impl PaymentRequest {
    /// What stands for a request that could not be read: who asked, and nothing else.
    pub(super) fn unread(asked: &Asked, currency: &str) -> Self {
        Self {
            client_id: asked.client_id.clone().unwrap_or_default(),
            dialect: asked.dialect,
            amount: 0,
            currency: currency.to_owned(),
            callback: asked.callback.clone(),
            state: asked.state.clone(),
            notes: String::new(),
            location_id: None,
            customer_id: None,
            tenders: None,
            clear_default_fees: false,
            auto_return_ms: None,
            skip_receipt: false,
            disable_cnp: false,
            tips: None,
            line_items: Vec::new(),
            idempotency_key: None,
            queue: false,
            expires_ms: None,
        }
    }
}
