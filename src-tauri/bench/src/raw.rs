//! The yardstick: the same rows in SQLite without any register around it. No program that keeps its
//! sales in SQLite can be much quicker than this on the same disk.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::{Connection, params};

use crate::catalogue::Article;
use crate::chance::Chance;
use crate::words::CATEGORIES;

/// Who writes the log back into the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Checkpoints {
    /// SQLite itself, inside whichever commit makes the log too long.
    Automatic,
    /// A second thread, four times a second, as the register has it.
    Beside,
}

/// A database with bare tables.
#[derive(Debug)]
pub(crate) struct Raw {
    connection: Connection,
    chance: Chance,
    sales: i64,
    path: PathBuf,
    // Dropped after the connection, so that the last log is written back by either.
    _beside: Option<Beside>,
}

/// An article as it was looked up.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) row: i64,
    pub(crate) name: String,
    pub(crate) price: i64,
    /// Asked for because a tile shows it; what is sold does not depend on it.
    #[expect(dead_code)]
    stock: i64,
}

const TABLES: &str = "
CREATE TABLE department(id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
CREATE TABLE article(id INTEGER PRIMARY KEY, sku TEXT NOT NULL UNIQUE,
  barcode TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
  department INTEGER NOT NULL REFERENCES department(id), price INTEGER NOT NULL,
  vat INTEGER NOT NULL, stock INTEGER NOT NULL) STRICT;
CREATE TABLE ticket(id INTEGER PRIMARY KEY, lane INTEGER NOT NULL, number TEXT NOT NULL,
  at INTEGER NOT NULL, total INTEGER NOT NULL, vat INTEGER NOT NULL, UNIQUE(lane, number)) STRICT;
CREATE INDEX ticket_at ON ticket(at);
CREATE TABLE ticket_line(id INTEGER PRIMARY KEY, ticket INTEGER NOT NULL REFERENCES ticket(id),
  article INTEGER NOT NULL REFERENCES article(id), pieces INTEGER NOT NULL,
  price INTEGER NOT NULL, vat INTEGER NOT NULL) STRICT;
CREATE INDEX ticket_line_ticket ON ticket_line(ticket);
CREATE TABLE payment(id INTEGER PRIMARY KEY, ticket INTEGER NOT NULL REFERENCES ticket(id),
  kind TEXT NOT NULL, amount INTEGER NOT NULL) STRICT;
CREATE INDEX payment_ticket ON payment(ticket);
CREATE TABLE movement(id INTEGER PRIMARY KEY, article INTEGER NOT NULL, ticket INTEGER NOT NULL,
  pieces INTEGER NOT NULL, at INTEGER NOT NULL) STRICT;
CREATE INDEX movement_article ON movement(article, at);
CREATE TABLE log(seq INTEGER PRIMARY KEY, ticket INTEGER NOT NULL, before BLOB NOT NULL,
  body TEXT NOT NULL) STRICT;
";

const WORDS: &str = "
CREATE VIRTUAL TABLE article_words USING fts5(name, sku, content='article', content_rowid='id',
  prefix='2 3 4', tokenize='unicode61 remove_diacritics 2');
INSERT INTO article_words(article_words) VALUES('rebuild');
";

impl Raw {
    /// Makes a new database at `path`.
    ///
    /// # Errors
    /// SQLite's.
    pub(crate) fn create(path: &Path, checkpoints: Checkpoints) -> rusqlite::Result<Self> {
        let connection = Connection::open(path)?;
        connection.execute_batch(
            "PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
             PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384;
             PRAGMA mmap_size = 268435456;",
        )?;
        connection.set_prepared_statement_cache_capacity(64);
        connection.execute_batch(TABLES)?;
        for (id, name) in (1_i64..).zip(CATEGORIES) {
            connection.execute("INSERT INTO department VALUES(?1, ?2)", params![id, name])?;
        }
        let beside = match checkpoints {
            Checkpoints::Automatic => None,
            Checkpoints::Beside => {
                connection.execute_batch("PRAGMA wal_autocheckpoint = 0")?;
                Some(Beside::start(path.to_path_buf()))
            }
        };
        Ok(Self {
            connection,
            chance: Chance::new(11),
            sales: 0,
            path: path.to_path_buf(),
            _beside: beside,
        })
    }

    /// Its file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Loads articles, 1,000 in a transaction.
    ///
    /// # Errors
    /// SQLite's.
    pub(crate) fn load(&mut self, articles: impl Iterator<Item = Article>) -> rusqlite::Result<()> {
        let mut articles = articles.peekable();
        while articles.peek().is_some() {
            let part = self.connection.transaction()?;
            {
                let mut insert = part.prepare_cached(
                    "INSERT INTO article(sku, barcode, name, department, price, vat, stock)
                     VALUES(?1, ?2, ?3, ?4, ?5, 2000, ?6)",
                )?;
                for article in articles.by_ref().take(1_000) {
                    let category = CATEGORIES.iter().position(|name| *name == article.category);
                    let department = category.and_then(|at| i64::try_from(at).ok()).unwrap_or(0);
                    insert.execute(params![
                        article.sku,
                        article.barcode,
                        article.name(),
                        department + 1,
                        article.price,
                        article.stock.unwrap_or(0),
                    ])?;
                }
            }
            part.commit()?;
        }
        Ok(())
    }

    /// Makes the articles' words findable.
    ///
    /// # Errors
    /// SQLite's.
    pub(crate) fn index_words(&self) -> rusqlite::Result<()> {
        self.connection.execute_batch(WORDS)
    }

    /// Brings the index of words and the statistics into their best state.
    ///
    /// # Errors
    /// SQLite's.
    pub(crate) fn settle(&self) -> rusqlite::Result<()> {
        self.connection.execute_batch(
            "INSERT INTO article_words(article_words) VALUES('optimize'); ANALYZE;
             PRAGMA wal_checkpoint(TRUNCATE);",
        )
    }

    /// What a barcode stands for.
    ///
    /// # Errors
    /// SQLite's; also if there is no such code.
    pub(crate) fn by_barcode(&self, code: &str) -> rusqlite::Result<Found> {
        self.connection
            .prepare_cached("SELECT id, name, price, stock FROM article WHERE barcode = ?1")?
            .query_row([code], found)
    }

    /// Articles that have words with these beginnings, the first 20 as they come or the 20 best.
    ///
    /// # Errors
    /// SQLite's.
    pub(crate) fn search(&self, typed: &str, ranked: bool) -> rusqlite::Result<Vec<Found>> {
        let words: Vec<String> = typed.split(' ').map(|word| format!("{word}*")).collect();
        let mut statement = self.connection.prepare_cached(if ranked {
            "SELECT article.id, article.name, price, stock FROM article_words
             JOIN article ON article.id = article_words.rowid
             WHERE article_words MATCH ?1 ORDER BY article_words.rank LIMIT 20"
        } else {
            "SELECT article.id, article.name, price, stock FROM article_words
             JOIN article ON article.id = article_words.rowid
             WHERE article_words MATCH ?1 LIMIT 20"
        })?;
        let rows = statement.query_map([words.join(" ")], found)?;
        rows.collect()
    }

    /// Writes a sale and waits for the disk: header, lines, what left the stock, the payment and an
    /// entry of the log.
    ///
    /// # Errors
    /// SQLite's.
    pub(crate) fn sell(&mut self, lines: &[Found]) -> rusqlite::Result<()> {
        self.sales += 1;
        let at = 1_700_000_000 + self.sales * 20;
        let before = self.chance.number().to_le_bytes().repeat(4);
        let total: i64 = lines.iter().map(|line| line.price).sum();
        let sale = self.connection.transaction()?;
        sale.prepare_cached(
            "INSERT INTO ticket(lane, number, at, total, vat) VALUES(1, ?1, ?2, ?3, ?4)",
        )?
        .execute(params![format!("T1-{:09}", self.sales), at, total, total / 6])?;
        let ticket = sale.last_insert_rowid();
        for line in lines {
            sale.prepare_cached(
                "INSERT INTO ticket_line(ticket, article, pieces, price, vat)
                 VALUES(?1, ?2, 1, ?3, ?4)",
            )?
            .execute([ticket, line.row, line.price, line.price / 6])?;
            sale.prepare_cached(
                "INSERT INTO movement(article, ticket, pieces, at) VALUES(?1, ?2, -1, ?3)",
            )?
            .execute([line.row, ticket, at])?;
            sale.prepare_cached("UPDATE article SET stock = stock - 1 WHERE id = ?1")?
                .execute([line.row])?;
        }
        sale.prepare_cached("INSERT INTO payment(ticket, kind, amount) VALUES(?1, 'cash', ?2)")?
            .execute([ticket, total])?;
        sale.prepare_cached("INSERT INTO log(ticket, before, body) VALUES(?1, ?2, ?3)")?
            .execute(params![ticket, before, body(ticket, at, total, lines)])?;
        sale.commit()
    }
}

fn found(row: &rusqlite::Row<'_>) -> rusqlite::Result<Found> {
    Ok(Found { row: row.get(0)?, name: row.get(1)?, price: row.get(2)?, stock: row.get(3)? })
}

/// An entry with the least that a sale must say. The journal's own is longer: what that costs is ours.
fn body(ticket: i64, at: i64, total: i64, lines: &[Found]) -> String {
    let lines: Vec<String> = lines
        .iter()
        .map(|line| format!(r#"{{"name":"{}","pieces":1,"price":{}}}"#, line.name, line.price))
        .collect();
    format!(
        r#"{{"sale":{ticket},"at":{at},"total":{total},"lines":[{}],"paid":[["cash",{total}]]}}"#,
        lines.join(",")
    )
}

/// The thread that writes the log back.
#[derive(Debug)]
struct Beside {
    stop: Sender<()>,
    thread: Option<JoinHandle<()>>,
}

impl Beside {
    fn start(path: PathBuf) -> Self {
        let (stop, stopped) = channel();
        let thread = std::thread::spawn(move || {
            let Ok(connection) = Connection::open(path) else { return };
            let quarter = Duration::from_millis(250);
            while stopped.recv_timeout(quarter) == Err(RecvTimeoutError::Timeout) {
                // A writer in the way is no trouble: the next turn comes soon.
                let _ = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
            }
        });
        Self { stop, thread: Some(thread) }
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        let _ = self.stop.send(());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
