-- Of which goods an operation that is not done moves the shop's figure: a figure of theirs waits for it.
CREATE TABLE channel_op_goods(
  variant_id BLOB NOT NULL CHECK(length(variant_id) = 16),
  number INTEGER NOT NULL REFERENCES channel_op(number) ON DELETE CASCADE,
  PRIMARY KEY(variant_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX channel_op_goods_number ON channel_op_goods(number);
INSERT OR IGNORE INTO channel_op_goods(variant_id, number)
  SELECT unhex(replace(line.value ->> 'variant', '-', '')), op.number
    FROM channel_op AS op, json_each(op.payload, '$.lines') AS line
   WHERE op.kind IN ('sale', 'refund') AND op.state <> 'done';
INSERT OR IGNORE INTO channel_op_goods(variant_id, number)
  SELECT unhex(replace(payload ->> 'variant', '-', '')), number
    FROM channel_op WHERE kind = 'stock_move' AND state <> 'done';

-- What waits, in its order.
CREATE INDEX channel_op_waiting ON channel_op(channel_id, number)
  WHERE state IN ('new', 'sent', 'unknown');

-- How many orders came from a shop since a moment.
CREATE INDEX channel_order_created ON channel_order(channel, created_ms);
