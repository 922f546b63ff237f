"""What a trace looks for: the queries that turn a reference into keys, and keys into the keys around them.

Each row is a thing with its book, its number there, and the month or the part that belongs to its key. Every look-up
goes by an index: the two big registers are asked with the month, and a text is asked book by book.
"""

_KNOWN = {
    "known_award": """
        SELECT * FROM unnest(CAST(:award_books AS integer[]), CAST(:award_months AS date[]),
            CAST(:award_numbers AS bigint[])) AS k (authority_id, due_month, award_number)
    """,
    "known_attempt": """
        SELECT * FROM unnest(CAST(:attempt_books AS integer[]), CAST(:attempt_names AS text[]),
            CAST(:attempt_orders AS integer[]), CAST(:attempt_items AS integer[]),
            CAST(:attempt_requests AS integer[]), CAST(:attempt_kinds AS text[]),
            CAST(:attempt_banks AS text[]))
            AS k (authority_id, name, order_number, item, request_number, aid_kind, bic)
    """,
    "known_order": """
        SELECT * FROM unnest(CAST(:order_books AS integer[]), CAST(:order_numbers AS bigint[]))
            AS k (authority_id, number)
    """,
    "known_request": """
        SELECT * FROM unnest(CAST(:request_books AS integer[]), CAST(:request_numbers AS bigint[]))
            AS k (authority_id, number)
    """,
    "known_transfer": """
        SELECT * FROM unnest(CAST(:transfer_books AS integer[]), CAST(:transfer_numbers AS bigint[]))
            AS k (authority_id, number)
    """,
    "known_line": """
        SELECT * FROM unnest(CAST(:line_books AS integer[]), CAST(:line_numbers AS bigint[]))
            AS k (authority_id, number)
    """,
    "known_act": """
        SELECT * FROM unnest(CAST(:act_books AS integer[]), CAST(:act_months AS date[])) AS k (authority_id, month)
    """,
    "known_returned": """
        SELECT * FROM unnest(CAST(:returned_books AS integer[]), CAST(:returned_numbers AS bigint[]))
            AS k (authority_id, number)
    """,
    "known_credited": """
        SELECT * FROM unnest(CAST(:credited_books AS integer[]), CAST(:credited_numbers AS bigint[]),
            CAST(:credited_parts AS integer[])) AS k (authority_id, number, line)
    """,
    "known_listed": """
        SELECT * FROM unnest(CAST(:listed_books AS integer[]), CAST(:listed_numbers AS bigint[]),
            CAST(:listed_parts AS integer[])) AS k (authority_id, number, line)
    """,
    "known_break": """
        SELECT * FROM unnest(CAST(:break_books AS integer[]), CAST(:break_numbers AS bigint[]))
            AS k (authority_id, number)
    """,
}
"""The keys found so far, as tables; each has the book and the number, some a month or a part."""


def with_known(query: str) -> str:
    """The query with those tables of keys before it that it names."""
    tables = [f"{name} AS ({table})" for name, table in _KNOWN.items() if name in query]
    return f"WITH {', '.join(tables)} {query}" if tables else query


_EVERY_BOOK = "SELECT 0 AS book UNION SELECT authority_id FROM esep.authority_version"

_CHOSEN = f"""
    WITH book AS MATERIALIZED (
        SELECT b.book FROM ({_EVERY_BOOK}) b WHERE CAST(:book AS integer) IS NULL OR b.book = :book
    )
"""  # noqa: S608 - constants

BY_PERSON = f"""
    {_CHOSEN},
    month AS MATERIALIZED (
        SELECT DISTINCT m.authority_id, m.due_month FROM book b JOIN esep.award_batch m ON m.authority_id = b.book
    )
    SELECT 'award' AS thing, w.authority_id, w.award_number AS number, w.due_month AS month, 0 AS part
    FROM month m JOIN esep.award_line w ON w.authority_id = m.authority_id AND w.due_month = m.due_month
        AND w.iin = CAST(:iin AS text)
    UNION
    SELECT 'award', w.authority_id, w.award_number, w.due_month, 0 FROM esep.award_line w
    WHERE w.guardian_iin = CAST(:iin AS text) AND w.guardian_iin <> '' AND w.authority_id IN (SELECT book FROM book)
"""  # noqa: S608 - constants

MONTHS_OF_AN_AWARD = """
    SELECT DISTINCT due_month FROM esep.award_batch
    WHERE entry_number = :entry AND (CAST(:book AS integer) IS NULL OR authority_id = :book)
"""

BY_AWARD = f"""
    {_CHOSEN}
    SELECT 'award' AS thing, w.authority_id, w.award_number AS number, w.due_month AS month, 0 AS part
    FROM book b JOIN esep.award_line w ON w.authority_id = b.book AND w.due_month = ANY(CAST(:months AS date[]))
        AND w.award_number = CAST(:award AS bigint) AND w.version = 1
"""  # noqa: S608 - constants

NAMED = f"""
    {_CHOSEN}
    SELECT 'order' AS thing, o.authority_id, o.order_number AS number, CAST(NULL AS date) AS month, 0 AS part
    FROM book b JOIN esep.payment_order o ON o.authority_id = b.book AND o.reference = :reference
    UNION
    SELECT 'order', o.authority_id, o.order_number, NULL, 0
    FROM book b JOIN esep.payment_order o ON o.authority_id = b.book AND o.order_number = CAST(:order AS integer)
    UNION
    SELECT 'request', r.authority_id, r.request_number, NULL, 0
    FROM book b JOIN esep.request r ON r.authority_id = b.book AND r.reference = :reference
    UNION
    SELECT 'transfer', t.authority_id, t.transfer_number, NULL, 0
    FROM book b JOIN esep.transfer t ON t.authority_id = b.book AND t.order_number = :reference
    UNION
    SELECT 'transfer', t.authority_id, t.transfer_number, NULL, 0
    FROM book b JOIN esep.transfer t ON t.authority_id = b.book AND t.transfer_number = CAST(:transfer AS integer)
    UNION
    SELECT 'returned', m.authority_id, m.return_number, NULL, 0
    FROM book b JOIN esep.return_message m ON m.authority_id = b.book AND m.return_number = CAST(:returned AS integer)
    UNION
    SELECT 'line', l.authority_id, l.line_number, NULL, 0
    FROM ({_EVERY_BOOK}) b JOIN esep.statement_line l ON l.authority_id = b.book
        AND l.line_number = CAST(:line AS bigint)
    UNION
    SELECT 'credited', c.authority_id, c.crediting_number, NULL, CAST(:credited_part AS integer)
    FROM book b JOIN esep.crediting c ON c.authority_id = b.book AND c.crediting_number = CAST(:credited AS integer)
    UNION
    SELECT 'listed', l.authority_id, l.list_number, NULL, CAST(:listed_part AS integer)
    FROM book b JOIN esep.authority_list l ON l.authority_id = b.book AND l.list_number = CAST(:listed AS integer)
"""  # noqa: S608 - constants

ATTEMPTS = """
    SELECT p.authority_id, 'P' || p.award_number || '/' || p.attempt AS name, p.order_number, p.item, p.request_number,
           o.aid_kind, o.bic
    FROM esep.payment p
    JOIN esep.payment_order o ON o.authority_id = p.authority_id AND o.order_number = p.order_number
    WHERE (p.authority_id, p.due_month, p.award_number) IN (TABLE known_award) AND p.due_month = ANY(:award_months)
"""

AROUND: tuple[tuple[str, str], ...] = (
    (
        # Order and item stand at the same place of their arrays; a line stands there too where the match is paired.
        "award",
        """
        SELECT 'order' AS thing, authority_id, order_number AS number, CAST(NULL AS date) AS month, 0 AS part
        FROM known_attempt
        UNION
        SELECT 'order', r.authority_id, r.order_number, NULL, 0
        FROM known_attempt a JOIN esep.refund r ON r.authority_id = a.authority_id AND r.reference = a.name
        UNION
        SELECT 'request', authority_id, request_number, NULL, 0 FROM known_attempt
        UNION
        SELECT 'transfer', p.authority_id, p.transfer_number, NULL, 0 FROM known_attempt a
        JOIN esep.transfer_placing p ON p.authority_id = a.authority_id AND p.request_number = a.request_number
            AND p.aid_kind = a.aid_kind
        UNION
        SELECT 'credited', m.authority_id, m.crediting_number, NULL,
               CASE WHEN m.is_paired THEN m.lines[u.place] ELSE 0 END
        FROM known_attempt a
        JOIN esep.crediting c ON c.authority_id = a.authority_id AND c.bic = a.bic
        JOIN esep.crediting_match m ON m.authority_id = c.authority_id AND m.crediting_number = c.crediting_number
            AND a.order_number = ANY(m.orders)
        CROSS JOIN LATERAL unnest(array_positions(m.items, a.item)) AS u (place)
        WHERE m.orders[u.place] = a.order_number
        """,
    ),
    (
        "request",
        """
        SELECT 'transfer' AS thing, p.authority_id, p.transfer_number AS number, CAST(NULL AS date) AS month, 0 AS part
        FROM known_request k
        JOIN esep.transfer_placing p ON p.authority_id = k.authority_id AND p.request_number = k.number
        """,
    ),
    (
        "act",
        """
        SELECT 'transfer' AS thing, t.authority_id, t.transfer_number AS number, CAST(NULL AS date) AS month, 0 AS part
        FROM known_act k
        JOIN esep.transfer t ON t.authority_id = k.authority_id
            AND t.received_on >= k.month AND t.received_on < k.month + interval '1 month'
        """,
    ),
    (
        "listed",
        """
        SELECT 'transfer' AS thing, t.authority_id, t.transfer_number AS number, CAST(NULL AS date) AS month, 0 AS part
        FROM known_listed k
        JOIN esep.authority_list_line l ON l.authority_id = k.authority_id AND l.list_number = k.number
            AND l.line = k.line
        JOIN esep.transfer t ON t.authority_id = l.authority_id AND t.order_number = l.order_number
            AND t.order_date = l.order_date
        WHERE l.side = 'transfer'
        UNION
        SELECT CASE l.side WHEN 'transfer' THEN 'transfer' ELSE 'order' END, m.authority_id, m.number, NULL, 0
        FROM known_listed k
        JOIN esep.authority_list_match m ON m.authority_id = k.authority_id AND m.list_number = k.number
            AND m.line = k.line
        JOIN esep.authority_list_line l ON l.authority_id = m.authority_id AND l.list_number = m.list_number
            AND l.line = m.line
        WHERE m.number > 0
        """,
    ),
)
"""Which thing leads on, and the query of the things that it leads to."""

OF_A_LINE = """
    SELECT DISTINCT 'award' AS thing, p.authority_id, p.award_number AS number, p.due_month AS month, 0 AS part
    FROM known_credited k
    JOIN esep.crediting_match m ON m.authority_id = k.authority_id AND m.crediting_number = k.number AND m.is_paired
    CROSS JOIN LATERAL unnest(array_positions(m.lines, k.line)) AS u (place)
    JOIN (SELECT DISTINCT authority_id, due_month FROM esep.award_batch
          WHERE authority_id IN (SELECT authority_id FROM known_credited)) b ON b.authority_id = k.authority_id
    JOIN esep.payment p ON p.authority_id = b.authority_id AND p.due_month = b.due_month
        AND p.order_number = m.orders[u.place] AND p.item = m.items[u.place]
    WHERE k.line > 0
"""

LINES = """
    SELECT 'line' AS thing, m.authority_id, m.line_number AS number, CAST(NULL AS date) AS month, 0 AS part
    FROM esep.payment_order o
    JOIN esep.line_match m ON m.placed_in = o.authority_id AND m.matched_as = 'settlement'
        AND m.reference = o.reference
    WHERE (o.authority_id, o.order_number) IN (TABLE known_order)
    UNION
    SELECT 'line', 0, t.line_number, NULL, 0 FROM esep.transfer t
    WHERE (t.authority_id, t.transfer_number) IN (TABLE known_transfer)
    UNION
    SELECT 'line', 0, m.line_number, NULL, 0 FROM esep.returned_payment r
    JOIN esep.return_money m ON m.authority_id = r.authority_id AND m.return_number = r.return_number
    WHERE (r.authority_id, r.due_month, r.award_number) IN (TABLE known_award)
    UNION
    SELECT 'line', 0, m.line_number, NULL, 0 FROM esep.return_money m
    WHERE (m.authority_id, m.return_number) IN (TABLE known_returned)
    UNION
    SELECT 'line', 0, c.line_number, NULL, 0 FROM esep.return_claim_paid c
    WHERE (c.authority_id, c.due_month, c.award_number) IN (TABLE known_award)
"""

BREAKS = f"""
    SELECT 'break' AS thing, b.authority_id, b.break_number AS number, CAST(NULL AS date) AS month, 0 AS part
    FROM (
        SELECT authority_id, name AS subject FROM known_attempt
        UNION
        SELECT r.authority_id, 'R' || r.return_number FROM esep.returned_payment r
        WHERE (r.authority_id, r.due_month, r.award_number) IN (TABLE known_award)
        UNION
        SELECT k.authority_id, 'R' || k.number FROM known_returned k
        UNION
        SELECT k.authority_id, 'T' || k.number FROM known_transfer k
        UNION
        SELECT b.book, 'S' || k.number FROM known_line k CROSS JOIN ({_EVERY_BOOK}) b
        UNION
        SELECT o.authority_id, o.reference FROM esep.payment_order o
        WHERE (o.authority_id, o.order_number) IN (TABLE known_order)
        UNION
        SELECT k.authority_id, 'C' || k.number || '/' || k.line FROM known_credited k
        UNION
        SELECT k.authority_id, 'L' || k.number || '/' || k.line FROM known_listed k
    ) s
    JOIN esep.break_item b ON b.authority_id = s.authority_id AND b.subject = s.subject
"""  # noqa: S608 - constants
