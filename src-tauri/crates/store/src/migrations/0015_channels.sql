-- Web shops. What is to be told to a shop is read from the journal afterwards: a sale writes nothing
-- more for them.

CREATE TABLE channel(
  channel_id BLOB PRIMARY KEY CHECK(length(channel_id) = 16),
  kind TEXT NOT NULL, -- woocommerce, shopify, magento, bigcommerce, vendure, medusa
  name TEXT NOT NULL UNIQUE,
  url TEXT NOT NULL,
  options TEXT NOT NULL, -- as JSON; never a secret
  policy TEXT NOT NULL CHECK(policy IN ('till', 'web', 'split')),
  buffer INTEGER NOT NULL CHECK(buffer >= 0), -- thousandths of a unit that the shop never offers
  allow_host INTEGER NOT NULL CHECK(allow_host IN (0, 1)), -- the owner allowed this host in the shop's network
  certificate TEXT NOT NULL, -- one more authority to trust, PEM; empty for none
  enabled INTEGER NOT NULL CHECK(enabled IN (0, 1)),
  created_ms INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL,
  -- Up to where the journal and the changes have become operations.
  seq INTEGER NOT NULL,
  change_id INTEGER NOT NULL,
  success_ms INTEGER, -- when the shop was last read to the end without trouble
  woken_ms INTEGER, -- when one of its webhooks last came
  trouble TEXT NOT NULL, -- what is in the way now; empty if nothing
  trouble_since_ms INTEGER
) STRICT, WITHOUT ROWID;

-- How far each list of a shop was read.
CREATE TABLE channel_cursor(
  channel_id BLOB NOT NULL REFERENCES channel(channel_id) ON DELETE CASCADE,
  stream TEXT NOT NULL,
  since_ms INTEGER, -- by the shop's clock; none until it was read to the end once
  started_ms INTEGER, -- of the run under way, by the shop's clock
  next TEXT, -- where the run under way goes on
  read_count INTEGER NOT NULL,
  total INTEGER,
  done_ms INTEGER, -- when a run last came to its end, by ours
  PRIMARY KEY(channel_id, stream)
) STRICT, WITHOUT ROWID;

-- What the shop calls our things.
CREATE TABLE channel_map(
  channel_id BLOB NOT NULL REFERENCES channel(channel_id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK(kind IN ('product', 'variant', 'order', 'refund', 'customer')),
  external_id TEXT NOT NULL,
  parent TEXT NOT NULL, -- the product of a variant; empty otherwise
  stock_ref TEXT NOT NULL, -- what its stock is called, where that differs
  our_id BLOB CHECK(our_id IS NULL OR length(our_id) = 16), -- none while nobody knows what it is
  title TEXT NOT NULL, -- what the shop calls it in words, for people; may be empty
  digest BLOB NOT NULL, -- of what the shop said last
  confirmed INTEGER, -- the shop's stock as it last said, thousandths
  confirmed_ms INTEGER,
  seen_run INTEGER NOT NULL, -- the run of the sweep that saw it last
  gone_ms INTEGER, -- a tombstone: the shop has it no more
  PRIMARY KEY(channel_id, kind, external_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX channel_map_ours ON channel_map(our_id, channel_id) WHERE our_id IS NOT NULL;

-- What is to be done in a shop, and what became of it.
CREATE TABLE channel_op(
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  op_id BLOB NOT NULL UNIQUE CHECK(length(op_id) = 16),
  channel_id BLOB NOT NULL REFERENCES channel(channel_id) ON DELETE CASCADE,
  origin TEXT NOT NULL, -- the journal's entry and the part of it: `12.1`; otherwise the operation's own id
  lane TEXT NOT NULL, -- operations of one thing go one after the other
  kind TEXT NOT NULL,
  payload TEXT NOT NULL, -- as JSON, frozen
  state TEXT NOT NULL CHECK(state IN ('new', 'sent', 'unknown', 'done', 'dead')),
  attempts INTEGER NOT NULL,
  created_ms INTEGER NOT NULL,
  due_ms INTEGER NOT NULL,
  tried_ms INTEGER,
  external_id TEXT NOT NULL, -- what the shop calls what was made; empty until it is known
  trouble TEXT NOT NULL,
  UNIQUE(channel_id, origin)
) STRICT;
CREATE INDEX channel_op_lane ON channel_op(channel_id, lane, number)
  WHERE state IN ('new', 'sent', 'unknown');
CREATE INDEX channel_op_state ON channel_op(channel_id, state, number);

-- To-dos: what a person is to look at. One for each thing and kind of trouble.
CREATE TABLE channel_problem(
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  channel_id BLOB NOT NULL REFERENCES channel(channel_id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  about TEXT NOT NULL,
  words TEXT NOT NULL,
  op INTEGER REFERENCES channel_op(number),
  state TEXT NOT NULL CHECK(state IN ('open', 'aside', 'solved')),
  first_ms INTEGER NOT NULL,
  last_ms INTEGER NOT NULL,
  times INTEGER NOT NULL,
  UNIQUE(channel_id, kind, about)
) STRICT;
CREATE INDEX channel_problem_open ON channel_problem(channel_id, number) WHERE state = 'open';

-- Goods that open orders of shops will take.
CREATE TABLE channel_reservation(
  order_id BLOB NOT NULL CHECK(length(order_id) = 16),
  variant_id BLOB NOT NULL CHECK(length(variant_id) = 16),
  quantity INTEGER NOT NULL CHECK(quantity > 0),
  PRIMARY KEY(variant_id, order_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX channel_reservation_order ON channel_reservation(order_id);
