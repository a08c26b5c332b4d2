//! Makes the fonts half as large for the program: each is inflated when its first letter is drawn.

use std::ffi::OsStr;
use std::fs;
use std::io::{Result, Write as _};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::DeflateEncoder;

fn main() -> Result<()> {
    let out = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default());
    println!("cargo::rerun-if-changed=fonts");
    println!("cargo::rerun-if-changed=build.rs");
    for entry in fs::read_dir("fonts")? {
        let font = entry?.path();
        if font.extension() == Some(OsStr::new("ttf")) {
            deflate(&font, &out)?;
        }
    }
    Ok(())
}

fn deflate(font: &Path, out: &Path) -> Result<()> {
    let name = font.with_extension("deflate");
    let file = fs::File::create(out.join(name.file_name().unwrap_or_default()))?;
    let mut encoder = DeflateEncoder::new(file, Compression::best());
    encoder.write_all(&fs::read(font)?)?;
    encoder.finish()?.flush()
}
