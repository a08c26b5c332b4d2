//! A program with a window, and all the processes that belong to it.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context as _;

/// A running program. It ends with this value, as if its user had closed it.
pub(super) struct Program {
    child: Child,
    pub(super) began: Instant,
}

impl Program {
    /// Starts `command` on a display.
    ///
    /// # Errors
    /// It cannot be started.
    pub(super) fn start(command: &[&str], display: &str) -> anyhow::Result<Self> {
        let mut session = Command::new("dbus-run-session");
        session
            .arg("--")
            .args(command)
            .env("DISPLAY", display)
            .env("GDK_BACKEND", "x11")
            // As the register chooses for itself where there is no graphics card.
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
            .env_remove("WAYLAND_DISPLAY")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // A group of its own, so that all of it can be told to end and nothing else is.
            .process_group(0);
        let began = Instant::now();
        let child = session.spawn().context("dbus-run-session could not be started")?;
        Ok(Self { child, began })
    }

    /// The memory of all its processes, in MiB, each shared page counted in parts (PSS). What only
    /// starts it is left out.
    pub(super) fn memory(&self) -> f64 {
        let processes = processes();
        let mut family = vec![self.child.id()];
        let mut kib = 0_u32;
        while let Some(id) = family.pop() {
            family.extend(processes.iter().filter(|(_, p)| p.parent == id).map(|(id, _)| *id));
            let starter = processes.get(&id).is_none_or(|p| p.name.starts_with("dbus"));
            kib += if starter { 0 } else { pss(id).unwrap_or(0) };
        }
        f64::from(kib) / 1024.0
    }

    /// Tells it to end and waits until it has.
    pub(super) fn end(&mut self) {
        self.signal("-TERM");
        let end = Instant::now() + Duration::from_secs(10);
        while Instant::now() < end && self.is_alive() {
            std::thread::sleep(Duration::from_millis(20));
        }
        if self.is_alive() {
            self.signal("-KILL");
        }
        let _ = self.child.wait();
    }

    /// Whether any process of its group is left.
    fn is_alive(&mut self) -> bool {
        let _ = self.child.try_wait();
        processes().values().any(|process| process.group == self.child.id() && !process.ended)
    }

    fn signal(&self, signal: &str) {
        let group = format!("-{}", self.child.id());
        let _ = Command::new("kill").args([signal, "--", &group]).stderr(Stdio::null()).status();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.end();
    }
}

struct Process {
    name: String,
    parent: u32,
    group: u32,
    ended: bool,
}

/// Every process of this computer by its id.
fn processes() -> BTreeMap<u32, Process> {
    let Ok(entries) = fs::read_dir("/proc") else { return BTreeMap::new() };
    let ids = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    ids.filter_map(|id: u32| {
        let text = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        // The name stands in brackets and may hold any character.
        let (before, after) = text.rsplit_once(')')?;
        let name = before.split_once('(')?.1.to_owned();
        let mut fields = after.split_whitespace();
        let ended = matches!(fields.next()?, "Z" | "X");
        let parent = fields.next()?.parse().ok()?;
        let group = fields.next()?.parse().ok()?;
        Some((id, Process { name, parent, group, ended }))
    })
    .collect()
}

/// KiB.
fn pss(id: u32) -> Option<u32> {
    let text = fs::read_to_string(format!("/proc/{id}/smaps_rollup")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    line.split_whitespace().next()?.parse().ok()
}
