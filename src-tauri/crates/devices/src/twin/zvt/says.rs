//! What a terminal's twin says, byte by byte.

use super::ledger::Charged;
use super::settings::ZvtTwinSettings;
use crate::zvt::apdu::Apdu;
use crate::zvt::field::counted;
use crate::zvt::{bcd, text, tlv};

/// `04 0F` for a payment that went well.
pub(super) fn success(settings: &ZvtTwinSettings, charged: &Charged) -> Apdu {
    let [month, day, hour, minute, second] = charged.at;
    let pair = |number: u64| bcd::write::<1>(number).unwrap_or_default();
    let mut data = vec![0x27, 0x00, 0x04];
    data.extend(bcd::write::<6>(charged.amount).unwrap_or_default());
    data.extend([0x49]);
    data.extend(bcd::write::<2>(settings.currency.numeric().into()).unwrap_or_default());
    data.push(0x0B);
    data.extend(bcd::write::<3>(charged.trace.into()).unwrap_or_default());
    if let Some(trace) = charged.takes_back {
        data.push(0x37);
        data.extend(bcd::write::<3>(trace.into()).unwrap_or_default());
    }
    data.push(0x0C);
    data.extend([pair(hour), pair(minute), pair(second)].concat());
    data.push(0x0D);
    data.extend([pair(month), pair(day)].concat());
    // Expiry, sequence, kind of payment, and the card's number with all but its end covered.
    data.extend([0x0E, 0x28, 0x12, 0x17, 0x00, 0x01, 0x19, 0x70]);
    data.extend(counted::<2>(0x22, &[0xEE, 0xEE, 0xEE, 0xEE, 0xEE, 0xEE, 0x47, 0x11]));
    data.extend(terminal(settings));
    data.push(0x2A);
    data.extend(b"100461763      ");
    data.push(0x3B);
    data.extend(
        bcd::write::<3>(charged.trace.into())
            .map_or_else(Vec::new, |_| format!("{:06}\0\0", charged.trace).into_bytes()),
    );
    data.push(0x87);
    data.extend(bcd::write::<2>(charged.receipt.into()).unwrap_or_default());
    data.extend([0x88, 0x00, 0x00, 0x01, 0x8A, 0x05]);
    data.extend(counted::<2>(0x8B, b"girocard\0"));
    data.extend(tlv::container(&[tlv::write(
        0x60,
        &tlv::write(0x43, &[0xA0, 0x00, 0x00, 0x03, 0x59, 0x10, 0x10, 0x02]),
    )]));
    Apdu::new(0x04, 0x0F, &data)
}

/// `04 0F` for a payment that came to nothing.
pub(super) fn failure(settings: &ZvtTwinSettings, code: u8, words: &str) -> Apdu {
    let mut data = vec![0x27, code];
    data.extend(terminal(settings));
    data.extend(counted::<3>(0x3C, &text::write(words)));
    Apdu::new(0x04, 0x0F, &data)
}

/// `04 0F` at the end of a day.
pub(super) fn totals(settings: &ZvtTwinSettings, total: u64) -> Apdu {
    let mut data = vec![0x27, 0x00, 0x04];
    data.extend(bcd::write::<6>(total).unwrap_or_default());
    data.push(0x49);
    data.extend(bcd::write::<2>(settings.currency.numeric().into()).unwrap_or_default());
    data.extend(counted::<3>(0x60, &[0; 49]));
    Apdu::new(0x04, 0x0F, &data)
}

/// `04 FF`, with how many minutes it may take from now on.
pub(super) fn progress(code: u8, minutes: Option<u8>, words: &str) -> Apdu {
    let mut data = vec![code];
    if let Some(minutes) = minutes.and_then(|minutes| bcd::write::<1>(minutes.into())) {
        data.extend(minutes);
    }
    if !words.is_empty() {
        data.extend(tlv::container(&[tlv::write(0x24, &tlv::write(0x07, &text::write(words)))]));
    }
    Apdu::new(0x04, 0xFF, &data)
}

/// `06 0F` after signing on.
pub(super) fn signed_on(settings: &ZvtTwinSettings) -> Apdu {
    let mut data = vec![0x19, 0x00];
    data.extend(terminal(settings));
    data.push(0x49);
    data.extend(bcd::write::<2>(settings.currency.numeric().into()).unwrap_or_default());
    Apdu::new(0x06, 0x0F, &data)
}

fn terminal(settings: &ZvtTwinSettings) -> Vec<u8> {
    let number = settings.terminal.parse().unwrap_or_default();
    [vec![0x29], bcd::write::<4>(number).unwrap_or_default().to_vec()].concat()
}

/// The slips of a payment, the shop's and the customer's: line by line, or in blocks.
pub(super) fn slips(settings: &ZvtTwinSettings, charged: &Charged, blocks: bool) -> Vec<Apdu> {
    let slip = |whose: &str| {
        vec![
            "  Händlerbeleg & Kundenbeleg".to_owned(),
            whose.to_owned(),
            format!("Terminal  {}", settings.terminal),
            format!("Beleg {:04}  TA {:06}", charged.receipt, charged.trace),
            "Karte ************4711".to_owned(),
            format!(
                "{} {},{:02}",
                settings.currency.code(),
                charged.amount / 100,
                charged.amount % 100
            ),
        ]
    };
    let slips = [(1, slip("HÄNDLER")), (2, slip("KUNDE"))];
    if blocks {
        return slips.into_iter().map(|(kind, lines)| block(kind, &lines)).collect();
    }
    slips.into_iter().flat_map(|(_, lines)| single_lines(&lines)).collect()
}

fn block(kind: u8, lines: &[String]) -> Apdu {
    let mut texts: Vec<Vec<u8>> =
        lines.iter().map(|line| tlv::write(0x07, &text::write(line))).collect();
    texts.push(tlv::write(0x09, &[0x81]));
    let container =
        tlv::container(&[tlv::write(0x1F07, &[kind]), tlv::write(0x25, &texts.concat())]);
    Apdu::new(0x06, 0xD3, &container)
}

fn single_lines(lines: &[String]) -> Vec<Apdu> {
    let last = lines.len().saturating_sub(1);
    lines
        .iter()
        .enumerate()
        .map(|(at, line)| {
            let mut data = vec![if at == last { 0x81 } else { 0x00 }];
            data.extend(text::write(line));
            Apdu::new(0x06, 0xD1, &data)
        })
        .collect()
}
