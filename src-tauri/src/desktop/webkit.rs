//! How WebKitGTK draws on Linux.
//!
//! Its way through the graphics card (DMA-BUF) is slow and heavy where there is no card: without it
//! a scan is on the screen 30 ms sooner and the window takes 110 MiB less. WebKit reads the choice
//! from the environment when it starts, so the program starts itself anew with the choice made:
//! changing the environment of a running program is not safe.

use std::ffi::OsStr;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

const SWITCH: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
const SETTING: &str = "COUNTERTOP_RENDERER";

/// Drivers that only pretend to be a graphics card.
const WITHOUT_A_CARD: &[&str] = &["vgem", "vkms", "udl", "simpledrm", "bochs-drm", "cirrus"];

/// True if there is something to open a window on.
pub(crate) fn has_display() -> bool {
    ["WAYLAND_DISPLAY", "DISPLAY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// Makes WebKit draw in the way that suits this computer. Call this first of all: where it has to
/// change something, the program begins again.
pub(crate) fn choose_renderer() {
    let setting = std::env::var_os(SETTING);
    let switch = std::env::var_os(SWITCH);
    let card = || has_card(Path::new("/dev/dri"), Path::new("/sys/class/drm"));
    let change = change(setting.as_deref(), switch.as_deref(), card);
    if change == Change::None {
        return;
    }
    let trouble = std::env::current_exe().map(|program| {
        let mut command = Command::new(program);
        command.args(std::env::args_os().skip(1));
        match change {
            Change::Plain => command.env(SWITCH, "1"),
            Change::Dmabuf | Change::None => command.env_remove(SWITCH),
        };
        command.exec()
    });
    // Only reached when the program could not begin again: slower, but it works.
    tracing::warn!(?trouble, "the renderer stays as it was");
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    None,
    Plain,
    Dmabuf,
}

/// What to change in the environment. A choice that is there already is somebody's and stays,
/// unless the register's own setting says otherwise.
fn change(
    setting: Option<&OsStr>,
    switch: Option<&OsStr>,
    has_card: impl FnOnce() -> bool,
) -> Change {
    match (setting.and_then(OsStr::to_str), switch) {
        (Some("dmabuf"), Some(_)) => Change::Dmabuf,
        (Some("plain"), None) => Change::Plain,
        (Some("dmabuf" | "plain"), _) | (_, Some(_)) => Change::None,
        (_, None) if has_card() => Change::None,
        (_, None) => Change::Plain,
    }
}

/// True if a graphics card can be used: there is a render node of a real driver, and this user may
/// open it.
fn has_card(devices: &Path, classes: &Path) -> bool {
    let Ok(nodes) = std::fs::read_dir(devices) else {
        return false;
    };
    nodes.flatten().any(|node| {
        let name = node.file_name();
        let driver = std::fs::read_link(classes.join(&name).join("device/driver")).ok();
        let pretends = driver
            .as_deref()
            .and_then(Path::file_name)
            .and_then(OsStr::to_str)
            .is_some_and(|driver| WITHOUT_A_CARD.contains(&driver));
        name.to_string_lossy().starts_with("renderD")
            && !pretends
            && std::fs::OpenOptions::new().read(true).write(true).open(node.path()).is_ok()
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    fn changed(setting: Option<&str>, switch: Option<&str>, card: bool) -> Change {
        change(setting.map(OsStr::new), switch.map(OsStr::new), || card)
    }

    #[test]
    fn without_a_card_the_window_is_drawn_plainly() {
        assert_eq!(changed(None, None, false), Change::Plain);
        assert_eq!(changed(None, None, true), Change::None);
        assert_eq!(changed(Some("something"), None, false), Change::Plain);
    }

    #[test]
    fn the_setting_wins_and_the_program_begins_again_once_at_most() {
        assert_eq!(changed(Some("plain"), None, true), Change::Plain);
        assert_eq!(changed(Some("plain"), Some("1"), true), Change::None);
        assert_eq!(changed(Some("dmabuf"), Some("1"), false), Change::Dmabuf);
        assert_eq!(changed(Some("dmabuf"), None, false), Change::None);
        assert_eq!(changed(None, Some("0"), false), Change::None);
    }

    #[test]
    fn a_card_is_a_render_node_of_a_real_driver() {
        let folder = tempfile::tempdir().unwrap();
        let (devices, classes) = (folder.path().join("dri"), folder.path().join("drm"));
        let add = |node: &str, driver: &str| {
            fs::write(devices.join(node), "").unwrap();
            fs::create_dir_all(classes.join(node).join("device")).unwrap();
            symlink(format!("../bus/drivers/{driver}"), classes.join(node).join("device/driver"))
                .unwrap();
        };
        assert!(!has_card(&devices, &classes), "no folder at all");
        fs::create_dir(&devices).unwrap();
        add("card0", "i915");
        assert!(!has_card(&devices, &classes), "a screen, but nothing that renders");
        add("renderD128", "vgem");
        assert!(!has_card(&devices, &classes), "a driver that pretends");
        add("renderD129", "amdgpu");
        assert!(has_card(&devices, &classes));
    }
}
