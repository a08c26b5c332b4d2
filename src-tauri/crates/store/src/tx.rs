//! Writing: what can be done inside a transaction.

use countertop_domain::basket::Basket;
use countertop_domain::ids::{BasketId, PrintJobId};
use countertop_domain::item::Barcode;
use countertop_domain::journal::Entry;
use countertop_domain::sale::ReceiptNumber;
use countertop_domain::staff::Actor;

use crate::error::StoreError;
use crate::search;
use crate::snapshot::Tx;
use crate::table::basket::{self, BasketEdit};
use crate::table::catalog::{self, ItemRecord, PutItem};
use crate::table::outbox::{self, Delivery, Destination, OutboxMessage};
use crate::table::print_job::{self, JobStatus, PrintJob};
use crate::table::{sale, setting, staff};
use crate::{journal, projection};

/// Everything here fails only as the disk or the database fails: see [`StoreError`]. After an error
/// the whole transaction is taken back.
#[allow(clippy::missing_errors_doc)]
impl Tx<'_> {
    /// Writes a fact: its journal entry, the views made from it, and a message to everyone who is to
    /// be told. Returns its place in the journal.
    pub fn append(&self, at_ms: i64, entry: &Entry) -> Result<i64, StoreError> {
        let register = self.identity().register;
        let seq = journal::append(self.connection(), self.key, register, at_ms, entry)?;
        projection::apply(self.connection(), seq, entry)?;
        outbox::enqueue(self.connection(), seq)?;
        self.worth_telling();
        Ok(seq)
    }

    /// Has those who listen look again, once this transaction is on disk.
    pub fn worth_telling(&self) {
        self.worth_telling.set(true);
    }

    /// Signs with the register's key (Ed25519); base64url without padding.
    pub fn sign(&self, message: &[u8]) -> String {
        use base64::Engine as _;
        use ed25519_dalek::Signer as _;
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(self.key.sign(message).to_bytes())
    }

    /// The number of the next receipt. Taken only by a sale that is appended in this transaction, so
    /// that the series has no gap.
    pub fn next_receipt(&self) -> Result<ReceiptNumber, StoreError> {
        let series = self.identity().series.clone();
        let sequence = sale::next_sequence(self.connection(), &series)?;
        Ok(ReceiptNumber { series, sequence })
    }

    /// Saves an open basket. It has a file of its own, which is on disk before this transaction is:
    /// if that is as far as it comes, the basket of a part payment is saved, and one that had been
    /// removed stays so.
    pub fn put_basket(&self, client: &str, open: &Basket) -> Result<(), StoreError> {
        let edit = BasketEdit::Put(open.id(), client.to_owned(), basket::body(open)?);
        self.baskets.borrow_mut().push(edit);
        basket::set_open(self.connection(), open.id())
    }

    /// Forgets a basket that has become a sale in this transaction: the sale says that it is gone, and
    /// its file hears of it a moment later.
    pub fn forget_sold_basket(&self, id: BasketId) {
        self.baskets.borrow_mut().push(BasketEdit::Remove(id));
    }

    /// Removes an open basket: it was held or voided. It is gone with this transaction; its file hears
    /// of it a moment later.
    pub fn remove_basket(&self, id: BasketId) -> Result<(), StoreError> {
        self.baskets.borrow_mut().push(BasketEdit::Remove(id));
        basket::set_gone(self.connection(), id)
    }

    /// Says that many items come now, or that they are there. Meanwhile the search index puts its parts
    /// together less often: an import of a million items is quicker by a twentieth.
    pub fn many_items_come(&self, many: bool) -> Result<(), StoreError> {
        search::merge_seldom(self.connection(), many)
    }

    /// Adds items or brings them up to date; says what became of each.
    pub fn put_items(
        &self,
        at_ms: i64,
        records: &[ItemRecord],
    ) -> Result<Vec<PutItem>, StoreError> {
        catalog::put_all(self.connection(), at_ms, records)
    }

    /// Gives a code to a variant, named as its source, its item and itself are there; false if
    /// another variant has the code.
    pub fn give_code(
        &self,
        variant: (&str, &str, &str),
        barcode: &Barcode,
    ) -> Result<bool, StoreError> {
        catalog::give_code(self.connection(), variant, barcode)
    }

    /// Names a category and its ink (1 to 6), in the order in which they are to be shown.
    pub fn set_category(&self, name: &str, ink: u8) -> Result<(), StoreError> {
        catalog::set_category(self.connection(), name, ink).map(|_| ())
    }

    /// Adds a member of staff.
    pub fn add_staff(&self, actor: &Actor) -> Result<(), StoreError> {
        staff::add(self.connection(), actor)
    }

    /// Puts these people in place of whoever was there; only for a register without any sale.
    pub fn replace_staff(&self, actors: &[Actor]) -> Result<(), StoreError> {
        staff::clear(self.connection())?;
        actors.iter().try_for_each(|actor| staff::add(self.connection(), actor))
    }

    /// Sets a setting.
    pub fn set_setting(&self, name: &str, value: &str) -> Result<(), StoreError> {
        setting::set(self.connection(), name, value)
    }

    /// Adds a print job.
    pub fn add_print_job(&self, job: &PrintJob) -> Result<(), StoreError> {
        print_job::add(self.connection(), job)
    }

    /// Says what a print job that is on its way waits for; false if there is no such job.
    ///
    /// # Errors
    /// The database's.
    pub fn trouble_print_job(&self, id: PrintJobId, trouble: &str) -> Result<bool, StoreError> {
        print_job::set_trouble(self.connection(), id, trouble)
    }

    /// Has a print job wait once more after part of it may have come out: as a copy, and without the
    /// drawer. False if there is no such job.
    ///
    /// # Errors
    /// The database's.
    pub fn repeat_print_job(&self, id: PrintJobId, trouble: &str) -> Result<bool, StoreError> {
        print_job::repeat(self.connection(), id, trouble)
    }

    /// Moves a print job on; false if there is none.
    pub fn set_print_job(
        &self,
        id: PrintJobId,
        status: JobStatus,
        trouble: &str,
    ) -> Result<bool, StoreError> {
        print_job::set_status(self.connection(), id, status, trouble)
    }

    /// From now on tells a destination of everything new.
    pub fn add_destination(&self, destination: &Destination) -> Result<(), StoreError> {
        outbox::add_destination(self.connection(), destination)
    }

    /// Claims the next message for a destination.
    pub fn claim_message(
        &self,
        destination: &str,
        now_ms: i64,
    ) -> Result<Option<OutboxMessage>, StoreError> {
        outbox::claim(self.connection(), destination, now_ms)
    }

    /// Says how a try to deliver ended.
    pub fn settle_message(
        &self,
        message: &OutboxMessage,
        delivery: &Delivery,
    ) -> Result<(), StoreError> {
        outbox::settle(self.connection(), message, delivery)
    }
}
