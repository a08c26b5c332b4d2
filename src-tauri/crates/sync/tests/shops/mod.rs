//! What the tests of connectors share; no test of them needs all of it.
#![allow(dead_code)]

pub(crate) mod bench;
pub(crate) mod bigcommerce;

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use countertop_domain::ids::{LineId, VariantId};
use countertop_domain::money::Currency;
use countertop_sync::SystemNames;
use countertop_sync::channel::{
    Connector, Done, Errand, Found, Goods, LineOut, LineSettings, PaidWith, RefundLineOut,
    RefundOut, SaleOut, Secret, Setup, Task, Trouble, platform,
};
use uuid::Uuid;

/// Our id of the sale.
pub(crate) const SALE: &str = "0196a000-0000-7000-8000-000000000001";
/// Our id of its refund.
pub(crate) const REFUND: &str = "0196a000-0000-7000-8000-000000000002";

pub(crate) fn run<T>(asked: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(asked)
}

/// A connector as the register makes it.
pub(crate) fn connector(
    kind: &str,
    url: &str,
    secrets: &[(&str, &str)],
    options: &[(&str, &str)],
) -> Result<Arc<dyn Connector>, String> {
    let setup = Setup {
        line: LineSettings {
            url: url.to_owned(),
            allow_host: true,
            certificate: String::new(),
            names: Arc::new(SystemNames),
            // Faults that are waited out do not strike here: no machine is slow enough for this.
            patience: Some(Duration::from_secs(170)),
        },
        options: options.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
        secrets: secrets
            .iter()
            .map(|(k, v)| ((*k).to_owned(), Secret::new(*v)))
            .collect::<BTreeMap<_, _>>(),
        currency: Currency::EUR,
    };
    (platform(kind).expect("a platform").make)(&setup)
}

pub(crate) fn errand(our_id: &str, task: Task) -> Errand {
    let op_id = Uuid::from_u128(77).to_string();
    Errand { our_id: our_id.to_owned(), op_id, first_ms: None, task }
}

pub(crate) fn line(
    variant: VariantId,
    goods: Option<Goods>,
    name: &str,
    quantity: i64,
    total: i64,
) -> LineOut {
    LineOut {
        id: LineId::new(variant.uuid()),
        variant,
        goods,
        name: name.to_owned(),
        sku: String::new(),
        quantity,
        net: total,
        total,
        taxes: Vec::new(),
    }
}

pub(crate) fn sale(lines: Vec<LineOut>) -> SaleOut {
    let total = lines.iter().map(|line| line.total).sum();
    SaleOut {
        number: "T1-000001".to_owned(),
        at_ms: 1_795_435_200_000,
        currency: "EUR".to_owned(),
        exponent: 2,
        net: total,
        tax: 0,
        total,
        lines,
        paid: vec![PaidWith { kind: "cash".to_owned(), amount: total }],
        customer: None,
        customer_external: String::new(),
    }
}

pub(crate) fn refund(
    order: &str,
    line: LineId,
    variant: VariantId,
    goods: &Goods,
    quantity: i64,
    total: i64,
) -> RefundOut {
    RefundOut {
        sale: SALE.to_owned(),
        order_external: order.to_owned(),
        number: "T1-000002".to_owned(),
        at_ms: 1_795_435_300_000,
        currency: "EUR".to_owned(),
        exponent: 2,
        lines: vec![RefundLineOut {
            line,
            variant,
            goods: Some(goods.clone()),
            quantity,
            net: total,
            total,
            taxes: Vec::new(),
            restock: true,
        }],
        total,
        reason: String::new(),
    }
}

/// Does something as the engine does: what is in doubt is looked up before it is sent again.
pub(crate) fn once(connector: &dyn Connector, errand: &Errand) -> Done {
    let mut in_doubt = false;
    for _ in 0..20 {
        if in_doubt {
            match run(connector.look_up(errand)) {
                Ok(Found::Done(done)) => return done,
                Ok(Found::Missing) => {}
                Ok(Found::CannotTell) => panic!("nobody can tell"),
                Err(trouble) if trouble.is_of_the_shop() => continue,
                Err(trouble) => panic!("{trouble}"),
            }
        }
        match run(connector.send(errand)) {
            Ok(done) => return done,
            Err(Trouble::Unknown { .. }) => in_doubt = true,
            Err(Trouble::NotSent(_) | Trouble::Busy { .. }) => {}
            Err(trouble) => panic!("{trouble}"),
        }
    }
    panic!("it is never done");
}
