-- History is a chain of additions: what was written is neither changed nor taken away.
CREATE TRIGGER journal_keeps BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_holds BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER sale_keeps BEFORE UPDATE ON sale BEGIN SELECT RAISE(ABORT, 'a sale is never changed'); END;
CREATE TRIGGER sale_holds BEFORE DELETE ON sale BEGIN SELECT RAISE(ABORT, 'a sale is never deleted'); END;
CREATE TRIGGER sale_line_keeps BEFORE UPDATE ON sale_line BEGIN SELECT RAISE(ABORT, 'a sale is never changed'); END;
CREATE TRIGGER sale_line_holds BEFORE DELETE ON sale_line BEGIN SELECT RAISE(ABORT, 'a sale is never deleted'); END;
CREATE TRIGGER sale_tax_keeps BEFORE UPDATE ON sale_tax BEGIN SELECT RAISE(ABORT, 'a sale is never changed'); END;
CREATE TRIGGER sale_tax_holds BEFORE DELETE ON sale_tax BEGIN SELECT RAISE(ABORT, 'a sale is never deleted'); END;
CREATE TRIGGER tender_keeps BEFORE UPDATE ON tender BEGIN SELECT RAISE(ABORT, 'a payment is never changed'); END;
CREATE TRIGGER tender_holds BEFORE DELETE ON tender BEGIN SELECT RAISE(ABORT, 'a payment is never deleted'); END;
CREATE TRIGGER stock_movement_keeps BEFORE UPDATE ON stock_movement BEGIN SELECT RAISE(ABORT, 'a movement is never changed'); END;
CREATE TRIGGER stock_movement_holds BEFORE DELETE ON stock_movement BEGIN SELECT RAISE(ABORT, 'a movement is never deleted'); END;
CREATE TRIGGER posting_keeps BEFORE UPDATE ON posting BEGIN SELECT RAISE(ABORT, 'a posting is never changed'); END;
CREATE TRIGGER posting_holds BEFORE DELETE ON posting BEGIN SELECT RAISE(ABORT, 'a posting is never deleted'); END;
