"""When deadlines were met: asked of the facts, as sets, never of a mark that somebody put.

`MET` yields (authority_id, rule, subject, met_on, met_entry) for the deadlines in `d`, which is the deadlines in force
of some books with the entry that began them. A refused file sent nothing; what was turned round did not happen.
"""

from ledgers.deadline_starts import AWARDS_SUBJECT, PAYMENT_MONTH, TRANSFER_SUBJECT

IN_FORCE = """
    d AS MATERIALIZED (
        SELECT x.*, f.entry_number AS begun_in FROM (
            SELECT DISTINCT ON (v.authority_id, v.rule, v.subject) v.*, e.booked_on AS known_on
            FROM esep.deadline v
            JOIN esep.entry e ON e.authority_id = v.authority_id AND e.number = v.entry_number
            WHERE v.authority_id = ANY(CAST(:books AS integer[])) AND e.booked_on <= :today
            ORDER BY v.authority_id, v.rule, v.subject, v.version DESC
        ) x
        JOIN esep.deadline f ON f.authority_id = x.authority_id AND f.rule = x.rule AND f.subject = x.subject
            AND f.version = 1
        WHERE NOT EXISTS (
            SELECT 1 FROM esep.entry e WHERE e.authority_id = f.authority_id AND e.reverses = f.entry_number)
        -- A request that arrived on another day may be under the other rule: the one of its last arrival counts.
        AND (x.rule NOT IN ('R-040', 'R-042') OR x.started_on = (
            SELECT o.started_on FROM esep.deadline o
            JOIN esep.entry e ON e.authority_id = o.authority_id AND e.number = o.entry_number
            WHERE o.authority_id = x.authority_id AND o.subject = x.subject AND o.rule IN ('R-040', 'R-042')
                AND e.booked_on <= :today
            ORDER BY o.entry_number DESC LIMIT 1))
    )
"""
"""The deadlines of `:books` in their latest version of `:today`, but for those whose start was turned round."""

_STANDS = """
    LATERAL (
        SELECT coalesce(sum(CASE WHEN p.credit = a.account_id THEN p.amount ELSE -p.amount END), 0)::bigint AS balance,
               max(p.booked_on) AS moved_on, max(p.entry_number) AS moved_in
        FROM esep.posting p
        WHERE p.authority_id = a.authority_id AND (p.debit = a.account_id OR p.credit = a.account_id)
    )
"""
"""What is open on account `a` (its sign does not matter here), and when it moved last."""

_NOT_REFUSED = """
    NOT EXISTS (SELECT 1 FROM esep.order_refusal f
                WHERE f.authority_id = o.authority_id AND f.order_number = o.order_number)
"""

_DECISIONS = """
    SELECT d.authority_id, d.rule, d.subject, e.booked_on AS met_on, e.number AS met_entry
    FROM d JOIN esep.entry e ON e.authority_id = d.authority_id AND e.number = d.begun_in
    WHERE d.rule = 'R-027'
"""
"""R-027: they have arrived, or nothing would be known of them."""

_NEEDS = f"""
    SELECT d.authority_id, d.rule, d.subject, n.formed_on, n.entry_number
    FROM d
    JOIN esep.award_batch b ON b.authority_id = d.authority_id AND b.entry_number = d.begun_in
        AND {AWARDS_SUBJECT} = d.subject
    JOIN esep.need n ON n.authority_id = b.authority_id AND n.aid_kind = b.aid_kind AND n.due_month = b.due_month
        AND n.after_entry < b.entry_number AND n.upto_entry >= b.entry_number
    WHERE d.rule IN ('R-030', 'R-031', 'R-032')
    UNION ALL
    SELECT d.authority_id, d.rule, d.subject, max(c.cancelled_on), max(c.entry_number)
    FROM d
    JOIN esep.award_batch b ON b.authority_id = d.authority_id AND b.entry_number = d.begun_in
        AND {AWARDS_SUBJECT} = d.subject
    JOIN esep.award_cancellation c ON c.authority_id = b.authority_id AND c.due_month = b.due_month
    JOIN esep.award_line w ON w.authority_id = c.authority_id AND w.due_month = c.due_month
        AND w.award_number = c.award_number AND w.version = 1 AND w.entry_number = b.entry_number
        AND w.aid_kind = b.aid_kind
    WHERE d.rule IN ('R-030', 'R-031', 'R-032')
    GROUP BY d.authority_id, d.rule, d.subject, b.count HAVING count(*) = b.count
"""  # noqa: S608 - composed of constants
"""R-030 to R-032: a need took them, or all of them were cancelled."""

_REQUESTS = """
    SELECT d.authority_id, d.rule, d.subject, r.sent_on, r.entry_number
    FROM d
    JOIN esep.need n ON n.authority_id = d.authority_id AND n.entry_number = d.begun_in
        AND 'need ' || n.need_number = d.subject
    JOIN esep.request_need q ON q.authority_id = n.authority_id AND q.need_number = n.need_number
    JOIN esep.request r ON r.authority_id = q.authority_id AND r.request_number = q.request_number
    WHERE d.rule = 'R-033'
"""

_TRANSFERS = f"""
    SELECT d.authority_id, d.rule, d.subject, max(s.moved_on), max(s.moved_in)
    FROM d
    JOIN esep.request r ON r.authority_id = d.authority_id AND r.reference = d.subject
    JOIN (
        SELECT q.authority_id, q.request_number, n.aid_kind, {PAYMENT_MONTH} AS payment_month
        FROM esep.request_need q
        JOIN esep.need n ON n.authority_id = q.authority_id AND n.need_number = q.need_number
        JOIN esep.aid_kind k ON k.authority_id = n.authority_id AND k.code = n.aid_kind
        WHERE q.authority_id = ANY(CAST(:books AS integer[]))
        GROUP BY q.authority_id, q.request_number, n.aid_kind
    ) k ON k.authority_id = r.authority_id AND k.request_number = r.request_number
        AND (d.rule = 'R-042') = (extract(DAY FROM d.started_on) > 27
            AND k.payment_month = (date_trunc('month', d.started_on) + interval '1 month')::date)
    JOIN esep.account a ON a.authority_id = r.authority_id AND a.code = 'requested' AND a.aid_kind = k.aid_kind
        AND a.reference = r.reference
    CROSS JOIN {_STANDS} s
    WHERE d.rule IN ('R-040', 'R-042')
    GROUP BY d.authority_id, d.rule, d.subject HAVING bool_and(s.balance = 0)
"""  # noqa: S608 - composed of constants
"""R-040, R-042: nothing is awaited of the kinds that the rule is for; the day is that of the last placing."""

_PAYABLE = f"""
    (
        SELECT w.amount <= s.balance FROM esep.request_need q
        JOIN esep.need n ON n.authority_id = q.authority_id AND n.need_number = q.need_number
            AND n.aid_kind = g.aid_kind
        JOIN esep.award_line w ON w.authority_id = n.authority_id AND w.due_month = n.due_month
            AND w.aid_kind = n.aid_kind AND w.version = 1 AND w.entry_number > n.after_entry
            AND w.entry_number <= n.upto_entry
        WHERE q.authority_id = g.authority_id AND q.request_number = g.request_number
            AND NOT EXISTS (SELECT 1 FROM esep.payment p
                            JOIN esep.payment_order o ON o.authority_id = p.authority_id
                                AND o.order_number = p.order_number
                            WHERE p.authority_id = w.authority_id AND p.due_month = w.due_month
                                AND p.award_number = w.award_number AND {_NOT_REFUSED})
            AND NOT EXISTS (SELECT 1 FROM esep.award_cancellation c
                            WHERE c.authority_id = w.authority_id AND c.due_month = w.due_month
                                AND c.award_number = w.award_number)
            AND NOT EXISTS (SELECT 1 FROM esep.hold h
                            WHERE h.authority_id = w.authority_id AND h.iin = w.iin
                                AND h.award_number IN (0, w.award_number)
                                AND NOT EXISTS (SELECT 1 FROM esep.hold_end e WHERE e.authority_id = h.authority_id
                                                AND e.hold_number = h.hold_number))
        -- Nobody overtakes (AMB-13): what counts is whether the money is enough for the first who waits.
        ORDER BY w.decided_on, w.decision_number COLLATE "C", w.iin COLLATE "C", w.award_number LIMIT 1
    )
"""  # noqa: S608 - composed of constants
"""Whether the money of a request is enough for the first award that waits and that nothing stops; null without one."""

_UNSENT = """
    EXISTS (
        SELECT 1 FROM esep.order_refusal x
        JOIN esep.payment p ON p.authority_id = x.authority_id AND p.order_number = x.order_number
            AND p.request_number = g.request_number
        JOIN esep.payment_order o ON o.authority_id = p.authority_id AND o.order_number = p.order_number
            AND o.aid_kind = g.aid_kind
        WHERE x.authority_id = g.authority_id AND NOT EXISTS (
            SELECT 1 FROM esep.payment n WHERE n.authority_id = p.authority_id AND n.due_month = p.due_month
                AND n.award_number = p.award_number AND n.attempt > p.attempt))
"""
"""Whether a bank refused a file of a request's kind whose items were not sent again."""

_PAYMENTS = f"""
    SELECT authority_id, rule, subject, max(met_on), max(met_entry)
    FROM (
        SELECT d.authority_id, d.rule, d.subject,
               coalesce(
                   CASE WHEN NOT {_UNSENT} THEN f.sent_on END,
                   CASE WHEN s.balance = 0 OR NOT coalesce({_PAYABLE}, false) THEN s.moved_on END) AS met_on,
               coalesce(f.sent_in, s.moved_in) AS met_entry
        FROM d
        JOIN esep.transfer_placing g ON g.authority_id = d.authority_id AND g.entry_number = d.begun_in
        JOIN esep.transfer t ON t.authority_id = g.authority_id AND t.transfer_number = g.transfer_number
            AND {TRANSFER_SUBJECT} = d.subject
        JOIN esep.request r ON r.authority_id = g.authority_id AND r.request_number = g.request_number
        JOIN esep.account a ON a.authority_id = r.authority_id AND a.code = 'funding' AND a.aid_kind = g.aid_kind
            AND a.reference = r.reference
        CROSS JOIN {_STANDS} s
        LEFT JOIN LATERAL (
            SELECT p.booked_on AS sent_on, p.entry_number AS sent_in
            FROM esep.posting p
            JOIN esep.account c ON c.authority_id = p.authority_id AND c.account_id = p.credit
            JOIN esep.payment_order o ON o.authority_id = p.authority_id AND o.reference = c.reference
            WHERE p.authority_id = a.authority_id AND p.debit = a.account_id AND p.rule = 'payment_sent'
                AND p.entry_number > g.entry_number AND {_NOT_REFUSED}
            ORDER BY p.entry_number LIMIT 1
        ) f ON true
        WHERE d.rule = 'R-050'
    ) placed
    GROUP BY authority_id, rule, subject HAVING bool_and(met_on IS NOT NULL)
"""  # noqa: S608 - composed of constants
"""R-050: after the money came a file took from each request it was placed on, or nothing there can be paid."""

_NOTICES = """
    SELECT d.authority_id, d.rule, d.subject, n.sent_on, n.entry_number
    FROM d
    JOIN esep.return_money m ON m.authority_id = d.authority_id AND m.entry_number = d.begun_in
        AND 'return ' || m.return_number = d.subject
    JOIN esep.return_notice n ON n.authority_id = m.authority_id AND n.after_entry < m.entry_number
        AND n.upto_entry >= m.entry_number
    WHERE d.rule = 'R-060'
"""

_EXAMINATIONS = """
    SELECT d.authority_id, d.rule, d.subject, max(v.decided_on), max(v.entry_number)
    FROM d
    JOIN esep.return_notice n ON n.authority_id = d.authority_id AND n.entry_number = d.begun_in
        AND 'notice ' || n.notice_number = d.subject
    JOIN esep.return_money m ON m.authority_id = n.authority_id AND m.entry_number > n.after_entry
        AND m.entry_number <= n.upto_entry
    JOIN esep.returned_payment r ON r.authority_id = m.authority_id AND r.return_number = m.return_number
    LEFT JOIN esep.resolution v ON v.authority_id = r.authority_id AND v.due_month = r.due_month
        AND v.award_number = r.award_number AND v.attempt = r.attempt AND v.version = 1
    WHERE d.rule = 'R-061'
    GROUP BY d.authority_id, d.rule, d.subject HAVING bool_and(v.decided_on IS NOT NULL)
"""
"""R-061: every payment of the notice has an outcome; one that lapsed at a month's end is not examined any more."""

_REFUNDS = f"""
    SELECT d.authority_id, d.rule, d.subject, max(s.moved_on), max(s.moved_in)
    FROM d
    JOIN esep.return_money m ON m.authority_id = d.authority_id AND 'return ' || m.return_number = d.subject
    JOIN esep.returned_payment r ON r.authority_id = m.authority_id AND r.return_number = m.return_number
    JOIN esep.account a ON a.authority_id = r.authority_id AND a.code IN ('returned', 'resend', 'refundable')
        AND a.reference = 'P' || r.award_number || '/' || r.attempt
    CROSS JOIN {_STANDS} s
    WHERE d.rule = 'R-063'
    GROUP BY d.authority_id, d.rule, d.subject HAVING bool_and(s.balance = 0)
"""  # noqa: S608 - composed of constants
"""R-063: nothing of the message is open any more: sent again or given back."""

_RESENDS = f"""
    SELECT d.authority_id, d.rule, d.subject, max(n.ended_on), max(n.ended_in)
    FROM d
    JOIN esep.resolution v ON v.authority_id = d.authority_id AND v.entry_number = d.begun_in
        AND v.outcome = 'resend'
    LEFT JOIN LATERAL (
        SELECT o.dated AS ended_on, o.entry_number AS ended_in
        FROM esep.payment p
        JOIN esep.payment_order o ON o.authority_id = p.authority_id AND o.order_number = p.order_number
        WHERE p.authority_id = v.authority_id AND p.due_month = v.due_month AND p.award_number = v.award_number
            AND p.attempt > v.attempt AND {_NOT_REFUSED}
        UNION ALL
        SELECT x.decided_on, x.entry_number FROM esep.resolution x
        WHERE x.authority_id = v.authority_id AND x.due_month = v.due_month AND x.award_number = v.award_number
            AND x.attempt = v.attempt AND x.version > v.version
        ORDER BY 2 LIMIT 1
    ) n ON true
    WHERE d.rule = 'R-064' AND d.subject = 'resolutions ' || d.begun_in
    GROUP BY d.authority_id, d.rule, d.subject HAVING bool_and(n.ended_on IS NOT NULL)
"""  # noqa: S608 - composed of constants
"""R-064: each was sent again, or another outcome ended it."""

_ACTS = """
    SELECT authority_id, 'R-070', to_char(month, 'YYYY-MM'), max(signed_on), max(entry_number)
    FROM esep.act_signature
    WHERE authority_id = ANY(CAST(:books AS integer[])) AND act_number = 0 AND role IN ('corporation', 'authority')
    GROUP BY authority_id, month HAVING count(*) = 2
    UNION ALL
    SELECT authority_id, 'R-071', to_char(month, 'YYYY-MM'), sent_on, entry_number
    FROM esep.statement_sent WHERE authority_id = ANY(CAST(:books AS integer[]))
"""
"""R-070, R-071: also of months whose deadline no entry started yet."""

_NOTED = """
    SELECT authority_id, rule, subject, happened_on, entry_number FROM esep.deadline_event
    WHERE authority_id = ANY(CAST(:books AS integer[])) AND event = 'met'
"""

_QUERIES = (
    _DECISIONS,
    _NEEDS,
    _REQUESTS,
    _TRANSFERS,
    _PAYMENTS,
    _NOTICES,
    _EXAMINATIONS,
    _REFUNDS,
    _RESENDS,
    _ACTS,
    _NOTED,
)
MET = " UNION ALL ".join(_QUERIES)
