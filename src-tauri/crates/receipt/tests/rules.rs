//! What a receipt says, on any medium.

use proptest::prelude::{ProptestConfig, Strategy, any, prop_assert, prop_assert_eq, proptest};
use unicode_width::UnicodeWidthStr;

use countertop_domain::money::{Currency, Money, MoneyError};
use countertop_domain::sale::Sale;
use countertop_domain::tax::TaxMode;
use countertop_receipt::pdf::{self, Paper};
use countertop_receipt::{Block, ItemRow, Kind, Letterhead, ReceiptDoc, html, text};

use crate::common::{Outcome, letterhead, receipt, sale};

fn eur(minor: i64) -> Result<Money, MoneyError> {
    Money::new(minor, Currency::EUR)
}

fn rows(sale: &Sale) -> Vec<String> {
    let doc = ReceiptDoc::of_sale(sale, &letterhead(), Kind::Original);
    let line = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    text::render(&doc, 64).lines().map(line).collect()
}

fn items(doc: &ReceiptDoc) -> Vec<&ItemRow> {
    doc.blocks
        .iter()
        .filter_map(|block| match block {
            Block::Item(item) => Some(item),
            _ => None,
        })
        .collect()
}

#[test]
fn a_lowered_price_shows_the_list_price_and_the_reason() -> Outcome {
    let doc = receipt(Kind::Original)?;
    let details: Vec<_> = items(&doc).into_iter().map(|item| item.details.clone()).collect();
    assert_eq!(details[0], ["2 x 2.35"]);
    assert_eq!(details[1], ["0.642 kg x 3.98/kg"]);
    let teapot = ["1 x 39.00", "List price 45.00 (Glaze flaw)", "Note: Gift wrap, please"];
    assert_eq!(details[2], teapot);
    assert_eq!(details[3], [""; 0], "one piece at its list price needs no more words");
    Ok(())
}

#[test]
fn an_item_without_a_list_price_shows_none() -> Outcome {
    let mut sale = sale()?;
    sale.lines[3].list_price = None;
    sale.lines[3].price_reason = Some(String::new());
    let doc = ReceiptDoc::of_sale(&sale, &letterhead(), Kind::Original);
    assert_eq!(items(&doc)[3].details, [""; 0]);
    Ok(())
}

#[test]
fn a_tax_on_top_stands_between_subtotal_and_total_and_nowhere_else() -> Outcome {
    let mut sale = sale()?;
    for sum in &mut sale.taxes {
        sum.tax.mode = TaxMode::Exclusive;
        sum.tax.name = "Sales tax".to_owned();
    }
    let rows = rows(&sale);
    let at = |wanted: &str| rows.iter().position(|row| row == wanted).ok_or(wanted.to_owned());
    // 4.45 + 2.43 + 32.50 + 0.21 = 39.59, and with the taxes 46.51.
    let order = [
        at("Oat milk 1 l 4.45")?,
        at("Paper bag 0.21")?,
        at("Subtotal 39.59")?,
        at("Sales tax 5.5% on 6.88 0.38")?,
        at("Sales tax 20% on 32.71 6.54")?,
        at("Total EUR 46.51")?,
    ];
    assert!(order.is_sorted(), "{rows:?}");
    assert!(!rows.iter().any(|row| row.starts_with("Tax included")));
    Ok(())
}

#[test]
fn change_is_shown_only_if_there_is_any() -> Outcome {
    let mut sale = sale()?;
    assert!(rows(&sale).contains(&"Change 3.49".to_owned()));
    assert!(rows(&sale).contains(&"Cash received 30.00".to_owned()));
    sale.change = eur(0)?;
    assert!(!rows(&sale).iter().any(|row| row.starts_with("Change")));
    Ok(())
}

#[test]
fn a_copy_says_so_at_both_ends_and_an_original_never() -> Outcome {
    let copies = |doc: &ReceiptDoc| {
        text::render(doc, 32).lines().filter(|line| line.contains("*** COPY ***")).count()
    };
    assert_eq!(copies(&receipt(Kind::Copy)?), 2);
    assert_eq!(copies(&receipt(Kind::Original)?), 0);
    Ok(())
}

#[test]
fn the_words_and_numbers_are_the_shops_own() -> Outcome {
    let mut german = letterhead();
    german.words.total = "Summe".to_owned();
    german.numbers.decimal = ',';
    german.numbers.group = Some('.');
    german.numbers.currency.sign = Some("€".to_owned());
    german.numbers.currency.before = false;
    let text = text::render(&ReceiptDoc::of_sale(&sale()?, &german, Kind::Original), 32);
    assert!(text.contains("\nSumme                    46,51 €\n"), "{text}");
    assert!(text.contains("0,642 kg x 3,98/kg"), "{text}");
    assert!(text.contains("VAT 5,5%"), "{text}");
    Ok(())
}

#[test]
fn a_document_survives_storage() -> Outcome {
    let doc = receipt(Kind::Copy)?;
    let stored = serde_json::to_string(&doc)?;
    assert_eq!(serde_json::from_str::<ReceiptDoc>(&stored)?, doc);
    Ok(())
}

/// Names as they come from web shops: anything at all.
pub(crate) fn name() -> impl Strategy<Value = String> {
    proptest::collection::vec(
        proptest::prop_oneof![
            4 => proptest::char::range(' ', '~'),
            2 => any::<char>(),
            2 => proptest::char::range('\0', '\u{9f}'),
            1 => proptest::char::range('\u{4e00}', '\u{9fff}'),
            1 => proptest::char::range('\u{300}', '\u{36f}'),
        ],
        0..60,
    )
    .prop_map(|chars| chars.into_iter().collect())
}

proptest! {
    // Each case draws a QR code or lays out a receipt: enough cases, within a few seconds.
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_line_is_wider_than_the_paper(
        columns in 20_usize..=64,
        names in [name(), name(), name(), name(), name()],
        minor in -Money::MAX_MINOR..=Money::MAX_MINOR,
    ) {
        let mut sale = sale()?;
        let [shop, item, reason, note, seller] = names;
        let paper = Letterhead { shop, ..letterhead() };
        sale.total = eur(minor)?;
        sale.taxes[0].base = sale.total;
        sale.lines[0].name = item;
        sale.lines[0].total = sale.total;
        sale.lines[2].price_reason = Some(reason);
        sale.lines[2].note = Some(note);
        sale.actor.name = seller;
        let text = text::render(&ReceiptDoc::of_sale(&sale, &paper, Kind::Copy), columns);
        for line in text.lines() {
            prop_assert!(line.width() <= columns, "{} > {columns}: {line:?}", line.width());
        }
    }
}

/// A receipt with these words wherever a person's words stand.
fn spoken(words: &[String; 3]) -> Result<ReceiptDoc, serde_json::Error> {
    let mut sale = sale()?;
    let [shop, item, note] = words.clone();
    sale.receipt.series = note.clone();
    sale.lines[0].name = item;
    sale.lines[2].note = Some(note);
    let paper = Letterhead { shop: shop.clone(), footer: vec![shop], ..letterhead() };
    Ok(ReceiptDoc::of_sale(&sale, &paper, Kind::Original))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_receipt_name_can_never_become_markup(words in [name(), name(), name()]) {
        let words = words.map(|word| format!("x{word}<b onload='\"'>&amp;"));
        // The series is part of the codes: a bar code may be left out, and a QR code may grow.
        let tags = |words| -> Result<_, serde_json::Error> {
            let page = html::page(&spoken(words)?);
            let (text, _) = page.split_once("<svg").unwrap_or((&page, ""));
            Ok(text.matches(['<', '>', '"', '\'']).map(str::to_owned).collect::<Vec<_>>())
        };
        prop_assert_eq!(tags(&words)?, tags(&["x", "x", "x"].map(str::to_owned))?);
        let page = html::page(&spoken(&words)?);
        prop_assert!(!page.contains("<b "));
        prop_assert!(page.chars().all(|c| c == '\n' || !c.is_control()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn no_name_keeps_a_pdf_from_being_made(words in [name(), name(), name()]) {
        for paper in [Paper::Roll80, Paper::A4] {
            prop_assert!(pdf::render(&spoken(&words)?, paper)?.bytes.starts_with(b"%PDF-"));
        }
    }
}
