//! A destination that is a file: an entry a line, as another program or a backup disk may follow it.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use countertop_store::StoredEntry;
use serde::{Deserialize, Serialize};

use crate::drain::{Deliver, Failure};

/// An open spool file. Lines are JSON: `{"seq":1,"at_ms":…,"hash":"…","payload":"…"}`.
#[derive(Debug)]
pub struct Spool {
    path: PathBuf,
    file: File,
    /// The last entry that the file has.
    last: i64,
}

#[derive(Serialize, Deserialize)]
struct Line<'a> {
    seq: i64,
    at_ms: i64,
    hash: String,
    payload: std::borrow::Cow<'a, str>,
}

impl Spool {
    /// Opens a spool file, or makes it. Half a line at its end (the power went while it was written)
    /// is cut off: that entry was never acknowledged and comes again.
    ///
    /// # Errors
    /// The file cannot be read or written.
    pub fn open(path: &Path) -> std::io::Result<Self> {
        let file = OpenOptions::new().create(true).read(true).append(true).open(path)?;
        let (mut last, mut whole) = (0, 0_u64);
        let mut lines = BufReader::new(&file);
        let mut line = String::new();
        while lines.read_line(&mut line)? > 0 {
            if !line.ends_with('\n') {
                break;
            }
            let Ok(entry) = serde_json::from_str::<Line<'_>>(&line) else { break };
            last = entry.seq;
            whole += u64::try_from(line.len()).unwrap_or(0);
            line.clear();
        }
        file.set_len(whole)?;
        Ok(Self { path: path.to_owned(), file, last })
    }

    fn append(&mut self, entry: &StoredEntry) -> std::io::Result<()> {
        let hash = entry.hash.iter().map(|byte| format!("{byte:02x}")).collect();
        let line = Line {
            seq: entry.seq,
            at_ms: entry.at_ms,
            hash,
            payload: entry.payload.as_str().into(),
        };
        let mut text = serde_json::to_string(&line)?;
        text.push('\n');
        self.file.write_all(text.as_bytes())?;
        self.file.sync_data()
    }
}

impl Deliver for Spool {
    fn deliver(&mut self, entry: &StoredEntry) -> Result<(), Failure> {
        if entry.seq <= self.last {
            return Ok(());
        }
        self.append(entry).map_err(|error| {
            Failure::Later(format!("{} cannot be written: {error}", self.path.display()))
        })?;
        self.last = entry.seq;
        Ok(())
    }
}
