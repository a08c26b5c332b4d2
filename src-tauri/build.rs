//! Embeds what the window needs; nothing at all without the `desktop` feature.

fn main() {
    #[cfg(feature = "desktop")]
    window();
}

/// The permissions are written by hand and lie with the rest of the Rust: left to itself, Tauri
/// makes a folder for them at the top of the project.
#[cfg(feature = "desktop")]
fn window() {
    println!("cargo:rerun-if-changed=src-tauri/permissions");
    let permissions =
        tauri_build::AppManifest::new().permissions_path_pattern("src-tauri/permissions/*.toml");
    let attributes = tauri_build::Attributes::new().app_manifest(permissions);
    if let Err(trouble) = tauri_build::try_build(attributes) {
        println!("cargo:warning=tauri.conf.json, or what it names, cannot be used: {trouble:#}");
        std::process::exit(1);
    }
}
