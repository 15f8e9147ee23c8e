-- Spreads the rows of one pool's book over the nodes of a Citus cluster, by person. docs/scale.md says when and what it costs.
--
-- For a new, empty book: the migrations have made its schema, nothing is loaded yet. Run once on the coordinator:
--   psql -v ON_ERROR_STOP=1 -v book=book_520500 -v reference=reference -f rows_by_person.sql
-- A test runs this file on plain PostgreSQL, where the two functions of Citus only note what they are asked.

BEGIN;
SET LOCAL search_path TO :"book", public;

-- 1. What names an encounter or a settlement without its person cannot be checked on one node; it comes back in step 5.

ALTER TABLE cancellation     DROP CONSTRAINT cancellation_setl_id_fkey;
ALTER TABLE diagnosis        DROP CONSTRAINT diagnosis_mdtrt_id_fkey;
ALTER TABLE settlement       DROP CONSTRAINT settlement_mdtrt_id_fkey;
-- Those that name the person only stop the tables from being distributed one after the other.
ALTER TABLE account          DROP CONSTRAINT account_psn_no_fkey;
ALTER TABLE attribute        DROP CONSTRAINT attribute_psn_no_fkey;
ALTER TABLE encounter        DROP CONSTRAINT encounter_psn_no_fkey;
ALTER TABLE filing           DROP CONSTRAINT filing_psn_no_fkey;
ALTER TABLE insurance        DROP CONSTRAINT insurance_psn_no_fkey;
ALTER TABLE running_total    DROP CONSTRAINT running_total_psn_no_fkey;
ALTER TABLE special_disease  DROP CONSTRAINT special_disease_psn_no_fkey;

-- 2. Every key carries the person first. That an mdtrt_id, a setl_id, a cancellation_id or a trt_dcla_detl_sn belongs to one
--    person only is then a promise of the series they are drawn from, no longer of a constraint.

ALTER TABLE encounter    DROP CONSTRAINT encounter_pkey, ADD PRIMARY KEY (psn_no, mdtrt_id);
ALTER TABLE diagnosis    DROP CONSTRAINT diagnosis_pkey,
                         ADD PRIMARY KEY (psn_no, mdtrt_id, inout_diag_type, diag_srt_no);
ALTER TABLE fee_line     DROP CONSTRAINT fee_line_pkey, ADD PRIMARY KEY (psn_no, mdtrt_id, feedetl_sn);
ALTER TABLE settlement   DROP CONSTRAINT settlement_pkey, ADD PRIMARY KEY (psn_no, mdtrt_id, round),
                         DROP CONSTRAINT settlement_setl_id_key, ADD UNIQUE (psn_no, setl_id);
ALTER TABLE fund_share   DROP CONSTRAINT fund_share_pkey, ADD PRIMARY KEY (psn_no, setl_id, seq);
ALTER TABLE accumulation DROP CONSTRAINT accumulation_pkey, ADD PRIMARY KEY (psn_no, setl_id, seq);
ALTER TABLE cancellation DROP CONSTRAINT cancellation_pkey, ADD PRIMARY KEY (psn_no, setl_id),
                         DROP CONSTRAINT cancellation_cancellation_id_key, ADD UNIQUE (psn_no, cancellation_id);
-- An entry that is nobody's in particular stands with the person ''.
ALTER TABLE journal_entry DROP CONSTRAINT journal_entry_pkey, ADD PRIMARY KEY (psn_no, entry);
ALTER TABLE posting      DROP CONSTRAINT posting_pkey, ADD PRIMARY KEY (psn_no, entry, seq);
ALTER TABLE filing       DROP CONSTRAINT filing_pkey, ADD PRIMARY KEY (psn_no, trt_dcla_detl_sn);

-- The order of one person's settlements and of one encounter's lines: each node would count for itself, so the platform
-- counts, one more than the person or the encounter has, while it holds the person's turn.
ALTER TABLE settlement   ALTER COLUMN recorded DROP IDENTITY;
ALTER TABLE fee_line     ALTER COLUMN seq DROP IDENTITY;

-- 3. A card or a certificate leads to its person without asking every node. Written where a person is written (load,
--    enrolment), read by 1101.

CREATE TABLE person_document (
    document TEXT NOT NULL CHECK (document <> ''),            -- certno or card_no
    psn_no   TEXT NOT NULL,
    PRIMARY KEY (document, psn_no)
);
DROP INDEX person_by_certno, person_by_card_no;

-- 4. Rows of one person stand on one node, in every table; what a provider sends is kept by provider.

SELECT create_reference_table(:'reference' || '.provider');
SELECT create_reference_table(:'reference' || '.catalogue_item');
SELECT create_reference_table(:'reference' || '.list_line');
SELECT create_reference_table(:'reference' || '.practitioner');

SELECT create_distributed_table('person',           'psn_no', shard_count => 64);
SELECT create_distributed_table('account',          'psn_no', colocate_with => 'person');
SELECT create_distributed_table('account_movement', 'psn_no', colocate_with => 'person');
SELECT create_distributed_table('accumulation',     'psn_no', colocate_with => 'person');
SELECT create_distributed_table('attribute',        'psn_no', colocate_with => 'person');
SELECT create_distributed_table('cancellation',     'psn_no', colocate_with => 'person');
SELECT create_distributed_table('diagnosis',        'psn_no', colocate_with => 'person');
SELECT create_distributed_table('encounter',        'psn_no', colocate_with => 'person');
SELECT create_distributed_table('fee_line',         'psn_no', colocate_with => 'person');
SELECT create_distributed_table('filing',           'psn_no', colocate_with => 'person');
SELECT create_distributed_table('fund_share',       'psn_no', colocate_with => 'person');
SELECT create_distributed_table('insurance',        'psn_no', colocate_with => 'person');
SELECT create_distributed_table('journal_entry',    'psn_no', colocate_with => 'person');
SELECT create_distributed_table('posting',          'psn_no', colocate_with => 'person');
SELECT create_distributed_table('running_total',    'psn_no', colocate_with => 'person');
SELECT create_distributed_table('settlement',       'psn_no', colocate_with => 'person');
SELECT create_distributed_table('special_disease',  'psn_no', colocate_with => 'person');

-- Once and only once is (party, msgid, infno) as before: the whole key stands on the party's node.
SELECT create_distributed_table('message',          'party', shard_count => 64, colocate_with => 'none');
SELECT create_distributed_table('message_reversal', 'party', colocate_with => 'message');
SELECT create_distributed_table('mapping',          'fixmedins_code', shard_count => 64, colocate_with => 'none');

SELECT create_distributed_table('person_document',  'document', shard_count => 64, colocate_with => 'none');

-- 5. What step 1 took away, now with the person: each checked on the node of the row.

ALTER TABLE account         ADD FOREIGN KEY (psn_no) REFERENCES person (psn_no);
ALTER TABLE attribute       ADD FOREIGN KEY (psn_no) REFERENCES person (psn_no);
ALTER TABLE encounter       ADD FOREIGN KEY (psn_no) REFERENCES person (psn_no);
ALTER TABLE filing          ADD FOREIGN KEY (psn_no) REFERENCES person (psn_no);
ALTER TABLE insurance       ADD FOREIGN KEY (psn_no) REFERENCES person (psn_no);
ALTER TABLE running_total   ADD FOREIGN KEY (psn_no) REFERENCES person (psn_no);
ALTER TABLE special_disease ADD FOREIGN KEY (psn_no) REFERENCES person (psn_no);
ALTER TABLE diagnosis       ADD FOREIGN KEY (psn_no, mdtrt_id) REFERENCES encounter (psn_no, mdtrt_id);
ALTER TABLE settlement      ADD FOREIGN KEY (psn_no, mdtrt_id) REFERENCES encounter (psn_no, mdtrt_id);
ALTER TABLE cancellation    ADD FOREIGN KEY (psn_no, setl_id) REFERENCES settlement (psn_no, setl_id);

COMMIT;

-- Left as ordinary tables of the coordinator: load_mark, migration, serial, sign_in, stored_file, voucher_token; documents
-- (deposit, deposit_count), which no settlement asks for; the registers of an outage with their claims
-- and holds (register_*, claim_right, benefit_hold), whose lists go over all persons of a provider and whose claims hold across
-- them, and because SKIP LOCKED over several persons does not work on distributed tables; plans, events and runs
-- (published_plan, entered_event, backfill_run); users of the pages (page_user, page_session).
