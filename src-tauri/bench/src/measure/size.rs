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

    let row = Row::new("size_screens", "JavaScript and CSS of the first load, gzip", "kB")
        .goal(8, wanted(150.0));
    let screens = gzipped(&session.screens)?;
    let row = match screens {
        Screens { first: 0, .. } => row.note("the screens are not built"),
        Screens { first, later } => {
            let note = format!("{:.1} kB more as other screens are gone to", in_thousands(later));
            row.measured(Figure::single(in_thousands(first))).note(note)
        }
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

/// Bytes of scripts and style sheets, each packed as a server would.
#[derive(Debug, Default)]
struct Screens {
    /// What the page itself names, and so fetches before anything is shown.
    first: u64,
    later: u64,
}

fn gzipped(folder: &Path) -> anyhow::Result<Screens> {
    let mut screens = Screens::default();
    let Ok(page) = fs::read_to_string(folder.join("index.html")) else { return Ok(screens) };
    for entry in fs::read_dir(folder.join("assets"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|kind| kind == "js" || kind == "css") {
            let mut packed = GzEncoder::new(Vec::new(), Compression::best());
            packed.write_all(&fs::read(&path)?)?;
            let bytes = u64::try_from(packed.finish()?.len())?;
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if page.contains(&format!("/{name}\"")) {
                screens.first += bytes;
            } else {
                screens.later += bytes;
            }
        }
    }
    Ok(screens)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_page_names_is_its_first_load_and_pictures_do_not_count() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text);
        assert_eq!(gzipped(folder.path())?.first, 0);
        fs::create_dir(folder.path().join("assets"))?;
        write("index.html", r#"<script type="module" src="/assets/a.js"></script>"#)?;
        write("assets/a.js", &"x".repeat(10_000))?;
        let first = gzipped(folder.path())?.first;
        assert!(first > 0 && first < 200, "{first}");
        write("assets/a.png", &"y".repeat(10_000))?;
        write("assets/aa.js", &"y".repeat(10_000))?;
        let all = gzipped(folder.path())?;
        assert_eq!(all.first, first);
        assert!(all.later > 0 && all.later < 200, "{}", all.later);
        Ok(())
    }
}
