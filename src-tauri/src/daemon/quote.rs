//! `countertopd quote`: the shop's arithmetic without a shop.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

use countertop_domain::quote::quote;

use crate::answer::Failure;

/// Larger files are no baskets.
const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// Prices the basket in a file, or on standard input for `-`. What is wrong with the basket is
/// answered as JSON too, with exit code 2, and said on standard error.
pub(crate) fn run(file: &Path) -> Result<ExitCode, Failure> {
    let named = |error: std::io::Error| {
        Failure::bad_input(format!("{} cannot be read: {error}", file.display()))
    };
    let mut text = String::new();
    let read = if file == Path::new("-") {
        std::io::stdin().lock().take(MAX_BYTES + 1).read_to_string(&mut text)
    } else {
        File::open(file).and_then(|file| file.take(MAX_BYTES + 1).read_to_string(&mut text))
    };
    if read.map_err(named)? as u64 > MAX_BYTES {
        let most = MAX_BYTES / 1024 / 1024;
        return Err(Failure::bad_input(format!("a basket has at most {most} MiB of text")));
    }
    let (answer, code) = match quote(&text) {
        Ok(quote) => (serde_json::to_string(&quote), ExitCode::SUCCESS),
        Err(error) => {
            let at = if error.path.is_empty() { "" } else { ": " };
            let _ = writeln!(std::io::stderr(), "countertopd: {}{at}{error}", error.path);
            (serde_json::to_string(&error), ExitCode::from(2))
        }
    };
    let answer = answer.map_err(std::io::Error::from)?;
    writeln!(std::io::stdout().lock(), "{answer}")?;
    Ok(code)
}
