//! A register as its screens use it: every step is a command of the list.

use std::path::Path;

use anyhow::Context as _;
use countertop::{Config, Register};
use countertop_app::commands::{
    CurrentBasket, GetShop, GetState, PayTender, Scan, SearchCatalog, SetShop, ShiftOpenCommand,
};
use countertop_app::wire::{
    Added, BasketView, Nothing, OpenShift, PayRequest, PayWith, SaleView, ScanRequest, Search,
    ShopSettings, TaxSetting, Tile,
};
use countertop_app::{App, Caller, Ids as _, SystemIds, perform};
use countertop_domain::ids::{BasketId, TenderId};
use countertop_domain::tax::TaxClass;

/// An open register and who works at it.
#[derive(Debug)]
pub(crate) struct Till {
    register: Register,
    pub(crate) caller: Caller,
}

impl Till {
    /// Opens the register in `folder`, with a tax on everything and a shift that has begun.
    ///
    /// # Errors
    /// The register's.
    pub(crate) fn open(folder: &Path) -> anyhow::Result<Self> {
        let register = Register::open(&Config::new(folder))?;
        let caller = register.caller("bench")?;
        let till = Self { register, caller };
        let app = till.app();
        let settings = perform::<GetShop>(app, &till.caller, Nothing {})?;
        perform::<SetShop>(app, &till.caller, ShopSettings { taxes: vec![vat()], ..settings })?;
        if perform::<GetState>(app, &till.caller, Nothing {})?.shift.is_none() {
            perform::<ShiftOpenCommand>(app, &till.caller, OpenShift::with_float(10_000))?;
        }
        Ok(till)
    }

    /// The register itself, for a door to it.
    pub(crate) fn shared(&self) -> std::sync::Arc<App> {
        std::sync::Arc::clone(self.register.app())
    }

    pub(crate) fn app(&self) -> &App {
        self.register.app()
    }

    /// The basket that is open, or an empty one.
    ///
    /// # Errors
    /// The register's.
    pub(crate) fn basket(&self) -> anyhow::Result<BasketView> {
        Ok(perform::<CurrentBasket>(self.app(), &self.caller, Nothing {})?)
    }

    /// Scans `code` into a basket.
    ///
    /// # Errors
    /// The register's.
    pub(crate) fn scan(&self, basket_id: BasketId, code: String) -> anyhow::Result<Added> {
        Ok(perform::<Scan>(self.app(), &self.caller, ScanRequest { basket_id, code })?)
    }

    /// What a customer hands over for a basket: the next round amount in cash.
    pub(crate) fn cash_for(basket: &BasketView) -> PayRequest {
        let round = basket.quick_cash.get(1).or_else(|| basket.quick_cash.first());
        let offered = round.map_or(basket.due, |cash| cash.amount);
        let tender_id = TenderId::new(SystemIds.next());
        PayRequest::plain(basket.id, tender_id, PayWith::Cash, offered, false)
    }

    /// Pays: when this comes back, the sale is on disk.
    ///
    /// # Errors
    /// The register's.
    pub(crate) fn pay(&self, request: PayRequest) -> anyhow::Result<SaleView> {
        let paid = perform::<PayTender>(self.app(), &self.caller, request)?;
        paid.sale.context("the basket was not paid in full")
    }

    /// A basket with these codes in it, ready to be paid.
    ///
    /// # Errors
    /// The register's.
    pub(crate) fn ring_up(
        &self,
        codes: impl IntoIterator<Item = String>,
    ) -> anyhow::Result<BasketView> {
        let mut basket = self.basket()?;
        for code in codes {
            basket = self.scan(basket.id, code)?.basket;
        }
        Ok(basket)
    }

    /// How many sales the shift has seen.
    ///
    /// # Errors
    /// The register's, or no shift.
    #[cfg(target_os = "linux")]
    pub(crate) fn sales(&self) -> anyhow::Result<u32> {
        let state = perform::<GetState>(self.app(), &self.caller, Nothing {})?;
        Ok(state.shift.context("no shift has begun")?.sales)
    }

    /// What matches the letters typed so far.
    ///
    /// # Errors
    /// The register's.
    pub(crate) fn search(&self, text: &str) -> anyhow::Result<Vec<Tile>> {
        let search = Search { text: text.to_owned() };
        Ok(perform::<SearchCatalog>(self.app(), &self.caller, search)?.tiles)
    }
}

fn vat() -> TaxSetting {
    TaxSetting {
        class: TaxClass::standard().name().to_owned(),
        name: "VAT".to_owned(),
        rate: "20".to_owned(),
        inclusive: true,
        amount: None,
        affects_base: false,
        ignores_others: false,
    }
}
