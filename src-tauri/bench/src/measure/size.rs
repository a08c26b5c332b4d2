//! Goal 8: how large the program is.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::Session;
use crate::figures::Figure;
use crate::report::{Row, Wanted};

/// Measures and reports.
///
/// # Errors
/// A file that is there cannot be read.
pub(crate) fn measure(session: &mut Session) -> anyhow::Result<()> {
    let wanted = |most: f64| Wanted { p50: Some(most), ..Wanted::default() };
    let row = Row::new("size_program", "the window's program", "MB").goal(8, wanted(15.0));
    let row = match &session.window {
        Some(program) => row.measured(megabytes(program)?),
        None => row.note("there is no built window (release, features desktop)"),
    };
    session.report.add(row);

    let row = Row::new("size_package", "the package for Debian", "MB").goal(8, wanted(8.0));
    let row = match session.window.as_deref().and_then(package) {
        Some(package) => row.measured(megabytes(&package)?),
        None => row.note("there is no built package"),
    };
    session.report.add(row);

    let row = Row::new("size_screens", "JavaScript and CSS, gzip", "kB").goal(8, wanted(150.0));
    let bytes = gzipped(&session.screens)?;
    let row = match bytes {
        0 => row.note("the screens are not built"),
        bytes => row.measured(Figure::single(in_thousands(bytes))),
    };
    session.report.add(row);
    Ok(())
}

fn megabytes(file: &Path) -> anyhow::Result<Figure> {
    let bytes = fs::metadata(file).with_context(|| file.display().to_string())?.len();
    Ok(Figure::single(in_thousands(bytes) / 1_000.0))
}

fn in_thousands(bytes: u64) -> f64 {
    // Exact far beyond the size of any file here.
    u32::try_from(bytes).map_or(f64::INFINITY, f64::from) / 1_000.0
}

/// What the bundler left beside the program.
fn package(program: &Path) -> Option<PathBuf> {
    let folder = program.parent()?.join("bundle").join("deb");
    let files = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    files.filter(|path| path.extension().is_some_and(|extension| extension == "deb")).max()
}

/// The bytes of every script and style sheet below `folder`, each packed as a server would.
fn gzipped(folder: &Path) -> anyhow::Result<u64> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(0) };
    let mut bytes = 0;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            bytes += gzipped(&path)?;
        } else if path.extension().is_some_and(|kind| kind == "js" || kind == "css") {
            let mut packed = GzEncoder::new(Vec::new(), Compression::best());
            packed.write_all(&fs::read(&path)?)?;
            bytes += u64::try_from(packed.finish()?.len())?;
        }
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_and_styles_count_and_pictures_do_not() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        fs::create_dir(folder.path().join("assets"))?;
        fs::write(folder.path().join("assets/a.js"), "x".repeat(10_000))?;
        let script = gzipped(folder.path())?;
        assert!(script > 0 && script < 200, "{script}");
        fs::write(folder.path().join("assets/a.png"), "y".repeat(10_000))?;
        assert_eq!(gzipped(folder.path())?, script);
        Ok(())
    }
}
