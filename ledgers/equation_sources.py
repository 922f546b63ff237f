"""The two sources of the control equation, as queries: the rows of the registers, and the postings on the accounts.

`equation` says what each term is. Both give amounts of whole tiyn for each term, aid kind, bank and reference; they
share nothing but the bank that a file went to or a payment came back from.
"""

KNOWN = """
    WITH known AS MATERIALIZED (
        -- What stands at the end of the day: booked by then, and not turned round by then.
        SELECT e.number FROM esep.entry e
        WHERE e.authority_id = :authority AND e.booked_on <= :last AND NOT EXISTS (
            SELECT 1 FROM esep.entry r
            WHERE r.authority_id = e.authority_id AND r.reverses = e.number AND r.booked_on <= :last)
    ),
    taken AS MATERIALIZED (
        SELECT o.order_number, o.message, o.reference, o.aid_kind, o.bic FROM esep.payment_order o
        JOIN known k ON k.number = o.entry_number
        WHERE o.authority_id = :authority AND NOT EXISTS (
            SELECT 1 FROM esep.order_refusal f JOIN known x ON x.number = f.entry_number
            WHERE f.authority_id = o.authority_id AND f.order_number = o.order_number)
    ),
    back AS MATERIALIZED (
        SELECT r.due_month, r.award_number, r.attempt, 'P' || r.award_number || '/' || r.attempt AS reference,
               o.aid_kind, o.bic, r.amount
        FROM esep.return_money m
        JOIN known k ON k.number = m.entry_number
        JOIN esep.returned_payment r ON r.authority_id = m.authority_id AND r.return_number = m.return_number
        JOIN esep.payment p ON p.authority_id = r.authority_id AND p.due_month = r.due_month
            AND p.award_number = r.award_number AND p.attempt = r.attempt
        JOIN esep.payment_order o ON o.authority_id = p.authority_id AND o.order_number = p.order_number
        WHERE m.authority_id = :authority
    )
"""
"""The entries of a book that stand at the end of a day, files that banks took, payments whose money came back."""

REGISTERS = """,
    settled AS (
        SELECT DISTINCT m.reference FROM esep.line_match m JOIN known k ON k.number = m.placed_entry
        WHERE m.placed_in = :authority AND m.matched_as = 'settlement'
    ),
    placed AS (
        SELECT g.aid_kind, q.reference, sum(g.amount) AS amount FROM esep.transfer_placing g
        JOIN known k ON k.number = g.entry_number
        JOIN esep.request q ON q.authority_id = g.authority_id AND q.request_number = g.request_number
        WHERE g.authority_id = :authority GROUP BY g.aid_kind, q.reference
    ),
    sent AS MATERIALIZED (
        -- A file of a bank by what its money came from: a request, or (number 0) returns.
        SELECT o.aid_kind, o.bic, o.reference, p.request_number, sum(p.amount) AS amount
        FROM taken o
        JOIN esep.payment p ON p.authority_id = :authority AND p.order_number = o.order_number
        GROUP BY o.aid_kind, o.bic, o.reference, p.request_number
    ),
    first_sent AS (
        SELECT s.aid_kind, q.reference, sum(s.amount) AS amount FROM sent s
        JOIN esep.request q ON q.authority_id = :authority AND q.request_number = s.request_number
        GROUP BY s.aid_kind, q.reference
    ),
    resent AS MATERIALIZED (
        SELECT p.due_month, p.award_number, b.attempt, p.amount
        FROM taken o
        JOIN esep.payment p ON p.authority_id = :authority AND p.order_number = o.order_number AND p.request_number = 0
        -- What goes again is the last attempt that came back: a refused file between them moved nothing.
        CROSS JOIN LATERAL (
            SELECT max(r.attempt) AS attempt FROM esep.returned_payment r
            WHERE r.authority_id = p.authority_id AND r.due_month = p.due_month AND r.award_number = p.award_number
                AND r.attempt < p.attempt) b
    ),
    claim AS (
        SELECT c.due_month, c.award_number, c.attempt, 'P' || c.award_number || '/' || c.attempt AS reference,
               o.aid_kind, o.bic, c.amount, coalesce(sum(d.amount) FILTER (WHERE x.number IS NOT NULL), 0) AS paid
        FROM esep.return_claim c
        JOIN known k ON k.number = c.entry_number
        JOIN esep.payment p ON p.authority_id = c.authority_id AND p.due_month = c.due_month
            AND p.award_number = c.award_number AND p.attempt = c.attempt
        JOIN esep.payment_order o ON o.authority_id = p.authority_id AND o.order_number = p.order_number
        LEFT JOIN esep.return_claim_paid d ON d.authority_id = c.authority_id AND d.due_month = c.due_month
            AND d.award_number = c.award_number AND d.attempt = c.attempt
        LEFT JOIN known x ON x.number = d.entry_number
        WHERE c.authority_id = :authority
        GROUP BY c.due_month, c.award_number, c.attempt, o.aid_kind, o.bic, c.amount
    ),
    refund AS (
        SELECT f.aid_kind, coalesce(b.bic, '') AS bic, f.reference, sum(f.amount) AS amount FROM taken o
        JOIN esep.refund f ON f.authority_id = :authority AND f.order_number = o.order_number AND f.aid_kind <> ''
        LEFT JOIN back b ON b.reference = f.reference
        GROUP BY f.aid_kind, b.bic, f.reference
    ),
    outcome AS (
        SELECT DISTINCT ON (x.due_month, x.award_number, x.attempt) x.due_month, x.award_number, x.attempt, x.outcome
        FROM esep.resolution x JOIN known k ON k.number = x.entry_number
        WHERE x.authority_id = :authority
        ORDER BY x.due_month, x.award_number, x.attempt, x.version DESC
    ),
    returned AS (
        -- With what the bank paid later of a claim.
        SELECT b.reference, b.aid_kind, b.bic, b.amount + coalesce(c.paid, 0) AS amount, s.amount AS resent,
               coalesce(x.outcome, 'resend') <> 'resend' AS is_due
        FROM back b
        LEFT JOIN claim c USING (due_month, award_number, attempt)
        LEFT JOIN resent s USING (due_month, award_number, attempt)
        LEFT JOIN outcome x USING (due_month, award_number, attempt)
    ),
    register AS (
        SELECT 'funded' AS term, aid_kind, '' AS bic, reference, amount FROM placed
        UNION ALL SELECT 'funded', aid_kind, '', reference, -amount FROM first_sent
        UNION ALL SELECT 'funded', aid_kind, bic, reference, amount FROM sent
        UNION ALL SELECT 'funded', aid_kind, bic, reference, -resent FROM returned WHERE resent > 0
        UNION ALL SELECT 'paid', aid_kind, bic, s.reference, amount FROM sent s JOIN settled d USING (reference)
        UNION ALL SELECT 'paid', aid_kind, bic, reference, -amount FROM returned
        UNION ALL SELECT 'paid', aid_kind, bic, reference, paid - amount FROM claim
        UNION ALL SELECT 'in_transit', aid_kind, bic, s.reference, amount FROM sent s
                  WHERE NOT EXISTS (SELECT 1 FROM settled d WHERE d.reference = s.reference)
        UNION ALL SELECT 'not_resent', aid_kind, bic, reference, amount FROM returned
                  WHERE NOT is_due AND resent IS NULL
        UNION ALL SELECT 'refunded', aid_kind, bic, reference, amount FROM refund
        UNION ALL SELECT 'held', aid_kind, '', reference, amount FROM placed
        UNION ALL SELECT 'held', aid_kind, '', reference, -amount FROM first_sent
        UNION ALL SELECT 'held', aid_kind, bic, reference, amount FROM returned WHERE is_due
        UNION ALL SELECT 'held', aid_kind, bic, reference, -amount FROM refund
        UNION ALL SELECT 'held', aid_kind, bic, reference, amount - paid FROM claim
        UNION ALL SELECT 'claimed', aid_kind, bic, reference, amount - paid FROM claim
    )
"""
"""The terms from the rows of the registers, by reference: `register` (term, aid_kind, bic, reference, amount)."""

LEDGER = """,
    moved AS MATERIALIZED (
        SELECT s.account_id, s.rule, sum(s.amount) AS amount
        FROM (
            SELECT p.credit AS account_id, p.rule, p.amount FROM esep.posting p
            WHERE p.authority_id = :authority AND p.booked_on <= :last
            UNION ALL
            SELECT p.debit, p.rule, -p.amount FROM esep.posting p
            WHERE p.authority_id = :authority AND p.booked_on <= :last
        ) s
        GROUP BY s.account_id, s.rule
    ),
    file AS (
        SELECT o.reference, o.message, o.aid_kind, o.bic FROM esep.payment_order o WHERE o.authority_id = :authority
    ),
    movement AS MATERIALIZED (
        -- Credits less debits; a reversal keeps the rule of what it turns round. Transit is kept by files alone, and
        -- money of a refund order is no payment.
        SELECT a.code, m.rule, m.amount, a.reference, coalesce(f.aid_kind, a.aid_kind) AS aid_kind,
               coalesce(f.bic, b.bic, '') AS bic
        FROM moved m
        JOIN esep.account a ON a.authority_id = :authority AND a.account_id = m.account_id
        LEFT JOIN file f ON a.code = 'transit' AND f.reference = a.reference
        LEFT JOIN (
            SELECT 'P' || r.award_number || '/' || r.attempt AS reference, o.bic FROM esep.returned_payment r
            JOIN esep.payment p ON p.authority_id = r.authority_id AND p.due_month = r.due_month
                AND p.award_number = r.award_number AND p.attempt = r.attempt
            JOIN esep.payment_order o ON o.authority_id = p.authority_id AND o.order_number = p.order_number
            WHERE r.authority_id = :authority
        ) b ON a.code IN ('returned', 'resend', 'refundable', 'claim') AND b.reference = a.reference
        WHERE a.code IN ('transit', 'funding', 'returned', 'resend', 'refundable', 'claim')
            AND coalesce(f.message, '') <> 'MT-100'
    ),
    ledger AS (
        SELECT t.term, m.aid_kind, m.bic, m.reference, t.sign * m.amount AS amount
        FROM movement m
        JOIN (VALUES
            ('funded', 1, 'funding',
             CAST('{transfer_placed,transfer_identified,payment_sent,payment_refused}' AS text[])),
            ('funded', 1, 'transit', '{payment_sent,payment_refused,payment_resent,resend_refused}'),
            ('funded', 1, 'resend', '{payment_resent,resend_refused}'),
            ('paid', -1, 'transit', '{file_settled}'),
            ('paid', -1, 'returned', '{return_received,return_identified,claim_received,claim_identified}'),
            ('paid', 1, 'claim', NULL),
            ('in_transit', 1, 'transit', NULL),
            ('not_resent', 1, 'returned', NULL),
            ('not_resent', 1, 'resend', NULL),
            ('refunded', -1, 'refundable', '{refund_sent,refund_refused}'),
            ('held', 1, 'funding', NULL),
            ('held', 1, 'refundable', NULL),
            ('held', -1, 'claim', NULL),
            ('claimed', -1, 'claim', NULL)
        ) t (term, sign, code, rules) ON t.code = m.code AND (t.rules IS NULL OR m.rule = ANY(t.rules))
    )
"""
"""The terms from the accounts, by whole balances or by what some rules moved on them: `ledger`, like `register`."""
