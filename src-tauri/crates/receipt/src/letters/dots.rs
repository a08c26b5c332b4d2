//! Glyphs as dots: black or white, for printers.

use ab_glyph::{Font, FontRef, GlyphId, PxScale, ScaleFont, point};

use super::face::Face;
use super::shape::Glyph;

/// Of a dot's area, what the glyph must cover to make it black: below a half, since thin strokes
/// fade on paper.
const BLACK: f32 = 0.42;

/// A rectangle of dots, white at first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Canvas {
    width: usize,
    height: usize,
    black: Vec<bool>,
}

impl Canvas {
    /// So many dots across and down.
    pub(crate) fn new(width: usize, height: usize) -> Self {
        Self { width, height, black: vec![false; width * height] }
    }

    fn blacken(&mut self, x: i64, y: i64) {
        let place = |n: i64, end| usize::try_from(n).ok().filter(|n| *n < end);
        if let (Some(x), Some(y)) = (place(x, self.width), place(y, self.height))
            && let Some(dot) = self.black.get_mut(y * self.width + x)
        {
            *dot = true;
        }
    }

    /// Draws `glyphs` from `x` on, standing on the line `base`. `em` says how many dots an em of a
    /// font is across and down. What does not fit is cut off.
    pub(crate) fn draw(
        &mut self,
        glyphs: &[Glyph],
        (x, base): (i64, i64),
        em: impl Fn(Face) -> (i64, i64),
        bold: bool,
    ) {
        let mut pen = x * 1000;
        for glyph in glyphs {
            let (across, down) = em(glyph.face);
            let left = (pen + glyph.right * across + 500) / 1000;
            let line = base - (glyph.up * down + 500) / 1000;
            for (dx, dy) in dots(glyph, across, down) {
                self.blacken(left + dx, line + dy);
                if bold {
                    self.blacken(left + dx + 1, line + dy);
                }
            }
            pen += glyph.advance * across;
        }
    }

    /// Eight dots a byte, the leftmost in the highest bit; as many bytes a row as reach the last
    /// black dot, at least one.
    pub(crate) fn packed(&self) -> (u16, Vec<u8>) {
        let rows = || self.black.chunks(self.width.max(1));
        let last = rows().filter_map(|row| row.iter().rposition(|dot| *dot)).max().unwrap_or(0);
        let bytes = last / 8 + 1;
        let packed = rows()
            .flat_map(|row| {
                let mut row = row.iter().copied();
                std::iter::from_fn(move || {
                    let first = row.next()?;
                    let rest = (0..7).map(|_| row.next().unwrap_or(false));
                    Some(
                        std::iter::once(first).chain(rest).fold(0, |b, dot| b << 1 | u8::from(dot)),
                    )
                })
                .take(bytes)
            })
            .collect();
        (u16::try_from(bytes).unwrap_or(u16::MAX), packed)
    }
}

/// The black dots of a glyph, from where it stands.
fn dots(glyph: &Glyph, across: i64, down: i64) -> Vec<(i64, i64)> {
    let mut black = Vec::new();
    let Ok(font) = FontRef::try_from_slice(glyph.face.file()) else { return black };
    // The library counts the size from the highest to the lowest point, not in ems.
    let em = font.units_per_em().unwrap_or(1000.0);
    let size = |dots: i64| {
        let dots = f32::from(i16::try_from(dots).unwrap_or(i16::MAX));
        dots * font.height_unscaled() / em
    };
    let scale = PxScale { x: size(across), y: size(down) };
    debug_assert!(font.as_scaled(scale).height() > 0.0);
    let placed = GlyphId(glyph.id).with_scale_and_position(scale, point(0.0, 0.0));
    let Some(outline) = font.outline_glyph(placed) else { return black };
    let corner = outline.px_bounds().min;
    #[allow(clippy::cast_possible_truncation, reason = "a glyph is a few hundred dots large")]
    let (left, top) = (corner.x as i64, corner.y as i64);
    outline.draw(|x, y, cover| {
        if cover >= BLACK {
            black.push((left + i64::from(x), top + i64::from(y)));
        }
    });
    black
}

#[cfg(test)]
mod tests {
    use super::Canvas;
    use crate::letters::{Face, shape};

    #[test]
    fn a_letter_stands_on_its_line_within_its_column() {
        let mut canvas = Canvas::new(24, 30);
        canvas.draw(&shape("HI", &Face::PRINTER), (0, 21), |_| (20, 20), false);
        let (bytes, rows) = canvas.packed();
        assert_eq!((bytes, rows.len()), (3, 90));
        let black = |y: usize| rows[y * 3..y * 3 + 3] != [0; 3];
        let (top, bottom) = ((0..30).find(|y| black(*y)), (0..30).rev().find(|y| black(*y)));
        assert_eq!((top, bottom), (Some(7), Some(20)));
    }

    #[test]
    fn an_empty_line_is_one_white_byte_wide() {
        assert_eq!(Canvas::new(20, 2).packed(), (1, vec![0, 0]));
    }
}
