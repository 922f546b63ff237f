-- The registers: what was decided, asked for, received, sent, returned and given back. Every row names the entry that
-- brought it: (authority_id, entry_number). The two big ones, award_line and payment, are partitioned by the award's
-- due month and carry no foreign keys; their INSERT ... SELECT joins what they refer to, and every close proves it.

CREATE TABLE esep.corporation_version (
    authority_id integer NOT NULL DEFAULT 0 CHECK (authority_id = 0),
    version integer NOT NULL,
    entry_number bigint NOT NULL,
    bin text NOT NULL,
    name_kk text NOT NULL,
    name_ru text NOT NULL,
    iban text NOT NULL,
    bic text NOT NULL,
    terminal text NOT NULL,
    chief text NOT NULL,
    accountant text NOT NULL,
    irs text NOT NULL,
    seco text NOT NULL,
    signer text NOT NULL,
    signer_position_kk text NOT NULL,
    signer_position_ru text NOT NULL,
    director text NOT NULL,
    director_position_kk text NOT NULL,
    director_position_ru text NOT NULL,
    deputy text NOT NULL,
    deputy_position_kk text NOT NULL,
    deputy_position_ru text NOT NULL,
    refund_knp text NOT NULL,
    PRIMARY KEY (authority_id, version)
);

CREATE TABLE esep.bank_version (
    authority_id integer NOT NULL DEFAULT 0 CHECK (authority_id = 0),
    bic text NOT NULL,
    version integer NOT NULL,
    entry_number bigint NOT NULL,
    bank_code text NOT NULL,
    name_kk text NOT NULL,
    name_ru text NOT NULL,
    bin text NOT NULL,
    transit_iban text NOT NULL,
    irs text NOT NULL,
    seco text NOT NULL,
    charset text NOT NULL,
    items_max integer NOT NULL CHECK (items_max >= 0),
    knp text NOT NULL,
    PRIMARY KEY (authority_id, bic, version)
);

CREATE TABLE esep.authority_version (
    authority_id integer NOT NULL CHECK (authority_id > 0),
    version integer NOT NULL,
    entry_number bigint NOT NULL,
    code text NOT NULL,
    bin text NOT NULL,
    name_kk text NOT NULL,
    name_ru text NOT NULL,
    region_kk text NOT NULL,
    region_ru text NOT NULL,
    district_kk text NOT NULL,
    district_ru text NOT NULL,
    iban text NOT NULL,
    bic text NOT NULL,
    irs text NOT NULL,
    seco text NOT NULL,
    signer text NOT NULL,
    signer_position_kk text NOT NULL,
    signer_position_ru text NOT NULL,
    first_order_number integer NOT NULL CHECK (first_order_number > 0),
    PRIMARY KEY (authority_id, version)
);

CREATE TABLE esep.aid_kind_version (
    authority_id integer NOT NULL,
    code text NOT NULL,
    version integer NOT NULL,
    entry_number bigint NOT NULL,
    name_kk text NOT NULL,
    name_ru text NOT NULL,
    periodicity text NOT NULL CHECK (periodicity IN ('memorial', 'one_off', 'monthly', 'quarterly')),
    memorial_day text NOT NULL CHECK ((periodicity = 'memorial') = (memorial_day <> '')),
    purpose text NOT NULL,
    PRIMARY KEY (authority_id, code, version)
);

CREATE VIEW esep.corporation AS
SELECT DISTINCT ON (authority_id) * FROM esep.corporation_version ORDER BY authority_id, version DESC;
CREATE VIEW esep.bank AS
SELECT DISTINCT ON (bic) * FROM esep.bank_version ORDER BY bic, version DESC;
CREATE VIEW esep.authority AS
SELECT DISTINCT ON (authority_id) * FROM esep.authority_version ORDER BY authority_id, version DESC;
CREATE VIEW esep.aid_kind AS
SELECT DISTINCT ON (authority_id, code) * FROM esep.aid_kind_version ORDER BY authority_id, code, version DESC;

CREATE TABLE esep.award_line (
    authority_id integer NOT NULL,
    due_month date NOT NULL,
    award_number bigint NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    entry_number bigint NOT NULL,
    file_line integer NOT NULL,
    decision_number text NOT NULL,
    decided_on date NOT NULL,
    signer text NOT NULL,
    case_id text NOT NULL,
    source_system text NOT NULL,
    aid_kind text NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    iin text NOT NULL CHECK (octet_length(iin) = 12),
    surname text NOT NULL,
    first_name text NOT NULL,
    patronymic text NOT NULL,
    birth_date date NOT NULL,
    sex text NOT NULL,
    branch_code text NOT NULL,
    payment_code text NOT NULL,
    address text NOT NULL,
    bic text NOT NULL,
    iban text NOT NULL CHECK (octet_length(iban) = 20),
    phone text NOT NULL,
    guardian_iin text NOT NULL,
    guardian_surname text NOT NULL,
    guardian_first_name text NOT NULL,
    guardian_patronymic text NOT NULL,
    PRIMARY KEY (authority_id, due_month, award_number, version),
    UNIQUE (authority_id, due_month, iin, aid_kind, decision_number, version)
) PARTITION BY RANGE (due_month);

-- What an import brought, by kind and month: needs are formed from these, and every close proves them by the lines.
CREATE TABLE esep.award_batch (
    authority_id integer NOT NULL,
    entry_number bigint NOT NULL,
    aid_kind text NOT NULL,
    due_month date NOT NULL,
    count bigint NOT NULL CHECK (count > 0),
    amount bigint NOT NULL CHECK (amount > 0),
    PRIMARY KEY (authority_id, entry_number, aid_kind, due_month)
);

CREATE TABLE esep.need (
    authority_id integer NOT NULL,
    need_number integer NOT NULL,
    entry_number bigint NOT NULL,
    aid_kind text NOT NULL,
    due_month date NOT NULL,
    formed_on date NOT NULL,
    after_entry bigint NOT NULL,
    upto_entry bigint NOT NULL,
    follows bigint GENERATED ALWAYS AS (nullif(after_entry, 0)) STORED,
    count bigint NOT NULL CHECK (count > 0),
    amount bigint NOT NULL CHECK (amount > 0),
    PRIMARY KEY (authority_id, need_number),
    -- A need starts where the one before it ended, so no award line is asked for twice.
    UNIQUE (authority_id, aid_kind, due_month, after_entry),
    UNIQUE (authority_id, aid_kind, due_month, upto_entry),
    FOREIGN KEY (authority_id, aid_kind, due_month, follows)
    REFERENCES esep.need (authority_id, aid_kind, due_month, upto_entry),
    CHECK (after_entry >= 0 AND after_entry < upto_entry)
);

CREATE TABLE esep.request (
    authority_id integer NOT NULL,
    request_number integer NOT NULL,
    entry_number bigint NOT NULL,
    reference text NOT NULL,
    sent_on date NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    PRIMARY KEY (authority_id, request_number),
    UNIQUE (authority_id, reference)
);

CREATE TABLE esep.request_need (
    authority_id integer NOT NULL,
    need_number integer NOT NULL,
    request_number integer NOT NULL,
    entry_number bigint NOT NULL,
    PRIMARY KEY (authority_id, need_number),
    FOREIGN KEY (authority_id, need_number) REFERENCES esep.need (authority_id, need_number),
    FOREIGN KEY (authority_id, request_number) REFERENCES esep.request (authority_id, request_number)
);

CREATE TABLE esep.statement (
    authority_id integer NOT NULL,
    statement_number integer NOT NULL,
    entry_number bigint NOT NULL,
    iban text NOT NULL,
    date_from date NOT NULL,
    date_to date NOT NULL,
    opening bigint NOT NULL,
    credited bigint NOT NULL,
    debited bigint NOT NULL,
    closing bigint NOT NULL,
    sha256 bytea NOT NULL,
    PRIMARY KEY (authority_id, statement_number),
    UNIQUE (authority_id, sha256),
    CHECK (opening + credited - debited = closing),
    CHECK (date_from <= date_to)
);

CREATE TABLE esep.statement_line (
    authority_id integer NOT NULL,
    line_number bigint NOT NULL,
    entry_number bigint NOT NULL,
    statement_number integer NOT NULL,
    file_line integer NOT NULL,
    iban text NOT NULL,
    booked_on date NOT NULL,
    value_date date NOT NULL,
    direction text NOT NULL CHECK (direction IN ('credit', 'debit')),
    document_number text NOT NULL,
    document_date date NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    counterparty_name text NOT NULL,
    counterparty_bin text NOT NULL,
    counterparty_iban text NOT NULL,
    counterparty_bic text NOT NULL,
    knp text NOT NULL,
    purpose text NOT NULL,
    occurrence integer NOT NULL,
    PRIMARY KEY (authority_id, line_number),
    -- Equal lawful lines of one day are kept: the occurrence tells them apart; the same line in another file is known.
    UNIQUE (
        authority_id, iban, booked_on, direction, document_number, document_date, amount,
        counterparty_bin, counterparty_iban, occurrence
    ),
    FOREIGN KEY (authority_id, statement_number) REFERENCES esep.statement (authority_id, statement_number)
);

CREATE TABLE esep.line_match (
    authority_id integer NOT NULL,
    line_number bigint NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    ended_version integer GENERATED ALWAYS AS (nullif(version - 1, 0)) STORED,
    entry_number bigint NOT NULL,
    placed_in integer NOT NULL,
    placed_entry bigint NOT NULL,
    matched_as text NOT NULL CHECK (matched_as IN ('transfer', 'settlement', 'return', 'unidentified')),
    reference text NOT NULL,
    rule text NOT NULL,
    PRIMARY KEY (authority_id, line_number, version),
    FOREIGN KEY (authority_id, line_number) REFERENCES esep.statement_line (authority_id, line_number),
    FOREIGN KEY (authority_id, line_number, ended_version)
    REFERENCES esep.line_match (authority_id, line_number, version)
);
CREATE INDEX line_match_placed ON esep.line_match (placed_in, matched_as, reference);

CREATE TABLE esep.transfer (
    authority_id integer NOT NULL,
    transfer_number integer NOT NULL,
    entry_number bigint NOT NULL,
    order_number text NOT NULL,
    order_date date NOT NULL,
    payer_bin text NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    received_on date NOT NULL,
    line_number bigint NOT NULL,
    PRIMARY KEY (authority_id, transfer_number),
    -- E39: number, date, BIN and amount are a transfer's identity.
    UNIQUE (authority_id, order_number, order_date, payer_bin, amount)
);

CREATE TABLE esep.transfer_placing (
    authority_id integer NOT NULL,
    transfer_number integer NOT NULL,
    request_number integer NOT NULL,
    aid_kind text NOT NULL,
    entry_number bigint NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    PRIMARY KEY (authority_id, transfer_number, request_number, aid_kind),
    FOREIGN KEY (authority_id, transfer_number) REFERENCES esep.transfer (authority_id, transfer_number),
    FOREIGN KEY (authority_id, request_number) REFERENCES esep.request (authority_id, request_number)
);

CREATE TABLE esep.payment_order (
    authority_id integer NOT NULL,
    order_number integer NOT NULL,
    entry_number bigint NOT NULL,
    message text NOT NULL CHECK (message IN ('MT-102', 'MT-100')),
    reference text NOT NULL,
    aid_kind text NOT NULL,
    bic text NOT NULL,
    dated date NOT NULL,
    count bigint NOT NULL CHECK (count > 0),
    amount bigint NOT NULL CHECK (amount > 0),
    file_name text NOT NULL,
    PRIMARY KEY (authority_id, order_number),
    UNIQUE (authority_id, reference)
);

CREATE TABLE esep.payment (
    authority_id integer NOT NULL,
    due_month date NOT NULL,
    award_number bigint NOT NULL,
    attempt integer NOT NULL CHECK (attempt > 0),
    version integer NOT NULL,
    entry_number bigint NOT NULL,
    order_number integer NOT NULL,
    item integer NOT NULL,
    request_number integer NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    -- One award line is paid once an attempt, and attempt n follows the resolution of attempt n - 1.
    PRIMARY KEY (authority_id, due_month, award_number, attempt),
    UNIQUE (authority_id, due_month, order_number, item)
) PARTITION BY RANGE (due_month);

CREATE TABLE esep.return_message (
    authority_id integer NOT NULL,
    return_number integer NOT NULL,
    entry_number bigint NOT NULL,
    reference text NOT NULL,
    document_number text NOT NULL,
    dated date NOT NULL,
    bic text NOT NULL,
    payer_iban text NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    count integer NOT NULL CHECK (count > 0),
    purpose text NOT NULL,
    sha256 bytea NOT NULL,
    PRIMARY KEY (authority_id, return_number),
    UNIQUE (authority_id, bic, reference, document_number, dated, amount)
);

CREATE TABLE esep.return_item (
    authority_id integer NOT NULL,
    return_number integer NOT NULL,
    item integer NOT NULL,
    entry_number bigint NOT NULL,
    iin text NOT NULL,
    surname text NOT NULL,
    first_name text NOT NULL,
    patronymic text NOT NULL,
    iban text NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    reason text NOT NULL,
    PRIMARY KEY (authority_id, return_number, item),
    FOREIGN KEY (authority_id, return_number) REFERENCES esep.return_message (authority_id, return_number)
);

CREATE TABLE esep.returned_payment (
    authority_id integer NOT NULL,
    due_month date NOT NULL,
    award_number bigint NOT NULL,
    attempt integer NOT NULL,
    entry_number bigint NOT NULL,
    return_number integer NOT NULL,
    item integer NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    -- Live once: a payment comes back at most once.
    PRIMARY KEY (authority_id, due_month, award_number, attempt),
    UNIQUE (authority_id, return_number, item)
);

CREATE TABLE esep.return_money (
    authority_id integer NOT NULL,
    return_number integer NOT NULL,
    entry_number bigint NOT NULL,
    line_number bigint NOT NULL,
    returned_on date NOT NULL,
    PRIMARY KEY (authority_id, return_number),
    UNIQUE (authority_id, line_number),
    FOREIGN KEY (authority_id, return_number) REFERENCES esep.return_message (authority_id, return_number)
);

CREATE TABLE esep.return_notice (
    authority_id integer NOT NULL,
    notice_number integer NOT NULL,
    entry_number bigint NOT NULL,
    sent_on date NOT NULL,
    after_entry bigint NOT NULL,
    upto_entry bigint NOT NULL,
    follows bigint GENERATED ALWAYS AS (nullif(after_entry, 0)) STORED,
    count integer NOT NULL CHECK (count > 0),
    amount bigint NOT NULL CHECK (amount > 0),
    PRIMARY KEY (authority_id, notice_number),
    -- A notice starts where the one before it ended, so no return is told twice.
    UNIQUE (authority_id, after_entry),
    UNIQUE (authority_id, upto_entry),
    FOREIGN KEY (authority_id, follows) REFERENCES esep.return_notice (authority_id, upto_entry),
    CHECK (after_entry >= 0 AND after_entry < upto_entry)
);

CREATE TABLE esep.resolution (
    authority_id integer NOT NULL,
    due_month date NOT NULL,
    award_number bigint NOT NULL,
    attempt integer NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    ended_version integer GENERATED ALWAYS AS (nullif(version - 1, 0)) STORED,
    entry_number bigint NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('resend', 'refund', 'refund_by_term')),
    number text NOT NULL,
    decided_on date NOT NULL,
    signer text NOT NULL,
    reason text NOT NULL,
    award_version integer NOT NULL,
    -- Live once: a return has one outcome in force; version n ends version n - 1.
    PRIMARY KEY (authority_id, due_month, award_number, attempt, version),
    FOREIGN KEY (authority_id, due_month, award_number, attempt)
    REFERENCES esep.returned_payment (authority_id, due_month, award_number, attempt),
    FOREIGN KEY (authority_id, due_month, award_number, attempt, ended_version)
    REFERENCES esep.resolution (authority_id, due_month, award_number, attempt, version)
);

CREATE TABLE esep.refund (
    authority_id integer NOT NULL,
    order_number integer NOT NULL,
    aid_kind text NOT NULL,
    reference text NOT NULL,
    entry_number bigint NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    PRIMARY KEY (authority_id, order_number, aid_kind, reference),
    FOREIGN KEY (authority_id, order_number) REFERENCES esep.payment_order (authority_id, order_number)
);

CREATE TABLE esep.act (
    authority_id integer NOT NULL,
    month date NOT NULL,
    entry_number bigint NOT NULL,
    PRIMARY KEY (authority_id, month),
    FOREIGN KEY (authority_id, month) REFERENCES esep.month_lock (authority_id, month)
);

-- Every file that an entry sent out: its name and the digest of its bytes, which the archive has before the commit.
CREATE TABLE esep.document (
    authority_id integer NOT NULL,
    entry_number bigint NOT NULL,
    file_name text NOT NULL,
    sha256 bytea NOT NULL,
    PRIMARY KEY (authority_id, entry_number, file_name)
);

-- Evidence of every file that came, also of those refused. It stands outside the books: a refused file is no entry.
CREATE TABLE esep.received_file (
    sha256 bytea NOT NULL,
    kind text NOT NULL,
    verdict text NOT NULL CHECK (verdict IN ('accepted', 'refused')),
    name text NOT NULL,
    octets bigint NOT NULL,
    faults integer NOT NULL,
    actor text NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (sha256, kind, verdict)
);

-- A later attempt exists only after its forerunner came back and the authority asked for a resend (R-062).
CREATE FUNCTION esep.check_attempt() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(1165183344, NEW.authority_id);
    IF coalesce((SELECT r.outcome FROM esep.resolution r
                 WHERE r.authority_id = NEW.authority_id AND r.due_month = NEW.due_month
                   AND r.award_number = NEW.award_number AND r.attempt = NEW.attempt - 1
                 ORDER BY r.version DESC LIMIT 1), '') <> 'resend' THEN
        RAISE EXCEPTION 'attempt % of award % has no resolution to resend before it', NEW.attempt, NEW.award_number
            USING ERRCODE = 'ES007';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER check_attempt AFTER INSERT ON esep.payment FOR EACH ROW WHEN (NEW.attempt > 1)
EXECUTE FUNCTION esep.check_attempt();

-- An outcome ends another only while the money it speaks of has not been sent again.
CREATE FUNCTION esep.check_resolution() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(1165183344, NEW.authority_id);
    IF EXISTS (SELECT 1 FROM esep.payment p
               WHERE p.authority_id = NEW.authority_id AND p.due_month = NEW.due_month
                 AND p.award_number = NEW.award_number AND p.attempt > NEW.attempt) THEN
        RAISE EXCEPTION 'award % was already sent again after attempt %', NEW.award_number, NEW.attempt
            USING ERRCODE = 'ES007';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER check_resolution AFTER INSERT ON esep.resolution FOR EACH ROW EXECUTE FUNCTION esep.check_resolution();

-- A version of an award line follows the one before it.
CREATE FUNCTION esep.check_award_version() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM esep.award_line a
                   WHERE a.authority_id = NEW.authority_id AND a.due_month = NEW.due_month
                     AND a.award_number = NEW.award_number AND a.version = NEW.version - 1) THEN
        RAISE EXCEPTION 'version % of award % has no version before it', NEW.version, NEW.award_number
            USING ERRCODE = 'ES007';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER check_award_version AFTER INSERT ON esep.award_line FOR EACH ROW WHEN (NEW.version > 1)
EXECUTE FUNCTION esep.check_award_version();
