//! Goal 4: search as you type.

use super::Session;
use super::import::Stocked;
use crate::chance::Chance;
use crate::figures::Times;
use crate::report::{Row, Wanted};
use crate::words::{GOODS, MAKERS};

/// Register and yardstick take turns after so many searches.
const TURN: usize = 20;

/// Measures and reports.
///
/// # Errors
/// The register's, or SQLite's.
pub(crate) fn measure(session: &mut Session, stocked: &Stocked) -> anyhow::Result<()> {
    let times = session.times(1_000, 200);
    let mut chance = Chance::new(4 + stocked.items);
    let one: Vec<String> = (0..times).map(|_| one_word(&mut chance)).collect();
    let two: Vec<String> = (0..times).map(|_| two_words(&mut chance)).collect();
    let keys: Vec<String> = (0..times / 8).flat_map(|_| keystrokes(&mut chance)).collect();

    let mut unranked = Times::default();
    for text in one.iter().chain(&two) {
        unranked.time(|| stocked.raw.search(text, false))?;
    }
    let one = compare(stocked, &one, true)?;
    let two = compare(stocked, &two, true)?;
    // A single letter begins so many words that ranking them takes the yardstick half a second.
    let keys = compare(stocked, &keys, false)?;
    let mut both = (one.0.clone(), one.1.clone());
    both.0.append(two.0.clone());
    both.1.append(two.1.clone());

    let wanted = Wanted { p50: Some(1.0), p99: Some(8.0), ratio: Some(1.2), ..Wanted::default() };
    let row = |name: &str, what: &str, (ours, theirs): (Times, Times)| {
        Row::new(name, what, "ms")
            .items(stocked.items)
            .measured(ours.milliseconds())
            .beside(theirs.milliseconds())
    };
    let all = row("search", "search as you type", both).goal(4, wanted);
    session.report.add(all.note(
        "one word and two words alike, of which 3 to 5 letters are typed; the yardstick gives the 20 \
         best as the register does, ranked by bm25",
    ));
    session.report.add(row("search_one", "  of it, one word", one));
    session.report.add(row("search_two", "  of it, two words", two));
    let keys = row("search_keys", "every key of a word, from its first letter", keys);
    session.report.add(keys.note("the yardstick gives any 20"));
    session.report.add(
        Row::new("search_unranked", "for comparison: raw SQLite, any 20", "ms")
            .items(stocked.items)
            .beside(unranked.milliseconds())
            .note("a yardstick alone: the same searches as \"search as you type\", the first it finds"),
    );
    Ok(())
}

/// Each of `typed` in the register and in the yardstick, which ranks what it finds or does not.
fn compare(stocked: &Stocked, typed: &[String], ranked: bool) -> anyhow::Result<(Times, Times)> {
    for text in typed.iter().take(TURN) {
        stocked.till.search(text)?;
        stocked.raw.search(text, ranked)?;
    }
    let (mut ours, mut theirs) = (Times::default(), Times::default());
    let mut found = 0;
    for turn in typed.chunks(TURN) {
        for text in turn {
            let tiles = ours.time(|| stocked.till.search(text))?;
            found += usize::from(!tiles.is_empty());
        }
        for text in turn {
            theirs.time(|| stocked.raw.search(text, ranked))?;
        }
    }
    // Of a small shop, a few pairs of words name nothing; a search that finds nothing is no search.
    anyhow::ensure!(found * 10 > typed.len() * 9, "only {found} of {} find anything", typed.len());
    Ok((ours, theirs))
}

fn one_word(chance: &mut Chance) -> String {
    let letters = 3 + usize::try_from(chance.below(3)).unwrap_or(0);
    chance.pick(GOODS).chars().take(letters).collect()
}

fn two_words(chance: &mut Chance) -> String {
    let maker: String = chance.pick(MAKERS).chars().take(3).collect();
    let goods: String = chance.pick(GOODS).chars().take(4).collect();
    format!("{maker} {goods}").to_lowercase()
}

/// What is in the search box after each key.
fn keystrokes(chance: &mut Chance) -> Vec<String> {
    let word = chance.pick(GOODS);
    (1..=word.chars().count()).map(|count| word.chars().take(count).collect()).collect()
}
