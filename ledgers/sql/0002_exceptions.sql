-- The days that are not sunny: documents that arrive later than they were sent, awards that change, wait or end before
-- they are paid, files that a bank refuses, returns that are short, acts that are signed, disputed and corrected.

-- When a document came to the authority: a request starts the term of R-040, data on returns that of R-061. Without a
-- row it came on the day it was sent.
CREATE TABLE esep.arrival (
    authority_id integer NOT NULL,
    document text NOT NULL CHECK (document IN ('request', 'notice')),
    number integer NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    ended_version integer GENERATED ALWAYS AS (nullif(version - 1, 0)) STORED,
    entry_number bigint NOT NULL,
    arrived_on date NOT NULL,
    PRIMARY KEY (authority_id, document, number, version),
    FOREIGN KEY (authority_id, document, number, ended_version)
    REFERENCES esep.arrival (authority_id, document, number, version)
);

-- An award that will not be paid: only while no payment of it is out (1.10).
CREATE TABLE esep.award_cancellation (
    authority_id integer NOT NULL,
    due_month date NOT NULL,
    award_number bigint NOT NULL,
    entry_number bigint NOT NULL,
    cancelled_on date NOT NULL,
    document text NOT NULL,
    reason text NOT NULL CHECK (reason <> ''),
    PRIMARY KEY (authority_id, due_month, award_number)
);

-- A hold keeps what is not sent from being sent: of one award, or of a person altogether (award_number 0).
CREATE TABLE esep.hold (
    authority_id integer NOT NULL,
    hold_number integer NOT NULL CHECK (hold_number > 0),
    entry_number bigint NOT NULL,
    iin text NOT NULL CHECK (octet_length(iin) = 12),
    award_number bigint NOT NULL CHECK (award_number >= 0),
    reason text NOT NULL CHECK (reason IN (
        'suspended', 'death', 'missing', 'wanted', 'document_expired', 'account_blocked', 'no_movement', 'other'
    )),
    placed_on date NOT NULL,
    document text NOT NULL,
    note text NOT NULL,
    PRIMARY KEY (authority_id, hold_number)
);

CREATE TABLE esep.hold_end (
    authority_id integer NOT NULL,
    hold_number integer NOT NULL,
    entry_number bigint NOT NULL,
    ended_on date NOT NULL,
    document text NOT NULL,
    note text NOT NULL,
    PRIMARY KEY (authority_id, hold_number),
    FOREIGN KEY (authority_id, hold_number) REFERENCES esep.hold (authority_id, hold_number)
);
CREATE INDEX hold_iin ON esep.hold (iin);

-- A file that the bank refused before any debit (MT-905): its money stands where it came from, its items go again.
CREATE TABLE esep.order_refusal (
    authority_id integer NOT NULL,
    order_number integer NOT NULL,
    entry_number bigint NOT NULL,
    refused_on date NOT NULL,
    reference text NOT NULL,
    code text NOT NULL,
    reason text NOT NULL,
    sha256 bytea NOT NULL,
    PRIMARY KEY (authority_id, order_number),
    FOREIGN KEY (authority_id, order_number) REFERENCES esep.payment_order (authority_id, order_number)
);

-- What a bank took: payments whose file was not refused. A refused file sent nothing and is no attempt that counts.
CREATE VIEW esep.taken_payment AS
SELECT p.* FROM esep.payment AS p
WHERE
    NOT EXISTS (
        SELECT 1 FROM esep.order_refusal AS f
        WHERE f.authority_id = p.authority_id AND f.order_number = p.order_number
    );

-- What a bank kept of a returned payment, though the service is free (R-006, E54): claimed of the bank.
CREATE TABLE esep.return_claim (
    authority_id integer NOT NULL,
    due_month date NOT NULL,
    award_number bigint NOT NULL,
    attempt integer NOT NULL,
    entry_number bigint NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    reason text NOT NULL,
    PRIMARY KEY (authority_id, due_month, award_number, attempt),
    FOREIGN KEY (authority_id, due_month, award_number, attempt)
    REFERENCES esep.returned_payment (authority_id, due_month, award_number, attempt)
);

-- Money that paid a claim: the statement line that brought it.
CREATE TABLE esep.return_claim_paid (
    authority_id integer NOT NULL,
    line_number bigint NOT NULL,
    entry_number bigint NOT NULL,
    due_month date NOT NULL,
    award_number bigint NOT NULL,
    attempt integer NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    PRIMARY KEY (authority_id, line_number),
    FOREIGN KEY (authority_id, due_month, award_number, attempt)
    REFERENCES esep.return_claim (authority_id, due_month, award_number, attempt)
);

-- A return that is not given back at a month's end although nobody decided: by action and reason alone (AMB-5).
CREATE TABLE esep.carry_over (
    authority_id integer NOT NULL,
    due_month date NOT NULL,
    award_number bigint NOT NULL,
    attempt integer NOT NULL,
    month date NOT NULL CHECK (extract(DAY FROM month) = 1),
    entry_number bigint NOT NULL,
    reason text NOT NULL CHECK (reason <> ''),
    PRIMARY KEY (authority_id, due_month, award_number, attempt, month),
    FOREIGN KEY (authority_id, due_month, award_number, attempt)
    REFERENCES esep.returned_payment (authority_id, due_month, award_number, attempt)
);

-- A corrective act of a month, numbered from 1; number 0 is the act itself.
CREATE TABLE esep.corrective_act (
    authority_id integer NOT NULL,
    month date NOT NULL,
    act_number integer NOT NULL CHECK (act_number > 0),
    follows integer GENERATED ALWAYS AS (nullif(act_number - 1, 0)) STORED,
    entry_number bigint NOT NULL,
    dated date NOT NULL,
    reason text NOT NULL CHECK (reason <> ''),
    PRIMARY KEY (authority_id, month, act_number),
    FOREIGN KEY (authority_id, month) REFERENCES esep.act (authority_id, month),
    FOREIGN KEY (authority_id, month, follows) REFERENCES esep.corrective_act (authority_id, month, act_number)
);

-- Who signed which document of a month, as recorded; role 'corporation' and 'authority' sign Appendix 1, 'deputy' and
-- then 'director' Appendix 2 (R-072).
CREATE TABLE esep.act_signature (
    authority_id integer NOT NULL,
    month date NOT NULL,
    act_number integer NOT NULL CHECK (act_number >= 0),
    role text NOT NULL CHECK (role IN ('corporation', 'authority', 'deputy', 'director')),
    entry_number bigint NOT NULL,
    signer text NOT NULL CHECK (signer <> ''),
    signed_on date NOT NULL,
    PRIMARY KEY (authority_id, month, act_number, role),
    FOREIGN KEY (authority_id, month) REFERENCES esep.act (authority_id, month)
);

-- When Appendix 2 was sent to the authority (R-071).
CREATE TABLE esep.statement_sent (
    authority_id integer NOT NULL,
    month date NOT NULL,
    entry_number bigint NOT NULL,
    sent_on date NOT NULL,
    PRIMARY KEY (authority_id, month),
    FOREIGN KEY (authority_id, month) REFERENCES esep.act (authority_id, month)
);

-- The authority's side of an act that it does not sign: a protocol of differences, line by line (AMB-14, E73).
CREATE TABLE esep.act_dispute (
    authority_id integer NOT NULL,
    month date NOT NULL,
    act_number integer NOT NULL CHECK (act_number >= 0),
    dispute_number integer NOT NULL CHECK (dispute_number > 0),
    entry_number bigint NOT NULL,
    opened_on date NOT NULL,
    document text NOT NULL,
    ours bigint NOT NULL,
    theirs bigint NOT NULL,
    PRIMARY KEY (authority_id, month, act_number, dispute_number),
    FOREIGN KEY (authority_id, month) REFERENCES esep.act (authority_id, month)
);

CREATE TABLE esep.act_dispute_line (
    authority_id integer NOT NULL,
    month date NOT NULL,
    act_number integer NOT NULL,
    dispute_number integer NOT NULL,
    line integer NOT NULL CHECK (line > 0),
    entry_number bigint NOT NULL,
    order_number text NOT NULL,
    order_date date NOT NULL,
    aid_kind text NOT NULL,
    ours bigint NOT NULL,
    theirs bigint NOT NULL,
    finding text NOT NULL CHECK (finding IN ('agrees', 'missing_with_us', 'missing_with_them', 'amount', 'kind')),
    comment text NOT NULL,
    PRIMARY KEY (authority_id, month, act_number, dispute_number, line),
    FOREIGN KEY (authority_id, month, act_number, dispute_number)
    REFERENCES esep.act_dispute (authority_id, month, act_number, dispute_number)
);

CREATE TABLE esep.act_dispute_end (
    authority_id integer NOT NULL,
    month date NOT NULL,
    act_number integer NOT NULL,
    dispute_number integer NOT NULL,
    entry_number bigint NOT NULL,
    ended_on date NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('explained', 'withdrawn', 'corrective_act')),
    note text NOT NULL CHECK (note <> ''),
    PRIMARY KEY (authority_id, month, act_number, dispute_number),
    FOREIGN KEY (authority_id, month, act_number, dispute_number)
    REFERENCES esep.act_dispute (authority_id, month, act_number, dispute_number)
);

-- What a bank still owes of a returned payment: memorandum accounts, no money stands on them.
INSERT INTO esep.chart (code, number, normal_side, may_overdraw, takes_kind, takes_reference) VALUES
('claim', '', 'debit', false, true, true),
('claims', '', 'credit', true, true, false);

-- A line that was placed wrong gets a new match; 'undone' leaves it without a place until the next statement.
ALTER TABLE esep.line_match DROP CONSTRAINT line_match_matched_as_check;
ALTER TABLE esep.line_match ADD CONSTRAINT line_match_matched_as_check
CHECK (matched_as IN ('transfer', 'settlement', 'return', 'unidentified', 'claim', 'undone'));

-- One line of a statement may bring the money of several messages.
ALTER TABLE esep.return_money DROP CONSTRAINT return_money_authority_id_line_number_key;
CREATE INDEX return_money_line ON esep.return_money (authority_id, line_number);

-- What was left of a transfer is placed later, by an entry of its own.
ALTER TABLE esep.transfer_placing DROP CONSTRAINT transfer_placing_pkey;
ALTER TABLE esep.transfer_placing
ADD PRIMARY KEY (authority_id, transfer_number, request_number, aid_kind, entry_number);

-- E39, still: number, date, BIN and amount are a transfer's identity, among those that were not turned round.
ALTER TABLE esep.transfer
DROP CONSTRAINT transfer_authority_id_order_number_order_date_payer_bin_amo_key;
CREATE INDEX transfer_identity ON esep.transfer (authority_id, order_number, order_date, payer_bin, amount);

CREATE FUNCTION esep.check_transfer() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(1165183344, NEW.authority_id);
    IF EXISTS (
        SELECT 1 FROM esep.transfer t
        WHERE t.authority_id = NEW.authority_id AND t.order_number = NEW.order_number
            AND t.order_date = NEW.order_date AND t.payer_bin = NEW.payer_bin AND t.amount = NEW.amount
            AND t.transfer_number <> NEW.transfer_number
            AND NOT EXISTS (SELECT 1 FROM esep.entry e
                            WHERE e.authority_id = t.authority_id AND e.reverses = t.entry_number)
    ) THEN
        RAISE EXCEPTION 'transfer % of % is in the books already', NEW.order_number,
            to_char(NEW.order_date, 'DD.MM.YYYY') USING ERRCODE = 'ES008';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER check_transfer AFTER INSERT ON esep.transfer FOR EACH ROW EXECUTE FUNCTION esep.check_transfer();

-- A later attempt exists only after its forerunner came back and the authority asked for a resend (R-062), or after
-- the bank refused the forerunner's file: that was no attempt that counts. What counts is the last attempt before that
-- the bank took: it must have come back to be resent, from its own money; without one the request pays, as at first.
CREATE OR REPLACE FUNCTION esep.check_attempt() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    taken integer;
BEGIN
    PERFORM pg_advisory_xact_lock(1165183344, NEW.authority_id);
    SELECT max(p.attempt) INTO taken FROM esep.taken_payment p
    WHERE p.authority_id = NEW.authority_id AND p.due_month = NEW.due_month
        AND p.award_number = NEW.award_number AND p.attempt < NEW.attempt;
    IF NOT EXISTS (SELECT 1 FROM esep.payment p
                   WHERE p.authority_id = NEW.authority_id AND p.due_month = NEW.due_month
                     AND p.award_number = NEW.award_number AND p.attempt = NEW.attempt - 1) THEN
        RAISE EXCEPTION 'attempt % of award % skips one', NEW.attempt, NEW.award_number USING ERRCODE = 'ES007';
    END IF;
    IF taken IS NULL THEN
        IF NEW.request_number > 0 THEN
            RETURN NULL;
        END IF;
    ELSIF coalesce((SELECT r.outcome FROM esep.resolution r
                    WHERE r.authority_id = NEW.authority_id AND r.due_month = NEW.due_month
                      AND r.award_number = NEW.award_number AND r.attempt = taken
                    ORDER BY r.version DESC LIMIT 1), '') = 'resend' AND NEW.request_number = 0 THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'attempt % of award % has no resolution to resend before it', NEW.attempt, NEW.award_number
        USING ERRCODE = 'ES007';
END $$;

-- An outcome ends another only while the money it speaks of has not been sent again; a refused file sent nothing.
CREATE OR REPLACE FUNCTION esep.check_resolution() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(1165183344, NEW.authority_id);
    IF EXISTS (SELECT 1 FROM esep.taken_payment p
               WHERE p.authority_id = NEW.authority_id AND p.due_month = NEW.due_month
                 AND p.award_number = NEW.award_number AND p.attempt > NEW.attempt) THEN
        RAISE EXCEPTION 'award % was already sent again after attempt %', NEW.award_number, NEW.attempt
            USING ERRCODE = 'ES007';
    END IF;
    RETURN NULL;
END $$;

-- A payment that came back was in a file that the bank took; a refused file gave nothing back.
CREATE FUNCTION esep.check_refusal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(1165183344, NEW.authority_id);
    IF EXISTS (
        SELECT 1 FROM esep.payment p
        JOIN esep.returned_payment r ON r.authority_id = p.authority_id AND r.due_month = p.due_month
            AND r.award_number = p.award_number AND r.attempt = p.attempt
        WHERE p.authority_id = NEW.authority_id AND p.order_number = NEW.order_number
    ) THEN
        RAISE EXCEPTION 'payments of order % came back: the bank took it', NEW.order_number USING ERRCODE = 'ES008';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER check_refusal AFTER INSERT ON esep.order_refusal FOR EACH ROW EXECUTE FUNCTION esep.check_refusal();

CREATE FUNCTION esep.check_returned() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(1165183344, NEW.authority_id);
    IF EXISTS (
        SELECT 1 FROM esep.payment p
        JOIN esep.order_refusal f ON f.authority_id = p.authority_id AND f.order_number = p.order_number
        WHERE p.authority_id = NEW.authority_id AND p.due_month = NEW.due_month
            AND p.award_number = NEW.award_number AND p.attempt = NEW.attempt
    ) THEN
        RAISE EXCEPTION 'payment P%/% was in a file that the bank refused, it cannot come back',
            NEW.award_number, NEW.attempt USING ERRCODE = 'ES008';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER check_returned AFTER INSERT ON esep.returned_payment
FOR EACH ROW EXECUTE FUNCTION esep.check_returned();

-- An award is cancelled only while no payment of it is out: sent, not refused and not come back.
CREATE FUNCTION esep.check_cancellation() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(1165183344, NEW.authority_id);
    IF EXISTS (
        SELECT 1 FROM esep.taken_payment p
        WHERE p.authority_id = NEW.authority_id AND p.due_month = NEW.due_month AND p.award_number = NEW.award_number
            AND NOT EXISTS (SELECT 1 FROM esep.returned_payment r
                            WHERE r.authority_id = p.authority_id AND r.due_month = p.due_month
                                AND r.award_number = p.award_number AND r.attempt = p.attempt)
    ) THEN
        RAISE EXCEPTION 'award % was sent to the bank: it can only come back', NEW.award_number
            USING ERRCODE = 'ES008';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER check_cancellation AFTER INSERT ON esep.award_cancellation
FOR EACH ROW EXECUTE FUNCTION esep.check_cancellation();

-- Nothing is sent that was cancelled or is on hold. The few stops are looked up among the payments, not the payments
-- among the stops: a million rows are not copied aside for it.
CREATE FUNCTION esep.refuse_stopped() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    stopped record;
BEGIN
    SELECT p.award_number, 'cancelled' AS why INTO stopped
    FROM esep.award_cancellation c
    JOIN esep.payment p ON p.authority_id = c.authority_id AND p.due_month = c.due_month
        AND p.award_number = c.award_number AND p.entry_number > c.entry_number
    LIMIT 1;
    IF NOT FOUND THEN
        SELECT p.award_number, 'on hold: ' || h.reason AS why INTO stopped
        FROM esep.hold h
        JOIN esep.award_line w ON w.authority_id = h.authority_id AND w.iin = h.iin AND w.version = 1
            AND h.award_number IN (0, w.award_number)
        JOIN esep.payment p ON p.authority_id = w.authority_id AND p.due_month = w.due_month
            AND p.award_number = w.award_number AND p.entry_number > h.entry_number
        WHERE NOT EXISTS (SELECT 1 FROM esep.hold_end e
                          WHERE e.authority_id = h.authority_id AND e.hold_number = h.hold_number)
        LIMIT 1;
    END IF;
    IF FOUND THEN
        RAISE EXCEPTION 'award % is %, it cannot be sent', stopped.award_number, stopped.why USING ERRCODE = 'ES008';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER refuse_stopped AFTER INSERT ON esep.payment FOR EACH STATEMENT EXECUTE FUNCTION esep.refuse_stopped();

-- The order of signatures: Appendix 1 by both sides and not while it is disputed, Appendix 2 by the deputy first; who
-- built the documents does not sign them, and nobody signs for two.
CREATE FUNCTION esep.check_signature() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    maker text;
BEGIN
    PERFORM pg_advisory_xact_lock(1165183344, NEW.authority_id);
    SELECT e.actor INTO maker FROM esep.entry e
    WHERE e.authority_id = NEW.authority_id AND e.number = (
        SELECT a.entry_number FROM esep.act a
        WHERE a.authority_id = NEW.authority_id AND a.month = NEW.month AND NEW.act_number = 0
        UNION ALL
        SELECT c.entry_number FROM esep.corrective_act c
        WHERE c.authority_id = NEW.authority_id AND c.month = NEW.month AND c.act_number = NEW.act_number
    );
    IF maker IS NULL THEN
        RAISE EXCEPTION 'there is no act No % of this month', NEW.act_number USING ERRCODE = 'ES008';
    END IF;
    IF maker = NEW.signer THEN
        RAISE EXCEPTION '% built the document and cannot sign it', NEW.signer USING ERRCODE = 'ES008';
    END IF;
    IF NEW.act_number > 0 AND NEW.role IN ('deputy', 'director') THEN
        RAISE EXCEPTION 'a corrective act is to Appendix 1: the two sides sign it, not the %', NEW.role
            USING ERRCODE = 'ES008';
    END IF;
    IF EXISTS (SELECT 1 FROM esep.act_signature s
               WHERE s.authority_id = NEW.authority_id AND s.month = NEW.month AND s.act_number = NEW.act_number
                 AND s.role <> NEW.role AND s.signer = NEW.signer
                 AND (s.role IN ('corporation', 'authority')) = (NEW.role IN ('corporation', 'authority'))) THEN
        RAISE EXCEPTION '% signed this document already: nobody signs it for two', NEW.signer
            USING ERRCODE = 'ES008';
    END IF;
    IF NEW.role = 'director' AND NOT EXISTS (
        SELECT 1 FROM esep.act_signature s WHERE s.authority_id = NEW.authority_id AND s.month = NEW.month
            AND s.act_number = NEW.act_number AND s.role = 'deputy' AND s.signed_on <= NEW.signed_on) THEN
        RAISE EXCEPTION 'the deputy director signs Appendix 2 before the director' USING ERRCODE = 'ES008';
    END IF;
    IF NEW.role IN ('corporation', 'authority') AND EXISTS (
        SELECT 1 FROM esep.act_dispute d WHERE d.authority_id = NEW.authority_id AND d.month = NEW.month
            AND d.act_number = NEW.act_number AND NOT EXISTS (
                SELECT 1 FROM esep.act_dispute_end e WHERE e.authority_id = d.authority_id AND e.month = d.month
                    AND e.act_number = d.act_number AND e.dispute_number = d.dispute_number)) THEN
        RAISE EXCEPTION 'the act is disputed: end the dispute before it is signed (AMB-14)' USING ERRCODE = 'ES008';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER check_signature AFTER INSERT ON esep.act_signature
FOR EACH ROW EXECUTE FUNCTION esep.check_signature();

-- Appendix 2 goes to the authority when both officials signed it.
CREATE FUNCTION esep.check_sent() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(1165183344, NEW.authority_id);
    IF NOT EXISTS (SELECT 1 FROM esep.act_signature s
                   WHERE s.authority_id = NEW.authority_id AND s.month = NEW.month AND s.act_number = 0
                     AND s.role = 'director' AND s.signed_on <= NEW.sent_on) THEN
        RAISE EXCEPTION 'Appendix 2 is sent after the director signed it' USING ERRCODE = 'ES008';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER check_sent AFTER INSERT ON esep.statement_sent FOR EACH ROW EXECUTE FUNCTION esep.check_sent();

-- What both sides signed is not disputed any more: it is corrected. One dispute is open at a time.
CREATE FUNCTION esep.check_dispute() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(1165183344, NEW.authority_id);
    IF NEW.act_number > 0 AND NOT EXISTS (
        SELECT 1 FROM esep.corrective_act c WHERE c.authority_id = NEW.authority_id AND c.month = NEW.month
            AND c.act_number = NEW.act_number) THEN
        RAISE EXCEPTION 'there is no act No % of this month', NEW.act_number USING ERRCODE = 'ES008';
    END IF;
    IF EXISTS (SELECT 1 FROM esep.act_signature s
               WHERE s.authority_id = NEW.authority_id AND s.month = NEW.month AND s.act_number = NEW.act_number
                 AND s.role = 'authority') THEN
        RAISE EXCEPTION 'the authority signed the act: what is wrong with it is a matter of a corrective act'
            USING ERRCODE = 'ES008';
    END IF;
    IF EXISTS (SELECT 1 FROM esep.act_dispute d
               WHERE d.authority_id = NEW.authority_id AND d.month = NEW.month AND d.act_number = NEW.act_number
                 AND d.dispute_number <> NEW.dispute_number AND NOT EXISTS (
                    SELECT 1 FROM esep.act_dispute_end e WHERE e.authority_id = d.authority_id AND e.month = d.month
                        AND e.act_number = d.act_number AND e.dispute_number = d.dispute_number)) THEN
        RAISE EXCEPTION 'the act is disputed already: end that dispute first' USING ERRCODE = 'ES008';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER check_dispute AFTER INSERT ON esep.act_dispute
FOR EACH ROW EXECUTE FUNCTION esep.check_dispute();

-- A corrective act corrects what both sides signed: the act, and the corrective acts before it.
CREATE FUNCTION esep.check_corrective() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(1165183344, NEW.authority_id);
    IF (SELECT count(*) FROM esep.act_signature s
        WHERE s.authority_id = NEW.authority_id AND s.month = NEW.month AND s.act_number < NEW.act_number
            AND s.role IN ('corporation', 'authority')) < 2 * NEW.act_number THEN
        RAISE EXCEPTION 'act No % is not signed by both sides: only a signed act is corrected', NEW.act_number - 1
            USING ERRCODE = 'ES008';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER check_corrective AFTER INSERT ON esep.corrective_act
FOR EACH ROW EXECUTE FUNCTION esep.check_corrective();
