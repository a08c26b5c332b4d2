//! Every decoder of what comes over a wire or from a label, a million times with bytes at random.

use std::time::Instant;

use anyhow::{Result, ensure};

use crate::project::Project;
use crate::shell;

const RUNS: u32 = 1_000_000;

/// A test that runs as often as `COUNTERTOP_FUZZ_RUNS` says.
struct Target {
    what: &'static str,
    package: &'static str,
    /// Where cargo finds it.
    part: &'static [&'static str],
    test: &'static str,
}

const LIBRARY: &[&str] = &["--lib"];
const LABELS: &[&str] = &["--test", "label_fuzz"];

const TARGETS: &[Target] = &[
    of_devices(
        "ZVT: frames and fields",
        &["--test", "zvt"],
        "canaries::no_bytes_at_all_break_the_decoders",
    ),
    of_devices(
        "Concert: frames and answers",
        LIBRARY,
        "concert::tests::no_bytes_on_the_line_do_harm",
    ),
    of_devices("Caisse-AP: fields", LIBRARY, "caisse_ap::tests::no_bytes_on_the_line_do_harm"),
    of_devices(
        "printer: status bytes",
        LIBRARY,
        "escpos::tests::no_bytes_that_a_printer_may_say_are_too_much",
    ),
    of_devices(
        "scanner: framing",
        LIBRARY,
        "scanner::framing::tests::no_bytes_make_the_framer_fall_over_or_let_a_control_character_through",
    ),
    of_devices(
        "scales: Toledo 8217, CAS, SMA",
        LIBRARY,
        "scale::language::tests::no_noise_makes_a_language_fall_over_or_spoils_the_next_answer",
    ),
    of_devices(
        "display: the twin's reader",
        LIBRARY,
        "twin::display::tests::no_bytes_make_a_pole_fall_over",
    ),
    of_domain("GS1: any text", "no_text_makes_the_reader_fall_over"),
    of_domain("GS1: elements", "every_element_that_is_given_out_stands_in_the_code"),
    of_app(
        "payment requests: links",
        "payment_requests::tests::no_link_makes_the_reader_fall_over",
    ),
    of_app("payment requests: JSON", "payment_requests::tests::no_json_makes_the_reader_fall_over"),
    of_app(
        "payment requests: callbacks",
        "payment_requests::tests::no_address_is_called_that_nobody_registered",
    ),
    of_domain("in-store labels", "no_template_and_no_code_make_the_reader_of_labels_fall_over"),
];

const fn of_devices(
    what: &'static str,
    part: &'static [&'static str],
    test: &'static str,
) -> Target {
    Target { what, package: "countertop-devices", part, test }
}

const fn of_app(what: &'static str, test: &'static str) -> Target {
    Target { what, package: "countertop-app", part: LIBRARY, test }
}

const fn of_domain(what: &'static str, test: &'static str) -> Target {
    Target { what, package: "countertop-domain", part: LABELS, test }
}

/// Runs them one after the other and prints a line for each.
pub(crate) fn try_all(project: &Project) -> Result<()> {
    let build = [
        "test",
        "--release",
        "--no-run",
        "-p",
        "countertop-devices",
        "-p",
        "countertop-domain",
        "-p",
        "countertop-app",
    ];
    shell::run("decoders", &mut project.cargo(&build))?;
    for target in TARGETS {
        let start = Instant::now();
        let mut test = project.cargo(&["test", "--release", "--quiet", "-p", target.package]);
        test.args(target.part).args(["--", "--exact", target.test]);
        test.env("COUNTERTOP_FUZZ_RUNS", RUNS.to_string());
        let told = shell::read(&mut test)?;
        // A test that was renamed would run no more, and nobody would notice.
        ensure!(told.contains("1 passed"), "{}: there is no test {}", target.what, target.test);
        let seconds = start.elapsed().as_secs_f32();
        println!("   {:<32} {RUNS} runs, nothing broke, {seconds:.1} s", target.what);
    }
    Ok(())
}
