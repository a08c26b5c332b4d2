//! How a shop sets its terminal up.

use std::collections::BTreeMap;
use std::time::Duration;

use countertop_domain::money::Currency;

use super::command::Password;
use super::line::{LineTimers, ZvtFraming};
use crate::address::Address;

/// Who prints what a terminal has to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ZvtPrints {
    /// The terminal's own printer.
    Terminal,
    /// The register, from what is known of the payment.
    Register,
    /// The register, line by line as the terminal sends them.
    Lines,
    /// The register, in whole slips as the terminal sends them.
    Blocks,
}

/// The settings of one terminal.
#[derive(Clone)]
pub struct ZvtOptions {
    pub(crate) password: Password,
    pub(crate) currency: Currency,
    pub(crate) prints: ZvtPrints,
    pub(crate) locked: bool,
    pub(crate) mirror: bool,
    pub(crate) keep_open: Option<bool>,
    pub(crate) framing: Option<ZvtFraming>,
    pub(crate) skew: Duration,
    pub(crate) width: u8,
    pub(crate) timers: ZvtTimers,
}

impl std::fmt::Debug for ZvtOptions {
    /// Without the password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ZvtOptions")
            .field("currency", &self.currency)
            .field("prints", &self.prints)
            .field("locked", &self.locked)
            .field("mirror", &self.mirror)
            .field("keep_open", &self.keep_open)
            .finish_non_exhaustive()
    }
}

impl Default for ZvtOptions {
    /// Password 000000, EUR, the terminal prints.
    fn default() -> Self {
        Self {
            password: Password([0; 3]),
            currency: Currency::EUR,
            prints: ZvtPrints::Terminal,
            locked: false,
            mirror: false,
            keep_open: None,
            framing: None,
            skew: Duration::from_secs(120),
            width: 32,
            timers: ZvtTimers::default(),
        }
    }
}

/// How long a driver waits for what. The defaults are the standard's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ZvtTimers {
    /// Between two bytes of a block.
    pub t1: Duration,
    /// For the acknowledgement of a block.
    pub t2: Duration,
    /// For the answer to a command.
    pub t3: Duration,
    /// For the end of a payment, from the terminal's last sign of life; the terminal may change it.
    pub t4: Duration,
    /// For the line to open.
    pub open: Duration,
    /// For the line to take a message.
    pub write: Duration,
    /// Between two looks at whether the cashier wants to stop.
    pub glance: Duration,
    /// Between two questions whether the terminal is still busy.
    pub poll: Duration,
    /// The first pause before a line is opened again; it doubles up to twenty times as much.
    pub reopen: Duration,
    /// How long a terminal that does not answer is asked what became of a payment, before the
    /// payment is left in doubt for the moment.
    pub ask: Duration,
    /// For the end of a command without money: signing on, closing the day.
    pub errand: Duration,
}

impl Default for ZvtTimers {
    fn default() -> Self {
        Self {
            t1: Duration::from_millis(200),
            t2: Duration::from_secs(5),
            t3: Duration::from_secs(5),
            t4: Duration::from_secs(180),
            open: Duration::from_secs(10),
            write: Duration::from_secs(5),
            glance: Duration::from_millis(100),
            poll: Duration::from_secs(1),
            reopen: Duration::from_millis(500),
            ask: Duration::from_secs(60),
            errand: Duration::from_secs(180),
        }
    }
}

impl ZvtTimers {
    pub(crate) fn line(self) -> LineTimers {
        LineTimers { t1: self.t1, t2: self.t2 }
    }
}

impl ZvtOptions {
    /// Reads the settings by their names, all of which may be left out:
    ///
    /// - `password`: six digits, `000000`
    /// - `currency`: `EUR`
    /// - `print`: `terminal`, `register`, `lines` or `blocks`
    /// - `width`: characters of a line that is printed here, 24 to 48, `32`
    /// - `lock`: `yes` if amounts may not be keyed in at the terminal, `no`
    /// - `mirror`: `yes` for terminals that take back a payment whose receipt number the register
    ///   does not know, `no`. Not with terminals that are also used by hand.
    /// - `keep-open`: `yes` if the line stays open between payments; as it is, serial lines do
    /// - `framing`: `serial` or `net`; as it is, what fits the address
    /// - `skew`: by how many seconds the terminal's clock may be off, 0 to 900, `120`
    ///
    /// # Errors
    /// What is wrong with which setting, and what it may be.
    pub fn read(settings: &BTreeMap<String, String>) -> Result<Self, String> {
        let mut options = Self::default();
        for (name, value) in settings {
            let value = value.trim();
            let bad = |allowed: &str| format!("{name}={value} does not exist: {name} is {allowed}");
            match name.as_str() {
                "password" => {
                    options.password = password(value).ok_or("password is six digits: 000000")?;
                }
                "currency" => {
                    options.currency = Currency::parse(value)
                        .map_err(|_| bad("the three letters of a currency: EUR"))?;
                }
                "print" => {
                    options.prints = match value {
                        "terminal" => ZvtPrints::Terminal,
                        "register" => ZvtPrints::Register,
                        "lines" => ZvtPrints::Lines,
                        "blocks" => ZvtPrints::Blocks,
                        _ => return Err(bad("terminal, register, lines or blocks")),
                    };
                }
                "width" => {
                    options.width = value
                        .parse()
                        .ok()
                        .filter(|width| (24..=48).contains(width))
                        .ok_or_else(|| bad("24 to 48"))?;
                }
                "lock" => options.locked = yes(value).ok_or_else(|| bad("yes or no"))?,
                "mirror" => options.mirror = yes(value).ok_or_else(|| bad("yes or no"))?,
                "keep-open" => {
                    options.keep_open = Some(yes(value).ok_or_else(|| bad("yes or no"))?);
                }
                "framing" => {
                    options.framing = Some(match value {
                        "serial" => ZvtFraming::Serial,
                        "net" => ZvtFraming::Net,
                        _ => return Err(bad("serial or net")),
                    });
                }
                "skew" => {
                    let seconds = value.parse().ok().filter(|seconds| *seconds <= 900);
                    options.skew =
                        Duration::from_secs(seconds.ok_or_else(|| bad("0 to 900 seconds"))?);
                }
                _ => {
                    return Err(format!(
                        "a ZVT terminal has no setting \"{name}\": it has password, currency, \
                         print, width, lock, mirror, keep-open, framing and skew"
                    ));
                }
            }
        }
        Ok(options)
    }

    /// With messages that travel this way, whatever the address is.
    #[must_use]
    pub fn framed(mut self, framing: ZvtFraming) -> Self {
        self.framing = Some(framing);
        self
    }

    /// With other timers.
    #[must_use]
    pub fn timed(mut self, timers: ZvtTimers) -> Self {
        self.timers = timers;
        self
    }

    /// What the register wishes, as the bits of the registration.
    pub(crate) fn wishes(&self) -> u8 {
        const RECEIPTS: u8 = 0x02 | 0x04;
        const PROGRESS: u8 = 0x08;
        const LOCKED: u8 = 0x10;
        const LINES: u8 = 0x80;
        let prints = match self.prints {
            ZvtPrints::Terminal => 0,
            ZvtPrints::Register => RECEIPTS,
            ZvtPrints::Lines | ZvtPrints::Blocks => RECEIPTS | LINES,
        };
        PROGRESS | prints | if self.locked { LOCKED } else { 0 }
    }

    /// True if a payment is complete only once its slips are printed too.
    pub(crate) fn slips_count(&self) -> bool {
        matches!(self.prints, ZvtPrints::Lines | ZvtPrints::Blocks)
    }

    pub(crate) fn framing_at(&self, address: &Address) -> ZvtFraming {
        self.framing.unwrap_or(match address {
            Address::Tcp(_) => ZvtFraming::Net,
            _ => ZvtFraming::Serial,
        })
    }

    pub(crate) fn keeps_open(&self, address: &Address) -> bool {
        self.keep_open.unwrap_or(!matches!(address, Address::Tcp(_)))
    }
}

fn password(text: &str) -> Option<Password> {
    let digits: Vec<u8> =
        text.chars().map_while(|c| c.to_digit(10)).filter_map(|d| u8::try_from(d).ok()).collect();
    if digits.len() != 6 || text.len() != 6 {
        return None;
    }
    let mut bytes = [0; 3];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
        *byte = pair[0] << 4 | pair[1];
    }
    Some(Password(bytes))
}

fn yes(text: &str) -> Option<bool> {
    match text {
        "yes" | "true" | "1" => Some(true),
        "no" | "false" | "0" => Some(false),
        _ => None,
    }
}
