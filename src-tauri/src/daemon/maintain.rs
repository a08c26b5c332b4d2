//! Import, replay, verify, rebuild, export, backup and restore.

use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use countertop_app::wire::SaleView;
use countertop_app::{
    AppError, AtTerminal, Clock, Customers, ExportFormat, ExportWhat, ReplayFile, SystemClock,
    TenderMix, import_catalogue, replay_at_terminal,
};
use countertop_store::DeviceKind;
use serde_json::json;

use crate::answer::{Failure, answer, config, open, open_existing};
use crate::cli::{Cli, Format, ReplayOptions, Tender, What};
use crate::device;

pub(crate) fn import(cli: &Cli, file: &Path) -> Result<ExitCode, Failure> {
    let (register, caller) = open(cli)?;
    let imported = import_catalogue(register.app(), &caller, file)?;
    let mut lines = format!(
        "{}: {} rows; {} items with {} variants taken, {} unchanged",
        imported.format, imported.rows, imported.items, imported.variants, imported.unchanged
    );
    for skipped in &imported.skipped {
        let _ = write!(lines, "\nline {}: {}", skipped.line, skipped.reason);
    }
    if imported.skipped_more > 0 {
        let _ = write!(lines, "\nand {} more", imported.skipped_more);
    }
    for warning in &imported.warnings {
        let _ = write!(lines, "\nlook: {warning}");
    }
    answer(cli, &imported, &lines)?;
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn replay(cli: &Cli, options: &ReplayOptions) -> Result<ExitCode, Failure> {
    let file = ReplayFile::read(&options.file)?.limit(options.limit);
    let (register, caller) = open(cli)?;
    if let Some(id) = &options.printer {
        device::of_kind(register.app(), &caller, id, DeviceKind::Printer)?;
    }
    let pay = match options.tender {
        Tender::Cash => TenderMix::Cash,
        Tender::Card => TenderMix::Card,
        Tender::Mixed => TenderMix::Mixed,
    };
    let want_receipts = options.printer.is_some();
    let mut out = std::io::stdout();
    let mut acknowledge = |sale: &SaleView| -> Result<(), AppError> {
        if !options.acks {
            return Ok(());
        }
        // Flushed before the next sale begins: a witness outside may kill this program at any time.
        writeln!(out, "ack {} {} {}", sale.receipt, sale.id, sale.total)
            .and_then(|()| out.flush())
            .map_err(|error| AppError::Io {
                path: "standard output".to_owned(),
                reason: error.to_string(),
            })
    };
    let app = register.app();
    let run = match &options.terminal {
        None => {
            let customers = Customers { pay, want_receipts };
            countertop_app::replay(app, &caller, &file, customers, &mut acknowledge)?
        }
        Some(id) => {
            let terminal = device::of_kind(app, &caller, id, DeviceKind::Terminal)?.id;
            let patience = Duration::from_secs(options.patience);
            let how = AtTerminal { terminal, pay, want_receipts, patience };
            replay_at_terminal(app, &caller, &file, how, &mut acknowledge)?
        }
    };
    let verdict = register.app().store().verify()?;
    let lines = format!(
        "{}{} sales, {} lines, takings {} ({} cash, {} card) in minor units of {}; drawer {}\n\
         {} sales a second; scan to priced basket p50 {} us, p99 {} us; \
         pay to durable p50 {} us, p99 {} us\n{}",
        match run.before {
            0 => String::new(),
            before => format!("{before} baskets were rung up before; "),
        },
        run.sales,
        run.lines,
        run.takings,
        run.cash,
        run.card,
        run.currency,
        run.drawer,
        run.sales_per_s,
        run.scan_p50_us,
        run.scan_p99_us,
        run.commit_p50_us,
        run.commit_p99_us,
        verdict_lines(&verdict),
    );
    answer(cli, &run, &lines)?;
    Ok(if verdict.problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn verdict_lines(verdict: &countertop_store::Verdict) -> String {
    let mut lines = format!("{} entries, {} sales: ", verdict.entries, verdict.sales);
    if verdict.problems.is_empty() {
        lines.push_str("everything is there and unchanged");
    } else {
        let count = verdict.problems.len();
        let _ = write!(lines, "{count} {}", if count == 1 { "problem" } else { "problems" });
        for problem in &verdict.problems {
            let _ = write!(lines, "\n- {problem}");
        }
        lines.push_str(
            "\nWhat to do: copy the whole data folder to a safe place first. Then `countertopd rebuild` \
             makes the tables anew\nfrom the journal; if it refuses, because the journal itself is not as \
             it was, restore the last backup into\nanother folder.",
        );
    }
    lines
}

pub(crate) fn verify(cli: &Cli) -> Result<ExitCode, Failure> {
    let (register, _) = open_existing(cli)?;
    let verdict = register.app().store().verify()?;
    let ok = verdict.problems.is_empty();
    let value = json!({
        "ok": ok,
        "entries": verdict.entries,
        "sales": verdict.sales,
        "problems": verdict.problems,
    });
    answer(cli, &value, &verdict_lines(&verdict))?;
    Ok(if ok { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

pub(crate) fn rebuild(cli: &Cli) -> Result<ExitCode, Failure> {
    let (register, _) = open_existing(cli)?;
    let entries = register.app().store().rebuild()?;
    let line = format!("every table was made anew from {entries} entries");
    answer(cli, &json!({ "entries": entries }), &line)?;
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn export(cli: &Cli, what: What, format: Format) -> Result<ExitCode, Failure> {
    let (register, _) = open_existing(cli)?;
    let what = match what {
        What::Journal => ExportWhat::Journal,
        What::Sales => ExportWhat::Sales,
        What::Products => ExportWhat::Products,
        What::Customers => ExportWhat::Customers,
    };
    let format = match format {
        Format::Jsonl => ExportFormat::Jsonl,
        Format::Csv => ExportFormat::Csv,
    };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let records = countertop_app::export(register.app(), what, format, &mut out)?;
    let _ = writeln!(std::io::stderr(), "{records} records");
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn backup(cli: &Cli, file: &Path) -> Result<ExitCode, Failure> {
    match open_existing(cli) {
        Ok((register, _)) => register.app().store().backup(file)?,
        // The till goes on selling meanwhile.
        Err(failure) if failure.is_held() => countertop_store::backup(&config(cli)?.folder, file)?,
        Err(failure) => return Err(failure),
    }
    let bytes = std::fs::metadata(file)?.len();
    let line = format!(
        "{} has everything ({bytes} bytes), the signing key too: keep it where the cash is kept",
        file.display()
    );
    answer(cli, &json!({ "file": file, "bytes": bytes }), &line)?;
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn restore(cli: &Cli, file: &Path) -> Result<ExitCode, Failure> {
    let config = config(cli)?;
    countertop_store::restore(file, &config.folder, SystemClock.now())?;
    let (register, _) = open(cli)?;
    let series = register.app().identity().series.clone();
    let line =
        format!("{} is a register again; receipts go on as {series}-1", config.folder.display());
    answer(cli, &json!({ "folder": config.folder, "series": series }), &line)?;
    Ok(ExitCode::SUCCESS)
}
