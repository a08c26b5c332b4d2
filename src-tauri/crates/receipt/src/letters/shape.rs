//! From text as it is stored to glyphs as they stand: order of reading, choice of font, joining.

use std::collections::BTreeSet;
use std::ops::Range;

use rustybuzz::{BufferClusterLevel, Direction, UnicodeBuffer};
use unicode_bidi::BidiInfo;
use unicode_normalization::char::is_combining_mark;

use super::face::Face;

/// A glyph and where it stands, in thousandths of an em.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Glyph {
    pub(crate) face: Face,
    pub(crate) id: u16,
    /// How far the next one stands from this one.
    pub(crate) advance: i64,
    /// Moved so far to the right of its place.
    pub(crate) right: i64,
    /// Moved so far up.
    pub(crate) up: i64,
    /// The characters that it stands for; none for a second glyph of the same.
    pub(crate) text: String,
}

/// How wide the glyphs are together, in thousandths of an em.
pub(crate) fn width(glyphs: &[Glyph]) -> i64 {
    glyphs.iter().map(|glyph| glyph.advance).sum()
}

/// The glyphs of one line of text, from left to right. Each character takes the first of `faces`
/// that has it; what none has is left out, so ask [`Face::has`] before.
pub(crate) fn shape(text: &str, faces: &[Face]) -> Vec<Glyph> {
    let bidi = BidiInfo::new(text, None);
    let mut glyphs = Vec::new();
    for paragraph in &bidi.paragraphs {
        let (levels, runs) = bidi.visual_runs(paragraph, paragraph.range.clone());
        for run in runs {
            let right_to_left = levels.get(run.start).is_some_and(unicode_bidi::Level::is_rtl);
            let mut parts = by_face(text, run, faces);
            if right_to_left {
                parts.reverse();
            }
            for (face, range) in parts {
                join(text, range, face, right_to_left, &mut glyphs);
            }
        }
    }
    glyphs
}

/// Splits a run by the fonts that have its characters; a space or an accent stays with the font of
/// what is before it.
fn by_face(text: &str, run: Range<usize>, faces: &[Face]) -> Vec<(Face, Range<usize>)> {
    let mut parts: Vec<(Face, Range<usize>)> = Vec::new();
    let start = run.start;
    for (at, c) in text.get(run).unwrap_or_default().char_indices() {
        let range = start + at..start + at + c.len_utf8();
        let goes_with = c == ' ' || is_combining_mark(c) || matches!(c, '\u{200c}' | '\u{200d}');
        let last = parts.last_mut();
        if let Some((face, part)) = last
            && goes_with
            && face.has(c)
        {
            part.end = range.end;
            continue;
        }
        let Some(face) = faces.iter().copied().find(|face| face.has(c)) else { continue };
        match parts.last_mut() {
            Some((same, part)) if *same == face && part.end == range.start => part.end = range.end,
            _ => parts.push((face, range)),
        }
    }
    parts
}

fn join(text: &str, range: Range<usize>, face: Face, right_to_left: bool, out: &mut Vec<Glyph>) {
    let (Some(shaping), Some(part)) = (face.shaping(), text.get(range)) else { return };
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(part);
    buffer.set_cluster_level(BufferClusterLevel::MonotoneCharacters);
    buffer.guess_segment_properties();
    buffer.set_direction(if right_to_left {
        Direction::RightToLeft
    } else {
        Direction::LeftToRight
    });
    let shaped = rustybuzz::shape(shaping, &[], buffer);
    let starts: BTreeSet<usize> =
        shaped.glyph_infos().iter().filter_map(|info| usize::try_from(info.cluster).ok()).collect();
    let mut told = BTreeSet::new();
    let em = |units: i32| i64::from(units) * 1000 / face.units();
    for (info, place) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()) {
        let start = usize::try_from(info.cluster).unwrap_or(0);
        let end = starts.range(start + 1..).next().copied().unwrap_or(part.len());
        let new = told.insert(start);
        let text = part.get(start..end).filter(|_| new).unwrap_or_default();
        out.push(Glyph {
            face,
            id: u16::try_from(info.glyph_id).unwrap_or(0),
            advance: em(place.x_advance),
            right: em(place.x_offset),
            up: em(place.y_offset),
            text: text.to_owned(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::{Face, shape, width};

    fn read(text: &str) -> String {
        shape(text, &Face::PRINTER).iter().map(|glyph| glyph.text.as_str()).collect()
    }

    #[test]
    fn hebrew_runs_from_right_to_left_and_numbers_do_not() {
        assert_eq!(read("תה 15"), "15 הת");
        assert_eq!(read("Tea (ירוק)"), "Tea (קורי)");
    }

    #[test]
    fn arabic_letters_join() {
        let whole = shape("شاي", &Face::PRINTER);
        let alone: Vec<u16> = ["ي", "ا", "ش"]
            .iter()
            .flat_map(|letter| shape(letter, &Face::PRINTER))
            .map(|glyph| glyph.id)
            .collect();
        let joined: Vec<u16> = whole.iter().map(|glyph| glyph.id).collect();
        assert_eq!(joined.len(), 3);
        assert_ne!(joined, alone, "each letter has the form of its place");
        // Lam and alif are one glyph.
        assert_eq!(shape("لا", &Face::PRINTER).len(), 1);
    }

    #[test]
    fn thai_marks_stand_over_their_letter() {
        let marks = shape("ที่", &Face::PRINTER);
        assert_eq!(marks.iter().filter(|glyph| glyph.advance > 0).count(), 1, "{marks:?}");
        assert_eq!(width(&marks), marks.iter().map(|glyph| glyph.advance).max().unwrap_or(0));
    }

    #[test]
    fn printer_letters_are_as_wide_as_their_columns() {
        assert_eq!(width(&shape("Total", &Face::PRINTER)), 5 * 600);
        assert_eq!(width(&shape("茶", &Face::PRINTER)), 1000);
    }
}
