//! The register's signing key: a file beside the database, readable by its owner only.

use std::path::Path;

use ed25519_dalek::{SigningKey, VerifyingKey};
use rand_core::OsRng;

use crate::error::StoreError;
use crate::folder::write_durably;

pub(crate) const KEY_FILE: &str = "register.key";

/// Reads the key of a data folder, or makes it.
pub(crate) fn read_or_make(folder: &Path) -> Result<SigningKey, StoreError> {
    let path = folder.join(KEY_FILE);
    match std::fs::read_to_string(&path) {
        Ok(text) => parse(&text).ok_or_else(|| {
            StoreError::file(&path, "not a register's key: put the right one back from a backup")
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let key = SigningKey::generate(&mut OsRng);
            write_durably(&path, hex::encode(key.to_bytes()).as_bytes(), true)?;
            Ok(key)
        }
        Err(error) => Err(StoreError::file(&path, error)),
    }
}

/// Reads a key as its file has it.
pub(crate) fn parse(text: &str) -> Option<SigningKey> {
    let bytes: [u8; 32] = hex::decode(text.trim()).ok()?.try_into().ok()?;
    Some(SigningKey::from_bytes(&bytes))
}

/// Reads a public key as the founding entry has it.
pub(crate) fn parse_public(text: &str) -> Option<VerifyingKey> {
    let bytes: [u8; 32] = hex::decode(text).ok()?.try_into().ok()?;
    VerifyingKey::from_bytes(&bytes).ok()
}
