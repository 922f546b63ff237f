-- What the three reconciliations need: the banks' registers of what they credited, the authority's own list of orders,
-- and the differences that are left, with everything that people did about them.

-- Which rules may match, in which window of days and with which tolerance: for all, for an account, for a bank. It
-- stands in book 0. A tolerance above zero is an agreement and says why.
CREATE TABLE esep.match_term (
    authority_id integer NOT NULL DEFAULT 0 CHECK (authority_id = 0),
    iban text NOT NULL,
    bic text NOT NULL,
    rule text NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    ended_version integer GENERATED ALWAYS AS (nullif(version - 1, 0)) STORED,
    entry_number bigint NOT NULL,
    is_on boolean NOT NULL,
    window_days integer NOT NULL CHECK (window_days >= 0),
    tolerance bigint NOT NULL CHECK (tolerance >= 0),
    reason text NOT NULL CHECK (reason <> ''),
    PRIMARY KEY (authority_id, iban, bic, rule, version),
    FOREIGN KEY (authority_id, iban, bic, rule, ended_version)
    REFERENCES esep.match_term (authority_id, iban, bic, rule, version)
);

-- A bank's register of what it credited to whom. What names an order of an authority stands in that authority's book;
-- what names none of ours stands in book 0.
CREATE TABLE esep.crediting (
    authority_id integer NOT NULL,
    crediting_number integer NOT NULL CHECK (crediting_number > 0),
    entry_number bigint NOT NULL,
    bic text NOT NULL,
    document text NOT NULL,
    dated date NOT NULL,
    count bigint NOT NULL CHECK (count > 0),
    amount bigint NOT NULL CHECK (amount > 0),
    sha256 bytea NOT NULL,
    PRIMARY KEY (authority_id, crediting_number),
    UNIQUE (authority_id, bic, sha256)
);

-- A line of it: order_reference and item as the bank gives them ('' and 0 when it gives none).
CREATE TABLE esep.crediting_line (
    authority_id integer NOT NULL,
    crediting_number integer NOT NULL,
    line integer NOT NULL CHECK (line > 0),
    entry_number bigint NOT NULL,
    order_reference text NOT NULL,
    item integer NOT NULL CHECK (item >= 0),
    iin text NOT NULL,
    full_name text NOT NULL,
    iban text NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    outcome text NOT NULL CHECK (outcome IN ('credited', 'returned')),
    credited_on date NOT NULL,
    reason text NOT NULL,
    PRIMARY KEY (authority_id, crediting_number, line)
);

-- Payments and lines that were found to be the same money, all that one rule found of one order at once. Payment n of
-- the arrays (order, item) is line n, where is_paired; else all the payments together are all the lines together.
CREATE TABLE esep.crediting_match (
    authority_id integer NOT NULL,
    match_number integer NOT NULL CHECK (match_number > 0),
    entry_number bigint NOT NULL,
    crediting_number integer NOT NULL,
    rule text NOT NULL,
    is_paired boolean NOT NULL,
    orders integer[] NOT NULL,
    items integer[] NOT NULL,
    lines integer[] NOT NULL,
    amount_paid bigint NOT NULL CHECK (amount_paid > 0),
    amount_credited bigint NOT NULL CHECK (amount_credited > 0),
    note text NOT NULL,
    PRIMARY KEY (authority_id, match_number),
    FOREIGN KEY (authority_id, crediting_number) REFERENCES esep.crediting (authority_id, crediting_number),
    CHECK (cardinality(orders) = cardinality(items) AND cardinality(items) > 0 AND cardinality(lines) > 0),
    CHECK (NOT is_paired OR cardinality(items) = cardinality(lines)),
    -- A person who matches by hand says why.
    CHECK (rule <> 'by_hand' OR note <> '')
);
CREATE INDEX crediting_match_of ON esep.crediting_match (authority_id, crediting_number);

-- What was taken out of a match again: this line, with its payment; of a match that is not paired, all of it (line 0).
CREATE TABLE esep.crediting_unmatch (
    authority_id integer NOT NULL,
    match_number integer NOT NULL,
    line integer NOT NULL CHECK (line >= 0),
    entry_number bigint NOT NULL,
    reason text NOT NULL CHECK (reason <> ''),
    PRIMARY KEY (authority_id, match_number, line),
    FOREIGN KEY (authority_id, match_number) REFERENCES esep.crediting_match (authority_id, match_number)
);

-- The authority's own list of its payment orders and of the refunds it got: a month's last list is the one in force.
CREATE TABLE esep.authority_list (
    authority_id integer NOT NULL,
    list_number integer NOT NULL CHECK (list_number > 0),
    entry_number bigint NOT NULL,
    month date NOT NULL CHECK (extract(DAY FROM month) = 1),
    document text NOT NULL CHECK (document <> ''),
    count bigint NOT NULL CHECK (count >= 0),
    transferred bigint NOT NULL CHECK (transferred >= 0),
    refunded bigint NOT NULL CHECK (refunded >= 0),
    sha256 bytea NOT NULL,
    PRIMARY KEY (authority_id, list_number)
);

CREATE TABLE esep.authority_list_line (
    authority_id integer NOT NULL,
    list_number integer NOT NULL,
    line integer NOT NULL CHECK (line > 0),
    entry_number bigint NOT NULL,
    side text NOT NULL CHECK (side IN ('transfer', 'refund')),
    order_number text NOT NULL,
    order_date date NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    aid_kind text NOT NULL,
    comment text NOT NULL,
    PRIMARY KEY (authority_id, list_number, line),
    FOREIGN KEY (authority_id, list_number) REFERENCES esep.authority_list (authority_id, list_number)
);

-- A line that a person matched by hand to a transfer or a refund of ours; version n ends version n - 1, and number 0
-- undoes.
CREATE TABLE esep.authority_list_match (
    authority_id integer NOT NULL,
    list_number integer NOT NULL,
    line integer NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    ended_version integer GENERATED ALWAYS AS (nullif(version - 1, 0)) STORED,
    entry_number bigint NOT NULL,
    number integer NOT NULL CHECK (number >= 0),
    reason text NOT NULL CHECK (reason <> ''),
    PRIMARY KEY (authority_id, list_number, line, version),
    FOREIGN KEY (authority_id, list_number, line)
    REFERENCES esep.authority_list_line (authority_id, list_number, line),
    FOREIGN KEY (authority_id, list_number, line, ended_version)
    REFERENCES esep.authority_list_match (authority_id, list_number, line, version)
);

-- A difference between true records: what it is, about what, for how much, and why in words. It is never deleted.
CREATE TABLE esep.break_item (
    authority_id integer NOT NULL,
    break_number integer NOT NULL CHECK (break_number > 0),
    entry_number bigint NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL CHECK (subject <> ''),
    occurrence integer NOT NULL CHECK (occurrence > 0),
    amount bigint NOT NULL,
    bic text NOT NULL,
    aid_kind text NOT NULL,
    happened_on date NOT NULL,
    reason text NOT NULL CHECK (reason <> ''),
    PRIMARY KEY (authority_id, break_number),
    UNIQUE (authority_id, kind, subject, occurrence)
);

-- What was done about it, in its order. A closing says by what: an entry of a book, a match, or that it is carried as a
-- difference into the act of a month. Nothing is written off.
CREATE TABLE esep.break_event (
    authority_id integer NOT NULL,
    break_number integer NOT NULL,
    step integer NOT NULL CHECK (step > 0),
    follows integer GENERATED ALWAYS AS (nullif(step - 1, 0)) STORED,
    entry_number bigint NOT NULL,
    action text NOT NULL CHECK (
        action IN ('assigned', 'noted', 'parked', 'escalated', 'matched', 'posted', 'cleared', 'carried', 'reopened')
    ),
    happened_on date NOT NULL,
    owner text NOT NULL,
    until date,
    reference text NOT NULL,
    note text NOT NULL,
    PRIMARY KEY (authority_id, break_number, step),
    FOREIGN KEY (authority_id, break_number) REFERENCES esep.break_item (authority_id, break_number),
    FOREIGN KEY (authority_id, break_number, follows)
    REFERENCES esep.break_event (authority_id, break_number, step),
    CHECK (action NOT IN ('matched', 'posted', 'cleared', 'carried') OR reference <> ''),
    CHECK (action NOT IN ('noted', 'escalated', 'posted', 'carried', 'reopened') OR note <> ''),
    CHECK (action <> 'assigned' OR owner <> ''),
    CHECK (action <> 'parked' OR until IS NOT NULL)
);

-- The pairs in force: what the matches say, less what was taken out of them. Of a match that is not paired, every
-- payment stands beside line 0 and every line beside order 0.
CREATE VIEW esep.crediting_pair AS
SELECT
    m.authority_id,
    m.match_number,
    m.crediting_number,
    m.rule,
    p.order_number,
    p.item,
    p.line
FROM esep.crediting_match AS m
CROSS JOIN
    LATERAL (
        SELECT
            u.order_number,
            u.item,
            u.line
        FROM unnest(m.orders, m.items, m.lines) AS u (order_number, item, line)
        WHERE m.is_paired
        UNION ALL
        SELECT
            u.order_number,
            u.item,
            0 AS line
        FROM unnest(m.orders, m.items) AS u (order_number, item)
        WHERE NOT m.is_paired
        UNION ALL
        SELECT
            0 AS order_number,
            0 AS item,
            u.line
        FROM unnest(m.lines) AS u (line)
        WHERE NOT m.is_paired
    ) AS p
WHERE
    NOT EXISTS (
        SELECT 1 FROM esep.crediting_unmatch AS x
        WHERE
            x.authority_id = m.authority_id AND x.match_number = m.match_number
            AND x.line IN (0, p.line)
    );

-- The last event of each break; a break without one is open and nobody's.
CREATE VIEW esep.break_state AS
SELECT
    b.*,
    coalesce(e.step, 0) AS step,
    coalesce(e.action, 'opened') AS action,
    coalesce(e.action IN ('matched', 'posted', 'cleared', 'carried'), FALSE) AS is_closed,
    coalesce((
        SELECT o.owner FROM esep.break_event AS o
        WHERE o.authority_id = b.authority_id AND o.break_number = b.break_number AND o.action = 'assigned'
        ORDER BY o.step DESC LIMIT 1
    ), '') AS owner,
    CASE WHEN e.action = 'parked' THEN e.until END AS parked_until,
    coalesce(e.reference, '') AS closed_by
FROM esep.break_item AS b
LEFT JOIN LATERAL (
    SELECT
        v.step,
        v.action,
        v.until,
        v.reference
    FROM esep.break_event AS v
    WHERE v.authority_id = b.authority_id AND v.break_number = b.break_number
    ORDER BY v.step DESC LIMIT 1
) AS e ON TRUE;

-- Live once: no payment and no line stands in two matches that are in force, and no match pairs one of them twice. What
-- a bank says it credited is equal to what we paid, but for a tolerance that an agreement allows.
CREATE FUNCTION esep.check_crediting_match() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    wrong record;
    months date [];
BEGIN
    PERFORM pg_advisory_xact_lock(1165183344, b.authority_id)
    FROM (SELECT DISTINCT n.authority_id FROM new_rows n ORDER BY n.authority_id) b;
    SELECT array_agg(DISTINCT b.due_month) INTO months FROM esep.award_batch b
    WHERE b.authority_id IN (SELECT n.authority_id FROM new_rows n);
    WITH allowed AS (
        -- A bank's own terms come before those for all.
        SELECT n.authority_id, n.match_number, coalesce((
            SELECT t.tolerance FROM esep.match_term t
            WHERE t.rule = n.rule AND t.iban = '' AND t.bic IN ('', c.bic)
            ORDER BY t.bic <> '' DESC, t.version DESC LIMIT 1), 0) AS tolerance
        FROM new_rows n
        JOIN esep.crediting c ON c.authority_id = n.authority_id AND c.crediting_number = n.crediting_number
    ), paid AS (
        SELECT n.authority_id, n.match_number, CASE WHEN n.is_paired THEN u.place ELSE 0 END AS place, p.amount
        FROM new_rows n
        CROSS JOIN LATERAL unnest(n.orders, n.items) WITH ORDINALITY u (order_number, item, place)
        LEFT JOIN esep.payment p ON p.authority_id = n.authority_id AND p.due_month = ANY (months)
            AND p.order_number = u.order_number AND p.item = u.item
    ), credited AS (
        SELECT n.authority_id, n.match_number, CASE WHEN n.is_paired THEN u.place ELSE 0 END AS place, l.amount
        FROM new_rows n
        CROSS JOIN LATERAL unnest(n.lines) WITH ORDINALITY u (line, place)
        LEFT JOIN esep.crediting_line l ON l.authority_id = n.authority_id
            AND l.crediting_number = n.crediting_number AND l.line = u.line
    ), side AS (
        SELECT authority_id, match_number, place, amount, 0::bigint AS other, amount IS NULL AS is_nobodys FROM paid
        UNION ALL
        SELECT authority_id, match_number, place, 0, amount, amount IS NULL FROM credited
    ), pair AS (
        SELECT authority_id, match_number, place, sum(amount) AS paid, sum(other) AS credited,
               bool_or(is_nobodys) AS is_nobodys
        FROM side GROUP BY authority_id, match_number, place
    )
    SELECT a.match_number INTO wrong FROM allowed a
    JOIN pair USING (authority_id, match_number) JOIN new_rows n USING (authority_id, match_number)
    GROUP BY a.authority_id, a.match_number, a.tolerance, n.amount_paid, n.amount_credited
    HAVING bool_or(pair.is_nobodys) OR max(abs(pair.paid - pair.credited)) > a.tolerance
        OR sum(pair.paid) <> n.amount_paid OR sum(pair.credited) <> n.amount_credited
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'match % sets unequal amounts against each other, and no agreement allows it',
            wrong.match_number USING ERRCODE = 'ES008';
    END IF;
    SELECT p.order_number, p.item INTO wrong
    FROM esep.crediting_pair p
    WHERE p.order_number > 0
        AND p.authority_id IN (SELECT n.authority_id FROM new_rows n)
        AND p.order_number IN (SELECT DISTINCT o.o FROM new_rows n CROSS JOIN LATERAL unnest(n.orders) o (o))
    GROUP BY p.authority_id, p.order_number, p.item HAVING count(*) > 1 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'item % of order % is matched already', wrong.item, wrong.order_number
            USING ERRCODE = 'ES008';
    END IF;
    SELECT p.crediting_number, p.line INTO wrong
    FROM esep.crediting_pair p
    WHERE p.line > 0 AND (p.authority_id, p.crediting_number)
        IN (SELECT n.authority_id, n.crediting_number FROM new_rows n)
    GROUP BY p.authority_id, p.crediting_number, p.line HAVING count(*) > 1 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'line % of crediting register % is matched already', wrong.line, wrong.crediting_number
            USING ERRCODE = 'ES008';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER check_crediting_match AFTER INSERT ON esep.crediting_match REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION esep.check_crediting_match();

-- A break comes back only after it was closed, and then under the next occurrence.
CREATE FUNCTION esep.check_break() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(1165183344, NEW.authority_id);
    IF EXISTS (SELECT 1 FROM esep.break_state s
               WHERE s.authority_id = NEW.authority_id AND s.kind = NEW.kind AND s.subject = NEW.subject
                 AND s.break_number <> NEW.break_number AND NOT s.is_closed)
        OR (NEW.occurrence > 1 AND NOT EXISTS (
            SELECT 1 FROM esep.break_item b WHERE b.authority_id = NEW.authority_id AND b.kind = NEW.kind
                AND b.subject = NEW.subject AND b.occurrence = NEW.occurrence - 1)) THEN
        RAISE EXCEPTION 'the difference % of % is open already', NEW.kind, NEW.subject USING ERRCODE = 'ES008';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER check_break AFTER INSERT ON esep.break_item FOR EACH ROW EXECUTE FUNCTION esep.check_break();

-- What is closed takes nothing but its reopening; what is posted names an entry of the book that moved money.
CREATE FUNCTION esep.check_break_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    before text;
BEGIN
    PERFORM pg_advisory_xact_lock(1165183344, NEW.authority_id);
    SELECT e.action INTO before FROM esep.break_event e
    WHERE e.authority_id = NEW.authority_id AND e.break_number = NEW.break_number AND e.step = NEW.step - 1;
    IF coalesce(before IN ('matched', 'posted', 'cleared', 'carried'), FALSE) <> (NEW.action = 'reopened') THEN
        RAISE EXCEPTION 'difference % is %, it cannot be %', NEW.break_number,
            CASE WHEN NEW.action = 'reopened' THEN 'open' ELSE 'closed' END, NEW.action USING ERRCODE = 'ES008';
    END IF;
    IF NEW.action = 'posted' AND NOT EXISTS (
        SELECT 1 FROM esep.posting p WHERE p.authority_id = NEW.authority_id
            AND 'entry ' || p.entry_number = NEW.reference) THEN
        RAISE EXCEPTION 'difference % is closed by a posting that is not in the book: %', NEW.break_number,
            NEW.reference USING ERRCODE = 'ES008';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER check_break_event AFTER INSERT ON esep.break_event
FOR EACH ROW EXECUTE FUNCTION esep.check_break_event();

-- Who closes a difference by a posting approves it, and did not make it. Both entries are there at the commit alone.
CREATE FUNCTION esep.check_approver() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM esep.entry made
               JOIN esep.entry closing ON closing.authority_id = made.authority_id AND closing.actor = made.actor
               WHERE made.authority_id = NEW.authority_id AND 'entry ' || made.number = NEW.reference
                 AND closing.number = NEW.entry_number) THEN
        RAISE EXCEPTION 'difference % is closed by who made its posting: somebody else has to approve it',
            NEW.break_number USING ERRCODE = 'ES008';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER check_approver AFTER INSERT ON esep.break_event DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (NEW.action = 'posted') EXECUTE FUNCTION esep.check_approver();
