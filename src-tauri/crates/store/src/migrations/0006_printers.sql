-- Print jobs of a printer of their own, such as order tickets for the kitchen; none for the printer of
-- receipts.
ALTER TABLE print_job ADD COLUMN device_id BLOB CHECK(device_id IS NULL OR length(device_id) = 16);
