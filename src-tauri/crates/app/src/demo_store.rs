//! The demo store, with a month behind it: its past sales are rung up through the till's own commands
//! on a clock that is set back, so that they are as real as any.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use countertop_domain::ids::{StaffId, TenderId, VariantId};
use countertop_domain::quantity::Quantity;
use countertop_domain::staff::Actor;
use countertop_domain::time::Timestamp;

use crate::app::{App, Caller};
use crate::catalog_file::ItemDraft;
use crate::clock::{Clock, Ids};
use crate::commands::{
    Add, CurrentBasket, GetState, IssueCouponCommand, PayTender, SaveCustomerCommand,
    ShiftCloseCommand, ShiftOpenCommand, perform,
};
use crate::demo::{self, Demand};
use crate::error::AppError;
use crate::import::import_drafts;
use crate::rules::set_rules;
use crate::shop::{Shop, set_shop};
use crate::wire::{AddRequest, CloseShift, Nothing, OpenShift, PayRequest, PayWith};

const DAYS: i64 = 30;
const DAY_MS: i64 = 86_400_000;
const MINUTE_MS: i64 = 60_000;
/// One in so many of a real day's sales: a first start waits for all of them.
const SAMPLE: u32 = 4;
const FLOAT: i64 = 15_000;
/// About as many lines as the month's sales have.
const LINES_A_MONTH: u32 = 1_600;

/// Makes the demo store in a folder without a register; leaves any other folder as it is.
///
/// # Errors
/// The store's.
pub fn make(folder: &Path, clock: &dyn Clock, ids: Arc<dyn Ids>) -> Result<(), AppError> {
    if folder.join("register.db").exists() {
        return Ok(());
    }
    let now = clock.now();
    let past = Arc::new(PastClock {
        utc_ms: AtomicI64::new(now.utc_ms - DAYS * DAY_MS),
        offset_min: now.offset_min,
    });
    let app = App::open(folder, demo::CURRENCY, Arc::<PastClock>::clone(&past), ids)?;
    furnish(&app)?;
    let shelves = Shelves::of(&app)?;
    let mut month = Month { app: &app, clock: &past, shelves, dice: Dice(0x9E37_79B9_7F4A_7C15) };
    month.ring_up(now)
}

/// Staff, taxes, letterhead and goods.
fn furnish(app: &App) -> Result<(), AppError> {
    // The founder's entry becomes Mara's: a shop has one owner.
    let staff: Vec<Actor> = demo::STAFF
        .iter()
        .map(|member| Actor {
            staff: StaffId::new(app.ids.next()),
            name: member.name.to_owned(),
            role: member.role,
        })
        .collect();
    app.store.write::<_, AppError>(move |tx| {
        tx.replace_staff(&staff)?;
        for (name, ink) in demo::categories() {
            tx.set_category(name, *ink)?;
        }
        Ok(())
    })?;
    let letterhead = demo::letterhead();
    let taxes = demo::taxes().with_positions(demo::positions());
    let money = demo::money();
    set_shop(app, Shop { letterhead, taxes, money, demo: true, ..Shop::default() })?;
    set_rules(app, demo::price_rules())?;
    let caller = caller(app, 0)?;
    for customer in demo::customers() {
        perform::<SaveCustomerCommand>(app, &caller, customer)?;
    }
    perform::<IssueCouponCommand>(app, &caller, demo::coupon())?;
    import_drafts(app, &caller, "demo", well_stocked()).map(|_| ())
}

/// The goods with what a month will take on top of what is to be on the shelf at its end.
fn well_stocked() -> Vec<ItemDraft> {
    let demand = demo::demand();
    let weight: u32 = demand.iter().map(|d| d.weight).sum();
    let mut items = demo::items();
    for item in &mut items {
        for variant in &mut item.variants {
            let wanted = demand
                .iter()
                .find(|d| d.item == item.source_key && d.variant == variant.source_key);
            if let (Some(stock), Some(wanted)) = (variant.stock, wanted) {
                let a_line = i64::midpoint(wanted.least.thousandths(), wanted.most.thousandths());
                let sold = i64::from(LINES_A_MONTH * wanted.weight / weight.max(1)) * a_line;
                // Whole pieces stay whole.
                variant.stock = Some(stock.plus(Quantity::from_thousandths(sold / 1_000 * 1_000)));
            }
        }
    }
    items
}

fn caller(app: &App, member: usize) -> Result<Caller, AppError> {
    let staff = app.staff()?;
    let actor = staff.get(member).or(staff.first()).cloned();
    let actor = actor.ok_or(AppError::NoSuch { code: "no_staff", what: "the demo's staff" })?;
    Ok(Caller::at_till(actor, "demo"))
}

#[derive(Debug)]
struct PastClock {
    utc_ms: AtomicI64,
    offset_min: i16,
}

impl Clock for PastClock {
    fn now(&self) -> Timestamp {
        Timestamp { utc_ms: self.utc_ms.load(Ordering::Relaxed), offset_min: self.offset_min }
    }
}

/// The demand, with the ids that the goods got.
struct Shelves {
    goods: Vec<(Demand, VariantId)>,
    weight: u32,
}

impl Shelves {
    fn of(app: &App) -> Result<Self, AppError> {
        let mut goods = Vec::new();
        for demand in demo::demand() {
            let ids: HashMap<String, VariantId> = app.store.read::<_, AppError>(|snapshot| {
                Ok(snapshot.variants_of_source("demo", &demand.item)?.into_iter().collect())
            })?;
            if let Some(id) = ids.get(&demand.variant) {
                goods.push((demand, *id));
            }
        }
        let weight = goods.iter().map(|(demand, _)| demand.weight).sum();
        Ok(Self { goods, weight })
    }

    fn pick(&self, dice: &mut Dice) -> Option<(VariantId, i64)> {
        let weights = self.goods.iter().map(|(demand, _)| demand.weight);
        let (demand, id) = self.goods.get(dice.weighted(weights, self.weight))?;
        // Pieces by one, weighed goods by five grams; small amounts are the usual ones.
        let step = if demand.unit.is_divisible() { 5 } else { 1_000 };
        let (least, most) = (demand.least.thousandths(), demand.most.thousandths());
        let steps = u32::try_from((most - least) / step).unwrap_or(0);
        let usual = dice.below(steps + 1).min(dice.below(steps + 1));
        Some((*id, least + i64::from(usual) * step))
    }
}

/// Repeatable chance (xorshift*): the demo store is the same everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let roll = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        u32::try_from(roll % u64::from(limit.max(1))).unwrap_or(0)
    }

    fn weighted(&mut self, weights: impl Iterator<Item = u32>, sum: u32) -> usize {
        let mut left = self.below(sum);
        for (index, weight) in weights.enumerate() {
            if left < weight {
                return index;
            }
            left -= weight;
        }
        0
    }
}

struct Month<'a> {
    app: &'a App,
    clock: &'a PastClock,
    shelves: Shelves,
    dice: Dice,
}

impl Month<'_> {
    fn ring_up(&mut self, now: Timestamp) -> Result<(), AppError> {
        let midnight = now.utc_ms - (now.utc_ms + i64::from(now.offset_min) * MINUTE_MS) % DAY_MS;
        for days_ago in (1..DAYS).rev() {
            self.day(midnight - days_ago * DAY_MS)?;
        }
        self.today(now)
    }

    fn day(&mut self, midnight: i64) -> Result<(), AppError> {
        let owner = caller(self.app, 0)?;
        let first_hour = demo::HOURS.first().map_or(7, |(hour, _)| *hour);
        self.at(midnight + i64::from(first_hour) * 60 * MINUTE_MS - 10 * MINUTE_MS);
        perform::<ShiftOpenCommand>(self.app, &owner, OpenShift::with_float(FLOAT))?;
        // 1970-01-01 was a Thursday.
        let weekday =
            usize::try_from((midnight + 12 * 60 * MINUTE_MS) / DAY_MS + 3).unwrap_or(0) % 7;
        let sales = demo::SALES_BY_WEEKDAY.get(weekday).copied().unwrap_or(60) / SAMPLE;
        let sum = demo::HOURS.iter().map(|(_, weight)| weight).sum();
        let mut times: Vec<i64> = (0..sales)
            .map(|_| {
                let index = self.dice.weighted(demo::HOURS.iter().map(|(_, w)| *w), sum);
                let hour = demo::HOURS.get(index).map_or(12, |(hour, _)| *hour);
                midnight
                    + i64::from(hour) * 60 * MINUTE_MS
                    + i64::from(self.dice.below(3_600)) * 1_000
            })
            .collect();
        times.sort_unstable();
        for time in times {
            self.at(time);
            self.sale()?;
        }
        self.at(midnight + 19 * 60 * MINUTE_MS + 20 * MINUTE_MS);
        self.close(&owner)
    }

    /// A few sales in the last hour, and the shift left open: the till is ready.
    fn today(&mut self, now: Timestamp) -> Result<(), AppError> {
        self.at(now.utc_ms - 75 * MINUTE_MS);
        let owner = caller(self.app, 0)?;
        perform::<ShiftOpenCommand>(self.app, &owner, OpenShift::with_float(FLOAT))?;
        for sale in 0..8 {
            self.at(now.utc_ms - (70 - sale * 8) * MINUTE_MS);
            self.sale()?;
        }
        Ok(())
    }

    fn close(&mut self, owner: &Caller) -> Result<(), AppError> {
        let shift = perform::<GetState>(self.app, owner, Nothing {})?.shift;
        let expected = shift.and_then(|shift| shift.expected).unwrap_or_default();
        // Now and then the count is a little off, as counts are.
        let off = match self.dice.below(7) {
            0 => -50,
            1 => 20,
            _ => 0,
        };
        perform::<ShiftCloseCommand>(
            self.app,
            owner,
            CloseShift::counted(demo::CURRENCY.code(), expected + off),
        )?;
        Ok(())
    }

    fn at(&self, utc_ms: i64) {
        self.clock.utc_ms.store(utc_ms, Ordering::Relaxed);
    }

    fn sale(&mut self) -> Result<(), AppError> {
        let member = usize::from(self.dice.below(5) >= 2);
        let caller = caller(self.app, member)?;
        let mut basket = perform::<CurrentBasket>(self.app, &caller, Nothing {})?;
        let sum = demo::BASKET_LINES.iter().map(|(_, weight)| weight).sum();
        let index = self.dice.weighted(demo::BASKET_LINES.iter().map(|(_, w)| *w), sum);
        let lines = demo::BASKET_LINES.get(index).map_or(1, |(lines, _)| *lines);
        for _ in 0..lines {
            let Some((variant_id, quantity)) = self.shelves.pick(&mut self.dice) else { continue };
            let request = AddRequest {
                basket_id: basket.id,
                variant_id,
                quantity: Some(quantity),
                price: None,
            };
            basket = perform::<Add>(self.app, &caller, request)?.basket;
        }
        let card = self.dice.below(100) < demo::SHARE_OF_CARD;
        let round = basket.quick_cash.get(1).map_or(basket.due, |cash| cash.amount);
        let (kind, offered) =
            if card { (PayWith::CardExternal, basket.due) } else { (PayWith::Cash, round) };
        let tender_id = TenderId::new(self.app.ids.next());
        let request = PayRequest::plain(basket.id, tender_id, kind, offered, false);
        perform::<PayTender>(self.app, &caller, request).map(|_| ())
    }
}
