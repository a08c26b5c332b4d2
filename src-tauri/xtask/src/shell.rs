//! Running commands so that a person who waits can see what is happening.

use std::env;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

/// Runs `command` with its output shown as it comes, between a line that says what happens and
/// a line that says how long it took.
pub(crate) fn run(what: &str, command: &mut Command) -> Result<()> {
    println!("   {what}: {}", shown(command));
    let start = Instant::now();
    let status = command.status().with_context(|| not_started(command))?;
    let seconds = start.elapsed().as_secs_f32();
    if !status.success() {
        bail!("{what} failed after {seconds:.1} s ({status}). The command was: {}", shown(command));
    }
    println!("   {what}: done in {seconds:.1} s");
    Ok(())
}

/// Runs `command` unseen and gives what it wrote to standard output.
pub(crate) fn read(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().with_context(|| not_started(command))?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr);
        bail!("{} ended with {}.\n{}", shown(command), output.status, message.trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether `command` can be started and succeeds; what it writes is not shown.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Becomes `command`, so that Ctrl-C and a request to end reach it and nothing else.
pub(crate) fn become_command(command: &mut Command) -> Result<()> {
    println!("   {}", shown(command));
    #[cfg(unix)]
    {
        let trouble = std::os::unix::process::CommandExt::exec(command);
        Err(trouble).with_context(|| not_started(command))
    }
    #[cfg(not(unix))]
    {
        let status = command.status().with_context(|| not_started(command))?;
        std::process::exit(status.code().unwrap_or(1));
    }
}

/// The first of `names` that is a program on PATH.
pub(crate) fn program(names: &[&str]) -> Option<PathBuf> {
    let folders: Vec<PathBuf> = env::split_paths(&env::var_os("PATH")?).collect();
    names.iter().find_map(|name| {
        let file = format!("{name}{}", env::consts::EXE_SUFFIX);
        folders.iter().map(|folder| folder.join(&file)).find(|path| path.is_file())
    })
}

fn not_started(command: &Command) -> String {
    format!("{} could not be started", command.get_program().to_string_lossy())
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}
