//! Secrets of web shops: in the keychain of whoever runs the register, where that has one, otherwise in a
//! file of its own beside the database, for its owner alone. The file says of each shop which secrets are
//! known, and where. Neither is in a backup or in the journal: after a restore they are entered again.
//!
//! A keychain may wait for somebody to unlock it. It has a thread of its own, and whoever asks it waits
//! only so long; nothing on the way of a sale asks it.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use countertop_domain::ids::ChannelId;
use countertop_sync::channel::Secret;

use crate::error::AppError;

/// The name of the file.
const FILE: &str = "secrets";
/// How long a keychain may take to answer somebody who waits at the screen.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long it may take at a start, when somebody has to unlock it first.
const UNLOCK: Duration = Duration::from_secs(600);
/// How often whoever waits at a start looks whether the register closes.
const TICK: Duration = Duration::from_millis(100);

/// Where a system keeps secrets for its user, by name. Any of it may wait for a person.
pub trait SecretVault: Send {
    /// Keeps a secret; what had the name goes.
    ///
    /// # Errors
    /// In words: there is no such place here, or it stays locked.
    fn keep(&self, name: &str, secret: &str) -> Result<(), String>;

    /// A secret; none if it has none of that name.
    ///
    /// # Errors
    /// As [`SecretVault::keep`].
    fn read(&self, name: &str) -> Result<Option<String>, String>;

    /// Forgets a secret; one that is not there is forgotten.
    ///
    /// # Errors
    /// As [`SecretVault::keep`].
    fn forget(&self, name: &str) -> Result<(), String>;
}

/// A shop's secrets by name; none for one that is in the vault.
type Known = BTreeMap<String, Option<String>>;
type Secrets = BTreeMap<String, Known>;
type Errand = Box<dyn FnOnce(&dyn SecretVault) + Send>;

/// Where the secrets of web shops are.
pub(crate) struct Keychain {
    path: PathBuf,
    turn: Mutex<()>,
    vault: Mutex<Option<Sender<Errand>>>,
    /// What the vault told, by its names there.
    told: Mutex<HashMap<String, String>>,
}

impl std::fmt::Debug for Keychain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keychain").finish_non_exhaustive()
    }
}

fn own<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a secret is called in the vault.
fn entry(id: &str, name: &str) -> String {
    format!("{id} {name}")
}

impl Keychain {
    /// The secrets of the register in a folder, in its file.
    pub(crate) fn of(folder: &Path) -> Self {
        let (turn, vault, told) = Default::default();
        Self { path: folder.join(FILE), turn, vault, told }
    }

    /// From now on secrets that are entered go there.
    pub(crate) fn use_vault(&self, vault: Box<dyn SecretVault>) -> io::Result<()> {
        let (give, given) = channel::<Errand>();
        std::thread::Builder::new().name("keychain".to_owned()).spawn(move || {
            for errand in given {
                errand(&*vault);
            }
        })?;
        *own(&self.vault) = Some(give);
        Ok(())
    }

    /// Which secrets of a shop are known, and whether all of them are in the vault. Asks no vault.
    pub(crate) fn names(&self, id: ChannelId) -> Result<(Vec<String>, bool), AppError> {
        let known = self.known(id)?;
        let kept = !known.is_empty() && known.values().all(Option::is_none);
        Ok((known.into_keys().collect(), kept))
    }

    /// What is known of a shop; nothing if no secret was ever entered here.
    ///
    /// # Errors
    /// The file's, or the vault does not open.
    pub(crate) fn secrets(&self, id: ChannelId) -> Result<BTreeMap<String, Secret>, AppError> {
        let mut secrets = BTreeMap::new();
        for (name, secret) in self.known(id)? {
            let secret = match secret {
                Some(secret) => secret,
                None => self.in_vault(&entry(&id.to_string(), &name))?,
            };
            secrets.insert(name, Secret::new(secret));
        }
        Ok(secrets)
    }

    /// Keeps secrets of a shop; those that are not named stay. What the vault does not take is kept in
    /// the file.
    pub(crate) fn keep(
        &self,
        id: ChannelId,
        secrets: &BTreeMap<String, String>,
    ) -> Result<(), AppError> {
        if secrets.is_empty() {
            return Ok(());
        }
        let mut fresh = Known::new();
        for (name, secret) in secrets {
            let entry = entry(&id.to_string(), name);
            let (at, kept) = (entry.clone(), secret.clone());
            let taken = self.ask(move |vault| vault.keep(&at, &kept));
            if let Some(Err(reason)) = &taken {
                tracing::warn!(reason, "the keychain took no secret: it is kept in the file");
            }
            let there = matches!(taken, Some(Ok(())));
            if there {
                own(&self.told).insert(entry, secret.clone());
            }
            fresh.insert(name.clone(), (!there).then(|| secret.clone()));
        }
        let _turn = own(&self.turn);
        let mut all = self.read()?;
        all.entry(id.to_string()).or_default().extend(fresh);
        self.write(&all)
    }

    /// Forgets what is known of a shop.
    pub(crate) fn forget(&self, id: ChannelId) -> Result<(), AppError> {
        let id = id.to_string();
        let gone = {
            let _turn = own(&self.turn);
            let mut all = self.read()?;
            let Some(gone) = all.remove(&id) else { return Ok(()) };
            self.write(&all)?;
            gone
        };
        for (name, _) in gone.into_iter().filter(|(_, secret)| secret.is_none()) {
            let entry = entry(&id, &name);
            own(&self.told).remove(&entry);
            if let Some(Err(reason)) = self.ask(move |vault| vault.forget(&entry)) {
                tracing::warn!(
                    reason,
                    "the keychain still has a secret of a shop that was removed"
                );
            }
        }
        Ok(())
    }

    /// Whether a shop's secrets are in a vault that was not asked yet.
    pub(crate) fn is_shut(&self) -> bool {
        own(&self.vault).is_some() && !self.untold().is_empty()
    }

    /// Asks the vault for everything, until that is told or the register closes: the other end of
    /// `closing` is dropped then.
    pub(crate) fn open(&self, closing: &Receiver<()>) {
        let until = Instant::now() + UNLOCK;
        for entry in self.untold() {
            let at = entry.clone();
            let Some(answer) = self.send(move |vault| vault.read(&at)) else { return };
            loop {
                match answer.recv_timeout(TICK) {
                    Ok(Ok(Some(secret))) => {
                        own(&self.told).insert(entry, secret);
                        break;
                    }
                    Ok(_) => break,
                    Err(RecvTimeoutError::Disconnected) => return,
                    Err(RecvTimeoutError::Timeout) => {
                        let closes = closing.try_recv() == Err(TryRecvError::Disconnected);
                        if closes || Instant::now() > until {
                            return;
                        }
                    }
                }
            }
        }
    }

    fn untold(&self) -> Vec<String> {
        let all = {
            let _turn = own(&self.turn);
            // Whoever asks for a secret is told what is wrong with the file.
            self.read().unwrap_or_default()
        };
        let told = own(&self.told);
        let of = |(id, known): (String, Known)| {
            let marked = known.into_iter().filter(|(_, secret)| secret.is_none());
            marked.map(move |(name, _)| entry(&id, &name)).collect::<Vec<_>>()
        };
        all.into_iter().flat_map(of).filter(|entry| !told.contains_key(entry)).collect()
    }

    fn in_vault(&self, entry: &str) -> Result<String, AppError> {
        if let Some(secret) = own(&self.told).get(entry) {
            return Ok(secret.clone());
        }
        let at = entry.to_owned();
        let reason = match self.ask(move |vault| vault.read(&at)) {
            Some(Ok(Some(secret))) => {
                own(&self.told).insert(entry.to_owned(), secret.clone());
                return Ok(secret);
            }
            Some(Ok(None)) => "this user's keychain does not have it any more".to_owned(),
            Some(Err(reason)) => format!("this user's keychain does not open ({reason})"),
            None => "it is in a keychain that this program does not open".to_owned(),
        };
        Err(AppError::Conflict {
            code: "no_secret",
            reason: format!(
                "a secret of this shop cannot be read: {reason}. Unlock it and sync, or enter the secrets \
                 of the shop again"
            ),
        })
    }

    /// Asks the vault, if there is one, and waits only so long.
    fn ask<T: Send + 'static>(
        &self,
        errand: impl FnOnce(&dyn SecretVault) -> Result<T, String> + Send + 'static,
    ) -> Option<Result<T, String>> {
        let answer = self.send(errand)?;
        let late = || Err("nobody unlocked it in time".to_owned());
        Some(answer.recv_timeout(PATIENCE).unwrap_or_else(|_| late()))
    }

    fn send<T: Send + 'static>(
        &self,
        errand: impl FnOnce(&dyn SecretVault) -> T + Send + 'static,
    ) -> Option<Receiver<T>> {
        let (tell, told) = channel();
        let errand: Errand = Box::new(move |vault| {
            // Whoever asked may have gone.
            let _ = tell.send(errand(vault));
        });
        own(&self.vault).as_ref()?.send(errand).ok()?;
        Some(told)
    }

    fn known(&self, id: ChannelId) -> Result<Known, AppError> {
        let _turn = own(&self.turn);
        Ok(self.read()?.remove(&id.to_string()).unwrap_or_default())
    }

    fn read(&self) -> Result<Secrets, AppError> {
        match fs::read(&self.path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|_| {
                let words = "the secrets of web shops cannot be read: remove this file and enter them again";
                self.refusal(words)
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
    use std::sync::mpsc::channel;
    use std::sync::{Arc, Mutex};

    use countertop_domain::ids::ChannelId;
    use uuid::Uuid;

    use super::{FILE, Keychain, SecretVault};

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

    /// A keychain as a person has it: open or locked.
    #[derive(Clone, Default)]
    struct Chain(Arc<Mutex<(bool, BTreeMap<String, String>)>>);

    impl Chain {
        fn with<T>(
            &self,
            act: impl FnOnce(&mut BTreeMap<String, String>) -> T,
        ) -> Result<T, String> {
            let mut inner = self.0.lock().unwrap();
            if inner.0 { Err("locked".to_owned()) } else { Ok(act(&mut inner.1)) }
        }
    }

    impl SecretVault for Chain {
        fn keep(&self, name: &str, secret: &str) -> Result<(), String> {
            self.with(|all| drop(all.insert(name.to_owned(), secret.to_owned())))
        }
        fn read(&self, name: &str) -> Result<Option<String>, String> {
            self.with(|all| all.get(name).cloned())
        }
        fn forget(&self, name: &str) -> Result<(), String> {
            self.with(|all| drop(all.remove(name)))
        }
    }

    #[test]
    fn where_there_is_a_keychain_no_secret_is_in_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let (vault, id) = (Chain::default(), ChannelId::new(Uuid::from_u128(1)));
        let chain = Keychain::of(folder.path());
        chain.use_vault(Box::new(vault.clone())).unwrap();
        chain.keep(id, &given(&[("key", "ck_1")])).unwrap();
        assert!(!std::fs::read_to_string(folder.path().join(FILE)).unwrap().contains("ck_1"));
        assert_eq!(chain.names(id).unwrap(), (vec!["key".to_owned()], true));

        // After a start it is asked once, and remembered when it is locked again.
        let chain = Keychain::of(folder.path());
        chain.use_vault(Box::new(vault.clone())).unwrap();
        assert!(chain.is_shut());
        let (_close, closing) = channel();
        chain.open(&closing);
        assert!(!chain.is_shut());
        vault.0.lock().unwrap().0 = true;
        assert_eq!(chain.secrets(id).unwrap()["key"].reveal(), "ck_1");
        // What it does not take while it is locked is not lost.
        chain.keep(id, &given(&[("webhook", "w_1")])).unwrap();
        assert_eq!(chain.secrets(id).unwrap()["webhook"].reveal(), "w_1");
        assert!(!chain.names(id).unwrap().1);

        vault.0.lock().unwrap().0 = false;
        chain.forget(id).unwrap();
        assert!(vault.0.lock().unwrap().1.is_empty(), "a secret outlives its shop");
    }

    #[test]
    fn a_secret_in_a_keychain_that_does_not_open_is_asked_for_in_words() {
        let folder = tempfile::tempdir().unwrap();
        let id = ChannelId::new(Uuid::from_u128(1));
        let chain = Keychain::of(folder.path());
        chain.use_vault(Box::new(Chain::default())).unwrap();
        chain.keep(id, &given(&[("key", "ck_1")])).unwrap();
        // As a program without a keychain starts on the same folder.
        let chain = Keychain::of(folder.path());
        assert!(!chain.is_shut());
        let words = chain.secrets(id).unwrap_err().to_string();
        assert!(words.contains("enter the secrets"), "{words}");
        assert_eq!(chain.names(id).unwrap().0, ["key"]);
        chain.keep(id, &given(&[("key", "ck_2")])).unwrap();
        assert_eq!(chain.secrets(id).unwrap()["key"].reveal(), "ck_2");
    }
}
