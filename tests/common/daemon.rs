//! `countertopd` as a process of its own, to be asked, killed and asked again.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

use super::wait_for;

/// How long a process may take for anything before the test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

/// A call of countertopd on a data folder.
pub(crate) fn countertopd(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countertopd"));
    command.args(arguments).arg("--data").arg(folder).stdin(Stdio::null());
    // No test leaves anything in the keychain of whoever runs it.
    command.env_remove("RUST_LOG").env("COUNTERTOP_SECRETS", "file");
    command
}

/// Runs it to its end.
pub(crate) fn run(folder: &Path, arguments: &[&str]) -> Output {
    countertopd(folder, arguments).output().unwrap()
}

/// What it said on standard error.
pub(crate) fn complaint(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A served register. Killed when dropped.
pub(crate) struct Served {
    process: Child,
    pub(crate) address: SocketAddr,
    /// Its door to the network and the fingerprint of its certificate, if it was told to have one.
    pub(crate) network: Option<(SocketAddr, [u8; 32])>,
    // Kept open: a daemon whose standard output is gone may fail for that alone.
    _output: BufReader<ChildStdout>,
}

impl Served {
    pub(crate) fn start(folder: &Path) -> Self {
        Self::told(folder, false)
    }

    /// Open to the network as well, on an address of this machine.
    pub(crate) fn open_to_network(folder: &Path) -> Self {
        Self::told(folder, true)
    }

    fn told(folder: &Path, network: bool) -> Self {
        let mut arguments = vec!["serve", "--listen", "127.0.0.1:0"];
        if network {
            arguments.extend(["--lan", "127.0.0.1:0"]);
        }
        let mut process = countertopd(folder, &arguments).stdout(Stdio::piped()).spawn().unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let (tell, told) = channel();
        let reader = std::thread::spawn(move || {
            for _ in 0..=usize::from(network) {
                let mut line = String::new();
                let read = output.read_line(&mut line);
                let _ = tell.send((read, line));
            }
            output
        });
        let line = || {
            let (read, line) = told.recv_timeout(PATIENCE).expect("it does not say where it is");
            read.unwrap();
            line.trim().to_owned()
        };
        let first = line();
        let address = first.strip_prefix("listening on http://").unwrap_or_else(|| {
            let _ = process.kill();
            panic!("it says {first:?} in place of its address")
        });
        let address = address.parse().unwrap();
        let network = network.then(line).map(|line| {
            let told = line.strip_prefix("open to the network on https://").unwrap();
            let (address, print) = told.trim_end_matches(')').split_once(" (SHA-256 ").unwrap();
            (address.parse().unwrap(), hex::decode(print).unwrap().try_into().unwrap())
        });
        Self { process, address, network, _output: reader.join().unwrap() }
    }

    /// How many files (`fd`) or threads (`task`) it has.
    #[cfg(target_os = "linux")]
    pub(crate) fn count(&self, what: &str) -> usize {
        std::fs::read_dir(format!("/proc/{}/{what}", self.process.id())).unwrap().count()
    }

    /// As a power cut ends it.
    pub(crate) fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// As the system ends it. True if it ended with success.
    pub(crate) fn terminate(mut self) -> bool {
        let asked =
            Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status().unwrap();
        assert!(asked.success());
        wait_for("the daemon's end", || self.process.try_wait().unwrap()).success()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
