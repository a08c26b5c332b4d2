//! Opening the register on a demo store.

use std::env;

use anyhow::Result;

use crate::project::Project;
use crate::setup::{Purpose, system};
use crate::{shell, ui};

/// Sets up, builds and opens the register: in its window, or served on this machine where there is
/// no display. Comes back only when that could not be started.
pub(crate) fn run(project: &Project, rest: &[String]) -> Result<()> {
    let display = has_display(env::consts::OS, |name| {
        env::var_os(name).is_some_and(|value| !value.is_empty())
    });
    system::ensure(if display { Purpose::Window } else { Purpose::Daemon })?;
    ui::build(project)?;
    let arguments: &[&str] = if display {
        &["run", "--features", "desktop,tauri/custom-protocol", "--bin", "countertop", "--"]
    } else {
        println!("   No display here: the register is served to a browser instead.");
        &["run", "--no-default-features", "--bin", "countertopd", "--", "serve"]
    };
    let demo = (!is_own_shop(rest)).then_some("--demo");
    shell::become_command(project.cargo(arguments).args(demo).args(rest))
}

/// True if a folder is named: that is somebody's shop, and never filled with a demo.
fn is_own_shop(rest: &[String]) -> bool {
    rest.iter().any(|word| word == "--data" || word.starts_with("--data="))
}

fn has_display(system: &str, set: impl Fn(&str) -> bool) -> bool {
    system != "linux" || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shop_of_ones_own_is_never_filled_with_a_demo() {
        let words = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert!(is_own_shop(&words("--data /home/me/shop")));
        assert!(is_own_shop(&words("--listen 127.0.0.1:7777 --data=/home/me/shop")));
        assert!(!is_own_shop(&words("--listen 127.0.0.1:7777")));
    }

    #[test]
    fn only_a_linux_without_x_and_wayland_has_no_display() {
        assert!(!has_display("linux", |_| false));
        assert!(has_display("linux", |name| name == "WAYLAND_DISPLAY"));
        assert!(has_display("macos", |_| false));
    }
}
