//! A pole display's side: a grid of two times twenty cells that interprets the very bytes of either
//! command set. Strict: a byte that is no command of its set is counted as one that a real display
//! might take for something else. It does not simulate brightness, blinking, scrolling marquees or
//! user-defined characters; a line feed scrolls as on the real ones.

use super::serve::{Machine, Served};
use crate::display::{DISPLAY_CELLS, DisplayMode, DisplayPage};

const LINES: usize = 2;
const BLANK: u8 = b' ';

#[derive(Debug)]
struct Pole {
    mode: DisplayMode,
    page: DisplayPage,
    cells: [[u8; DISPLAY_CELLS]; LINES],
    line: usize,
    column: usize,
    /// A command that is not whole yet.
    begun: Vec<u8>,
    /// In ESC Q mode of CD5220 only CLR and CAN are commands.
    whole_lines: bool,
    /// ESC = has called the printer behind it: nothing is for the display.
    called_away: bool,
    strange: usize,
}

impl Pole {
    const fn new(mode: DisplayMode) -> Self {
        Self {
            mode,
            page: DisplayPage::Cp437,
            cells: [[BLANK; DISPLAY_CELLS]; LINES],
            line: 0,
            column: 0,
            begun: Vec::new(),
            whole_lines: false,
            called_away: false,
            strange: 0,
        }
    }

    fn take(&mut self, byte: u8) {
        if self.begun.is_empty() && !matches!(byte, 0x1B | 0x1F) {
            if !self.called_away {
                self.plain(byte);
            }
            return;
        }
        self.begun.push(byte);
        let begun = std::mem::take(&mut self.begun);
        if let Some(more) = self.command(&begun) {
            self.begun = more;
        }
    }

    /// Carries a command out; gives it back if it is not whole yet.
    fn command(&mut self, begun: &[u8]) -> Option<Vec<u8>> {
        let wait = Some(begun.to_vec());
        match begun {
            [0x1B] | [0x1B, b'='] => return wait,
            [0x1B, b'=', device] => {
                self.called_away = device & 2 == 0;
                return None;
            }
            _ if self.called_away => return self.not_for_us(begun),
            _ => {}
        }
        match (self.mode, begun) {
            (_, [0x1B, b't'] | [0x1F]) => return wait,
            (_, [0x1B, b't', number]) => match number {
                0 => self.page = DisplayPage::Cp437,
                19 => self.page = DisplayPage::Cp858,
                _ => self.strange += 1,
            },
            (_, [0x1B, b'@']) => {
                let (mode, strange) = (self.mode, self.strange);
                *self = Self { strange, ..Self::new(mode) };
            }
            (DisplayMode::EscPos, [0x1F, b'$'] | [0x1F, b'$', _]) => return wait,
            (DisplayMode::EscPos, [0x1F, b'$', x, y]) => self.put_cursor(*x, *y),
            (DisplayMode::EscPos, [0x1F, 0x01]) => {}
            (DisplayMode::Cd5220, [0x1B, b'l'] | [0x1B, b'l', _] | [0x1B, b'Q']) => return wait,
            (DisplayMode::Cd5220, [0x1B, b'l', x, y]) => self.put_cursor(*x, *y),
            (DisplayMode::Cd5220, [0x1B, b'Q', b'A' | b'B', text @ ..]) => {
                return self.whole_line(begun, text);
            }
            _ => self.strange += 1,
        }
        None
    }

    /// ESC Q A or B, up to twenty characters, CR.
    fn whole_line(&mut self, begun: &[u8], text: &[u8]) -> Option<Vec<u8>> {
        let Some((b'\r', text)) = text.split_last() else {
            if text.len() > DISPLAY_CELLS {
                self.strange += 1;
                return None;
            }
            return Some(begun.to_vec());
        };
        let line = usize::from(begun.get(2) == Some(&b'B'));
        if let Some(cells) = self.cells.get_mut(line) {
            *cells = [BLANK; DISPLAY_CELLS];
            for (cell, byte) in cells.iter_mut().zip(text) {
                *cell = *byte;
            }
        }
        self.whole_lines = true;
        None
    }

    /// A command of the printer behind: as long as it might be one, it is let pass.
    fn not_for_us(&mut self, begun: &[u8]) -> Option<Vec<u8>> {
        (begun.len() < 2).then(|| begun.to_vec())
    }

    fn put_cursor(&mut self, x: u8, y: u8) {
        let (column, line) = (usize::from(x).wrapping_sub(1), usize::from(y).wrapping_sub(1));
        if column < DISPLAY_CELLS && line < LINES {
            (self.column, self.line) = (column, line);
        } else {
            self.strange += 1;
        }
    }

    fn plain(&mut self, byte: u8) {
        match byte {
            0x0C => {
                self.cells = [[BLANK; DISPLAY_CELLS]; LINES];
                (self.line, self.column, self.whole_lines) = (0, 0, false);
            }
            0x18 => self.whole_lines = false,
            _ if self.whole_lines => self.strange += 1,
            0x0B => (self.line, self.column) = (0, 0),
            b'\r' => self.column = 0,
            b'\n' => {
                let [_, lower] = self.cells;
                self.cells = [lower, [BLANK; DISPLAY_CELLS]];
            }
            byte if byte >= b' ' && byte != 0x7F => {
                let cells = self.cells.get_mut(self.line);
                if let Some(cell) = cells.and_then(|line| line.get_mut(self.column)) {
                    *cell = byte;
                }
                self.column += 1;
                if self.column == DISPLAY_CELLS {
                    (self.column, self.line) = (0, (self.line + 1) % LINES);
                }
            }
            _ => self.strange += 1,
        }
    }

    fn lines(&self) -> [String; LINES] {
        self.cells
            .map(|line| line.iter().map(|byte| self.page.character(*byte).unwrap_or('?')).collect())
    }
}

impl Machine for Pole {
    fn hear(&mut self, byte: u8) -> Vec<u8> {
        self.take(byte);
        Vec::new()
    }
}

/// A pole display inside this program.
#[derive(Debug)]
pub struct DisplayTwin {
    served: Served<Pole>,
}

impl DisplayTwin {
    /// Plugs a dark display in under `name`; none if something else has that name.
    pub fn plug(name: &str, mode: DisplayMode) -> Option<Self> {
        Some(Self { served: Served::plug(name, Pole::new(mode))? })
    }

    /// What it shows: two lines of twenty characters.
    pub fn lines(&self) -> [String; LINES] {
        self.served.machine().lines()
    }

    /// Bytes that it did not understand so far.
    pub fn strange(&self) -> usize {
        self.served.machine().strange
    }
}

#[cfg(test)]
mod tests {
    use super::Pole;
    use crate::display::{DISPLAY_CELLS, DisplayMode};

    fn shown(mode: DisplayMode, bytes: &[u8]) -> ([String; 2], usize) {
        let mut pole = Pole::new(mode);
        for byte in bytes {
            pole.take(*byte);
        }
        (pole.lines(), pole.strange)
    }

    #[test]
    fn a_line_feed_on_a_pole_scrolls_the_upper_line_away() {
        let text = b"\x0CUPPER LINE 20 CELLS!LOWER\r\n";
        let (lines, strange) = shown(DisplayMode::EscPos, text);
        assert_eq!((lines[0].trim(), lines[1].trim(), strange), ("LOWER", "", 0));
    }

    #[test]
    fn the_commands_of_one_set_are_strange_to_the_other() {
        let (_, strange) = shown(DisplayMode::EscPos, b"\x1BQAHELLO\r");
        assert!(strange > 0);
        let (_, strange) = shown(DisplayMode::Cd5220, b"\x1F$\x01\x01HELLO");
        assert!(strange > 0);
        let (_, strange) = shown(DisplayMode::Cd5220, b"\x1BQAHELLO\rHELLO");
        assert!(strange > 0, "after ESC Q only CLR and CAN are commands");
    }

    #[test]
    fn what_is_for_the_printer_is_not_shown() {
        let (lines, strange) = shown(DisplayMode::EscPos, b"\x1B=\x01RECEIPT\x1B=\x02\x0Csum");
        assert_eq!((lines[0].trim(), strange), ("sum", 0));
    }

    #[test]
    fn no_bytes_make_a_pole_fall_over() {
        let mut dice = crate::fuzz::Dice::new(5);
        for run in 0..crate::fuzz::runs() {
            let mode = if run % 2 == 0 { DisplayMode::EscPos } else { DisplayMode::Cd5220 };
            let (lines, _) = shown(mode, &dice.wire(b"\x1B\x1F\x0C$=@tQABl\r\n\x01\x02abc"));
            assert!(lines.iter().all(|line| line.chars().count() == DISPLAY_CELLS));
        }
    }
}
