//! Slips that a terminal sends line by line.

use super::message::{PrintBlock, PrintLine};
use crate::terminal::TerminalSlip;

/// No slip is longer.
const MOST_LINES: usize = 400;

/// What has come of a slip so far. The shop's comes first, the customer's second.
#[derive(Debug, Default)]
pub(crate) struct Slips {
    lines: Vec<String>,
    whole: usize,
}

impl Slips {
    /// Takes a line in; the slip, if it ends with it.
    pub(crate) fn line(&mut self, line: PrintLine) -> Option<TerminalSlip> {
        if line.feeds > 0 {
            (0..line.feeds).for_each(|_| self.push(String::new()));
        } else {
            self.push(line.text);
        }
        line.is_last.then(|| self.end(None)).flatten()
    }

    /// Takes a block in; the slip, if it ends with it.
    pub(crate) fn block(&mut self, block: PrintBlock) -> Option<TerminalSlip> {
        block.lines.into_iter().for_each(|line| self.push(line));
        let for_customer = match block.kind {
            1 | 3 => Some(false),
            2 => Some(true),
            _ => None,
        };
        block.is_last.then(|| self.end(for_customer)).flatten()
    }

    /// What is left when the terminal is done, as the end of a slip.
    pub(crate) fn rest(&mut self) -> Option<TerminalSlip> {
        self.end(None)
    }

    fn push(&mut self, line: String) {
        if self.lines.len() < MOST_LINES {
            self.lines.push(line);
        }
    }

    fn end(&mut self, for_customer: Option<bool>) -> Option<TerminalSlip> {
        let lines = std::mem::take(&mut self.lines);
        if lines.iter().all(String::is_empty) {
            return None;
        }
        self.whole += 1;
        Some(TerminalSlip { for_customer: for_customer.unwrap_or(self.whole > 1), lines })
    }
}

#[cfg(test)]
mod tests {
    use super::Slips;
    use crate::zvt::message::PrintLine;

    #[test]
    fn the_shops_slip_comes_first_and_the_customers_second() {
        let mut slips = Slips::default();
        let mut say = |text: &str, feeds, is_last| {
            slips.line(PrintLine { text: text.into(), feeds, is_last })
        };
        assert_eq!(say("SHOP", 0, false), None);
        assert_eq!(say("", 2, false), None);
        let shop = say("16,10", 0, true).map(|slip| (slip.for_customer, slip.lines.join("|")));
        assert_eq!(shop, Some((false, "SHOP|||16,10".to_owned())));
        let customer = say("CUSTOMER", 0, true).map(|slip| slip.for_customer);
        assert_eq!(customer, Some(true));
    }
}
