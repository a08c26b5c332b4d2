//! Operations go out: looked up first where nobody knows, marked on disk before the first byte.

use countertop_domain::ids::VariantId;
use countertop_domain::quantity::Quantity;
use countertop_store::{
    ChannelOpRow, ChannelRow, ChannelStream, MapKind, MapRow, OpState, Snapshot, StoreError,
};
use futures_util::future::join_all;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::connector::{Errand, Found, Trouble};
use super::customers::to_tell;
use super::engine::Engine;
use super::outgoing::stock_op;
use super::policy::offered;
use super::retry::backoff_ms;
use super::words::{Done, Goods, Task};

/// How long a figure waits for what else is under way for the same goods, in milliseconds.
const LATER_MS: i64 = 1_000;

/// For how long a shop may still be at work on what it was sent, although its line is gone: until then
/// it is not believed that it did nothing. Milliseconds.
const AT_WORK_MS: i64 = 60_000;

/// What is to be done with an operation.
enum Ready {
    /// Send this.
    Send(Box<Errand>),
    /// Not now.
    Later,
    /// There is nothing to do.
    Nothing,
    /// Other operations take its place: these figures are set.
    Figures(Vec<VariantId>),
    /// It cannot be done, in words.
    Never(String),
}

/// How a try ended.
enum Outcome {
    Done(Done),
    Later(i64),
    Figures(Vec<VariantId>),
    Dead(String),
    Trouble(Trouble),
}

impl Engine {
    /// Sends what is due, several at once, and writes down what became of it. True if there is more.
    pub(super) async fn send_due(&mut self, row: &ChannelRow) -> Result<bool, StoreError> {
        let (id, now) = (row.id, self.now());
        let at_once = if self.breaker.is_careful() { 1 } else { self.limits.at_once.max(1) };
        let limit = u32::try_from(at_once).unwrap_or(1);
        let due = self.store.read::<_, StoreError>(|s| s.due_channel_ops(id, now, limit))?;
        if due.is_empty() {
            return Ok(false);
        }
        // A figure is right only if every order that the shop took so far is known.
        if due.iter().any(|op| op.kind == "stock")
            && self.has(ChannelStream::Orders)
            && !self.read_to_end(row, ChannelStream::Orders).await?
        {
            return Ok(true);
        }
        let mut tries = Vec::new();
        for op in due {
            let ready =
                self.store.read::<_, StoreError>(|snapshot| self.ready(snapshot, row, &op))?;
            tries.push((op, ready));
        }
        // On disk before the first byte: whatever a stop cuts off is in doubt, never sent blindly.
        let mut sent = Vec::new();
        for (op, ready) in &mut tries {
            if matches!(ready, Ready::Send(_)) && op.state == OpState::New {
                sent.push(ChannelOpRow {
                    state: OpState::Sent,
                    attempts: op.attempts + 1,
                    tried_ms: Some(now),
                    ..op.clone()
                });
            }
        }
        if !sent.is_empty() {
            self.store.write::<_, StoreError>(move |tx| {
                sent.iter().try_for_each(|op| tx.settle_channel_op(op))
            })?;
        }
        let tries = tries.into_iter().map(|(op, ready)| {
            let this = &*self;
            async move {
                let outcome = this.attempt(&op, &ready).await;
                (op, ready, outcome)
            }
        });
        let tried = join_all(tries).await;
        for (op, ready, outcome) in tried {
            self.after(row, op, ready, outcome)?;
        }
        Ok(true)
    }

    pub(super) fn has(&self, stream: ChannelStream) -> bool {
        self.limits.streams.contains(&stream)
    }

    async fn attempt(&self, op: &ChannelOpRow, ready: &Ready) -> Outcome {
        let errand = match ready {
            Ready::Send(errand) => errand,
            Ready::Later => return Outcome::Later(LATER_MS),
            Ready::Nothing => return Outcome::Done(Done::default()),
            Ready::Figures(variants) => return Outcome::Figures(variants.clone()),
            Ready::Never(words) => return Outcome::Dead(words.clone()),
        };
        // A figure is what it is, however often it is set; so is what is known of a customer.
        let is_state = matches!(errand.task, Task::Stock(_) | Task::Customer(_));
        if op.state == OpState::Unknown && !is_state {
            match self.connector.look_up(errand).await {
                Ok(Found::Done(done)) => return Outcome::Done(done),
                Ok(Found::Missing) => {
                    let lag = self.limits.search_lag_ms.max(AT_WORK_MS);
                    let left = op.tried_ms.unwrap_or(0).saturating_add(lag) - self.now();
                    if left > 0 {
                        return Outcome::Later(left.min(lag));
                    }
                }
                Ok(Found::CannotTell) => {
                    return match &errand.task {
                        Task::StockMove(moved) => Outcome::Figures(vec![moved.variant]),
                        _ => Outcome::Dead(
                            "nobody can say whether the shop has this already: look there, then set \
                             it aside or send it again"
                                .to_owned(),
                        ),
                    };
                }
                Err(trouble) => return Outcome::Trouble(trouble),
            }
        }
        match self.connector.send(errand).await {
            Ok(done) => Outcome::Done(done),
            Err(trouble) => Outcome::Trouble(trouble),
        }
    }

    /// Writes down what became of a try.
    fn after(
        &mut self,
        row: &ChannelRow,
        op: ChannelOpRow,
        ready: Ready,
        outcome: Outcome,
    ) -> Result<(), StoreError> {
        let now = self.now();
        let tried = matches!(ready, Ready::Send(_));
        let attempts = if tried { op.attempts + 1 } else { op.attempts };
        let base = ChannelOpRow {
            attempts,
            tried_ms: if tried { Some(now) } else { op.tried_ms },
            trouble: String::new(),
            ..op.clone()
        };
        match outcome {
            Outcome::Done(done) => {
                if tried {
                    self.well(row, false)?;
                }
                self.done(base, ready, done)
            }
            Outcome::Later(ms) => {
                let state =
                    if op.state == OpState::Unknown { OpState::Unknown } else { OpState::New };
                // A clock that was set back does not make a wait longer.
                let tried_ms = op.tried_ms.map(|at| at.min(now));
                self.settle(ChannelOpRow { state, due_ms: now + ms, tried_ms, ..base })
            }
            Outcome::Figures(variants) => {
                let id = row.id;
                let ops = variants
                    .into_iter()
                    .map(|variant| stock_op(variant, (self.senses.id)()))
                    .collect::<Result<Vec<_>, _>>()?;
                let done = ChannelOpRow { state: OpState::Done, ..base };
                self.write_part(move |tx| {
                    tx.settle_channel_op(&done)?;
                    ops.iter().try_for_each(|op| tx.add_channel_op(id, op, now))
                })
            }
            Outcome::Dead(trouble) => {
                self.settle(ChannelOpRow { state: OpState::Dead, trouble, ..base })
            }
            Outcome::Trouble(trouble) => {
                if trouble.is_of_the_shop() {
                    self.ill(row, &trouble)?;
                }
                // What the shop has now is read before it is set again.
                if matches!(trouble, Trouble::Stale(_)) && self.has(ChannelStream::Stock) {
                    self.asked.push(ChannelStream::Stock);
                }
                let dice = (self.senses.dice)();
                let due_ms = now + backoff_ms(attempts, trouble.wait_ms(), dice);
                // What was in doubt stays so until it is found or found missing.
                let untouched =
                    if op.state == OpState::Unknown { OpState::Unknown } else { OpState::New };
                let state = match &trouble {
                    Trouble::NotSent(_) | Trouble::Busy { .. } | Trouble::Denied(_) => untouched,
                    Trouble::Unknown { .. } => OpState::Unknown,
                    Trouble::Stale(_) => OpState::New,
                    Trouble::Refused(_) => OpState::Dead,
                };
                self.settle(ChannelOpRow { state, due_ms, trouble: trouble.to_string(), ..base })
            }
        }
    }

    /// Keeps what the shop said about what it did.
    fn done(&self, op: ChannelOpRow, ready: Ready, done: Done) -> Result<(), StoreError> {
        let (id, now) = (self.channel, self.now());
        let ops = done
            .unset
            .iter()
            .map(|variant| stock_op(*variant, (self.senses.id)()))
            .collect::<Result<Vec<_>, _>>()?;
        let mut names = Vec::new();
        let mut told = String::new();
        let mut figures: Vec<(String, i64)> =
            done.stock.iter().map(|said| (said.external_id.clone(), said.quantity)).collect();
        if let Ready::Send(errand) = &ready {
            let kind = match &errand.task {
                Task::Sale(_) => Some(MapKind::Order),
                Task::Refund(_) => Some(MapKind::Refund),
                Task::Customer(customer) => {
                    told = customer.told();
                    Some(MapKind::Customer)
                }
                Task::Stock(stock) => {
                    if let Some(goods) = &stock.goods {
                        figures.push((goods.external_id.clone(), stock.figure));
                    }
                    None
                }
                Task::StockMove(_) | Task::Fulfil(_) => None,
            };
            let ours = errand.our_id.parse::<Uuid>().ok();
            if let (Some(kind), Some(ours), false) = (kind, ours, done.external_id.is_empty()) {
                names.push(MapRow {
                    kind,
                    external_id: done.external_id.clone(),
                    parent: told,
                    stock_ref: String::new(),
                    ours: Some(ours),
                    title: String::new(),
                    digest: Vec::new(),
                    confirmed: None,
                    confirmed_ms: None,
                    seen_run: 0,
                    gone_ms: None,
                });
            }
        }
        let about = format!("op:{}", op.number);
        let settled = ChannelOpRow { state: OpState::Done, external_id: done.external_id, ..op };
        self.write_part(move |tx| {
            tx.settle_channel_op(&settled)?;
            tx.solve_channel_problem(id, None, &about)?;
            ops.iter().try_for_each(|op| tx.add_channel_op(id, op, now))?;
            for name in names {
                // What the shop said of a customer stays known.
                let known = match name.kind {
                    MapKind::Customer => tx.channel_mapped(id, name.kind, &name.external_id)?,
                    _ => None,
                };
                let MapRow { ours, parent, .. } = name.clone();
                let named = known.map_or(name, |known| MapRow { ours, parent, ..known });
                tx.put_channel_map(id, &named)?;
            }
            for (external, quantity) in figures {
                if let Some(known) = tx.channel_mapped(id, MapKind::Variant, &external)? {
                    let confirmed = Some(Quantity::from_thousandths(quantity));
                    let confirmed_ms = Some(now);
                    tx.put_channel_map(id, &MapRow { confirmed, confirmed_ms, ..known })?;
                }
            }
            Ok(())
        })
    }

    /// What is to be done with an operation now. In one snapshot: the figure, the names, the queue.
    fn ready(
        &self,
        snapshot: &Snapshot<'_>,
        row: &ChannelRow,
        op: &ChannelOpRow,
    ) -> Result<Ready, StoreError> {
        let Ok(mut task) = serde_json::from_str::<Task>(&op.payload) else {
            return Ok(Ready::Never("the register cannot read what it was to send".to_owned()));
        };
        let mut our_id = op.id.to_string();
        match &mut task {
            Task::Sale(sale) => {
                our_id = of_lane(op);
                for line in &mut sale.lines {
                    line.goods = goods(snapshot, row, line.variant, &line.sku)?;
                }
                if let Some(customer) = sale.customer {
                    sale.customer_external =
                        name(snapshot, row, MapKind::Customer, customer.uuid())?;
                }
                if sale.lines.iter().all(|line| line.goods.is_none()) {
                    return Ok(Ready::Nothing);
                }
            }
            Task::Refund(refund) => {
                our_id = refund_id(op, &refund.number);
                for line in &mut refund.lines {
                    line.goods = goods(snapshot, row, line.variant, "")?;
                }
                let sale = refund.sale.parse().unwrap_or_default();
                refund.order_external = name(snapshot, row, MapKind::Order, sale)?;
                if refund.order_external.is_empty() {
                    // The shop never had that sale: only what lies on the shelf is another figure.
                    let back =
                        refund.lines.iter().filter(|line| line.restock && line.goods.is_some());
                    return Ok(Ready::Figures(back.map(|line| line.variant).collect()));
                }
            }
            Task::Stock(stock) => return self.figure(snapshot, row, op, stock.variant),
            Task::StockMove(moved) => {
                moved.goods = goods(snapshot, row, moved.variant, "")?;
                if moved.goods.is_none() {
                    return Ok(Ready::Nothing);
                }
            }
            Task::Fulfil(_) => {}
            Task::Customer(customer) => match to_tell(snapshot, row, customer.id)? {
                Some(known) => {
                    our_id = known.id.to_string();
                    *customer = known;
                }
                None => return Ok(Ready::Nothing),
            },
        }
        Ok(Ready::Send(Box::new(self.errand(op, our_id, task))))
    }

    fn errand(&self, op: &ChannelOpRow, our_id: String, task: Task) -> Errand {
        Errand { our_id, op_id: op.id.to_string(), first_ms: first_ms(op, &task), task }
    }

    /// A figure is sent when nothing else is under way that moves it, and everything that happened here
    /// has become an operation: otherwise a sale would be taken off twice.
    fn figure(
        &self,
        snapshot: &Snapshot<'_>,
        row: &ChannelRow,
        op: &ChannelOpRow,
        variant: VariantId,
    ) -> Result<Ready, StoreError> {
        let names = snapshot.channel_names_of(row.id, MapKind::Variant, variant.uuid())?;
        let Some(known) = names.into_iter().next() else { return Ok(Ready::Nothing) };
        let position = snapshot.channel(row.id)?.map(|row| row.position);
        let is_behind = position
            .is_none_or(|at| at.seq < snapshot.last_position().map_or(i64::MAX, |last| last.seq));
        if is_behind || snapshot.channel_op_moves(row.id, variant)? {
            return Ok(Ready::Later);
        }
        let figure = offered(snapshot, row, variant, &self.limits)?;
        let confirmed = known.confirmed.map(Quantity::thousandths);
        // Said by the shop after this became due: it is right already. Not if a clock was set back since.
        let said = known.confirmed_ms.filter(|at| *at <= self.now());
        if confirmed == Some(figure) && said.is_some_and(|at| at >= op.created_ms) {
            return Ok(Ready::Nothing);
        }
        let sku = snapshot.by_variant(variant)?.and_then(|sold| sold.sku).unwrap_or_default();
        let task = Task::Stock(super::words::StockOut {
            variant,
            goods: Some(named(known, &sku)),
            figure,
            expected: confirmed,
        });
        Ok(Ready::Send(Box::new(self.errand(op, op.id.to_string(), task))))
    }
}

/// A moment before the first try; none if there was none. Never that of the last try: a shop may be out of
/// reach for days. After a restore the operation is made anew, but what it tells of is as old as it was.
fn first_ms(op: &ChannelOpRow, task: &Task) -> Option<i64> {
    let told = match task {
        Task::Sale(sale) => sale.at_ms,
        Task::Refund(refund) => refund.at_ms,
        _ => op.created_ms,
    };
    let may_have_left = op.tried_ms.is_some() || op.state == OpState::Unknown;
    may_have_left.then_some(told.min(op.created_ms))
}

/// Of what came back of a sale: the same after a restore, when the operation is made anew.
fn refund_id(op: &ChannelOpRow, receipt: &str) -> String {
    let digest = Sha256::digest(format!("{} {receipt}", op.lane));
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest).for_each(|(byte, of)| *byte = of);
    uuid::Builder::from_custom_bytes(bytes).into_uuid().to_string()
}

/// The id in a lane's name: `sale:…`.
fn of_lane(op: &ChannelOpRow) -> String {
    op.lane.split_once(':').map_or_else(|| op.lane.clone(), |(_, id)| id.to_owned())
}

fn name(
    snapshot: &Snapshot<'_>,
    row: &ChannelRow,
    kind: MapKind,
    ours: Uuid,
) -> Result<String, StoreError> {
    let names = snapshot.channel_names_of(row.id, kind, ours)?;
    Ok(names.into_iter().next().map(|one| one.external_id).unwrap_or_default())
}

fn goods(
    snapshot: &Snapshot<'_>,
    row: &ChannelRow,
    variant: VariantId,
    sku: &str,
) -> Result<Option<Goods>, StoreError> {
    let names = snapshot.channel_names_of(row.id, MapKind::Variant, variant.uuid())?;
    Ok(names.into_iter().next().map(|known| named(known, sku)))
}

fn named(known: MapRow, sku: &str) -> Goods {
    Goods {
        external_id: known.external_id,
        product: known.parent,
        stock_ref: known.stock_ref,
        sku: sku.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use countertop_domain::ids::{ChannelId, ChannelOpId, VariantId};
    use countertop_store::{ChannelOpRow, OpState};
    use uuid::Uuid;

    use super::super::words::{StockOut, Task};
    use super::first_ms;

    #[test]
    fn what_is_in_doubt_is_looked_for_from_before_its_first_try_however_often_it_was_tried() {
        let op = |state, tried_ms| ChannelOpRow {
            number: 1,
            id: ChannelOpId::new(Uuid::nil()),
            channel: ChannelId::new(Uuid::nil()),
            origin: "1.1".to_owned(),
            lane: "stock:1".to_owned(),
            kind: "stock".to_owned(),
            payload: String::new(),
            state,
            attempts: 9,
            created_ms: 1_000,
            due_ms: 0,
            tried_ms,
            external_id: String::new(),
            trouble: String::new(),
        };
        let variant = VariantId::new(Uuid::nil());
        let task = Task::Stock(StockOut { variant, goods: None, figure: 0, expected: None });
        assert_eq!(first_ms(&op(OpState::New, None), &task), None);
        assert_eq!(first_ms(&op(OpState::Unknown, Some(900_000_000)), &task), Some(1_000));
        // After a restore nobody knows whether it was tried.
        assert_eq!(first_ms(&op(OpState::Unknown, None), &task), Some(1_000));
    }
}
