-- The ledger: books, chart, accounts, journal entries, postings, month locks.
-- A posting names one debit account, one credit account and one amount, so that an unbalanced entry cannot be written.

CREATE SCHEMA IF NOT EXISTS esep;
-- Partitions stand apart: nobody but the owner may enter this schema, so nobody writes past the parents' triggers.
CREATE SCHEMA IF NOT EXISTS esep_months;

CREATE TABLE esep.chart (
    code text PRIMARY KEY,
    number text NOT NULL,
    normal_side text NOT NULL CHECK (normal_side IN ('debit', 'credit')),
    may_overdraw boolean NOT NULL,
    takes_kind boolean NOT NULL,
    takes_reference boolean NOT NULL,
    UNIQUE (code, takes_kind, takes_reference)
);

INSERT INTO esep.chart (code, number, normal_side, may_overdraw, takes_kind, takes_reference) VALUES
('cash', '100', 'debit', true, false, false),
('transit', '100', 'credit', false, false, true),
('funding', '200', 'credit', false, true, true),
('unidentified', '205', 'credit', false, false, true),
('returned', '210', 'credit', false, true, true),
('resend', '220', 'credit', false, true, true),
('refundable', '230', 'credit', false, true, true),
('requested', '', 'debit', false, true, true),
('commitment', '', 'credit', true, true, false),
('between', '', 'credit', true, false, false);

CREATE TABLE esep.entry (
    authority_id integer NOT NULL,
    number bigint NOT NULL CHECK (number > 0),
    kind text NOT NULL,
    booked_on date NOT NULL,
    value_date date NOT NULL,
    recorded_at timestamptz NOT NULL,
    actor text NOT NULL CHECK (actor <> ''),
    source_key text NOT NULL CHECK (source_key <> ''),
    source_digest bytea NOT NULL CHECK (octet_length(source_digest) = 32),
    summary text NOT NULL,
    reverses bigint,
    leaves bigint NOT NULL CHECK (leaves >= 0),
    root bytea NOT NULL CHECK (octet_length(root) = 32),
    previous bytea NOT NULL CHECK (octet_length(previous) = 32),
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (authority_id, number),
    UNIQUE (authority_id, number, booked_on),
    UNIQUE (authority_id, source_key),
    UNIQUE (authority_id, reverses),
    FOREIGN KEY (authority_id, reverses) REFERENCES esep.entry (authority_id, number),
    CHECK (reverses < number)
);

CREATE TABLE esep.account (
    authority_id integer NOT NULL,
    account_id bigint GENERATED ALWAYS AS IDENTITY,
    entry_number bigint NOT NULL,
    code text NOT NULL,
    aid_kind text NOT NULL,
    reference text NOT NULL,
    has_kind boolean NOT NULL GENERATED ALWAYS AS (aid_kind <> '') STORED,
    has_reference boolean NOT NULL GENERATED ALWAYS AS (reference <> '') STORED,
    PRIMARY KEY (authority_id, account_id),
    UNIQUE (authority_id, code, aid_kind, reference),
    -- An account is kept by what the chart says: money whose reference was forgotten finds no account.
    FOREIGN KEY (code, has_kind, has_reference) REFERENCES esep.chart (code, takes_kind, takes_reference),
    FOREIGN KEY (authority_id, entry_number) REFERENCES esep.entry (authority_id, number)
    DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE esep.posting (
    authority_id integer NOT NULL,
    entry_number bigint NOT NULL,
    line integer NOT NULL CHECK (line > 0),
    booked_on date NOT NULL,
    rule text NOT NULL,
    debit bigint NOT NULL,
    credit bigint NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    PRIMARY KEY (authority_id, entry_number, line),
    CHECK (debit <> credit),
    FOREIGN KEY (authority_id, debit) REFERENCES esep.account (authority_id, account_id),
    FOREIGN KEY (authority_id, credit) REFERENCES esep.account (authority_id, account_id),
    FOREIGN KEY (authority_id, entry_number, booked_on) REFERENCES esep.entry (authority_id, number, booked_on)
    DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX posting_debit ON esep.posting (authority_id, debit, booked_on);
CREATE INDEX posting_credit ON esep.posting (authority_id, credit, booked_on);

CREATE TABLE esep.month_lock (
    authority_id integer NOT NULL,
    month date NOT NULL CHECK (extract(DAY FROM month) = 1),
    entry_number bigint NOT NULL,
    closing_cash bigint NOT NULL,
    PRIMARY KEY (authority_id, month),
    FOREIGN KEY (authority_id, entry_number) REFERENCES esep.entry (authority_id, number)
    DEFERRABLE INITIALLY DEFERRED
);

-- Canonical, length-prefixed text of one field: '5:тест' counts octets, so no two lists of fields read alike.
CREATE FUNCTION esep.prefixed(field text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN octet_length(coalesce(field, '')) || ':' || coalesce(field, '');

CREATE FUNCTION esep.entry_hash(e esep.entry) RETURNS bytea LANGUAGE sql IMMUTABLE
RETURN sha256('\x02'::bytea || convert_to(
    esep.prefixed(e.authority_id::text) || esep.prefixed(e.number::text) || esep.prefixed(e.kind)
    || esep.prefixed(to_char(e.booked_on, 'YYYY-MM-DD')) || esep.prefixed(to_char(e.value_date, 'YYYY-MM-DD'))
    || esep.prefixed((extract(EPOCH FROM e.recorded_at) * 1000000)::bigint::text)
    || esep.prefixed(e.actor) || esep.prefixed(e.source_key) || esep.prefixed(encode(e.source_digest, 'hex'))
    || esep.prefixed(e.summary) || esep.prefixed(e.reverses::text) || esep.prefixed(e.leaves::text)
    || esep.prefixed(encode(e.root, 'hex')) || esep.prefixed(encode(e.previous, 'hex')), 'UTF8'
));

-- Seals an entry: under the book's lock it gets the next number, the time it became known, and the hash that chains it.
CREATE FUNCTION esep.seal_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    last esep.entry;
    locked date;
BEGIN
    PERFORM pg_advisory_xact_lock(1165183344, NEW.authority_id);
    SELECT * INTO last FROM esep.entry e WHERE e.authority_id = NEW.authority_id ORDER BY e.number DESC LIMIT 1;
    IF NEW.number <> coalesce(last.number, 0) + 1 THEN
        RAISE EXCEPTION 'entry % of book % is out of turn, the next number is %',
            NEW.number, NEW.authority_id, coalesce(last.number, 0) + 1 USING ERRCODE = 'ES004';
    END IF;
    SELECT max(l.month) INTO locked FROM esep.month_lock l
    WHERE l.authority_id = NEW.authority_id AND l.entry_number <> NEW.number;
    IF NEW.booked_on < locked + interval '1 month' THEN
        RAISE EXCEPTION '%', to_char(NEW.booked_on, 'YYYY-MM-DD') USING ERRCODE = 'ES002',
            DETAIL = to_char(locked, 'YYYY-MM');
    END IF;
    NEW.recorded_at := greatest(clock_timestamp(), last.recorded_at);
    NEW.previous := coalesce(last.hash, decode(repeat('00', 32), 'hex'));
    NEW.hash := esep.entry_hash(NEW);
    RETURN NEW;
END $$;
CREATE TRIGGER seal_entry BEFORE INSERT ON esep.entry FOR EACH ROW EXECUTE FUNCTION esep.seal_entry();

-- No account that carries a reference may be overdrawn on any booking date: money is spent once, not before it came.
CREATE FUNCTION esep.refuse_overdraft() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    broken record;
BEGIN
    -- Whoever posts beside the verbs waits here, and then sees what the others took.
    PERFORM pg_advisory_xact_lock(1165183344, b.authority_id)
    FROM (SELECT DISTINCT n.authority_id FROM new_rows n ORDER BY n.authority_id) b;
    WITH touched AS (
        SELECT n.authority_id, n.debit AS account_id FROM new_rows n
        UNION
        SELECT n.authority_id, n.credit FROM new_rows n
    ), limited AS (
        SELECT a.authority_id, a.account_id, a.code, a.aid_kind, a.reference,
               CASE c.normal_side WHEN 'debit' THEN 1 ELSE -1 END AS side
        FROM touched t
        JOIN esep.account a ON a.authority_id = t.authority_id AND a.account_id = t.account_id
        JOIN esep.chart c ON c.code = a.code
        WHERE NOT c.may_overdraw
    ), movement AS (
        SELECT l.authority_id, l.account_id, m.booked_on, sum(l.side * m.amount) AS amount
        FROM limited l
        CROSS JOIN LATERAL (
            SELECT p.booked_on, p.amount FROM esep.posting p
            WHERE p.authority_id = l.authority_id AND p.debit = l.account_id
            UNION ALL
            SELECT p.booked_on, -p.amount FROM esep.posting p
            WHERE p.authority_id = l.authority_id AND p.credit = l.account_id
        ) m
        GROUP BY l.authority_id, l.account_id, m.booked_on
    ), running AS (
        SELECT m.*, sum(m.amount) OVER (PARTITION BY m.authority_id, m.account_id ORDER BY m.booked_on) AS balance
        FROM movement m
    )
    SELECT r.booked_on, r.balance, l.code, l.aid_kind, l.reference INTO broken
    FROM running r JOIN limited l ON l.authority_id = r.authority_id AND l.account_id = r.account_id
    WHERE r.balance < 0
    ORDER BY r.booked_on, l.code, l.aid_kind, l.reference LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION '%|%|%|%|%', broken.code, broken.aid_kind, broken.reference,
            to_char(broken.booked_on, 'YYYY-MM-DD'), broken.balance USING ERRCODE = 'ES001';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER refuse_overdraft AFTER INSERT ON esep.posting REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION esep.refuse_overdraft();

-- A reversal turns every posting of its entry round, in full, and nothing else.
CREATE FUNCTION esep.check_reversal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF EXISTS (
        (SELECT p.line, p.debit, p.credit, p.amount FROM esep.posting p
         WHERE p.authority_id = NEW.authority_id AND p.entry_number = NEW.number
         EXCEPT
         SELECT p.line, p.credit, p.debit, p.amount FROM esep.posting p
         WHERE p.authority_id = NEW.authority_id AND p.entry_number = NEW.reverses)
        UNION ALL
        (SELECT p.line, p.credit, p.debit, p.amount FROM esep.posting p
         WHERE p.authority_id = NEW.authority_id AND p.entry_number = NEW.reverses
         EXCEPT
         SELECT p.line, p.debit, p.credit, p.amount FROM esep.posting p
         WHERE p.authority_id = NEW.authority_id AND p.entry_number = NEW.number)
    ) THEN
        RAISE EXCEPTION 'entry % of book % is not entry % turned round', NEW.number, NEW.authority_id, NEW.reverses
            USING ERRCODE = 'ES006';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER check_reversal AFTER INSERT ON esep.entry DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (NEW.reverses IS NOT NULL) EXECUTE FUNCTION esep.check_reversal();

-- Months are locked in their order, each once.
CREATE FUNCTION esep.check_month_lock() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(1165183344, NEW.authority_id);
    IF EXISTS (SELECT 1 FROM esep.month_lock l
               WHERE l.authority_id = NEW.authority_id AND l.month >= NEW.month) THEN
        RAISE EXCEPTION '%', to_char(NEW.month, 'YYYY-MM-DD') USING ERRCODE = 'ES002', DETAIL = to_char(NEW.month, 'YYYY-MM');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER check_month_lock BEFORE INSERT ON esep.month_lock FOR EACH ROW EXECUTE FUNCTION esep.check_month_lock();

-- Facts are appended. Privileges stop the working role, these triggers stop the owner as well.
CREATE FUNCTION esep.refuse_change() RETURNS trigger LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: facts are only appended, correct them by a reversal or a new version',
        TG_OP, TG_TABLE_NAME USING ERRCODE = 'ES003';
END $$;

-- A row may join only an entry that is not sealed yet.
CREATE FUNCTION esep.refuse_sealed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    sealed record;
BEGIN
    SELECT e.authority_id, e.number INTO sealed
    FROM (SELECT DISTINCT n.authority_id, n.entry_number FROM new_rows n) n
    JOIN esep.entry e ON e.authority_id = n.authority_id AND e.number = n.entry_number LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'entry % of book % is sealed, % takes no more rows for it',
            sealed.number, sealed.authority_id, TG_TABLE_NAME USING ERRCODE = 'ES005';
    END IF;
    RETURN NULL;
END $$;
