//! Goal 3: from a barcode to the priced basket.

use countertop_app::commands::{Clear, Undo};
use countertop_app::perform;
use countertop_app::wire::BasketRequest;

use super::Session;
use super::import::Stocked;
use crate::catalogue::{Order, barcode};
use crate::chance::Chance;
use crate::figures::Times;
use crate::report::{Row, Wanted};
use crate::till::Till;

/// Lines of an everyday basket; then it is paid.
const EVERYDAY: usize = 8;
/// Lines of a large one.
const LARGE: usize = 200;
const TURN: usize = 48;

/// Measures and reports.
///
/// # Errors
/// The register's, or SQLite's.
pub(crate) fn measure(session: &mut Session, stocked: &Stocked) -> anyhow::Result<()> {
    let mut chance = Chance::new(stocked.items);
    let mut code = || barcode(Order::Running, chance.below(stocked.items));
    let (mut ours, mut theirs) = (Times::default(), Times::default());
    stocked.warm()?;
    for turn in 0..=session.times(100, 20) {
        let (mut now, mut raw) = (Times::default(), Times::default());
        let mut basket = stocked.till.basket()?;
        for number in 1..=TURN {
            let code = code();
            basket = now.time(|| stocked.till.scan(basket.id, code))?.basket;
            if number % EVERYDAY == 0 {
                stocked.till.pay(Till::cash_for(&basket))?;
                basket = stocked.till.basket()?;
            }
        }
        for _ in 0..TURN {
            let code = code();
            raw.time(|| stocked.raw.by_barcode(&code))?;
        }
        // The first turn warms both.
        if turn > 0 {
            ours.append(now);
            theirs.append(raw);
        }
    }
    let raw = theirs.milliseconds();
    let wanted = Wanted { p99: Some(0.2), ..Wanted::default() };
    session.report.add(
        Row::new("scan", "barcode to priced basket", "ms")
            .goal(3, wanted)
            .items(stocked.items)
            .measured(ours.milliseconds())
            .beside(raw)
            .note("the yardstick is the lookup alone; both files were read through before"),
    );
    let large = large(session, stocked, code)?;
    session.report.add(
        Row::new("scan_large", "the same into a basket of 200 lines", "ms")
            .items(stocked.items)
            .measured(large.milliseconds())
            .beside(raw),
    );
    Ok(())
}

fn large(
    session: &Session,
    stocked: &Stocked,
    mut code: impl FnMut() -> String,
) -> anyhow::Result<Times> {
    let mut basket = stocked.till.basket()?;
    while basket.lines.len() < LARGE {
        basket = stocked.till.scan(basket.id, code())?.basket;
    }
    let request = BasketRequest { basket_id: basket.id };
    let mut times = Times::default();
    for _ in 0..session.times(1_000, 200) {
        let code = code();
        times.time(|| stocked.till.scan(basket.id, code))?;
        perform::<Undo>(stocked.till.app(), &stocked.till.caller, request.clone())?;
    }
    perform::<Clear>(stocked.till.app(), &stocked.till.caller, request)?;
    Ok(times)
}
