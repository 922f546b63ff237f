-- The books for readers: views that say in words what the registers hold, without a person's name, number or account.
-- They are read with SELECT and nothing more; amounts are whole tiyn. ledgers/frames.py gives them as tables of pandas.

-- What a trace looks for by something else than its key.
CREATE INDEX award_line_guardian ON esep.award_line (guardian_iin) WHERE guardian_iin <> '';
CREATE INDEX refund_reference ON esep.refund (authority_id, reference);
CREATE INDEX break_item_subject ON esep.break_item (authority_id, subject);

-- An account as people write it: 'funding[AST-2024-0001]/A', 'transit[GCVP-00100000071]', 'cash'.
CREATE FUNCTION esep.account_text(code text, reference text, aid_kind text) RETURNS text LANGUAGE sql IMMUTABLE
RETURN code || CASE WHEN reference <> '' THEN '[' || reference || ']' ELSE '' END
|| CASE WHEN aid_kind <> '' THEN '/' || aid_kind ELSE '' END;

CREATE VIEW esep.journal AS
SELECT
    e.authority_id,
    e.number AS entry_number,
    e.kind,
    e.booked_on,
    e.value_date,
    e.recorded_at,
    e.actor,
    e.summary,
    e.reverses,
    p.line,
    p.rule,
    p.amount,
    esep.account_text(d.code, d.reference, d.aid_kind) AS debit,
    esep.account_text(c.code, c.reference, c.aid_kind) AS credit
FROM esep.entry AS e
LEFT JOIN esep.posting AS p ON e.authority_id = p.authority_id AND e.number = p.entry_number
LEFT JOIN esep.account AS d ON p.authority_id = d.authority_id AND p.debit = d.account_id
LEFT JOIN esep.account AS c ON p.authority_id = c.authority_id AND p.credit = c.account_id;

COMMENT ON VIEW esep.journal IS 'Every journal entry with its postings, a posting a row; an entry that moved no money '
'has one row without a posting.';
COMMENT ON COLUMN esep.journal.authority_id IS 'The book: an authority''s, or 0 for money of nobody yet.';
COMMENT ON COLUMN esep.journal.entry_number IS 'Number of the entry in its book, in the order it became known.';
COMMENT ON COLUMN esep.journal.booked_on IS 'Booking date: the day the entry counts in the books.';
COMMENT ON COLUMN esep.journal.value_date IS 'The day the money counts.';
COMMENT ON COLUMN esep.journal.recorded_at IS 'The moment the entry became known; it never goes back within a book.';
COMMENT ON COLUMN esep.journal.actor IS 'Who entered it.';
COMMENT ON COLUMN esep.journal.reverses IS 'The entry that this one turns round, if it does.';
COMMENT ON COLUMN esep.journal.rule IS 'The posting rule: what happened (ledgers/rules.py).';
COMMENT ON COLUMN esep.journal.amount IS 'Tiyn.';
COMMENT ON COLUMN esep.journal.debit IS 'The account debited, as people write it.';
COMMENT ON COLUMN esep.journal.credit IS 'The account credited, as people write it.';

CREATE VIEW esep.balance AS
SELECT
    a.authority_id,
    a.account_id,
    h.number,
    a.code,
    a.reference,
    a.aid_kind,
    d.debit,
    c.credit,
    esep.account_text(a.code, a.reference, a.aid_kind) AS account,
    CASE h.normal_side WHEN 'debit' THEN d.debit - c.credit ELSE c.credit - d.debit END AS balance
FROM esep.account AS a
INNER JOIN esep.chart AS h ON a.code = h.code
CROSS JOIN
    LATERAL (
        SELECT coalesce(sum(p.amount), 0)::bigint AS debit FROM esep.posting AS p
        WHERE p.authority_id = a.authority_id AND p.debit = a.account_id
    ) AS d
CROSS JOIN
    LATERAL (
        SELECT coalesce(sum(p.amount), 0)::bigint AS credit FROM esep.posting AS p
        WHERE p.authority_id = a.authority_id AND p.credit = a.account_id
    ) AS c;

COMMENT ON VIEW esep.balance IS 'Every account of every book with all that ever moved on it, as known now.';
COMMENT ON COLUMN esep.balance.number IS 'Number of the account in the chart; empty for memorandum accounts.';
COMMENT ON COLUMN esep.balance.reference IS 'What is open on it: a request, a statement line, a file, a payment.';
COMMENT ON COLUMN esep.balance.account IS 'The account as people write it.';
COMMENT ON COLUMN esep.balance.debit IS 'Turnover in debit, tiyn.';
COMMENT ON COLUMN esep.balance.credit IS 'Turnover in credit, tiyn.';
COMMENT ON COLUMN esep.balance.balance IS 'Balance on the account''s normal side, tiyn.';

CREATE VIEW esep.payment_state AS
WITH settled AS (
    SELECT DISTINCT
        m.placed_in,
        m.reference
    FROM esep.line_match AS m
    WHERE
        m.matched_as = 'settlement'
        AND NOT EXISTS (
            SELECT 1 FROM esep.line_match AS n
            WHERE n.authority_id = m.authority_id AND n.line_number = m.line_number AND n.version > m.version
        )
),

given_back AS (
    SELECT DISTINCT
        g.authority_id,
        g.reference
    FROM esep.refund AS g
    WHERE
        NOT EXISTS (
            SELECT 1 FROM esep.order_refusal AS f
            WHERE f.authority_id = g.authority_id AND f.order_number = g.order_number
        )
)

SELECT
    p.authority_id,
    p.due_month,
    p.award_number,
    p.attempt,
    o.aid_kind,
    o.bic,
    o.order_number,
    o.reference AS file,
    p.item,
    o.dated AS sent_on,
    p.amount,
    p.entry_number,
    'P' || p.award_number || '/' || p.attempt AS payment,
    CASE
        WHEN f.order_number IS NOT NULL THEN 'refused'
        WHEN r.award_number IS NULL AND s.reference IS NULL THEN 'sent'
        WHEN r.award_number IS NULL THEN 'settled'
        WHEN g.reference IS NOT NULL THEN 'refunded'
        WHEN
            EXISTS (
                SELECT 1 FROM esep.taken_payment AS n
                WHERE
                    n.authority_id = p.authority_id AND n.due_month = p.due_month
                    AND n.award_number = p.award_number AND n.attempt > p.attempt
            )
            THEN 'resent'
        ELSE 'returned'
    END AS state
FROM esep.payment AS p
INNER JOIN esep.payment_order AS o ON p.authority_id = o.authority_id AND p.order_number = o.order_number
LEFT JOIN esep.order_refusal AS f ON p.authority_id = f.authority_id AND p.order_number = f.order_number
LEFT JOIN esep.returned_payment AS r
    ON
        p.authority_id = r.authority_id AND p.due_month = r.due_month AND p.award_number = r.award_number
        AND p.attempt = r.attempt
LEFT JOIN settled AS s ON o.authority_id = s.placed_in AND o.reference = s.reference
LEFT JOIN given_back AS g
    ON r.authority_id = g.authority_id AND g.reference = 'P' || r.award_number || '/' || r.attempt;

COMMENT ON VIEW esep.payment_state IS 'Every payment and what became of it by the registers; no person is named.';
COMMENT ON COLUMN esep.payment_state.due_month IS 'The month that the award is for.';
COMMENT ON COLUMN esep.payment_state.award_number IS 'Number of the award in its book; it stands for the person.';
COMMENT ON COLUMN esep.payment_state.attempt IS '1, and one more for each resend.';
COMMENT ON COLUMN esep.payment_state.payment IS 'The payment as people write it: P20000001/1.';
COMMENT ON COLUMN esep.payment_state.file IS 'Reference of the file to the bank.';
COMMENT ON COLUMN esep.payment_state.sent_on IS 'Date of the payment order.';
COMMENT ON COLUMN esep.payment_state.amount IS 'Tiyn.';
COMMENT ON COLUMN esep.payment_state.entry_number IS 'The entry that sent it.';
COMMENT ON COLUMN esep.payment_state.state IS 'sent: at the bank; refused: the bank took nothing of the file; settled: '
'debited, and it did not come back; returned: it came back; resent: and went again; refunded: and was given back.';

CREATE VIEW esep.transfer_state AS
SELECT
    t.authority_id,
    t.transfer_number,
    t.order_number,
    t.order_date,
    t.payer_bin,
    t.received_on,
    t.amount,
    s.placed,
    t.line_number,
    t.entry_number,
    CASE
        WHEN r.number IS NOT NULL THEN 'turned_round'
        WHEN s.placed = t.amount THEN 'placed'
        WHEN s.placed > 0 THEN 'placed_in_part'
        ELSE 'not_placed'
    END AS state
FROM esep.transfer AS t
LEFT JOIN esep.entry AS r ON t.authority_id = r.authority_id AND t.entry_number = r.reverses
CROSS JOIN
    LATERAL (
        SELECT coalesce(sum(p.amount), 0)::bigint AS placed
        FROM esep.transfer_placing AS p
        WHERE
            p.authority_id = t.authority_id AND p.transfer_number = t.transfer_number
            AND NOT EXISTS (
                SELECT 1 FROM esep.entry AS x
                WHERE x.authority_id = p.authority_id AND x.reverses = p.entry_number
            )
    ) AS s;

COMMENT ON VIEW esep.transfer_state IS 'Every transfer of an authority and how much of it requests took.';
COMMENT ON COLUMN esep.transfer_state.order_number IS 'Number of the authority''s own order, as the act prints it.';
COMMENT ON COLUMN esep.transfer_state.amount IS 'Tiyn.';
COMMENT ON COLUMN esep.transfer_state.placed IS 'What requests took of it and nothing turned round, tiyn.';
COMMENT ON COLUMN esep.transfer_state.line_number IS 'The statement line (of book 0) that brought it.';
COMMENT ON COLUMN esep.transfer_state.state IS 'placed, placed_in_part, not_placed, or turned_round by a reversal.';

CREATE VIEW esep.break_list AS
SELECT
    s.authority_id,
    s.break_number,
    s.kind,
    s.subject,
    s.occurrence,
    s.amount,
    s.bic,
    s.aid_kind,
    s.happened_on,
    s.reason,
    s.action,
    s.is_closed,
    s.owner,
    s.parked_until,
    s.closed_by,
    s.entry_number,
    e.recorded_at AS found_at,
    coalesce(a.code, 'SC') AS authority
FROM esep.break_state AS s
INNER JOIN esep.entry AS e ON s.authority_id = e.authority_id AND s.entry_number = e.number
LEFT JOIN esep.authority AS a ON s.authority_id = a.authority_id;

COMMENT ON VIEW esep.break_list IS 'Every difference that a reconciliation found, and what was done about it last.';
COMMENT ON COLUMN esep.break_list.authority IS 'Code of the authority; SC is the State Corporation''s own book 0.';
COMMENT ON COLUMN esep.break_list.subject IS 'The record it is about: a statement line S12, a payment P20000001/1, a '
'crediting line C3/45, a line of the authority''s list L2/7.';
COMMENT ON COLUMN esep.break_list.occurrence IS '1, and one more each time the same difference comes back.';
COMMENT ON COLUMN esep.break_list.amount IS 'Tiyn.';
COMMENT ON COLUMN esep.break_list.reason IS 'Why, in one sentence with the numbers that were compared.';
COMMENT ON COLUMN esep.break_list.action IS 'The last thing done: opened, assigned, noted, parked, escalated, matched, '
'posted, cleared, carried, reopened.';
COMMENT ON COLUMN esep.break_list.closed_by IS 'The match, the entry or the month''s act that closed it.';
COMMENT ON COLUMN esep.break_list.found_at IS 'The moment it became known.';

GRANT SELECT ON esep.journal, esep.balance, esep.payment_state, esep.transfer_state, esep.break_list TO esep_worker;
