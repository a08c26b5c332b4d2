//! The door to the network, and the pairing of tablets and phones.

use countertop_domain::ids::PairingId;
use countertop_domain::staff::Role;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How the register is open to the network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LanView {
    /// Whether it should be.
    pub open: bool,
    /// Its port there.
    pub port: u16,
    /// True if it was opened on the command line, for as long as the program runs.
    pub for_this_run: bool,
    /// Where it answers: `https://192.168.1.20:7671`. Empty while it does not.
    pub addresses: Vec<String>,
    /// SHA-256 of its certificate in groups of four: `AB12 CD34 …`.
    pub fingerprint: Option<String>,
    /// Why it does not answer although it should, in words.
    pub trouble: Option<String>,
}

/// Opens the register to the network, or closes it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetLan {
    /// Whether it is to be open.
    pub open: bool,
    /// Its port there; as it was if not given.
    #[serde(default)]
    #[ts(optional)]
    pub port: Option<u16>,
}

/// Shows a code that lets one device ask to be let in.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct BeginPairing {
    /// One of [`LanView::addresses`], where there are several; the first if not given.
    #[serde(default)]
    #[ts(optional)]
    pub address: Option<String>,
}

/// How far a pairing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PairingStage {
    /// None was begun.
    None,
    /// The code waits to be scanned.
    Shown,
    /// A device wants in.
    Asking,
    /// It was let in and has not fetched its token yet.
    Accepted,
    /// It has its token.
    Paired,
    /// It was refused.
    Refused,
    /// The time was over before the end.
    Expired,
}

/// A device that wants in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AskingDevice {
    /// What it calls itself.
    pub name: String,
    /// Where it is.
    pub address: String,
    /// Four digits that its own screen shows too.
    pub check: String,
}

/// A pairing, for the screen that began it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PairingView {
    /// Which; none if none was begun.
    #[ts(type = "string | null")]
    pub pairing_id: Option<PairingId>,
    /// How far it is.
    pub stage: PairingStage,
    /// What the code says: the page's address with the code and the certificate's fingerprint.
    pub url: String,
    /// The QR code of it: a row a string, `1` is dark.
    pub modules: Vec<String>,
    /// SHA-256 of the certificate in groups of four.
    pub fingerprint: String,
    /// When the code, or the wait of the device, is over; milliseconds since 1970 UTC.
    pub until_ms: i64,
    /// Who wants in, or came in.
    pub device: Option<AskingDevice>,
}

/// What a paired device is let in for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DeviceGrant {
    /// Sell on the till's own screens.
    Till,
    /// Ask for payments.
    Payments,
    /// Read, and hear of changes.
    ReadOnly,
}

/// Lets a device in.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AcceptPairing {
    /// Which pairing.
    #[ts(type = "string")]
    pub pairing_id: PairingId,
    /// For what.
    pub grant: DeviceGrant,
    /// The most that it is trusted with.
    #[ts(type = "\"owner\" | \"manager\" | \"cashier\"")]
    pub role: Role,
}

/// One pairing.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PairingRequest {
    /// Which.
    #[ts(type = "string")]
    pub pairing_id: PairingId,
}

/// A device's wish to be let in. No token is needed: the code is what it has.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ClaimPairing {
    /// The code that was scanned.
    pub code: String,
    /// What the device calls itself.
    pub name: String,
}

/// The wish was heard; a person at the till decides.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PairingClaim {
    /// What the device asks for the answer with; a secret.
    pub ticket: String,
    /// Four digits that the till shows too.
    pub check: String,
    /// The shop's name.
    pub shop: String,
    /// When the wait is over; milliseconds since 1970 UTC.
    pub until_ms: i64,
}

/// Asks what was decided.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AwaitPairing {
    /// The ticket of the claim.
    pub ticket: String,
}

/// What was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum PairingOutcome {
    /// Nothing yet: ask again.
    Waiting,
    /// The device is in. This is told once.
    Accepted(PairedDevice),
    /// A person said no.
    Refused,
}

/// What a paired device keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PairedDevice {
    /// Its token: shown once, kept nowhere else.
    pub token: String,
    /// The client that its commands come from: its basket belongs to it.
    pub client: String,
    /// What people call it.
    pub name: String,
    /// What it was let in for.
    pub grant: DeviceGrant,
}
