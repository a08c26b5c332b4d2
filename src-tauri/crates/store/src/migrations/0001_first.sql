-- The first format. A shipped migration is never edited: what changes comes in a later one.

-- The journal: facts, in order, chained and signed. Everything under "views" is made from it.
CREATE TABLE journal(
  seq INTEGER PRIMARY KEY CHECK(seq >= 1),
  register_id BLOB NOT NULL CHECK(length(register_id) = 16),
  at_ms INTEGER NOT NULL,
  payload TEXT NOT NULL,
  prev_hash BLOB NOT NULL CHECK(length(prev_hash) = 32),
  hash BLOB NOT NULL CHECK(length(hash) = 32),
  signature BLOB NOT NULL CHECK(length(signature) = 64)
) STRICT;

-- Views of the journal.
CREATE TABLE shift(
  shift_id BLOB PRIMARY KEY CHECK(length(shift_id) = 16),
  opened_seq INTEGER NOT NULL,
  business_day TEXT NOT NULL,
  opened_ms INTEGER NOT NULL,
  opened_offset_min INTEGER NOT NULL,
  opened_by TEXT NOT NULL,
  float_minor INTEGER NOT NULL CHECK(float_minor >= 0),
  sales INTEGER NOT NULL DEFAULT 0,
  refunds INTEGER NOT NULL DEFAULT 0,
  voids INTEGER NOT NULL DEFAULT 0,
  no_sales INTEGER NOT NULL DEFAULT 0,
  takings_minor INTEGER NOT NULL DEFAULT 0,
  net_minor INTEGER NOT NULL DEFAULT 0,
  tax_minor INTEGER NOT NULL DEFAULT 0,
  discount_minor INTEGER NOT NULL DEFAULT 0,
  tip_minor INTEGER NOT NULL DEFAULT 0,
  cash_rounding_minor INTEGER NOT NULL DEFAULT 0,
  deposits_minor INTEGER NOT NULL DEFAULT 0,
  account_payments_minor INTEGER NOT NULL DEFAULT 0,
  drawer_minor INTEGER NOT NULL DEFAULT 0, -- what the drawer should hold
  first_series TEXT,
  first_sequence INTEGER,
  last_series TEXT,
  last_sequence INTEGER,
  closed_seq INTEGER,
  closed_ms INTEGER,
  closed_offset_min INTEGER,
  counted_minor INTEGER,
  z_number INTEGER UNIQUE CHECK(z_number >= 1)
) STRICT, WITHOUT ROWID;
-- One open shift at a time.
CREATE UNIQUE INDEX shift_open ON shift((1)) WHERE closed_seq IS NULL;

CREATE TABLE sale(
  id INTEGER PRIMARY KEY, -- the seq of its journal entry
  sale_id BLOB NOT NULL UNIQUE CHECK(length(sale_id) = 16),
  series TEXT NOT NULL,
  receipt_sequence INTEGER NOT NULL CHECK(receipt_sequence >= 1),
  shift_id BLOB NOT NULL REFERENCES shift(shift_id),
  business_day TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  offset_min INTEGER NOT NULL,
  cashier TEXT NOT NULL,
  net_minor INTEGER NOT NULL,
  tax_minor INTEGER NOT NULL,
  total_minor INTEGER NOT NULL CHECK(total_minor = net_minor + tax_minor),
  change_minor INTEGER NOT NULL,
  lines INTEGER NOT NULL CHECK(lines >= 1),
  paid_with TEXT NOT NULL, -- each kind of tender once, for lists
  UNIQUE(series, receipt_sequence)
) STRICT;

CREATE TABLE sale_line(
  sale INTEGER NOT NULL REFERENCES sale(id),
  position INTEGER NOT NULL,
  variant_id BLOB NOT NULL,
  name TEXT NOT NULL,
  category TEXT,
  quantity INTEGER NOT NULL,
  unit_price_minor INTEGER NOT NULL,
  net_minor INTEGER NOT NULL,
  total_minor INTEGER NOT NULL,
  PRIMARY KEY(sale, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE sale_tax(
  sale INTEGER NOT NULL REFERENCES sale(id),
  code TEXT NOT NULL,
  rate TEXT NOT NULL,
  inclusive INTEGER NOT NULL CHECK(inclusive IN (0, 1)),
  base_minor INTEGER NOT NULL,
  amount_minor INTEGER NOT NULL,
  PRIMARY KEY(sale, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE tender(
  tender_id BLOB PRIMARY KEY CHECK(length(tender_id) = 16),
  sale INTEGER NOT NULL REFERENCES sale(id),
  kind TEXT NOT NULL,
  amount_minor INTEGER NOT NULL, -- below nothing was paid out
  received_minor INTEGER NOT NULL,
  rounding_minor INTEGER NOT NULL,
  reference TEXT
) STRICT, WITHOUT ROWID;

-- Which sale took goods back of which.
CREATE TABLE sale_return(
  origin BLOB NOT NULL CHECK(length(origin) = 16),
  sale INTEGER NOT NULL REFERENCES sale(id),
  PRIMARY KEY(origin, sale)
) STRICT, WITHOUT ROWID;

CREATE TABLE stock_movement(
  seq INTEGER NOT NULL,
  position INTEGER NOT NULL,
  variant_id BLOB NOT NULL CHECK(length(variant_id) = 16),
  quantity INTEGER NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY(seq, position)
) STRICT, WITHOUT ROWID;

-- The sum of the movements, kept with them.
CREATE TABLE stock_level(
  variant_id BLOB PRIMARY KEY CHECK(length(variant_id) = 16),
  quantity INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE posting(
  seq INTEGER NOT NULL,
  account TEXT NOT NULL,
  amount_minor INTEGER NOT NULL CHECK(amount_minor <> 0),
  PRIMARY KEY(seq, account)
) STRICT, WITHOUT ROWID;

-- The catalogue. Shared, editable data: not a view of the journal.
CREATE TABLE category(
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  ink INTEGER NOT NULL CHECK(ink BETWEEN 1 AND 6),
  items INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE item(
  id INTEGER PRIMARY KEY,
  item_id BLOB NOT NULL UNIQUE CHECK(length(item_id) = 16),
  name TEXT NOT NULL,
  category INTEGER REFERENCES category(id),
  unit TEXT NOT NULL,
  tax_class TEXT NOT NULL,
  images TEXT,
  favourite INTEGER NOT NULL CHECK(favourite IN (0, 1)),
  source TEXT NOT NULL,
  source_key TEXT NOT NULL,
  source_hash INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX item_source ON item(source_key, source);
CREATE INDEX item_category ON item(category);
CREATE INDEX item_favourite ON item(id) WHERE favourite = 1;

CREATE TABLE variant(
  id INTEGER PRIMARY KEY,
  variant_id BLOB NOT NULL UNIQUE CHECK(length(variant_id) = 16),
  item INTEGER NOT NULL REFERENCES item(id),
  source_key TEXT NOT NULL,
  options TEXT,
  sku TEXT,
  price_minor INTEGER CHECK(price_minor >= 0),
  compare_at_minor INTEGER CHECK(compare_at_minor >= 0),
  tracks_stock INTEGER NOT NULL CHECK(tracks_stock IN (0, 1)),
  retired INTEGER NOT NULL DEFAULT 0 CHECK(retired IN (0, 1))
) STRICT;
CREATE INDEX variant_item ON variant(item);

CREATE TABLE barcode(
  code TEXT PRIMARY KEY,
  variant INTEGER NOT NULL REFERENCES variant(id),
  quantity INTEGER NOT NULL CHECK(quantity > 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX barcode_variant ON barcode(variant);

-- Words of names and article numbers. Positions are not kept (detail=none): the till asks for
-- beginnings of words, never for phrases.
CREATE VIRTUAL TABLE variant_search USING fts5(
  words, content='', contentless_delete=1, detail=none, prefix='2 3 4',
  tokenize='unicode61 remove_diacritics 2'
);

-- People and settings.
CREATE TABLE staff(
  staff_id BLOB PRIMARY KEY CHECK(length(staff_id) = 16),
  name TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL CHECK(role IN ('owner', 'manager', 'cashier'))
) STRICT, WITHOUT ROWID;

CREATE TABLE setting(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE device(
  device_id BLOB PRIMARY KEY CHECK(length(device_id) = 16),
  name TEXT NOT NULL UNIQUE,
  address TEXT NOT NULL,
  columns INTEGER NOT NULL CHECK(columns BETWEEN 20 AND 64),
  drawer INTEGER NOT NULL CHECK(drawer IN (0, 1))
) STRICT, WITHOUT ROWID;

-- What waits: written and emptied as the day goes. Open baskets have a file of their own.

-- Baskets that are open no more, although their own file may still have them: it is written later.
-- Those that have become sales are not listed. Emptied at the next start.
CREATE TABLE basket_gone(
  basket_id BLOB PRIMARY KEY CHECK(length(basket_id) = 16)
) STRICT, WITHOUT ROWID;

CREATE TABLE print_job(
  id INTEGER PRIMARY KEY,
  job_id BLOB NOT NULL UNIQUE CHECK(length(job_id) = 16),
  sale_id BLOB NOT NULL CHECK(length(sale_id) = 16),
  content TEXT NOT NULL CHECK(content IN ('receipt', 'copy', 'drawer')),
  open_drawer INTEGER NOT NULL CHECK(open_drawer IN (0, 1)),
  status TEXT NOT NULL CHECK(status IN ('waiting', 'printing', 'printed', 'parked', 'set_aside')),
  attempts INTEGER NOT NULL DEFAULT 0,
  trouble TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX print_job_sale ON print_job(sale_id);
CREATE INDEX print_job_open ON print_job(id) WHERE status IN ('waiting', 'printing', 'parked');

CREATE TABLE destination(
  name TEXT PRIMARY KEY,
  address TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox(
  id INTEGER PRIMARY KEY,
  destination TEXT NOT NULL REFERENCES destination(name),
  seq INTEGER NOT NULL,
  status TEXT NOT NULL CHECK(status IN ('pending', 'claimed', 'acknowledged', 'rejected')),
  attempts INTEGER NOT NULL DEFAULT 0,
  due_ms INTEGER NOT NULL DEFAULT 0,
  trouble TEXT NOT NULL DEFAULT '',
  UNIQUE(destination, seq)
) STRICT;
CREATE INDEX outbox_open ON outbox(destination, seq) WHERE status IN ('pending', 'claimed', 'rejected');
