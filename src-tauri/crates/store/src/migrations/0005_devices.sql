-- Devices of every kind, and payments at card terminals.

CREATE TABLE device_each(
  device_id BLOB PRIMARY KEY CHECK(length(device_id) = 16),
  kind TEXT NOT NULL CHECK(kind IN ('printer', 'terminal', 'scanner', 'scale', 'display')),
  driver TEXT NOT NULL, -- the language that it speaks
  name TEXT NOT NULL UNIQUE,
  address TEXT NOT NULL,
  options TEXT NOT NULL -- a JSON object of texts
) STRICT, WITHOUT ROWID;
INSERT INTO device_each(device_id, kind, driver, name, address, options)
  SELECT device_id, 'printer', 'escpos', name, address,
    json_object('columns', CAST(columns AS TEXT), 'drawer', iif(drawer, 'yes', 'no'))
  FROM device;
DROP TABLE device;
ALTER TABLE device_each RENAME TO device;

-- Payments at card terminals, on disk before a terminal hears of them. Not views of the journal: what
-- they come to is there.
CREATE TABLE payment_attempt(
  id INTEGER PRIMARY KEY,
  tender_id BLOB NOT NULL UNIQUE CHECK(length(tender_id) = 16),
  basket_id BLOB NOT NULL CHECK(length(basket_id) = 16),
  device_id BLOB NOT NULL CHECK(length(device_id) = 16),
  terminal TEXT NOT NULL, -- the device's name then
  kind TEXT NOT NULL CHECK(kind IN ('charge', 'refund', 'reversal')),
  purpose TEXT NOT NULL CHECK(purpose IN ('pay', 'pay_back', 'undo')),
  receipt INTEGER, -- the terminal's number of what a reversal undoes
  refunds BLOB CHECK(length(refunds) = 16), -- the payment that this one gives back
  amount_minor INTEGER NOT NULL CHECK(amount_minor > 0),
  currency TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  offset_min INTEGER NOT NULL,
  last_known TEXT, -- the mark of the terminal when it was asked, as JSON
  state TEXT NOT NULL CHECK(state IN ('sent', 'accepted', 'in_doubt', 'approved', 'declined',
    'not_sent', 'resolved_approved', 'resolved_declined')),
  told TEXT, -- what the terminal decided, as JSON: final only with the state
  words TEXT NOT NULL DEFAULT '', -- why it was refused, not sent, or is in doubt
  may_ask INTEGER NOT NULL DEFAULT 1 CHECK(may_ask IN (0, 1)),
  seen TEXT, -- what the terminal showed as its last payment, as JSON
  reason TEXT NOT NULL DEFAULT '', -- of the person who decided
  actor TEXT NOT NULL, -- as JSON
  client TEXT NOT NULL,
  print INTEGER NOT NULL CHECK(print IN (0, 1)),
  orphaned INTEGER NOT NULL DEFAULT 0 CHECK(orphaned IN (0, 1)),
  settled INTEGER NOT NULL DEFAULT 0 CHECK(settled IN (0, 1))
) STRICT;
CREATE INDEX payment_attempt_unsettled ON payment_attempt(id) WHERE settled = 0;
CREATE INDEX payment_attempt_refunds ON payment_attempt(refunds) WHERE refunds IS NOT NULL;
-- While it is not known what became of a payment, its terminal takes no other, nor is another taken
-- for its basket.
CREATE UNIQUE INDEX payment_attempt_terminal ON payment_attempt(device_id)
  WHERE state IN ('sent', 'accepted', 'in_doubt');
CREATE UNIQUE INDEX payment_attempt_basket ON payment_attempt(basket_id)
  WHERE state IN ('sent', 'accepted', 'in_doubt');

-- The newest payment that is known of a terminal: the next one has newer numbers.
CREATE TABLE terminal_mark(
  device_id BLOB PRIMARY KEY CHECK(length(device_id) = 16),
  mark TEXT NOT NULL -- as JSON
) STRICT, WITHOUT ROWID;

-- What terminals said at the end of their days.
CREATE TABLE terminal_report(
  id INTEGER PRIMARY KEY,
  device_id BLOB NOT NULL CHECK(length(device_id) = 16),
  terminal TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  offset_min INTEGER NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('running', 'done', 'failed')),
  total_minor INTEGER,
  words TEXT NOT NULL
) STRICT;
CREATE INDEX terminal_report_of ON terminal_report(device_id, id);
