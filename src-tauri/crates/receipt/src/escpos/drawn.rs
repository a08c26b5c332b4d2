//! Lines and codes as pictures, for what the printer has no letters or no command for.

use crate::codes::{Bars, Qr};
use crate::columns::{Anchor, Cell, Style};
use crate::letters::{Canvas, Face, Glyph, shape, width};
use crate::wrap::width as columns_of;

use super::command::Bitmap;

/// The paper as a grid: so many columns on so many dots.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grid {
    pub(super) columns: usize,
    pub(super) dots: usize,
}

impl Grid {
    /// Dots of a column.
    fn unit(self) -> i64 {
        i64::try_from(self.dots / self.columns.max(1)).unwrap_or(1).max(4)
    }
}

/// How often as wide and as high as plain letters.
pub(super) const fn size(style: Style) -> (u8, u8) {
    match style {
        Style::Plain | Style::Bold => (1, 1),
        Style::Tall => (1, 2),
        Style::Large => (2, 2),
    }
}

/// A row as a picture. Its cells stand where the printer's own letters would; one that is wider
/// than its place is drawn narrower, so that nothing runs into its neighbour or off the paper.
pub(super) fn line(cells: &[Cell], style: Style, grid: Grid) -> Option<Bitmap> {
    let (wide, high) = size(style);
    let (wide, high) = (i64::from(wide), i64::from(high));
    let unit = grid.unit();
    let whole = i64::try_from(grid.columns).unwrap_or(0) * unit;
    // Letters are 0.6 em wide, so an em is five thirds of a column; a Chinese character is one em
    // and takes two columns.
    let em = |face: Face| match face {
        Face::Cjk => (2 * unit * wide, 2 * unit * high),
        _ => (unit * 5 * wide / 3, unit * 5 * high / 3),
    };
    let dots = |n: i64| usize::try_from(n).unwrap_or(0);
    let mut canvas = Canvas::new(dots(whole), dots(unit * 5 * high / 2));
    let base = unit * 7 * high / 4;
    let start = |cell: &Cell| i64::try_from(cell.at).unwrap_or(0) * unit * wide;
    let end =
        |cell: &Cell| i64::try_from(cell.at + columns_of(&cell.text)).unwrap_or(0) * unit * wide;
    for (place, cell) in cells.iter().enumerate() {
        let glyphs = shape(&cell.text, &Face::PRINTER);
        let natural = drawn_width(&glyphs, em);
        let before = place.checked_sub(1).and_then(|one| cells.get(one)).map_or(0, end);
        let after = cells.get(place + 1).map_or(whole, |next| start(next) - unit / 2);
        let room = match cell.anchor {
            Anchor::Left => after - start(cell),
            Anchor::Right => end(cell).min(whole) - before,
            Anchor::Centre => whole,
        };
        let taken = natural.min(room.max(1));
        let x = match cell.anchor {
            Anchor::Left => start(cell),
            Anchor::Right => end(cell).min(whole) - taken,
            Anchor::Centre => (whole - taken) / 2,
        };
        let squeezed = |face| {
            let (across, down) = em(face);
            (if natural > taken { (across * taken / natural).max(1) } else { across }, down)
        };
        canvas.draw(&glyphs, (x, base), squeezed, style != Style::Plain);
    }
    let (bytes, rows) = canvas.packed();
    Bitmap::new(bytes, rows)
}

fn drawn_width(glyphs: &[Glyph], em: impl Fn(Face) -> (i64, i64)) -> i64 {
    glyphs
        .chunk_by(|a, b| a.face == b.face)
        .map(|run| run.first().map_or(0, |glyph| width(run) * em(glyph.face).0) / 1000)
        .sum()
}

/// A bar code as a picture, in the middle of the paper.
pub(super) fn bars(code: &Bars, module: usize, height: usize, grid: Grid) -> Option<Bitmap> {
    let modules = usize::try_from(code.modules()).unwrap_or(usize::MAX);
    let left = grid.dots.checked_sub(modules.checked_mul(module)?)? / 2;
    let mut row = vec![false; left];
    for (place, width) in code.widths().into_iter().enumerate() {
        row.extend(vec![place % 2 == 0; usize::from(width) * module]);
    }
    picture(&vec![row; height])
}

/// A QR code as a picture, in the middle of the paper.
pub(super) fn qr(code: &Qr, module: usize, grid: Grid) -> Option<Bitmap> {
    let side = code.size() * module;
    let left = grid.dots.checked_sub(side)? / 2;
    let mut rows = vec![vec![false; left + side]; side];
    for (x, y, length) in code.runs() {
        for row in rows.iter_mut().skip(y * module).take(module) {
            row.iter_mut()
                .skip(left + x * module)
                .take(length * module)
                .for_each(|dot| *dot = true);
        }
    }
    picture(&rows)
}

fn picture(rows: &[Vec<bool>]) -> Option<Bitmap> {
    let bytes = rows.iter().map(Vec::len).max()?.div_ceil(8);
    let pack = |row: &Vec<bool>| {
        let mut packed = vec![0_u8; bytes];
        for (x, _) in row.iter().enumerate().filter(|(_, dot)| **dot) {
            if let Some(byte) = packed.get_mut(x / 8) {
                *byte |= 0x80 >> (x % 8);
            }
        }
        packed
    };
    Bitmap::new(u16::try_from(bytes).ok()?, rows.iter().flat_map(pack).collect())
}
