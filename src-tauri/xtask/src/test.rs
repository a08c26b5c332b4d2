//! Everything that must hold before a change is accepted, what fails fastest first.

use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use clap::Args;

use crate::project::Project;
use crate::setup::{Purpose, modules, node, peers, system};
use crate::{decoders, shell, shops, tidy, ui};

#[derive(Args)]
pub(crate) struct Options {
    /// Run only this step; may be given more than once.
    #[arg(long, value_name = "STEP")]
    only: Vec<String>,
    /// Name the steps and do nothing.
    #[arg(long)]
    list: bool,
    /// Also look for rare cases for some minutes: 100,000 of each property of money, 1,000,000 of each
    /// decoder, a payment cut off at every byte, 200 kills while a web shop is told, 1,000 races for the
    /// last piece.
    #[arg(long)]
    long: bool,
    /// Also spend a day beside real web shops, which are installed first: Vendure and Medusa.
    #[arg(long)]
    with_shops: bool,
    /// Go on after a step that fails.
    #[arg(long)]
    keep_going: bool,
}

struct Step {
    name: &'static str,
    what: &'static str,
    run: fn(&mut Session) -> Result<()>,
}

/// Each step brings what it needs itself, so that it can run alone; what is there already costs
/// nothing.
const STEPS: &[Step] = &[
    Step { name: "fmt", what: "Rust is formatted", run: fmt },
    Step { name: "tidy", what: "the rules of the house hold", run: rules },
    Step { name: "setup", what: "what the tests need is on the machine", run: setup },
    Step { name: "ui-check", what: "the screens' types are right", run: ui_check },
    Step { name: "ui-test", what: "the screens' unit tests", run: ui_test },
    Step { name: "ui-build", what: "the screens build", run: ui_build },
    Step { name: "clippy", what: "no lint in any crate", run: clippy },
    Step { name: "rust", what: "the Rust tests, and that the bindings are fresh", run: rust },
    Step { name: "api", what: "the open API keeps what its description says", run: api },
    Step {
        name: "shopify",
        what: "what is sent to Shopify keeps its published schema",
        run: shopify,
    },
    Step { name: "e2e", what: "the screens in Chromium on a real register", run: e2e },
    Step { name: "clippy-desktop", what: "no lint in the window", run: clippy_desktop },
    Step { name: "desktop", what: "the register in its real window", run: desktop },
];

/// Runs only when it is asked for.
const LONG: Step = Step {
    name: "long",
    what: "rare cases: money and receipts, decoders, card payments cut off, web shops killed",
    run: long,
};

/// Runs only when it is asked for.
const SHOPS: Step = Step {
    name: "shops",
    what: "a day at the counter beside a real Vendure and a real Medusa",
    run: shops,
};

struct Session<'a> {
    project: &'a Project,
    /// What is left out on this machine, and why.
    left_out: Vec<String>,
}

enum Outcome {
    Passed,
    Failed,
    NotRun,
}

/// Runs the steps, tells how each went and fails if one did.
pub(crate) fn test(project: &Project, options: &Options) -> Result<()> {
    if options.list {
        for step in STEPS.iter().chain([&LONG, &SHOPS]) {
            println!("{:<15} {}", step.name, step.what);
        }
        return Ok(());
    }
    let mut steps = chosen(&options.only)?;
    for (step, wanted) in [(&LONG, options.long), (&SHOPS, options.with_shops)] {
        if wanted && !steps.iter().any(|one| one.name == step.name) {
            steps.push(step);
        }
    }
    let mut session = Session { project, left_out: Vec::new() };
    if options.only.is_empty() && !options.with_shops {
        let reason = "the day beside real web shops: cargo xtask test --with-shops runs it, too";
        session.left_out.push(reason.to_owned());
    }
    let mut results: Vec<(&Step, Outcome, f32)> = Vec::new();
    let mut stopped = false;
    for step in steps {
        if stopped {
            results.push((step, Outcome::NotRun, 0.0));
            continue;
        }
        println!("== {}: {}", step.name, step.what);
        let start = Instant::now();
        let result = (step.run)(&mut session);
        let seconds = start.elapsed().as_secs_f32();
        let outcome = match result {
            Ok(()) => Outcome::Passed,
            Err(trouble) => {
                println!("{trouble:#}");
                stopped = !options.keep_going;
                Outcome::Failed
            }
        };
        println!("== {}: {} in {seconds:.1} s\n", step.name, word(&outcome));
        results.push((step, outcome, seconds));
    }
    report(&results, &session.left_out)
}

fn chosen(only: &[String]) -> Result<Vec<&'static Step>> {
    let all = || STEPS.iter().chain([&LONG, &SHOPS]);
    if let Some(unknown) = only.iter().find(|name| all().all(|step| step.name != **name)) {
        let names: Vec<&str> = all().map(|step| step.name).collect();
        bail!("There is no step {unknown}. The steps are: {}.", names.join(", "));
    }
    if only.is_empty() {
        return Ok(STEPS.iter().collect());
    }
    Ok(all().filter(|step| only.iter().any(|name| name == step.name)).collect())
}

fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Passed => "passed",
        Outcome::Failed => "FAILED",
        Outcome::NotRun => "not run",
    }
}

fn report(results: &[(&Step, Outcome, f32)], left_out: &[String]) -> Result<()> {
    println!("{:<15} {:<8} {:>8}", "step", "result", "seconds");
    for (step, outcome, seconds) in results {
        println!("{:<15} {:<8} {seconds:>8.1}", step.name, word(outcome));
    }
    for reason in left_out {
        println!("left out: {reason}");
    }
    let passed = results.iter().filter(|(_, outcome, _)| matches!(outcome, Outcome::Passed));
    let failed = results.iter().filter(|(_, outcome, _)| matches!(outcome, Outcome::Failed));
    let (passed, failed) = (passed.count(), failed.count());
    println!("{passed} passed, {failed} failed");
    if failed > 0 {
        std::process::exit(1);
    }
    Ok(())
}

fn fmt(session: &mut Session) -> Result<()> {
    shell::run("format", &mut session.project.cargo(&["fmt", "--all", "--check"]))
}

fn rules(session: &mut Session) -> Result<()> {
    tidy::tidy(session.project)
}

fn setup(_: &mut Session) -> Result<()> {
    system::ensure(Purpose::Tests)?;
    node::ensure()
}

fn ui_check(session: &mut Session) -> Result<()> {
    node::ensure()?;
    modules::ensure(session.project)?;
    shell::run("types", &mut session.project.npm(&["run", "check"]))
}

fn ui_test(session: &mut Session) -> Result<()> {
    node::ensure()?;
    modules::ensure(session.project)?;
    shell::run("unit tests", &mut session.project.npm(&["run", "test"]))
}

fn ui_build(session: &mut Session) -> Result<()> {
    ui::build(session.project)
}

fn clippy(session: &mut Session) -> Result<()> {
    ui::ensure_folder(session.project)?;
    let arguments =
        ["clippy", "--workspace", "--all-targets", "--no-default-features", "--", "-D", "warnings"];
    shell::run("clippy", &mut session.project.cargo(&arguments))
}

fn clippy_desktop(session: &mut Session) -> Result<()> {
    system::ensure(Purpose::Window)?;
    ui::build(session.project)?;
    let arguments = ["clippy", "-p", "countertop", "--features", DESKTOP, "--lib", "--bins"];
    shell::run("clippy", session.project.cargo(&arguments).args(["--", "-D", "warnings"]))
}

const DESKTOP: &str = "desktop,tauri/custom-protocol";

fn rust(session: &mut Session) -> Result<()> {
    let project = session.project;
    system::ensure(Purpose::Tests)?;
    ui::ensure_folder(project)?;
    if !project.root.join("../shared/data").is_dir() {
        let reason =
            "the tests over the big sample files: ../shared/data is not beside the project";
        session.left_out.push(reason.to_owned());
    }
    let all = ["--workspace", "--no-default-features"];
    if shell::succeeds(&mut project.cargo(&["nextest", "--version"])) {
        let mut tests = project.cargo(&["nextest", "run", "--no-fail-fast"]);
        session.with_peers(tests.args(all))?;
        shell::run("Rust tests", &mut tests)?;
        // nextest leaves the examples in the documentation to cargo.
        shell::run("documentation", project.cargo(&["test", "--quiet", "--doc"]).args(all))
    } else {
        let mut tests = project.cargo(&["test", "--no-fail-fast"]);
        session.with_peers(tests.args(all))?;
        shell::run("Rust tests", &mut tests)
    }
}

/// In a release build: a day's worth of sums takes a minute then.
fn long(session: &mut Session) -> Result<()> {
    let mut tests = session.project.cargo(&["test", "--release"]);
    tests.args(["-p", "countertop-domain", "-p", "countertop-receipt", "--tests"]);
    shell::run("money and receipts", tests.env("COUNTERTOP_LONG", "1"))?;
    decoders::try_all(session.project)?;
    let mut cuts = session.project.cargo(&["test", "--release", "-p", "countertop-devices"]);
    cuts.args(["--test", "zvt", "faults", "--", "--nocapture"]);
    shell::run("card payments that are cut off", cuts.env("COUNTERTOP_LONG", "1"))?;
    let mut shops = session.project.cargo(&["test", "--release", "-p", "countertop"]);
    shops.args(["--no-default-features", "--test", "register", "--"]);
    shops.args(["web_shops_kill", "web_shops_race", "whatever_fails", "--nocapture"]);
    shell::run("web shops: kills, races and every fault", shops.env("COUNTERTOP_LONG", "1"))
}

/// Twenty thousand requests and more, good ones and bad ones, made from the description.
fn api(session: &mut Session) -> Result<()> {
    let project = session.project;
    system::ensure(Purpose::Tests)?;
    ui::ensure_folder(project)?;
    let script = project.existing("tests/contract/contract.py")?;
    let python = match peers::libraries(project).context("other people's libraries")? {
        Ok(python) => python,
        Err(reason) => {
            session.leave_out(reason);
            return Ok(());
        }
    };
    shell::run("countertopd", &mut project.cargo(&DAEMON))?;
    let mut test = project.command(python);
    test.arg(script).arg(project.built("countertopd")).env_remove("RUST_LOG");
    shell::run("the open API", &mut test)
}

/// Every document, its variables, and what our twin answers.
fn shopify(session: &mut Session) -> Result<()> {
    let project = session.project;
    node::ensure()?;
    let script = project.existing("tests/contract/shopify.mjs")?;
    let folder = match peers::shopify_schema(project)? {
        Ok(folder) => folder,
        Err(reason) => {
            session.leave_out(reason);
            return Ok(());
        }
    };
    shell::run("Shopify's schema", project.command("node").arg(script).arg(folder))
}

fn shops(session: &mut Session) -> Result<()> {
    system::ensure(Purpose::Tests)?;
    node::ensure()?;
    ui::ensure_folder(session.project)?;
    let day = shops::day(session.project)?;
    session.left_out.extend(day.left_out);
    Ok(())
}

/// Builds `countertopd` as a part of the very build that the Rust tests use: nothing is compiled twice.
const DAEMON: [&str; 6] =
    ["test", "--no-run", "--workspace", "--no-default-features", "--test", "register"];
/// The twin of a web shop, as a program; of the same build.
const WEB_SHOP: [&str; 5] =
    ["build", "--workspace", "--no-default-features", "--example", "woocommerce"];

fn e2e(session: &mut Session) -> Result<()> {
    let project = session.project;
    system::ensure(Purpose::Tests)?;
    ui::build(project)?;
    project.existing("ui/e2e")?;
    shell::run("countertopd", &mut project.cargo(&DAEMON))?;
    shell::run("the twin of a web shop", &mut project.cargo(&WEB_SHOP))?;
    let mut tests = project.npm(&["run", "e2e"]);
    tests.env("COUNTERTOPD", project.built("countertopd"));
    tests.env("WEB_SHOP", project.built("examples/woocommerce"));
    if let Some(browser) = shell::program(system::CHROMIUM) {
        tests.env("CHROMIUM", browser);
    }
    session.with_printer(&mut tests)?;
    shell::run("Chromium", &mut tests)
}

fn desktop(session: &mut Session) -> Result<()> {
    let project = session.project;
    system::ensure(Purpose::Tests)?;
    ui::build(project)?;
    let smoke = project.existing("tests/desktop/smoke.mjs")?;
    let driver = match peers::tauri_driver(project)? {
        Ok(driver) => driver,
        Err(reason) => {
            session.left_out.push(reason);
            return Ok(());
        }
    };
    let window = ["build", "-p", "countertop", "--features", DESKTOP, "--bin", "countertop"];
    shell::run("the window", &mut project.cargo(&window))?;
    let units = ["test", "-p", "countertop", "--features", DESKTOP, "--bin", "countertop"];
    shell::run("the window's own tests", &mut project.cargo(&units))?;
    let mut test = project.command("xvfb-run");
    test.args(["-a", "-s", "-screen 0 1280x1024x24", "dbus-run-session", "--"]);
    test.args(["node", "--test-reporter=spec"]).arg(smoke);
    test.env("COUNTERTOP", project.built("countertop")).env("TAURI_DRIVER", driver);
    // The display of whoever runs the tests stays out of it.
    test.env_remove("WAYLAND_DISPLAY").env("GDK_BACKEND", "x11");
    session.with_printer(&mut test)?;
    shell::run("the window", &mut test)
}

impl Session<'_> {
    /// Tells `tests` where the independent printer is, or the person that there is none.
    fn with_printer(&mut self, tests: &mut Command) -> Result<()> {
        match peers::emupos(self.project).context("the independent printer")? {
            Ok(path) => {
                tests.env("COUNTERTOP_EMUPOS", path);
            }
            Err(reason) => self.leave_out(reason),
        }
        Ok(())
    }

    /// As [`Session::with_printer`], and where the Python with other people's libraries is.
    fn with_peers(&mut self, tests: &mut Command) -> Result<()> {
        self.with_printer(tests)?;
        match peers::libraries(self.project).context("other people's libraries")? {
            Ok(path) => {
                tests.env("COUNTERTOP_PEERS", path);
            }
            Err(reason) => self.leave_out(reason),
        }
        Ok(())
    }

    fn leave_out(&mut self, reason: String) {
        if !self.left_out.contains(&reason) {
            self.left_out.push(reason);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_choice_every_step_runs_in_order() -> Result<()> {
        let names: Vec<&str> = chosen(&[])?.iter().map(|step| step.name).collect();
        assert_eq!(names.first(), Some(&"fmt"));
        assert_eq!(names.len(), STEPS.len());
        Ok(())
    }

    #[test]
    fn a_step_that_does_not_exist_is_refused_with_those_that_do() {
        let message = chosen(&["formatting".to_owned()]).err().map(|e| e.to_string());
        assert!(message.is_some_and(|text| text.contains("fmt") && text.contains("formatting")));
    }
}
