//! What became of a request, and how its app is told: in its own words, with a signature.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use countertop_domain::ids::SaleId;
use countertop_domain::sale::Sale;
use countertop_domain::tender::Tender;
use countertop_store::PaymentRequestRow;
use serde::{Deserialize, Serialize};

use super::fault::{Fault, Flavour};
use super::percent;
use super::request::{Dialect, PaymentRequest};
use crate::error::AppError;

/// What became of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Outcome {
    /// Why it came to nothing; none if it was paid.
    pub(crate) fault: Option<Fault>,
    /// More about that, in words; empty for none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) words: String,
    /// The caller's transaction id; only if it was paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) transaction: Option<String>,
    /// The sale that it became.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sale: Option<SaleId>,
    /// The receipt's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) receipt: Option<String>,
    /// What was paid in all, without the tip, minor units.
    #[serde(default)]
    pub(crate) total: i64,
    /// The tip, minor units.
    #[serde(default)]
    pub(crate) tip: i64,
    /// How it was paid.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) tenders: Vec<ReplyTender>,
    /// Over the canonical form of the reply.
    #[serde(default)]
    pub(crate) signature: String,
}

/// One payment, as the reply names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyTender {
    /// The kind: `cash`, `card`, `card_external` and so on.
    pub kind: String,
    /// What it counts for, minor units.
    pub amount: i64,
    /// The brand of the card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand: Option<String>,
    /// The last four digits of the card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last4: Option<String>,
    /// The authorisation code of the card's bank.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_code: Option<String>,
}

impl ReplyTender {
    fn of(tender: &Tender) -> Self {
        let told = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        let card = tender.card.as_deref();
        Self {
            kind: tender.kind.name().to_owned(),
            amount: tender.amount.minor(),
            brand: card.and_then(|card| told(&card.brand)),
            last4: card.and_then(|card| told(&card.last_four)),
            auth_code: card.and_then(|card| told(&card.authorisation)),
        }
    }
}

/// An amount in a reply, spelled as in the request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyMoney {
    /// Minor units.
    pub amount: i64,
    /// ISO 4217.
    pub currency_code: String,
}

/// A reply, as `data` carries it. What is not there is left out, never null.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// `ok` or `error`.
    pub status: String,
    /// The register's id of the payment: only if it was paid, then always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction_id: Option<String>,
    /// The same for clients that read this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_transaction_id: Option<String>,
    /// Why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_code: Option<String>,
    /// Why not, in words for a developer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_description: Option<String>,
    /// The caller's own word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The request: what a look-up asks for.
    pub request_id: String,
    /// The sale that it became.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sale_id: Option<String>,
    /// The number of its receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt_number: Option<String>,
    /// What was paid, without the tip.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_money: Option<ReplyMoney>,
    /// The tip, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tip_money: Option<ReplyMoney>,
    /// How it was paid, in parts where it was.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tenders: Vec<ReplyTender>,
    /// True for a test.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sandbox: bool,
    /// Ed25519 over the canonical form, base64url; the key is at `/v1/keys`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub signature: String,
}

impl Outcome {
    /// It came to nothing.
    pub(super) fn failed(fault: Fault, words: &str) -> Self {
        Self {
            fault: Some(fault),
            words: words.to_owned(),
            transaction: None,
            sale: None,
            receipt: None,
            total: 0,
            tip: 0,
            tenders: Vec::new(),
            signature: String::new(),
        }
    }

    /// It was paid.
    pub(super) fn paid(sale: &Sale) -> Self {
        Self {
            fault: None,
            transaction: Some(sale.id.to_string()),
            sale: Some(sale.id),
            receipt: Some(sale.receipt.to_string()),
            total: sale.total.minor(),
            tip: sale.tip.map_or(0, |tip| tip.minor()),
            tenders: sale.tenders.iter().map(ReplyTender::of).collect(),
            ..Self::failed(Fault::Unexpected, "")
        }
    }

    /// Reads what a row has.
    pub(super) fn of_row(row: &PaymentRequestRow) -> Result<Option<Self>, AppError> {
        row.result.as_deref().map(stored).transpose()
    }

    /// The reply to a request.
    pub(super) fn reply(&self, row: &PaymentRequestRow, asked: &PaymentRequest) -> Reply {
        let paid = self.fault.is_none();
        let money = |amount| ReplyMoney { amount, currency_code: asked.currency.clone() };
        let minor = match asked.dialect {
            Dialect::Ios(minor) => minor,
            _ => 3,
        };
        let words = |fault: Fault| match self.words.is_empty() {
            true => fault.words().to_owned(),
            false => self.words.clone(),
        };
        Reply {
            status: if paid { "ok" } else { "error" }.to_owned(),
            transaction_id: self.transaction.clone(),
            client_transaction_id: self.transaction.as_ref().map(|_| row.id.to_string()),
            error_code: self.fault.map(|fault| fault.ios_of(minor).to_owned()),
            error_description: self.fault.map(words),
            state: row.caller_state.clone(),
            request_id: row.id.to_string(),
            sale_id: self.sale.map(|id| id.to_string()),
            receipt_number: self.receipt.clone(),
            total_money: paid.then(|| money(self.total)),
            tip_money: (paid && self.tip != 0).then(|| money(self.tip)),
            tenders: self.tenders.clone(),
            sandbox: row.sandbox,
            signature: self.signature.clone(),
        }
    }
}

/// Reads what was stored as JSON.
pub(super) fn stored<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, AppError> {
    serde_json::from_str(text).map_err(|error| {
        countertop_store::StoreError::Damaged { what: "payment request", reason: error.to_string() }
            .into()
    })
}

/// Writes what is to be stored as JSON.
pub(super) fn to_store<T: Serialize>(value: &T) -> Result<String, AppError> {
    serde_json::to_string(value).map_err(|error| {
        countertop_store::StoreError::Damaged { what: "payment request", reason: error.to_string() }
            .into()
    })
}

impl Reply {
    /// What is signed: a line a field, `name=value`, in this order, each value percent-encoded, a
    /// field that is not there left out, a line feed after each. Whoever checks a reply writes the
    /// same lines from it, with the client id that they sent.
    pub fn canonical(&self, client_id: &str) -> String {
        let mut text = String::from("countertop-payment-reply-1\n");
        let mut line = |name: &str, value: Option<&str>| {
            if let Some(value) = value {
                // Writing to a string cannot fail.
                let _ = writeln!(text, "{name}={}", percent::encode(value));
            }
        };
        line("client_id", Some(client_id));
        line("request_id", Some(&self.request_id));
        line("state", self.state.as_deref());
        line("status", Some(&self.status));
        line("error_code", self.error_code.as_deref());
        line("transaction_id", self.transaction_id.as_deref());
        line("receipt_number", self.receipt_number.as_deref());
        let money = |money: &ReplyMoney| format!("{} {}", money.amount, money.currency_code);
        line("total_money", self.total_money.as_ref().map(money).as_deref());
        line("tip_money", self.tip_money.as_ref().map(money).as_deref());
        for tender in &self.tenders {
            line("tender", Some(&format!("{} {}", tender.kind, tender.amount)));
        }
        line("sandbox", self.sandbox.then_some("true"));
        text
    }

    /// The callback with this reply in it, in the words of the dialect: the callback as it was sent.
    pub(super) fn url(&self, callback: &str, asked: &Asker, fault: Option<Fault>) -> String {
        let Some(flavour) = asked.dialect.flavour() else {
            let json = serde_json::to_string(self).unwrap_or_default();
            return with_query(callback, &format!("data={}", percent::encode(&json)));
        };
        let query: Vec<String> = self
            .members(flavour, fault)
            .iter()
            .map(|(name, value)| format!("{name}={}", percent::encode(value)))
            .collect();
        with_query(callback, &query.join("&"))
    }

    /// The reply as it is posted: JSON, with the names of the dialect.
    pub(super) fn body(&self, asked: &Asker, fault: Option<Fault>) -> String {
        let json = match asked.dialect.flavour() {
            None => serde_json::to_string(self),
            Some(flavour) => {
                let members = self.members(flavour, fault);
                serde_json::to_string(&members.into_iter().collect::<BTreeMap<_, _>>())
            }
        };
        json.unwrap_or_default()
    }

    /// The reply in Android's words.
    fn members(&self, flavour: Flavour, fault: Option<Fault>) -> Vec<(&'static str, String)> {
        let mut members: Vec<(&'static str, String)> = Vec::new();
        if let Some(fault) = fault {
            members.push(("com.squareup.pos.ERROR_CODE", fault.android(flavour)));
            let words = self.error_description.clone().unwrap_or_default();
            members.push(("com.squareup.pos.ERROR_DESCRIPTION", words));
        } else {
            let id = self.client_transaction_id.clone().unwrap_or_default();
            members.push(("com.squareup.pos.CLIENT_TRANSACTION_ID", id));
            let id = self.transaction_id.clone().unwrap_or_default();
            members.push(("com.squareup.pos.SERVER_TRANSACTION_ID", id));
        }
        // Square leaves it out where no result came.
        if let Some(state) = self.state.clone().filter(|_| fault != Some(Fault::NoResult)) {
            members.push(("com.squareup.pos.REQUEST_METADATA", state));
        }
        let json = serde_json::to_string(self).unwrap_or_default();
        members.push(("app.countertop.REPLY", json));
        members
    }
}

/// In which words a reply is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asker {
    pub(super) dialect: Dialect,
}

/// Puts members at the end of an address's query, before its fragment.
fn with_query(address: &str, members: &str) -> String {
    let (start, fragment) = match address.split_once('#') {
        Some((start, fragment)) => (start, Some(fragment)),
        None => (address, None),
    };
    let joint = match start.split_once('?') {
        None => "?",
        Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
        Some(_) => "&",
    };
    let fragment = fragment.map(|fragment| format!("#{fragment}")).unwrap_or_default();
    format!("{start}{joint}{members}{fragment}")
}
