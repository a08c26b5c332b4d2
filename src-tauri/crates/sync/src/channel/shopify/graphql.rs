//! Shopify's way of asking: one address, documents, points instead of requests, and errors that come
//! with a status of 200.

use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use super::super::connector::Trouble;
use super::super::transport::{Line, Request, Secret};
use super::read::{list, text, whole};

/// The version of the API. A shop that has it no more answers with its oldest one, which the test says.
pub(super) const VERSION: &str = "2026-10";
/// How often an operation is sent under a key of its own after the shop says that it failed under the
/// one before.
const KEYS: u32 = 4;
/// How long a shop that takes five orders a minute is left alone, in milliseconds.
const TRIAL_MS: i64 = 60_000;
/// Milliseconds to wait where the shop is busy with the very same thing.
const TWICE_MS: i64 = 2_000;

/// What lets us in.
#[derive(Debug)]
pub(super) enum Access {
    /// The token of an app that was made in the shop's admin.
    Token(Secret),
    /// An app of the developer dashboard: its id and secret are changed for a token that is good for a
    /// day.
    Grant { id: String, secret: Secret, token: Mutex<Option<Secret>> },
}

/// The way to a shop.
#[derive(Debug)]
pub(super) struct Api {
    line: Line,
    access: Access,
}

/// What a shop said.
#[derive(Debug)]
pub(super) struct Said {
    /// The data.
    pub(super) data: Value,
    /// The shop's clock.
    pub(super) server_ms: Option<i64>,
    /// The version by which it answered.
    pub(super) version: String,
}

impl Api {
    pub(super) const fn new(line: Line, access: Access) -> Self {
        Self { line, access }
    }

    pub(super) fn host(&self) -> String {
        self.line.base().host_str().unwrap_or_default().to_owned()
    }

    /// Asks.
    ///
    /// # Errors
    /// See [`Trouble`]. An error in the answer counts like one of the line: nothing of it is used.
    pub(super) async fn ask(&self, document: &str, variables: &Value) -> Result<Said, Trouble> {
        let token = self.token().await?;
        match self.ask_with(&token, document, variables).await {
            // A day has passed, or the secret was changed: nothing was done.
            Err(Trouble::Denied(_)) if self.forget(&token) => {
                let token = self.token().await?;
                self.ask_with(&token, document, variables).await
            }
            answered => answered,
        }
    }

    async fn ask_with(
        &self,
        token: &Secret,
        document: &str,
        variables: &Value,
    ) -> Result<Said, Trouble> {
        let body = json!({ "query": document, "variables": variables });
        let request = Request::post(format!("admin/api/{VERSION}/graphql.json"), body)
            .header("X-Shopify-Access-Token", token);
        let answer = self.line.ask(&request).await?;
        if answer.status == 404 {
            return Err(Trouble::Denied(
                "there is no Shopify shop at this address: enter the one that ends with \
                 .myshopify.com"
                    .to_owned(),
            ));
        }
        let (server_ms, version) =
            (answer.server_ms, answer.header("X-Shopify-API-Version").to_owned());
        let mut body = answer.accepted(|body| Some(body.get("errors")?.to_string()))?.body;
        self.spare(&body);
        if let Some(errors) = body.get("errors").filter(|errors| !errors.is_null()) {
            return Err(of_errors(errors, &body));
        }
        match body.get_mut("data").map(Value::take) {
            Some(data) if data.is_object() => Ok(Said { data, server_ms, version }),
            _ => Err(Trouble::unknown("the shop's answer has no data")),
        }
    }

    /// Waits, if another question like this one would cost more points than there are.
    fn spare(&self, body: &Value) {
        if let Some(wait) = short_of(body) {
            self.line.hold_ms(wait);
        }
    }

    /// Asks for something to be changed. `name` is the mutation's.
    ///
    /// # Errors
    /// As [`Api::ask`]; what the shop says against it is told by its code.
    pub(super) async fn change(
        &self,
        document: &str,
        name: &str,
        variables: &Value,
    ) -> Result<Value, Trouble> {
        let mut said = self.ask(document, variables).await?;
        let payload = said.data.get_mut(name).map(Value::take).unwrap_or_default();
        if !payload.is_object() {
            return Err(Trouble::unknown("the shop does not say whether it was done"));
        }
        match list(&payload, "/userErrors") {
            [] => Ok(payload),
            errors => Err(of_users(errors)),
        }
    }

    /// The same under a key, which the document takes as `$key`. Shopify does it once for a key, and says
    /// that it failed for good under one: then the next one is taken, always in the same order.
    ///
    /// # Errors
    /// As [`Api::change`].
    pub(super) async fn change_once(
        &self,
        document: &str,
        name: &str,
        variables: &Value,
        key: &str,
    ) -> Result<Value, Trouble> {
        let mut variables = variables.clone();
        for turn in 0..KEYS {
            let key = if turn == 0 { key.to_owned() } else { format!("{key}.{turn}") };
            if let Some(variables) = variables.as_object_mut() {
                variables.insert("key".to_owned(), json!(key));
            }
            match self.change(document, name, &variables).await {
                Err(Trouble::Refused(words)) if words == FAILED_BEFORE => {}
                answered => return answered,
            }
        }
        Err(Trouble::Refused(
            "the shop says again and again that this failed before: look there, then send it again"
                .to_owned(),
        ))
    }

    async fn token(&self) -> Result<Secret, Trouble> {
        let Access::Grant { id, secret, token } = &self.access else {
            let Access::Token(token) = &self.access else { return Err(no_token()) };
            return Ok(token.clone());
        };
        if let Some(token) = lock(token).clone() {
            return Ok(token);
        }
        let body = json!({
            "client_id": id,
            "client_secret": secret.reveal(),
            "grant_type": "client_credentials",
        });
        let answer = self.line.ask(&Request::post("admin/oauth/access_token", body)).await;
        let answer = match answer {
            Ok(answer) if (200..300).contains(&answer.status) => answer,
            Ok(_) => return Err(no_token()),
            // To get a token changes nothing: whatever was to be done was not.
            Err(Trouble::Unknown { words, wait_ms }) => {
                return Err(Trouble::Busy { words, wait_ms });
            }
            Err(trouble) => return Err(trouble),
        };
        let new = Secret::new(text(&answer.body, "/access_token"));
        if new.reveal().is_empty() {
            return Err(no_token());
        }
        *lock(token) = Some(new.clone());
        Ok(new)
    }

    /// True if another token can be had in its place.
    fn forget(&self, used: &Secret) -> bool {
        let Access::Grant { token, .. } = &self.access else { return false };
        let mut token = lock(token);
        // Another question may have brought a new one meanwhile.
        if token.as_ref() == Some(used) {
            *token = None;
        }
        true
    }
}

fn lock(of: &Mutex<Option<Secret>>) -> std::sync::MutexGuard<'_, Option<Secret>> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

fn no_token() -> Trouble {
    Trouble::Denied(
        "the shop does not know this client id and secret, or the app is not installed there: look \
         at the app in Shopify's developer dashboard"
            .to_owned(),
    )
}

/// In how many milliseconds the points that this question cost are there again; none if they are.
fn short_of(body: &Value) -> Option<i64> {
    let cost = body.pointer("/extensions/cost")?;
    let asked = whole(cost, "/requestedQueryCost")?;
    let there = whole(cost, "/throttleStatus/currentlyAvailable")?;
    let rate = whole(cost, "/throttleStatus/restoreRate")?.max(1);
    let missing = asked.saturating_sub(there);
    (missing > 0).then(|| missing.saturating_mul(1_000) / rate + 1)
}

fn of_errors(errors: &Value, body: &Value) -> Trouble {
    let all = errors.as_array().map_or(&[][..], Vec::as_slice);
    let code = |code: &str| all.iter().any(|error| text(error, "/extensions/code") == code);
    let mut words: Vec<String> = all.iter().map(|error| text(error, "/message")).collect();
    if let Some(message) = errors.as_str() {
        words.push(message.to_owned());
    }
    let words: String = words.join("; ").chars().filter(|c| !c.is_control()).take(300).collect();
    if code("THROTTLED") {
        let words = "the shop's points are used up: it is asked more slowly".to_owned();
        return Trouble::Busy { words, wait_ms: short_of(body).or(Some(1_000)) };
    }
    if code("ACCESS_DENIED") || code("SHOP_INACTIVE") || code("FORBIDDEN") {
        return Trouble::Denied(format!("the shop does not let the app do that: {words}"));
    }
    for error in all {
        if let Some(trouble) = of_code(&text(error, "/extensions/code"), &words) {
            return trouble;
        }
    }
    // Whether an answer that is partly there stands for something that was done, nobody knows.
    let done = body.get("data").is_some_and(|data| !data.is_null());
    if done || code("INTERNAL_SERVER_ERROR") || code("TIMEOUT") {
        return Trouble::unknown(format!("the shop is in trouble: {words}"));
    }
    Trouble::Refused(format!("the shop refused: {words}"))
}

/// The goods have no figure at this location yet.
pub(super) const NOT_HERE: &str = "the shop does not keep these goods at this location";
/// Said by [`of_code`], heard by [`Api::change_once`].
const FAILED_BEFORE: &str = "the shop says that this failed before";

fn of_code(code: &str, words: &str) -> Option<Trouble> {
    Some(match code {
        "CHANGE_FROM_QUANTITY_STALE" => {
            Trouble::Stale("the shop's figure is another than the one that was read".to_owned())
        }
        "IDEMPOTENCY_CONCURRENT_REQUEST" => Trouble::Unknown {
            words: "the shop is still busy with this".to_owned(),
            wait_ms: Some(TWICE_MS),
        },
        "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED" => Trouble::Refused(FAILED_BEFORE.to_owned()),
        "IDEMPOTENCY_KEY_PARAMETER_MISMATCH" => Trouble::Refused(format!(
            "the shop has something else under this key, which is a fault of this program: {words}"
        )),
        "INVALID_LOCATION" => Trouble::Refused(NOT_HERE.to_owned()),
        "SERVICE_UNAVAILABLE" | "ADJUST_QUANTITIES_FAILED" => {
            Trouble::unknown(format!("the shop is in trouble: {words}"))
        }
        _ => return None,
    })
}

fn of_users(errors: &[Value]) -> Trouble {
    let one = |error: &Value| {
        let field: Vec<&str> = list(error, "/field").iter().filter_map(Value::as_str).collect();
        match field.join(".") {
            field if field.is_empty() => text(error, "/message"),
            field => format!("{} ({field})", text(error, "/message")),
        }
    };
    let words = errors.iter().map(one).collect::<Vec<_>>().join("; ");
    let words: String = words.chars().filter(|c| !c.is_control()).take(300).collect();
    for error in errors {
        if let Some(trouble) = of_code(&text(error, "/code"), &words) {
            return trouble;
        }
    }
    // A trial or development shop takes five orders a minute.
    if words.starts_with("Too many attempts") {
        return Trouble::Busy { words, wait_ms: Some(TRIAL_MS) };
    }
    Trouble::Refused(format!("the shop refused: {words}"))
}
