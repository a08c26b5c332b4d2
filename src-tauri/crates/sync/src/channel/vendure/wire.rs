//! Documents go out, data or trouble comes back. Sessions are begun when they are needed.

use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use crate::channel::connector::Trouble;
use crate::channel::transport::{Answer, Line, Request, Secret};
use crate::channel::value::{rows, text};

/// The longest words of a shop that are shown.
const MAX_WORDS: usize = 300;

/// What opens the shop.
pub(super) enum Key {
    /// An API key (Vendure 3.6 and later, with `api-key` among its token methods).
    Api(Secret),
    /// An administrator, whose sessions are bearer tokens.
    Login { user: String, password: Secret },
}

/// The Admin API.
pub(super) struct Api {
    line: Line,
    key: Key,
    channel: Option<Secret>,
    session: Mutex<Option<Secret>>,
}

/// Data, and the shop's clock.
pub(super) struct Said {
    pub(super) data: Value,
    pub(super) server_ms: Option<i64>,
}

impl Api {
    pub(super) fn new(line: Line, key: Key, channel: &str) -> Self {
        let channel = (!channel.is_empty()).then(|| Secret::new(channel));
        Self { line, key, channel, session: Mutex::default() }
    }

    /// Asks for a document. An answer with errors is trouble; the unions of mutations are not looked
    /// into: see [`accepted`].
    pub(super) async fn ask(&self, document: &str, variables: Value) -> Result<Said, Trouble> {
        let known = self.session();
        let was_known = known.is_some();
        let session = match known {
            Some(session) => Some(session),
            None => self.begin().await?,
        };
        let said = self.asked(document, &variables, session.as_ref()).await;
        match said {
            // It may have ended meanwhile, which is no different from a right that is missing.
            Err(Trouble::Denied(_)) if was_known && matches!(self.key, Key::Login { .. }) => {
                self.keep(None);
                let session = self.begin().await?;
                self.asked(document, &variables, session.as_ref()).await
            }
            said => said,
        }
    }

    async fn asked(
        &self,
        document: &str,
        variables: &Value,
        session: Option<&Secret>,
    ) -> Result<Said, Trouble> {
        let answer = self.sent(document, variables, session).await?;
        read(answer)
    }

    async fn sent(
        &self,
        document: &str,
        variables: &Value,
        session: Option<&Secret>,
    ) -> Result<Answer, Trouble> {
        let body = json!({ "query": document, "variables": variables });
        let mut request = Request::post("admin-api", body);
        if let Key::Api(key) = &self.key {
            request = request.header("vendure-api-key", key);
        }
        if let Some(session) = session {
            let bearer = Secret::new(format!("Bearer {}", session.reveal()));
            request = request.header("Authorization", &bearer);
        }
        if let Some(channel) = &self.channel {
            request = request.header("vendure-token", channel);
        }
        self.line.ask(&request).await
    }

    /// A new session; none where a key needs none.
    async fn begin(&self) -> Result<Option<Secret>, Trouble> {
        const LOGIN: &str = "mutation Login($user: String!, $password: String!) {
            login(username: $user, password: $password) {
                __typename ... on ErrorResult { errorCode message } } }";
        let Key::Login { user, password } = &self.key else { return Ok(None) };
        let variables = json!({ "user": user, "password": password.reveal() });
        let answer = match self.sent(LOGIN, &variables, None).await {
            Ok(answer) => answer,
            // Nothing of what was to be done was sent.
            Err(Trouble::Unknown { words, wait_ms: None }) => return Err(Trouble::NotSent(words)),
            Err(Trouble::Unknown { words, wait_ms }) => {
                return Err(Trouble::Busy { words, wait_ms });
            }
            Err(trouble) => return Err(trouble),
        };
        let token = answer.header("vendure-auth-token").to_owned();
        let said = read(answer).map_err(|trouble| match trouble {
            Trouble::Unknown { words, .. } => Trouble::NotSent(words),
            trouble => trouble,
        })?;
        if !text(&said.data["login"]["errorCode"]).is_empty() {
            return Err(Trouble::Denied(format!(
                "the shop does not know the administrator {user} with this password"
            )));
        }
        if token.is_empty() {
            return Err(Trouble::Denied(
                "the shop gives no token: \"bearer\" must be among the tokenMethod of its authOptions"
                    .to_owned(),
            ));
        }
        let token = Secret::new(token);
        self.keep(Some(token.clone()));
        Ok(Some(token))
    }

    fn session(&self) -> Option<Secret> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep(&self, session: Option<Secret>) {
        *self.session.lock().unwrap_or_else(PoisonError::into_inner) = session;
    }
}

fn read(answer: Answer) -> Result<Said, Trouble> {
    let server_ms = answer.server_ms;
    let errors = rows(&answer.body["errors"]);
    let Some(first) = errors.first() else {
        let answer = answer.accepted(|body| Some(text(&body["message"])))?;
        let data = answer.body.get("data").filter(|data| data.is_object()).cloned();
        let data = data.ok_or_else(|| Trouble::unknown("the shop's answer has no data"))?;
        return Ok(Said { data, server_ms });
    };
    let words: String =
        text(&first["message"]).chars().filter(|c| !c.is_control()).take(MAX_WORDS).collect();
    Err(match &*text(&first["extensions"]["code"]) {
        "FORBIDDEN" | "UNAUTHORIZED" => Trouble::Denied(format!(
            "the shop does not let us in ({words}): look at the administrator or key and the rights of \
             its role"
        )),
        "USER_INPUT_ERROR"
        | "ENTITY_NOT_FOUND"
        | "ILLEGAL_OPERATION"
        | "CHANNEL_NOT_FOUND"
        | "BAD_USER_INPUT"
        | "GRAPHQL_VALIDATION_FAILED"
        | "GRAPHQL_PARSE_FAILED" => Trouble::Refused(format!("the shop answered: {words}")),
        // An error of its own: what it did before it is not known.
        _ => Trouble::unknown(format!("the shop is in trouble: {words}")),
    })
}

/// What a mutation answered, if it did as it was asked.
pub(super) fn accepted(said: &Value) -> Result<&Value, Trouble> {
    if text(&said["errorCode"]).is_empty() {
        return Ok(said);
    }
    let more = text(&said["transitionError"]);
    let words = if more.is_empty() { text(&said["message"]) } else { more };
    let words: String = words.chars().filter(|c| !c.is_control()).take(MAX_WORDS).collect();
    Err(Trouble::Refused(format!("the shop answered: {words}")))
}

/// The same trouble after something may have been done before it: what is half done is found again.
pub(super) fn after_a_part(trouble: Trouble) -> Trouble {
    match trouble {
        Trouble::NotSent(words) | Trouble::Denied(words) => Trouble::unknown(words),
        Trouble::Busy { words, wait_ms } => Trouble::Unknown { words, wait_ms },
        trouble => trouble,
    }
}

/// Where a list goes on: the next `skip`, if there is more.
pub(super) fn after(skip: u64, got: usize, total: u64) -> Option<u64> {
    let next = skip.saturating_add(u64::try_from(got).unwrap_or(0));
    (got > 0 && next < total).then_some(next)
}
