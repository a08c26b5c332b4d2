//! A register with one mug, a shop, and an engine between them.

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
use countertop_store::{
    ChannelPolicy, ChannelRow, Founding, Identity, ItemRecord, MapKind, MapRow, NewChannelOp,
    OpState, Position, Store, StoreError,
};
use countertop_sync::channel::{
    Connector, CustomerIn, Engine, Intake, OrderIn, ProductIn, Senses, Task, Tempo,
};
use uuid::Uuid;

const NOW: Timestamp = Timestamp { utc_ms: 1_795_476_600_000, offset_min: 60 };
const SHOP: ChannelId = ChannelId::new(Uuid::from_u128(50));
/// What the register sells.
pub(crate) const MUG: VariantId = VariantId::new(Uuid::from_u128(60));

/// Takes every variant for the one mug.
struct Desk(Arc<Store>);

impl Intake for Desk {
    fn products(&self, channel: &ChannelRow, products: Vec<ProductIn>) -> Result<(), String> {
        let id = channel.id;
        let named = move |external_id: String, parent: String| MapRow {
            kind: MapKind::Variant,
            external_id,
            parent,
            stock_ref: String::new(),
            title: String::new(),
            ours: Some(MUG.uuid()),
            digest: Vec::new(),
            confirmed: None,
            confirmed_ms: None,
            seen_run: 0,
            gone_ms: None,
        };
        self.0
            .write::<_, StoreError>(move |tx| {
                for product in &products {
                    for variant in &product.variants {
                        let external = &variant.external_id;
                        if tx.channel_mapped(id, MapKind::Variant, external)?.is_none() {
                            let row = named(external.clone(), product.external_id.clone());
                            tx.put_channel_map(id, &row)?;
                        }
                    }
                }
                Ok(())
            })
            .map_err(|error| error.to_string())
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

/// A register with one mug beside a shop.
pub(crate) struct Bench {
    store: Arc<Store>,
    make: Box<dyn Fn() -> Arc<dyn Connector>>,
    clock: Arc<AtomicI64>,
    ids: Arc<AtomicU64>,
    _folder: tempfile::TempDir,
}

impl Bench {
    /// With a shop on this platform; `make` makes its connector, as a start of the register does.
    pub(crate) fn new(kind: &str, make: Box<dyn Fn() -> Arc<dyn Connector>>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let founding = || Founding {
            identity: Identity {
                register: RegisterId::new(Uuid::from_u128(1)),
                series: "T1".to_owned(),
                currency: Currency::EUR,
            },
            at: NOW,
        };
        let store = Arc::new(Store::open(folder.path(), founding).unwrap());
        let row = ChannelRow {
            id: SHOP,
            kind: kind.to_owned(),
            name: "webshop".to_owned(),
            url: "http://127.0.0.1".to_owned(),
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
        store
            .write::<_, StoreError>(move |tx| {
                tx.put_items(NOW.utc_ms, &[mug()])?;
                tx.put_channel(&row)
            })
            .unwrap();
        let clock = Arc::new(AtomicI64::new(NOW.utc_ms));
        Self { store, make, clock, ids: Arc::new(AtomicU64::new(1_000)), _folder: folder }
    }

    /// A fresh engine, as after a start of the register, brings the shop in step. What is waited for
    /// passes at once: the clock is ours.
    pub(crate) fn in_step(&self) {
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
            let store = Arc::clone(&self.store);
            let intake: Arc<dyn Intake> = Arc::new(Desk(Arc::clone(&self.store)));
            let tempo = Tempo::default();
            let mut engine =
                Engine::new(store, SHOP, (self.make)(), intake, senses, tempo).unwrap();
            let ended = super::run(engine.once());
            self.clock.fetch_add(20 * 60 * 1_000, Ordering::SeqCst);
            let counts = self.store.read::<_, StoreError>(|s| s.channel_op_counts(SHOP)).unwrap();
            if ended.is_ok() && counts.waiting == 0 {
                return;
            }
        }
        panic!("never in step");
    }

    /// Goods come in.
    pub(crate) fn receive(&self, pieces: i32) {
        self.moved(pieces, MovementReason::Receive);
    }

    /// Goods go, told to no shop: what a sale does to the ledger.
    pub(crate) fn waste(&self, pieces: i32) {
        self.moved(-pieces, MovementReason::Waste);
        // The shop hears of it by its order alone.
        let last = self.store.read::<_, StoreError>(|s| Ok(s.last_position())).unwrap();
        let position = Position { seq: last.unwrap().seq, ..Position::default() };
        self.store
            .write::<_, StoreError>(move |tx| {
                tx.take_in_channel_ops(SHOP, position, &[], NOW.utc_ms)
            })
            .unwrap();
    }

    fn moved(&self, pieces: i32, reason: MovementReason) {
        let id = self.ids.fetch_add(1, Ordering::SeqCst);
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
            lines: vec![StockLine {
                variant: MUG,
                quantity: Quantity::pieces(pieces),
                counted: None,
                cost: None,
            }],
        };
        let entry = Entry::StockMoved(moved);
        self.store.write::<_, StoreError>(move |tx| tx.append(NOW.utc_ms, &entry)).unwrap();
    }

    /// Something is to be done, as if the journal said so.
    pub(crate) fn queue(&self, sale: &str, task: &Task) {
        let id = self.ids.fetch_add(1, Ordering::SeqCst);
        let op = NewChannelOp {
            id: ChannelOpId::new(Uuid::from_u128(u128::from(id))),
            origin: None,
            lane: format!("sale:{sale}"),
            kind: task.kind().to_owned(),
            payload: serde_json::to_string(task).unwrap(),
            latest_wins: false,
            moves: Vec::new(),
        };
        self.store
            .write::<_, StoreError>(move |tx| tx.add_channel_op(SHOP, &op, NOW.utc_ms))
            .unwrap();
    }

    /// What the operations in a state say that is wrong.
    pub(crate) fn ops(&self, state: OpState) -> Vec<String> {
        let ops = self
            .store
            .read::<_, StoreError>(|s| s.channel_ops(SHOP, Some(state), i64::MAX, 9))
            .unwrap();
        ops.into_iter().map(|op| format!("{}: {}", op.kind, op.trouble)).collect()
    }
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
