-- Customers in full, orders of other sales channels, points.

-- Editable data, as the rest of the customer. A version goes up with each change.
ALTER TABLE customer ADD COLUMN notes TEXT NOT NULL DEFAULT '';
ALTER TABLE customer ADD COLUMN address TEXT NOT NULL DEFAULT '{}'; -- as JSON
ALTER TABLE customer ADD COLUMN created_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE customer ADD COLUMN updated_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE customer ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
-- A record that became part of another's has none of its own data any more.
ALTER TABLE customer ADD COLUMN merged_into BLOB CHECK(merged_into IS NULL OR length(merged_into) = 16);
ALTER TABLE customer ADD COLUMN erased_ms INTEGER;
CREATE INDEX customer_updated ON customer(updated_ms, id);

CREATE TABLE customer_consent(
  customer INTEGER NOT NULL REFERENCES customer(id),
  channel TEXT NOT NULL CHECK(channel IN ('email', 'sms', 'post')),
  given INTEGER NOT NULL CHECK(given IN (0, 1)),
  at_ms INTEGER NOT NULL,
  source TEXT NOT NULL,
  PRIMARY KEY(customer, channel)
) STRICT, WITHOUT ROWID;

-- What other systems call a customer; each of their names stands for one.
CREATE TABLE customer_external(
  system TEXT NOT NULL,
  external_id TEXT NOT NULL,
  customer INTEGER NOT NULL REFERENCES customer(id),
  PRIMARY KEY(system, external_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX customer_external_of ON customer_external(customer);

-- Views of the journal: whose record became part of whose, always to its end.
CREATE TABLE customer_link(
  merged BLOB PRIMARY KEY CHECK(length(merged) = 16),
  kept BLOB NOT NULL CHECK(length(kept) = 16)
) STRICT, WITHOUT ROWID;
CREATE INDEX customer_link_kept ON customer_link(kept);

-- Which sales name a customer, by the id that they name.
CREATE TABLE customer_sale(
  customer_id BLOB NOT NULL CHECK(length(customer_id) = 16),
  sale INTEGER NOT NULL REFERENCES sale(id),
  PRIMARY KEY(customer_id, sale)
) STRICT, WITHOUT ROWID;

-- How lately, how often and how much each customer bought.
CREATE TABLE customer_figure(
  customer_id BLOB PRIMARY KEY CHECK(length(customer_id) = 16),
  last_sale_ms INTEGER NOT NULL,
  sales INTEGER NOT NULL, -- tickets that came to nothing or more
  value_minor INTEGER NOT NULL -- what all tickets came to
) STRICT, WITHOUT ROWID;

CREATE TABLE points_move(
  seq INTEGER PRIMARY KEY,
  move_id BLOB UNIQUE CHECK(move_id IS NULL OR length(move_id) = 16),
  customer_id BLOB NOT NULL CHECK(length(customer_id) = 16),
  points INTEGER NOT NULL CHECK(points <> 0),
  why TEXT NOT NULL,
  sale_id BLOB CHECK(sale_id IS NULL OR length(sale_id) = 16),
  credit_minor INTEGER,
  at_ms INTEGER NOT NULL,
  offset_min INTEGER NOT NULL,
  reason TEXT NOT NULL
) STRICT;
CREATE INDEX points_move_of ON points_move(customer_id, seq);

CREATE TABLE points_balance(
  customer_id BLOB PRIMARY KEY CHECK(length(customer_id) = 16),
  points INTEGER NOT NULL CHECK(points >= 0)
) STRICT, WITHOUT ROWID;

-- Credit that was spent away from the till, by the id that its client made.
CREATE TABLE credit_redemption(
  seq INTEGER PRIMARY KEY,
  redemption_id BLOB NOT NULL UNIQUE CHECK(length(redemption_id) = 16),
  kind TEXT NOT NULL,
  code TEXT NOT NULL,
  amount_minor INTEGER NOT NULL CHECK(amount_minor > 0)
) STRICT;

-- What was sold before there were these views.
INSERT INTO customer_sale(customer_id, sale)
  SELECT unhex(replace(payload ->> '$.fact.customer.id', '-', '')), seq FROM journal
  WHERE payload ->> '$.kind' = 'sale_completed' AND payload ->> '$.fact.customer.id' IS NOT NULL
    AND EXISTS (SELECT 1 FROM sale WHERE sale.id = journal.seq);
INSERT INTO customer_figure(customer_id, last_sale_ms, sales, value_minor)
  SELECT customer_id, max(at_ms), sum(total_minor >= 0), sum(total_minor)
  FROM customer_sale JOIN sale ON sale.id = customer_sale.sale GROUP BY customer_id;

-- Orders of other sales channels: editable data.
CREATE TABLE channel_order(
  id INTEGER PRIMARY KEY,
  order_id BLOB NOT NULL UNIQUE CHECK(length(order_id) = 16),
  channel TEXT NOT NULL,
  external_id TEXT NOT NULL,
  request BLOB NOT NULL CHECK(length(request) = 32), -- SHA-256 of what was sent
  customer_id BLOB CHECK(customer_id IS NULL OR length(customer_id) = 16),
  status TEXT NOT NULL CHECK(status IN
    ('new', 'picking', 'ready', 'collected', 'shipped', 'delivered', 'cancelled')),
  paid INTEGER NOT NULL CHECK(paid IN (0, 1)),
  held_order BLOB UNIQUE CHECK(held_order IS NULL OR length(held_order) = 16),
  body TEXT NOT NULL, -- lines, amounts and who gets it, as JSON
  created_ms INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  UNIQUE(channel, external_id)
) STRICT;
CREATE INDEX channel_order_updated ON channel_order(updated_ms, id);
CREATE INDEX channel_order_customer ON channel_order(customer_id) WHERE customer_id IS NOT NULL;

-- Sales channels name goods by their article number.
CREATE INDEX variant_sku ON variant(sku) WHERE sku IS NOT NULL;
