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
    /// The last entry that the file has, and its hash.
    last: Option<(i64, String)>,
    /// Bytes of whole lines.
    length: u64,
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
    /// The file cannot be read or written, or is damaged before its last line; then it is left as
    /// it is, because what follows the damage was acknowledged and does not come again.
    pub fn open(path: &Path) -> std::io::Result<Self> {
        let file = OpenOptions::new().create(true).read(true).append(true).open(path)?;
        let mut spool = Self { path: path.to_owned(), file, last: None, length: 0 };
        let mut lines = BufReader::new(File::open(path)?);
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line)? > 0 {
            // Half a line may end within a character, so it is no text yet.
            match serde_json::from_slice::<Line<'_>>(&line) {
                Ok(entry) if line.ends_with(b"\n") => {
                    spool.last = Some((entry.seq, entry.hash));
                    spool.length += u64::try_from(line.len()).unwrap_or(0);
                }
                _ if lines.fill_buf()?.is_empty() => break,
                _ => {
                    let after = spool.last.as_ref().map_or(0, |(seq, _)| *seq);
                    return Err(std::io::Error::other(format!(
                        "{} is damaged after entry {after}: move it away, and send everything anew",
                        path.display()
                    )));
                }
            }
            line.clear();
        }
        spool.file.set_len(spool.length)?;
        Ok(spool)
    }

    fn append(&mut self, entry: &StoredEntry) -> std::io::Result<()> {
        let line = Line {
            seq: entry.seq,
            at_ms: entry.at_ms,
            hash: hex(&entry.hash),
            payload: entry.payload.as_str().into(),
        };
        let mut text = serde_json::to_string(&line)?;
        text.push('\n');
        if let Err(error) =
            self.file.write_all(text.as_bytes()).and_then(|()| self.file.sync_data())
        {
            // Half a line must not stand before the next one: a full disk takes a part.
            self.file.set_len(self.length)?;
            return Err(error);
        }
        self.length += u64::try_from(text.len()).unwrap_or(0);
        self.last = Some((line.seq, line.hash));
        Ok(())
    }

    /// The hash of an entry that the file has.
    fn hash_of(&self, seq: i64) -> std::io::Result<Option<String>> {
        for line in BufReader::new(File::open(&self.path)?).lines() {
            let line = line?;
            let entry: Line<'_> = serde_json::from_str(&line)?;
            if entry.seq == seq {
                return Ok(Some(entry.hash));
            }
        }
        Ok(None)
    }

    fn broken(&self, error: &std::io::Error) -> Failure {
        Failure::Later(format!("{} cannot be written: {error}", self.path.display()))
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Deliver for Spool {
    /// An entry that the file has already is success, if it is the same one: a journal that was
    /// restored from a backup goes on with other entries under numbers that were used.
    fn deliver(&mut self, entry: &StoredEntry) -> Result<(), Failure> {
        let other = || {
            Failure::Refused(format!(
                "{} has another journal's entries: give this register a file of its own",
                self.path.display()
            ))
        };
        match &self.last {
            Some((last, hash)) if entry.seq == *last && *hash == hex(&entry.hash) => Ok(()),
            Some((last, _)) if entry.seq < *last => {
                match self.hash_of(entry.seq).map_err(|error| self.broken(&error))? {
                    Some(hash) if hash == hex(&entry.hash) => Ok(()),
                    _ => Err(other()),
                }
            }
            Some((last, hash)) if entry.seq != last + 1 || *hash != hex(&entry.prev_hash) => {
                Err(other())
            }
            _ => self.append(entry).map_err(|error| self.broken(&error)),
        }
    }
}
