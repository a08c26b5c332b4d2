-- Customers and what they hold: credit, coupons, held orders.

-- Customers. Editable data, not a view of the journal; a sale keeps what it needs of its customer.
CREATE TABLE customer(
  id INTEGER PRIMARY KEY,
  customer_id BLOB NOT NULL UNIQUE CHECK(length(customer_id) = 16),
  name TEXT NOT NULL,
  sort_name TEXT NOT NULL, -- in small letters
  email TEXT NOT NULL,
  phone TEXT NOT NULL,
  member_of TEXT NOT NULL, -- the groups, as a JSON list
  tax_exempt INTEGER NOT NULL CHECK(tax_exempt IN (0, 1)),
  tax_id TEXT,
  position TEXT,
  account_limit_minor INTEGER CHECK(account_limit_minor >= 0)
) STRICT;
CREATE INDEX customer_name ON customer(sort_name, id);

-- Words of names, e-mail addresses and phone numbers. Positions are kept: a word of some scripts is
-- several tokens, which are found as a phrase.
CREATE VIRTUAL TABLE customer_search USING fts5(
  words, content='', contentless_delete=1, prefix='2 3 4',
  tokenize='unicode61 remove_diacritics 2'
);

-- Views of the journal: the ledgers of gift cards, store credit and customers' accounts.
CREATE TABLE credit_move(
  seq INTEGER NOT NULL,
  position INTEGER NOT NULL,
  kind TEXT NOT NULL,
  code TEXT NOT NULL,
  amount_minor INTEGER NOT NULL CHECK(amount_minor <> 0),
  at_ms INTEGER NOT NULL,
  offset_min INTEGER NOT NULL,
  receipt TEXT, -- of the sale that moved it
  reason TEXT NOT NULL, -- of what was given out by hand
  PRIMARY KEY(seq, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX credit_move_of ON credit_move(kind, code, seq, position);

-- The sum of the moves, kept with them. Only an account may be below nothing: paid ahead.
CREATE TABLE credit_balance(
  kind TEXT NOT NULL,
  code TEXT NOT NULL,
  balance_minor INTEGER NOT NULL CHECK(balance_minor >= 0 OR kind = 'account'),
  PRIMARY KEY(kind, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE account_payment(
  seq INTEGER PRIMARY KEY,
  tender_id BLOB NOT NULL UNIQUE CHECK(length(tender_id) = 16),
  customer_id BLOB NOT NULL CHECK(length(customer_id) = 16),
  shift_id BLOB NOT NULL CHECK(length(shift_id) = 16),
  kind TEXT NOT NULL,
  amount_minor INTEGER NOT NULL CHECK(amount_minor > 0)
) STRICT;

-- Coupons that were given out: editable data.
CREATE TABLE coupon(
  code TEXT PRIMARY KEY,
  promotion TEXT NOT NULL,
  max_uses INTEGER CHECK(max_uses >= 1),
  expires TEXT -- the last day on which it counts
) STRICT, WITHOUT ROWID;

-- Views of the journal: which sale used which coupon, and how often each was used.
CREATE TABLE coupon_use(
  seq INTEGER NOT NULL,
  position INTEGER NOT NULL,
  code TEXT NOT NULL,
  promotion TEXT NOT NULL,
  PRIMARY KEY(seq, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE coupon_count(
  code TEXT PRIMARY KEY,
  uses INTEGER NOT NULL CHECK(uses >= 1)
) STRICT, WITHOUT ROWID;

-- Views of the journal: held orders and what was paid on them.
CREATE TABLE held_order(
  id INTEGER PRIMARY KEY, -- the seq of its first entry
  order_id BLOB NOT NULL UNIQUE CHECK(length(order_id) = 16),
  series TEXT NOT NULL,
  sequence INTEGER NOT NULL CHECK(sequence >= 1),
  entry INTEGER NOT NULL, -- the seq of the entry that says what holds now
  basket_id BLOB NOT NULL UNIQUE CHECK(length(basket_id) = 16),
  customer_id BLOB,
  state TEXT NOT NULL CHECK(state IN ('open', 'completed', 'cancelled')),
  ended_seq INTEGER, -- the seq of the sale or the cancellation
  deposit_minor INTEGER NOT NULL DEFAULT 0 CHECK(deposit_minor >= 0),
  UNIQUE(series, sequence)
) STRICT;
CREATE INDEX held_order_open ON held_order(id) WHERE state = 'open';

CREATE TABLE held_deposit(
  seq INTEGER PRIMARY KEY,
  order_id BLOB NOT NULL CHECK(length(order_id) = 16),
  tender_id BLOB NOT NULL UNIQUE CHECK(length(tender_id) = 16),
  amount_minor INTEGER NOT NULL CHECK(amount_minor > 0)
) STRICT;
CREATE INDEX held_deposit_of ON held_deposit(order_id);

-- What is in a held order: the basket, as open ones are kept. Not a view; it goes with the sale.
CREATE TABLE held_basket(
  order_id BLOB PRIMARY KEY CHECK(length(order_id) = 16),
  body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
