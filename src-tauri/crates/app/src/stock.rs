//! Stock: how much there is, what moved, and moving and counting it by hand.
//!
//! A level is never set: a count, too, is a movement, of what was found less what should have been
//! there when it was counted. What was sold between the counting and the writing down stays sold.

use std::collections::{BTreeSet, HashMap};

use countertop_domain::ids::{StockMoveId, VariantId};
use countertop_domain::journal::Entry;
use countertop_domain::money::Money;
use countertop_domain::quantity::Quantity;
use countertop_domain::stock::{MovementReason, StockError, StockLine, StockMoved, by_hand};
use countertop_domain::time::Timestamp;
use countertop_store::{MovementFilter, MovementRow, Snapshot, StockLevelRow, Tx};

use crate::app::{App, Caller};
use crate::error::AppError;
use crate::pages::{after, cursor, limit, line};
use crate::wire::{
    CountStock, LevelPage, ListLevels, ListMovements, MoveStock, MovedLine, MovementPage,
    MovementView, StockLevelView, StockMoveView,
};

/// Variants of one movement or count.
const MAX_LINES: usize = 500;
/// Variants whose levels are asked for by name.
const MAX_ASKED: usize = 200;
/// Characters of a reference.
const MAX_REFERENCE: usize = 100;
/// Characters of a note.
const MAX_NOTE: usize = 500;
/// How long ago shelves may have been counted: seven days. All that moved since is looked through
/// when a count is written down.
const MAX_AGE_MS: i64 = 7 * 24 * 60 * 60 * 1000;

pub(crate) fn levels(app: &App, _: &Caller, request: ListLevels) -> Result<LevelPage, AppError> {
    let most = limit(request.limit);
    let below = request.below.map(Quantity::from_thousandths);
    let is_below = |level: &StockLevelRow| below.is_none_or(|below| level.quantity < below);
    app.store.read(|snapshot| {
        let (mut found, next) = if !request.variant_ids.is_empty() {
            if request.variant_ids.len() > MAX_ASKED {
                return Err(bad(&format!("ask for up to {MAX_ASKED} variants at once")));
            }
            (snapshot.stock_levels_of(&request.variant_ids)?, None)
        } else if let Some(since) = request.updated_since_ms {
            let from = match after::<2>(request.after.as_deref())? {
                Some([seq, position]) => (seq, position),
                None => (snapshot.seq_before(since)?, i64::MAX),
            };
            let (found, next) = snapshot.stock_levels_moved(from, most)?;
            (found, next.map(|(seq, position)| cursor([seq, position])))
        } else {
            let from = after::<1>(request.after.as_deref())?.map_or(0, |[row]| row);
            let (found, next) = snapshot.stock_levels(from, below, most)?;
            (found, next.map(|row| cursor([row])))
        };
        found.retain(is_below);
        Ok(LevelPage { levels: found.iter().map(level_view).collect(), next })
    })
}

pub(crate) fn movements(
    app: &App,
    _: &Caller,
    request: ListMovements,
) -> Result<MovementPage, AppError> {
    let reason = match request.reason.as_deref() {
        None => None,
        Some(name) => Some(MovementReason::parse(name).ok_or_else(|| no_reason(name))?),
    };
    let filter = MovementFilter { variant: request.variant_id, reason, since_ms: request.since_ms };
    let before = after::<2>(request.after.as_deref())?.map(|[seq, position]| (seq, position));
    let (found, next) = app.store.read::<_, AppError>(|snapshot| {
        Ok(snapshot.stock_movements(before, &filter, limit(request.limit))?)
    })?;
    Ok(MovementPage {
        movements: found.into_iter().map(movement_view).collect(),
        next: next.map(|(seq, position)| cursor([seq, position])),
    })
}

pub(crate) fn make(
    app: &App,
    caller: &Caller,
    request: MoveStock,
) -> Result<StockMoveView, AppError> {
    let reason =
        MovementReason::parse(&request.reason).ok_or_else(|| no_reason(&request.reason))?;
    if reason == MovementReason::Count {
        return Err(bad("a count is written down as one, with what was found"));
    }
    each_once(request.lines.iter().map(|line| line.variant_id))?;
    let mut costs = HashMap::new();
    for line in &request.lines {
        if let Some(minor) = line.cost {
            costs.insert(line.variant_id, self::cost(app, reason, minor)?);
        }
    }
    let frame = Frame::of(app, caller, request.move_id, (&request.reference, &request.note))?;
    let view = app.store.write::<_, AppError>(move |tx| {
        let levels = Levels::of(tx, request.lines.iter().map(|line| line.variant_id))?;
        let lines = request.lines.iter().map(|line| {
            let level = levels.tracked(line.variant_id)?;
            let given = Quantity::from_thousandths(line.quantity);
            Ok(StockLine {
                variant: line.variant_id,
                quantity: by_hand(reason, given, level.unit)?,
                counted: None,
                cost: costs.get(&line.variant_id).copied(),
            })
        });
        let lines = lines.collect::<Result<_, AppError>>()?;
        frame.moved(reason, None, lines).append(tx)
    })?;
    app.changed(&caller.client, &["catalog"]);
    Ok(view)
}

/// What a unit cost that came in.
fn cost(app: &App, reason: MovementReason, minor: i64) -> Result<Money, AppError> {
    let cost = app.money(minor)?;
    if reason != MovementReason::Receive {
        return Err(bad("only what is received has a cost: leave it out"));
    }
    if cost.is_negative() {
        return Err(bad("a cost is never below nothing"));
    }
    Ok(cost)
}

pub(crate) fn count(
    app: &App,
    caller: &Caller,
    request: CountStock,
) -> Result<StockMoveView, AppError> {
    each_once(request.lines.iter().map(|line| line.variant_id))?;
    let now = app.now();
    let counted_at = request.counted_at_ms.unwrap_or(now.utc_ms);
    if counted_at > now.utc_ms || counted_at < now.utc_ms.saturating_sub(MAX_AGE_MS) {
        return Err(bad(
            "shelves were counted now or up to seven days ago, by the register's clock: look at the \
             time that was given, or count again",
        ));
    }
    let given = request.counted_at_ms.is_some();
    let frame = Frame::of(app, caller, request.move_id, (&request.reference, &request.note))?;
    let view = app.store.write::<_, AppError>(move |tx| {
        let levels = Levels::of(tx, request.lines.iter().map(|line| line.variant_id))?;
        if let Some(made) = frame.made_before(tx)? {
            let asked: Vec<_> = request
                .lines
                .iter()
                .map(|line| (line.variant_id, Some(Quantity::from_thousandths(line.counted))))
                .collect();
            let found: Vec<_> =
                made.lines.iter().map(|line| (line.variant, line.counted)).collect();
            let same_time = !given || made.counted_at.is_some_and(|at| at.utc_ms == counted_at);
            return frame.again(tx, made, |made| {
                made.reason == MovementReason::Count && asked == found && same_time
            });
        }
        let since = if given { tx.seq_before(counted_at.saturating_add(1))? } else { i64::MAX };
        let moved = tx.stock_moved_after(since, counted_at)?;
        let lines = request.lines.iter().map(|line| {
            let level = levels.tracked(line.variant_id)?;
            let (since, counted_later) = moved.get(&line.variant_id).copied().unwrap_or_default();
            if counted_later {
                return Err(AppError::CountedSince { name: level.name.clone() });
            }
            let counted = found(line.counted, level)?;
            let then = Quantity::from_thousandths(
                level.quantity.thousandths().saturating_sub(since.thousandths()),
            );
            if line.expected.is_some_and(|expected| expected != then.thousandths()) {
                return Err(AppError::StockChanged { name: level.name.clone(), level: then });
            }
            let quantity = counted.plus(then.negated());
            Ok(StockLine { variant: line.variant_id, quantity, counted: Some(counted), cost: None })
        });
        let lines = lines.collect::<Result<_, AppError>>()?;
        let at = Timestamp { utc_ms: counted_at, ..frame.at };
        frame.moved(MovementReason::Count, Some(at), lines).append(tx)
    })?;
    app.changed(&caller.client, &["catalog"]);
    Ok(view)
}

/// What can lie on a shelf: nothing or more, whole where it is sold by the piece.
fn found(thousandths: i64, level: &StockLevelRow) -> Result<Quantity, AppError> {
    if !(0..=Quantity::MAX_THOUSANDTHS).contains(&thousandths) {
        return Err(StockError::TooLarge.into());
    }
    if !level.unit.is_divisible() && thousandths % 1000 != 0 {
        return Err(StockError::NotWhole.into());
    }
    Ok(Quantity::from_thousandths(thousandths))
}

fn each_once(variants: impl Iterator<Item = VariantId>) -> Result<(), AppError> {
    let (mut seen, mut count) = (BTreeSet::new(), 0);
    for variant in variants {
        count += 1;
        if !seen.insert(variant) {
            return Err(bad("a variant is there twice: give each one line"));
        }
    }
    if (1..=MAX_LINES).contains(&count) {
        return Ok(());
    }
    Err(bad(&format!("a movement has from 1 to {MAX_LINES} variants: make several of it")))
}

/// The levels of what is to be moved, by variant.
struct Levels(HashMap<VariantId, StockLevelRow>);

impl Levels {
    fn of(
        snapshot: &Snapshot<'_>,
        variants: impl Iterator<Item = VariantId>,
    ) -> Result<Self, AppError> {
        let variants: Vec<_> = variants.collect();
        let found = snapshot.stock_levels_of(&variants)?;
        Ok(Self(found.into_iter().map(|level| (level.variant, level)).collect()))
    }

    fn tracked(&self, variant: VariantId) -> Result<&StockLevelRow, AppError> {
        let level = self.0.get(&variant).ok_or(AppError::no_item())?;
        if !level.tracks_stock {
            return Err(AppError::NotTracked { name: level.name.clone() });
        }
        Ok(level)
    }
}

/// What every movement by hand says besides what moves.
struct Frame {
    id: StockMoveId,
    at: Timestamp,
    actor: countertop_domain::staff::Actor,
    reference: String,
    note: String,
}

impl Frame {
    fn of(
        app: &App,
        caller: &Caller,
        id: StockMoveId,
        (reference, note): (&str, &str),
    ) -> Result<Self, AppError> {
        Ok(Self {
            id,
            at: app.now(),
            actor: caller.actor.clone(),
            reference: line("a reference", reference, MAX_REFERENCE)?,
            note: line("a note", note, MAX_NOTE)?,
        })
    }

    /// The movement of this id, if it was made before.
    fn made_before(&self, snapshot: &Snapshot<'_>) -> Result<Option<StockMoved>, AppError> {
        let Some(seq) = snapshot.stock_move_seq(self.id)? else { return Ok(None) };
        match snapshot.entry(seq)?.map(|stored| stored.entry()).transpose()? {
            Some(Entry::StockMoved(moved)) => Ok(Some(moved)),
            _ => Ok(None),
        }
    }

    /// Answers a movement that was made before, if it is the same one.
    fn again(
        &self,
        snapshot: &Snapshot<'_>,
        made: StockMoved,
        same: impl FnOnce(&StockMoved) -> bool,
    ) -> Result<StockMoveView, AppError> {
        if made.reference != self.reference || made.note != self.note || !same(&made) {
            return Err(AppError::AlreadyThere { what: "movement", name: self.id.to_string() });
        }
        made_view(snapshot, &made)
    }

    fn moved(
        &self,
        reason: MovementReason,
        counted_at: Option<Timestamp>,
        lines: Vec<StockLine>,
    ) -> Moving<'_> {
        let moved = StockMoved {
            id: self.id,
            at: self.at,
            actor: self.actor.clone(),
            reason,
            reference: self.reference.clone(),
            note: self.note.clone(),
            counted_at,
            lines,
        };
        Moving { frame: self, moved }
    }
}

/// A movement that is about to be made.
struct Moving<'a> {
    frame: &'a Frame,
    moved: StockMoved,
}

impl Moving<'_> {
    fn append(self, tx: &Tx<'_>) -> Result<StockMoveView, AppError> {
        let Self { frame, moved } = self;
        if let Some(made) = frame.made_before(tx)? {
            return frame
                .again(tx, made, |made| made.reason == moved.reason && made.lines == moved.lines);
        }
        tx.append(moved.at.utc_ms, &Entry::StockMoved(moved.clone()))?;
        made_view(tx, &moved)
    }
}

fn made_view(snapshot: &Snapshot<'_>, moved: &StockMoved) -> Result<StockMoveView, AppError> {
    let levels = Levels::of(snapshot, moved.lines.iter().map(|line| line.variant))?;
    let line = |line: &StockLine| MovedLine {
        variant_id: line.variant,
        quantity: line.quantity.thousandths(),
        counted: line.counted.map(Quantity::thousandths),
        cost: line.cost.map(Money::minor),
        level: levels.0.get(&line.variant).map_or(0, |level| level.quantity.thousandths()),
    };
    Ok(StockMoveView {
        move_id: moved.id,
        at_ms: moved.at.utc_ms,
        counted_at_ms: moved.counted_at.map(|at| at.utc_ms),
        reason: moved.reason.name().to_owned(),
        reference: moved.reference.clone(),
        note: moved.note.clone(),
        actor: moved.actor.name.clone(),
        lines: moved.lines.iter().map(line).collect(),
    })
}

fn level_view(level: &StockLevelRow) -> StockLevelView {
    StockLevelView {
        variant_id: level.variant,
        product_id: level.item,
        name: level.name.clone(),
        sku: level.sku.clone(),
        unit: level.unit.name().to_owned(),
        quantity: level.quantity.thousandths(),
        tracks_stock: level.tracks_stock,
        retired: level.retired,
    }
}

fn movement_view(row: MovementRow) -> MovementView {
    let (mut move_id, mut reference, mut note, mut actor) =
        (None, String::new(), String::new(), String::new());
    if let Some(by_hand) = row.by_hand {
        move_id = Some(by_hand.id);
        (reference, note, actor) = (by_hand.reference, by_hand.note, by_hand.actor);
    }
    MovementView {
        id: format!("{}-{}", row.seq, row.position),
        at_ms: row.at_ms,
        variant_id: row.variant,
        quantity: row.quantity.thousandths(),
        reason: row.reason.name().to_owned(),
        counted: row.counted.map(Quantity::thousandths),
        cost: row.cost,
        sale_id: row.sale,
        move_id,
        reference,
        note,
        actor,
    }
}

fn no_reason(name: &str) -> AppError {
    let known: Vec<&str> = MovementReason::ALL.iter().map(|reason| reason.name()).collect();
    bad(&format!("\"{name}\" is no reason: there are {}", known.join(", ")))
}

fn bad(reason: &str) -> AppError {
    AppError::BadText { reason: reason.to_owned() }
}
