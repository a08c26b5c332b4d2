//! The rules of the house that no compiler knows. Each says what is wrong, why, and what to do.

mod commands;
mod crates;
mod floats;
mod leftovers;
mod length;
mod markup;
mod names;
mod places;
mod purity;
mod scanner;
mod source;
mod top_level;

use anyhow::{Result, bail};
use serde_json::Value;

use crate::project::Project;
use crate::shell;
use source::{Source, Tree};

/// One place where a rule does not hold.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Violation {
    file: String,
    /// From 1.
    line: usize,
    what: String,
    why: &'static str,
    remedy: &'static str,
}

/// Checks every rule on every file that git knows or would add.
pub(crate) fn tidy(project: &Project) -> Result<()> {
    let metadata = ["metadata", "--no-deps", "--format-version", "1", "--offline"];
    let metadata: Value = serde_json::from_str(&shell::read(&mut project.cargo(&metadata))?)?;
    let tree = Tree::read(project)?;
    let mut found = crates::check(&tree, &metadata);
    found.extend(top_level::check(&tree.paths));
    found.extend(names::check_paths(&tree.paths));
    for source in &tree.sources {
        found.extend(check(source));
    }
    found.sort();
    for Violation { file, line, what, why, remedy } in &found {
        println!("{file}:{line}: {what} Why: {why} Do: {remedy}");
    }
    if !found.is_empty() {
        bail!("Things to tidy: {}.", found.len());
    }
    println!("   {} files are tidy", tree.sources.len());
    Ok(())
}

/// The rules that look at one file.
fn check(source: &Source) -> Vec<Violation> {
    let rules = [
        commands::check,
        floats::check,
        leftovers::check,
        length::check,
        markup::check,
        names::check,
        places::check,
        purity::check,
    ];
    rules.iter().flat_map(|rule| rule(source)).collect()
}
