//! A printer behind a device node, or a plain file in its place.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod job;

use std::fs;

use countertop_devices::{DeviceError, DeviceErrorKind, Phase};
use job::{PrinterAt, Sent};

fn print(path: impl std::fmt::Display, bytes: &[u8]) -> Result<Sent, DeviceError> {
    PrinterAt::new(format!("file:{path}").parse().unwrap()).print(bytes)
}

#[test]
fn receipts_are_added_to_a_file_one_after_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("receipts.bin");
    print(path.display(), &[0x1B, 0x40, 0x00, 0xFF]).unwrap();
    print(path.display(), b"\r\nsecond").unwrap();
    assert_eq!(fs::read(path).unwrap(), b"\x1B\x40\x00\xFF\r\nsecond");
}

#[test]
fn a_missing_folder_says_to_make_it_and_nothing_was_sent() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("missing/receipts.bin");
    let fault = print(path.display(), b"receipt").unwrap_err();
    assert_eq!((fault.kind(), fault.phase()), (DeviceErrorKind::NotFound, Phase::BeforeSend));
    assert!(fault.to_string().contains("make the folder first"), "{fault}");
    assert!(!path.exists());
}

#[test]
fn a_path_that_cannot_be_written_says_to_choose_another() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    for path in [file.path().join("x"), folder.path().to_owned()] {
        let fault = print(path.display(), b"receipt").unwrap_err();
        assert_eq!(fault.phase(), Phase::BeforeSend, "{fault}");
        if cfg!(unix) {
            assert_eq!(fault.kind(), DeviceErrorKind::WrongKind, "{fault}");
            assert!(fault.to_string().contains("choose another path"), "{fault}");
        }
    }
}

#[cfg(target_os = "linux")]
mod device_nodes {
    use std::fs::{self, OpenOptions};
    use std::io::Read;
    use std::path::{Path, PathBuf};
    use std::process::Command;
    use std::time::Duration;

    use countertop_devices::{DeviceErrorKind, Phase, open};

    use super::print;

    const LONG: Duration = Duration::from_secs(30);
    const SHORT: Duration = Duration::from_millis(100);

    /// A pipe with a name blocks as a printer without paper does.
    fn pipe(folder: &Path) -> PathBuf {
        let path = folder.join("lp0");
        assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
        path
    }

    #[test]
    fn an_unplugged_printer_is_never_replaced_by_a_file() {
        let node = "/dev/countertop-no-such-printer";
        let fault = print(node, b"receipt").unwrap_err();
        let made = Path::new(node).exists();
        let _ = fs::remove_file(node);
        assert!(!made, "the receipt went into a file under /dev");
        assert_eq!((fault.kind(), fault.phase()), (DeviceErrorKind::NotFound, Phase::BeforeSend));
        assert!(fault.to_string().contains("plug it in"), "{fault}");
    }

    #[test]
    fn a_full_disk_is_named() {
        let fault = print("/dev/full", b"receipt").unwrap_err();
        assert_eq!((fault.kind(), fault.phase()), (DeviceErrorKind::DiskFull, Phase::BeforeSend));
    }

    #[test]
    fn a_device_that_does_not_even_open_holds_nobody_up() {
        let folder = tempfile::tempdir().unwrap();
        let path = pipe(folder.path());
        let address = format!("file:{}", path.display()).parse().unwrap();
        let fault = open(&address, SHORT).err().unwrap();
        assert_eq!((fault.kind(), fault.phase()), (DeviceErrorKind::Timeout, Phase::BeforeSend));
        // Lets go of the call that still waits.
        let _ = OpenOptions::new().read(true).write(true).open(&path).unwrap();
    }

    #[test]
    fn a_printer_without_paper_holds_nobody_up() {
        let folder = tempfile::tempdir().unwrap();
        let path = pipe(folder.path());
        let mut machine = OpenOptions::new().read(true).write(true).open(&path).unwrap();
        let address = format!("file:{}", path.display()).parse().unwrap();
        let mut link = open(&address, LONG).unwrap();
        // More than the pipe holds.
        let fault = link.write_all(&[b'x'; 100_000], SHORT).unwrap_err();
        assert_eq!((fault.kind(), fault.phase()), (DeviceErrorKind::Timeout, Phase::AfterSend));
        machine.read_exact(&mut [0; 60_000]).unwrap();
    }
}
