//! What a terminal says, decoded. Of a card only what [`CardFacts`] holds leaves this file: its
//! number is cut to the last four digits as it is read.

use countertop_domain::card::{CardFacts, TerminalMark};

use super::apdu::Apdu;
use super::field::{FieldError, Fields, number};
use super::{bcd, text, tlv, words};

/// What a terminal said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Message {
    /// `80 00` and `84 00`: it took the command.
    Positive,
    /// `84 xx`: it did not.
    Negative(u8),
    /// `04 0F`: what became of a payment.
    Status(Box<Status>),
    /// `06 0F`: the command is done.
    Completion(Completion),
    /// `06 1E`: the command is over, without success.
    Abort(u8),
    /// `04 FF`: what it does meanwhile.
    Progress(Progress),
    /// `06 D1`: a line to print.
    PrintLine(PrintLine),
    /// `06 D3`: a slip to print.
    PrintBlock(PrintBlock),
    /// `04 01`: what time it is.
    Clock,
    /// A command that no register needs.
    Other,
}

/// What became of a payment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Status {
    /// 00 for success.
    pub(crate) result: Option<u8>,
    /// In minor units.
    pub(crate) amount: Option<u64>,
    /// The number of ISO 4217.
    pub(crate) currency: Option<u64>,
    /// The trace number of the payment that this one takes back.
    pub(crate) takes_back: Option<u32>,
    /// By the terminal's clock; no year if it did not send one.
    pub(crate) date: Option<(Option<i16>, i8, i8)>,
    /// Hour, minute, second.
    pub(crate) time: Option<(i8, i8, i8)>,
    /// Its own words.
    pub(crate) words: String,
    /// All else that may be known of it. The time is filled in by whoever knows the year.
    pub(crate) facts: CardFacts,
}

impl Status {
    fn read(data: &[u8]) -> Result<Self, FieldError> {
        let mut status = Self::default();
        let mut long_trace = None;
        for field in Fields::of(data) {
            let (field, value) = field?;
            status.take(field, value)?;
            if field == 0x06 {
                tlv::walk(value, &mut |tag, value| match tag {
                    0x43 => status.facts.application = application(value),
                    0x1F2B => long_trace = bcd::read_u32(value).filter(|trace| *trace > 0),
                    _ => {}
                });
            }
        }
        // Terminals with longer trace numbers send zero in the field.
        status.facts.trace = status.facts.trace.or(long_trace);
        Ok(status)
    }

    fn take(&mut self, field: u8, value: &[u8]) -> Result<(), FieldError> {
        let whole = |value| number(field, value);
        let counted = |value| -> Result<Option<u32>, FieldError> {
            Ok(u32::try_from(number(field, value)?).ok().filter(|number| *number > 0))
        };
        let pair = |bytes: &[u8]| i8::try_from(bcd::read(bytes).unwrap_or(99)).unwrap_or(99);
        let facts = &mut self.facts;
        match field {
            0x27 => self.result = value.first().copied(),
            0x04 => self.amount = Some(whole(value)?),
            0x49 => self.currency = Some(whole(value)?),
            0x0B => facts.trace = counted(value)?,
            0x37 => self.takes_back = counted(value)?,
            0x87 => facts.receipt = counted(value)?,
            0x0C => self.time = Some((pair(&value[..1]), pair(&value[1..2]), pair(&value[2..]))),
            0x0D if self.date.is_none() => {
                self.date = Some((None, pair(&value[..1]), pair(&value[1..])));
            }
            0xAA => {
                let year = i16::from(pair(&value[..1])) + 2000;
                self.date = Some((Some(year), pair(&value[1..2]), pair(&value[2..])));
            }
            0x22 => facts.last_four = last_four(value),
            0x29 => facts.terminal = value.iter().map(|byte| format!("{byte:02X}")).collect(),
            0x3B => facts.authorisation = text::short(value, CardFacts::MAX_TEXT),
            0x3C => self.words = text::short(value, CardFacts::MAX_TEXT),
            0x8A if facts.brand.is_empty() => {
                facts.brand = words::of_card(value[0]).to_owned();
            }
            0x8B => facts.brand = text::short(value, CardFacts::MAX_TEXT),
            _ => {}
        }
        Ok(())
    }

    /// True if it says that money moved.
    pub(crate) fn is_success(&self) -> bool {
        self.result == Some(0)
    }

    /// True if it is the payment that `mark` stands for.
    pub(crate) fn is(&self, mark: &TerminalMark) -> bool {
        let facts = &self.facts;
        let same = |ours: Option<u32>, theirs: Option<u32>| ours == theirs || theirs.is_none();
        let named = mark.terminal.is_empty() || facts.terminal.is_empty();
        (named || mark.terminal == facts.terminal)
            && (mark.receipt.is_some() || mark.trace.is_some())
            && same(facts.receipt, mark.receipt)
            && same(facts.trace, mark.trace)
    }
}

/// The last four digits of a card's number, if the terminal left them uncovered.
fn last_four(number: &[u8]) -> String {
    // F fills up an odd number of digits, E covers one.
    let mut digits: Vec<char> = bcd::nibbles(number)
        .rev()
        .skip_while(|half| *half == 0xF)
        .take(4)
        .map_while(|half| char::from_digit(u32::from(half), 10))
        .collect();
    digits.reverse();
    if digits.len() == 4 { digits.into_iter().collect() } else { String::new() }
}

/// The name of an application on a chip: five to sixteen bytes that begin as the registered ones
/// do, so that nothing else is taken for one.
fn application(value: &[u8]) -> String {
    let registered = value.first().is_some_and(|byte| matches!(byte >> 4, 0xA | 0xD));
    if !registered || !(5..=16).contains(&value.len()) {
        return String::new();
    }
    value.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// The command is done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Completion {
    /// How the terminal is, if the command asked for that.
    pub(crate) status: u8,
    /// Its own id.
    pub(crate) terminal: String,
    /// After a registration: true if it wants a diagnosis.
    pub(crate) wants_diagnosis: bool,
}

impl Completion {
    /// Its data are fields after most commands. After a status enquiry it is the version of the
    /// terminal's program, or none, and then one byte.
    fn read(data: &[u8]) -> Self {
        let mut completion = Self::default();
        let fields: Result<Vec<_>, _> = Fields::of(data).collect();
        match fields {
            Ok(fields) => {
                for (field, value) in fields {
                    match field {
                        0x27 => completion.status = value[0],
                        0x19 => completion.wants_diagnosis = value[0] & 0x02 != 0,
                        0x29 => {
                            completion.terminal =
                                value.iter().map(|byte| format!("{byte:02X}")).collect();
                        }
                        _ => {}
                    }
                }
            }
            Err(_) => {
                let rest = match *data {
                    [tens @ 0xF0..=0xFF, ones @ 0xF0..=0xFF, ..] => {
                        let version = usize::from(tens & 0x0F) * 10 + usize::from(ones & 0x0F);
                        data.get(2 + version..).unwrap_or_default()
                    }
                    _ => data,
                };
                completion.status = rest.first().copied().unwrap_or(0);
            }
        }
        completion
    }
}

/// What it does meanwhile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    pub(crate) code: u8,
    /// How many minutes it may take from now on.
    pub(crate) minutes: Option<u8>,
    /// Its own words.
    pub(crate) words: String,
}

impl Progress {
    fn read(data: &[u8]) -> Self {
        let mut progress = Self { code: data.first().copied().unwrap_or(0xFF), ..Self::default() };
        let mut rest = data.get(1..).unwrap_or_default();
        if let [minutes, after @ ..] = rest
            && *minutes != 0x06
            && after.first().is_none_or(|field| *field == 0x06)
        {
            progress.minutes = bcd::read(&[*minutes]).and_then(|m| u8::try_from(m).ok());
            rest = after;
        }
        for (_, value) in Fields::of(rest).flatten().filter(|(field, _)| *field == 0x06) {
            let mut lines = Vec::new();
            tlv::walk(value, &mut |tag, value| {
                if tag == 0x07 {
                    lines.push(text::short(value, CardFacts::MAX_TEXT));
                }
            });
            lines.retain(|line| !line.is_empty());
            progress.words = lines.join(" ");
        }
        progress
    }
}

/// A line to print.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PrintLine {
    pub(crate) text: String,
    /// How many empty lines instead.
    pub(crate) feeds: usize,
    /// True if the slip ends with it.
    pub(crate) is_last: bool,
}

impl PrintLine {
    fn read(data: &[u8]) -> Self {
        let (attribute, rest) = data.split_first().unwrap_or((&0, &[]));
        if *attribute == 0xFF {
            let feeds = usize::from(rest.first().copied().unwrap_or(1)).min(20);
            return Self { text: String::new(), feeds, is_last: false };
        }
        Self { text: text::read(rest), feeds: 0, is_last: is_last(*attribute) }
    }
}

fn is_last(attribute: u8) -> bool {
    attribute > 0x80 && attribute != 0xFF
}

/// A slip to print, or a part of one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PrintBlock {
    /// 1 for the shop's, 2 for the customer's, 3 for other papers.
    pub(crate) kind: u8,
    pub(crate) lines: Vec<String>,
    pub(crate) is_last: bool,
}

impl PrintBlock {
    fn read(data: &[u8]) -> Result<Self, FieldError> {
        let mut block = Self::default();
        for field in Fields::of(data) {
            let (0x06, value) = field? else { continue };
            tlv::walk(value, &mut |tag, value| match tag {
                0x1F07 => block.kind = value.first().copied().unwrap_or(0),
                0x07 => block.lines.push(text::read(value)),
                0x09 => block.is_last |= value.first().is_some_and(|byte| is_last(*byte)),
                _ => {}
            });
        }
        Ok(block)
    }
}

/// Decodes what a terminal said.
pub(crate) fn read(apdu: &Apdu) -> Result<Message, FieldError> {
    let data = apdu.data.as_slice();
    Ok(match (apdu.class, apdu.instr) {
        (0x80, _) | (0x84, 0x00) => Message::Positive,
        (0x84, code) => Message::Negative(code),
        (0x04, 0x0F) => Message::Status(Box::new(Status::read(data)?)),
        (0x06, 0x0F) => Message::Completion(Completion::read(data)),
        (0x06, 0x1E) => Message::Abort(data.first().copied().unwrap_or(0xFF)),
        (0x04, 0xFF) => Message::Progress(Progress::read(data)),
        (0x06, 0xD1) => Message::PrintLine(PrintLine::read(data)),
        (0x06, 0xD3) => Message::PrintBlock(PrintBlock::read(data)?),
        (0x04, 0x01) => Message::Clock,
        _ => Message::Other,
    })
}
