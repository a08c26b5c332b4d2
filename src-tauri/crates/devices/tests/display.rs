//! Pole displays: what a display makes of the very bytes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::thread;
use std::time::{Duration, Instant};

use countertop_devices::{
    CustomerDisplay, DisplayAt, DisplayMode, DisplayPage, DisplaySettings, DisplayText, DisplayTwin,
};

const SOON: Duration = Duration::from_secs(20);

fn text(upper: &str, lower: &str) -> DisplayText {
    DisplayText { upper: upper.to_owned(), lower: lower.to_owned() }
}

/// Waits until the display shows this, blanks at the ends aside.
fn shows(twin: &DisplayTwin, upper: &str, lower: &str) {
    let until = Instant::now() + SOON;
    loop {
        let lines = twin.lines();
        if (lines[0].trim(), lines[1].trim()) == (upper, lower) {
            assert!(lines.iter().all(|line| line.chars().count() == 20), "{lines:?}");
            return;
        }
        assert!(Instant::now() < until, "it shows {lines:?}, not {upper:?} and {lower:?}");
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_display_shows_what_it_is_told_in_either_mode() {
    for mode in [DisplayMode::EscPos, DisplayMode::Cd5220] {
        for (select, page) in [(false, DisplayPage::Cp858), (true, DisplayPage::Cp437)] {
            let name = format!("pole-{}-{select}", mode.name());
            let twin = DisplayTwin::plug(&name, mode).unwrap();
            let settings = DisplaySettings { mode, page, select };
            let mut display = DisplayAt::new(format!("twin:{name}").parse().unwrap(), settings);
            display.show(&text("Café crème", "2,50")).unwrap();
            shows(&twin, "Café crème", "2,50");
            // Nothing of a longer text stays behind, and a full line does not run on.
            display.show(&text("12345678901234567890123", "short")).unwrap();
            shows(&twin, "12345678901234567890", "short");
            display.show(&text("", "")).unwrap();
            shows(&twin, "", "");
            display.show(&text("a\x1B@\x0C\r\nb", "x")).unwrap();
            shows(&twin, "a @   b", "x");
            display.clear().unwrap();
            shows(&twin, "", "");
            display.show(&text("after clear", "ok")).unwrap();
            shows(&twin, "after clear", "ok");
            assert_eq!(twin.strange(), 0, "{mode:?}");
        }
    }
}

#[test]
fn a_display_that_was_unplugged_shows_the_next_text() {
    let mode = DisplayMode::Cd5220;
    let settings = DisplaySettings { mode, ..DisplaySettings::default() };
    let mut display = DisplayAt::new("twin:pole-replug".parse().unwrap(), settings);
    assert!(display.show(&text("nobody", "")).is_err());
    let twin = DisplayTwin::plug("pole-replug", mode).unwrap();
    display.show(&text("one", "")).unwrap();
    shows(&twin, "one", "");
    drop(twin);
    assert!(display.show(&text("lost", "")).is_err());
    let twin = DisplayTwin::plug("pole-replug", mode).unwrap();
    display.show(&text("two", "")).unwrap();
    shows(&twin, "two", "");
}
