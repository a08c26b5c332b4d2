//! Hands a file that the register made to the person: saved with their downloads and opened with
//! what they read such files with.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countertop_app::wire::{FileView, Refusal};
use tauri::{AppHandle, Manager as _};

/// The only type of file that is taken from the page: nothing that a computer would run.
const MEDIA_TYPE: &str = "application/pdf";
const MARK: &[u8] = b"%PDF-";
/// In Base64. A receipt has about 30,000 bytes.
const BASE64_MAX: usize = 8 << 20;
const NAME_MAX: usize = 80;
/// Files of one name in the folder before one of them has to go.
const SAME_NAME_MAX: u32 = 1_000;

/// Saves a file and opens it.
///
/// # Errors
/// It is no PDF, or the system does not take it.
#[tauri::command]
pub(crate) async fn open_file(handle: AppHandle, file: FileView) -> Result<(), Refusal> {
    let folder = handle
        .path()
        .download_dir()
        .ok()
        .filter(|folder| folder.is_dir())
        .unwrap_or_else(|| std::env::temp_dir());
    let done = tauri::async_runtime::spawn_blocking(move || {
        let path = save(&folder, &file)?;
        open(&path).map_err(|error| {
            refused(&format!(
                "the receipt is saved as {}, but cannot be opened: {error}",
                path.display()
            ))
        })
    });
    done.await.unwrap_or_else(|_| Err(refused("the file was not saved: try again")))
}

fn save(folder: &Path, file: &FileView) -> Result<PathBuf, Refusal> {
    if file.media_type != MEDIA_TYPE || file.base64.len() > BASE64_MAX {
        return Err(refused("only a PDF of up to 6 MB can be saved from here"));
    }
    let bytes = STANDARD.decode(&file.base64).unwrap_or_default();
    if !bytes.starts_with(MARK) {
        return Err(refused("what should be saved is not a PDF: make it again"));
    }
    let saved = fs::create_dir_all(folder).and_then(|()| write_new(folder, &file.name, &bytes));
    saved.map_err(|error| {
        refused(&format!("the file cannot be saved in {}: {error}", folder.display()))
    })
}

/// Writes into a file that was not there before, so that nothing of the person's is overwritten.
fn write_new(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<PathBuf> {
    let stem = stem(name);
    for number in 1..=SAME_NAME_MAX {
        let name =
            if number == 1 { format!("{stem}.pdf") } else { format!("{stem} ({number}).pdf") };
        let path = folder.join(name);
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(mut file) => {
                file.write_all(bytes)?;
                return Ok(path);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other(format!("there are {SAME_NAME_MAX} files named {stem}.pdf already")))
}

/// The name without its ending, of letters that no system reads as a path, an option or a command.
fn stem(name: &str) -> String {
    let name = name.strip_suffix(".pdf").unwrap_or(name);
    let plain: String = name
        .chars()
        .map(|c| if c.is_alphanumeric() || c == '-' || c == '_' { c } else { '-' })
        .take(NAME_MAX)
        .collect();
    let plain = plain.trim_matches('-');
    if plain.is_empty() { "receipt".to_owned() } else { plain.to_owned() }
}

fn open(path: &Path) -> io::Result<()> {
    let opener = if cfg!(windows) {
        "explorer"
    } else if cfg!(target_os = "macos") {
        "open"
    } else {
        "xdg-open"
    };
    let mut command = Command::new(opener);
    command.arg(path).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut opening = command.spawn()?;
    // Waited for, so that no dead process stays behind; nobody needs the answer.
    std::thread::Builder::new().name("opener".to_owned()).spawn(move || opening.wait())?;
    Ok(())
}

fn refused(message: &str) -> Refusal {
    Refusal { code: "bad_file".to_owned(), message: message.to_owned(), about: String::new() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn pdf(name: &str) -> FileView {
        FileView {
            name: name.to_owned(),
            media_type: MEDIA_TYPE.to_owned(),
            base64: STANDARD.encode(b"%PDF-1.7 a receipt"),
        }
    }

    #[test]
    fn a_files_name_never_leaves_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        for (name, saved) in [
            ("receipt-T1-42.pdf", "receipt-T1-42.pdf"),
            ("../../.bashrc", "bashrc.pdf"),
            ("/etc/passwd", "etc-passwd.pdf"),
            ("C:\\Windows\\a.exe", "C--Windows-a-exe.pdf"),
            ("-rf", "rf.pdf"),
            ("", "receipt.pdf"),
        ] {
            let path = save(folder.path(), &pdf(name)).unwrap();
            assert_eq!(path, folder.path().join(saved), "{name}");
        }
    }

    #[test]
    fn a_file_of_the_persons_is_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let mine = folder.path().join("receipt.pdf");
        fs::write(&mine, "mine").unwrap();
        let path = save(folder.path(), &pdf("receipt.pdf")).unwrap();
        assert_eq!(path, folder.path().join("receipt (2).pdf"));
        assert_eq!(fs::read_to_string(mine).unwrap(), "mine");
    }

    #[test]
    fn only_a_pdf_is_taken_from_the_page() {
        let folder = tempfile::tempdir().unwrap();
        let script = FileView { media_type: "text/x-sh".to_owned(), ..pdf("a.sh") };
        let disguised = FileView { base64: STANDARD.encode("#!/bin/sh"), ..pdf("a.pdf") };
        let broken = FileView { base64: "%%%".to_owned(), ..pdf("a.pdf") };
        for file in [script, disguised, broken] {
            assert_eq!(save(folder.path(), &file).unwrap_err().code, "bad_file");
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
