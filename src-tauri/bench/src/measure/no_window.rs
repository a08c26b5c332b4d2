//! Goals 5, 6 and 7 where the window cannot be seen from outside.

use std::path::Path;

use super::Session;
use crate::report::Row;

/// Reports that nothing was measured.
///
/// # Errors
/// None.
pub(crate) fn measure(session: &mut Session, _: &Path, items: u64) -> anyhow::Result<()> {
    let row = Row::new("window_scan", "scan to pixel, start and memory of the window", "ms");
    session.report.add(row.items(items).note("measured on Linux only, on a display of its own"));
    Ok(())
}
