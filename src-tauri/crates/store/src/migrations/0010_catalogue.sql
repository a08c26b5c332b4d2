-- The catalogue is edited one item at a time, and stock is moved and counted by hand.

ALTER TABLE item ADD COLUMN description TEXT;
ALTER TABLE item ADD COLUMN retired INTEGER NOT NULL DEFAULT 0 CHECK(retired IN (0, 1));
-- When it was last changed; larger with every transaction, so that a list in this order misses nothing.
ALTER TABLE item ADD COLUMN updated_ms INTEGER NOT NULL DEFAULT 0;
CREATE INDEX item_updated ON item(updated_ms, id);

ALTER TABLE variant ADD COLUMN cost_minor INTEGER CHECK(cost_minor >= 0);

ALTER TABLE category ADD COLUMN category_id BLOB CHECK(length(category_id) = 16);
ALTER TABLE category ADD COLUMN updated_ms INTEGER NOT NULL DEFAULT 0;
UPDATE category SET category_id = unhex(hex(randomblob(6)) || '4' || substr(hex(randomblob(2)), 2)
  || '8' || substr(hex(randomblob(2)), 2) || hex(randomblob(6)));
CREATE UNIQUE INDEX category_by_id ON category(category_id);

-- A view of the journal: stock that people or programs moved, by the id that the client made.
CREATE TABLE stock_move(
  seq INTEGER PRIMARY KEY,
  move_id BLOB NOT NULL UNIQUE CHECK(length(move_id) = 16),
  reference TEXT NOT NULL,
  note TEXT NOT NULL,
  actor TEXT NOT NULL,
  counted_ms INTEGER -- when shelves were counted, where they were
) STRICT;
-- What a count found, and what a unit that came in cost.
ALTER TABLE stock_movement ADD COLUMN counted INTEGER;
ALTER TABLE stock_movement ADD COLUMN cost_minor INTEGER;
