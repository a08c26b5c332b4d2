//! The register behind the window: opened beside the starting web view, closed after the last
//! command.

use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use countertop::{Config, Register};
use countertop_app::wire::Refusal;
use countertop_app::{App, AppError};
use countertop_store::StoreError;

use super::{CANNOT_OPEN, HELD};

/// Why the register could not be opened.
#[derive(Clone, Debug)]
pub(crate) struct Trouble {
    /// What the page is told too.
    pub(crate) refusal: Refusal,
    /// What the program ends with.
    pub(crate) exit: u8,
}

/// The register, once it is open. Clones share it.
#[derive(Clone)]
pub(crate) struct Till {
    // The inner option is empty once the register is closed.
    opened: Arc<OnceLock<Result<RwLock<Option<Register>>, Trouble>>>,
}

impl Till {
    /// Begins to open the register and comes back at once.
    pub(crate) fn open(config: Config) -> Self {
        let till = Self { opened: Arc::default() };
        let opening = till.clone();
        let opened = move || {
            opening.opened.get_or_init(|| match Register::open(&config) {
                Ok(register) => {
                    tracing::debug!("the register is open");
                    Ok(RwLock::new(Some(register)))
                }
                Err(error) => Err(Trouble::of(error)),
            });
        };
        let name = "register-open".to_owned();
        if std::thread::Builder::new().name(name).spawn(opened.clone()).is_err() {
            // A computer that has no thread left can still open it here.
            opened();
        }
        till
    }

    /// Waits until the register is open or known not to be.
    pub(crate) fn wait(&self) -> Result<(), &Trouble> {
        self.opened.wait().as_ref().map(|_| ())
    }

    /// Does some work on the register, which is not closed while the work goes on. Waits for the
    /// register to open: never call this on the window's own thread.
    pub(crate) fn with<T>(
        &self,
        work: impl FnOnce(&Arc<App>) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let register = match self.opened.wait() {
            Ok(register) => register.read().unwrap_or_else(PoisonError::into_inner),
            Err(trouble) => return Err(trouble.refusal.clone()),
        };
        match register.as_ref() {
            Some(register) => work(register.app()),
            None => Err(closed()),
        }
    }

    /// Closes the register after the commands that are under way, which writes its log back into
    /// the database. Gives the exit code of a register that could not be opened.
    pub(crate) fn close(&self) -> Option<u8> {
        match self.opened.wait() {
            Ok(register) => {
                drop(register.write().unwrap_or_else(PoisonError::into_inner).take());
                tracing::debug!("the register is closed");
                None
            }
            Err(trouble) => Some(trouble.exit),
        }
    }
}

impl Trouble {
    fn of(error: AppError) -> Self {
        let exit = match error {
            AppError::Store(StoreError::Held { .. }) => HELD,
            _ => CANNOT_OPEN,
        };
        Self { refusal: error.into(), exit }
    }
}

fn closed() -> Refusal {
    Refusal {
        code: "register_closed".to_owned(),
        message: "the register is closed: open it again to go on".to_owned(),
        about: String::new(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn commands_wait_for_the_register_and_end_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let till = Till::open(Config::new(folder.path()));
        assert!(till.with(|app| Ok(app.identity().clone())).is_ok());
        assert_eq!(till.close(), None);
        let refused = till.with(|_| Ok(())).unwrap_err();
        assert_eq!(refused.code, "register_closed");
    }

    #[test]
    fn a_closed_window_lets_go_of_the_folder_for_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let till = Till::open(Config::new(folder.path()));
        let second = {
            till.wait().unwrap();
            Till::open(Config::new(folder.path()))
        };
        assert_eq!(second.wait().unwrap_err().exit, HELD);
        assert_eq!(second.close(), Some(HELD));
        till.close();
        assert!(Till::open(Config::new(folder.path())).wait().is_ok());
    }

    #[test]
    fn a_folder_that_cannot_be_used_is_told_in_words() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a-file");
        std::fs::write(&file, "no folder").unwrap();
        let till = Till::open(Config::new(&file));
        let trouble = till.wait().unwrap_err();
        assert_eq!(trouble.exit, CANNOT_OPEN);
        assert!(trouble.refusal.message.contains("a-file"), "{}", trouble.refusal.message);
    }
}
