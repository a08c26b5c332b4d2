//! Ports by the machine on them: vendor, product and serial number of USB.

use std::fmt;
use std::str::FromStr;

use serialport::{SerialPortInfo, SerialPortType};

/// What a name of this kind begins with.
const SCHEME: &str = "usb:";

/// A USB machine: `usb:0403:6001:A50285BI`. Without a serial number it is any of its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Usb {
    vendor: u16,
    product: u16,
    serial: Option<String>,
}

impl Usb {
    /// True for the form of such a name, right or wrong.
    pub(crate) fn is_meant(path: &str) -> bool {
        path.get(..SCHEME.len()).is_some_and(|start| start.eq_ignore_ascii_case(SCHEME))
    }

    /// The machine on a port; none if it has no serial number, which alone tells two of them apart.
    pub(super) fn on(port: &SerialPortInfo) -> Option<Self> {
        let SerialPortType::UsbPort(usb) = &port.port_type else { return None };
        let serial = usb.serial_number.clone().filter(|serial| is_serial(serial))?;
        Some(Self { vendor: usb.vid, product: usb.pid, serial: Some(serial) })
    }

    /// The ports that it is on now.
    fn among<'a>(&self, ports: &'a [SerialPortInfo]) -> Vec<&'a str> {
        let fits = |port: &&SerialPortInfo| match &port.port_type {
            SerialPortType::UsbPort(usb) => {
                (usb.vid, usb.pid) == (self.vendor, self.product)
                    && (self.serial.is_none() || self.serial == usb.serial_number)
            }
            _ => false,
        };
        ports
            .iter()
            // macOS lists each port twice; opening the one under tty waits for a carrier.
            .filter(|port| !port.port_name.starts_with("/dev/tty."))
            .filter(fits)
            .map(|port| port.port_name.as_str())
            .collect()
    }

    /// The one port that it is on among `ports`.
    ///
    /// # Errors
    /// None, or how many.
    pub(super) fn port(&self, ports: &[SerialPortInfo]) -> Result<String, usize> {
        match self.among(ports)[..] {
            [port] => Ok(port.to_owned()),
            ref others => Err(others.len()),
        }
    }
}

impl FromStr for Usb {
    type Err = ();

    fn from_str(path: &str) -> Result<Self, ()> {
        let mut parts = path.get(SCHEME.len()..).ok_or(())?.splitn(3, ':');
        let mut number = || {
            let digits = parts.next().filter(|digits| digits.len() == 4).ok_or(())?;
            u16::from_str_radix(digits, 16).map_err(|_| ())
        };
        let (vendor, product) = (number()?, number()?);
        let serial = parts.next().map(str::to_owned);
        let right = Self::is_meant(path) && serial.as_deref().is_none_or(is_serial);
        right.then_some(Self { vendor, product, serial }).ok_or(())
    }
}

/// What an address can hold: no `?`, which begins its settings, and nothing that cannot be seen.
fn is_serial(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'?')
}

impl fmt::Display for Usb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{SCHEME}{:04x}:{:04x}", self.vendor, self.product)?;
        match &self.serial {
            Some(serial) => write!(f, ":{serial}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serialport::{SerialPortInfo, SerialPortType, UsbPortInfo};

    use super::Usb;

    fn port(name: &str, vid: u16, pid: u16, serial: Option<&str>) -> SerialPortInfo {
        let usb = UsbPortInfo {
            vid,
            pid,
            serial_number: serial.map(str::to_owned),
            manufacturer: None,
            product: None,
        };
        SerialPortInfo { port_name: name.to_owned(), port_type: SerialPortType::UsbPort(usb) }
    }

    #[test]
    fn a_machine_is_found_on_whatever_port_it_is_plugged_into() {
        let named = |name: &str| name.parse::<Usb>();
        let ports = |first, second| {
            [
                port(first, 0x0403, 0x6001, Some("A50285BI")),
                port(second, 0x0403, 0x6001, Some("A50285XX")),
                port("COM9", 0x1a86, 0x7523, None),
            ]
        };
        let find = |name, first, second| named(name).map(|usb| usb.port(&ports(first, second)));
        assert_eq!(find("usb:0403:6001:A50285BI", "COM3", "COM4"), Ok(Ok("COM3".to_owned())));
        assert_eq!(find("usb:0403:6001:A50285BI", "COM4", "COM3"), Ok(Ok("COM4".to_owned())));
        assert_eq!(find("usb:1A86:7523", "COM3", "COM4"), Ok(Ok("COM9".to_owned())));
        assert_eq!(find("usb:0403:6001", "COM3", "COM4"), Ok(Err(2)), "which of the two?");
        assert_eq!(find("usb:0403:6001:OTHER", "COM3", "COM4"), Ok(Err(0)));
        assert_eq!(
            Usb::on(&ports("COM3", "COM4")[0]).map(|usb| usb.to_string()),
            Some("usb:0403:6001:A50285BI".to_owned())
        );
        assert_eq!(Usb::on(&ports("COM3", "COM4")[2]), None);
        for wrong in ["usb:", "usb:403:6001", "usb:0403", "usb:0403:6001:", "usb:zzzz:6001:A"] {
            assert!(named(wrong).is_err(), "{wrong}");
        }
    }
}
