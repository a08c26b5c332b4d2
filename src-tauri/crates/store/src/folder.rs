//! The data folder: one register holds it, for as long as it runs.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::error::StoreError;

/// A held data folder. The lock is the operating system's, so a killed register lets go of it.
#[derive(Debug)]
pub(crate) struct DataFolder {
    path: PathBuf,
    lock: File,
}

impl DataFolder {
    pub(crate) fn hold(path: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(path).map_err(|error| {
            StoreError::file(path, format!("the data folder cannot be made ({error})"))
        })?;
        let lock_file = path.join("register.lock");
        let lock =
            OpenOptions::new().create(true).truncate(false).write(true).open(&lock_file).map_err(
                |error| match error.kind() {
                    std::io::ErrorKind::ReadOnlyFilesystem
                    | std::io::ErrorKind::PermissionDenied => StoreError::ReadOnly,
                    _ => StoreError::file(&lock_file, error),
                },
            )?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), lock }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Held { folder: path.to_owned() }),
            Err(TryLockError::Error(error)) => Err(StoreError::file(&lock_file, error)),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn database(&self) -> PathBuf {
        database_in(&self.path)
    }

    pub(crate) fn baskets(&self) -> PathBuf {
        baskets_in(&self.path)
    }
}

impl Drop for DataFolder {
    /// Closing the file is not enough: a program that is just being started still has a copy of it,
    /// for the moment between fork and exec.
    fn drop(&mut self) {
        let _ = self.lock.unlock();
    }
}

/// Where the database of a data folder is.
pub(crate) fn database_in(folder: &Path) -> PathBuf {
    folder.join("register.db")
}

/// Whether a register was founded in a folder. Whoever only wants to look asks first: opening founds one.
pub fn has_register(folder: &Path) -> bool {
    database_in(folder).exists()
}

/// Where the open baskets of a data folder are: in a file of their own, because every change of the
/// database makes the pages stale that readers keep, and a scan should find them.
pub(crate) fn baskets_in(folder: &Path) -> PathBuf {
    folder.join("baskets.db")
}

/// An empty file; a private one is read by its owner alone (on Windows the folder's rights decide).
pub(crate) fn create(path: &Path, private: bool) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    if private {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    #[cfg(not(unix))]
    let _ = private;
    options.open(path)
}

/// Writes a file so that after a power cut it is there in full or not at all.
pub(crate) fn write_durably(path: &Path, bytes: &[u8], private: bool) -> Result<(), StoreError> {
    let fail = |error: std::io::Error| StoreError::file(path, error);
    let beside = path.with_extension("new");
    let mut file = create(&beside, private).map_err(fail)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(fail)?;
    std::fs::rename(&beside, path).map_err(fail)?;
    sync_folder_of(path).map_err(fail)
}

/// Writes a file that only its owner may read, so that after a power cut it is there in full or not at
/// all (on Windows the folder's rights decide who reads it).
///
/// # Errors
/// [`StoreError::File`].
pub fn write_private(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    write_durably(path, bytes, true)
}

/// Makes a rename in a folder durable; a no-op where folders cannot be opened (Windows).
pub(crate) fn sync_folder_of(path: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        // A name alone lies where the program was started.
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        File::open(folder)?.sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}
