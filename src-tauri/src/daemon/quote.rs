//! `countertopd quote`: the shop's arithmetic without a shop.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

use countertop_domain::quote::{QuoteError, quote};

use crate::answer::Failure;

/// Larger files are no baskets.
const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// Prices the basket in a file, or on standard input for `-`. What is wrong is answered as JSON too,
/// with exit code 2, and said on standard error.
pub(crate) fn run(file: &Path) -> Result<ExitCode, Failure> {
    let (answer, code) = match read(file).and_then(|text| quote(&text)) {
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

fn read(file: &Path) -> Result<String, QuoteError> {
    let refused = |code, message| QuoteError { code, message, path: String::new() };
    let mut bytes = Vec::new();
    let read = if file == Path::new("-") {
        std::io::stdin().lock().take(MAX_BYTES + 1).read_to_end(&mut bytes)
    } else {
        File::open(file).and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes))
    };
    let length = read.map_err(|error| {
        refused("unreadable", format!("{} cannot be read: {error}", file.display()))
    })?;
    if length as u64 > MAX_BYTES {
        let most = MAX_BYTES / 1024 / 1024;
        return Err(refused("too_long", format!("a basket has at most {most} MiB of text")));
    }
    String::from_utf8(bytes)
        .map_err(|_| refused("bad_json", "this is not JSON: it is not UTF-8 text".to_owned()))
}
