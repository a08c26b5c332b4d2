//! What the rules look at: the files of the project.

use std::fs;

use anyhow::Result;

use super::Violation;
use super::scanner::{self, Views};
use crate::project::Project;
use crate::shell;

/// One text file.
pub(super) struct Source {
    /// From the project's folder, with `/` between.
    pub(super) path: String,
    pub(super) text: String,
    /// For Rust: code, comments and literals apart.
    pub(super) rust: Option<Views>,
}

/// Every file that git knows or would add.
pub(super) struct Tree {
    pub(super) paths: Vec<String>,
    pub(super) sources: Vec<Source>,
}

impl Tree {
    pub(super) fn read(project: &Project) -> Result<Tree> {
        let mut list = project.command("git");
        list.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
        let list = shell::read(&mut list)?;
        let mut paths: Vec<String> = list
            .split('\0')
            .filter(|path| !path.is_empty() && project.root.join(path).is_file())
            .map(str::to_owned)
            .collect();
        paths.sort();
        paths.dedup();
        // What is not text has no lines to look at.
        let read = |path: &String| {
            let text = fs::read_to_string(project.root.join(path)).ok()?;
            Some(Source::new(path, text))
        };
        let sources = paths.iter().filter(|path| is_source(path)).filter_map(read).collect();
        Ok(Tree { paths, sources })
    }
}

fn is_source(path: &str) -> bool {
    const ENDINGS: &[&str] = &[
        ".rs", ".ts", ".js", ".mjs", ".svelte", ".css", ".html", ".toml", ".sql", ".sh", ".py",
        ".md",
    ];
    ENDINGS.iter().any(|ending| path.ends_with(ending))
}

impl Source {
    pub(super) fn new(path: impl Into<String>, text: impl Into<String>) -> Source {
        let (path, text) = (path.into(), text.into());
        let rust = path.ends_with(".rs").then(|| scanner::views(&text));
        Source { path, text, rust }
    }

    /// Whether the file is inside one of `folders`, or is one of them.
    pub(super) fn is_in(&self, folders: &[&str]) -> bool {
        folders.iter().any(|folder| {
            self.path.strip_prefix(folder).is_some_and(|rest| {
                rest.is_empty() || rest.starts_with('/') || folder.ends_with('/')
            })
        })
    }

    /// Whether a browser or Node runs it.
    pub(super) fn is_script(&self) -> bool {
        [".ts", ".js", ".mjs", ".svelte"].iter().any(|ending| self.path.ends_with(ending))
    }

    /// The line of an offset, from 1.
    pub(super) fn line(&self, offset: usize) -> usize {
        self.text.as_bytes()[..offset].iter().filter(|byte| **byte == b'\n').count() + 1
    }

    /// A violation at an offset.
    pub(super) fn violation(
        &self,
        offset: usize,
        what: impl Into<String>,
        why: &'static str,
        remedy: &'static str,
    ) -> Violation {
        let (file, line) = (self.path.clone(), self.line(offset));
        Violation { file, line, what: what.into(), why, remedy }
    }

    /// Every line of a script with its offset, but for those that are a comment and nothing else.
    pub(super) fn script_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let mut offset = 0;
        let lines = self.text.split_inclusive('\n').map(move |line| {
            let start = offset;
            offset += line.len();
            (start, line)
        });
        lines.filter(|(_, line)| {
            let line = line.trim_start();
            !["//", "/*", "* ", "*/", "<!--"].iter().any(|start| line.starts_with(start))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_in_its_folder_and_not_in_one_whose_name_begins_alike() {
        let source = Source::new("src-tauri/crates/store/src/lib.rs", "");
        assert!(source.is_in(&["src-tauri/crates/store"]));
        assert!(source.is_in(&["src-tauri/crates/store/src/lib.rs"]));
        assert!(!source.is_in(&["src-tauri/crates/sto"]));
    }

    #[test]
    fn lines_are_counted_from_one() {
        let source = Source::new("a.ts", "a\n// b\nc");
        assert_eq!(source.line(0), 1);
        let lines: Vec<_> = source.script_lines().collect();
        assert_eq!(lines, [(0, "a\n"), (7, "c")]);
        assert_eq!(source.line(7), 3);
    }
}
