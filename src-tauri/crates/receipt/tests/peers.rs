//! Other programs read what we wrote. Each test names the program that it needs and passes over
//! itself, saying so, where that is not installed.

use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;

use countertop_receipt::pdf::{self, Paper};
use countertop_receipt::{Kind, ReceiptDoc};

use crate::common::{Outcome, letterhead, receipt, sale};
use crate::reports::{credit_slip, deposit_slip};

/// Runs a program and gives what it says; none if it is not installed.
fn run(program: &str, arguments: &[&str]) -> Result<Option<String>, Box<dyn std::error::Error>> {
    match Command::new(program).args(arguments).output() {
        Ok(output) if output.status.success() => Ok(Some(String::from_utf8(output.stdout)?)),
        Ok(output) => Err(format!("{program}: {}", String::from_utf8_lossy(&output.stderr)).into()),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            println!("passed over: {program} is not installed");
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

fn text(path: &Path) -> Result<String, Box<dyn std::error::Error>> {
    Ok(path.to_str().ok_or("a path that is not text")?.to_owned())
}

/// The receipt as a file in a folder of its own.
fn file(
    doc: &ReceiptDoc,
    paper: Paper,
) -> Result<(tempfile::TempDir, String), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("receipt.pdf");
    std::fs::write(&path, pdf::render(doc, paper)?.bytes)?;
    let path = text(&path)?;
    Ok((folder, path))
}

#[test]
fn the_same_sale_gives_the_same_pdf_to_the_byte() -> Outcome {
    for paper in [Paper::Roll80, Paper::A4] {
        let once = pdf::render(&receipt(Kind::Original)?, paper)?;
        let again = pdf::render(&receipt(Kind::Original)?, paper)?;
        assert!(once.bytes.starts_with(b"%PDF-"));
        assert!(once.bytes == again.bytes, "{paper:?}");
        assert!(once.bytes.len() < 60_000, "fonts are subsets: {} bytes", once.bytes.len());
    }
    Ok(())
}

#[test]
fn a_pdf_holds_every_script_in_the_order_of_its_readers() -> Outcome {
    let mut sale = sale()?;
    sale.lines[0].name = "抹茶 Чай Ωμέγα 🍵".to_owned();
    sale.lines[1].name = "شاي أخضر".to_owned();
    sale.lines[2].name = "ชาเขียว".to_owned();
    let doc = ReceiptDoc::of_sale(&sale, &letterhead(), Kind::Original);
    assert_eq!(pdf::render(&doc, Paper::Roll80)?.unprintable, ['🍵']);
    let (_folder, path) = file(&doc, Paper::Roll80)?;
    let Some(text) = run("pdftotext", &["-layout", &path, "-"])? else { return Ok(()) };
    for wanted in ["抹茶 Чай Ωμέγα \u{fffd}", "شاي أخضر", "ชาเขียว"]
    {
        let bare = |text: &str| text.replace(['\u{202b}', '\u{202c}', '\u{202a}'], "");
        assert!(bare(&text).contains(wanted), "{wanted}\n{text}");
    }
    if let Some(fonts) = run("pdffonts", &[&path])? {
        for font in ["CTARAB", "CTTHAI", "CTCJKV"] {
            assert!(fonts.contains(font), "{fonts}");
        }
    }
    assert!(std::fs::metadata(&path)?.len() < 80_000, "fonts are subsets");
    Ok(())
}

#[test]
fn the_text_of_a_pdf_can_be_copied_out() -> Outcome {
    for paper in [Paper::Roll80, Paper::A4] {
        let (_folder, path) = file(&receipt(Kind::Copy)?, paper)?;
        let Some(text) = run("pdftotext", &["-layout", &path, "-"])? else { return Ok(()) };
        let rows: Vec<String> = text
            .lines()
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect();
        for wanted in [
            "COPY",
            "12, rue des Écoles",
            "Served by Zoë Łaska",
            "Comté, 18 months 2.56",
            "0.642 kg x 3.98/kg",
            "List price 45.00 (Glaze flaw)",
            "Total EUR 46.51",
            "Cash received 30.00",
            "VAT 20% 32.71 6.54",
        ] {
            assert!(rows.iter().any(|row| row == wanted), "{paper:?}: {wanted}\n{text}");
        }
    }
    Ok(())
}

#[test]
fn a_pdf_carries_its_fonts_as_subsets() -> Outcome {
    let (_folder, path) = file(&receipt(Kind::Original)?, Paper::A4)?;
    let Some(fonts) = run("pdffonts", &[&path])? else { return Ok(()) };
    let rows: Vec<Vec<&str>> =
        fonts.lines().skip(2).map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(rows.len(), 2, "{fonts}");
    for row in rows {
        let tail: Vec<&str> = row.iter().rev().skip(2).take(3).copied().collect();
        assert_eq!(tail, ["yes"; 3], "embedded, subset, with Unicode: {fonts}");
    }
    Ok(())
}

#[test]
fn a_pdf_is_as_large_as_its_paper() -> Outcome {
    let size = |doc: &ReceiptDoc, paper| -> Result<_, Box<dyn std::error::Error>> {
        let (_folder, path) = file(doc, paper)?;
        Ok(run("pdfinfo", &[&path])?.map(|info| {
            let value = |name| info.lines().find_map(|line| line.strip_prefix(name));
            let word = |name| value(name).unwrap_or_default().trim().to_owned();
            (word("Page size:"), word("Pages:"), word("Title:"), word("CreationDate:"))
        }))
    };
    let doc = receipt(Kind::Original)?;
    let Some((sheet, pages, title, _)) = size(&doc, Paper::A4)? else { return Ok(()) };
    assert!(sheet.contains("A4"), "{sheet}");
    assert_eq!((pages.as_str(), title.as_str()), ("1", "Receipt T1-1042"));

    let mut sale = sale()?;
    sale.lines = sale.lines.iter().cycle().take(400).cloned().collect();
    let long = ReceiptDoc::of_sale(&sale, &letterhead(), Kind::Original);
    let Some((roll, pages, ..)) = size(&long, Paper::Roll80)? else { return Ok(()) };
    assert!(roll.starts_with("226.77 x 1"), "{roll}");
    assert_eq!(pages, "1");
    let Some((_, pages, ..)) = size(&long, Paper::A4)? else { return Ok(()) };
    assert!(pages.parse::<u32>()? > 5, "{pages}");
    Ok(())
}

/// What a scanner reads of a document on paper; none if the programs for it are not installed.
fn scanned(
    doc: &ReceiptDoc,
    paper: Paper,
) -> Result<Option<Vec<String>>, Box<dyn std::error::Error>> {
    let (folder, path) = file(doc, paper)?;
    let picture = text(&folder.path().join("page"))?;
    if run("pdftoppm", &["-r", "203", "-png", "-singlefile", &path, &picture])?.is_none() {
        return Ok(None);
    }
    let codes = run("zbarimg", &["--quiet", &format!("{picture}.png")])?;
    Ok(codes.map(|codes| codes.lines().map(str::to_owned).collect()))
}

#[test]
fn scanners_read_the_codes_of_a_pdf() -> Outcome {
    let qr =
        "QR-Code:T1-1042 | 2026-11-23 15:08 | 46.51 EUR | 019ab000-0000-7000-8000-000000000001";
    let credit = ["QR-Code:SC-4F7K-22Q9", "CODE-128:SC-4F7K-22Q9"];
    for paper in [Paper::Roll80, Paper::A4] {
        for (doc, wanted) in [
            (receipt(Kind::Original)?, vec![qr, "CODE-128:T1-1042"]),
            (credit_slip(), credit.to_vec()),
            (deposit_slip()?, vec!["CODE-128:O-17"]),
        ] {
            let Some(codes) = scanned(&doc, paper)? else { return Ok(()) };
            for one in wanted {
                assert!(codes.iter().any(|code| code == one), "{paper:?}: {one} in {codes:?}");
            }
        }
    }
    Ok(())
}
