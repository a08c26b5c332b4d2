//! The tape of a recording: what was noted, within bounds, and as text.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::ops::Range;
use std::time::{Duration, Instant};

/// Bytes that a tape holds; the oldest go first.
const HOLD: usize = 200_000;

/// Entries that a tape holds, however short.
const ENTRIES: usize = 20_000;

/// How far back a secret may have begun that came in pieces.
const WINDOW: usize = 1_024;

/// Bytes of one line of text.
const LINE: usize = 16;

/// The direction of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// From the register.
    Out,
    /// To the register.
    In,
}

/// Says which bytes must not be seen among bytes that went one way: for those that left, one
/// message; for those that came, the last thousand or so in one piece.
pub type Mask = fn(Way, &[u8]) -> Vec<Range<usize>>;

/// What happens on a line.
pub(super) enum Event<'a> {
    Opened,
    Bytes(Way, &'a [u8]),
    HungUp,
    Closed,
    Fault(&'a str),
}

enum Noted {
    Bytes(Way, Vec<(u8, bool)>),
    Words(String),
}

pub(super) struct Tape {
    mask: Mask,
    number: u64,
    start: Instant,
    noted: VecDeque<(Duration, Noted)>,
    held: usize,
    dropped: bool,
}

impl Tape {
    pub(super) fn new(mask: Mask, number: u64) -> Self {
        let (noted, held, dropped) = (VecDeque::new(), 0, false);
        Self { mask, number, start: Instant::now(), noted, held, dropped }
    }

    /// Which recording it belongs to.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    pub(super) fn note(&mut self, event: Event<'_>) {
        let noted = match event {
            Event::Bytes(_, []) => return,
            Event::Bytes(way, bytes) => {
                self.held += bytes.len();
                Noted::Bytes(way, bytes.iter().map(|byte| (*byte, false)).collect())
            }
            Event::Opened => Noted::Words("opened".to_owned()),
            Event::HungUp => Noted::Words("the other end hung up".to_owned()),
            Event::Closed => Noted::Words("closed".to_owned()),
            Event::Fault(words) => Noted::Words(words.replace(char::is_control, " ")),
        };
        // A line that is read again and again after its end says so once.
        if let (Noted::Words(new), Some((_, Noted::Words(last)))) = (&noted, self.noted.back())
            && new == last
        {
            return;
        }
        self.noted.push_back((self.start.elapsed(), noted));
        self.hide();
        while self.held > HOLD || self.noted.len() > ENTRIES {
            if let Some((_, Noted::Bytes(_, bytes))) = self.noted.pop_front() {
                self.held -= bytes.len();
            }
            self.dropped = true;
        }
    }

    /// Hides what must not be seen, now that the last entry is there. A secret in several pieces
    /// is hidden as soon as it is known for one.
    fn hide(&mut self) {
        let Some((_, Noted::Bytes(way, last))) = self.noted.back() else { return };
        let (way, wanted) = (*way, if *way == Way::Out { last.len() } else { WINDOW });
        let mut window = VecDeque::new();
        for (_, noted) in self.noted.iter().rev() {
            match noted {
                Noted::Bytes(its, bytes) if *its == way => {
                    bytes.iter().rev().for_each(|(byte, _)| window.push_front(*byte));
                }
                Noted::Bytes(..) | Noted::Words(_) => {}
            }
            if window.len() >= wanted {
                break;
            }
        }
        let window = Vec::from(window);
        let mut hidden = vec![false; window.len()];
        for range in (self.mask)(way, &window) {
            hidden.iter_mut().skip(range.start).take(range.len()).for_each(|one| *one = true);
        }
        let mut hidden = hidden.into_iter().rev();
        for (_, noted) in self.noted.iter_mut().rev() {
            let Noted::Bytes(its, bytes) = noted else { continue };
            if *its != way {
                continue;
            }
            for (_, is_hidden) in bytes.iter_mut().rev() {
                let Some(hide) = hidden.next() else { return };
                *is_hidden |= hide;
            }
        }
    }

    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        if self.dropped {
            text.push_str("# the beginning was dropped\n");
        }
        for (at, noted) in &self.noted {
            let at = format!("{}.{:03}", at.as_secs(), at.subsec_millis());
            match noted {
                Noted::Words(words) => {
                    let _ = writeln!(text, "{at} = {words}");
                }
                Noted::Bytes(way, bytes) => {
                    let sign = if *way == Way::Out { '>' } else { '<' };
                    for line in bytes.chunks(LINE) {
                        let hex: Vec<String> = line.iter().map(hex).collect();
                        let characters: String = line.iter().map(character).collect();
                        let width = LINE * 3 - 1;
                        let _ =
                            writeln!(text, "{at} {sign} {:width$} | {characters}", hex.join(" "));
                    }
                }
            }
        }
        text
    }
}

fn hex((byte, is_hidden): &(u8, bool)) -> String {
    if *is_hidden { "**".to_owned() } else { format!("{byte:02X}") }
}

fn character((byte, is_hidden): &(u8, bool)) -> char {
    match byte {
        _ if *is_hidden => '*',
        b' '..=b'~' => char::from(*byte),
        _ => '.',
    }
}
