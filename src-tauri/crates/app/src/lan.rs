//! Whether the register is open to the network: the owner's setting, and what the door says of itself.
//! The door is the shell's; it hears of a new setting as every screen does, by the tag `lan`.

use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use crate::app::{App, Caller};
use crate::error::AppError;
use crate::wire::{LanView, Nothing, SetLan};

/// The name of the setting.
const SETTING: &str = "lan";
/// The port, until the owner names another.
const PORT: u16 = 7671;
/// Ports below need rights that a register should not have.
const LEAST_PORT: u16 = 1024;
/// What is told when the setting, or the door, changed.
pub(crate) const TAG: &str = "lan";

/// What the owner set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LanSetting {
    /// Whether the register is to be open to the network.
    pub open: bool,
    /// Its port there.
    pub port: u16,
}

impl Default for LanSetting {
    fn default() -> Self {
        Self { open: false, port: PORT }
    }
}

/// How the door is, as it says itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum LanDoorState {
    /// It is shut.
    #[default]
    Shut,
    /// It answers.
    Answers {
        /// Where: addresses of this machine, the likeliest first.
        addresses: Vec<SocketAddr>,
        /// SHA-256 of its certificate.
        fingerprint: [u8; 32],
        /// True if the command line opened it.
        for_this_run: bool,
    },
    /// It should answer and cannot: why, in words that say what to do.
    Trouble(String),
}

/// Where the door says how it is.
#[derive(Debug, Default)]
pub(crate) struct LanDesk(Mutex<LanDoorState>);

impl LanDesk {
    fn state(&self) -> MutexGuard<'_, LanDoorState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) fn get(app: &App, _: &Caller, _: Nothing) -> Result<LanView, AppError> {
    view(app)
}

pub(crate) fn set(app: &App, caller: &Caller, request: SetLan) -> Result<LanView, AppError> {
    let port = match request.port {
        Some(port) if port < LEAST_PORT => {
            return Err(AppError::BadText {
                reason: format!("{port} is no port for a register: take one from {LEAST_PORT} on"),
            });
        }
        Some(port) => port,
        None => app.lan_setting()?.port,
    };
    let setting = LanSetting { open: request.open, port };
    let text = serde_json::to_string(&setting)
        .map_err(|error| AppError::BadText { reason: error.to_string() })?;
    app.store.write::<_, AppError>(move |tx| Ok(tx.set_setting(SETTING, &text)?))?;
    app.changed(&caller.client, &[TAG]);
    view(app)
}

impl App {
    /// What the owner set; shut if they never did.
    ///
    /// # Errors
    /// The store's.
    pub fn lan_setting(&self) -> Result<LanSetting, AppError> {
        let text = self.store.read::<_, AppError>(|snapshot| Ok(snapshot.setting(SETTING)?))?;
        // A setting that cannot be read opens nothing.
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }

    /// The door says how it is.
    pub fn tell_lan(&self, state: LanDoorState) {
        let mut known = self.lan.state();
        if *known == state {
            return;
        }
        *known = state;
        drop(known);
        self.changed("", &[TAG]);
    }

    /// How the door is.
    pub(crate) fn lan_state(&self) -> LanDoorState {
        self.lan.state().clone()
    }
}

fn view(app: &App) -> Result<LanView, AppError> {
    let LanSetting { open, port } = app.lan_setting()?;
    let shut = LanView {
        open,
        port,
        for_this_run: false,
        addresses: Vec::new(),
        fingerprint: None,
        trouble: None,
    };
    Ok(match app.lan_state() {
        LanDoorState::Shut => shut,
        LanDoorState::Trouble(words) => LanView { trouble: Some(words), ..shut },
        LanDoorState::Answers { addresses, fingerprint, for_this_run } => LanView {
            open: open || for_this_run,
            for_this_run,
            addresses: addresses.iter().map(url).collect(),
            fingerprint: Some(in_groups(&fingerprint)),
            ..shut
        },
    })
}

/// The page's address there.
pub(crate) fn url(address: &SocketAddr) -> String {
    format!("https://{address}")
}

/// A fingerprint as people compare it, and as browsers show it but for the spaces.
pub(crate) fn in_groups(fingerprint: &[u8; 32]) -> String {
    let groups: Vec<String> = fingerprint.chunks(2).map(hex::encode_upper).collect();
    groups.join(" ")
}

#[cfg(test)]
mod tests {
    use super::in_groups;

    #[test]
    fn a_fingerprint_is_read_in_sixteen_groups_of_four() {
        let text = in_groups(&[0xAB; 32]);
        assert_eq!(text.split(' ').count(), 16);
        assert!(text.starts_with("ABAB ABAB"), "{text}");
    }
}
