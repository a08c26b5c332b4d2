//! Lists are read in, page by page, each kept before the next one is asked for.

use countertop_domain::ids::VariantId;
use countertop_domain::quantity::Quantity;
use countertop_store::{
    ChannelPolicy, ChannelRow, ChannelStream, CursorRow, MapKind, MapRow, NewProblem, StoreError,
};

use super::connector::{Page, Trouble};
use super::engine::Engine;
use super::outgoing::stock_op;
use super::policy::offered;
use super::progress::{begun, is_over, read_on};
use super::words::StockIn;

/// How a variant's name says that its item was made from the shop's: see [`MapRow::digest`].
pub const MADE: &[u8] = b"made";
/// How soon a list is read again that could not be kept, in milliseconds.
const SOON_MS: i64 = 30_000;

/// How the reading of a page ended.
enum Read {
    Kept(CursorRow),
    Trouble(Trouble),
}

impl Engine {
    pub(super) fn cursor(&self, stream: ChannelStream) -> Result<CursorRow, StoreError> {
        let id = self.channel;
        self.store.read(|snapshot| snapshot.channel_cursor(id, stream))
    }

    /// When a list is to be read, by the register's clock.
    pub(super) fn stream_due_ms(&self, stream: ChannelStream) -> Result<i64, StoreError> {
        let cursor = self.cursor(stream)?;
        if cursor.next.is_some() || self.asked.contains(&stream) {
            return Ok(0);
        }
        let Some(done) = cursor.done_ms else { return Ok(0) };
        // A clock that was set back does not put a shop to sleep.
        let now = self.now();
        let done = if done > now { now - self.tempo.of(stream) } else { done };
        Ok(done.saturating_add(self.tempo.of(stream)))
    }

    /// Reads one page of the first list that is due. True if there is more.
    pub(super) async fn read_due(&mut self, row: &ChannelRow) -> Result<bool, StoreError> {
        for stream in self.streams().collect::<Vec<_>>() {
            if self.stream_due_ms(stream)? <= self.now() {
                return self.read_page(row, stream).await.map(|_| true);
            }
        }
        Ok(false)
    }

    /// Reads a list to its end now. False if something is in the way.
    pub(super) async fn read_to_end(
        &mut self,
        row: &ChannelRow,
        stream: ChannelStream,
    ) -> Result<bool, StoreError> {
        loop {
            match self.read_page(row, stream).await? {
                None => return Ok(false),
                Some(true) => return Ok(true),
                Some(false) => {}
            }
        }
    }

    /// Reads one page and keeps it: whether that was the last; none if something is in the way.
    async fn read_page(
        &mut self,
        row: &ChannelRow,
        stream: ChannelStream,
    ) -> Result<Option<bool>, StoreError> {
        let cursor = self.cursor(stream)?;
        match self.page(row, stream, &cursor).await? {
            Read::Kept(next) => {
                let (id, ended) = (row.id, is_over(&cursor, &next));
                // Who has read all that there is has seen all that there is: what is gone later is looked
                // for a day later.
                let swept = self.cursor(ChannelStream::Sweep)?;
                let is_seen = ended && stream == ChannelStream::Products && swept.done_ms.is_none();
                let seen = (is_seen && swept.next.is_none())
                    .then_some(CursorRow { done_ms: next.done_ms, ..swept });
                self.write_part(move |tx| {
                    tx.set_channel_cursor(id, stream, &next)?;
                    seen.map_or(Ok(()), |seen| {
                        tx.set_channel_cursor(id, ChannelStream::Sweep, &seen)
                    })
                })?;
                if ended {
                    self.asked.retain(|one| *one != stream);
                }
                self.well(row, ended && stream == ChannelStream::Orders)?;
                Ok(Some(ended))
            }
            Read::Trouble(trouble) => {
                self.asked.retain(|one| *one != stream);
                // A refusal of a list is a trouble of the shop: nothing else can be read either.
                self.ill(row, &trouble)?;
                if let Trouble::Refused(_) = trouble {
                    let now = self.now();
                    self.breaker.failed(now, Some(SOON_MS), (self.senses.dice)());
                }
                Ok(None)
            }
        }
    }

    async fn page(
        &mut self,
        row: &ChannelRow,
        stream: ChannelStream,
        cursor: &CursorRow,
    ) -> Result<Read, StoreError> {
        let ask = begun(cursor);
        let now = self.now();
        macro_rules! asked {
            ($call:expr) => {
                match $call.await {
                    Ok(page) => page,
                    Err(trouble) => return Ok(Read::Trouble(trouble)),
                }
            };
        }
        let (next, kept) = match stream {
            ChannelStream::Products => {
                let mut page = asked!(self.connector.products(&ask));
                self.note_bad(&mut page, "bad_product")?;
                let next = read_on(cursor, &page, now);
                let said: Vec<StockIn> = page
                    .items
                    .iter()
                    .flat_map(|product| &product.variants)
                    .filter_map(|variant| {
                        let external_id = variant.external_id.clone();
                        variant.stock.map(|quantity| StockIn { external_id, quantity })
                    })
                    .collect();
                let kept = self.intake.products(row, page.items);
                if kept.is_ok() {
                    self.heard(row, &said)?;
                }
                (next, kept)
            }
            ChannelStream::Stock => {
                let mut page = asked!(self.connector.stock(&ask));
                self.note_bad(&mut page, "bad_stock")?;
                self.heard(row, &page.items)?;
                (read_on(cursor, &page, now), Ok(()))
            }
            ChannelStream::Orders => {
                let mut page = asked!(self.connector.orders(&ask));
                self.note_bad(&mut page, "bad_order")?;
                let next = read_on(cursor, &page, now);
                (next, self.intake.orders(row, page.items))
            }
            ChannelStream::Customers => {
                let mut page = asked!(self.connector.customers(&ask));
                self.note_bad(&mut page, "bad_customer")?;
                let next = read_on(cursor, &page, now);
                (next, self.intake.customers(row, page.items))
            }
            ChannelStream::Sweep => {
                let mut page = asked!(self.connector.sweep(&ask));
                self.note_bad(&mut page, "bad_product")?;
                (read_on(cursor, &page, now), self.swept(row, cursor, &page, now)?)
            }
        };
        Ok(match kept {
            Ok(()) => Read::Kept(next),
            Err(words) => Read::Trouble(Trouble::NotSent(words)),
        })
    }

    fn note_bad<T>(&self, page: &mut Page<T>, kind: &str) -> Result<(), StoreError> {
        for (about, words) in std::mem::take(&mut page.bad) {
            let (kind, about) = (kind.to_owned(), format!("external:{about}"));
            self.problem(NewProblem { kind, about, words, op: None })?;
        }
        Ok(())
    }

    /// Notes which names the shop's whole list has; at its end, what is gone.
    fn swept(
        &self,
        row: &ChannelRow,
        cursor: &CursorRow,
        page: &Page<String>,
        now: i64,
    ) -> Result<Result<(), String>, StoreError> {
        let id = row.id;
        // A run is known by the end of the one before it: the same after a stop.
        let run = cursor.done_ms.unwrap_or(0).saturating_add(1);
        let (seen, ended) = (page.items.clone(), page.next.is_none());
        let first_and_empty = cursor.next.is_none() && ended && seen.is_empty();
        let gone = self.write_part(move |tx| {
            for external in &seen {
                tx.channel_map_seen(id, external, run)?;
            }
            if ended {
                // Once a day is often enough.
                tx.forget_channel_ops(id)?;
            }
            // A shop that says that it sells nothing at all is not believed: it may have lost its plugin.
            if ended && !first_and_empty {
                tx.channel_map_gone(id, run, now)
            } else {
                Ok(Vec::new())
            }
        })?;
        if first_and_empty {
            self.problem(NewProblem {
                kind: "empty_shop".to_owned(),
                about: "shop".to_owned(),
                words: "the shop says that it sells nothing at all: nothing was hidden here; look \
                        whether its products are there"
                    .to_owned(),
                op: None,
            })?;
        }
        Ok(if gone.is_empty() { Ok(()) } else { self.intake.gone(row, &gone) })
    }

    /// The shop said how much there is: kept, and put right where it differs and nothing is under way.
    pub(super) fn heard(&self, row: &ChannelRow, said: &[StockIn]) -> Result<(), StoreError> {
        let now = self.now();
        let mut kept: Vec<MapRow> = Vec::new();
        let mut differs: Vec<(VariantId, i64)> = Vec::new();
        let mut counts: Vec<(VariantId, Quantity)> = Vec::new();
        self.store.read::<_, StoreError>(|snapshot| {
            for one in said {
                let found = snapshot.channel_mapped(row.id, MapKind::Variant, &one.external_id)?;
                let Some(known) = found else { continue };
                let confirmed = Some(Quantity::from_thousandths(one.quantity));
                let ours = known.ours.map(VariantId::new);
                // An item that was made from the shop's opens with what the shop has.
                let opens = known.confirmed.is_none() && known.digest == MADE;
                if known.confirmed != confirmed {
                    kept.push(MapRow { confirmed, confirmed_ms: Some(now), ..known });
                }
                let Some(variant) = ours else { continue };
                let counted = snapshot.by_variant(variant)?.is_some_and(|sold| sold.tracks_stock);
                let figure = offered(snapshot, row, variant, &self.limits)?;
                let by = one.quantity.saturating_sub(figure);
                if !counted || by == 0 {
                    continue;
                }
                if opens {
                    counts.push((variant, Quantity::from_thousandths(by)));
                } else if !snapshot.channel_op_moves(row.id, variant)? {
                    differs.push((variant, by));
                }
            }
            Ok(())
        })?;
        let mut ops = Vec::new();
        for (variant, by) in differs {
            if row.policy == ChannelPolicy::Web {
                counts.push((variant, Quantity::from_thousandths(by)));
            } else {
                ops.push(stock_op(variant, (self.senses.id)())?);
            }
        }
        if !counts.is_empty()
            && let Err(words) = self.intake.correct(row, &counts)
        {
            tracing::warn!(%words, "a shop's figures could not be taken over");
            return Ok(());
        }
        if kept.is_empty() && ops.is_empty() {
            return Ok(());
        }
        let id = row.id;
        self.write_part(move |tx| {
            kept.iter().try_for_each(|name| tx.put_channel_map(id, name))?;
            ops.iter().try_for_each(|op| tx.add_channel_op(id, op, now))
        })
    }
}
