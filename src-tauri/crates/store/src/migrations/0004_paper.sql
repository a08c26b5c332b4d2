-- Paper besides receipts, credit that is given once, and taxes that share a code.

-- Slips and reports as they were made, so that a copy says what the first print said. Paper, not a view
-- of the journal: what they tell is there.
CREATE TABLE paper(
  id INTEGER PRIMARY KEY,
  paper_id BLOB NOT NULL UNIQUE CHECK(length(paper_id) = 16),
  kind TEXT NOT NULL,
  about TEXT NOT NULL, -- which shift, payment, order, sale, or code of a credit
  title TEXT NOT NULL, -- as a list of print jobs shows it
  body TEXT NOT NULL -- the document, as JSON
) STRICT;
CREATE INDEX paper_about ON paper(about, kind, id);

-- A view of the journal: credit given by hand, by the id that its client made.
CREATE TABLE credit_issue(
  seq INTEGER PRIMARY KEY,
  issue_id BLOB NOT NULL UNIQUE CHECK(length(issue_id) = 16),
  kind TEXT NOT NULL,
  code TEXT NOT NULL,
  amount_minor INTEGER NOT NULL CHECK(amount_minor > 0)
) STRICT;

-- A register that goes on from a backup counts its Z reports in a new series.
ALTER TABLE shift ADD COLUMN z_series TEXT NOT NULL DEFAULT '';

-- On a ticket that takes something back, a tax stands beside what it was when that was sold.
CREATE TABLE sale_tax_each(
  sale INTEGER NOT NULL REFERENCES sale(id),
  code TEXT NOT NULL,
  nth INTEGER NOT NULL CHECK(nth >= 0), -- of the taxes with this code
  rate TEXT NOT NULL,
  inclusive INTEGER NOT NULL CHECK(inclusive IN (0, 1)),
  base_minor INTEGER NOT NULL,
  amount_minor INTEGER NOT NULL,
  PRIMARY KEY(sale, code, nth)
) STRICT, WITHOUT ROWID;
INSERT INTO sale_tax_each SELECT sale, code, 0, rate, inclusive, base_minor, amount_minor FROM sale_tax;
DROP TABLE sale_tax;
ALTER TABLE sale_tax_each RENAME TO sale_tax;
