//! Building the screens.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use anyhow::{Context, Result};

use crate::project::Project;
use crate::setup::{modules, node};
use crate::shell;

/// What is in ui/ but not an input: results, and tests of the built page.
const NOT_INPUTS: &[&str] = &["dist", "node_modules", "e2e", "test-results"];

/// Builds ui/dist unless nothing that goes into it has changed since it was built.
pub(crate) fn build(project: &Project) -> Result<()> {
    node::ensure()?;
    modules::ensure(project)?;
    let page = project.ui().join("dist").join("index.html");
    let built = fs::metadata(&page).and_then(|page| page.modified()).ok();
    let changed = newest(&project.ui(), NOT_INPUTS)?;
    if built.is_some_and(|built| built > changed) {
        return Ok(());
    }
    let start = SystemTime::now();
    shell::run("screens", &mut project.npm(&["run", "build"]))?;
    // What was changed while the build ran is newer than what was built.
    let page = fs::File::options()
        .append(true)
        .open(&page)
        .with_context(|| format!("the build left no {}", page.display()))?;
    page.set_modified(start).context("ui/dist/index.html cannot be dated")
}

/// Cargo wants the folder of the built page to exist, even for what does not use it.
pub(crate) fn ensure_folder(project: &Project) -> Result<()> {
    fs::create_dir_all(project.ui().join("dist")).context("ui/dist cannot be made")
}

/// When anything in `folder` last changed. A folder's own date shows what was removed from it; the
/// topmost one's would show only that the results came and went.
fn newest(folder: &Path, except: &[&str]) -> Result<SystemTime> {
    let mut newest = SystemTime::UNIX_EPOCH;
    let entries =
        fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        if except.iter().any(|name| entry.file_name() == *name) {
            continue;
        }
        let about = entry.metadata()?;
        newest = newest.max(about.modified()?);
        if about.is_dir() {
            newest = newest.max(self::newest(&entry.path(), &[])?);
        }
    }
    Ok(newest)
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_change_in_a_source_counts_and_one_in_a_result_does_not() -> Result<()> {
        let folder = std::env::temp_dir().join(format!("countertop-ui-{}", std::process::id()));
        fs::create_dir_all(folder.join("src"))?;
        fs::create_dir_all(folder.join("dist"))?;
        let dated = |path: &str, seconds: u64| -> io::Result<SystemTime> {
            let date = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
            let file = fs::File::create(folder.join(path))?;
            file.set_modified(date)?;
            Ok(date)
        };
        // Later than the folders themselves, which are as old as this test.
        let source = dated("src/a.ts", 9_000_000_000)?;
        dated("dist/index.html", 9_500_000_000)?;
        assert_eq!(newest(&folder, NOT_INPUTS)?, source);
        fs::remove_dir_all(folder)?;
        Ok(())
    }
}
