//! Embeds what the window needs; nothing at all without the `desktop` feature.
fn main() {
    #[cfg(feature = "desktop")]
    tauri_build::build();
}
