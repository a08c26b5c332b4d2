//! What comes in from web shops becomes part of the register: items, orders, customers. A page may come
//! twice, and one thing that is no good is a to-do and never in the way of the others.

mod customers;
mod guard;
mod orders;
mod products;

use std::sync::Arc;

use countertop_domain::ids::{ItemId, StockMoveId, VariantId};
use countertop_domain::journal::Entry;
use countertop_domain::quantity::Quantity;
use countertop_domain::staff::Actor;
use countertop_domain::stock::{MovementReason, StockLine, StockMoved};
use countertop_store::{ChannelRow, MapKind, MapRow, NewProblem, Tx};
use countertop_sync::channel::{CustomerIn, Intake, OrderIn, ProductIn};

use crate::app::{App, Caller};
use crate::channel_stock::look_at_promises;
use crate::error::AppError;

/// Variants of one movement.
const MAX_LINES: usize = 500;

/// Takes in what web shops say.
#[derive(Clone, Debug)]
pub struct ChannelIntake {
    app: Arc<App>,
}

impl ChannelIntake {
    /// For a register.
    pub const fn new(app: Arc<App>) -> Self {
        Self { app }
    }

    /// A shop has no hands of its own: what it does is done in the name of the first of the staff, under
    /// the shop's name.
    fn caller(&self, channel: &ChannelRow) -> Result<Caller, AppError> {
        let first = self.app.staff()?.into_iter().next();
        let owner = first.ok_or_else(|| AppError::BadText {
            reason: "nobody works here yet: add the owner".to_owned(),
        })?;
        let name = channel.name.chars().take(40).collect();
        let actor = Actor { name, ..owner };
        Ok(Caller::at_till(actor, format!("channel:{}", channel.id)))
    }

    fn correct_all(
        &self,
        channel: &ChannelRow,
        by: &[(VariantId, Quantity)],
    ) -> Result<(), AppError> {
        let caller = self.caller(channel)?;
        for part in by.chunks(MAX_LINES) {
            let line = |(variant, quantity): &(VariantId, Quantity)| StockLine {
                variant: *variant,
                quantity: *quantity,
                counted: None,
                cost: None,
            };
            let at = self.app.now();
            let moved = StockMoved {
                id: StockMoveId::new(self.app.ids.next()),
                at,
                actor: caller.actor.clone(),
                reason: MovementReason::ChannelFigure,
                reference: channel.name.clone(),
                note: String::new(),
                counted_at: None,
                lines: part.iter().map(line).collect(),
            };
            self.app.store.write::<_, AppError>(move |tx| {
                tx.append(at.utc_ms, &Entry::StockMoved(moved))?;
                Ok(())
            })?;
        }
        self.app.changed(&caller.client, &["catalog"]);
        Ok(())
    }

    fn look_at_promises(&self, goods: &[VariantId]) -> Result<(), AppError> {
        let (goods, at_ms) = (goods.to_vec(), self.app.now().utc_ms);
        let looked = self.app.store.begin_part::<(), AppError>(move |tx| {
            goods.iter().try_for_each(|variant| look_at_promises(tx, *variant, at_ms))
        })?;
        looked.wait()?;
        Intake::changed(self);
        Ok(())
    }

    /// Items that were made from the shop's and that it has no more are hidden, never deleted; what
    /// still lies on the shelf stays on sale, and a to-do says so.
    fn hide(&self, channel: &ChannelRow, gone: &[MapRow]) -> Result<(), AppError> {
        let caller = self.caller(channel)?;
        let (row, gone, at_ms) = (channel.clone(), gone.to_vec(), self.app.now().utc_ms);
        self.app.store.write::<_, AppError>(move |tx| {
            for name in gone.iter().filter(|name| name.kind == MapKind::Product) {
                let Some(item) = name.ours.map(ItemId::new) else { continue };
                let Some(product) = tx.product(item)? else { continue };
                if product.retired || product.source != products::source(&row) {
                    continue;
                }
                let mut lies_here = false;
                for variant in &product.variants {
                    lies_here |= tx.stock_of(variant.id)?.thousandths() > 0;
                }
                if lies_here {
                    let words = format!(
                        "the shop has \"{}\" no more, but some of it lies here: it stays on sale at \
                         the till; take it off sale under Products when it is gone",
                        product.name
                    );
                    let about = format!("product:{}", name.external_id);
                    note(tx, &row, "gone", &about, words, at_ms)?;
                } else {
                    tx.retire_product(at_ms, item)?;
                    let hidden = MapRow { digest: products::HIDDEN.to_vec(), ..name.clone() };
                    tx.put_channel_map(row.id, &MapRow { gone_ms: Some(at_ms), ..hidden })?;
                    tx.note_change("product", &item.to_string(), "deleted", at_ms)?;
                }
            }
            Ok(())
        })?;
        self.app.changed(&caller.client, &["catalog", "channels"]);
        Ok(())
    }
}

impl Intake for ChannelIntake {
    fn products(&self, channel: &ChannelRow, products: Vec<ProductIn>) -> Result<(), String> {
        products::take(self, channel, products).map_err(words)
    }

    fn orders(&self, channel: &ChannelRow, orders: Vec<OrderIn>) -> Result<(), String> {
        orders::take(self, channel, orders).map_err(words)
    }

    fn customers(&self, channel: &ChannelRow, customers: Vec<CustomerIn>) -> Result<(), String> {
        customers::take(self, channel, customers).map_err(words)
    }

    fn correct(&self, channel: &ChannelRow, by: &[(VariantId, Quantity)]) -> Result<(), String> {
        self.correct_all(channel, by).map_err(words)
    }

    fn promised(&self, goods: &[VariantId]) -> Result<(), String> {
        self.look_at_promises(goods).map_err(words)
    }

    fn gone(&self, channel: &ChannelRow, gone: &[MapRow]) -> Result<(), String> {
        self.hide(channel, gone).map_err(words)
    }

    fn changed(&self) {
        self.app.changed("channel", &["channels"]);
    }
}

fn words(error: AppError) -> String {
    error.to_string()
}

/// A to-do of a shop.
fn note(
    tx: &Tx<'_>,
    channel: &ChannelRow,
    kind: &str,
    about: &str,
    words: String,
    at_ms: i64,
) -> Result<(), AppError> {
    let (kind, about) = (kind.to_owned(), about.to_owned());
    let problem = NewProblem { kind, about, words, op: None };
    Ok(tx.note_channel_problem(channel.id, &problem, at_ms)?)
}

/// A name of the shop's of which nothing else is known.
fn name_of(kind: MapKind, external_id: &str) -> MapRow {
    MapRow {
        kind,
        external_id: external_id.to_owned(),
        parent: String::new(),
        stock_ref: String::new(),
        ours: None,
        title: String::new(),
        digest: Vec::new(),
        confirmed: None,
        confirmed_ms: None,
        seen_run: 0,
        gone_ms: None,
    }
}
