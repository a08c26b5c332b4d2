//! Secrets of web shops: a file of its own beside the database, for its owner alone. It is in no backup
//! and in no journal; after a restore the secrets are entered again.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use countertop_domain::ids::ChannelId;
use countertop_sync::channel::Secret;

use crate::error::AppError;

/// The name of the file.
const FILE: &str = "secrets";

type Secrets = BTreeMap<String, BTreeMap<String, String>>;

/// Where the secrets of web shops are.
pub(crate) struct Keychain {
    path: PathBuf,
    turn: Mutex<()>,
}

impl std::fmt::Debug for Keychain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keychain").finish_non_exhaustive()
    }
}

impl Keychain {
    /// The secrets of the register in a folder.
    pub(crate) fn of(folder: &Path) -> Self {
        Self { path: folder.join(FILE), turn: Mutex::default() }
    }

    /// What is known of a shop; nothing if no secret was ever entered here.
    pub(crate) fn secrets(&self, id: ChannelId) -> Result<BTreeMap<String, Secret>, AppError> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all = self.read()?;
        let own = all.remove(&id.to_string()).unwrap_or_default();
        Ok(own.into_iter().map(|(name, secret)| (name, Secret::new(secret))).collect())
    }

    /// Keeps secrets of a shop; those that are not named stay.
    pub(crate) fn keep(
        &self,
        id: ChannelId,
        secrets: &BTreeMap<String, String>,
    ) -> Result<(), AppError> {
        if secrets.is_empty() {
            return Ok(());
        }
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all = self.read()?;
        let own = all.entry(id.to_string()).or_default();
        own.extend(secrets.iter().map(|(name, secret)| (name.clone(), secret.clone())));
        self.write(&all)
    }

    /// Forgets what is known of a shop.
    pub(crate) fn forget(&self, id: ChannelId) -> Result<(), AppError> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all = self.read()?;
        if all.remove(&id.to_string()).is_none() {
            return Ok(());
        }
        self.write(&all)
    }

    fn read(&self) -> Result<Secrets, AppError> {
        match fs::read(&self.path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|_| {
                self.refusal(
                "the secrets of web shops cannot be read: remove this file and enter them again",
            )
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Secrets::new()),
            Err(error) => Err(self.refusal(&error.to_string())),
        }
    }

    /// All of it under another name first: a power cut leaves the old file or the new one.
    fn write(&self, all: &Secrets) -> Result<(), AppError> {
        let fresh = self.path.with_extension("new");
        let written = (|| {
            let _ = fs::remove_file(&fresh);
            let mut file = private(&fresh)?;
            serde_json::to_writer(&mut file, all)?;
            file.flush()?;
            file.sync_all()?;
            fs::rename(&fresh, &self.path)
        })();
        written.map_err(|error: io::Error| self.refusal(&error.to_string()))
    }

    fn refusal(&self, reason: &str) -> AppError {
        AppError::Io { path: self.path.display().to_string(), reason: reason.to_owned() }
    }
}

/// A new file that only its owner can read. On Windows the user's own folder is closed to others.
fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use std::collections::BTreeMap;

    use countertop_domain::ids::ChannelId;
    use uuid::Uuid;

    use super::{FILE, Keychain};

    fn given(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, secret)| ((*name).to_owned(), (*secret).to_owned())).collect()
    }

    #[test]
    fn secrets_are_for_their_owner_alone_and_go_with_their_shop() {
        let folder = tempfile::tempdir().unwrap();
        let chain = Keychain::of(folder.path());
        let (one, other) = (ChannelId::new(Uuid::from_u128(1)), ChannelId::new(Uuid::from_u128(2)));
        assert!(chain.secrets(one).unwrap().is_empty());
        chain.keep(one, &given(&[("key", "ck_1"), ("secret", "cs_1")])).unwrap();
        chain.keep(other, &given(&[("key", "ck_2")])).unwrap();
        chain.keep(one, &given(&[("secret", "cs_new")])).unwrap();
        let known = Keychain::of(folder.path()).secrets(one).unwrap();
        assert_eq!((known["key"].reveal(), known["secret"].reveal()), ("ck_1", "cs_new"));
        assert!(!format!("{known:?}{chain:?}").contains("ck_1"), "a secret shows in a log");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let about = std::fs::metadata(folder.path().join(FILE)).unwrap();
            assert_eq!(about.permissions().mode() & 0o777, 0o600);
        }
        chain.forget(one).unwrap();
        assert!(chain.secrets(one).unwrap().is_empty());
        assert_eq!(chain.secrets(other).unwrap().len(), 1);
    }

    #[test]
    fn a_file_of_secrets_that_cannot_be_read_is_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), "{\"a").unwrap();
        let chain = Keychain::of(folder.path());
        let id = ChannelId::new(Uuid::from_u128(1));
        assert!(chain.secrets(id).is_err());
        assert!(chain.keep(id, &given(&[("key", "x")])).is_err());
        assert_eq!(std::fs::read(folder.path().join(FILE)).unwrap(), b"{\"a");
    }
}
