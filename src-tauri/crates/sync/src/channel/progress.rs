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
    if first && let Some(since) = page.server_ms.and_then(|server| set_back(cursor, server, now_ms))
    {
        // From there once more: what it wrote down under its new time was not asked for.
        return CursorRow { since_ms: Some(since), ..cursor.clone() };
    }
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

/// Whether a run came to its end with this page: there is no more, and it was not begun anew.
pub(super) fn is_over(before: &CursorRow, after: &CursorRow) -> bool {
    let is_anew = after.done_ms == before.done_ms && after.since_ms != before.since_ms;
    after.next.is_none() && !is_anew
}

/// If the shop's clock was set back since it was last read: from where to read, by its clock as it goes
/// now. Since it was last read as much time went by there as here.
fn set_back(cursor: &CursorRow, server_ms: i64, now_ms: i64) -> Option<i64> {
    let (since, done) = (cursor.since_ms?, cursor.done_ms?);
    let went_by = now_ms.saturating_sub(done).max(0);
    let from = server_ms.saturating_sub(went_by).saturating_sub(OVERLAP_MS);
    // A little is what the overlap is for.
    (from < since.saturating_sub(OVERLAP_MS / 2)).then_some(from)
}

#[cfg(test)]
mod tests {
    use countertop_store::CursorRow;

    use super::{OVERLAP_MS, Page, begun, is_over, read_on};

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
    fn a_shops_clock_that_was_set_back_has_the_time_since_read_again_and_one_that_went_ahead_does_not()
     {
        const HOUR: i64 = 60 * 60 * 1_000;
        let at = 100 * HOUR;
        let read = read_on(&CursorRow::default(), &page(1, None, Some(at + 5 * HOUR)), at);
        // Two hours later, its clock is right again.
        let later = at + 2 * HOUR;
        let back = read_on(&read, &page(1, None, Some(later)), later);
        assert_eq!(begun(&back).since_ms, Some(at - OVERLAP_MS));
        assert!(!is_over(&read, &back), "it is begun anew");
        let end = read_on(&back, &page(1, None, Some(later + 500)), later + 500);
        assert!(is_over(&back, &end));
        assert_eq!(end.since_ms, Some(later + 500 - OVERLAP_MS));
        assert_eq!(end.done_ms, Some(later + 500));
        // Ahead by hours, and our own clock set back by a day: nothing is read twice for ever.
        let ahead = read_on(&end, &page(1, None, Some(later + 9 * HOUR)), later + HOUR);
        assert_eq!(ahead.since_ms, Some(later + 9 * HOUR - OVERLAP_MS));
        let ours = read_on(&end, &page(1, None, Some(later + HOUR)), later - 23 * HOUR);
        assert_eq!(ours.since_ms, Some(later + HOUR - OVERLAP_MS));
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
