//! A scale's side in each language. Strict: what its language does not know is refused as the
//! language says, a byte out of place forgets the question. It does not simulate settling (it moves
//! or stands still as it is told), divisions, several units at once, or continuous sending.

use super::serve::{Machine, Served};
use crate::scale::ScaleLanguage;

const LF: u8 = b'\n';
const CR: u8 = b'\r';
const ENQ: u8 = 0x05;
const ACK: u8 = 0x06;
const DC1: u8 = 0x11;
const NAK: u8 = 0x15;

/// What lies on a scale, and how it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OnScale {
    /// Grams on the plate; below nothing if it was zeroed with something on it.
    pub grams: i64,
    /// Grams that it can weigh.
    pub capacity: i64,
    /// Grams that are taken off.
    pub tare: i64,
    /// True while it moves.
    pub moving: bool,
    /// True if it shows pounds.
    pub pounds: bool,
}

impl Default for OnScale {
    fn default() -> Self {
        Self { grams: 0, capacity: 15_000, tare: 0, moving: false, pounds: false }
    }
}

impl OnScale {
    const fn net(&self) -> i64 {
        self.grams - self.tare
    }

    /// Thousandths of the unit that it shows.
    fn shown(&self) -> i64 {
        if !self.pounds {
            return self.net();
        }
        // 0.45359237 kg are a pound; it shows hundredths.
        let hundredths = i128::from(self.net()) * 10_000_000 / 45_359_237;
        i64::try_from(hundredths * 10).unwrap_or(0)
    }

    const fn is_over(&self) -> bool {
        self.grams > self.capacity
    }

    fn zero(&mut self) -> bool {
        // A scale zeroes within two hundredths of what it can weigh, while it stands still.
        let may = !self.moving && self.grams.abs() * 50 <= self.capacity;
        if may {
            (self.grams, self.tare) = (0, 0);
        }
        may
    }

    fn take_tare(&mut self) -> bool {
        let may = !self.moving && self.grams >= 0 && !self.is_over();
        if may {
            self.tare = self.grams;
        }
        may
    }
}

#[derive(Debug)]
struct Plate {
    language: ScaleLanguage,
    on: OnScale,
    /// A command that is not whole yet.
    begun: Vec<u8>,
}

impl Machine for Plate {
    fn hear(&mut self, byte: u8) -> Vec<u8> {
        match self.language {
            ScaleLanguage::Toledo8217 => self.toledo(byte),
            ScaleLanguage::Cas => self.cas(byte),
            ScaleLanguage::Sma => self.sma(byte),
        }
    }
}

impl Plate {
    fn toledo(&mut self, byte: u8) -> Vec<u8> {
        let on = self.on;
        let mut status = u8::from(on.moving);
        status |= u8::from(on.is_over()) << 1;
        status |= u8::from(on.net() < 0) << 2;
        let is_reportable = status == 0;
        status |= u8::from(on.grams == 0) << 4;
        status |= u8::from(on.tare != 0) << 5;
        match byte {
            CR | LF => Vec::new(),
            b'W' if is_reportable => {
                let net = if on.tare == 0 { "" } else { "N" };
                let shown = on.shown();
                let (whole, part) = (shown / 1000, shown % 1000);
                if on.pounds {
                    format!("\x02{whole:02}.{:02}{net}\r", part / 10).into_bytes()
                } else {
                    format!("\x02{whole:02}.{part:03}{net}\r").into_bytes()
                }
            }
            b'W' => vec![0x02, b'?', status, CR],
            _ => vec![0x02, b'?', status | 1 << 6, CR],
        }
    }

    fn cas(&mut self, byte: u8) -> Vec<u8> {
        match byte {
            ENQ => {
                self.begun = vec![ENQ];
                vec![ACK]
            }
            DC1 if self.begun == [ENQ] => {
                self.begun.clear();
                let on = self.on;
                let status = if on.moving { 'U' } else { 'S' };
                let sign = match on.net() {
                    _ if on.is_over() => 'F',
                    net if net < 0 => '-',
                    _ => ' ',
                };
                let (value, unit) =
                    if on.pounds { (on.shown() / 10, "lb") } else { (on.shown(), "kg") };
                let text = format!("{status}{sign}{:06}{unit}", value.abs());
                let check = text.bytes().fold(0, |sum, byte| sum ^ byte);
                let mut bytes = vec![0x01, 0x02];
                bytes.extend(text.bytes());
                bytes.extend([check, 0x03, 0x04]);
                bytes
            }
            _ => {
                self.begun.clear();
                vec![NAK]
            }
        }
    }

    fn sma(&mut self, byte: u8) -> Vec<u8> {
        if byte == LF {
            self.begun = vec![LF];
            return Vec::new();
        }
        if self.begun.is_empty() {
            return Vec::new();
        }
        if byte != CR {
            self.begun.push(byte);
            self.begun.truncate(40);
            return Vec::new();
        }
        let command = std::mem::take(&mut self.begun);
        let error = match command.get(1..) {
            Some(b"") => return Vec::new(),
            Some(b"W") => None,
            Some(b"Z") => (!self.on.zero()).then_some('E'),
            Some(b"T") => (!self.on.take_tare()).then_some('T'),
            Some(b"C") => {
                self.on.tare = 0;
                None
            }
            _ => return b"\n?\r".to_vec(),
        };
        let on = self.on;
        let status = match error {
            Some(error) => error,
            None if on.is_over() => 'O',
            None if on.net() < 0 => 'U',
            None if on.grams == 0 => 'Z',
            None => ' ',
        };
        let kind = if on.tare == 0 { 'G' } else { 'N' };
        let motion = if on.moving { 'M' } else { ' ' };
        let unit = if on.pounds { "lb_" } else { "kg_" };
        let weight = match error {
            Some(_) => "-".repeat(10),
            None => format!("{:>10}", decimal(on.shown(), on.pounds)),
        };
        format!("\n{status}1{kind}{motion} {weight}{unit}\r").into_bytes()
    }
}

/// `1.255`, `-0.005`, in pounds `2.75`.
fn decimal(thousandths: i64, pounds: bool) -> String {
    let sign = if thousandths < 0 { "-" } else { "" };
    let (whole, part) = (thousandths.abs() / 1000, thousandths.abs() % 1000);
    if pounds {
        format!("{sign}{whole}.{:02}", part / 10)
    } else {
        format!("{sign}{whole}.{part:03}")
    }
}

/// A scale inside this program.
#[derive(Debug)]
pub struct ScaleTwin {
    served: Served<Plate>,
}

impl ScaleTwin {
    /// Plugs an empty scale in under `name`; none if something else has that name.
    pub fn plug(name: &str, language: ScaleLanguage) -> Option<Self> {
        let plate = Plate { language, on: OnScale::default(), begun: Vec::new() };
        Some(Self { served: Served::plug(name, plate)? })
    }

    /// What lies on it.
    pub fn on(&self) -> OnScale {
        self.served.machine().on
    }

    /// Puts something on it, shakes it, presses its keys.
    pub fn change(&self, change: impl FnOnce(&mut OnScale)) {
        change(&mut self.served.machine().on);
    }

    /// What its own window shows: `1.255 kg`, `----` while it is overloaded.
    pub fn window(&self) -> String {
        let on = self.on();
        let unit = if on.pounds { "lb" } else { "kg" };
        if on.is_over() {
            return format!("---- {unit}");
        }
        let net = if on.tare == 0 { "" } else { " net" };
        let motion = if on.moving { " ~" } else { "" };
        format!("{} {unit}{net}{motion}", decimal(on.shown(), on.pounds))
    }
}
