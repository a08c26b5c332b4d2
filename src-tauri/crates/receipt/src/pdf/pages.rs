//! Stacking pieces into pages.

use super::Length;
use super::sheet::{Draw, Metrics, Piece, Tone, regular};

/// A page: its size and what is drawn on it, `y` from its top.
pub(super) struct Page {
    pub(super) width: Length,
    pub(super) height: Length,
    pub(super) draws: Vec<Draw>,
}

/// The tallest page that every reader of PDF takes is 14,400 points; a roll beyond it goes on.
const TALLEST: Length = 1_400_000;

/// Stacks the pieces, keeping together what stays together unless it is taller than a page. A roll
/// is cut to length; more than one page carry `number` and their own. A document that is read from
/// right to left begins at the right.
pub(super) fn paginate(
    pieces: Vec<Piece>,
    number: &str,
    right_to_left: bool,
    metrics: &Metrics,
) -> Vec<Page> {
    let limit = metrics.height.unwrap_or(TALLEST);
    let room = limit - 2 * metrics.margin;
    let mut pages: Vec<(Length, Vec<Draw>)> = vec![(0, Vec::new())];
    for group in groups(pieces) {
        let whole: Length = group.iter().map(|piece| piece.height).sum();
        let mut next = whole <= room && pages.last().is_some_and(|(used, _)| used + whole > room);
        for piece in group {
            next |= pages.last().is_some_and(|(used, _)| used + piece.height > room);
            if std::mem::take(&mut next) {
                pages.push((0, Vec::new()));
            }
            if let Some((used, draws)) = pages.last_mut() {
                let top = metrics.margin + *used;
                draws.extend(piece.draws.into_iter().map(|draw| lowered(draw, top)));
                *used += piece.height;
            }
        }
    }
    let count = pages.len();
    let mut finished = Vec::with_capacity(count);
    for (index, (used, mut draws)) in pages.into_iter().enumerate() {
        let height = metrics.height.unwrap_or(used + 2 * metrics.margin);
        if count > 1 {
            let text = format!("{number}   {} / {count}", index + 1);
            draws.push(page_number(text, height, metrics));
        }
        if right_to_left {
            draws.iter_mut().for_each(|draw| mirror(draw, metrics));
        }
        finished.push(Page { width: metrics.width, height, draws });
    }
    finished
}

/// Runs of pieces that stay together.
fn groups(pieces: Vec<Piece>) -> Vec<Vec<Piece>> {
    let mut groups: Vec<Vec<Piece>> = Vec::new();
    let mut open = false;
    for piece in pieces {
        let stays = piece.stays;
        match groups.last_mut().filter(|_| open) {
            Some(group) => group.push(piece),
            None => groups.push(vec![piece]),
        }
        open = stays;
    }
    groups
}

fn page_number(text: String, height: Length, metrics: &Metrics) -> Draw {
    let font = regular(metrics.small);
    let x = metrics.width - metrics.margin - font.width(&text);
    let y = height - metrics.margin / 2;
    Draw::Text { x, y, font, tone: Tone::Grey, text }
}

/// What stood at the left stands at the right. Codes and pictures stay as they are: they would not
/// be the same in a mirror.
fn mirror(draw: &mut Draw, metrics: &Metrics) {
    if let Draw::Text { x, font, text, .. } = draw {
        *x = metrics.width - *x - font.width(text);
    }
}

fn lowered(draw: Draw, by: Length) -> Draw {
    match draw {
        Draw::Text { x, y, font, tone, text } => Draw::Text { x, y: y + by, font, tone, text },
        Draw::Boxes { tone, boxes } => {
            let boxes = boxes.into_iter().map(|[x, y, w, h]| [x, y + by, w, h]).collect();
            Draw::Boxes { tone, boxes }
        }
    }
}
