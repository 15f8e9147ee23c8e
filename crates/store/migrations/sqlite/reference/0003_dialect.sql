-- The dialect in which a provider's client reads replies (interface/dialects.tsv); '' where as the specification has it.
ALTER TABLE provider ADD COLUMN dialect TEXT NOT NULL DEFAULT '';
