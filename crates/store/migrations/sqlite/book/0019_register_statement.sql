-- What may be the same as a new statement, found without going through a provider's day: by the document of somebody whose
-- number is not known, and, where it is about nobody, by all that it says.
CREATE INDEX register_entry_by_document ON register_entry (certno, care_from) WHERE certno <> '';
CREATE INDEX register_entry_by_statement ON register_entry (kind, care_from, details) WHERE psn_no = '' AND certno = '';
