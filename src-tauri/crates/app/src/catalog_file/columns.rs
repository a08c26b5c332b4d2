//! Which column of the file holds what.

use super::error::FileError;

/// The headings of a file, for finding columns by any of their names.
pub(super) struct Headings<'a>(Vec<(String, &'a str)>);

impl<'a> Headings<'a> {
    /// From the headings as they stand in the file.
    pub(super) fn new(headers: &'a [String]) -> Self {
        Self(headers.iter().map(|header| (folded(header), header.as_str())).collect())
    }

    /// Index of the first column that has one of these names, whatever its case.
    pub(super) fn find(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| {
            let name = folded(name);
            self.0.iter().position(|(header, _)| *header == name)
        })
    }

    /// The same for a column that the format cannot do without.
    ///
    /// # Errors
    /// The heading is missing.
    pub(super) fn require(&self, names: &[&str]) -> Result<usize, FileError> {
        self.find(names).ok_or_else(|| {
            let name = names.first().copied().unwrap_or_default();
            FileError::new(
                1,
                None,
                format!("the heading \"{name}\" is missing"),
                "Export the products again with all columns",
            )
        })
    }
}

fn folded(header: &str) -> String {
    header.trim().trim_start_matches('\u{feff}').to_lowercase()
}
