//! Where a file goes that the page hands over: a receipt as PDF, with the person's downloads.

use std::path::{Path, PathBuf};

use tauri::webview::DownloadEvent;
use tauri::{Manager as _, Runtime, Webview};

/// The only kind of file that is taken: nothing that a computer would run.
const ENDING: &str = "pdf";
const NAME_MAX: usize = 80;
/// Files of one name in the folder before one of them has to go.
const SAME_NAME_MAX: u32 = 1_000;

/// Says where a download goes, or that it goes nowhere.
pub(crate) fn decide<R: Runtime>(webview: Webview<R>, event: DownloadEvent<'_>) -> bool {
    match event {
        DownloadEvent::Requested { url, destination } => {
            let paths = webview.app_handle().path();
            let folder = paths.download_dir().or_else(|_| paths.home_dir());
            let folder = folder.unwrap_or_else(|_| std::env::temp_dir());
            let place = if url.scheme() == "blob" { place(&folder, destination) } else { None };
            let taken = place.is_some();
            if let Some(place) = place {
                *destination = place;
            } else {
                tracing::warn!(scheme = url.scheme(), "a download was refused");
            }
            taken
        }
        DownloadEvent::Finished { path, success, .. } => {
            if !success {
                tracing::warn!(?path, "a file could not be saved");
            }
            true
        }
        _ => false,
    }
}

/// A path in the folder that no file has yet, for a file with the name that the page gave it.
fn place(folder: &Path, suggested: &Path) -> Option<PathBuf> {
    if suggested.extension()?.to_str()? != ENDING {
        return None;
    }
    std::fs::create_dir_all(folder).ok()?;
    let stem = stem(suggested.file_stem()?.to_str()?);
    (1..=SAME_NAME_MAX)
        .map(|number| match number {
            1 => folder.join(format!("{stem}.{ENDING}")),
            more => folder.join(format!("{stem} ({more}).{ENDING}")),
        })
        .find(|path| path.symlink_metadata().is_err())
}

/// The name in letters that no system reads as a path, an option or a command.
fn stem(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| if c.is_alphanumeric() || c == '-' || c == '_' { c } else { '-' })
        .take(NAME_MAX)
        .collect();
    let plain = plain.trim_matches('-');
    if plain.is_empty() { "receipt".to_owned() } else { plain.to_owned() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_files_name_never_leaves_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        for (name, saved) in [
            ("receipt-T1-42.pdf", "receipt-T1-42.pdf"),
            ("/home/me/Downloads/receipt-T1-42.pdf", "receipt-T1-42.pdf"),
            ("../../a.pdf", "a.pdf"),
            ("..\\..\\a.pdf", "a.pdf"),
            ("-rf.pdf", "rf.pdf"),
            ("a;b$(c).pdf", "a-b--c.pdf"),
        ] {
            let path = place(folder.path(), Path::new(name));
            assert_eq!(path, Some(folder.path().join(saved)), "{name}");
        }
    }

    #[test]
    fn a_file_of_the_persons_is_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("receipt.pdf"), "mine").unwrap();
        let path = place(folder.path(), Path::new("receipt.pdf"));
        assert_eq!(path, Some(folder.path().join("receipt (2).pdf")));
    }

    #[test]
    fn only_a_pdf_is_taken_from_the_page() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.sh", "a.pdf.desktop", "a", ".pdf", "a.PDF.exe", ""] {
            assert_eq!(place(folder.path(), Path::new(name)), None, "{name}");
        }
    }
}
