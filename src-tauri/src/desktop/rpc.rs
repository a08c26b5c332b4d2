//! The way from the page to the register: one command for the whole list of commands.

use countertop_app::dispatch;
use countertop_app::wire::Refusal;
use serde_json::Value;
use tauri::{AppHandle, State};

use super::links;
use super::till::Till;

/// A client's id is a UUID; no page needs a longer one.
const CLIENT_MAX: usize = 64;

/// Carries out a command of the register for the page.
///
/// # Errors
/// What the register refuses, and why.
#[tauri::command]
pub(crate) async fn rpc(
    handle: AppHandle,
    till: State<'_, Till>,
    command: String,
    body: Value,
    client: String,
) -> Result<Value, Refusal> {
    if client.is_empty() || client.len() > CLIENT_MAX {
        return Err(refused("bad_request", "this page has no id of its own: load it again"));
    }
    let till = till.inner().clone();
    // Commands wait for the disk: they have threads of their own, so that the window never does.
    let answer = tauri::async_runtime::spawn_blocking(move || {
        links::before(&till, &client, &command, &body)?;
        links::page_asks(&handle, &command);
        let answer = till.with(|app| {
            let caller = countertop::caller(app, &client)?;
            dispatch(app, &caller, &command, body)
        });
        tracing::debug!(command, refused = answer.is_err(), "answered");
        answer
    });
    answer.await.unwrap_or_else(|_| {
        Err(refused(
            "program_trouble",
            "the program stumbled over this and did not finish: look at the sale before you try \
             again",
        ))
    })
}

fn refused(code: &str, message: &str) -> Refusal {
    Refusal { code: code.to_owned(), message: message.to_owned(), about: String::new() }
}
