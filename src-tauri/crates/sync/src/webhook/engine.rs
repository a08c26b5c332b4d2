//! The round of the webhooks: events become messages, messages go out, and what became of them is
//! written down. Everything that is to be done stands on disk; what is under way is only in memory, so
//! that whatever a stop cuts off is sent once more.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::Duration;

use countertop_domain::ids::WebhookId;
use countertop_store::{
    DeliveryRow, DeliveryState, NewDelivery, Snapshot, Store, StoreError, Tx, WebhookRow,
};
use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::address::{AllowedHost, with_this_machine};
use super::client::{Line, Outcome, ResolveNames};
use super::pause::next_try;
use crate::event::{Batch, EventId, Filter, ReadError, events_after};

/// The setting that holds the hosts which the owner allowed, with a space between them.
pub(super) const ALLOWED: &str = "webhook_hosts";
/// Happenings that become messages at once.
const TAKE: u32 = 100;
/// Messages of a webhook that wait at most; what happens beyond that stays in the journal until there
/// is room.
const MAX_WAITING: u32 = 1_000;
/// Messages of a webhook that are under way at once.
const AT_ONCE: usize = 8;
/// How long to sleep at most: the clock may have been set.
const NAP: Duration = Duration::from_secs(60);
/// How long an address that cannot be talked to is left alone after the first, second, … time, in
/// milliseconds, whatever else waits for it.
const REST_MS: [i64; 4] = [0, 2_000, 10_000, 60_000];
/// After how many rounds the oldest messages are looked at.
const SWEEP_EVERY: u32 = 64;

/// How long messages that are under way may take when the register stops.
const GRACE: Duration = Duration::from_secs(1);

/// Everything that a round needs.
pub(super) struct Engine {
    pub(super) store: Arc<Store>,
    pub(super) now: Arc<dyn Fn() -> i64 + Send + Sync>,
    pub(super) names: Arc<dyn ResolveNames>,
    pub(super) patience: Duration,
    /// Called when something about a webhook changed that a screen shows.
    pub(super) changed: Arc<dyn Fn() + Send + Sync>,
    pub(super) lines: HashMap<WebhookId, Known>,
    pub(super) rounds: u32,
}

/// What is known of a webhook while the program runs.
#[derive(Default)]
pub(super) struct Known {
    line: Option<(LineKey, Result<Line, String>)>,
    /// The messages that are under way.
    under_way: Vec<i64>,
    /// How often in a row it could not be talked to, and until when it is left alone.
    unreachable: usize,
    rest_until_ms: i64,
}

/// What a line was made for: if it changes, another one is made.
#[derive(Clone, PartialEq, Eq)]
struct LineKey {
    url: String,
    certificate: String,
    allowed: Vec<AllowedHost>,
}

/// A try that has ended.
pub(super) struct Tried {
    message: DeliveryRow,
    at_ms: i64,
    outcome: Outcome,
}

impl Engine {
    /// Goes on until `stop`; then waits a moment for what is under way, so that little comes twice.
    pub(super) async fn run(mut self, woken: &Notify, stop: &Notify) {
        let mut tries: JoinSet<Tried> = JoinSet::new();
        loop {
            let pause = match self.round(&mut tries) {
                Ok(pause) => pause,
                Err(error) => {
                    tracing::error!(%error, "webhooks cannot be told of what happens");
                    NAP
                }
            };
            tokio::select! {
                Some(tried) = tries.join_next() => {
                    let mut all = vec![tried];
                    while let Some(more) = tries.try_join_next() {
                        all.push(more);
                    }
                    self.settle(all.into_iter().filter_map(Result::ok).collect());
                }
                () = woken.notified() => {}
                () = tokio::time::sleep(pause) => {}
                () = stop.notified() => break,
            }
        }
        let mut last = Vec::new();
        // Nobody who closes the shop waits for a slow address: what is cut off is sent once more.
        let _ = tokio::time::timeout(GRACE, async {
            while let Some(tried) = tries.join_next().await {
                last.extend(tried);
            }
        })
        .await;
        self.settle(last);
    }

    /// Turns what happened into messages, and sends what is due. Returns how long nothing is due.
    fn round(&mut self, tries: &mut JoinSet<Tried>) -> Result<Duration, StoreError> {
        let now = (self.now)();
        let (hooks, allowed) = self.store.read::<_, StoreError>(|snapshot| {
            Ok((snapshot.webhooks()?, allowed_hosts(snapshot)?))
        })?;
        self.lines.retain(|id, _| hooks.iter().any(|hook| hook.id == *id));
        let mut again = false;
        for hook in hooks.iter().filter(|hook| hook.revoked) {
            self.drop_waiting(hook.id)?;
        }
        for hook in hooks.iter().filter(|hook| hook.is_live()) {
            // An app is told of its results, and of nothing that happens.
            if hook.app.is_none() {
                again |= self.take_in(hook, now)?;
            }
            self.send_due(hook, &allowed, now, tries)?;
        }
        self.rounds = self.rounds.wrapping_add(1);
        if self.rounds.is_multiple_of(SWEEP_EVERY) {
            let ids: Vec<WebhookId> = hooks.iter().map(|hook| hook.id).collect();
            self.write(move |tx| ids.iter().try_for_each(|id| tx.forget_deliveries(*id)))?;
        }
        if again {
            return Ok(Duration::ZERO);
        }
        let due = self.store.read::<_, StoreError>(|snapshot| snapshot.next_delivery_due(now))?;
        let rest = self.lines.values().map(|known| known.rest_until_ms).filter(|ms| *ms > now);
        let next = rest.chain(due).min();
        let pause =
            next.map_or(NAP, |next| Duration::from_millis(u64::try_from(next - now).unwrap_or(0)));
        Ok(pause.min(NAP))
    }

    /// What still waits for an address whose token was revoked is never sent. Looked at in every round
    /// and not only when the token is revoked: a round may have made messages at that very moment.
    fn drop_waiting(&self, id: WebhookId) -> Result<(), StoreError> {
        if self.store.read(|snapshot| snapshot.delivery_counts(id))?.waiting > 0 {
            self.write(move |tx| tx.drop_waiting(id))?;
            (self.changed)();
        }
        Ok(())
    }

    /// Makes messages of what happened since. True if there is more.
    fn take_in(&self, hook: &WebhookRow, now: i64) -> Result<bool, StoreError> {
        let read = self.store.read::<_, ReadError>(|snapshot| {
            if snapshot.delivery_counts(hook.id)?.waiting >= MAX_WAITING {
                return Ok(None);
            }
            let mark = snapshot.mark(hook.position.seq)?.unwrap_or_default();
            let after = EventId { position: hook.position, part: 0, mark };
            Ok(Some((after, events_after(snapshot, after, TAKE)?)))
        });
        let (after, Batch { events, end }) = match read {
            Ok(Some(read)) => read,
            Ok(None) => return Ok(false),
            Err(ReadError::Store(error)) => return Err(error),
            Err(ReadError::Gone) => {
                let words = "it was away for longer than changes are kept (30 days): let its program \
                             read everything anew, then switch it on again";
                self.switch_off(hook.id, words)?;
                return Ok(false);
            }
        };
        if end == after {
            return Ok(false);
        }
        let filter = Filter::parse(hook.types.iter().map(String::as_str)).unwrap_or_default();
        let messages: Vec<NewDelivery> = events
            .into_iter()
            .filter(|event| filter.wants(event))
            .filter_map(|event| event.for_holder(&hook.scopes))
            .map(|event| NewDelivery {
                event: event.id.to_string(),
                body: event.body(),
                kind: event.kind,
                lane: event.about,
            })
            .collect();
        let id = hook.id;
        self.write(move |tx| tx.take_in(id, end.position, &messages, now))?;
        Ok(true)
    }

    /// Begins to send what is due and not under way.
    fn send_due(
        &mut self,
        hook: &WebhookRow,
        allowed: &[AllowedHost],
        now: i64,
        tries: &mut JoinSet<Tried>,
    ) -> Result<(), StoreError> {
        let known = self.lines.entry(hook.id).or_default();
        let free = AT_ONCE.saturating_sub(known.under_way.len());
        if free == 0 || known.rest_until_ms > now {
            return Ok(());
        }
        // One that is under way is the first of its lane still.
        let limit = u32::try_from(AT_ONCE * 2).unwrap_or(u32::MAX);
        let due = self
            .store
            .read::<_, StoreError>(|snapshot| snapshot.due_deliveries(hook.id, now, limit))?;
        let due: Vec<DeliveryRow> = due
            .into_iter()
            .filter(|message| !known.under_way.contains(&message.number))
            .take(if known.unreachable > 0 { 1 } else { free })
            .collect();
        if due.is_empty() || (known.unreachable > 0 && !known.under_way.is_empty()) {
            return Ok(());
        }
        let allowed = match &hook.app {
            Some(_) => with_this_machine(&hook.url, allowed),
            None => allowed.to_vec(),
        };
        let key = LineKey {
            url: hook.url.clone(),
            certificate: hook.certificate.clone(),
            allowed: allowed.clone(),
        };
        if known.line.as_ref().is_none_or(|(made_for, _)| *made_for != key) {
            known.line = Some((key, Line::new(hook, &allowed, &self.names, self.patience)));
        }
        let Some((_, line)) = &known.line else { return Ok(()) };
        for message in due {
            known.under_way.push(message.number);
            let (line, hook) = (line.clone(), hook.clone());
            tries.spawn(async move {
                let secrets = secrets(&hook, now);
                let outcome = match line {
                    Ok(line) => line.send(&message, &secrets, now).await,
                    Err(words) => {
                        Outcome::Failed { status: None, words, wait_s: None, unreachable: true }
                    }
                };
                Tried { message, at_ms: now, outcome }
            });
        }
        Ok(())
    }

    /// Writes down what became of tries.
    fn settle(&mut self, tried: Vec<Tried>) {
        let now = (self.now)();
        let mut settled = Vec::new();
        let mut gone = Vec::new();
        for Tried { message, at_ms, outcome } in tried {
            let known = self.lines.entry(message.webhook).or_default();
            known.under_way.retain(|number| *number != message.number);
            match &outcome {
                Outcome::Failed { unreachable: true, .. } => {
                    known.unreachable += 1;
                    let rest = REST_MS.get(known.unreachable).or(REST_MS.last()).unwrap_or(&0);
                    known.rest_until_ms = now + rest;
                }
                Outcome::Gone => gone.push(message.webhook),
                _ => (known.unreachable, known.rest_until_ms) = (0, 0),
            }
            settled.push(after_try(message, at_ms, now, &outcome));
        }
        if settled.is_empty() {
            return;
        }
        let written = self.write(move |tx| {
            settled.iter().try_for_each(|message| tx.settle_delivery(message))?;
            let words = "its address answered that it wants no more messages (410)";
            gone.iter().try_for_each(|id| tx.switch_webhook_off(*id, words))
        });
        // Not written down, they are sent once more.
        if let Err(error) = written {
            tracing::error!(%error, "what became of webhook messages could not be kept");
        }
        (self.changed)();
    }

    fn switch_off(&self, id: WebhookId, words: &'static str) -> Result<(), StoreError> {
        self.write(move |tx| tx.switch_webhook_off(id, words))?;
        (self.changed)();
        Ok(())
    }

    /// Nobody waits for the disk here: what a power cut takes back is done once more.
    fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.store.begin_part(work)?.wait()
    }
}

/// The message as it is after a try.
fn after_try(message: DeliveryRow, at_ms: i64, now: i64, outcome: &Outcome) -> DeliveryRow {
    let attempts = message.attempts + 1;
    let first_ms = message.first_ms.unwrap_or(at_ms);
    let base = DeliveryRow {
        attempts,
        first_ms: Some(first_ms),
        tried_ms: Some(now),
        status: None,
        ..message
    };
    match outcome {
        Outcome::Arrived { status } => DeliveryRow {
            state: DeliveryState::Delivered,
            status: Some(*status),
            trouble: String::new(),
            ..base
        },
        Outcome::Gone => DeliveryRow {
            state: DeliveryState::Dead,
            status: Some(410),
            trouble: "the address wants no more messages (410)".to_owned(),
            ..base
        },
        Outcome::Failed { status, words, wait_s, .. } => {
            let chance = RandomState::new().hash_one(base.number);
            let next = next_try(attempts, first_ms, now, *wait_s, chance);
            DeliveryRow {
                state: if next.is_some() { DeliveryState::Waiting } else { DeliveryState::Dead },
                due_ms: next.unwrap_or(0),
                status: *status,
                trouble: words.clone(),
                ..base
            }
        }
    }
}

/// What messages are signed with now, the newest first. An app has no secret: its results carry the
/// register's own signature.
fn secrets(hook: &WebhookRow, now: i64) -> Vec<&[u8]> {
    if hook.app.is_some() {
        return Vec::new();
    }
    let old = hook.old_secret.as_ref().filter(|(_, until)| *until > now);
    std::iter::once(hook.secret.as_slice()).chain(old.map(|(old, _)| old.as_slice())).collect()
}

/// The hosts that the owner allowed.
pub(super) fn allowed_hosts(snapshot: &Snapshot<'_>) -> Result<Vec<AllowedHost>, StoreError> {
    let text = snapshot.setting(ALLOWED)?.unwrap_or_default();
    Ok(text.split_whitespace().filter_map(AllowedHost::parse).collect())
}
