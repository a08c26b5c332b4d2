//! The round of one shop: what happened here becomes operations, operations go out, lists are read in.
//! Everything that is to be done stands on disk; a stop at any place loses nothing and does nothing
//! twice.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use countertop_domain::ids::{ChannelId, ChannelOpId, VariantId};
use countertop_domain::quantity::Quantity;
use countertop_store::{
    ChannelOpRow, ChannelRow, ChannelStream, MapRow, NewProblem, OpState, Store, StoreError, Tx,
};
use tokio::sync::Notify;

use super::connector::{Connector, Limits, Trouble};
use super::outgoing::{moved, operations};
use super::retry::Breaker;
use super::shown::marked;
use super::words::{CustomerIn, OrderIn, ProductIn};

/// Happenings that become operations at once.
const TAKE: u32 = 200;
/// Characters of what is in the way.
const MAX_WORDS: usize = 500;
/// How long to sleep at most: the clock may have been set.
const NAP_MS: i64 = 60_000;

/// Takes what comes in from a shop into the register. Each call keeps all of its page or says why not;
/// a page may come twice.
pub trait Intake: Send + Sync {
    /// Items that are new or may have changed.
    ///
    /// # Errors
    /// In words: the register could not keep them, and reads them again later.
    fn products(&self, channel: &ChannelRow, products: Vec<ProductIn>) -> Result<(), String>;

    /// Orders that are new or went on, ours among them.
    ///
    /// # Errors
    /// The same.
    fn orders(&self, channel: &ChannelRow, orders: Vec<OrderIn>) -> Result<(), String>;

    /// Customers that are new or may have changed.
    ///
    /// # Errors
    /// The same.
    fn customers(&self, channel: &ChannelRow, customers: Vec<CustomerIn>) -> Result<(), String>;

    /// The shop's figures count, and they differ by so much: movements here.
    ///
    /// # Errors
    /// The same.
    fn correct(&self, channel: &ChannelRow, by: &[(VariantId, Quantity)]) -> Result<(), String>;

    /// Goods that open orders of shops were promised moved here: where less is left than was promised
    /// somebody is told, and where there is enough again, nobody is any more. May be called twice.
    ///
    /// # Errors
    /// The same.
    fn promised(&self, goods: &[VariantId]) -> Result<(), String>;

    /// Names that the shop has no more.
    ///
    /// # Errors
    /// The same.
    fn gone(&self, channel: &ChannelRow, gone: &[MapRow]) -> Result<(), String>;

    /// Something that a screen shows changed.
    fn changed(&self);
}

/// Clock, ids and dice, which tests choose.
#[derive(Clone)]
pub struct Senses {
    /// Tells the time, in milliseconds since 1970 UTC.
    pub now: Arc<dyn Fn() -> i64 + Send + Sync>,
    /// Makes ids of version 7.
    pub id: Arc<dyn Fn() -> ChannelOpId + Send + Sync>,
    /// Any number.
    pub dice: Arc<dyn Fn() -> u64 + Send + Sync>,
}

impl std::fmt::Debug for Senses {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Senses").finish_non_exhaustive()
    }
}

/// How often each list is read, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tempo {
    /// Orders.
    pub orders_ms: i64,
    /// Products.
    pub products_ms: i64,
    /// Stock, where it is a list of its own.
    pub stock_ms: i64,
    /// Customers.
    pub customers_ms: i64,
    /// All ids.
    pub sweep_ms: i64,
}

impl Default for Tempo {
    fn default() -> Self {
        Self {
            orders_ms: 30_000,
            products_ms: 60_000,
            stock_ms: 5 * 60_000,
            customers_ms: 6 * 3_600_000,
            sweep_ms: 24 * 3_600_000,
        }
    }
}

impl Tempo {
    pub(super) const fn of(&self, stream: ChannelStream) -> i64 {
        match stream {
            ChannelStream::Products => self.products_ms,
            ChannelStream::Stock => self.stock_ms,
            ChannelStream::Orders => self.orders_ms,
            ChannelStream::Customers => self.customers_ms,
            ChannelStream::Sweep => self.sweep_ms,
        }
    }
}

/// The engine of one shop.
pub struct Engine {
    pub(super) store: Arc<Store>,
    pub(super) channel: ChannelId,
    pub(super) connector: Arc<dyn Connector>,
    pub(super) limits: Limits,
    pub(super) intake: Arc<dyn Intake>,
    pub(super) senses: Senses,
    pub(super) tempo: Tempo,
    pub(super) breaker: Breaker,
    /// Lists that a webhook or a person asked to read now.
    pub(super) asked: Vec<ChannelStream>,
    /// What others asked for since the last round.
    pub(super) wishes: Arc<Mutex<Wishes>>,
}

/// What somebody wants of a shop's engine that runs in its thread.
#[derive(Debug, Default)]
pub(super) struct Wishes {
    /// Lists to read now.
    pub(super) streams: Vec<ChannelStream>,
    /// A person wants all of it now, whatever was in the way before.
    pub(super) all: bool,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("channel", &self.channel).finish_non_exhaustive()
    }
}

/// What a round came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// There is more to do now.
    Again,
    /// Nothing is to be done for so many milliseconds.
    Rest(i64),
}

impl Engine {
    /// The engine of a shop. What was on its way when the register stopped is in doubt now.
    ///
    /// # Errors
    /// The store's.
    pub fn new(
        store: Arc<Store>,
        channel: ChannelId,
        connector: Arc<dyn Connector>,
        intake: Arc<dyn Intake>,
        senses: Senses,
        tempo: Tempo,
    ) -> Result<Self, StoreError> {
        store.write::<_, StoreError>(move |tx| tx.doubt_channel_ops(channel))?;
        let limits = connector.limits();
        Ok(Self {
            store,
            channel,
            connector,
            limits,
            intake,
            senses,
            tempo,
            breaker: Breaker::default(),
            asked: Vec::new(),
            wishes: Arc::default(),
        })
    }

    /// Goes on until `stop`. A request that is under way then is cut off: it is in doubt, and looked up
    /// at the next start.
    pub async fn run(mut self, woken: &Notify, stop: &Notify) {
        loop {
            self.take_wishes();
            let round = async {
                match self.round().await {
                    Ok(Next::Again) => {}
                    Ok(Next::Rest(ms)) => {
                        let ms = u64::try_from(ms.clamp(10, NAP_MS)).unwrap_or(10);
                        tokio::select! {
                            () = woken.notified() => {}
                            () = tokio::time::sleep(Duration::from_millis(ms)) => {}
                        }
                    }
                    Err(error) => {
                        tracing::error!(%error, "a web shop cannot be kept in step");
                        tokio::time::sleep(Duration::from_secs(10)).await;
                    }
                }
            };
            tokio::select! {
                () = round => {}
                () = stop.notified() => return,
            }
        }
    }

    fn take_wishes(&mut self) {
        let wishes = {
            let mut wishes = self.wishes.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *wishes)
        };
        if wishes.all {
            self.asked = self.streams().filter(|one| *one != ChannelStream::Sweep).collect();
            self.breaker = Breaker::default();
        }
        for stream in wishes.streams {
            if !self.asked.contains(&stream) && self.limits.streams.contains(&stream) {
                self.asked.push(stream);
            }
        }
    }

    /// Brings the shop in step now: every list is read to its end, and everything that is due goes out.
    /// Comes back when nothing is left to do, or with what is in the way.
    ///
    /// # Errors
    /// In words: what is in the way.
    pub async fn once(&mut self) -> Result<(), String> {
        self.asked = self.streams().filter(|one| *one != ChannelStream::Sweep).collect();
        loop {
            let next = self.round().await.map_err(|error| error.to_string())?;
            let row = self.row().map_err(|error| error.to_string())?;
            match row {
                None => return Err("that shop was removed".to_owned()),
                Some(row) if !row.trouble.is_empty() => return Err(row.trouble),
                Some(_) if next == Next::Again => {}
                Some(_) => return Ok(()),
            }
        }
    }

    pub(super) fn streams(&self) -> impl Iterator<Item = ChannelStream> {
        let has = self.limits.streams.clone();
        ChannelStream::ALL.into_iter().filter(move |one| has.contains(one))
    }

    pub(super) fn now(&self) -> i64 {
        (self.senses.now)()
    }

    pub(super) fn row(&self) -> Result<Option<ChannelRow>, StoreError> {
        let id = self.channel;
        self.store.read(|snapshot| snapshot.channel(id))
    }

    /// One step of everything.
    pub(super) async fn round(&mut self) -> Result<Next, StoreError> {
        let Some(row) = self.row()?.filter(|row| row.enabled) else {
            return Ok(Next::Rest(NAP_MS));
        };
        let now = self.now();
        let wait = self.breaker.wait_ms(now);
        if wait > 0 {
            return Ok(Next::Rest(wait));
        }
        // Until the shop's names are known nothing can be told to it: it stays in the journal.
        let known = self.cursor(ChannelStream::Products)?.done_ms.is_some();
        let mut again = known && self.take_in(&row)?;
        if known {
            again |= self.send_due(&row).await?;
        }
        let Some(row) = self.row()? else { return Ok(Next::Rest(NAP_MS)) };
        if self.breaker.wait_ms(self.now()) == 0 {
            again |= self.read_due(&row).await?;
        }
        if again && self.breaker.wait_ms(self.now()) == 0 {
            return Ok(Next::Again);
        }
        self.rest()
    }

    /// How long nothing is due.
    fn rest(&self) -> Result<Next, StoreError> {
        let (now, id) = (self.now(), self.channel);
        let wait = self.breaker.wait_ms(now);
        if wait > 0 {
            return Ok(Next::Rest(wait));
        }
        let due = self.store.read::<_, StoreError>(|s| s.next_channel_op_due(id, now))?;
        let mut next = due.map_or(NAP_MS, |due| due - now);
        for stream in self.streams() {
            next = next.min(self.stream_due_ms(stream)? - now);
        }
        Ok(Next::Rest(next))
    }

    /// Makes operations of what happened since. True if there is more.
    fn take_in(&self, row: &ChannelRow) -> Result<bool, StoreError> {
        let (id, after) = (row.id, row.position);
        let (ops, end, more, promised) = self.store.read::<_, StoreError>(|snapshot| {
            let happened = snapshot.happened_after(after, TAKE)?;
            let (mut ops, mut goods) = (Vec::new(), BTreeSet::new());
            for one in &happened {
                ops.extend(operations(snapshot, row, &self.limits, one, &*self.senses.id)?);
                goods.extend(moved(one)?);
            }
            let mut promised = Vec::new();
            for variant in goods {
                if snapshot.reserved_by_channels(variant)?.thousandths() > 0 {
                    promised.push(variant);
                }
            }
            let more = happened.len() >= usize::try_from(TAKE).unwrap_or(usize::MAX);
            Ok((ops, happened.last().map(|last| last.position), more, promised))
        })?;
        let Some(end) = end else { return Ok(false) };
        // A sale looks at nothing of this: what it took of a promise is said here.
        if !promised.is_empty()
            && let Err(words) = self.intake.promised(&promised)
        {
            tracing::warn!(%words, "what is promised could not be looked at");
            return Ok(false);
        }
        let now = self.now();
        self.write_part(move |tx| tx.take_in_channel_ops(id, end, &ops, now))?;
        Ok(more)
    }

    /// The shop answered well: nothing is in its way.
    pub(super) fn well(&mut self, row: &ChannelRow, read_to_end: bool) -> Result<(), StoreError> {
        self.breaker.well();
        if row.trouble.is_empty() && !read_to_end {
            return Ok(());
        }
        let (id, now, was) = (row.id, self.now(), row.trouble.is_empty());
        self.write_part(move |tx| tx.set_channel_state(id, now, "", read_to_end))?;
        if !was {
            self.intake.changed();
        }
        Ok(())
    }

    /// The shop as a whole is in trouble.
    pub(super) fn ill(&mut self, row: &ChannelRow, trouble: &Trouble) -> Result<(), StoreError> {
        let (id, now, words) = (row.id, self.now(), marked(&trouble.to_string(), MAX_WORDS));
        let dice = (self.senses.dice)();
        // A key that is no good does not get better by asking: every quarter of an hour at most.
        let asked = match trouble {
            Trouble::Denied(_) => Some(5 * 60_000),
            _ => trouble.wait_ms(),
        };
        self.breaker.failed(now, asked, dice);
        self.write_part(move |tx| tx.set_channel_state(id, now, &words, false))?;
        self.intake.changed();
        Ok(())
    }

    /// A to-do. It may be in the shop's own words, which are marked where they deceive.
    pub(super) fn problem(&self, mut problem: NewProblem) -> Result<(), StoreError> {
        problem.words = marked(&problem.words, MAX_WORDS);
        problem.about = marked(&problem.about, MAX_WORDS);
        let (id, now) = (self.channel, self.now());
        self.write_part(move |tx| tx.note_channel_problem(id, &problem, now))?;
        self.intake.changed();
        Ok(())
    }

    pub(super) fn settle(&self, mut op: ChannelOpRow) -> Result<(), StoreError> {
        op.trouble = marked(&op.trouble, MAX_WORDS);
        let dead = op.state == OpState::Dead;
        let (id, now) = (self.channel, self.now());
        self.write_part(move |tx| {
            tx.settle_channel_op(&op)?;
            if dead {
                let problem = NewProblem {
                    kind: "refused".to_owned(),
                    about: format!("op:{}", op.number),
                    words: op.trouble.clone(),
                    op: Some(op.number),
                };
                tx.note_channel_problem(id, &problem, now)?;
            }
            Ok(())
        })?;
        if dead {
            self.intake.changed();
        }
        Ok(())
    }

    /// Nobody waits for the disk here: what a power cut takes back is done once more, and looked up
    /// before.
    pub(super) fn write_part<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.store.begin_part(work)?.wait()
    }
}
