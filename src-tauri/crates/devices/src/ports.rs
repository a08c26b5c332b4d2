//! The serial ports of this computer.

use std::fs;
use std::path::Path;

use serialport::SerialPortInfo;

use crate::address::Address;

mod usb;
mod watch;

pub(crate) use usb::Usb;
pub use watch::{PortChange, PortWatch};

/// Where Linux names each port after the machine on it.
const BY_ID: &str = "/dev/serial/by-id";

/// The addresses of the serial ports that are there now, sorted, with the usual settings:
/// `serial:/dev/ttyS0`. Where the system also names a port after the machine on it, that name is
/// used, because a number such as the 0 of ttyUSB0 changes from one plugging in to the next; where
/// it does not, and the machine has a serial number, `serial:usb:0403:6001:A50285BI`.
///
/// Pseudo-terminals and virtual ports may be missing, so let people type an address too. Asking can
/// take seconds (Bluetooth on Windows): not on the thread of a window.
pub fn serial_ports() -> Vec<String> {
    let found = serialport::available_ports().unwrap_or_default();
    let mut names = names_by_id(Path::new(BY_ID));
    names.extend(names_by_usb(&found, &names));
    addresses(found.into_iter().map(|port| port.port_name).collect(), &names)
}

/// The port that a serial address's path means now: itself, or the one that the USB machine is on.
///
/// # Errors
/// How many ports it could be: none, or several.
pub(crate) fn port_at(path: &str) -> Result<String, usize> {
    match path.parse::<Usb>() {
        Ok(usb) => usb.port(&serialport::available_ports().unwrap_or_default()),
        Err(()) => Ok(path.to_owned()),
    }
}

/// A name for each port of a USB machine that has no better one, and its port.
fn names_by_usb(ports: &[SerialPortInfo], named: &[(String, String)]) -> Vec<(String, String)> {
    let has_none = |port: &&SerialPortInfo| named.iter().all(|(_, name)| *name != port.port_name);
    let name = |port: &SerialPortInfo| {
        let usb = Usb::on(port)?;
        // A machine with two ports has one name for both.
        (usb.port(ports).as_ref() == Ok(&port.port_name))
            .then(|| (usb.to_string(), port.port_name.clone()))
    };
    ports.iter().filter(has_none).filter_map(name).collect()
}

/// Each name in `folder` and the port that it leads to.
fn names_by_id(folder: &Path) -> Vec<(String, String)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let name_and_port = |entry: fs::DirEntry| {
        let port = fs::canonicalize(entry.path()).ok()?;
        Some((entry.path().to_str()?.to_owned(), port.to_str()?.to_owned()))
    };
    entries.filter_map(name_and_port).collect()
}

fn addresses(mut ports: Vec<String>, names: &[(String, String)]) -> Vec<String> {
    // macOS lists each port twice; opening the one under tty waits for a modem's carrier.
    ports.retain(|port| !port.starts_with("/dev/tty."));
    ports.retain(|port| names.iter().all(|(_, named)| named != port));
    ports.extend(names.iter().map(|(name, _)| name.clone()));
    // A name that does not read back as an address of its own is of no use to anyone.
    let mut addresses: Vec<String> = ports
        .iter()
        .filter_map(|port| format!("serial:{port}").parse::<Address>().ok())
        .filter(|address| ports.contains(&address.place()))
        .map(|address| address.to_string())
        .collect();
    addresses.sort();
    addresses.dedup();
    addresses
}

#[cfg(test)]
mod tests {
    use super::{addresses, serial_ports};

    #[test]
    fn a_port_goes_by_the_name_that_survives_replugging() {
        let ports = ["/dev/ttyUSB0", "/dev/ttyS0"].map(str::to_owned).to_vec();
        let by_id = "/dev/serial/by-id/usb-EPSON_TM-T20-if00".to_owned();
        assert_eq!(
            addresses(ports, &[(by_id, "/dev/ttyUSB0".to_owned())]),
            ["serial:/dev/serial/by-id/usb-EPSON_TM-T20-if00", "serial:/dev/ttyS0"]
        );
    }

    #[test]
    fn a_port_on_a_mac_is_listed_once() {
        let ports = ["/dev/tty.usbserial-1", "/dev/cu.usbserial-1"].map(str::to_owned).to_vec();
        assert_eq!(addresses(ports, &[]), ["serial:/dev/cu.usbserial-1"]);
    }

    #[cfg(unix)]
    #[test]
    fn the_folder_of_names_is_followed_to_its_ports() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let (port, name) = (folder.path().join("ttyACM0"), folder.path().join("usb-Scale"));
        std::fs::write(&port, "")?;
        std::os::unix::fs::symlink("ttyACM0", &name)?;
        let named = super::names_by_id(folder.path());
        let port = std::fs::canonicalize(port)?;
        assert!(named.contains(&(name.display().to_string(), port.display().to_string())));
        Ok(())
    }

    #[test]
    fn every_port_of_this_computer_is_an_address() -> Result<(), crate::AddressError> {
        for port in serial_ports() {
            assert_eq!(port.parse::<crate::Address>()?.to_string(), port);
        }
        Ok(())
    }
}
