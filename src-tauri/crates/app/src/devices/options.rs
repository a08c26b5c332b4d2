//! The languages that devices speak here, and how each can be set.

use std::collections::BTreeMap;

use countertop_receipt::escpos::Profile;
use countertop_store::{DeviceKind, DeviceRow};

use crate::error::AppError;
use crate::wire::{DriverView, OptionView};

/// Characters of a setting that is typed.
const MAX_TEXT: usize = 200;

/// The address that a device had before its twin took its place.
pub(crate) const REAL_ADDRESS: &str = "real_address";

/// A language.
pub(crate) struct Driver {
    pub(crate) kind: DeviceKind,
    /// In settings.
    pub(crate) driver: &'static str,
    /// For people.
    name: &'static str,
    example: &'static str,
    options: &'static [OptionSpec],
}

struct OptionSpec {
    name: &'static str,
    words: &'static str,
    usual: &'static str,
    takes: Takes,
}

/// What a setting can be.
enum Takes {
    OneOf(&'static [&'static str]),
    Number(u32, u32),
    /// So many digits.
    Digits(usize),
    Text,
}

const YES_NO: Takes = Takes::OneOf(&["yes", "no"]);

const fn option(
    name: &'static str,
    words: &'static str,
    usual: &'static str,
    takes: Takes,
) -> OptionSpec {
    OptionSpec { name, words, usual, takes }
}

/// The models of printers that are known, and none.
const MODELS: [&str; Profile::MODELS.len() + 1] = {
    let mut ids = [""; Profile::MODELS.len() + 1];
    let mut at = 0;
    while at < Profile::MODELS.len() {
        ids[at + 1] = Profile::MODELS[at].id;
        at += 1;
    }
    ids
};

const PRINTER: &[OptionSpec] = &[
    option(
        "columns",
        "Characters a line: 48 for 80 mm paper, 32 for 58 mm",
        "48",
        Takes::Number(20, 64),
    ),
    option("drawer", "A cash drawer hangs on it", "yes", YES_NO),
    option("model", "Which printer it is; empty for any", "", Takes::OneOf(&MODELS)),
    option("pulse", "Milliseconds of current that open the drawer", "50", Takes::Number(2, 200)),
    option("pin", "The pin of the drawer's plug", "2", Takes::OneOf(&["2", "5"])),
    option("prints", "What comes out of it", "receipts", Takes::OneOf(&["receipts", "orders"])),
    option(
        "categories",
        "For order tickets: only goods of these categories, by comma; empty for all",
        "",
        Takes::Text,
    ),
];

const ZVT: &[OptionSpec] = &[
    option("password", "Six digits, as the terminal has it", "000000", Takes::Digits(6)),
    option(
        "print",
        "Who prints the terminal's slips: itself, or the register",
        "terminal",
        Takes::OneOf(&["terminal", "register", "lines", "blocks"]),
    ),
    option("width", "Characters of a slip's line", "32", Takes::Number(24, 48)),
    option("lock", "Amounts cannot be keyed in at the terminal", "no", YES_NO),
    option(
        "mirror",
        "It takes back a payment whose receipt number the register does not know",
        "no",
        YES_NO,
    ),
    option("keep-open", "The line stays open between payments", "no", YES_NO),
    option(
        "framing",
        "How messages travel; as it fits the address if left out",
        "net",
        Takes::OneOf(&["serial", "net"]),
    ),
    option("skew", "Seconds that its clock may be off", "120", Takes::Number(0, 900)),
];

const CONCERT: &[OptionSpec] = &[
    option("pos", "The number of this register at the terminal", "1", Takes::Number(1, 99)),
    option("report", "The answer tells the card's last digits", "yes", YES_NO),
    option("ask_bank", "Ask the bank whatever the amount", "no", YES_NO),
    option(
        "token",
        "What the terminal does with the register's own characters",
        "returned",
        Takes::OneOf(&["returned", "replaced"]),
    ),
    option(
        "refunds",
        "The operation that gives money back",
        "2",
        Takes::OneOf(&["2", "1", "never"]),
    ),
    option("timeout", "Seconds that a payment may take", "180", Takes::Number(5, 600)),
];

const CAISSE_AP: &[OptionSpec] = &[
    option("pos", "The number of this register at the terminal", "1", Takes::Number(1, 99)),
    option("version", "The version of the language", "0320", Takes::Digits(4)),
    option("maker", "The number of the register's maker", "012345678901", Takes::Digits(12)),
    option("timeout", "Seconds that a payment may take", "180", Takes::Number(5, 600)),
];

const SCANNER: &[OptionSpec] = &[
    option("suffix", "What ends a code", "cr", Takes::OneOf(&["cr", "lf", "crlf", "tab", "none"])),
    option("stx", "Codes stand between STX and ETX", "no", YES_NO),
];

/// A scale names its unit itself, and whether a tare is off.
const SCALE: &[OptionSpec] = &[];

const DISPLAY: &[OptionSpec] = &[
    option("code_page", "The characters that it has", "858", Takes::OneOf(&["858", "437"])),
    option("select", "It shares its line with a printer", "no", YES_NO),
    option("idle", "What it shows between customers; empty for the shop's name", "", Takes::Text),
];

/// Every language that this program speaks, the usual one of each kind first.
pub(crate) const DRIVERS: &[Driver] = &[
    Driver {
        kind: DeviceKind::Printer,
        driver: "escpos",
        name: "Receipt printer (ESC/POS)",
        example: "serial:/dev/ttyUSB0?baud=9600",
        options: PRINTER,
    },
    Driver {
        kind: DeviceKind::Terminal,
        driver: "zvt",
        name: "Card terminal (ZVT)",
        example: "tcp:192.168.1.30:20007",
        options: ZVT,
    },
    Driver {
        kind: DeviceKind::Terminal,
        driver: "concert",
        name: "Card terminal (Concert E+)",
        example: "serial:/dev/ttyACM0?baud=9600",
        options: CONCERT,
    },
    Driver {
        kind: DeviceKind::Terminal,
        driver: "caisse-ap",
        name: "Card terminal (Caisse-AP)",
        example: "tcp:192.168.1.30:8888",
        options: CAISSE_AP,
    },
    Driver {
        kind: DeviceKind::Scanner,
        driver: "serial",
        name: "Scanner",
        example: "serial:/dev/ttyACM0",
        options: SCANNER,
    },
    Driver {
        kind: DeviceKind::Scale,
        driver: "toledo8217",
        name: "Scale (Toledo 8217)",
        example: "serial:/dev/ttyUSB0?baud=9600&data=7&parity=even",
        options: SCALE,
    },
    Driver {
        kind: DeviceKind::Scale,
        driver: "cas",
        name: "Scale (CAS type 6)",
        example: "serial:/dev/ttyUSB0?baud=9600",
        options: SCALE,
    },
    Driver {
        kind: DeviceKind::Scale,
        driver: "sma",
        name: "Scale (SMA)",
        example: "serial:/dev/ttyUSB0?baud=9600",
        options: SCALE,
    },
    Driver {
        kind: DeviceKind::Display,
        driver: "escpos",
        name: "Customer display (ESC/POS)",
        example: "serial:/dev/ttyUSB1?baud=9600",
        options: DISPLAY,
    },
    Driver {
        kind: DeviceKind::Display,
        driver: "cd5220",
        name: "Customer display (CD5220)",
        example: "serial:/dev/ttyUSB1?baud=9600",
        options: DISPLAY,
    },
];

impl Driver {
    fn view(&self) -> DriverView {
        let option = |spec: &OptionSpec| OptionView {
            name: spec.name.to_owned(),
            words: spec.words.to_owned(),
            value: spec.usual.to_owned(),
            choices: match spec.takes {
                Takes::OneOf(choices) => choices.iter().map(|&c| c.to_owned()).collect(),
                _ => Vec::new(),
            },
        };
        DriverView {
            kind: self.kind.name().to_owned(),
            driver: self.driver.to_owned(),
            name: self.name.to_owned(),
            example: self.example.to_owned(),
            options: self.options.iter().map(option).collect(),
        }
    }
}

/// For the screens.
pub(crate) fn views() -> Vec<DriverView> {
    DRIVERS.iter().map(Driver::view).collect()
}

/// The language of a kind, by its name; without one the usual.
pub(crate) fn find(kind: DeviceKind, driver: Option<&str>) -> Result<&'static Driver, AppError> {
    let mut of_kind = DRIVERS.iter().filter(|known| known.kind == kind);
    let found = match driver {
        None => of_kind.next(),
        Some(name) => of_kind.find(|known| known.driver == name),
    };
    found.ok_or_else(|| {
        let names: Vec<_> =
            DRIVERS.iter().filter(|known| known.kind == kind).map(|known| known.driver).collect();
        AppError::BadText {
            reason: format!(
                "a {} does not speak \"{}\" here: choose {}",
                kind.name(),
                driver.unwrap_or_default(),
                names.join(", ")
            ),
        }
    })
}

/// The kind that a command names.
pub(crate) fn kind(name: &str) -> Result<DeviceKind, AppError> {
    DeviceKind::parse(name).ok_or_else(|| AppError::BadText {
        reason: format!(
            "\"{name}\" is no kind of device: choose {}",
            DeviceKind::ALL.map(DeviceKind::name).join(", ")
        ),
    })
}

/// Refuses a setting that the language does not have, or a value that it cannot be.
pub(crate) fn check(row: &DeviceRow) -> Result<(), AppError> {
    let driver = find(row.kind, Some(&row.driver))?;
    for (name, value) in &row.options {
        if name == REAL_ADDRESS {
            continue;
        }
        let Some(spec) = driver.options.iter().find(|spec| spec.name == name) else {
            let names: Vec<_> = driver.options.iter().map(|spec| spec.name).collect();
            let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
            return Err(AppError::BadText {
                reason: format!("{} has no setting \"{name}\": it has {names}", driver.name),
            });
        };
        if let Err(needs) = fits(&spec.takes, value) {
            return Err(AppError::BadText {
                reason: format!("\"{value}\" is no value for {name}: {needs}"),
            });
        }
    }
    Ok(())
}

fn fits(takes: &Takes, value: &str) -> Result<(), String> {
    let digits = |count: usize| value.len() == count && value.bytes().all(|b| b.is_ascii_digit());
    match takes {
        Takes::OneOf(choices) if choices.contains(&value) => Ok(()),
        Takes::OneOf(choices) => Err(format!("choose {}", choices.join(", "))),
        Takes::Number(from, to) => match value.parse::<u32>() {
            Ok(number) if (*from..=*to).contains(&number) => Ok(()),
            _ => Err(format!("it is a number from {from} to {to}")),
        },
        Takes::Digits(count) if digits(*count) => Ok(()),
        Takes::Digits(count) => Err(format!("it has {count} digits")),
        Takes::Text if value.chars().any(char::is_control) => {
            Err("it is one line of text".to_owned())
        }
        Takes::Text if value.chars().count() > MAX_TEXT => {
            Err(format!("it holds up to {MAX_TEXT} characters"))
        }
        Takes::Text => Ok(()),
    }
}

/// A printer's settings as they were typed before settings had names.
pub(crate) fn of_printer(
    options: &mut BTreeMap<String, String>,
    columns: Option<u32>,
    drawer: Option<bool>,
) {
    if let Some(columns) = columns {
        options.insert("columns".to_owned(), columns.to_string());
    }
    if let Some(drawer) = drawer {
        options.insert("drawer".to_owned(), if drawer { "yes" } else { "no" }.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::{DRIVERS, fits};

    #[test]
    fn every_usual_value_is_one_that_the_setting_takes() {
        for driver in DRIVERS {
            for spec in driver.options {
                assert_eq!(fits(&spec.takes, spec.usual), Ok(()), "{} {}", driver.name, spec.name);
            }
        }
    }
}
