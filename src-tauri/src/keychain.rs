//! The keychain of whoever runs the program: the Secret Service of a Linux desktop, the Keychain of macOS,
//! the Credential Manager of Windows. A build without the window has none: a server in a back room has
//! nobody who could unlock one.

use countertop_app::SecretVault;

/// With `file` no keychain is used: for tests, and for who wants the file.
const VARIABLE: &str = "COUNTERTOP_SECRETS";

/// The keychain, if this build can use one. Whether there is one shows when it is asked.
pub(crate) fn of_user() -> Option<Box<dyn SecretVault>> {
    if std::env::var_os(VARIABLE).is_some_and(|wanted| wanted == "file") {
        return None;
    }
    open()
}

#[cfg(not(feature = "keychain"))]
fn open() -> Option<Box<dyn SecretVault>> {
    None
}

#[cfg(feature = "keychain")]
fn open() -> Option<Box<dyn SecretVault>> {
    Some(Box::new(system::Keychain))
}

#[cfg(feature = "keychain")]
mod system {
    use countertop_app::SecretVault;
    use keyring::{Entry, Error};

    /// What the entries are kept under.
    const SERVICE: &str = "countertop";

    #[derive(Debug)]
    pub(super) struct Keychain;

    fn entry(name: &str) -> Result<Entry, String> {
        if let Err(error) = Entry::store_status() {
            return Err(error.to_string());
        }
        Entry::new(SERVICE, name).map_err(|error| error.to_string())
    }

    impl SecretVault for Keychain {
        fn keep(&self, name: &str, secret: &str) -> Result<(), String> {
            entry(name)?.set_password(secret).map_err(|error| error.to_string())
        }

        fn read(&self, name: &str) -> Result<Option<String>, String> {
            match entry(name)?.get_password() {
                Ok(secret) => Ok(Some(secret)),
                Err(Error::NoEntry) => Ok(None),
                Err(error) => Err(error.to_string()),
            }
        }

        fn forget(&self, name: &str) -> Result<(), String> {
            match entry(name)?.delete_credential() {
                Ok(()) | Err(Error::NoEntry) => Ok(()),
                Err(error) => Err(error.to_string()),
            }
        }
    }
}
