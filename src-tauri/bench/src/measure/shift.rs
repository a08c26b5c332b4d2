//! Goal 14: the reports of a long day. Both read running totals, so that they take no longer after
//! ten thousand sales than after one.

use std::time::Instant;

use countertop_app::commands::{ShiftCloseCommand, ShiftX};
use countertop_app::wire::{CloseShift, Nothing};
use countertop_app::{import_catalogue, perform};

use super::Session;
use crate::catalogue::{Order, barcode, write_csv};
use crate::chance::Chance;
use crate::figures::{Figure, Times, milliseconds};
use crate::report::{Row, Wanted};
use crate::till::Till;

const ITEMS: u64 = 1_000;

/// Measures and reports.
///
/// # Errors
/// The register's.
pub(crate) fn measure(session: &mut Session) -> anyhow::Result<()> {
    let folder = session.folder.path().join("shift");
    std::fs::create_dir_all(&folder)?;
    let file = folder.join("products.csv");
    write_csv(&file, Order::Running, 0, ITEMS)?;
    let till = Till::open(&folder.join("register"))?;
    import_catalogue(till.app(), &till.caller, &file)?;
    let sales = session.times(10_000, 1_000);
    let mut chance = Chance::new(14);
    for _ in 0..sales {
        let code = barcode(Order::Running, chance.below(ITEMS));
        till.pay(Till::cash_for(&till.ring_up([code])?))?;
    }
    let mut times = Times::default();
    for _ in 0..session.times(200, 50) {
        times.time(|| perform::<ShiftX>(till.app(), &till.caller, Nothing {}))?;
    }
    let what = format!("X report of a shift of {sales} sales");
    session.report.add(Row::new("shift_x", &what, "ms").measured(times.milliseconds()));

    let count = CloseShift::counted("EUR", 0);
    let began = Instant::now();
    let z = perform::<ShiftCloseCommand>(till.app(), &till.caller, count)?;
    let took = milliseconds(began.elapsed());
    anyhow::ensure!(usize::try_from(z.sales)? == sales, "the report has {} sales", z.sales);
    let wanted = Wanted { p50: Some(500.0), ..Wanted::default() };
    session.report.add(
        Row::new("shift_z", &format!("count and Z report of a shift of {sales} sales"), "ms")
            .goal(14, wanted)
            .measured(Figure::single(took))
            .note("on disk, in the journal, with its text"),
    );
    Ok(())
}
