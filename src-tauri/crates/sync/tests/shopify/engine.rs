//! The engine over Shopify: what moves is said as a move, a count is compared before it is set, and the
//! figures are equal at the end whatever fails.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use countertop_domain::ids::{
    ChannelId, ChannelOpId, ItemId, RegisterId, StaffId, StockMoveId, VariantId,
};
use countertop_domain::item::{Item, Variant};
use countertop_domain::journal::Entry;
use countertop_domain::money::Currency;
use countertop_domain::quantity::{Quantity, Unit};
use countertop_domain::staff::{Actor, Role};
use countertop_domain::stock::{MovementReason, StockLine, StockMoved};
use countertop_domain::tax::TaxClass;
use countertop_domain::time::Timestamp;
use countertop_shop_twins::shopify::gid;
use countertop_shop_twins::{Fault, FaultKind, Strike};
use countertop_store::{
    ChannelPolicy, ChannelRow, Founding, Identity, ItemRecord, MapKind, MapRow, OpState, Position,
    Store, StoreError,
};
use countertop_sync::channel::{CustomerIn, Engine, Intake, OrderIn, ProductIn, Senses, Tempo};
use uuid::Uuid;

use crate::bench::{Bench, TOKEN, bench, settings};

const NOW: Timestamp = Timestamp { utc_ms: 1_795_476_600_000, offset_min: 60 };
const SHOP: ChannelId = ChannelId::new(Uuid::from_u128(50));
const MUG: VariantId = VariantId::new(Uuid::from_u128(60));

/// Keeps nothing: the mug's name is known already.
struct Desk;

impl Intake for Desk {
    fn products(&self, _: &ChannelRow, _: Vec<ProductIn>) -> Result<(), String> {
        Ok(())
    }

    fn orders(&self, _: &ChannelRow, _: Vec<OrderIn>) -> Result<(), String> {
        Ok(())
    }

    fn customers(&self, _: &ChannelRow, _: Vec<CustomerIn>) -> Result<(), String> {
        Ok(())
    }

    fn correct(&self, _: &ChannelRow, _: &[(VariantId, Quantity)]) -> Result<(), String> {
        Ok(())
    }

    fn promised(&self, _: &[VariantId]) -> Result<(), String> {
        Ok(())
    }

    fn gone(&self, _: &ChannelRow, _: &[MapRow]) -> Result<(), String> {
        Ok(())
    }

    fn changed(&self) {}
}

struct Register {
    bench: Bench,
    store: Arc<Store>,
    clock: Arc<AtomicI64>,
    ids: Arc<AtomicU64>,
    _folder: tempfile::TempDir,
}

fn open(folder: &Path) -> Store {
    let identity = Identity {
        register: RegisterId::new(Uuid::from_u128(1)),
        series: "T1".to_owned(),
        currency: Currency::EUR,
    };
    Store::open(folder, || Founding { identity, at: NOW }).unwrap()
}

fn mug() -> ItemRecord {
    let variant = Variant {
        id: MUG,
        options: Vec::new(),
        sku: Some("A-1".to_owned()),
        barcodes: Vec::new(),
        price: None,
        compare_at: None,
        tracks_stock: true,
    };
    ItemRecord {
        item: Item {
            id: ItemId::new(Uuid::from_u128(61)),
            name: "Mug".to_owned(),
            category: None,
            unit: Unit::Piece,
            tax_class: TaxClass::exempt(),
            images: Vec::new(),
            favourite: false,
            variants: vec![variant],
        },
        source: "own".to_owned(),
        source_key: "mug".to_owned(),
        variant_keys: vec!["mug".to_owned()],
        fingerprint: 1,
    }
}

fn name(bench: &Bench) -> MapRow {
    MapRow {
        kind: MapKind::Variant,
        external_id: gid("ProductVariant", bench.mug),
        parent: gid("Product", bench.mug),
        stock_ref: gid("InventoryItem", bench.mug),
        title: String::new(),
        ours: Some(MUG.uuid()),
        digest: Vec::new(),
        confirmed: None,
        confirmed_ms: None,
        seen_run: 0,
        gone_ms: None,
    }
}

/// A register with ten mugs, and a shop that says that it has ten.
fn register() -> Register {
    let bench = bench();
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(open(folder.path()));
    let row = ChannelRow {
        id: SHOP,
        kind: "shopify".to_owned(),
        name: "webshop".to_owned(),
        url: bench.shop.url(),
        options: "{}".to_owned(),
        policy: ChannelPolicy::Till,
        buffer: 0,
        allow_host: true,
        certificate: String::new(),
        enabled: true,
        created_ms: NOW.utc_ms,
        updated_ms: NOW.utc_ms,
        position: Position::default(),
        success_ms: None,
        woken_ms: None,
        trouble: String::new(),
        trouble_since_ms: None,
    };
    let mapped = name(&bench);
    store
        .write::<_, StoreError>(move |tx| {
            tx.put_items(NOW.utc_ms, &[mug()])?;
            tx.put_channel(&row)?;
            tx.put_channel_map(SHOP, &mapped)
        })
        .unwrap();
    let clock = Arc::new(AtomicI64::new(NOW.utc_ms));
    let ids = Arc::new(AtomicU64::new(1_000));
    let register = Register { bench, store, clock, ids, _folder: folder };
    register.moves(10, MovementReason::Receive);
    register.in_step();
    assert_eq!(register.bench.there(), 10);
    register
}

impl Register {
    fn moves(&self, pieces: i32, reason: MovementReason) {
        let id = self.ids.fetch_add(1, Ordering::SeqCst);
        let quantity = Quantity::pieces(pieces);
        let moved = StockMoved {
            id: StockMoveId::new(Uuid::from_u128(u128::from(id))),
            at: NOW,
            actor: Actor {
                staff: StaffId::new(Uuid::from_u128(9)),
                name: "Mara".to_owned(),
                role: Role::Owner,
            },
            reason,
            reference: String::new(),
            note: String::new(),
            counted_at: None,
            lines: vec![StockLine { variant: MUG, quantity, counted: None, cost: None }],
        };
        let entry = Entry::StockMoved(moved);
        self.store.write::<_, StoreError>(move |tx| tx.append(NOW.utc_ms, &entry)).unwrap();
    }

    /// Fresh engines, as after a start of the register, until nothing is left to do. What is waited for
    /// passes at once: the clock is ours.
    fn in_step(&self) {
        for _ in 0..50 {
            let (clock, ids) = (Arc::clone(&self.clock), Arc::clone(&self.ids));
            let senses = Senses {
                now: Arc::new(move || clock.fetch_add(1, Ordering::SeqCst)),
                id: Arc::new(move || {
                    let next = ids.fetch_add(1, Ordering::SeqCst);
                    ChannelOpId::new(Uuid::from_u128(u128::from(next)))
                }),
                dice: Arc::new(|| 7),
            };
            let url = self.bench.shop.url();
            let connector = settings(&url, &[("token", TOKEN)], &[]).unwrap();
            let (store, intake) = (Arc::clone(&self.store), Arc::new(Desk));
            let tempo = Tempo::default();
            let mut engine = Engine::new(store, SHOP, connector, intake, senses, tempo).unwrap();
            let ended = self.bench.wait(engine.once());
            self.clock.fetch_add(20 * 60 * 1_000, Ordering::SeqCst);
            let counts = self.store.read::<_, StoreError>(|s| s.channel_op_counts(SHOP)).unwrap();
            if ended.is_ok() && counts.waiting == 0 {
                return;
            }
        }
        panic!("never in step");
    }

    fn sent(&self, document: &str) -> usize {
        let has = |text: &str| text.contains(document);
        let calls = self.bench.shop.calls();
        calls.iter().filter(|call| call.body["query"].as_str().is_some_and(has)).count()
    }
}

#[test]
fn what_came_in_is_said_as_a_move_and_a_count_as_a_figure() {
    let register = register();
    let (moves, sets) = (register.sent("mutation AdjustStock"), register.sent("mutation SetStock"));
    register.moves(5, MovementReason::Receive);
    register.in_step();
    assert_eq!(register.bench.there(), 15);
    assert_eq!(register.sent("mutation AdjustStock"), moves + 1);
    register.moves(-3, MovementReason::Count);
    register.in_step();
    assert_eq!(register.bench.there(), 12);
    assert_eq!(register.sent("mutation SetStock"), sets + 1);
}

#[test]
fn a_count_that_meets_a_figure_nobody_here_knows_reads_it_first_and_ends_right() {
    let register = register();
    // Somebody changed it in the shop's admin; no list has said so yet.
    register.bench.shop.books(|books| {
        let variant = books.variant_mut(register.bench.mug).unwrap();
        variant.levels.get_mut(&1).unwrap().available = 4;
    });
    register.moves(2, MovementReason::Count);
    register.in_step();
    assert_eq!(register.bench.there(), 12);
    let dead = register
        .store
        .read::<_, StoreError>(|s| s.channel_ops(SHOP, Some(OpState::Dead), i64::MAX, 9))
        .unwrap();
    assert_eq!(dead, []);
}

#[test]
fn whatever_fails_the_figures_are_equal_at_the_end() {
    for kind in FaultKind::passing() {
        for document in ["mutation AdjustStock", "mutation SetStock", "query ChangedStock"] {
            let register = register();
            let strike = Strike::first("POST", document);
            register.bench.shop.strike(Fault { strike, kind: kind.clone() });
            register.moves(5, MovementReason::Receive);
            register.in_step();
            register.moves(-1, MovementReason::Count);
            register.in_step();
            assert_eq!(register.bench.there(), 14, "{kind:?} at {document}");
        }
    }
}
