//! The store: opens a data folder, and hands out reading and writing.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use countertop_domain::basket::Basket;
use countertop_domain::ids::RegisterId;
use countertop_domain::journal::{Entry, RegisterFounded};
use countertop_domain::money::Currency;
use countertop_domain::time::Timestamp;
use ed25519_dalek::SigningKey;
use rusqlite::{Connection, OptionalExtension};

use crate::checkpoint::Checkpointer;
use crate::commit::{Listeners, Listening};
use crate::connection::{Synchronous, open_baskets, open_reader, open_writer};
use crate::error::StoreError;
use crate::folder::DataFolder;
use crate::snapshot::{Snapshot, Tx};
use crate::table::{basket, report, setting};
use crate::warm::Warmer;
use crate::writer::{Underway, Writer};
use crate::written::Written;
use crate::{checkpoint, journal, key, migration, projection};

/// Who a register is, for life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Its id.
    pub register: RegisterId,
    /// Its receipts' series, such as `T1`.
    pub series: String,
    /// The currency of all its amounts.
    pub currency: Currency,
}

/// What a register that does not exist yet is to be.
#[derive(Clone, Debug)]
pub struct Founding {
    /// Who it is.
    pub identity: Identity,
    /// Now.
    pub at: Timestamp,
}

/// Readers kept open; more are opened when as many ask at once, and closed again.
const IDLE_READERS: usize = 4;

/// The open store. Dropping it closes it cleanly.
pub struct Store {
    // Order matters: the writer saves its drafts, then the checkpointer stops, then the lock goes.
    writer: Writer,
    _checkpointer: Checkpointer,
    readers: Mutex<Vec<Connection>>,
    // After every connection: see warm.rs.
    _warmer: Warmer,
    identity: Identity,
    folder: DataFolder,
    listeners: Arc<Listeners>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("folder", &self.folder).finish_non_exhaustive()
    }
}

impl Store {
    /// Opens a data folder, and founds the register if there is none in it yet.
    ///
    /// # Errors
    /// Held by another register, newer, not ours, read-only, or damaged; nothing is changed then.
    pub fn open(path: &Path, founding: impl FnOnce() -> Founding) -> Result<Self, StoreError> {
        let folder = DataFolder::hold(path)?;
        migration::check(path, &folder.database())?;
        let signing = key::read_or_make(path)?;
        let mut connection = open_writer(&folder.database())?;
        migration::migrate(&mut connection)?;
        let identity = match read_identity(&connection)? {
            Some(identity) => identity,
            None if !journal::is_empty(&connection)? => {
                return Err(StoreError::damaged("register's identity", "it is gone"));
            }
            None => found(&mut connection, &signing, founding())?,
        };
        check_key(&connection, &identity, &signing)?;
        let baskets = open_baskets(&folder.baskets())?;
        basket::forget_gone(&connection, &baskets)?;
        let database = Written::new(connection, folder.database());
        let baskets = Written::new(baskets, folder.baskets());
        let checkpointer = Checkpointer::start([database.log(), baskets.log()])?;
        let listeners = Arc::<Listeners>::default();
        let told = Arc::clone(&listeners);
        let writer = Writer::start(database, baskets, identity.clone(), signing, told)?;
        Ok(Self {
            writer,
            _checkpointer: checkpointer,
            readers: Mutex::default(),
            _warmer: Warmer::start(&folder.database())?,
            identity,
            folder,
            listeners,
        })
    }

    /// Who this register is.
    pub const fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Does something in one transaction and returns when it is on disk: all of it, or nothing.
    ///
    /// # Errors
    /// What `work` refuses, or what the disk does.
    pub fn write<T, E>(
        &self,
        work: impl FnOnce(&Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.writer.write(work)
    }

    /// Hands a part of a long job to the writer, and comes back before it is done: whoever prepares
    /// one part while another is written saves the time of one of them. A part does not wait for the
    /// disk: after a power cut the last ones may be missing, never one before another or before a
    /// sale. Whoever is to be told that the job is done ends it with a [`Store::write`] of something.
    ///
    /// # Errors
    /// The store is closed.
    pub fn begin_part<T, E>(
        &self,
        work: impl FnOnce(&Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<Underway<T, E>, StoreError>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.writer.begin(Synchronous::Normal, work)
    }

    /// Waits while the log is long: whoever writes much, part after part, calls this between two
    /// parts, or the log would never come to its end, and begin anew, before they are done. Sales go
    /// on meanwhile.
    ///
    /// # Errors
    /// What the disk does.
    pub fn let_log_end(&self) -> Result<(), StoreError> {
        self.read(|snapshot| checkpoint::let_log_end(snapshot.connection()))
    }

    /// Ends both logs and makes them empty, so that what was erased is in no file any more. False if
    /// somebody still reads an older moment; then it is done when the register is closed.
    ///
    /// # Errors
    /// What the disk does.
    pub fn empty_logs(&self) -> Result<bool, StoreError> {
        let mut done = true;
        for file in [self.database(), self.baskets()] {
            done &= checkpoint::empty_log(&open_reader(&file)?)?;
        }
        Ok(done)
    }

    /// Saves an open basket soon, without waiting: within moments against a kill, within a quarter of
    /// a second against a power cut. An empty basket is forgotten.
    pub fn keep_basket(&self, client: &str, basket: Arc<Basket>) {
        self.writer.keep_basket(client, basket);
    }

    /// Reads.
    ///
    /// # Errors
    /// What `work` refuses, or what the disk does.
    pub fn read<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Snapshot<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => open_reader(&self.folder.database())?,
        };
        let result = work(&Snapshot::new(&connection, &self.identity, &self.folder.baskets()));
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < IDLE_READERS {
            readers.push(connection);
        }
        result
    }

    /// Calls `tell` after each commit that [`Tx::append`], [`Tx::note_change`] or
    /// [`Tx::worth_telling`] was part of, until what it returns is dropped. It is called while the
    /// writer is held: it only wakes someone, and neither reads nor writes here.
    pub fn on_commit(&self, tell: impl Fn() + Send + Sync + 'static) -> Listening {
        self.listeners.add(Arc::new(tell))
    }

    /// Adds to the sums of reports what has happened since they were last added to: until then a
    /// report may lack the last moments. Sales go on meanwhile.
    ///
    /// # Errors
    /// What the disk does.
    pub fn sum_up(&self) -> Result<(), StoreError> {
        let register = self.identity.register;
        let head = self.read::<_, StoreError>(|snapshot| {
            let connection = snapshot.connection();
            if report::is_up_to_date(connection, register)? {
                return Ok(None);
            }
            Ok(Some(journal::head(connection, register)?.seq))
        })?;
        let Some(head) = head else { return Ok(()) };
        let step = move |tx: &Tx<'_>| {
            report::step(tx.connection(), register)?;
            report::mark(tx.connection())
        };
        while self.begin_part::<i64, StoreError>(step)?.wait()? < head {}
        Ok(())
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.folder.database()
    }

    pub(crate) fn baskets(&self) -> PathBuf {
        self.folder.baskets()
    }
}

pub(crate) fn read_identity(connection: &Connection) -> Result<Option<Identity>, StoreError> {
    let Some(register) = setting::get(connection, "register")? else { return Ok(None) };
    let missing = |what| StoreError::damaged("register's identity", what);
    let series = setting::get(connection, "series")?.ok_or_else(|| missing("no series"))?;
    let currency = setting::get(connection, "currency")?.ok_or_else(|| missing("no currency"))?;
    Ok(Some(Identity {
        register: register.parse().map_err(|_| missing("no id"))?,
        series,
        currency: Currency::parse(&currency)?,
    }))
}

fn found(
    connection: &mut Connection,
    signing: &SigningKey,
    founding: Founding,
) -> Result<Identity, StoreError> {
    let Founding { identity, at } = founding;
    let entry = Entry::RegisterFounded(RegisterFounded {
        register: identity.register,
        series: identity.series.clone(),
        currency: identity.currency,
        at,
        public_key: hex::encode(signing.verifying_key().to_bytes()),
    });
    let transaction = connection.transaction()?;
    let seq = journal::append(&transaction, signing, identity.register, at.utc_ms, &entry)?;
    projection::apply(&transaction, seq, &entry)?;
    setting::set(&transaction, "register", &identity.register.to_string())?;
    setting::set(&transaction, "series", &identity.series)?;
    setting::set(&transaction, "currency", identity.currency.code())?;
    transaction.commit()?;
    Ok(identity)
}

/// The key in the folder must be the one that the journal was founded with.
pub(crate) fn check_key(
    connection: &Connection,
    identity: &Identity,
    signing: &SigningKey,
) -> Result<(), StoreError> {
    let payload: Option<String> = connection
        .query_row(
            "SELECT payload FROM journal WHERE register_id = ?1 AND seq = 1",
            [identity.register.uuid().as_bytes().as_slice()],
            |row| row.get(0),
        )
        .optional()?;
    let public = hex::encode(signing.verifying_key().to_bytes());
    match payload.as_deref().map(serde_json::from_str::<Entry>) {
        Some(Ok(Entry::RegisterFounded(founded))) if founded.public_key == public => Ok(()),
        _ => Err(StoreError::damaged(
            "signing key",
            "register.key does not belong to this journal: put the right one back",
        )),
    }
}
