-- The guards of the tables that have none yet, and the rights of the working role on them; later versions run it again.

DO $$
DECLARE
    fact record;
BEGIN
    FOR fact IN
        SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'esep' AND c.relkind = 'r' AND c.relname <> 'schema_version'
            AND NOT EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = 'refuse_change')
        ORDER BY c.relname
    LOOP
        EXECUTE format('CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON esep.%I '
            'FOR EACH ROW EXECUTE FUNCTION esep.refuse_change()', fact.relname);
        EXECUTE format('CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON esep.%I '
            'FOR EACH STATEMENT EXECUTE FUNCTION esep.refuse_change()', fact.relname);
        EXECUTE format('CREATE TRIGGER refuse_sealed AFTER INSERT ON esep.%I REFERENCING NEW TABLE AS new_rows '
            'FOR EACH STATEMENT EXECUTE FUNCTION esep.refuse_sealed()', fact.relname);
        EXECUTE format('CREATE INDEX ON esep.%I (authority_id, entry_number)', fact.relname);
        EXECUTE format('GRANT SELECT, INSERT ON esep.%I TO esep_worker', fact.relname);
    END LOOP;
END $$;

GRANT SELECT ON esep.setting, esep.rate, esep.rule_set, esep.aid_term, esep.taken_payment TO esep_worker;
