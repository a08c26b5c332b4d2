//! Text as the bytes of the printer's code pages, with as few changes of page as there can be.

use super::code_page::{CodePage, is_plain};

/// Text as bytes that print and do nothing else. Only [`runs`] makes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded(Vec<u8>);

impl Encoded {
    /// The bytes: 20 to 7E, and 80 to FF.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Text that one code page can print.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Which of the printer's pages, as an index into what was given to [`runs`]; none for plain
    /// ASCII under whatever page is set.
    pub page: Option<usize>,
    /// Its bytes there.
    pub text: Encoded,
}

/// Splits `text` into runs, staying with the page `current` while it can print the text and else
/// taking the page that prints the most of what follows. What no page can print becomes `?`.
pub fn runs(text: &str, pages: &[CodePage], current: Option<usize>) -> Vec<Run> {
    let chars: Vec<char> = text.chars().collect();
    let reach = |page: &CodePage, from: usize| {
        chars.iter().skip(from).take_while(|c| page.byte(**c).is_some()).count()
    };
    let mut runs: Vec<Run> = Vec::new();
    let mut page = current.filter(|index| *index < pages.len());
    let mut open = Vec::new();
    for (index, c) in chars.iter().enumerate() {
        if !is_plain(*c) && page.and_then(|p| pages.get(p)?.byte(*c)).is_none() {
            let best = pages
                .iter()
                .enumerate()
                .map(|(other, table)| (reach(table, index), std::cmp::Reverse(other)))
                .filter(|(reach, _)| *reach > 0)
                .max();
            if let Some((_, std::cmp::Reverse(best))) = best {
                close(&mut runs, page, &mut open);
                page = Some(best);
            }
        }
        let byte = page.and_then(|p| pages.get(p)?.byte(*c));
        open.push(byte.or(is_plain(*c).then_some(*c as u8)).unwrap_or(b'?'));
    }
    close(&mut runs, page, &mut open);
    runs
}

fn close(runs: &mut Vec<Run>, page: Option<usize>, open: &mut Vec<u8>) {
    if !open.is_empty() {
        runs.push(Run { page, text: Encoded(std::mem::take(open)) });
    }
}

#[cfg(test)]
mod tests {
    use crate::escpos::CodePage::{self, Cp437, Cp850, Cp858};

    use super::runs;

    #[test]
    fn a_run_stays_on_its_page_and_switches_for_the_longest_reach() {
        let pages: [CodePage; 3] = [Cp437, Cp850, Cp858];
        let split = |text, current| {
            runs(text, &pages, current)
                .into_iter()
                .map(|run| (run.page, run.text.bytes().to_vec()))
                .collect::<Vec<_>>()
        };
        assert_eq!(split("Tea", None), [(None, b"Tea".to_vec())]);
        assert_eq!(split("ü", Some(2)), [(Some(2), vec![0x81])]);
        assert_eq!(split("ü", None), [(Some(0), vec![0x81])]);
        // 437 has the first letter, only 858 has the second too.
        assert_eq!(split("é€", None), [(Some(2), vec![0x82, 0xd5])]);
        assert_eq!(
            split("ß π €", Some(1)),
            [(Some(1), vec![0xe1, b' ']), (Some(0), vec![0xe3, b' ']), (Some(2), vec![0xd5])]
        );
        assert_eq!(split("茶", Some(1)), [(Some(1), vec![b'?'])]);
    }
}
