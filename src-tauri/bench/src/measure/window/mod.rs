//! Goals 5, 6 and 7: the real window, measured from outside by what is on the screen.
//!
//! Keys are real key events of the display. A scan is over when its Enter is pressed; it is on the
//! screen when the first pixel of what a scan changes is another one. The window has started when
//! it looks as it will stay. A page that does nothing else, in the same engine on the same display,
//! is the yardstick.

mod display;
mod program;
mod sight;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context as _;

use self::display::{Area, Display, ENTER, F12};
use self::program::Program;
use super::Session;
use crate::catalogue::{Order, barcode};
use crate::chance::Chance;
use crate::figures::{Figure, Times};
use crate::report::{Row, Wanted};
use crate::till::Till;

/// Lines of the basket before the first scan that is timed.
const SMALL: usize = 5;
/// The same of a large basket.
const LARGE: usize = 200;
/// The cells that must look right for the window to have started.
const WATCHED: usize = 12;
/// Between two looks at the screen.
const GLANCE: Duration = Duration::from_micros(500);
/// When a scan is given up.
const PATIENCE: Duration = Duration::from_secs(5);

const BARE_PAGE: &str = include_str!("../../../window/bare_page.py");

/// Measures and reports.
///
/// # Errors
/// The display's, or the window's.
pub(crate) fn measure(session: &mut Session, data: &Path, items: u64) -> anyhow::Result<()> {
    let Some(window) = session.window.clone() else {
        return not_measured(session, items, "there is no built window");
    };
    if let Some(missing) = ["Xvfb", "dbus-run-session"].into_iter().find(|name| !is_there(name)) {
        return not_measured(session, items, &format!("{missing} is not installed"));
    }
    let register = [text(&window)?, "--data", text(data)?];
    let ours = watch(session, &register, items, Some(data)).context("the window")?;
    let theirs = match bare_page(session) {
        None => None,
        Some((python, page)) => {
            let raw = data.with_file_name("raw.db");
            let command = [text(&python)?, text(&page)?, text(&raw)?];
            Some(watch(session, &command, items, None).context("the bare page")?)
        }
    };
    report(session, items, ours, theirs);
    Ok(())
}

/// What was seen of a window.
struct Seen {
    starts: Times,
    /// Into a small basket.
    small: Times,
    /// Into a large one.
    scans: Times,
    /// Scans that showed nothing in time.
    missed: usize,
    memory: f64,
    memory_after: f64,
    sales: u32,
}

fn watch(
    session: &Session,
    command: &[&str],
    items: u64,
    register: Option<&Path>,
) -> anyhow::Result<Seen> {
    let mut chance = Chance::new(items);
    let before = register.map(sold).transpose()?.unwrap_or(0);
    let display = Display::start()?;
    let (looks, memory) = learn(&display, command)?;
    let mut starts = Times::default();
    for _ in 1..session.times(20, 5) {
        start(&display, command, &looks, &mut starts)?.end();
    }
    let mut program = start(&display, command, &looks, &mut starts)?;
    display.focus_window()?;
    display.settled()?;
    let mut codes = || barcode(Order::Running, chance.below(items));
    let times = session.times(200, 40);
    let watched = fill(&display, SMALL, &mut codes)?;
    let (small, missed_small) = scan(&display, watched, times / 4, &mut codes)?;
    let watched = fill(&display, LARGE, &mut codes)?;
    let (scans, missed) = scan(&display, watched, times, &mut codes)?;
    let sell = register.map_or(0, |_| session.times(100, 10));
    for _ in 0..sell {
        pay(&display)?;
        display.scan(&codes())?;
        display.press(ENTER)?;
        std::thread::sleep(Duration::from_millis(60));
    }
    std::thread::sleep(Duration::from_secs(2));
    let memory_after = program.memory();
    program.end();
    let sales = register.map(sold).transpose()?.unwrap_or(0) - before;
    let missed = missed + missed_small;
    Ok(Seen { starts, small, scans, missed, memory, memory_after, sales })
}

/// A part of the screen, and the pixels that are to be there.
type Look = (Area, Vec<u8>);

/// What the window looks like when it has started, in the cells with the most to see, and what
/// memory it takes.
fn learn(display: &Display, command: &[&str]) -> anyhow::Result<(Vec<Look>, f64)> {
    let program = Program::start(command, display.name())?;
    display.focus_window()?;
    // A page that has not drawn anything yet does not move either.
    std::thread::sleep(Duration::from_secs(4));
    let screen = display.settled()?;
    let cells = sight::busiest(&screen);
    anyhow::ensure!(!cells.is_empty(), "the window stays empty");
    let looks = cells
        .into_iter()
        .take(WATCHED)
        .map(|area| (area, sight::pixels(&screen, area).concat()))
        .collect();
    Ok((looks, program.memory()))
}

/// Starts the program and times it until it looks as it will stay.
fn start(
    display: &Display,
    command: &[&str],
    looks: &[Look],
    times: &mut Times,
) -> anyhow::Result<Program> {
    let program = Program::start(command, display.name())?;
    let end = program.began + Duration::from_secs(30);
    for (area, look) in looks {
        while display.look(*area)? != *look {
            anyhow::ensure!(Instant::now() < end, "the window does not start as it did before");
            std::thread::sleep(GLANCE);
        }
    }
    times.add(program.began.elapsed());
    Ok(program)
}

/// Puts so many more lines into the basket, and finds the cell that every scan changes.
fn fill(
    display: &Display,
    lines: usize,
    codes: &mut impl FnMut() -> String,
) -> anyhow::Result<Area> {
    for _ in 0..lines {
        display.scan(&codes())?;
        display.press(ENTER)?;
        std::thread::sleep(Duration::from_millis(40));
    }
    let mut screens = vec![display.settled()?];
    for _ in 0..3 {
        display.scan(&codes())?;
        display.press(ENTER)?;
        screens.push(display.settled()?);
    }
    sight::changed(&screens).into_iter().next().context("a scan changes nothing on the screen")
}

/// Scans, each timed until it is on the screen; also how many never were.
fn scan(
    display: &Display,
    watched: Area,
    times: usize,
    codes: &mut impl FnMut() -> String,
) -> anyhow::Result<(Times, usize)> {
    let (mut seen, mut missed) = (Times::default(), 0);
    for number in 0..times {
        let before = display.look(watched)?;
        display.scan(&codes())?;
        display.press(ENTER)?;
        let began = Instant::now();
        while display.look(watched)? == before && began.elapsed() < PATIENCE {
            std::thread::sleep(GLANCE);
        }
        if began.elapsed() < PATIENCE {
            seen.add(began.elapsed());
        } else {
            missed += 1;
        }
        // Not in step with the display.
        let pause = 80 + u64::try_from(number * 7 % 23).unwrap_or(0);
        std::thread::sleep(Duration::from_millis(pause));
    }
    Ok((seen, missed))
}

/// Pays what is in the basket in cash, by keyboard: to the payment, the amount, the next sale.
fn pay(display: &Display) -> anyhow::Result<()> {
    for key in [F12, ENTER, ENTER] {
        display.press(key)?;
        std::thread::sleep(Duration::from_millis(120));
    }
    Ok(())
}

/// How many sales the register in `folder` has made in its shift.
fn sold(folder: &Path) -> anyhow::Result<u32> {
    Till::open(folder)?.sales()
}

fn report(session: &mut Session, items: u64, ours: Seen, theirs: Option<Seen>) {
    let no_yardstick = match theirs {
        Some(_) => String::new(),
        None => "; no yardstick: Python has no WebKit2 4.1 (python3-gi, gir1.2-webkit2-4.1)".into(),
    };
    let (starts, small, scans, memory) = match theirs {
        Some(t) => (
            t.starts.milliseconds(),
            t.small.milliseconds(),
            t.scans.milliseconds(),
            Some(Figure::single(t.memory)),
        ),
        None => (None, None, None, None),
    };
    let missed = match ours.missed {
        0 => String::new(),
        missed => format!("; {missed} scans were not seen at all"),
    };
    let wanted = Wanted { p50: Some(17.0), p99: Some(33.0), ratio: Some(1.1), ..Wanted::default() };
    session.report.add(
        Row::new("window_scan", "scan to pixel, basket of 200 lines and more", "ms")
            .goal(5, wanted)
            .items(items)
            .measured(ours.scans.milliseconds())
            .beside(scans)
            .note(format!("from the scanner's Enter, on a virtual display{missed}{no_yardstick}")),
    );
    session.report.add(
        Row::new("window_scan_small", "the same into a small basket", "ms")
            .items(items)
            .measured(ours.small.milliseconds())
            .beside(small),
    );
    let wanted = Wanted { p50: Some(450.0), p99: Some(800.0), ..Wanted::default() };
    session.report.add(
        Row::new("window_start", "start until it can sell", "ms")
            .goal(6, wanted)
            .items(items)
            .measured(ours.starts.milliseconds())
            .beside(starts)
            .note("a new process; its files may still be in the system's memory"),
    );
    let wanted = |most: f64| Wanted { p50: Some(most), ..Wanted::default() };
    session.report.add(
        Row::new("window_memory", "memory of all processes at the start", "MiB")
            .goal(7, wanted(160.0))
            .items(items)
            .measured(Figure::single(ours.memory))
            .beside(memory),
    );
    session.report.add(
        Row::new("window_memory_after", "memory after sales", "MiB")
            .goal(7, wanted(200.0))
            .items(items)
            .measured(Figure::single(ours.memory_after))
            .note(format!("after {} sales by keyboard; the goal is for 10,000", ours.sales)),
    );
}

fn not_measured(session: &mut Session, items: u64, why: &str) -> anyhow::Result<()> {
    for (goal, name, what, unit) in [
        (5, "window_scan", "scan to pixel, basket of 200 lines and more", "ms"),
        (6, "window_start", "start until it can sell", "ms"),
        (7, "window_memory", "memory of all processes at the start", "MiB"),
    ] {
        let row = Row::new(name, what, unit).goal(goal, Wanted::default()).items(items).note(why);
        session.report.add(row);
    }
    Ok(())
}

/// The yardstick's program and its interpreter, where there is one that can show a page.
fn bare_page(session: &Session) -> Option<(PathBuf, PathBuf)> {
    const ASK: &str = "import gi; gi.require_version('WebKit2', '4.1')";
    let able = |python: &&str| succeeds(Command::new(python).args(["-c", ASK]));
    // The system's own first: others seldom have its libraries.
    let python = ["/usr/bin/python3", "python3"].into_iter().find(able)?;
    let page = session.folder.path().join("bare_page.py");
    std::fs::write(&page, BARE_PAGE).ok()?;
    Some((PathBuf::from(python), page))
}

fn is_there(program: &str) -> bool {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders).any(|folder| folder.join(program).is_file())
}

fn succeeds(command: &mut Command) -> bool {
    let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn text(path: &Path) -> anyhow::Result<&str> {
    path.to_str().with_context(|| format!("{} is no text", path.display()))
}
