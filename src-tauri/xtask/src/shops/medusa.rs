//! Medusa, with a PostgreSQL of its own. What else it likes to have (Redis) is kept in its memory.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::server::{Folder, Server, free_port};
use super::{ITEMS, packages, script};
use crate::project::Project;
use crate::shell;

/// What is installed.
pub(super) const VERSION: &str = "2.21.2";
const EMAIL: &str = "owner@example.com";
const PASSWORD: &str = "not-a-secret";
/// Whom PostgreSQL runs as where the tests run as root, which it refuses: nobody.
const NOBODY: u32 = 65_534;

const CONFIG: &str = r#"const { defineConfig } = require("@medusajs/framework/utils");

module.exports = defineConfig({
  admin: { disable: true },
  projectConfig: {
    databaseUrl: process.env.DATABASE_URL,
    databaseDriverOptions: { connection: { ssl: false } },
    http: {
      storeCors: "http://127.0.0.1",
      adminCors: "http://127.0.0.1",
      authCors: "http://127.0.0.1",
      jwtSecret: "not-a-secret",
      cookieSecret: "not-a-secret",
    },
  },
});
"#;

/// A shop that is served.
pub(super) struct Medusa {
    _server: Server,
    // After the shop: it goes last.
    _database: Server,
    /// What a register needs to know of it, JSON.
    pub(super) seed: String,
}

/// The shop, or in one line why it is left out.
pub(super) fn serve(project: &Project, books: &Folder) -> Result<Result<Medusa, String>> {
    let Some(programs) = postgres() else {
        return Ok(Err(
            "the day beside a real Medusa: it needs PostgreSQL (apt install postgresql, \
                       brew install postgresql)"
                .to_owned(),
        ));
    };
    let names = ["@medusajs/cli", "@medusajs/framework", "@medusajs/medusa"];
    let folder = packages(project, "medusa", &names.map(|name| (name, VERSION)))?;
    fs::write(folder.join("medusa-config.js"), CONFIG)?;
    let (database, address) = database(&programs, books)?;
    let medusa = |arguments: &[&str]| {
        let mut command = Command::new("node");
        command.arg("node_modules/@medusajs/cli/cli.js").args(arguments).current_dir(&folder);
        command.env("DATABASE_URL", &address).env("NODE_ENV", "production");
        command.env("MEDUSA_DISABLE_TELEMETRY", "true");
        command
    };
    let quiet = |what: &str, command: &mut Command| {
        println!("   {what}");
        shell::read(command).map(|_| ())
    };
    quiet("Medusa's tables", &mut medusa(&["db:migrate"]))?;
    quiet("its owner", &mut medusa(&["user", "-e", EMAIL, "-p", PASSWORD]))?;
    let port = free_port()?.to_string();
    let mut start = medusa(&["start", "--host", "127.0.0.1", "--port", &port]);
    let mut server = Server::start("medusa", &mut start, books, None)?;
    server.until(|_| is_well(&port).then_some(()))?;
    let mut furnish = Command::new("node");
    furnish.arg(script(project, "medusa.mjs")?).arg(format!("http://127.0.0.1:{port}"));
    let seed = shell::read(furnish.args([EMAIL, PASSWORD, ITEMS]))?;
    println!("   Medusa is served");
    Ok(Ok(Medusa { _server: server, _database: database, seed }))
}

/// A fresh database, and its address.
fn database(programs: &Path, books: &Folder) -> Result<(Server, String)> {
    let data = books.path().join("postgres");
    fs::create_dir_all(&data)?;
    let is_root = shell::read(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    let command = |name: &str| {
        let mut command = Command::new(programs.join(name));
        command.arg("-D").arg(&data).current_dir(books.path());
        #[cfg(unix)]
        if is_root {
            use std::os::unix::process::CommandExt as _;
            command.gid(NOBODY).uid(NOBODY);
        }
        command
    };
    #[cfg(unix)]
    if is_root {
        std::os::unix::fs::chown(&data, Some(NOBODY), Some(NOBODY))?;
    }
    let mut make = command("initdb");
    make.args(["-U", "medusa", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]);
    shell::read(&mut make)?;
    let port = free_port()?.to_string();
    let mut serve = command("postgres");
    // Nothing of it is needed after the day.
    serve.args(["-h", "127.0.0.1", "-p", &port, "-k", "", "-c", "fsync=off"]);
    let mut stop = command("pg_ctl");
    stop.args(["stop", "-m", "fast"]);
    let mut server = Server::start("postgres", &mut serve, books, Some(stop))?;
    let ready = || {
        let mut ask = Command::new(programs.join("pg_isready"));
        shell::succeeds(ask.args(["-h", "127.0.0.1", "-p", &port]))
    };
    server.until(|_| ready().then_some(()))?;
    Ok((server, format!("postgres://medusa@127.0.0.1:{port}/postgres")))
}

/// Where PostgreSQL's programs are: on PATH, or where Debian puts them.
fn postgres() -> Option<PathBuf> {
    let has_all = |folder: &Path| {
        ["initdb", "postgres", "pg_ctl", "pg_isready"]
            .iter()
            .all(|name| folder.join(name).is_file())
    };
    let on_path = shell::program(&["initdb"]).and_then(|path| path.canonicalize().ok());
    let on_path = on_path.and_then(|path| path.parent().map(Path::to_path_buf));
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut debian: Vec<PathBuf> = versions.map(|entry| entry.path().join("bin")).collect();
    debian.sort();
    on_path.into_iter().chain(debian.into_iter().rev()).find(|folder| has_all(folder))
}

/// Whether the shop says that it is well.
fn is_well(port: &str) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut line = TcpStream::connect(format!("127.0.0.1:{port}"))?;
        line.set_read_timeout(Some(std::time::Duration::from_secs(30)))?;
        line.write_all(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")?;
        let mut said = String::new();
        line.read_to_string(&mut said)?;
        Ok(said)
    };
    ask().is_ok_and(|said| said.starts_with("HTTP/1.1 200"))
}
