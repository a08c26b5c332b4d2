//! The table of what was wanted, what was measured, and what the machine itself can do.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use crate::figures::{Figure, load};

/// What a figure is to be. It is too high above these, or, of a rate, too low below them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Wanted {
    /// For half of the measurements, or for the one there is.
    pub(crate) p50: Option<f64>,
    /// For 99 in 100.
    pub(crate) p99: Option<f64>,
    /// How many times the yardstick it may be.
    pub(crate) ratio: Option<f64>,
    /// How many times the yardstick's it may be in 99 of 100.
    #[serde(default)]
    pub(crate) worst_ratio: Option<f64>,
    /// A rate: more is better.
    pub(crate) more: bool,
}

/// One line of the table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Row {
    /// The number of its goal.
    pub(crate) goal: Option<u8>,
    /// What it is called from run to run.
    pub(crate) name: String,
    /// What was measured, in words.
    pub(crate) what: String,
    /// How many items the catalogue had, where that matters.
    pub(crate) items: Option<u64>,
    /// `ms`, `s`, `1/s`, `MiB`, `MB`, `kB`.
    pub(crate) unit: String,
    pub(crate) wanted: Wanted,
    /// None if it was not measured; the note says why.
    pub(crate) measured: Option<Figure>,
    /// The same work without the register.
    pub(crate) yardstick: Option<Figure>,
    pub(crate) note: String,
    /// How busy the computer was when it was done.
    pub(crate) load: Option<f64>,
}

impl Row {
    pub(crate) fn new(name: &str, what: &str, unit: &str) -> Self {
        Self {
            goal: None,
            name: name.to_owned(),
            what: what.to_owned(),
            items: None,
            unit: unit.to_owned(),
            wanted: Wanted::default(),
            measured: None,
            yardstick: None,
            note: String::new(),
            load: load(),
        }
    }

    pub(crate) fn goal(mut self, number: u8, wanted: Wanted) -> Self {
        (self.goal, self.wanted) = (Some(number), wanted);
        self
    }

    pub(crate) const fn items(mut self, items: u64) -> Self {
        self.items = Some(items);
        self
    }

    pub(crate) fn measured(mut self, figure: impl Into<Option<Figure>>) -> Self {
        self.measured = figure.into();
        self
    }

    pub(crate) fn beside(mut self, figure: impl Into<Option<Figure>>) -> Self {
        self.yardstick = figure.into();
        self
    }

    pub(crate) fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// Measured over yardstick, of the halves and of the 99 in 100.
    fn ratios(&self) -> (Option<f64>, Option<f64>) {
        let (Some(measured), Some(yardstick)) = (self.measured, self.yardstick) else {
            return (None, None);
        };
        let over = |a: f64, b: f64| (b > 0.0).then_some(a / b);
        let worst = measured.p99.zip(yardstick.p99).and_then(|(a, b)| over(a, b));
        (over(measured.p50, yardstick.p50), worst)
    }

    /// `met`, or what was missed; nothing where nothing was wanted.
    fn verdict(&self) -> String {
        let Some(measured) = self.measured else {
            let alone = self.yardstick.is_some() && self.goal.is_none();
            return if alone { String::new() } else { "not measured".to_owned() };
        };
        let Wanted { p50, p99, ratio, worst_ratio, more } = self.wanted;
        let (half, worst) = self.ratios();
        let misses = |value: Option<f64>, wanted: Option<f64>| {
            value.zip(wanted).is_some_and(|(v, w)| if more { v < w } else { v > w })
        };
        let first = if measured.p99.is_some() { "p50" } else { "value" };
        let missed: Vec<&str> = [
            (first, misses(Some(measured.p50), p50)),
            ("p99", misses(measured.p99, p99)),
            ("ratio", misses(half, ratio)),
            ("ratio of p99", misses(worst, worst_ratio)),
        ]
        .into_iter()
        .filter_map(|(name, missed)| missed.then_some(name))
        .collect();
        match (p50.or(p99).or(ratio).or(worst_ratio), missed.is_empty()) {
            (None, _) => String::new(),
            (Some(_), true) => "met".to_owned(),
            (Some(_), false) => format!("MISSED: {}", missed.join(", ")),
        }
    }

    fn wanted_text(&self) -> String {
        let Wanted { p50, p99, ratio, worst_ratio, .. } = self.wanted;
        let mut parts = match (p50, p99) {
            (None, None) => Vec::new(),
            (Some(p50), None) => vec![number(p50)],
            (p50, Some(p99)) => {
                vec![format!("{} / {}", p50.map_or("-".to_owned(), number), number(p99))]
            }
        };
        parts.extend(ratio.map(|ratio| format!("{ratio}x")));
        parts.extend(worst_ratio.map(|ratio| format!("p99 {ratio}x")));
        parts.join(", ")
    }

    fn cells(&self) -> [String; COLUMNS.len()] {
        let (half, worst) = self.ratios();
        let ratio = match (half, worst) {
            (Some(half), Some(worst)) => format!("{half:.2} / {worst:.2}"),
            (Some(half), None) => format!("{half:.2}"),
            _ => String::new(),
        };
        [
            self.goal.map(|goal| goal.to_string()).unwrap_or_default(),
            self.what.clone(),
            self.items.map(thousands).unwrap_or_default(),
            self.unit.clone(),
            self.wanted_text(),
            self.measured.map(figure).unwrap_or_default(),
            self.yardstick.map(figure).unwrap_or_default(),
            ratio,
            self.load.map(|load| format!("{load:.1}")).unwrap_or_default(),
            self.verdict(),
        ]
    }
}

const COLUMNS: [&str; 10] =
    ["#", "figure", "items", "unit", "goal", "measured", "yardstick", "ratio", "load", "verdict"];

/// Everything that one run measured.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Report {
    /// Seconds since 1970, UTC.
    pub(crate) at: u64,
    /// True if it was measured fewer times than usual.
    pub(crate) quick: bool,
    /// How many things this computer does at once.
    pub(crate) processors: usize,
    pub(crate) rows: Vec<Row>,
}

impl Report {
    pub(crate) fn add(&mut self, row: Row) {
        println!("   {}", summary(&row));
        self.rows.push(row);
    }

    /// The table as text.
    pub(crate) fn table(&self) -> String {
        let mut lines = vec![COLUMNS.map(str::to_owned)];
        lines.extend(self.rows.iter().map(Row::cells));
        let mut text = aligned(&lines);
        let notes = self.rows.iter().filter(|row| !row.note.is_empty());
        for (number, row) in notes.enumerate() {
            if number == 0 {
                text.push('\n');
            }
            let _ = writeln!(text, "{}: {}", row.title(), row.note);
        }
        text
    }

    /// What changed since `before`, as text.
    pub(crate) fn compared(&self, before: &Self) -> String {
        let mut lines = vec![["figure", "unit", "before", "now", "change"].map(str::to_owned)];
        for row in &self.rows {
            let earlier = before.rows.iter().find(|b| b.name == row.name && b.items == row.items);
            let pair = earlier.and_then(|earlier| earlier.measured).zip(row.measured);
            let Some((earlier, now)) = pair else { continue };
            let change =
                |now: f64, earlier: f64| format!("{:+.0} %", (now / earlier - 1.0) * 100.0);
            let mut changes = change(now.p50, earlier.p50);
            if let Some((now, earlier)) = now.p99.zip(earlier.p99) {
                let _ = write!(changes, " / {}", change(now, earlier));
            }
            lines.push([row.title(), row.unit.clone(), figure(earlier), figure(now), changes]);
        }
        aligned(&lines)
    }

    /// Reads a report that was written before.
    ///
    /// # Errors
    /// The file cannot be read, or is no report.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("{} cannot be read", path.display()))?;
        serde_json::from_str(&text).with_context(|| format!("{} is no report", path.display()))
    }

    /// Writes it as JSON.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn write(&self, path: &Path) -> anyhow::Result<()> {
        let text = serde_json::to_string_pretty(self)?;
        std::fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))
    }
}

impl Row {
    fn title(&self) -> String {
        match self.items {
            Some(items) => format!("{}, {} items", self.what, thousands(items)),
            None => self.what.clone(),
        }
    }
}

fn summary(row: &Row) -> String {
    match (row.measured, row.yardstick) {
        (Some(measured), Some(yardstick)) => {
            format!(
                "{}: {} {}, yardstick {}",
                row.title(),
                figure(measured),
                row.unit,
                figure(yardstick)
            )
        }
        (Some(measured), None) => format!("{}: {} {}", row.title(), figure(measured), row.unit),
        (None, Some(yardstick)) => format!("{}: {} {}", row.title(), figure(yardstick), row.unit),
        (None, None) => format!("{}: not measured: {}", row.title(), row.note),
    }
}

fn figure(figure: Figure) -> String {
    match figure.p99 {
        Some(p99) => format!("{} / {}", number(figure.p50), number(p99)),
        None => number(figure.p50),
    }
}

/// Three figures that count.
fn number(value: f64) -> String {
    match value.abs() {
        v if v >= 100.0 => format!("{value:.0}"),
        v if v >= 10.0 => format!("{value:.1}"),
        v if (0.000_5..1.0).contains(&v) => format!("{value:.3}"),
        _ => format!("{value:.2}"),
    }
}

fn thousands(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn aligned<const N: usize>(lines: &[[String; N]]) -> String {
    let mut widths = [0; N];
    for line in lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    for line in lines {
        let cells = line.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}"));
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(p50: f64, p99: f64) -> Row {
        let wanted =
            Wanted { p50: Some(1.0), p99: Some(2.0), ratio: Some(2.0), ..Wanted::default() };
        Row::new("pay", "pay", "ms").goal(1, wanted).measured(Figure {
            n: 9,
            p50,
            p99: Some(p99),
            max: None,
        })
    }

    #[test]
    fn a_verdict_names_what_was_missed() {
        assert_eq!(row(1.0, 2.0).verdict(), "met");
        assert_eq!(row(1.1, 2.0).verdict(), "MISSED: p50");
        let beside = row(0.9, 2.5).beside(Figure::single(0.1));
        assert_eq!(beside.verdict(), "MISSED: p99, ratio");
        assert_eq!(row(1.0, 1.0).measured(None).verdict(), "not measured");
    }

    #[test]
    fn a_goal_for_99_in_100_is_judged_by_them() {
        let wanted = Wanted { worst_ratio: Some(2.0), ..Wanted::default() };
        let beside = |p99| Figure { n: 9, p50: 1.0, p99: Some(p99), max: None };
        let judged = |p99| {
            let row = Row::new("pay", "pay", "ms").goal(5, wanted);
            row.measured(beside(p99)).beside(beside(1.0)).verdict()
        };
        assert_eq!([judged(2.0), judged(2.7)], ["met", "MISSED: ratio of p99"]);
    }

    #[test]
    fn of_a_rate_more_is_better() {
        let wanted =
            Wanted { p50: Some(1_000.0), ratio: Some(0.45), more: true, ..Wanted::default() };
        let rate = |value| Row::new("sales", "sales", "1/s").goal(2, wanted).measured(value);
        assert_eq!(rate(Figure::single(1_200.0)).verdict(), "met");
        let slow = rate(Figure::single(900.0)).beside(Figure::single(2_200.0));
        assert_eq!(slow.verdict(), "MISSED: value, ratio");
    }

    #[test]
    fn a_report_that_was_written_is_read_back_and_compared() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("latest.json");
        let before = Report { rows: vec![row(1.0, 4.0)], ..Report::default() };
        before.write(&path)?;
        let now = Report { rows: vec![row(1.5, 3.0)], ..Report::default() };
        let text = now.compared(&Report::read(&path)?);
        assert!(text.contains("+50 % / -25 %"), "{text}");
        Ok(())
    }

    #[test]
    fn numbers_show_three_figures() {
        assert_eq!(number(0.012_34), "0.012");
        assert_eq!(number(12.34), "12.3");
        assert_eq!(thousands(1_000_000), "1,000,000");
    }
}
