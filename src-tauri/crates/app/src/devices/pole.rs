//! What the display that faces the customer shows: the line that came in and the total, what is left
//! to pay, the change, and a text between two customers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use countertop_devices::{CustomerDisplay, DISPLAY_CELLS, DisplayText};
use countertop_domain::ids::{BasketId, DeviceId, LineId, SaleId};
use countertop_domain::money::Money;
use countertop_receipt::{Letterhead, format_amount, format_total};

use crate::app::App;
use crate::error::AppError;
use crate::open_baskets::lock;
use crate::views::basket_view;
use crate::wire::{BasketView, Changed, DeviceState};

/// How long the change stands before the idle text.
const THANKS: Duration = Duration::from_secs(12);
/// How often the thread looks whether it should end.
const LOOK: Duration = Duration::from_millis(200);
/// A display that is not there is tried again after so long.
const AGAIN: Duration = Duration::from_secs(5);

/// What there is to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// No customer is there.
    Idle,
    /// A line came in or was changed.
    Line { name: String, amount: Money, total: Money },
    /// Nothing came in; what everything comes to, and what of it is left to pay.
    Total { total: Money, due: Money },
    /// It is paid.
    Paid { total: Money, change: Money },
}

/// The text of a moment.
pub(super) fn text(moment: &Moment, letterhead: &Letterhead, idle: &str) -> DisplayText {
    let (words, numbers) = (&letterhead.words, &letterhead.numbers);
    let amount = |amount: Money| format_amount(amount, numbers);
    let (upper, lower) = match moment {
        Moment::Idle => {
            let idle = if idle.is_empty() { letterhead.shop.as_str() } else { idle };
            let (first, second) = idle.split_once('|').unwrap_or((idle, ""));
            (first.trim().to_owned(), second.trim().to_owned())
        }
        Moment::Line { name, amount: of_line, total } => {
            (apart(name, &amount(*of_line)), apart(&words.total, &amount(*total)))
        }
        Moment::Total { total, due } if due == total => {
            (apart(&words.total, &format_total(*total, numbers)), String::new())
        }
        Moment::Total { total, due } => (
            apart(&words.total, &format_total(*total, numbers)),
            apart(&words.left_to_pay, &amount(*due)),
        ),
        Moment::Paid { total, change } => (
            apart(&words.total, &format_total(*total, numbers)),
            apart(&words.change, &amount(*change)),
        ),
    };
    DisplayText { upper, lower }
}

/// Two texts at the two ends of a line; the left one gives way.
fn apart(left: &str, right: &str) -> String {
    let room = DISPLAY_CELLS.saturating_sub(right.chars().count() + 1);
    let left: String = left.chars().take(room).collect();
    format!("{left:<room$} {right}")
}

/// What was shown last, to tell what is new.
#[derive(Debug, Default)]
struct Seen {
    basket: Option<BasketId>,
    lines: Vec<(LineId, i64, i64)>,
}

impl Seen {
    /// What is new in a basket; none if nothing is that a customer should see.
    fn moment(&mut self, app: &App, view: &BasketView) -> Result<Option<Moment>, AppError> {
        let before = std::mem::take(&mut self.lines);
        let same = self.basket.replace(view.id) == Some(view.id);
        self.lines = view.lines.iter().map(|line| (line.id, line.quantity, line.total)).collect();
        if view.lines.is_empty() && view.returns.is_empty() {
            return Ok((!same || !before.is_empty()).then_some(Moment::Idle));
        }
        let (total, due) = (app.money(view.total)?, app.money(view.due)?);
        let new = view.lines.iter().zip(&self.lines).rev().find(|(_, now)| !before.contains(now));
        // Taking a line out, or a discount on everything, concerns the total.
        let came_in = view.tenders.is_empty() && view.lines.len() >= before.len();
        Ok(Some(match new {
            Some((line, _)) if came_in => {
                Moment::Line { name: line.name.clone(), amount: app.money(line.total)?, total }
            }
            _ => Moment::Total { total, due },
        }))
    }
}

/// A thread that keeps a display up to date; dropping it ends the thread.
#[derive(Debug)]
pub(super) struct PoleThread {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl PoleThread {
    pub(super) fn start(
        app: Arc<App>,
        device: DeviceId,
        display: Box<dyn CustomerDisplay>,
        idle: String,
    ) -> std::io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let news = app.listen();
        let mut pole = Pole {
            app,
            device,
            display,
            idle,
            seen: Seen::default(),
            moment: Moment::Idle,
            until: None,
            shown: None,
            again: None,
        };
        let until = Arc::clone(&stop);
        let thread = std::thread::Builder::new()
            .name("display".to_owned())
            .spawn(move || pole.keep(&news, &until))?;
        Ok(Self { stop, thread: Some(thread) })
    }
}

impl Drop for PoleThread {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Pole {
    app: Arc<App>,
    device: DeviceId,
    display: Box<dyn CustomerDisplay>,
    idle: String,
    seen: Seen,
    moment: Moment,
    /// When the idle text comes back.
    until: Option<Instant>,
    shown: Option<DisplayText>,
    /// When a display that is not there is tried again.
    again: Option<Instant>,
}

impl Pole {
    fn keep(&mut self, news: &Receiver<Changed>, stop: &AtomicBool) {
        self.show();
        while !stop.load(Ordering::Relaxed) {
            match news.recv_timeout(LOOK) {
                // A burst of changes is one text.
                Ok(first) => {
                    let mut all = std::iter::once(first).chain(news.try_iter());
                    if all.any(|change| change.tags.iter().any(|tag| tag == "basket")) {
                        self.look();
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            if self.until.is_some_and(|until| until <= Instant::now()) {
                (self.until, self.moment) = (None, Moment::Idle);
            }
            self.show();
        }
    }

    /// Finds out what is to be shown.
    fn look(&mut self) {
        let was = self.seen.basket;
        let moment = match self.paid(was) {
            Ok(Some(paid)) => Ok(Some(paid)),
            _ => self.current(),
        };
        match moment {
            Ok(Some(Moment::Idle)) if self.until.is_some() => {}
            Ok(Some(moment)) => {
                let is_paid = matches!(moment, Moment::Paid { .. });
                self.until = is_paid.then(|| Instant::now() + THANKS);
                self.moment = moment;
            }
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "the customer display does not know what to show"),
        }
    }

    /// The sale that the basket became which was shown last.
    fn paid(&mut self, was: Option<BasketId>) -> Result<Option<Moment>, AppError> {
        let Some(was) = was.filter(|was| self.app.baskets.get(*was).is_none()) else {
            return Ok(None);
        };
        let id = SaleId::from(was);
        let sale = self.app.store.read::<_, AppError>(|snapshot| Ok(snapshot.sale(id)?))?;
        self.seen = Seen::default();
        Ok(sale.map(|sale| Moment::Paid { total: sale.total, change: sale.change }))
    }

    fn current(&mut self) -> Result<Option<Moment>, AppError> {
        let caller = self.app.baskets.last_used_by();
        let Some(open) = caller.and_then(|caller| self.app.baskets.of(&caller.client)) else {
            return Ok(Some(Moment::Idle));
        };
        let basket = Arc::clone(&lock(&open).basket);
        let view = basket_view(&self.app, &basket)?;
        self.seen.moment(&self.app, &view)
    }

    fn show(&mut self) {
        let text = text(&self.moment, &self.app.shop().letterhead, &self.idle);
        let is_waiting = self.again.is_some_and(|again| Instant::now() < again);
        if self.shown.as_ref() == Some(&text) || is_waiting {
            return;
        }
        match self.display.show(&text) {
            Ok(()) => {
                self.app.machines.say(self.device, DeviceState::Ready, "");
                (self.shown, self.again) = (Some(text), None);
                self.app.changed("", &["twins"]);
            }
            Err(error) => {
                self.app.machines.say(self.device, DeviceState::NotThere, &error.to_string());
                (self.shown, self.again) = (None, Some(Instant::now() + AGAIN));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use countertop_domain::money::{Currency, Money, MoneyError};
    use countertop_receipt::Letterhead;

    use super::{Moment, text};

    fn shown(moment: &Moment) -> (String, String) {
        let letterhead = Letterhead { shop: "Corner shop".to_owned(), ..Letterhead::default() };
        let text = text(moment, &letterhead, "");
        (text.upper, text.lower)
    }

    #[test]
    fn the_customer_sees_what_came_in_and_what_it_comes_to() -> Result<(), MoneyError> {
        let eur = |minor| Money::new(minor, Currency::EUR);
        let line = Moment::Line {
            name: "Comté, 18 months old".to_owned(),
            amount: eur(256)?,
            total: eur(123_450)?,
        };
        let wanted = ("Comté, 18 month 2.56".to_owned(), "Total       1,234.50".to_owned());
        assert_eq!(shown(&line), wanted);
        let part = Moment::Total { total: eur(4651)?, due: eur(651)? };
        let wanted = ("Total      EUR 46.51".to_owned(), "Left to pay     6.51".to_owned());
        assert_eq!(shown(&part), wanted);
        let paid = Moment::Paid { total: eur(4651)?, change: eur(349)? };
        let wanted = ("Total      EUR 46.51".to_owned(), "Change          3.49".to_owned());
        assert_eq!(shown(&paid), wanted);
        assert_eq!(shown(&Moment::Idle), ("Corner shop".to_owned(), String::new()));
        Ok(())
    }
}
