//! How far a list was read: a cursor by the shop's own clock, with an overlap.

use countertop_store::CursorRow;

use super::connector::{Ask, Page};

/// How far back the next run begins before the last one did: what a shop wrote down late, and clocks
/// of its machines that differ, is read twice instead of missed.
pub const OVERLAP_MS: i64 = 3 * 60 * 1_000;

/// What to ask for next.
pub fn begun(cursor: &CursorRow) -> Ask {
    Ask { since_ms: cursor.since_ms, next: cursor.next.clone() }
}

/// The cursor after a page was kept. The shop's clock of the first page counts, never ours, and only
/// when the run came to its end. `now_ms` is by the register's clock.
pub fn read_on<T>(cursor: &CursorRow, page: &Page<T>, now_ms: i64) -> CursorRow {
    let first = cursor.next.is_none();
    let started_ms = if first { page.server_ms } else { cursor.started_ms };
    let read = if first { 0 } else { cursor.read };
    let read = read.saturating_add(u64::try_from(page.items.len()).unwrap_or(0));
    let total = page.total.or(if first { None } else { cursor.total });
    // A shop that says "go on" with the very same place would be read for ever.
    let stuck = page.next.is_some() && page.next == cursor.next;
    match &page.next {
        Some(next) if !stuck => {
            CursorRow { started_ms, next: Some(next.clone()), read, total, ..cursor.clone() }
        }
        _ => {
            // Without a date of the shop everything is read again: slow, but nothing is missed.
            let since = started_ms.map(|started| started.saturating_sub(OVERLAP_MS));
            // A shop's clock that was set back does not make us read less far back than before.
            CursorRow {
                since_ms: since,
                started_ms: None,
                next: None,
                read,
                total,
                done_ms: Some(now_ms),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use countertop_store::CursorRow;

    use super::{OVERLAP_MS, Page, begun, read_on};

    fn page(items: usize, next: Option<&str>, server_ms: Option<i64>) -> Page<()> {
        Page { items: vec![(); items], next: next.map(str::to_owned), server_ms, ..Page::default() }
    }

    #[test]
    fn the_next_run_begins_before_the_first_page_of_the_last_one() {
        let start = CursorRow::default();
        assert_eq!(begun(&start).since_ms, None);
        let one = read_on(&start, &page(100, Some("2"), Some(1_000_000)), 7);
        assert_eq!((one.since_ms, one.read, one.done_ms), (None, 100, None));
        assert_eq!(begun(&one).next.as_deref(), Some("2"));
        let end = read_on(&one, &page(5, None, Some(9_000_000)), 8);
        assert_eq!(end.since_ms, Some(1_000_000 - OVERLAP_MS));
        assert_eq!((end.next, end.read, end.done_ms), (None, 105, Some(8)));
    }

    #[test]
    fn a_run_that_broke_off_goes_on_where_it_was_and_moves_no_cursor() {
        let before = CursorRow { since_ms: Some(50), ..CursorRow::default() };
        let one = read_on(&before, &page(100, Some("2"), Some(1_000_000)), 7);
        // As it is read back from the disk after a kill.
        assert_eq!((begun(&one).since_ms, begun(&one).next.as_deref()), (Some(50), Some("2")));
    }

    #[test]
    fn a_shop_without_a_clock_is_read_whole_and_one_in_a_circle_ends() {
        let end = read_on(&CursorRow::default(), &page(1, None, None), 7);
        assert_eq!((end.since_ms, end.done_ms), (None, Some(7)));
        let one = read_on(&CursorRow::default(), &page(1, Some("2"), Some(5)), 7);
        let end = read_on(&one, &page(1, Some("2"), Some(6)), 8);
        assert_eq!((end.next, end.done_ms), (None, Some(8)));
    }
}
