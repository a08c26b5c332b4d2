//! A reader of ESC/POS written from the printers' documents alone: it knows nothing of the encoder
//! and says what a printer would do.

/// What a printer does next.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Seen {
    /// Prints these bytes.
    Text(Vec<u8>),
    /// Prints the line.
    LineFeed,
    /// Chooses a code table.
    CodeTable(u8),
    /// Does something else: its name and its parameters.
    Command(&'static str, Vec<u8>),
}

/// Bytes that no printer would know what to do with, and where.
#[derive(Debug, thiserror::Error)]
#[error("byte {at}: {what}")]
pub(crate) struct NotEscPos {
    at: usize,
    what: String,
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn fail<T>(&self, what: impl Into<String>) -> Result<T, NotEscPos> {
        Err(NotEscPos { at: self.at, what: what.into() })
    }

    fn byte(&mut self) -> Result<u8, NotEscPos> {
        match self.bytes.get(self.at) {
            Some(byte) => {
                self.at += 1;
                Ok(*byte)
            }
            None => self.fail("the stream ends inside a command"),
        }
    }

    fn take(&mut self, count: usize) -> Result<Vec<u8>, NotEscPos> {
        (0..count).map(|_| self.byte()).collect()
    }

    fn word(&mut self) -> Result<usize, NotEscPos> {
        Ok(usize::from(self.byte()?) + 256 * usize::from(self.byte()?))
    }

    fn escape(&mut self) -> Result<Seen, NotEscPos> {
        let (name, count) = match self.byte()? {
            0x40 => ("initialise", 0),
            0x52 => ("country", 1),
            0x74 => return Ok(Seen::CodeTable(self.byte()?)),
            0x61 => ("align", 1),
            0x45 => ("bold", 1),
            0x2d => ("underline", 1),
            0x64 => ("feed", 1),
            0x70 => ("drawer", 3),
            other => return self.fail(format!("ESC {other:02x}")),
        };
        Ok(Seen::Command(name, self.take(count)?))
    }

    fn group(&mut self) -> Result<Seen, NotEscPos> {
        let (name, count) = match self.byte()? {
            0x21 => ("size", 1),
            0x42 => ("reverse", 1),
            0x68 => ("barcode height", 1),
            0x77 => ("barcode module", 1),
            0x48 => ("barcode number", 1),
            0x56 => return self.cut(),
            0x6b => return self.barcode(),
            0x28 => return self.parenthesis(),
            0x76 => return self.raster(),
            other => return self.fail(format!("GS {other:02x}")),
        };
        Ok(Seen::Command(name, self.take(count)?))
    }

    fn cut(&mut self) -> Result<Seen, NotEscPos> {
        match self.byte()? {
            mode @ (0x41 | 0x42) => Ok(Seen::Command("feed and cut", vec![mode, self.byte()?])),
            mode @ (0 | 1 | 0x30 | 0x31) => Ok(Seen::Command("cut", vec![mode])),
            other => self.fail(format!("GS V {other:02x}")),
        }
    }

    fn barcode(&mut self) -> Result<Seen, NotEscPos> {
        let kind = self.byte()?;
        if !(65..=73).contains(&kind) {
            return self.fail(format!("GS k {kind:02x}"));
        }
        let length = usize::from(self.byte()?);
        let mut data = vec![kind];
        data.extend(self.take(length)?);
        Ok(Seen::Command("barcode", data))
    }

    fn parenthesis(&mut self) -> Result<Seen, NotEscPos> {
        let kind = self.byte()?;
        if kind != 0x6b {
            return self.fail(format!("GS ( {kind:02x}"));
        }
        let length = self.word()?;
        Ok(Seen::Command("2d code", self.take(length)?))
    }

    fn raster(&mut self) -> Result<Seen, NotEscPos> {
        let head = self.take(2)?;
        let (width, height) = (self.word()?, self.word()?);
        let mut data = head;
        data.extend(self.take(width * height)?);
        Ok(Seen::Command("raster", data))
    }
}

/// Everything that a printer does with `bytes`.
pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Seen>, NotEscPos> {
    let mut reader = Reader { bytes, at: 0 };
    let mut seen = Vec::new();
    while let Some(byte) = bytes.get(reader.at) {
        reader.at += 1;
        seen.push(match byte {
            0x0a => Seen::LineFeed,
            0x1b => reader.escape()?,
            0x1d => reader.group()?,
            0x20..=0x7e | 0x80..=0xff => {
                let rest = bytes.get(reader.at - 1..).unwrap_or_default();
                let text: Vec<u8> =
                    rest.iter().copied().take_while(|b| *b >= 0x20 && *b != 0x7f).collect();
                reader.at += text.len() - 1;
                Seen::Text(text)
            }
            other => return reader.fail(format!("a lone control {other:02x}")),
        });
    }
    Ok(seen)
}

/// A listing for people: one row a command, with its bytes.
pub(crate) fn listing(bytes: &[u8]) -> Result<String, NotEscPos> {
    let rows = read(bytes)?.into_iter().map(|seen| match seen {
        Seen::Text(text) => {
            let shown: String = text
                .iter()
                .map(|b| if *b < 0x80 { char::from(*b).to_string() } else { format!("<{b:02x}>") })
                .collect();
            format!("text           |{shown}|\n")
        }
        Seen::LineFeed => "line feed\n".to_owned(),
        Seen::CodeTable(n) => format!("code table     {n}\n"),
        Seen::Command(name, data) => {
            let hex: Vec<String> = data.iter().map(|b| format!("{b:02x}")).collect();
            let row = format!("{name:<15}{}", hex.join(" "));
            format!("{}\n", row.trim_end())
        }
    });
    Ok(rows.collect())
}
