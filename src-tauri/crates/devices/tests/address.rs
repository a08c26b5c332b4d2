//! An address can be typed, kept, and read again; a bad one says how to write it.

use countertop_devices::{Address, AddressError, Flow, Parity};
use proptest::prelude::{Strategy, any, prop_oneof, proptest};

type Outcome = Result<(), Box<dyn std::error::Error>>;

#[test]
fn a_serial_port_is_9600_8n1_unless_said_otherwise() -> Outcome {
    let Address::Serial(usual) = "serial:COM3".parse()? else { return Err("not serial".into()) };
    assert_eq!(usual.path(), "COM3");
    let set = usual.settings();
    assert_eq!((set.baud(), set.data_bits(), set.stop_bits()), (9600, 8, 1));
    assert_eq!((set.parity(), set.flow()), (Parity::None, Flow::None));

    let text = "serial:/dev/ttyUSB0?baud=19200&data=7&parity=even&stop=2&flow=hardware";
    let Address::Serial(odd) = text.parse()? else { return Err("not serial".into()) };
    assert_eq!(odd.path(), "/dev/ttyUSB0");
    let set = odd.settings();
    assert_eq!((set.baud(), set.data_bits(), set.stop_bits()), (19200, 7, 2));
    assert_eq!((set.parity(), set.flow()), (Parity::Even, Flow::Hardware));
    assert_eq!(Address::Serial(odd).to_string(), text);
    Ok(())
}

#[test]
fn people_write_addresses_in_their_own_way() -> Outcome {
    for (typed, kept) in [
        (" TCP:192.168.1.20 ", "tcp:192.168.1.20:9100"),
        ("tcp://printer.local:9101", "tcp:printer.local:9101"),
        ("tcp:[fe80::1]", "tcp:[fe80::1]:9100"),
        ("serial: /dev/ttyUSB0 ?stop=1&baud=9600", "serial:/dev/ttyUSB0"),
        ("serial:COM3?flow=software", "serial:COM3?flow=software"),
        ("serial:usb:0403:6001:A5?baud=9600", "serial:usb:0403:6001:A5"),
        ("file:C:\\receipts\\front desk.bin", "file:C:\\receipts\\front desk.bin"),
        ("file:/dev/usb/lp0", "file:/dev/usb/lp0"),
    ] {
        assert_eq!(typed.parse::<Address>()?.to_string(), kept, "{typed}");
    }
    Ok(())
}

#[test]
fn a_malformed_address_says_how_to_write_it() {
    for (typed, part) in [
        ("", "serial:/dev/ttyUSB0"),
        ("COM3", "serial:COM3"),
        ("/dev/ttyUSB0", "serial:/dev/ttyUSB0"),
        ("192.168.1.20:9100", "tcp:192.168.1.20:9100"),
        ("usb:04b8:0202", "does not say how the device is connected"),
        ("serial:", "does not say where"),
        ("serial:?baud=9600", "does not say where"),
        ("tcp://", "does not say where"),
        ("file: ", "does not say where"),
        ("serial:usb:0403:A50285BI", "is no USB device"),
        ("serial:COM3?", "no setting \"\""),
        ("serial:COM3?speed=9600", "no setting \"speed\""),
        ("serial:COM3?baud=9600&baud=9600", "\"baud\" is there twice"),
        ("serial:COM3?baud=fast", "baud=fast does not exist: baud is a speed such as 9600"),
        ("serial:COM3?baud=0", "baud=0 does not exist"),
        ("serial:COM3?baud=+9600", "does not exist"),
        ("serial:COM3?baud", "baud= does not exist"),
        ("serial:COM3?data=9", "data is 7 or 8"),
        ("serial:COM3?parity=mark", "parity is none, even or odd"),
        ("serial:COM3?stop=0", "stop is 1 or 2"),
        ("serial:COM3?flow=yes", "flow is none, hardware or software"),
        ("tcp:192.168.1.20:0", "from 1 to 65535"),
        ("tcp:192.168.1.20:65536", "from 1 to 65535"),
        ("tcp:192.168.1.20:", "from 1 to 65535"),
        ("tcp:the printer", "is not a name or address"),
        ("tcp::9100", "is not a name or address"),
        ("tcp:fe80::1", "tcp:[fe80::1]:9100 for IPv6"),
        ("tcp:[fe80::1", "is not a name or address"),
        ("tcp:[fe80::1]9100", "is not a name or address"),
        ("tcp:[printer]:9100", "is not a name or address"),
        ("file:/tmp/a\nb", "cannot be seen"),
    ] {
        let message = match typed.parse::<Address>() {
            Ok(address) => format!("accepted as {address}"),
            Err(error) => error.to_string(),
        };
        assert!(message.contains(part), "{typed:?}: {message}");
    }
}

#[test]
fn a_setting_keeps_an_address_as_its_text() -> Outcome {
    let address: Address = serde_json::from_str("\"tcp:printer\"")?;
    assert_eq!(serde_json::to_string(&address)?, "\"tcp:printer:9100\"");
    let refused = serde_json::from_str::<Address>("\"printer\"");
    assert!(refused.is_err_and(|error| error.to_string().contains("write it like")));
    Ok(())
}

/// Every address that can be written, in its full form.
fn written() -> impl Strategy<Value = String> {
    let serial = (
        "[A-Za-z0-9_/.:\\\\-]{1,30}",
        50_u32..=4_000_000,
        7_u8..=8,
        proptest::sample::select(vec!["none", "even", "odd"]),
        1_u8..=2,
        proptest::sample::select(vec!["none", "hardware", "software"]),
    )
        .prop_map(|(path, baud, data, parity, stop, flow)| {
            format!("serial:{path}?baud={baud}&data={data}&parity={parity}&stop={stop}&flow={flow}")
        });
    let tcp = ("[a-z0-9._-]{1,30}", 1_u16..).prop_map(|(host, port)| format!("tcp:{host}:{port}"));
    let six = (any::<std::net::Ipv6Addr>(), 1_u16..)
        .prop_map(|(host, port)| format!("tcp:[{host}]:{port}"));
    let file = "[^\\pC\\s]([^\\pC]{0,30}[^\\pC\\s])?".prop_map(|path| format!("file:{path}"));
    prop_oneof![serial, tcp, six, file]
}

proptest! {
    #[test]
    fn an_address_reads_back_as_itself(text in written()) {
        let address: Address = text.parse()?;
        assert_eq!(address.to_string().parse(), Ok(address));
    }

    #[test]
    fn any_text_is_an_address_that_reads_back_or_an_error(text in "(serial:|tcp:|file:)?\\PC*") {
        if let Ok(address) = text.parse::<Address>() {
            let again: Result<Address, AddressError> = address.to_string().parse();
            assert_eq!(again, Ok(address));
        }
    }
}
