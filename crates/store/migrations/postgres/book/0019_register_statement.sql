-- What may be the same as a new statement, found without going through a provider's day: by the document of somebody whose
-- number is not known, and, where it is about nobody, by all that it says (hashed: it may be longer than an index holds).
CREATE INDEX register_entry_by_document ON register_entry (certno, care_from) WHERE certno <> '';
CREATE INDEX register_entry_by_statement ON register_entry USING hash (details) WHERE psn_no = '' AND certno = '';
-- Which papers come first: each step with papers asks it, however many wait or are done.
CREATE INDEX register_entry_by_receipt ON register_entry (plan, business, taken_at, number)
    WHERE kind = 'papers' AND state IN ('waiting', 'approved');
