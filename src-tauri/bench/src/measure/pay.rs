//! Goals 1 and 2: from the payment to the sale on disk, and how many of these a second.

use std::time::{Duration, Instant};

use countertop_app::import_catalogue;

use super::Session;
use crate::catalogue::{Order, articles, barcode, write_csv};
use crate::chance::Chance;
use crate::figures::{Figure, Times};
use crate::raw::{Checkpoints, Found, Raw};
use crate::report::{Row, Wanted};
use crate::till::Till;

const ITEMS: u64 = 10_000;
const LINES: usize = 3;
const PACE: Duration = Duration::from_millis(20);
/// Register and yardstick take turns after so many sales: what disturbs one disturbs the other.
const TURN: usize = 50;

/// Measures and reports.
///
/// # Errors
/// The register's, or SQLite's.
pub(crate) fn measure(session: &mut Session) -> anyhow::Result<()> {
    let folder = session.folder.path().join("pay");
    std::fs::create_dir_all(&folder)?;
    let file = folder.join("products.csv");
    write_csv(&file, Order::Running, 0, ITEMS)?;
    let till = Till::open(&folder.join("register"))?;
    import_catalogue(till.app(), &till.caller, &file)?;
    let mut raw = Raw::create(&folder.join("raw.db"), Checkpoints::Beside)?;
    raw.load(articles(Order::Running, 0, ITEMS))?;
    let mut lane = Lane { till, raw, chance: Chance::new(1) };

    lane.turns(2, None)?; // Warm.
    let (ours, theirs) = lane.turns(session.times(40, 10), None)?;
    let wanted = Wanted { p50: Some(0.7), p99: Some(2.0), ratio: Some(2.0), ..Wanted::default() };
    let row = Row::new("pay", "pay to durable, back to back", "ms").goal(1, wanted);
    session.report.add(row.measured(ours.milliseconds()).beside(theirs.milliseconds()));

    let (ours, theirs) = lane.turns(session.times(8, 2), Some(PACE))?;
    let wanted = Wanted { p50: Some(1.5), p99: Some(3.0), ratio: Some(2.0), ..Wanted::default() };
    let row = Row::new("pay_paced", "pay to durable, one every 20 ms", "ms").goal(1, wanted);
    session.report.add(row.measured(ours.milliseconds()).beside(theirs.milliseconds()));

    let (ours, theirs) = lane.rates(session.times(10, 4))?;
    let wanted = Wanted { p50: Some(1_000.0), ratio: Some(0.45), more: true, ..Wanted::default() };
    let row = Row::new("sales", "durable sales a second, scans and all", "1/s").goal(2, wanted);
    session.report.add(row.measured(ours).beside(theirs));

    let mut automatic = Raw::create(&folder.join("automatic.db"), Checkpoints::Automatic)?;
    automatic.load(articles(Order::Running, 0, ITEMS))?;
    let mut times = Times::default();
    for _ in 0..session.times(40, 10) * TURN {
        let lines = look_up(&automatic, &mut lane.chance)?;
        times.time(|| automatic.sell(&lines))?;
    }
    session.report.add(
        Row::new("sale_automatic", "for comparison: raw SQLite with its own checkpoints", "ms")
            .beside(times.milliseconds())
            .note("a yardstick alone: the same sale, but the commit that fills the log empties it"),
    );
    Ok(())
}

/// A register and the yardstick beside it.
struct Lane {
    till: Till,
    raw: Raw,
    chance: Chance,
}

impl Lane {
    fn codes(&mut self) -> Vec<String> {
        (0..LINES).map(|_| barcode(Order::Running, self.chance.below(ITEMS))).collect()
    }

    /// Times of paying, the register's and the yardstick's.
    fn turns(&mut self, turns: usize, pace: Option<Duration>) -> anyhow::Result<(Times, Times)> {
        let (mut ours, mut theirs) = (Times::default(), Times::default());
        for _ in 0..turns {
            let mut clock = pace.map(Metronome::new);
            for _ in 0..TURN {
                let codes = self.codes();
                let request = Till::cash_for(&self.till.ring_up(codes)?);
                wait(&mut clock);
                ours.time(|| self.till.pay(request))?;
            }
            let mut clock = pace.map(Metronome::new);
            for _ in 0..TURN {
                let lines = look_up(&self.raw, &mut self.chance)?;
                wait(&mut clock);
                theirs.time(|| self.raw.sell(&lines))?;
            }
        }
        Ok((ours, theirs))
    }

    /// Sales a second with everything that belongs to one.
    fn rates(&mut self, turns: usize) -> anyhow::Result<(Figure, Figure)> {
        const SALES: usize = 4 * TURN;
        let (mut ours, mut theirs) = (Duration::ZERO, Duration::ZERO);
        for _ in 0..turns {
            let began = Instant::now();
            for _ in 0..SALES {
                let codes = self.codes();
                let basket = self.till.ring_up(codes)?;
                self.till.pay(Till::cash_for(&basket))?;
            }
            ours += began.elapsed();
            let began = Instant::now();
            for _ in 0..SALES {
                let lines = look_up(&self.raw, &mut self.chance)?;
                self.raw.sell(&lines)?;
            }
            theirs += began.elapsed();
        }
        let n = turns * SALES;
        let rate = |time: Duration| {
            let sales = u32::try_from(n).map_or(f64::INFINITY, f64::from);
            Figure { n, ..Figure::single(sales / time.as_secs_f64()) }
        };
        Ok((rate(ours), rate(theirs)))
    }
}

fn look_up(raw: &Raw, chance: &mut Chance) -> rusqlite::Result<Vec<Found>> {
    (0..LINES).map(|_| raw.by_barcode(&barcode(Order::Running, chance.below(ITEMS)))).collect()
}

/// Beats at equal distances. A beat that was missed is left out, not made up for.
pub(crate) struct Metronome {
    every: Duration,
    next: Instant,
}

impl Metronome {
    pub(crate) fn new(every: Duration) -> Self {
        Self { every, next: Instant::now() + every }
    }

    /// Waits for the next beat. The last millisecond is spent watching the clock, because a sleeper
    /// wakes late.
    pub(crate) fn wait(&mut self) {
        while self.next <= Instant::now() {
            self.next += self.every;
        }
        let left = self.next.saturating_duration_since(Instant::now());
        std::thread::sleep(left.saturating_sub(Duration::from_millis(1)));
        while Instant::now() < self.next {
            std::hint::spin_loop();
        }
        self.next += self.every;
    }
}

fn wait(clock: &mut Option<Metronome>) {
    if let Some(clock) = clock {
        clock.wait();
    }
}
