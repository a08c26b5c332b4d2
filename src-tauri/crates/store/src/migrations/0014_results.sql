-- An address to which the register posts the results of an app's payment requests: a webhook that is told
-- of no events. None for those that are.
ALTER TABLE webhook ADD COLUMN client_id TEXT;
