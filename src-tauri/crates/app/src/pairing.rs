//! Letting a tablet or phone in: the till shows a code, the device scans it and asks, a person at the
//! till says yes, and the device gets its token.
//!
//! The code is 128 random bits, good for two minutes and for one device. The QR code carries it beside
//! the fingerprint of the register's certificate, so that a program of ours trusts exactly that
//! certificate. A browser cannot: it warns of a certificate that nobody vouches for, and a page never
//! learns which one was used. There the fingerprint is for a person to compare with what the browser's
//! own certificate view shows, and the four digits on both screens tell that the device that asks is
//! the one in their hand. All of it is in memory: a register that stops forgets who was asking.

mod tries;

use std::net::{IpAddr, SocketAddr};
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countertop_domain::ids::PairingId;
use countertop_domain::scope::Scope;
use countertop_domain::staff::Role;
use countertop_receipt::codes::Qr;
use countertop_store::TokenKind;
use rand_core::{OsRng, RngCore};

use crate::app::{App, Caller};
use crate::error::AppError;
use crate::lan::{LanDoorState, in_groups, url};
use crate::payment_code::modules;
use crate::tokens;
use crate::wire::{
    AcceptPairing, AskingDevice, AwaitPairing, BeginPairing, ClaimPairing, DeviceGrant, Nothing,
    PairedDevice, PairingClaim, PairingOutcome, PairingRequest, PairingStage, PairingView,
};

use tries::Tries;

/// How long a code is good, how long a device waits for its answer, and how long the answer waits for it.
const PATIENCE_MS: i64 = 2 * 60 * 1000;
/// What is told when a pairing goes a step.
const TAG: &str = "pairing";

/// The pairing that is under way: there is one at a time, so that nobody lets in the wrong device.
#[derive(Debug, Default)]
pub(crate) struct PairingDesk(Mutex<Desk>);

#[derive(Debug, Default)]
struct Desk {
    pairing: Option<Pairing>,
    tries: Tries,
}

#[derive(Debug)]
struct Pairing {
    id: PairingId,
    url: String,
    modules: Vec<String>,
    fingerprint: String,
    until_ms: i64,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    /// The hash of the code that is shown.
    Shown([u8; 32]),
    Asking(Device),
    Accepted(Device, DeviceGrant, Role),
    Paired(AskingDevice),
    Refused(Device),
}

/// A device that scanned the code.
#[derive(Clone, Debug)]
struct Device {
    shown: AskingDevice,
    /// The hash of what it asks for the answer with.
    ticket: [u8; 32],
}

impl PairingDesk {
    fn lock(&self) -> MutexGuard<'_, Desk> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pairing {
    fn is_over(&self, now_ms: i64) -> bool {
        now_ms >= self.until_ms
    }

    /// The device that may still get an answer.
    fn waiting(&self) -> Option<&Device> {
        match &self.stage {
            Stage::Asking(device) | Stage::Accepted(device, ..) | Stage::Refused(device) => {
                Some(device)
            }
            Stage::Shown(_) | Stage::Paired(_) => None,
        }
    }
}

pub(crate) fn begin(
    app: &App,
    caller: &Caller,
    request: BeginPairing,
) -> Result<PairingView, AppError> {
    let LanDoorState::Answers { addresses, fingerprint, .. } = app.lan_state() else {
        return Err(AppError::LanShut);
    };
    let address = match request.address {
        None => addresses.first().ok_or(AppError::LanShut)?,
        Some(wanted) => {
            addresses.iter().find(|address| url(address) == wanted).ok_or_else(|| {
                AppError::BadText {
                    reason: format!("the register does not answer at {wanted} (now)"),
                }
            })?
        }
    };
    let code = secret::<16>();
    let url = link(address, &code, &fingerprint);
    let qr = Qr::new(&url).ok_or_else(|| AppError::BadText {
        reason: "the address is too long for a code".to_owned(),
    })?;
    let now = app.now().utc_ms;
    let pairing = Pairing {
        id: PairingId::new(app.ids.next()),
        modules: modules(&qr),
        url,
        fingerprint: in_groups(&fingerprint),
        until_ms: now + PATIENCE_MS,
        stage: Stage::Shown(tokens::hash(&code)),
    };
    let view = view(Some(&pairing), now);
    app.pairing.lock().pairing = Some(pairing);
    app.changed(&caller.client, &[TAG]);
    Ok(view)
}

pub(crate) fn state(app: &App, _: &Caller, _: Nothing) -> Result<PairingView, AppError> {
    Ok(view(app.pairing.lock().pairing.as_ref(), app.now().utc_ms))
}

pub(crate) fn accept(
    app: &App,
    caller: &Caller,
    request: AcceptPairing,
) -> Result<PairingView, AppError> {
    decide(app, caller, request.pairing_id, |device| {
        Stage::Accepted(device, request.grant, request.role)
    })
}

/// Says no to the device that asks, or takes a code back that nobody has scanned yet.
pub(crate) fn refuse(
    app: &App,
    caller: &Caller,
    request: PairingRequest,
) -> Result<PairingView, AppError> {
    let mut desk = app.pairing.lock();
    let shown = desk.pairing.as_ref().is_some_and(|pairing| {
        pairing.id == request.pairing_id && matches!(pairing.stage, Stage::Shown(_))
    });
    if shown {
        desk.pairing = None;
        drop(desk);
        app.changed(&caller.client, &[TAG]);
        return state(app, caller, Nothing {});
    }
    drop(desk);
    decide(app, caller, request.pairing_id, Stage::Refused)
}

/// Answers the device that asks.
fn decide(
    app: &App,
    caller: &Caller,
    id: PairingId,
    answer: impl FnOnce(Device) -> Stage,
) -> Result<PairingView, AppError> {
    let now = app.now().utc_ms;
    let mut desk = app.pairing.lock();
    let pairing = desk
        .pairing
        .as_mut()
        .filter(|pairing| pairing.id == id && !pairing.is_over(now))
        .ok_or(AppError::NoSuch { code: "no_such_pairing", what: "that device's request" })?;
    let Stage::Asking(device) = &pairing.stage else {
        return Err(AppError::NoSuch { code: "no_such_pairing", what: "that device's request" });
    };
    pairing.stage = answer(device.clone());
    pairing.until_ms = now + PATIENCE_MS;
    let view = view(Some(pairing), now);
    drop(desk);
    app.changed(&caller.client, &[TAG]);
    Ok(view)
}

impl App {
    /// A device that scanned a code asks to be let in.
    ///
    /// # Errors
    /// A code that is no good (any more), too many wrong codes from there, a name that is none.
    pub fn claim_pairing(
        &self,
        from: IpAddr,
        request: &ClaimPairing,
    ) -> Result<PairingClaim, AppError> {
        let name = tokens::name_of(&request.name)?;
        let now = self.now().utc_ms;
        let mut desk = self.pairing.lock();
        desk.tries.may(from, now)?;
        let code = tokens::hash(&request.code);
        let wanted = desk.pairing.as_mut().filter(|pairing| {
            !pairing.is_over(now) && matches!(&pairing.stage, Stage::Shown(shown) if *shown == code)
        });
        let Some(pairing) = wanted else {
            desk.tries.wrong(from, now);
            return Err(AppError::BadPairingCode);
        };
        let ticket = secret::<32>();
        let check = format!("{:04}", OsRng.next_u32() % 10_000);
        let shown = AskingDevice { name, address: from.to_string(), check: check.clone() };
        pairing.stage = Stage::Asking(Device { shown, ticket: tokens::hash(&ticket) });
        pairing.until_ms = now + PATIENCE_MS;
        let until_ms = pairing.until_ms;
        drop(desk);
        self.changed("", &[TAG]);
        Ok(PairingClaim { ticket, check, shop: self.shop().letterhead.shop.clone(), until_ms })
    }

    /// What was decided about a device. A yes makes its token, and is told once.
    ///
    /// # Errors
    /// A ticket that is no good (any more), too many of them from there, the store's.
    pub fn pairing_outcome(
        &self,
        from: IpAddr,
        request: &AwaitPairing,
    ) -> Result<PairingOutcome, AppError> {
        let now = self.now().utc_ms;
        let mut desk = self.pairing.lock();
        desk.tries.may(from, now)?;
        let ticket = tokens::hash(&request.ticket);
        let wanted = desk.pairing.as_mut().filter(|pairing| {
            !pairing.is_over(now) && pairing.waiting().is_some_and(|d| d.ticket == ticket)
        });
        let Some(pairing) = wanted else {
            desk.tries.wrong(from, now);
            return Err(AppError::BadPairingCode);
        };
        let (device, grant, role) = match &pairing.stage {
            Stage::Accepted(device, grant, role) => (device.clone(), *grant, *role),
            Stage::Refused(_) => return Ok(PairingOutcome::Refused),
            _ => return Ok(PairingOutcome::Waiting),
        };
        // The desk stays locked: two requests with one ticket make one token.
        let scopes = scopes_of(grant).to_vec();
        let made = tokens::make(self, TokenKind::Device, &device.shown.name, scopes, role)?;
        pairing.stage = Stage::Paired(device.shown);
        drop(desk);
        self.changed("", &[TAG, "tokens"]);
        Ok(PairingOutcome::Accepted(PairedDevice {
            client: tokens::client_of(made.token.id),
            name: made.token.name,
            token: made.secret,
            grant,
        }))
    }
}

/// What each kind of device is let in for.
const fn scopes_of(grant: DeviceGrant) -> &'static [Scope] {
    match grant {
        DeviceGrant::Till => &[Scope::Till],
        DeviceGrant::Payments => &[Scope::Payments],
        DeviceGrant::ReadOnly => &[
            Scope::CatalogueRead,
            Scope::InventoryRead,
            Scope::CustomersRead,
            Scope::OrdersRead,
            Scope::SalesRead,
            Scope::Reports,
            Scope::Events,
        ],
    }
}

fn view(pairing: Option<&Pairing>, now_ms: i64) -> PairingView {
    let Some(pairing) = pairing else {
        return PairingView {
            pairing_id: None,
            stage: PairingStage::None,
            url: String::new(),
            modules: Vec::new(),
            fingerprint: String::new(),
            until_ms: 0,
            device: None,
        };
    };
    let over = pairing.is_over(now_ms);
    let (stage, device) = match &pairing.stage {
        Stage::Paired(device) => (PairingStage::Paired, Some(device.clone())),
        Stage::Refused(device) => (PairingStage::Refused, Some(device.shown.clone())),
        Stage::Shown(_) if over => (PairingStage::Expired, None),
        Stage::Shown(_) => (PairingStage::Shown, None),
        Stage::Asking(device) | Stage::Accepted(device, ..) if over => {
            (PairingStage::Expired, Some(device.shown.clone()))
        }
        Stage::Asking(device) => (PairingStage::Asking, Some(device.shown.clone())),
        Stage::Accepted(device, ..) => (PairingStage::Accepted, Some(device.shown.clone())),
    };
    let shown = stage == PairingStage::Shown;
    PairingView {
        pairing_id: Some(pairing.id),
        stage,
        // A code that is used or over is shown to nobody.
        url: if shown { pairing.url.clone() } else { String::new() },
        modules: if shown { pairing.modules.clone() } else { Vec::new() },
        fingerprint: pairing.fingerprint.clone(),
        until_ms: pairing.until_ms,
        device,
    }
}

/// What the QR code says. What follows the # is read by the page and never sent.
fn link(address: &SocketAddr, code: &str, fingerprint: &[u8; 32]) -> String {
    format!("{}/#/pair?code={code}&fp={}", url(address), hex::encode(fingerprint))
}

fn secret<const BYTES: usize>() -> String {
    let mut bytes = [0; BYTES];
    OsRng.fill_bytes(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}
