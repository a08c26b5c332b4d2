//! What a person is to look at, and what waits to be sent.

use countertop_domain::ids::ChannelId;
use countertop_store::{
    ChannelOpRow, MapKind, OpState, ProblemRow, ProblemState, Snapshot, StoreError,
};
use countertop_sync::channel::Task;

use super::page::problem_state;
use super::{bad, no_shop};
use crate::app::{App, Caller};
use crate::error::AppError;
use crate::wire::{
    ChannelOpView, ChannelOps, ChannelProblemRequest, ChannelProblemView, ChannelProblems,
    ListChannelOps, ListChannelProblems,
};

/// To-dos and updates of a page.
const PAGE: u32 = 50;
const SIZE: usize = 50;

pub(crate) fn problems(
    app: &App,
    _: &Caller,
    request: ListChannelProblems,
) -> Result<ChannelProblems, AppError> {
    let state = problem_state(request.state.as_deref())?;
    page(app, request.channel_id, state, request.after.unwrap_or(0))
}

fn page(
    app: &App,
    id: ChannelId,
    state: ProblemState,
    after: i64,
) -> Result<ChannelProblems, AppError> {
    app.store.read(|snapshot| {
        snapshot.channel(id)?.ok_or_else(no_shop)?;
        let mut rows = snapshot.channel_problems(id, state, after, PAGE + 1)?;
        let more = rows.len() > SIZE;
        rows.truncate(SIZE);
        let problems = rows.iter().map(|row| problem_view(snapshot, row));
        Ok(ChannelProblems { problems: problems.collect::<Result<_, StoreError>>()?, more })
    })
}

fn problem_view(
    snapshot: &Snapshot<'_>,
    row: &ProblemRow,
) -> Result<ChannelProblemView, StoreError> {
    let variant = match row.problem.about.strip_prefix("variant:") {
        Some(external) => snapshot.channel_mapped(row.channel, MapKind::Variant, external)?,
        None => None,
    };
    let op = match row.problem.op {
        Some(number) => snapshot.channel_op(number)?,
        None => None,
    };
    Ok(ChannelProblemView {
        number: row.number,
        kind: row.problem.kind.clone(),
        words: row.problem.words.clone(),
        state: row.state.name().to_owned(),
        first_ms: row.first_ms,
        last_ms: row.last_ms,
        times: row.times,
        can_retry: op.is_some_and(|op| op.state != OpState::Done),
        title: variant.as_ref().map(|name| name.title.clone()).unwrap_or_default(),
        external_id: variant.map(|name| name.external_id),
    })
}

/// The to-do of a number.
fn find(app: &App, number: i64) -> Result<ProblemRow, AppError> {
    app.store.read(|snapshot| {
        snapshot
            .channel_problem(number)?
            .ok_or(AppError::NoSuch { code: "no_such_problem", what: "that to-do" })
    })
}

pub(crate) fn retry(
    app: &App,
    caller: &Caller,
    request: ChannelProblemRequest,
) -> Result<ChannelProblems, AppError> {
    let row = find(app, request.number)?;
    let channel = row.channel;
    app.store.write::<_, AppError>(move |tx| {
        if let Some(op) = row.problem.op {
            tx.retry_channel_op(channel, op)?;
        }
        // What is still wrong comes up again.
        tx.set_channel_problem(row.number, ProblemState::Solved)?;
        Ok(())
    })?;
    app.channels.wake(channel);
    app.changed(&caller.client, &["channels"]);
    page(app, channel, ProblemState::Open, 0)
}

pub(crate) fn set_aside(
    app: &App,
    caller: &Caller,
    request: ChannelProblemRequest,
) -> Result<ChannelProblems, AppError> {
    put(app, caller, &request, ProblemState::Aside)
}

/// What was set aside is to be done after all.
pub(crate) fn take_up(
    app: &App,
    caller: &Caller,
    request: ChannelProblemRequest,
) -> Result<ChannelProblems, AppError> {
    put(app, caller, &request, ProblemState::Open)
}

/// Only what is still to be done is set aside, and only that is taken up: what was solved meanwhile stays
/// solved.
fn put(
    app: &App,
    caller: &Caller,
    request: &ChannelProblemRequest,
    state: ProblemState,
) -> Result<ChannelProblems, AppError> {
    let number = request.number;
    let channel = find(app, number)?.channel;
    app.store.write::<_, AppError>(move |tx| {
        let row = tx.channel_problem(number)?;
        if row.is_some_and(|row| row.state != ProblemState::Solved) {
            tx.set_channel_problem(number, state)?;
        }
        Ok(())
    })?;
    app.changed(&caller.client, &["channels"]);
    page(app, channel, ProblemState::Open, 0)
}

pub(crate) fn ops(app: &App, _: &Caller, request: ListChannelOps) -> Result<ChannelOps, AppError> {
    let state = match &request.state {
        None => None,
        Some(name) => Some(
            OpState::parse(name)
                .ok_or_else(|| bad("an update is new, sent, unknown, done or dead"))?,
        ),
    };
    let before = request.before.unwrap_or(i64::MAX);
    app.store.read(|snapshot| {
        snapshot.channel(request.channel_id)?.ok_or_else(no_shop)?;
        let mut rows = snapshot.channel_ops(request.channel_id, state, before, PAGE + 1)?;
        let more = rows.len() > SIZE;
        rows.truncate(SIZE);
        let ops = rows.iter().map(|row| op_view(snapshot, row));
        Ok(ChannelOps { ops: ops.collect::<Result<_, StoreError>>()?, more })
    })
}

fn op_view(snapshot: &Snapshot<'_>, row: &ChannelOpRow) -> Result<ChannelOpView, StoreError> {
    let waits = matches!(row.state, OpState::New | OpState::Unknown);
    Ok(ChannelOpView {
        number: row.number,
        kind: row.kind.clone(),
        about: about(snapshot, row)?,
        state: row.state.name().to_owned(),
        created_ms: row.created_ms,
        tried_ms: row.tried_ms,
        due_ms: waits.then_some(row.due_ms),
        attempts: row.attempts,
        external_id: row.external_id.clone(),
        trouble: row.trouble.clone(),
    })
}

fn about(snapshot: &Snapshot<'_>, row: &ChannelOpRow) -> Result<String, StoreError> {
    let Ok(task) = serde_json::from_str::<Task>(&row.payload) else { return Ok(String::new()) };
    let variant = match task {
        Task::Sale(sale) => return Ok(sale.number),
        Task::Refund(refund) => return Ok(refund.number),
        Task::Fulfil(order) => return Ok(order.order_external),
        Task::Customer(customer) => return Ok(customer.name),
        Task::Stock(stock) => stock.variant,
        Task::StockMove(moved) => moved.variant,
    };
    Ok(snapshot.by_variant(variant)?.map(|sold| sold.name).unwrap_or_default())
}
