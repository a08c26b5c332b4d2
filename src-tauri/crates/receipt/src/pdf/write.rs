//! Pages as a file. Whole hundredths of a point become the library's floating points here and
//! nowhere else.

use std::collections::BTreeSet;

use countertop_domain::time::Timestamp;
use lopdf::{Object, StringFormat};
use printpdf::{
    Codepoint, Color, FontId, Greyscale, LinePoint, OffsetDateTime, Op, PaintMode, ParsedFont,
    PdfDocument, PdfDocumentInfo, PdfFont, PdfFontHandle, PdfMetadata, PdfPage,
    PdfParseErrorSeverity, PdfSaveOptions, Point, Polygon, PolygonRing, Pt, Rect, TextItem,
    TextMatrix, WindingOrder, to_lopdf_doc,
};

use crate::doc::{Kind, ReceiptDoc};
use crate::letters::{Face, Glyph};

use super::face::Font;
use super::pages::Page;
use super::sheet::{Draw, Tone};
use super::{Length, Paper, PdfError};

/// Puts the file together.
pub(super) fn write(doc: &ReceiptDoc, pages: Vec<Page>, paper: Paper) -> Result<Vec<u8>, PdfError> {
    let mut used = BTreeSet::new();
    let pages = pages.into_iter().map(|sheet| page(sheet, &mut used)).collect();
    let mut pdf = PdfDocument {
        metadata: PdfMetadata { info: info(doc), xmp: None },
        pages,
        ..PdfDocument::default()
    };
    for face in used {
        let font = ParsedFont::from_bytes(face.file(), 0, &mut Vec::new()).ok_or(PdfError::Font)?;
        pdf.resources.fonts.map.insert(font_id(face), PdfFont::new(font));
    }
    let mut warnings = Vec::new();
    let options = PdfSaveOptions { image_optimization: None, ..PdfSaveOptions::default() };
    let mut file = to_lopdf_doc(&pdf, &options, &mut warnings);
    let error = warnings.iter().find(|w| w.severity == PdfParseErrorSeverity::Error);
    if let Some(warning) = error {
        return Err(PdfError::Write { reason: warning.msg.clone() });
    }
    let failed = |error: &dyn std::fmt::Display| PdfError::Write { reason: error.to_string() };
    // The library makes the file's id up; the sale has one.
    let id = Object::String(file_id(doc, paper).into_bytes(), StringFormat::Literal);
    file.trailer.set("ID", Object::Array(vec![id.clone(), id]));
    let language = Object::String(doc.language.clone().into_bytes(), StringFormat::Literal);
    file.catalog_mut().map_err(|error| failed(&error))?.set("Lang", language);
    file.compress();
    let mut bytes = Vec::new();
    file.save_to(&mut bytes).map_err(|error| failed(&error))?;
    Ok(bytes)
}

fn file_id(doc: &ReceiptDoc, paper: Paper) -> String {
    let kind = match doc.kind {
        Kind::Original => "original",
        Kind::Copy => "copy",
    };
    let paper = match paper {
        Paper::Roll80 => "roll80",
        Paper::A4 => "a4",
    };
    format!("{}-{kind}-{paper}", doc.id)
}

fn info(doc: &ReceiptDoc) -> PdfDocumentInfo {
    let Timestamp { utc_ms, .. } = doc.issued;
    let date = OffsetDateTime::from_unix_timestamp(utc_ms.div_euclid(1000))
        .unwrap_or_else(|_| OffsetDateTime::epoch());
    PdfDocumentInfo {
        creation_date: date,
        modification_date: date,
        metadata_date: date,
        document_title: doc.title.clone(),
        author: doc.shop.clone(),
        creator: "Countertop".to_owned(),
        producer: "Countertop".to_owned(),
        identifier: doc.id.clone(),
        ..PdfDocumentInfo::default()
    }
}

/// Six capital letters: readers show them before the name of a subset.
fn font_id(face: Face) -> FontId {
    let id = match face {
        Face::Sans => "CTREGU",
        Face::SansBold => "CTBOLD",
        Face::Mono => "CTMONO",
        Face::Arabic => "CTARAB",
        Face::Hebrew => "CTHEBR",
        Face::Thai => "CTTHAI",
        Face::Devanagari => "CTDEVA",
        Face::Armenian => "CTARMN",
        Face::Georgian => "CTGEOR",
        Face::Cjk => "CTCJKV",
    };
    FontId(id.to_owned())
}

fn page(page: Page, used: &mut BTreeSet<Face>) -> PdfPage {
    let paper = Rect::from_wh(points(page.width), points(page.height));
    let mut ops = Vec::new();
    for draw in page.draws {
        match draw {
            Draw::Boxes { tone, boxes } => {
                ops.push(Op::SetFillColor { col: colour(tone) });
                ops.push(Op::DrawPolygon { polygon: polygon(&boxes, page.height) });
            }
            Draw::Text { x, y, font, tone, text } => {
                ops.extend([Op::StartTextSection, Op::SetFillColor { col: colour(tone) }]);
                show(&text, font, (x, page.height - y), used, &mut ops);
                ops.push(Op::EndTextSection);
            }
        }
    }
    PdfPage { media_box: paper.clone(), trim_box: paper.clone(), crop_box: paper, ops }
}

/// Text of one font that runs from left to right goes in as text; all other glyph by glyph.
fn show(
    text: &str,
    font: Font,
    (x, y): (Length, Length),
    used: &mut BTreeSet<Face>,
    ops: &mut Vec<Op>,
) {
    let glyphs = font.glyphs(text);
    let set = |face| Op::SetFont {
        font: PdfFontHandle::External(font_id(face)),
        size: points(font.size),
    };
    let at = |x, y| Op::SetTextMatrix { matrix: TextMatrix::Translate(points(x), points(y)) };
    let mut pen = 0;
    let simple = |face| matches!(face, Face::Sans | Face::SansBold);
    if glyphs.iter().all(|glyph| simple(glyph.face)) {
        if let Some(glyph) = glyphs.first() {
            used.insert(glyph.face);
            let items = vec![TextItem::Text(text.to_owned())];
            ops.extend([set(glyph.face), at(x, y), Op::ShowText { items }]);
        }
        return;
    }
    let mut face = None;
    for glyph in glyphs {
        if face != Some(glyph.face) {
            face = Some(glyph.face);
            used.insert(glyph.face);
            ops.push(set(glyph.face));
        }
        let Glyph { id, advance, right, up, text, .. } = glyph;
        let place = |thousandths| thousandths * font.size / 1000;
        let code = Codepoint { gid: id, offset: 0.0, cid: Some(text) };
        let items = vec![TextItem::GlyphIds(vec![code])];
        ops.extend([at(x + place(pen + right), y + place(up)), Op::ShowText { items }]);
        pen += advance;
    }
}

fn colour(tone: Tone) -> Color {
    Color::Greyscale(match tone {
        Tone::Black => Greyscale::new(0.0, None),
        Tone::Grey => Greyscale::new(0.35, None),
    })
}

/// All boxes as one path, so that neighbours leave no hairline between them.
fn polygon(boxes: &[[Length; 4]], height: Length) -> Polygon {
    let rings = boxes.iter().map(|[x, y, w, h]| {
        let corner = |x: Length, y: Length| LinePoint {
            p: Point { x: points(x), y: points(height - y) },
            bezier: false,
        };
        let points =
            vec![corner(*x, *y), corner(x + w, *y), corner(x + w, y + h), corner(*x, y + h)];
        PolygonRing { points }
    });
    Polygon { rings: rings.collect(), mode: PaintMode::Fill, winding_order: WindingOrder::NonZero }
}

/// Points from hundredths. No page is larger than 14,400 points, so nothing saturates.
fn points(hundredths: Length) -> Pt {
    let whole = i16::try_from(hundredths / 100).unwrap_or(i16::MAX);
    let rest = i16::try_from(hundredths % 100).unwrap_or(0);
    Pt(whole.into()) + Pt(rest.into()) / 100.0
}
