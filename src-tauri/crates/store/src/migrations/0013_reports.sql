-- Sums of days, months and years, for reports. They follow the journal: `report_mark` says how far.
CREATE TABLE report_sum(
  about TEXT NOT NULL CHECK(about IN ('all', 'hour', 'item', 'category', 'staff', 'tender', 'tax')),
  level INTEGER NOT NULL CHECK(level BETWEEN 1 AND 3), -- a day, a month, a year
  span TEXT NOT NULL, -- 2026-11-23, 2026-11, 2026
  code TEXT NOT NULL,
  detail TEXT NOT NULL,
  name TEXT NOT NULL, -- as it was called last
  count INTEGER NOT NULL,
  back INTEGER NOT NULL,
  voids INTEGER NOT NULL,
  quantity INTEGER NOT NULL, -- thousandths; of foreign cash its own minor units
  total_minor INTEGER NOT NULL,
  net_minor INTEGER NOT NULL,
  tax_minor INTEGER NOT NULL,
  discount_minor INTEGER NOT NULL,
  tip_minor INTEGER NOT NULL,
  rounding_minor INTEGER NOT NULL,
  cost_minor INTEGER NOT NULL,
  costed_net_minor INTEGER NOT NULL,
  PRIMARY KEY(about, level, span, code, detail)
) STRICT, WITHOUT ROWID;
-- The best sellers of a span, without reading what else was sold in it.
CREATE INDEX report_best ON report_sum(level, span, total_minor DESC, code) WHERE about = 'item';

CREATE TABLE report_mark(
  id INTEGER PRIMARY KEY CHECK(id = 1),
  seq INTEGER NOT NULL -- the last journal entry that the sums have
) STRICT;
