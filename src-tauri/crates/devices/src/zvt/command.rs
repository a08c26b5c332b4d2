//! What a register says.

use super::apdu::Apdu;
use super::{bcd, tlv};

/// The six digits that a terminal wants before some commands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Password(pub(crate) [u8; 3]);

/// Puts `06 20` to the question for the last payment: as a status, and not on paper.
const AS_STATUS: u8 = 0x01;
const NOT_PRINTED: u8 = 0x02;

/// `06 00`: signs on. `wishes` are the bits of the configuration byte.
pub(crate) fn registration(
    password: Password,
    wishes: u8,
    currency: u16,
    blocks: Option<u8>,
) -> Option<Apdu> {
    let mut data = password.0.to_vec();
    data.push(wishes);
    data.extend(bcd::write::<2>(currency.into())?);
    if let Some(width) = blocks {
        data.extend(tlv::container(&[
            tlv::write(0x26, &tlv::write(0x0A, &[0x06, 0xD3])),
            tlv::write(0x12, &[width]),
        ]));
    }
    Some(Apdu::new(0x06, 0x00, &data))
}

/// `06 01`: the card pays. `mirror` holds the number of the receipt that is known as the last one,
/// or says that none is known.
pub(crate) fn authorisation(amount: u64, currency: u16, mirror: Option<Mirror>) -> Option<Apdu> {
    let mut data = money(amount, currency)?;
    if let Some(Mirror(receipt)) = mirror {
        // Never zero: a terminal would take it for a number that is behind its own.
        let number = match receipt.filter(|receipt| *receipt > 0) {
            Some(receipt) => bcd::write::<2>(receipt.into())?.to_vec(),
            None => Vec::new(),
        };
        data.extend(tlv::container(&[tlv::write(0x1F1F, &number)]));
    }
    Some(Apdu::new(0x06, 0x01, &data))
}

/// The last receipt number that the register knows, if any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mirror(pub(crate) Option<u32>);

/// `06 30`: takes a payment back.
pub(crate) fn reversal(password: Password, receipt: u32, amount: u64) -> Option<Apdu> {
    let mut data = password.0.to_vec();
    data.push(0x87);
    data.extend(bcd::write::<2>(receipt.into())?);
    data.push(0x04);
    data.extend(bcd::write::<6>(amount)?);
    Some(Apdu::new(0x06, 0x30, &data))
}

/// `06 31`: the card is given money.
pub(crate) fn refund(password: Password, amount: u64, currency: u16) -> Option<Apdu> {
    let mut data = password.0.to_vec();
    data.extend(money(amount, currency)?);
    Some(Apdu::new(0x06, 0x31, &data))
}

fn money(amount: u64, currency: u16) -> Option<Vec<u8>> {
    let mut data = vec![0x04];
    data.extend(bcd::write::<6>(amount)?);
    data.push(0x49);
    data.extend(bcd::write::<2>(currency.into())?);
    Some(data)
}

/// `06 B0`: stop.
pub(crate) fn abort() -> Apdu {
    Apdu::new(0x06, 0xB0, &[])
}

/// `05 01`: how are you.
pub(crate) fn status_enquiry(password: Password) -> Apdu {
    Apdu::new(0x05, 0x01, &password.0)
}

/// `06 70`: look after yourself.
pub(crate) fn diagnosis() -> Apdu {
    Apdu::new(0x06, 0x70, &[])
}

/// `06 20`: what was the last payment.
pub(crate) fn last_payment(password: Password) -> Apdu {
    repeat(password, AS_STATUS | NOT_PRINTED)
}

/// `06 20`: prints the last receipt again.
pub(crate) fn repeat_receipt(password: Password) -> Apdu {
    repeat(password, 0)
}

fn repeat(password: Password, service: u8) -> Apdu {
    let [a, b, c] = password.0;
    Apdu::new(0x06, 0x20, &[a, b, c, 0x03, service])
}

/// `06 50`: closes the day.
pub(crate) fn end_of_day(password: Password) -> Apdu {
    Apdu::new(0x06, 0x50, &password.0)
}

/// `06 02`: signs off.
pub(crate) fn log_off() -> Apdu {
    Apdu::new(0x06, 0x02, &[])
}

#[cfg(test)]
mod tests {
    use super::{
        Apdu, Mirror, Password, authorisation, last_payment, refund, registration, reversal,
        status_enquiry,
    };

    fn hex(apdu: Option<Apdu>) -> String {
        let bytes = apdu.map(|apdu| apdu.bytes()).unwrap_or_default();
        bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn every_command_has_the_bytes_of_the_standard() {
        let word = Password([0x12, 0x34, 0x56]);
        let none = None;
        for (command, bytes) in [
            (registration(word, 0xBA, 978, none), "06 00 06 12 34 56 BA 09 78"),
            (
                registration(word, 0x8E, 978, Some(32)),
                "06 00 11 12 34 56 8E 09 78 06 09 26 04 0A 02 06 D3 12 01 20",
            ),
            (authorisation(11_000, 978, None), "06 01 0A 04 00 00 00 01 10 00 49 09 78"),
            (
                authorisation(1, 756, Some(Mirror(Some(42)))),
                "06 01 11 04 00 00 00 00 00 01 49 07 56 06 05 1F 1F 02 00 42",
            ),
            // A number that nobody knows has no length; zero would be a number.
            (
                authorisation(1, 756, Some(Mirror(None))),
                "06 01 0F 04 00 00 00 00 00 01 49 07 56 06 03 1F 1F 00",
            ),
            (reversal(word, 42, 1610), "06 30 0D 12 34 56 87 00 42 04 00 00 00 00 16 10"),
            (refund(word, 300, 978), "06 31 0D 12 34 56 04 00 00 00 00 03 00 49 09 78"),
            (Some(last_payment(word)), "06 20 05 12 34 56 03 03"),
            (Some(status_enquiry(word)), "05 01 03 12 34 56"),
            (reversal(word, 10_000, 1), ""),
            (authorisation(1_000_000_000_000, 978, None), ""),
        ] {
            assert_eq!(hex(command), bytes);
        }
    }
}
