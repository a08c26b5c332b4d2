//! The end of a terminal's day.

use std::sync::atomic::Ordering;

use countertop_devices::{EndOfDay, TerminalError};
use countertop_domain::ids::DeviceId;
use countertop_store::{DeviceKind, ReportState, TerminalReportRow};

use super::terminal::Ask;
use crate::app::{App, Caller};
use crate::error::AppError;
use crate::wire::{
    ListReports, TerminalReport, TerminalReportState, TerminalReports, TerminalRequest,
};

/// Reports of a list.
const MAX_REPORTS: u32 = 100;

/// Has a terminal close its day. Refused while it has a payment that may still go either way: closed
/// books are no place to look for one.
pub(crate) fn end(
    app: &App,
    caller: &Caller,
    request: TerminalRequest,
) -> Result<TerminalReport, AppError> {
    let id = request.terminal_id;
    let device = app
        .store
        .read::<_, AppError>(|snapshot| Ok(snapshot.device(id)?))?
        .filter(|device| device.kind == DeviceKind::Terminal)
        .ok_or(AppError::NoTerminal)?;
    let line = app.cards.line(id).ok_or_else(|| AppError::TerminalNotReady {
        terminal: device.name.clone(),
        words: app.machines.words(id),
    })?;
    if !line.abilities.ends_day {
        return Err(AppError::BadText {
            reason: format!("close the day on {} itself: it takes no order for it", device.name),
        });
    }
    if line.closing_day.swap(true, Ordering::AcqRel) {
        return Err(AppError::TerminalBusy { terminal: device.name });
    }
    let begun = write_down(app, &device);
    match begun {
        Ok(report) => {
            let _ = line.tell.send(Ask::EndDay(report.id));
            app.changed(&caller.client, &["card", "devices"]);
            Ok(view(report))
        }
        Err(error) => {
            line.closing_day.store(false, Ordering::Release);
            Err(error)
        }
    }
}

fn write_down(
    app: &App,
    device: &countertop_store::DeviceRow,
) -> Result<TerminalReportRow, AppError> {
    let mut report = TerminalReportRow {
        id: 0,
        device: device.id,
        terminal: device.name.clone(),
        at: app.now(),
        state: ReportState::Running,
        total: None,
        words: "The terminal is closing its day.".to_owned(),
    };
    app.store.write::<_, AppError>(move |tx| {
        let open = tx.unsettled_payments()?;
        if let Some(row) =
            open.iter().find(|row| row.device == report.device && row.state.is_open())
        {
            return Err(AppError::CardOpen {
                terminal: row.terminal.clone(),
                in_doubt: row.state == countertop_store::PaymentState::InDoubt,
            });
        }
        report.id = tx.add_terminal_report(&report)?;
        Ok(report)
    })
}

/// What became of it, as the driver says.
pub(super) fn ended(
    app: &App,
    device: DeviceId,
    report: i64,
    end: Result<EndOfDay, TerminalError>,
) -> Result<(), AppError> {
    let (state, total, words) = match end {
        Ok(end) => (ReportState::Done, end.total.map(|total| total.minor()), end.words),
        Err(error) => (ReportState::Failed, None, error.to_string()),
    };
    app.store.write::<_, AppError>(move |tx| {
        // Some terminals count from 1 again.
        tx.forget_terminal_mark(device)?;
        Ok(tx.end_terminal_report(report, state, total, &words)?)
    })?;
    app.changed("", &["card", "devices"]);
    Ok(())
}

pub(crate) fn reports(
    app: &App,
    _: &Caller,
    request: ListReports,
) -> Result<TerminalReports, AppError> {
    let rows = app.store.read::<_, AppError>(|snapshot| {
        Ok(snapshot.terminal_reports(request.terminal_id, MAX_REPORTS)?)
    })?;
    Ok(TerminalReports { reports: rows.into_iter().map(view).collect() })
}

fn view(row: TerminalReportRow) -> TerminalReport {
    TerminalReport {
        id: row.id,
        terminal_id: row.device,
        terminal: row.terminal,
        local_time: row.at.local_text(),
        state: match row.state {
            ReportState::Running => TerminalReportState::Running,
            ReportState::Done => TerminalReportState::Done,
            ReportState::Failed => TerminalReportState::Failed,
        },
        total: row.total,
        words: row.words,
    }
}
