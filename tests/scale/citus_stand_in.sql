-- Stands in for the two functions of Citus that deploy/scale/rows_by_person.sql calls: notes what was asked, and refuses
-- what Citus refuses of a table at that moment (docs/scale.md lists it).

CREATE TABLE placed (
    relation regclass PRIMARY KEY,
    by_column text,                 -- NULL: a copy on every node
    beside regclass                 -- the first table of its group
);

CREATE FUNCTION refuse_unless_alone(relation regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM pg_trigger WHERE tgrelid = relation AND NOT tgisinternal) THEN
        RAISE EXCEPTION '% has a trigger', relation;
    END IF;
    IF EXISTS (SELECT FROM pg_constraint WHERE contype = 'f' AND relation IN (conrelid, confrelid)) THEN
        RAISE EXCEPTION '% is tied to a table that may not be distributed yet', relation;
    END IF;
END $$;

CREATE FUNCTION create_reference_table(relation regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refuse_unless_alone(relation);
    INSERT INTO placed VALUES (relation, NULL, relation);
END $$;

CREATE FUNCTION create_distributed_table(
    relation regclass, by_column text, colocate_with text DEFAULT 'none', shard_count int DEFAULT NULL
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    missing regclass;
BEGIN
    PERFORM refuse_unless_alone(relation);
    SELECT indexrelid INTO missing FROM pg_index
    WHERE indrelid = relation AND indisunique
      AND NOT (SELECT attnum FROM pg_attribute WHERE attrelid = relation AND attname = by_column) = ANY (indkey);
    IF FOUND THEN
        RAISE EXCEPTION 'unique index % lacks %', missing, by_column;
    END IF;
    INSERT INTO placed
    SELECT relation, by_column, CASE colocate_with WHEN 'none' THEN relation ELSE colocate_with::regclass END;
END $$;
