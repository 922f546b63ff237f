-- Guards over every fact table, and the rights of the working role.

DO $$
DECLARE
    fact record;
BEGIN
    FOR fact IN
        SELECT c.relname, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'esep' AND c.relkind IN ('r', 'p')
            AND c.relname <> 'schema_version' ORDER BY c.relname
    LOOP
        EXECUTE format('CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON esep.%I '
            'FOR EACH ROW EXECUTE FUNCTION esep.refuse_change()', fact.relname);
        EXECUTE format('CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON esep.%I '
            'FOR EACH STATEMENT EXECUTE FUNCTION esep.refuse_change()', fact.relname);
        -- The big registers go without: copying a million rows aside for this test would cost more than it guards,
        -- and a row added to a sealed entry breaks the entry's root.
        IF fact.relname NOT IN ('chart', 'entry', 'received_file', 'award_line', 'payment') THEN
            EXECUTE format('CREATE TRIGGER refuse_sealed AFTER INSERT ON esep.%I REFERENCING NEW TABLE AS new_rows '
                'FOR EACH STATEMENT EXECUTE FUNCTION esep.refuse_sealed()', fact.relname);
        END IF;
        -- An entry's rows are looked for when it is sealed and when it is proved; the big registers have keys for that.
        IF fact.relname NOT IN ('chart', 'entry', 'posting', 'received_file', 'award_line', 'payment') THEN
            EXECUTE format('CREATE INDEX ON esep.%I (authority_id, entry_number)', fact.relname);
        END IF;
        EXECUTE format('GRANT SELECT ON esep.%I TO esep_worker', fact.relname);
        IF fact.relname <> 'chart' THEN
            EXECUTE format('GRANT INSERT ON esep.%I TO esep_worker', fact.relname);
        END IF;
    END LOOP;
END $$;

GRANT USAGE ON SCHEMA esep TO esep_worker;
GRANT SELECT ON esep.corporation, esep.bank, esep.authority, esep.aid_kind TO esep_worker;

-- Opens a month in the partitioned registers. ATTACH lets other sessions read and write meanwhile; the advisory lock
-- keeps two sessions from making the same month.
-- Temporary objects come last in the path of every function that works with the owner's rights: a caller's own type or
-- function of the same name must not be taken for the catalogue's.
CREATE FUNCTION esep.open_month(month date) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    parent text;
    part text;
    opened boolean := false;
BEGIN
    IF month IS NULL OR month NOT BETWEEN '2015-01-01' AND '2099-12-01' OR extract(DAY FROM month) <> 1 THEN
        RAISE EXCEPTION '% is not the first day of a month of the years 2015 to 2099', month;
    END IF;
    PERFORM pg_advisory_xact_lock(1165183345, 0);
    FOREACH parent IN ARRAY ARRAY['award_line', 'payment'] LOOP
        part := parent || '_' || to_char(month, 'YYYY_MM');
        CONTINUE WHEN to_regclass(format('esep_months.%I', part)) IS NOT NULL;
        EXECUTE format('CREATE TABLE esep_months.%I (LIKE esep.%I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', part, parent);
        EXECUTE format('ALTER TABLE esep.%I ATTACH PARTITION esep_months.%I FOR VALUES FROM (%L) TO (%L)',
            parent, part, month, (month + interval '1 month')::date);
        EXECUTE format('CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON esep_months.%I '
            'FOR EACH STATEMENT EXECUTE FUNCTION esep.refuse_change()', part);
        opened := true;
    END LOOP;
    RETURN opened;
END $$;
REVOKE EXECUTE ON FUNCTION esep.open_month(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION esep.open_month(date) TO esep_worker;
