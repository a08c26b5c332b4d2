//! The engine of a web shop against a twin: what happened here is done there once, whatever stops.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

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
use countertop_shop_twins::{Fault, FaultKind, Shop, Strike, WooBooks};
use countertop_store::{
    ChannelPolicy, ChannelRow, Founding, Identity, ItemRecord, MapKind, MapRow, OpState, Position,
    Store, StoreError,
};
use countertop_sync::SystemNames;
use countertop_sync::channel::{
    CustomerIn, Engine, Intake, LineSettings, OrderIn, ProductIn, Secret, Senses, Tempo,
    WooCommerce, without_pauses,
};
use uuid::Uuid;

const NOW: Timestamp = Timestamp { utc_ms: 1_795_476_600_000, offset_min: 60 };
const KEY: &str = "ck_1:cs_2";
const SHOP: ChannelId = ChannelId::new(Uuid::from_u128(50));
const MUG: VariantId = VariantId::new(Uuid::from_u128(60));

/// Takes every product for the one mug, and keeps the orders.
struct Desk {
    store: Arc<Store>,
    orders: Mutex<Vec<OrderIn>>,
}

impl Intake for Desk {
    fn products(&self, channel: &ChannelRow, products: Vec<ProductIn>) -> Result<(), String> {
        let id = channel.id;
        self.store
            .write::<_, StoreError>(move |tx| {
                for variant in products.iter().flat_map(|product| &product.variants) {
                    let known = tx.channel_mapped(id, MapKind::Variant, &variant.external_id)?;
                    if known.is_some() {
                        continue;
                    }
                    tx.put_channel_map(
                        id,
                        &MapRow {
                            kind: MapKind::Variant,
                            external_id: variant.external_id.clone(),
                            parent: variant.external_id.clone(),
                            stock_ref: String::new(),
                            title: String::new(),
                            ours: Some(MUG.uuid()),
                            digest: Vec::new(),
                            confirmed: None,
                            confirmed_ms: None,
                            seen_run: 0,
                            gone_ms: None,
                        },
                    )?;
                }
                Ok(())
            })
            .map_err(|error| error.to_string())
    }

    fn orders(&self, _: &ChannelRow, orders: Vec<OrderIn>) -> Result<(), String> {
        self.orders.lock().unwrap().extend(orders);
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

struct Bench {
    shop: Shop<WooBooks>,
    product: i64,
    store: Arc<Store>,
    desk: Arc<Desk>,
    clock: Arc<AtomicI64>,
    ids: Arc<AtomicU64>,
    runtime: tokio::runtime::Runtime,
    _folder: tempfile::TempDir,
}

fn open(folder: &Path) -> Store {
    Store::open(folder, || Founding {
        identity: Identity {
            register: RegisterId::new(Uuid::from_u128(1)),
            series: "T1".to_owned(),
            currency: Currency::EUR,
        },
        at: NOW,
    })
    .unwrap()
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

fn bench(stock_there: i64) -> Bench {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(open(folder.path()));
    let mut books = WooBooks::new(KEY);
    let product = books.add_product("A-1", stock_there);
    let shop = Shop::open(books).unwrap();
    let row = ChannelRow {
        id: SHOP,
        kind: "woocommerce".to_owned(),
        name: "webshop".to_owned(),
        url: shop.url(),
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
    let desk = Arc::new(Desk { store: Arc::clone(&store), orders: Mutex::default() });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    Bench {
        shop,
        product,
        store,
        desk,
        clock: Arc::new(AtomicI64::new(NOW.utc_ms)),
        ids: Arc::new(AtomicU64::new(1_000)),
        runtime,
        _folder: folder,
    }
}

impl Bench {
    /// A fresh engine, as after a start of the register, brings the shop in step. What is waited for
    /// passes at once: the clock is ours.
    fn in_step(&self) {
        for _ in 0..50 {
            let settings = LineSettings {
                url: self.shop.url(),
                allow_host: true,
                certificate: String::new(),
                names: Arc::new(SystemNames),
                patience: None,
            };
            let none = Secret::new(String::new());
            let connector = WooCommerce::new(&settings, &Secret::new(KEY), none, 2).unwrap();
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
            let intake = Arc::clone(&self.desk) as Arc<dyn Intake>;
            let connector = Arc::new(connector);
            let tempo = Tempo::default();
            let mut engine = Engine::new(store, SHOP, connector, intake, senses, tempo).unwrap();
            let ended = self.runtime.block_on(without_pauses(engine.once()));
            self.clock.fetch_add(20 * 60 * 1_000, Ordering::SeqCst);
            let counts = self.store.read::<_, StoreError>(|s| s.channel_op_counts(SHOP)).unwrap();
            if ended.is_ok() && counts.waiting == 0 {
                return;
            }
        }
        panic!("never in step");
    }

    fn receive(&self, pieces: i32) {
        let id = self.ids.fetch_add(1, Ordering::SeqCst);
        let moved = StockMoved {
            id: StockMoveId::new(Uuid::from_u128(u128::from(id))),
            at: NOW,
            actor: Actor {
                staff: StaffId::new(Uuid::from_u128(9)),
                name: "Mara".to_owned(),
                role: Role::Owner,
            },
            reason: MovementReason::Receive,
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

    fn there(&self) -> i64 {
        self.shop.books(|books| books.product(self.product).unwrap().stock)
    }
}

#[test]
fn what_came_in_here_is_offered_there() {
    let bench = bench(3);
    bench.in_step();
    assert_eq!(bench.there(), 0, "the till's figure counts");
    bench.receive(10);
    bench.in_step();
    assert_eq!(bench.there(), 10);
}

#[test]
fn an_order_of_the_shop_comes_in() {
    let bench = bench(5);
    bench.in_step();
    let product = bench.product;
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_millis();
    let now = i64::try_from(now).unwrap();
    let order = bench.shop.books(|books| books.order_online(product, 1, now));
    bench.in_step();
    let came = bench.desk.orders.lock().unwrap();
    assert!(came.iter().any(|one| one.external_id == order.to_string() && one.our_id.is_none()));
}

#[test]
fn whatever_fails_the_figures_are_equal_at_the_end() {
    for kind in FaultKind::passing() {
        for (method, path) in [("GET", "/products"), ("GET", "/orders"), ("PUT", "/products")] {
            let bench = bench(3);
            bench.receive(10);
            bench.shop.strike(Fault { strike: Strike::first(method, path), kind: kind.clone() });
            bench.in_step();
            assert_eq!(bench.there(), 10, "{kind:?} at {method} {path}");
            let dead = bench
                .store
                .read::<_, StoreError>(|s| s.channel_ops(SHOP, Some(OpState::Dead), i64::MAX, 9))
                .unwrap();
            assert_eq!(dead, [], "{kind:?} at {method} {path}");
        }
    }
}
