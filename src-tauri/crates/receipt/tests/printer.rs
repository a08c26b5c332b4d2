//! What a receipt printer does with the bytes, read by a reader that shares no code with the
//! encoder.

use std::collections::BTreeMap;

use proptest::prelude::{
    ProptestConfig, TestCaseError, any, prop_assert, prop_assert_eq, proptest,
};

use countertop_domain::credit::{AccountPayment, CreditKind};
use countertop_domain::customer::CustomerRef;
use countertop_domain::sale::Sale;
use countertop_receipt::escpos::{self, DrawerPin, Printed, Profile, open_drawer};
use countertop_receipt::report::{ShiftFacts, Stage, of_shift};
use countertop_receipt::slip::{Credit, of_account_payment, of_cancel, of_credit, of_deposit};
use countertop_receipt::{Kind, Letterhead, ReceiptDoc, SaleNames, html, text};

use crate::common::shifts::{account_payment, cancelled, deposit, facts, opened, order, totals};
use crate::common::till::{AT, Tried, eur};
use crate::common::wire::{Seen, read};
use crate::common::{Outcome, letterhead, receipt, sale, sales};
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

/// How often the printer does what; text, lines that are drawn, the ends of its lines and the choice
/// of letters aside.
fn deeds(
    bytes: &[u8],
) -> Result<BTreeMap<(&'static str, Vec<u8>), u32>, crate::common::wire::NotEscPos> {
    let mut deeds = BTreeMap::new();
    for seen in read(bytes)? {
        if let Seen::Command(name, data) = seen
            && name != "raster"
        {
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

/// Every kind of document with these words wherever a person's, a file's or another system's words
/// can stand.
fn every_document(words: &[String; 4]) -> Tried<Vec<ReceiptDoc>> {
    let [first, second, third, fourth] = words.clone();
    let paper = Letterhead { shop: first.clone(), ..letterhead() };
    let mut docs = Vec::new();
    for (_, mut sale) in sales::all()? {
        for line in &mut sale.lines {
            line.name = first.clone();
            line.gift_card = line.gift_card.as_ref().map(|_| second.clone());
            line.return_reason = third.clone();
            if let Some(origin) = &mut line.origin {
                origin.receipt = fourth.clone();
            }
            for one in &mut line.adjustments {
                one.name = second.clone();
            }
        }
        for tender in &mut sale.tenders {
            tender.reference = Some(third.clone());
            tender.name = Some(fourth.clone());
        }
        if let Some(customer) = &mut sale.customer {
            customer.name = first.clone();
            customer.tax_id = Some(second.clone());
        }
        let names = SaleNames { order: Some(&third), position: Some(&fourth) };
        docs.push(ReceiptDoc::of_sale_named(&sale, names, &paper, Kind::Copy));
        docs.push(ReceiptDoc::gift_of_sale(&sale, &paper, Kind::Original));
    }
    let mut totals = totals()?;
    for row in &mut totals.tenders {
        row.name = Some(second.clone());
    }
    for row in &mut totals.taxes {
        (row.name, row.rate) = (third.clone(), fourth.clone());
    }
    let open = opened();
    let about = ShiftFacts { register: &first, opened_by: &fourth, ..facts(&open) };
    let stage = Stage::Open { totals: &totals, at: AT, by: &second, blind: false };
    docs.push(of_shift(&about, stage, &paper, Kind::Original)?);
    let mut held = order();
    held.customer = held.customer.map(|one| CustomerRef { name: second.clone(), ..one });
    docs.push(of_deposit(&held, &[], &deposit(1, 100)?, &paper, Kind::Original)?);
    docs.push(of_cancel(&held, &[], &cancelled()?, &paper, Kind::Copy)?);
    let paid = AccountPayment { name: third.clone(), ..account_payment()? };
    docs.push(of_account_payment(&paid, eur(5000), &paper, Kind::Original)?.copied(&paper.words));
    let customer = Some(third.as_str());
    docs.push(of_credit(
        &Credit {
            kind: CreditKind::GiftCard,
            code: "GC-1",
            value: eur(1000),
            balance: Some(eur(500)),
            customer,
            receipt: Some(&fourth),
            at: AT,
            by: &first,
        },
        &paper,
        Kind::Original,
    ));
    Ok(docs)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn no_word_on_any_document_becomes_a_printer_command(
        words in [name(), name(), name(), name()],
    ) {
        let failed = |error: Box<dyn std::error::Error>| TestCaseError::fail(error.to_string());
        let words = words.map(|word| format!("x{word}"));
        let benign = [(); 4].map(|()| "x".to_owned());
        let docs = every_document(&words).map_err(failed)?;
        for (hostile, benign) in docs.iter().zip(every_document(&benign).map_err(failed)?) {
            let job = |doc| escpos::print(doc, &Profile::epson_80mm(), false).bytes;
            prop_assert_eq!(deeds(&job(hostile))?, deeds(&job(&benign))?);
            for line in text::render(hostile, 24).lines() {
                prop_assert!(unicode_width::UnicodeWidthStr::width(line) <= 24, "{:?}", line);
            }
        }
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

fn printed_text(bytes: &[u8]) -> Result<Vec<u8>, crate::common::wire::NotEscPos> {
    let text = |seen| match seen {
        Seen::Text(text) => Some(text),
        _ => None,
    };
    Ok(read(bytes)?.into_iter().filter_map(text).flatten().collect())
}

#[test]
fn a_line_that_no_code_page_has_is_drawn_and_the_others_stay_text() -> Outcome {
    let words = ["抹茶 €2 − “x”", "", "", "Zoë Łaska", "x", ""].map(str::to_owned);
    let printed = job(&words, &Profile::epson_80mm(), false)?;
    assert_eq!(printed.unprintable, []);
    let text = printed_text(&printed.bytes)?;
    let has = |wanted: &[u8]| text.windows(wanted.len()).any(|bytes| bytes == wanted);
    // Table 18 has the seller's name.
    assert!(has(b"Zo\x89 \x9daska"));
    assert!(!has(b"\x802"), "the whole line is a picture");
    let pictures: Vec<_> = read(&printed.bytes)?
        .into_iter()
        .filter_map(|seen| match seen {
            Seen::Command("raster", data) => Some(data),
            _ => None,
        })
        .collect();
    assert_eq!(pictures.len(), 1);
    // One row of text, as wide as the paper: its amount stands at the right edge.
    assert_eq!(pictures[0].len(), 2 + 30 * 576 / 8);
    Ok(())
}

#[test]
fn a_printer_that_takes_no_pictures_prints_a_question_mark_and_reports_it() -> Outcome {
    let words = ["抹茶 €2 − “x”", "", "", "Zoë Łaska", "x", ""].map(str::to_owned);
    let plain = Profile { raster: false, ..Profile::epson_80mm() };
    let printed = job(&words, &plain, false)?;
    assert_eq!(printed.unprintable, ['抹', '茶']);
    let text = printed_text(&printed.bytes)?;
    let has = |wanted: &[u8]| text.windows(wanted.len()).any(|bytes| bytes == wanted);
    // The euro and the quotes both stand in table 16, the minus in none.
    assert!(has(b"?? \x802 - \x93x\x94"));
    Ok(())
}

#[test]
fn a_pictogram_is_an_empty_box_and_reported() -> Outcome {
    let words = ["Tea 🍵", "", "", "", "x", ""].map(str::to_owned);
    assert_eq!(job(&words, &Profile::epson_80mm(), false)?.unprintable, ['🍵']);
    Ok(())
}

#[test]
fn a_printer_without_codes_prints_what_they_say() -> Outcome {
    let plain = Profile {
        qr: false,
        barcode: false,
        raster: false,
        code_pages: Vec::new(),
        ..Profile::epson_58mm()
    };
    let printed = escpos::print(&receipt(Kind::Original)?, &plain, false);
    let seen = read(&printed.bytes)?;
    let listed = crate::common::wire::listing(&printed.bytes)?;
    assert!(listed.contains("|T1-1042 | 2026-11-23 15:08 |"), "{listed}");
    assert!(!seen.iter().any(|seen| matches!(seen, Seen::Command("barcode" | "2d code", _))));
    assert!(!seen.iter().any(|seen| matches!(seen, Seen::CodeTable(_))));
    assert!(matches!(seen.last(), Some(Seen::Command("feed", _))), "it has no knife");
    Ok(())
}

#[test]
fn a_receipt_in_arabic_is_laid_out_from_the_right() -> Outcome {
    let mut paper = letterhead();
    paper.words.language = "ar".to_owned();
    paper.words.total = "المجموع".to_owned();
    let doc = ReceiptDoc::of_sale(&sale()?, &paper, Kind::Original);
    let page = text::render(&doc, 48);
    let total = page.lines().find(|line| line.contains("المجموع")).ok_or("no total")?;
    assert!(total.starts_with("EUR 46.51") && total.ends_with("المجموع"), "{total:?}");
    assert!(html::page(&doc).contains("lang=\"ar\" dir=\"rtl\""));
    // What a code page has stays text, and stands at the left.
    let bytes = escpos::print(&doc, &Profile::epson_80mm(), false).bytes;
    let amount = read(&bytes)?.into_iter().any(|seen| match seen {
        Seen::Text(text) => text.starts_with(b"2.56 "),
        _ => false,
    });
    assert!(amount);
    Ok(())
}
