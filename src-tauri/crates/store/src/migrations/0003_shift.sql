-- What a shift comes to, by way of paying, tax, cash movement and foreign currency: running totals, so
-- that a report is read and never added up. Kinds: tender, tax, move, drawer.
CREATE TABLE shift_total(
  shift_id BLOB NOT NULL CHECK(length(shift_id) = 16),
  kind TEXT NOT NULL CHECK(kind IN ('tender', 'tax', 'move', 'drawer')),
  code TEXT NOT NULL, -- of the tender, the tax, the movement; a currency
  name TEXT NOT NULL, -- of the tender or the tax; the movement's currency
  rate TEXT NOT NULL, -- of the tax
  count INTEGER NOT NULL,
  amount_minor INTEGER NOT NULL,
  base_minor INTEGER NOT NULL, -- what a tax was taken on; what foreign cash is worth
  PRIMARY KEY(shift_id, kind, code, name, rate)
) STRICT, WITHOUT ROWID;

-- Cash that moved without a sale.
CREATE TABLE cash_move(
  seq INTEGER PRIMARY KEY, -- of its journal entry
  move_id BLOB NOT NULL UNIQUE CHECK(length(move_id) = 16),
  shift_id BLOB NOT NULL REFERENCES shift(shift_id),
  at_ms INTEGER NOT NULL,
  actor TEXT NOT NULL,
  kind TEXT NOT NULL,
  currency TEXT NOT NULL,
  amount_minor INTEGER NOT NULL CHECK(amount_minor >= 0),
  reason TEXT NOT NULL
) STRICT;

-- All takings of closed shifts since the register was founded. One row; it is never set back.
CREATE TABLE grand_total(
  id INTEGER PRIMARY KEY CHECK(id = 1),
  z_number INTEGER NOT NULL, -- of the last shift in it
  amount_minor INTEGER NOT NULL
) STRICT;

-- Z reports as they were printed, with the shop's letterhead of that day. Paper, not a view of the
-- journal: the figures are there.
CREATE TABLE z_report(
  shift_id BLOB PRIMARY KEY CHECK(length(shift_id) = 16),
  text TEXT NOT NULL
) STRICT, WITHOUT ROWID;
