-- Who else may use the register: programs and paired devices.

-- A token is shown once; only its hash is kept.
CREATE TABLE token(
  token_id BLOB PRIMARY KEY CHECK(length(token_id) = 16),
  kind TEXT NOT NULL CHECK(kind IN ('program', 'device')),
  name TEXT NOT NULL,
  hash BLOB NOT NULL UNIQUE CHECK(length(hash) = 32),
  scopes TEXT NOT NULL, -- names, with a space between them
  role TEXT NOT NULL CHECK(role IN ('owner', 'manager', 'cashier')),
  created_ms INTEGER NOT NULL,
  used_ms INTEGER, -- about when it was last used
  revoked_ms INTEGER
) STRICT, WITHOUT ROWID;

-- What was answered to a request that carried an Idempotency-Key, so that the same request sent again
-- is answered and not carried out again.
CREATE TABLE api_answer(
  token_id BLOB NOT NULL CHECK(length(token_id) = 16),
  key TEXT NOT NULL,
  request BLOB NOT NULL CHECK(length(request) = 32), -- SHA-256 of method, path and body
  at_ms INTEGER NOT NULL,
  status INTEGER NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY(token_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX api_answer_age ON api_answer(at_ms);
