//! Where a machine is, as a line of text that a person can type and a setting can keep.

use std::fmt;
use std::net::Ipv6Addr;
use std::ops::RangeInclusive;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ports::Usb;

const EXAMPLES: &str =
    "serial:/dev/ttyUSB0?baud=9600, serial:COM3, tcp:192.168.1.20:9100 or file:/dev/usb/lp0";
const SERIAL_EXAMPLE: &str = "serial:/dev/ttyUSB0?baud=9600&parity=even";

/// Every speed that a serial chip on a counter can be set to, in bits a second.
const BAUD: RangeInclusive<u32> = 50..=4_000_000;

/// The port on which network printers take raw bytes.
const RAW_PRINTING_PORT: u16 = 9100;

/// Where a machine is. Its text form reads back as the same address.
///
/// - `serial:/dev/ttyUSB0?baud=9600&data=8&parity=none&stop=1&flow=none`; every setting may be
///   left out and is then the one of this example; parity is `none`, `even` or `odd`, flow is
///   `none`, `hardware` or `software`; the port may be named by the USB machine on it, whatever
///   number it has got today: `serial:usb:0403:6001:A50285BI` (vendor, product, serial number)
/// - `tcp:192.168.1.20:9100`, `tcp:printer.local`, `tcp:[fe80::1]:9100`; the port is 9100 if left
///   out
/// - `file:/dev/usb/lp0`, or any other path
/// - `twin:front-printer`: a machine that this program plays itself
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Address {
    /// A serial port, USB adapters included.
    Serial(SerialAddress),
    /// A machine on the network.
    Tcp(TcpAddress),
    /// A device node or a file.
    File(FileAddress),
    /// A machine that this program plays itself.
    Twin(TwinAddress),
}

impl Address {
    /// The part that a person knows it by: `/dev/ttyUSB0`, `192.168.1.20:9100`, `/dev/usb/lp0`.
    pub fn place(&self) -> String {
        match self {
            Self::Serial(serial) => serial.path.clone(),
            Self::Tcp(tcp) => tcp.to_string(),
            Self::File(file) => file.path.clone(),
            Self::Twin(twin) => twin.name.clone(),
        }
    }
}

/// A serial port and how it is set.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SerialAddress {
    path: String,
    settings: SerialSettings,
}

impl SerialAddress {
    /// The system's name of the port: `/dev/ttyUSB0`, `COM3`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Speed and framing.
    pub fn settings(&self) -> SerialSettings {
        self.settings
    }
}

/// Speed and framing of a serial port; 9600 8N1 without flow control unless said otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SerialSettings {
    baud: u32,
    data_bits: u8,
    parity: Parity,
    stop_bits: u8,
    flow: Flow,
}

impl SerialSettings {
    /// Bits a second.
    pub fn baud(self) -> u32 {
        self.baud
    }

    /// 7 or 8.
    pub fn data_bits(self) -> u8 {
        self.data_bits
    }

    /// The check bit of each byte.
    pub fn parity(self) -> Parity {
        self.parity
    }

    /// 1 or 2.
    pub fn stop_bits(self) -> u8 {
        self.stop_bits
    }

    /// How the machine says "wait".
    pub fn flow(self) -> Flow {
        self.flow
    }
}

impl Default for SerialSettings {
    fn default() -> Self {
        Self { baud: 9600, data_bits: 8, parity: Parity::None, stop_bits: 1, flow: Flow::None }
    }
}

/// The check bit of each byte on a serial line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Parity {
    /// No check bit.
    None,
    /// An even number of ones.
    Even,
    /// An odd number of ones.
    Odd,
}

/// How a machine on a serial line says "wait".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Flow {
    /// It does not.
    None,
    /// By the RTS and CTS wires.
    Hardware,
    /// By the bytes XON and XOFF.
    Software,
}

/// A machine on the network.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TcpAddress {
    host: String,
    port: u16,
}

impl TcpAddress {
    /// A name, an IPv4 or an IPv6 address (without brackets).
    pub fn host(&self) -> &str {
        &self.host
    }

    /// 1 to 65535.
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl fmt::Display for TcpAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

/// A device node or a file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FileAddress {
    path: String,
}

impl FileAddress {
    /// The path as it was written.
    pub fn path(&self) -> &str {
        &self.path
    }
}

/// The twin of a machine, inside this program.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TwinAddress {
    name: String,
}

impl TwinAddress {
    /// Its name: letters, digits, `-` and `_`.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// What can be wrong with the text of an address; each says how to write it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// It does not begin with `serial:`, `tcp:` or `file:`.
    #[error("\"{text}\" does not say how the device is connected: write it like {EXAMPLES}")]
    NoConnection {
        /// What was given.
        text: String,
    },
    /// Nothing follows the kind of connection.
    #[error("the address does not say where the device is: write it like {EXAMPLES}")]
    NoPlace,
    /// A line break or another character that no name holds.
    #[error("the address holds a character that cannot be seen: type it again, like {EXAMPLES}")]
    InvisibleCharacter,
    /// A serial port has no such setting.
    #[error(
        "a serial port has no setting \"{name}\": use baud, data, parity, stop and flow, like \
         {SERIAL_EXAMPLE}"
    )]
    UnknownSetting {
        /// What was given.
        name: String,
    },
    /// The same setting twice.
    #[error("\"{name}\" is there twice: keep one of them, like {SERIAL_EXAMPLE}")]
    SettingTwice {
        /// Its name.
        name: &'static str,
    },
    /// A setting's value is none of those that exist.
    #[error("{name}={value} does not exist: {name} is {allowed}, like {SERIAL_EXAMPLE}")]
    BadSetting {
        /// Its name.
        name: &'static str,
        /// What was given.
        value: String,
        /// The values that exist.
        allowed: &'static str,
    },
    /// A twin's name with other characters.
    #[error("\"{name}\" is no twin's name: use letters, digits, - and _, like twin:front-printer")]
    BadTwin {
        /// What was given.
        name: String,
    },
    /// Not a USB machine.
    #[error(
        "\"{path}\" is no USB device: write it like serial:usb:0403:6001:A50285BI (vendor, product \
         and serial number)"
    )]
    BadUsb {
        /// What was given.
        path: String,
    },
    /// Not a host name or IP address.
    #[error(
        "\"{host}\" is not a name or address on a network: write it like tcp:192.168.1.20:9100, \
         or tcp:[fe80::1]:9100 for IPv6"
    )]
    BadHost {
        /// What was given.
        host: String,
    },
    /// Not a port number.
    #[error("\"{port}\" is not a port: it is a number from 1 to 65535, like tcp:192.168.1.20:9100")]
    BadPort {
        /// What was given.
        port: String,
    },
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        if text.chars().any(char::is_control) {
            return Err(AddressError::InvisibleCharacter);
        }
        let no_connection = || AddressError::NoConnection { text: text.to_owned() };
        let (scheme, place) = text.split_once(':').ok_or_else(no_connection)?;
        let place = place.trim();
        match scheme.to_ascii_lowercase().as_str() {
            "serial" => read_serial(place),
            "tcp" => read_tcp(place),
            "twin" => read_twin(place),
            "file" if place.is_empty() => Err(AddressError::NoPlace),
            "file" => Ok(Self::File(FileAddress { path: place.to_owned() })),
            _ => Err(no_connection()),
        }
    }
}

fn read_twin(place: &str) -> Result<Address, AddressError> {
    if place.is_empty() {
        return Err(AddressError::NoPlace);
    }
    if place.len() > 40 || !place.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)) {
        return Err(AddressError::BadTwin { name: place.to_owned() });
    }
    Ok(Address::Twin(TwinAddress { name: place.to_owned() }))
}

fn read_serial(place: &str) -> Result<Address, AddressError> {
    let (path, settings) = match place.split_once('?') {
        Some((path, settings)) => (path.trim_end(), read_settings(settings)?),
        None => (place, SerialSettings::default()),
    };
    if path.is_empty() {
        return Err(AddressError::NoPlace);
    }
    if Usb::is_meant(path) && path.parse::<Usb>().is_err() {
        return Err(AddressError::BadUsb { path: path.to_owned() });
    }
    Ok(Address::Serial(SerialAddress { path: path.to_owned(), settings }))
}

fn read_settings(text: &str) -> Result<SerialSettings, AddressError> {
    let mut settings = SerialSettings::default();
    let mut seen = Vec::new();
    for pair in text.split('&') {
        let (given, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (given, value) = (given.trim(), value.trim());
        let Some(name) =
            ["baud", "data", "parity", "stop", "flow"].into_iter().find(|known| *known == given)
        else {
            return Err(AddressError::UnknownSetting { name: given.to_owned() });
        };
        if seen.contains(&name) {
            return Err(AddressError::SettingTwice { name });
        }
        seen.push(name);
        let bad = |allowed| AddressError::BadSetting { name, value: value.to_owned(), allowed };
        match name {
            "baud" => {
                settings.baud = read_number(value)
                    .filter(|baud| BAUD.contains(baud))
                    .ok_or_else(|| bad("a speed such as 9600, 19200, 38400 or 115200"))?;
            }
            "data" => {
                settings.data_bits =
                    one_of(value, [("7", 7), ("8", 8)]).ok_or_else(|| bad("7 or 8"))?;
            }
            "stop" => {
                settings.stop_bits =
                    one_of(value, [("1", 1), ("2", 2)]).ok_or_else(|| bad("1 or 2"))?;
            }
            "parity" => {
                settings.parity = Parity::parse(value).ok_or_else(|| bad("none, even or odd"))?;
            }
            _ => {
                settings.flow =
                    Flow::parse(value).ok_or_else(|| bad("none, hardware or software"))?;
            }
        }
    }
    Ok(settings)
}

fn read_tcp(place: &str) -> Result<Address, AddressError> {
    // People know the form tcp://host:port from elsewhere.
    let place = place.strip_prefix("//").unwrap_or(place);
    if place.is_empty() {
        return Err(AddressError::NoPlace);
    }
    let bad_host = || AddressError::BadHost { host: place.to_owned() };
    let (host, port) = if let Some(rest) = place.strip_prefix('[') {
        let (host, after) = rest.split_once(']').ok_or_else(bad_host)?;
        host.parse::<Ipv6Addr>().map_err(|_| bad_host())?;
        let port = after.strip_prefix(':');
        if port.is_none() && !after.is_empty() {
            return Err(bad_host());
        }
        (host, port)
    } else {
        let (host, port) =
            place.split_once(':').map_or((place, None), |(host, port)| (host, Some(port)));
        let fits_a_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        // A second colon is an IPv6 address without brackets: no telling which part is the port.
        let unbracketed = port.is_some_and(|port| port.contains(':'));
        if host.is_empty() || unbracketed || !host.chars().all(fits_a_name) {
            return Err(bad_host());
        }
        (host, port)
    };
    let port = match port {
        None => RAW_PRINTING_PORT,
        Some(port) => read_number(port)
            .filter(|port| *port > 0)
            .ok_or_else(|| AddressError::BadPort { port: port.to_owned() })?,
    };
    Ok(Address::Tcp(TcpAddress { host: host.to_owned(), port }))
}

/// A plain decimal number: unlike [`str::parse`], no sign.
fn read_number<T: FromStr>(text: &str) -> Option<T> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn one_of<T, const N: usize>(value: &str, choices: [(&str, T); N]) -> Option<T> {
    choices.into_iter().find(|(word, _)| *word == value).map(|(_, choice)| choice)
}

impl Parity {
    fn parse(word: &str) -> Option<Self> {
        [Self::None, Self::Even, Self::Odd].into_iter().find(|parity| parity.word() == word)
    }

    fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Even => "even",
            Self::Odd => "odd",
        }
    }
}

impl Flow {
    fn parse(word: &str) -> Option<Self> {
        [Self::None, Self::Hardware, Self::Software].into_iter().find(|flow| flow.word() == word)
    }

    fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Hardware => "hardware",
            Self::Software => "software",
        }
    }
}

impl fmt::Display for Address {
    /// Settings that are at their default are left out; a network port never is.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Serial(serial) => {
                let (set, usual) = (serial.settings, SerialSettings::default());
                let settings = [
                    (set.baud != usual.baud).then(|| format!("baud={}", set.baud)),
                    (set.data_bits != usual.data_bits).then(|| format!("data={}", set.data_bits)),
                    (set.parity != usual.parity).then(|| format!("parity={}", set.parity.word())),
                    (set.stop_bits != usual.stop_bits).then(|| format!("stop={}", set.stop_bits)),
                    (set.flow != usual.flow).then(|| format!("flow={}", set.flow.word())),
                ];
                let settings: Vec<String> = settings.into_iter().flatten().collect();
                let mark = if settings.is_empty() { "" } else { "?" };
                write!(f, "serial:{}{mark}{}", serial.path, settings.join("&"))
            }
            Self::Tcp(tcp) => write!(f, "tcp:{tcp}"),
            Self::File(file) => write!(f, "file:{}", file.path),
            Self::Twin(twin) => write!(f, "twin:{}", twin.name),
        }
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.to_string()
    }
}

impl TryFrom<String> for Address {
    type Error = AddressError;
    fn try_from(text: String) -> Result<Self, AddressError> {
        text.parse()
    }
}
