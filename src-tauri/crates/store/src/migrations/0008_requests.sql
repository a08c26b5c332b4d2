-- Other apps hand the register an amount: who they are, and what they asked.

-- An app that the owner registered.
CREATE TABLE client_app(
  client_id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  callbacks TEXT NOT NULL, -- JSON list of addresses
  scopes TEXT NOT NULL, -- names, with a space between them
  post INTEGER NOT NULL CHECK(post IN (0, 1)), -- results are sent to https callbacks by the register
  token_id BLOB CHECK(length(token_id) = 16), -- what it comes with over HTTP
  created_ms INTEGER NOT NULL,
  revoked_ms INTEGER
) STRICT, WITHOUT ROWID;

-- A payment that an app asked for: on disk before the screen shows it.
CREATE TABLE payment_request(
  id INTEGER PRIMARY KEY,
  request_id BLOB NOT NULL UNIQUE CHECK(length(request_id) = 16),
  client_id TEXT NOT NULL,
  identity TEXT, -- what makes a second sending the same request
  caller_state TEXT, -- the caller's own word, given back as it came
  content BLOB NOT NULL CHECK(length(content) = 32), -- SHA-256 of what was asked
  status TEXT NOT NULL CHECK(status IN ('received', 'shown', 'accepted', 'in_doubt', 'completed',
    'canceled', 'refused', 'expired')),
  sandbox INTEGER NOT NULL CHECK(sandbox IN (0, 1)),
  request TEXT NOT NULL, -- JSON, as it was read
  basket_id BLOB CHECK(length(basket_id) = 16), -- what it is paid in, once accepted
  client TEXT NOT NULL, -- the screen that accepted it
  received_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL,
  result TEXT, -- JSON, before anyone is told
  replied_ms INTEGER, -- when the reply was first given out
  called_back INTEGER NOT NULL DEFAULT 0 -- how often the callback was opened
) STRICT;
CREATE UNIQUE INDEX payment_request_identity ON payment_request(client_id, identity)
  WHERE identity IS NOT NULL;
CREATE INDEX payment_request_state ON payment_request(client_id, caller_state);
CREATE INDEX payment_request_open ON payment_request(status)
  WHERE status IN ('received', 'shown', 'accepted', 'in_doubt');
CREATE INDEX payment_request_refused ON payment_request(id) WHERE status = 'refused';
