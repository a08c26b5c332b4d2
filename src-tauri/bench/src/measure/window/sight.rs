//! Which part of the screen tells that something has happened.

use super::display::{Area, HEIGHT, WIDTH};

/// The screen is looked at in cells of this size.
const CELL: (u16, u16) = (64, 32);
/// The status line at the bottom shows the time, which changes by itself.
const STATUS: u16 = 64;

/// The cells that changed from each of these screens to the next, those that changed most first.
pub(super) fn changed(screens: &[Vec<u8>]) -> Vec<Area> {
    let score = |area: Area| {
        let pairs = screens.iter().zip(screens.iter().skip(1));
        pairs.map(|(a, b)| different(a, b, area)).min().unwrap_or(0)
    };
    best(score)
}

/// The cells with the most to see in them, best first.
pub(super) fn busiest(screen: &[u8]) -> Vec<Area> {
    best(|area| {
        let rows = pixels(screen, area);
        rows.iter().zip(rows.iter().skip(1)).filter(|(a, b)| a != b).count()
    })
}

fn best(score: impl Fn(Area) -> usize) -> Vec<Area> {
    let mut cells: Vec<(usize, Area)> =
        cells().map(|area| (score(area), area)).filter(|(score, _)| *score > 0).collect();
    cells.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    cells.into_iter().map(|(_, area)| area).collect()
}

fn cells() -> impl Iterator<Item = Area> {
    let (width, height) = CELL;
    (0..(HEIGHT - STATUS) / height).flat_map(move |row| {
        (0..WIDTH / width).filter_map(move |column| {
            let x = i16::try_from(column * width).ok()?;
            let y = i16::try_from(row * height).ok()?;
            Some(Area { x, y, width, height })
        })
    })
}

fn different(a: &[u8], b: &[u8], area: Area) -> usize {
    pixels(a, area).iter().zip(pixels(b, area)).filter(|(a, b)| **a != *b).count()
}

/// The pixels of a part of a picture of the whole screen.
pub(super) fn pixels(screen: &[u8], area: Area) -> Vec<&[u8]> {
    let line = usize::from(WIDTH) * 4;
    let left = usize::try_from(area.x).unwrap_or(0) * 4;
    let top = usize::try_from(area.y).unwrap_or(0);
    screen
        .chunks_exact(line)
        .skip(top)
        .take(usize::from(area.height))
        .filter_map(|row| row.get(left..left + usize::from(area.width) * 4))
        .flat_map(|row| row.chunks_exact(4))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blank() -> Vec<u8> {
        vec![0; usize::from(WIDTH) * usize::from(HEIGHT) * 4]
    }

    #[test]
    fn the_cell_that_changes_with_every_scan_is_watched() {
        let (mut once, mut twice) = (blank(), blank());
        let at = |x: usize, y: usize| (y * usize::from(WIDTH) + x) * 4;
        once[at(1000, 600)] = 1;
        twice[at(1000, 600)] = 2;
        // Something that moved once only.
        twice[at(10, 10)] = 9;
        let expected = Area { x: 960, y: 576, width: 64, height: 32 };
        assert_eq!(changed(&[blank(), once, twice]), [expected]);
    }

    #[test]
    fn the_clock_at_the_bottom_is_not_looked_at() {
        let mut screen = blank();
        let last = screen.len() - 4;
        screen[last] = 1;
        assert_eq!(busiest(&screen), []);
    }
}
