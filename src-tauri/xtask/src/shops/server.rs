//! A program that serves, for as long as somebody needs it.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

/// How long a server may take to begin, on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(600);

/// A folder of its own, gone at the end.
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn new(name: &str) -> Result<Self> {
        let path = std::env::temp_dir().join(format!("{name}-{}", std::process::id()));
        fs::create_dir_all(&path).with_context(|| path.display().to_string())?;
        Ok(Self(path))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A server. Stopped when dropped.
pub(super) struct Server {
    name: &'static str,
    process: Child,
    log: PathBuf,
    /// What stops it gently; killed without one.
    stop: Option<Command>,
}

impl Server {
    /// Starts it; what it says goes into a file of the folder.
    pub(super) fn start(
        name: &'static str,
        command: &mut Command,
        folder: &Folder,
        stop: Option<Command>,
    ) -> Result<Self> {
        let log = folder.path().join(format!("{name}.log"));
        let file = File::create(&log)?;
        let process = command
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .spawn()
            .with_context(|| format!("{name} could not be started"))?;
        Ok(Self { name, process, log, stop })
    }

    /// What it has said so far.
    pub(super) fn said(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Waits until `look` finds something.
    pub(super) fn until<T>(&mut self, mut look: impl FnMut(&Self) -> Option<T>) -> Result<T> {
        let begun = Instant::now();
        loop {
            if let Some(found) = look(self) {
                return Ok(found);
            }
            let ended = self.process.try_wait()?;
            if ended.is_some() || begun.elapsed() > PATIENCE {
                let why = ended.map_or("does not begin".to_owned(), |end| format!("ended ({end})"));
                let said = self.said();
                let last: Vec<&str> = said.lines().rev().take(20).collect();
                let last: Vec<&str> = last.into_iter().rev().collect();
                bail!("{} {why}. It said:\n{}", self.name, last.join("\n"));
            }
            sleep(Duration::from_millis(200));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let stopped = self.stop.as_mut().is_some_and(crate::shell::succeeds);
        if !stopped {
            let _ = self.process.kill();
        }
        let _ = self.process.wait();
    }
}

/// A port that nobody uses at present.
pub(super) fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
