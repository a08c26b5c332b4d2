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
