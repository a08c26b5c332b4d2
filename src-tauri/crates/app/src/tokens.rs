//! Tokens: what lets a program or a paired device in, for what, and with how much trust.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countertop_domain::ids::TokenId;
use countertop_domain::scope::Scope;
use countertop_domain::staff::{Actor, Role};
use countertop_store::{TokenKind, TokenRow};
use rand_core::{OsRng, RngCore};
use sha2::{Digest, Sha256};

use crate::app::{App, Caller};
use crate::checkout;
use crate::error::AppError;
use crate::wire::{CreateToken, NewToken, Nothing, TokenList, TokenRequest, TokenView};

/// How every secret begins, so that a person or a scanner of leaks knows one.
const PREFIX: &str = "ctp_";
/// Random bytes of a secret.
const SECRET: usize = 32;
/// Characters of a name.
const MAX_NAME: usize = 60;
/// Tokens that are good at once.
const MAX_TOKENS: usize = 100;
/// How old the note of a token's last use may be: not every request is worth a write.
const USED_MS: i64 = 60 * 60 * 1000;

pub(crate) fn list(app: &App, _: &Caller, _: Nothing) -> Result<TokenList, AppError> {
    let tokens = app.store.read::<_, AppError>(|snapshot| Ok(snapshot.tokens()?))?;
    Ok(TokenList { tokens: tokens.iter().map(view).collect() })
}

pub(crate) fn create(
    app: &App,
    caller: &Caller,
    request: CreateToken,
) -> Result<NewToken, AppError> {
    let scopes = request
        .scopes
        .iter()
        .map(|name| Scope::parse(name).ok_or_else(|| unknown_scope(name)))
        .collect::<Result<Vec<_>, _>>()?;
    let role = request.role.as_deref().map_or(Ok(Role::Manager), |name| {
        Role::parse(name).ok_or_else(|| bad("a role is owner, manager or cashier"))
    })?;
    let made = make(app, TokenKind::Program, &request.name, scopes, role)?;
    app.changed(&caller.client, &["tokens"]);
    Ok(made)
}

/// Makes a token; its secret is in the answer and nowhere else.
pub(crate) fn make(
    app: &App,
    kind: TokenKind,
    name: &str,
    mut scopes: Vec<Scope>,
    role: Role,
) -> Result<NewToken, AppError> {
    let name = name_of(name)?;
    scopes.sort_unstable();
    scopes.dedup();
    if scopes.is_empty() {
        return Err(bad("say what the token is good for: it needs a scope at least"));
    }
    let mut bytes = [0; SECRET];
    OsRng.fill_bytes(&mut bytes);
    let secret = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes));
    let token = TokenRow {
        id: TokenId::new(app.ids.next()),
        kind,
        name,
        hash: hash(&secret),
        scopes,
        role,
        created_ms: app.now().utc_ms,
        used_ms: None,
        revoked_ms: None,
    };
    let view = view(&token);
    app.store.write::<_, AppError>(move |tx| {
        if tx.tokens()?.iter().filter(|token| token.revoked_ms.is_none()).count() >= MAX_TOKENS {
            return Err(bad(&format!(
                "there are {MAX_TOKENS} tokens already: revoke those that nobody uses"
            )));
        }
        Ok(tx.add_token(&token)?)
    })?;
    Ok(NewToken { token: view, secret })
}

/// A name that a token may have.
pub(crate) fn name_of(given: &str) -> Result<String, AppError> {
    let name = given.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME || name.chars().any(char::is_control) {
        return Err(bad(&format!(
            "name the program or the device, in up to {MAX_NAME} characters on one line: you will want \
             to know later whose token it is"
        )));
    }
    Ok(name.to_owned())
}

/// The client that the commands of a token's holder come from.
pub(crate) fn client_of(token: TokenId) -> String {
    format!("token-{token}")
}

pub(crate) fn revoke(
    app: &App,
    caller: &Caller,
    request: TokenRequest,
) -> Result<TokenList, AppError> {
    let (id, at) = (request.token_id, app.now().utc_ms);
    let known = app.store.write::<_, AppError>(move |tx| {
        let known = tx.tokens()?.into_iter().find(|token| token.id == id);
        tx.revoke_token(id, at)?;
        Ok(known)
    })?;
    let Some(token) = known else {
        return Err(AppError::NoSuch { code: "no_such_token", what: "that token" });
    };
    let client = client_of(id);
    app.baskets.left_by(&client);
    checkout::leave_to_others(app, &client, &token.name);
    app.changed(&caller.client, &["tokens", "basket"]);
    list(app, caller, Nothing {})
}

impl App {
    /// Who holds this secret: a caller with the token's name, role and scopes. `None` if nobody does
    /// (any more).
    ///
    /// # Errors
    /// The store's.
    pub fn holder(&self, secret: &str) -> Result<Option<Caller>, AppError> {
        if !secret.starts_with(PREFIX) {
            return Ok(None);
        }
        let hash = hash(secret);
        let found = self.store.read::<_, AppError>(|s| Ok(s.token_by_hash(&hash)?))?;
        let Some(token) = found.filter(|token| token.revoked_ms.is_none()) else {
            return Ok(None);
        };
        let now = self.now().utc_ms;
        if token.used_ms.is_none_or(|used| now - used >= USED_MS) {
            let id = token.id;
            self.store.write::<_, AppError>(move |tx| Ok(tx.touch_token(id, now)?))?;
        }
        let actor = Actor {
            staff: countertop_domain::ids::StaffId::new(token.id.uuid()),
            name: token.name,
            role: token.role,
        };
        let client = client_of(token.id);
        Ok(Some(Caller { actor, client, scopes: Some(token.scopes.into()) }))
    }
}

/// How a secret is kept.
pub(crate) fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

fn view(token: &TokenRow) -> TokenView {
    TokenView {
        id: token.id,
        device: token.kind == TokenKind::Device,
        name: token.name.clone(),
        scopes: token.scopes.iter().map(|scope| scope.name().to_owned()).collect(),
        role: token.role.name().to_owned(),
        created_ms: token.created_ms,
        used_ms: token.used_ms,
        revoked_ms: token.revoked_ms,
    }
}

pub(crate) fn unknown_scope(name: &str) -> AppError {
    let known: Vec<&str> = Scope::ALL.iter().map(|scope| scope.name()).collect();
    bad(&format!("\"{name}\" is no scope: there are {}", known.join(", ")))
}

fn bad(reason: &str) -> AppError {
    AppError::BadText { reason: reason.to_owned() }
}
