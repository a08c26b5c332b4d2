//! Tokens of other programs, from the command line.

use std::fmt::Write as _;
use std::process::ExitCode;

use countertop_app::commands::{CreateTokenCommand, ListTokens, RevokeToken};
use countertop_app::wire::{CreateToken, Nothing, TokenList, TokenRequest, TokenView};
use countertop_app::{App, Caller, perform};
use countertop_domain::ids::TokenId;

use crate::answer::{Failure, answer, open_existing};
use crate::cli::{Cli, TokenAction};

pub(crate) fn token(cli: &Cli, action: &TokenAction) -> Result<ExitCode, Failure> {
    let (register, caller) = open_existing(cli).map_err(|failure| {
        if failure.is_held() {
            return failure.with_hint(
                "a register is running on this folder: make and revoke tokens on its screen under \
                 Apps, or stop it first",
            );
        }
        failure
    })?;
    let app = register.app();
    match action {
        TokenAction::Create { name, scopes, role } => {
            let request =
                CreateToken { name: name.clone(), scopes: scopes.clone(), role: role.clone() };
            let made = perform::<CreateTokenCommand>(app, &caller, request)?;
            let lines = format!(
                "{}\nThis is shown once and kept nowhere. It is good for: {}",
                made.secret,
                made.token.scopes.join(", ")
            );
            answer(cli, &made, &lines)?;
        }
        TokenAction::List => {
            let list = perform::<ListTokens>(app, &caller, Nothing {})?;
            answer(cli, &list, &lines(&list))?;
        }
        TokenAction::Revoke { token } => {
            let token_id = named(app, &caller, token)?;
            let list = perform::<RevokeToken>(app, &caller, TokenRequest { token_id })?;
            answer(cli, &list, &lines(&list))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The token that a person means, by its id or by a name that only one token has that is still good.
fn named(app: &App, caller: &Caller, wanted: &str) -> Result<TokenId, Failure> {
    if let Ok(id) = wanted.parse() {
        return Ok(id);
    }
    let list = perform::<ListTokens>(app, caller, Nothing {})?;
    let found: Vec<&TokenView> = list
        .tokens
        .iter()
        .filter(|token| token.name == wanted && token.revoked_ms.is_none())
        .collect();
    match found.as_slice() {
        [token] => Ok(token.id),
        [] => Err(Failure::bad_input(format!(
            "no token that is still good is called {wanted}: `countertopd token list` tells which there \
             are"
        ))),
        several => Err(Failure::bad_input(format!(
            "{} tokens are called {wanted}: say which by its id, as `countertopd token list` tells",
            several.len()
        ))),
    }
}

fn lines(list: &TokenList) -> String {
    let mut lines = String::new();
    for token in &list.tokens {
        let state = match (token.revoked_ms, token.device) {
            (Some(_), _) => "revoked",
            (None, true) => "a paired device",
            (None, false) => "good",
        };
        let _ = writeln!(
            lines,
            "{}  {}  {}  {}  {state}",
            token.id,
            token.name,
            token.role,
            token.scopes.join(",")
        );
    }
    if list.tokens.is_empty() {
        lines.push_str("no program has a token");
    }
    lines.trim_end().to_owned()
}
