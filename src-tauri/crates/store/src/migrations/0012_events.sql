-- What other programs are told of.

-- A change of what can be edited. Facts are in the journal already and are read from there, so that a
-- sale writes nothing more for whoever listens. `seq` is the journal's last entry before the change:
-- by it both have one order.
CREATE TABLE change(
  change_id INTEGER PRIMARY KEY AUTOINCREMENT,
  seq INTEGER NOT NULL,
  kind TEXT NOT NULL,
  resource_id TEXT NOT NULL,
  verb TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;

-- Changes up to here are kept no longer; no row while all are there.
CREATE TABLE change_forgotten(
  one INTEGER PRIMARY KEY CHECK(one = 1),
  seq INTEGER NOT NULL,
  change_id INTEGER NOT NULL
) STRICT;

-- Addresses that are told of events. A webhook that a token made ends with the token.
CREATE TABLE webhook(
  webhook_id BLOB PRIMARY KEY CHECK(length(webhook_id) = 16),
  token_id BLOB CHECK(length(token_id) = 16),
  name TEXT NOT NULL,
  url TEXT NOT NULL,
  types TEXT NOT NULL, -- such as `sale.*`, with a space between them; empty for all
  scopes TEXT NOT NULL, -- what its maker was let in for, with a space between them
  enabled INTEGER NOT NULL CHECK(enabled IN (0, 1)),
  certificate TEXT NOT NULL, -- one more authority to trust, PEM; empty for none
  secret BLOB NOT NULL,
  old_secret BLOB,
  old_until_ms INTEGER, -- until when the old secret signs too
  created_ms INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL,
  -- Up to where events have become deliveries.
  seq INTEGER NOT NULL,
  change_id INTEGER NOT NULL,
  success_ms INTEGER,
  trouble TEXT NOT NULL -- why it was switched off; empty otherwise
) STRICT, WITHOUT ROWID;

-- An event on its way to an address, or what became of it.
CREATE TABLE webhook_delivery(
  delivery_id INTEGER PRIMARY KEY AUTOINCREMENT,
  webhook_id BLOB NOT NULL REFERENCES webhook(webhook_id) ON DELETE CASCADE,
  event_id TEXT NOT NULL,
  type TEXT NOT NULL,
  lane TEXT NOT NULL, -- what it is about: events of one thing go out in order
  body TEXT NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('waiting', 'delivered', 'dead')),
  created_ms INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  first_ms INTEGER, -- when it was first tried
  tried_ms INTEGER, -- when it was last tried
  due_ms INTEGER NOT NULL, -- not to be tried before
  status INTEGER, -- what the address answered last
  trouble TEXT NOT NULL,
  UNIQUE(webhook_id, event_id)
) STRICT;
CREATE INDEX webhook_delivery_lane ON webhook_delivery(webhook_id, lane, delivery_id)
  WHERE state = 'waiting';
CREATE INDEX webhook_delivery_state ON webhook_delivery(webhook_id, state, delivery_id);
