//! Programs and libraries of the operating system.

use std::env;
use std::fs;
use std::process::Command;

use anyhow::{Result, bail};

use crate::shell;

/// What the machine is wanted for. Each needs what the ones before it need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Purpose {
    /// The register without a window.
    Daemon,
    /// The register in its window.
    Window,
    /// Everything that the tests use.
    Tests,
}

/// How to see that something is there, on any kind of Linux.
enum Probe {
    /// One of these programs is on PATH.
    Program(&'static [&'static str]),
    /// pkg-config knows this library.
    Library(&'static str),
    /// A font of this family is installed.
    Font(&'static str),
}

struct Need {
    purpose: Purpose,
    probe: Probe,
    apt: &'static str,
    dnf: &'static str,
    pacman: &'static str,
}

const fn need(purpose: Purpose, probe: Probe, [apt, dnf, pacman]: [&'static str; 3]) -> Need {
    Need { purpose, probe, apt, dnf, pacman }
}

use Probe::{Font, Library, Program};
use Purpose::{Daemon, Tests, Window};

/// The packages have other names elsewhere: apt, dnf, pacman.
const NEEDS: &[Need] = &[
    need(Daemon, Program(&["cc"]), ["build-essential", "gcc gcc-c++ make", "base-devel"]),
    need(Daemon, Program(&["pkg-config"]), ["pkg-config", "pkgconf-pkg-config", "pkgconf"]),
    need(
        Window,
        Library("webkit2gtk-4.1"),
        ["libwebkit2gtk-4.1-dev", "webkit2gtk4.1-devel", "webkit2gtk-4.1"],
    ),
    need(Window, Library("librsvg-2.0"), ["librsvg2-dev", "librsvg2-devel", "librsvg"]),
    need(Window, Library("libudev"), ["libudev-dev", "systemd-devel", "systemd-libs"]),
    need(Window, Library("dbus-1"), ["libdbus-1-dev", "dbus-devel", "dbus"]),
    need(Window, Library("openssl"), ["libssl-dev", "openssl-devel", "openssl"]),
    need(Tests, Program(&["xvfb-run"]), ["xvfb", "xorg-x11-server-Xvfb", "xorg-server-xvfb"]),
    need(Tests, Program(&["xauth"]), ["xauth", "xorg-x11-xauth", "xorg-xauth"]),
    need(
        Tests,
        Program(&["WebKitWebDriver"]),
        // dnf finds the package by the file, whatever its name in that release.
        ["webkit2gtk-driver", "/usr/bin/WebKitWebDriver", "webkitgtk-6.0"],
    ),
    need(Tests, Program(CHROMIUM), ["chromium", "chromium", "chromium"]),
    need(Tests, Program(&["xdotool"]), ["xdotool", "xdotool", "xdotool"]),
    need(Tests, Program(&["pdftotext"]), ["poppler-utils", "poppler-utils", "poppler"]),
    need(Tests, Program(&["zbarimg"]), ["zbar-tools", "zbar-tools", "zbar"]),
    need(Tests, Program(&["socat"]), ["socat", "socat", "socat"]),
    need(Tests, Program(&["dbus-run-session"]), ["dbus-x11", "dbus-daemon", "dbus"]),
    need(Tests, Program(&["fc-match"]), ["fontconfig", "fontconfig", "fontconfig"]),
    need(Tests, Font("Noto Sans"), ["fonts-noto-core", "google-noto-sans-fonts", "noto-fonts"]),
];

/// The names under which Chromium is installed.
pub(crate) const CHROMIUM: &[&str] = &["chromium", "chromium-browser", "google-chrome"];

/// Makes the machine fit for `purpose`, or says which command would.
pub(crate) fn ensure(purpose: Purpose) -> Result<()> {
    match env::consts::OS {
        "linux" => linux(purpose),
        "macos" => macos(purpose),
        "windows" => windows(purpose),
        // Whoever runs this elsewhere knows the way; the build says what is missing.
        _ => Ok(()),
    }
}

fn linux(purpose: Purpose) -> Result<()> {
    let missing = missing(purpose);
    if missing.is_empty() {
        return Ok(());
    }
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let Some(family) = family(&release) else {
        bail!(
            "These are missing: {}. Install what your distribution calls them, then start again.",
            packages(&missing, Family::Debian).join(" ")
        );
    };
    let packages = packages(&missing, family);
    let words: Vec<&str> = packages.iter().map(String::as_str).collect();
    if family == Family::Debian
        && let Some(rights) = rights()
    {
        install_by_apt(&rights, &words)?;
        let missing = self::missing(purpose);
        let still = self::packages(&missing, family);
        anyhow::ensure!(still.is_empty(), "Installed, but not to be found: {}", still.join(" "));
        return Ok(());
    }
    bail!("{}", please_run(family, &words))
}

fn missing(purpose: Purpose) -> Vec<&'static Need> {
    NEEDS.iter().filter(|need| need.purpose <= purpose && !there(&need.probe)).collect()
}

fn there(probe: &Probe) -> bool {
    match probe {
        Probe::Program(names) => shell::program(names).is_some(),
        Probe::Library(name) => {
            shell::succeeds(Command::new("pkg-config").args(["--exists", name]))
        }
        Probe::Font(name) => shell::read(Command::new("fc-match").args(["-f", "%{family}", name]))
            .is_ok_and(|found| found.contains(name)),
    }
}

/// Distributions that name their packages alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Debian,
    Fedora,
    Arch,
}

fn family(os_release: &str) -> Option<Family> {
    let value = |key: &str| {
        let line = os_release.lines().find_map(|line| line.strip_prefix(key))?;
        Some(line.trim_matches('"').to_owned())
    };
    let ids =
        format!("{} {}", value("ID=").unwrap_or_default(), value("ID_LIKE=").unwrap_or_default());
    ids.split_whitespace().find_map(|id| match id {
        "debian" | "ubuntu" => Some(Family::Debian),
        "fedora" | "rhel" => Some(Family::Fedora),
        "arch" => Some(Family::Arch),
        _ => None,
    })
}

fn packages(needs: &[&Need], family: Family) -> Vec<String> {
    let names = needs.iter().map(|need| match family {
        Family::Debian => need.apt,
        Family::Fedora => need.dnf,
        Family::Arch => need.pacman,
    });
    names.flat_map(str::split_whitespace).map(str::to_owned).collect()
}

fn please_run(family: Family, packages: &[&str]) -> String {
    let install = match family {
        Family::Debian => "sudo apt-get update && sudo apt-get install",
        Family::Fedora => "sudo dnf install",
        Family::Arch => "sudo pacman -S --needed",
    };
    format!(
        "Some system packages are missing. Run\n\n    {install} {}\n\nthen start again.",
        packages.join(" ")
    )
}

/// The words before a command that may install: none for root, `sudo -n` where that asks nothing.
fn rights() -> Option<Vec<&'static str>> {
    if shell::read(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0") {
        return Some(vec!["env"]);
    }
    let quiet_sudo = shell::succeeds(Command::new("sudo").args(["-n", "true"]));
    quiet_sudo.then(|| vec!["sudo", "-n", "env"])
}

fn install_by_apt(rights: &[&str], packages: &[&str]) -> Result<()> {
    let apt = |arguments: &[&str]| {
        let mut command = Command::new(rights[0]);
        command.args(&rights[1..]).arg("DEBIAN_FRONTEND=noninteractive").arg("apt-get");
        command.args(arguments);
        command
    };
    shell::run("package lists", &mut apt(&["update", "-q"]))?;
    let mut arguments = vec!["install", "-y", "-q", "--no-install-recommends"];
    arguments.extend(packages);
    shell::run("system packages", &mut apt(&arguments))
}

fn macos(purpose: Purpose) -> Result<()> {
    if !shell::succeeds(Command::new("xcode-select").arg("-p")) {
        bail!(
            "Apple's compiler is missing. Run\n\n    xcode-select --install\n\nthen start again."
        );
    }
    let tools = [("pdftotext", "poppler"), ("zbarimg", "zbar"), ("socat", "socat")];
    let missing: Vec<&str> = tools
        .iter()
        .filter(|(program, _)| purpose == Tests && shell::program(&[program]).is_none())
        .map(|(_, package)| *package)
        .collect();
    if !missing.is_empty() {
        bail!(
            "The tests need more tools. Run\n\n    brew install {}\n\nthen start again.",
            missing.join(" ")
        );
    }
    Ok(())
}

fn windows(purpose: Purpose) -> Result<()> {
    const WEBVIEW: &str = r"EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C04AF2F0A9}";
    const HIVES: [&str; 3] = [
        r"HKLM\SOFTWARE\WOW6432Node\Microsoft",
        r"HKLM\SOFTWARE\Microsoft",
        r"HKCU\Software\Microsoft",
    ];
    let registered = |hive: &str| {
        shell::succeeds(Command::new("reg").args(["query", &format!(r"{hive}\{WEBVIEW}")]))
    };
    if purpose >= Window && !HIVES.into_iter().any(registered) {
        bail!(
            "WebView2 is missing. Run\n\n    winget install Microsoft.EdgeWebView2Runtime\n\nthen \
             start again. If the linker is missing too:\n\n    winget install \
             Microsoft.VisualStudio.2022.BuildTools --override \"--add \
             Microsoft.VisualStudio.Workload.VCTools --passive\""
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distribution_is_known_by_what_it_is_like() {
        assert_eq!(family("NAME=\"Debian\"\nVERSION_ID=\"12\"\nID=debian\n"), Some(Family::Debian));
        assert_eq!(family("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"), Some(Family::Debian));
        assert_eq!(family("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n"), Some(Family::Fedora));
        assert_eq!(family("ID=manjaro\nID_LIKE=arch\n"), Some(Family::Arch));
        assert_eq!(family("ID=plan9\n"), None);
        assert_eq!(family(""), None);
    }

    #[test]
    fn the_command_to_run_by_hand_names_the_packages_of_that_distribution() {
        let webkit: Vec<&Need> =
            NEEDS.iter().filter(|need| need.apt == "libwebkit2gtk-4.1-dev").collect();
        let fedora = packages(&webkit, Family::Fedora);
        assert_eq!(fedora, ["webkit2gtk4.1-devel"]);
        let words: Vec<&str> = fedora.iter().map(String::as_str).collect();
        assert!(
            please_run(Family::Fedora, &words).contains("sudo dnf install webkit2gtk4.1-devel\n")
        );
    }

    #[test]
    fn a_register_without_a_window_needs_no_web_view() {
        let daemon = NEEDS.iter().filter(|need| need.purpose <= Daemon);
        assert!(daemon.clone().count() > 0);
        assert!(daemon.clone().all(|need| !need.apt.contains("webkit")));
    }
}
