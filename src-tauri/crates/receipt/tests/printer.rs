//! What a receipt printer does with the bytes, read by a reader that shares no code with the
//! encoder.

use std::collections::BTreeMap;

use proptest::prelude::{ProptestConfig, any, prop_assert, prop_assert_eq, proptest};

use countertop_domain::sale::Sale;
use countertop_receipt::escpos::{self, DrawerPin, Printed, Profile, open_drawer};
use countertop_receipt::{Kind, Letterhead, ReceiptDoc};

use crate::common::wire::{Seen, read};
use crate::common::{Outcome, letterhead, receipt, sale};
use crate::rules::name;

/// Every place where a person's words reach the paper.
fn named(words: &[String; 6]) -> Result<(Sale, Letterhead), serde_json::Error> {
    let mut sale = sale()?;
    let mut paper = letterhead();
    let [item, reason, note, seller, shop, footer] = words.clone();
    sale.lines[0].name = item;
    sale.lines[2].price_reason = Some(reason);
    sale.lines[2].note = Some(note);
    sale.actor.name = seller;
    sale.taxes[0].tax.name = shop.clone();
    paper.shop = shop;
    paper.footer = vec![footer];
    Ok((sale, paper))
}

fn job(words: &[String; 6], profile: &Profile, drawer: bool) -> Result<Printed, serde_json::Error> {
    let (sale, paper) = named(words)?;
    Ok(escpos::print(&ReceiptDoc::of_sale(&sale, &paper, Kind::Original), profile, drawer))
}

/// How often the printer does what; text, the ends of its lines and the choice of letters aside.
fn deeds(
    bytes: &[u8],
) -> Result<BTreeMap<(&'static str, Vec<u8>), u32>, crate::common::wire::NotEscPos> {
    let mut deeds = BTreeMap::new();
    for seen in read(bytes)? {
        if let Seen::Command(name, data) = seen {
            *deeds.entry((name, data)).or_insert(0) += 1;
        }
    }
    Ok(deeds)
}

proptest! {
    // Each case draws a QR code or lays out a receipt: enough cases, within a few seconds.
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_receipt_name_can_never_become_a_printer_command(
        words in [name(), name(), name(), name(), name(), name()],
        narrow: bool,
        drawer: bool,
    ) {
        let profile = if narrow { Profile::epson_58mm() } else { Profile::epson_80mm() };
        // A shop without a printable name has no line to print large, so one letter stays.
        let words = words.map(|word| format!("x{word}"));
        let benign = [(); 6].map(|()| "x".to_owned());
        let hostile = job(&words, &profile, drawer)?.bytes;
        prop_assert_eq!(deeds(&hostile)?, deeds(&job(&benign, &profile, drawer)?.bytes)?);
        let kicks = read(&hostile)?.into_iter()
            .filter(|seen| matches!(seen, Seen::Command("drawer", _)))
            .count();
        prop_assert_eq!(kicks, usize::from(drawer));
        for seen in read(&hostile)? {
            if let Seen::CodeTable(table) = seen {
                prop_assert!(profile.code_pages.iter().any(|page| page.table == table));
            }
        }
    }

    #[test]
    fn no_printed_line_is_longer_than_the_paper(
        words in [name(), name(), name(), name(), name(), name()],
        columns in any::<u8>(),
    ) {
        let profile = Profile { columns, ..Profile::epson_80mm() };
        let limit = usize::from(columns).clamp(20, 64);
        let (mut used, mut wide) = (0, 1);
        for seen in read(&job(&words, &profile, false)?.bytes)? {
            match seen {
                Seen::Text(text) => used += text.len() * wide,
                Seen::LineFeed => used = 0,
                Seen::Command("size", data) => wide = usize::from(data[0] >> 4) + 1,
                _ => {}
            }
            prop_assert!(used <= limit, "{used} > {limit}");
        }
    }

    #[test]
    fn a_series_of_receipts_can_have_any_name(series in name()) {
        let mut sale = sale()?;
        sale.receipt.series = series;
        let doc = ReceiptDoc::of_sale(&sale, &letterhead(), Kind::Original);
        let mut deeds = deeds(&escpos::print(&doc, &Profile::epson_80mm(), true).bytes)?;
        deeds.retain(|(name, _), _| matches!(*name, "drawer" | "feed and cut"));
        let kick = ("drawer", vec![0, 0x19, 0xfa]);
        let cut = ("feed and cut", vec![0x42, 0]);
        prop_assert_eq!(deeds, BTreeMap::from([(kick, 1), (cut, 1)]));
    }
}

#[test]
fn the_drawer_opens_before_the_first_line_and_only_if_asked() -> Outcome {
    let doc = receipt(Kind::Original)?;
    let position = |drawer| -> Result<_, crate::common::wire::NotEscPos> {
        let seen = read(&escpos::print(&doc, &Profile::epson_80mm(), drawer).bytes)?;
        let kick = seen.iter().position(|seen| matches!(seen, Seen::Command("drawer", _)));
        let text = seen.iter().position(|seen| matches!(seen, Seen::Text(_)));
        Ok((kick, text))
    };
    let (kick, text) = position(true)?;
    assert!(kick.is_some() && kick < text, "{kick:?} {text:?}");
    assert_eq!(position(false)?.0, None);
    Ok(())
}

#[test]
fn a_pulse_is_five_bytes_so_that_nothing_after_it_is_swallowed() -> Outcome {
    let mut profile = Profile::epson_80mm();
    profile.drawer.pin = DrawerPin::Five;
    assert_eq!(open_drawer(&profile), [0x1b, 0x40, 0x1b, 0x70, 1, 0x19, 0xfa]);
    Ok(())
}

#[test]
fn what_no_code_page_has_is_printed_as_a_question_mark_and_reported() -> Outcome {
    let words = ["抹茶 €2 − “x”", "", "", "Zoë Łaska", "x", ""].map(str::to_owned);
    let printed = job(&words, &Profile::epson_80mm(), false)?;
    assert_eq!(printed.unprintable, ['Ł', '抹', '茶']);
    let text: Vec<u8> = read(&printed.bytes)?
        .into_iter()
        .filter_map(|seen| match seen {
            Seen::Text(text) => Some(text),
            _ => None,
        })
        .flatten()
        .collect();
    let has = |wanted: &[u8]| text.windows(wanted.len()).any(|bytes| bytes == wanted);
    // The euro and the quotes both stand in table 16, the minus in none.
    assert!(has(b"?? \x802 - \x93x\x94"));
    Ok(())
}

#[test]
fn a_printer_without_codes_prints_what_they_say() -> Outcome {
    let plain =
        Profile { qr: false, barcode: false, code_pages: Vec::new(), ..Profile::epson_58mm() };
    let printed = escpos::print(&receipt(Kind::Original)?, &plain, false);
    let seen = read(&printed.bytes)?;
    let listed = crate::common::wire::listing(&printed.bytes)?;
    assert!(listed.contains("|T1-1042 | 2026-11-23 15:08 |"), "{listed}");
    assert!(!seen.iter().any(|seen| matches!(seen, Seen::Command("barcode" | "2d code", _))));
    assert!(!seen.iter().any(|seen| matches!(seen, Seen::CodeTable(_))));
    assert!(matches!(seen.last(), Some(Seen::Command("feed", _))), "it has no knife");
    Ok(())
}
