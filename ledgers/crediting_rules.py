"""The rules by which a bank's lines are found to be our payments: set-based SQL, strictest first.

All that is open of one bank in one book lies in three tables of the transaction: `crediting_met` holds what the first
rule found, `crediting_open_line` and `crediting_open_payment` what no rule found yet; what the others find goes to
`crediting_found`. Equal lines and equal payments are as good as each other: of a group whose every key is equal, line n
is payment n, provided that there is a line for each of the payments. So no result depends on the order of a file or on
how it was split. Amounts are equal, but for a tolerance that an agreement allows.
"""

from ledgers.creditings import NAMED

RULES = ("reference", "person", "account", "person_any_order", "sum_of_person")
"""The rules in order of strictness."""

DEFAULT_WINDOW = 10
"""In how many days before the day of the credit a file must have been sent, where the line names none."""

# ruff: noqa: S608 - the parts of statements stand in these modules

_OPEN = """
    SELECT l.crediting_number, l.line, n.order_number, l.item, l.iin, l.iban, l.amount,
           l.outcome = 'returned' AS is_returned, l.credited_on
    FROM esep.crediting_line l
    LEFT JOIN pg_temp.crediting_named n ON n.named = l.order_reference
    WHERE l.authority_id = :book AND l.crediting_number = ANY(CAST(:creditings AS integer[]))
        AND NOT EXISTS (SELECT 1 FROM pg_temp.crediting_matched_line m
                        WHERE m.crediting_number = l.crediting_number AND m.line = l.line)
"""

_UNCREDITED = """
    SELECT p.order_number, p.item, w.iin, w.iban, p.amount, o.dated, o.is_covered
    FROM esep.payment p
    JOIN pg_temp.crediting_order o ON o.order_number = p.order_number
    JOIN esep.award_line w ON w.authority_id = p.authority_id AND w.due_month = p.due_month
        AND w.award_number = p.award_number AND w.version = p.version
    WHERE p.authority_id = :book AND w.authority_id = :book
        AND NOT EXISTS (SELECT 1 FROM pg_temp.crediting_matched_payment m
                        WHERE m.order_number = p.order_number AND m.item = p.item)
"""

PREPARE = (
    f"""
    CREATE TEMP TABLE crediting_named ON COMMIT DROP AS
    SELECT named, order_number FROM ({NAMED}) n WHERE authority_id = :book AND bic = :bic
    """,
    # Files that the bank took: those that its registers name, and those that are as young as a line may be.
    """
    CREATE TEMP TABLE crediting_order ON COMMIT DROP AS
    WITH named AS MATERIALIZED (
        SELECT l.order_reference AS named FROM esep.crediting_line l
        JOIN esep.crediting c ON c.authority_id = l.authority_id AND c.crediting_number = l.crediting_number
        WHERE l.authority_id = :book AND c.bic = :bic AND c.dated >= CAST(:since AS date)
        GROUP BY l.order_reference
    )
    SELECT o.order_number, o.dated, c.order_number IS NOT NULL AS is_covered FROM esep.payment_order o
    LEFT JOIN (SELECT DISTINCT n.order_number FROM named JOIN pg_temp.crediting_named n USING (named)) c
        ON c.order_number = o.order_number
    WHERE o.authority_id = :book AND o.bic = :bic AND o.message = 'MT-102'
        AND (c.order_number IS NOT NULL OR o.dated BETWEEN CAST(:from AS date) AND CAST(:to AS date))
        AND NOT EXISTS (SELECT 1 FROM esep.order_refusal f
                        WHERE f.authority_id = o.authority_id AND f.order_number = o.order_number)
    """,
    """
    CREATE TEMP TABLE crediting_matched_line ON COMMIT DROP AS
    SELECT crediting_number, line FROM esep.crediting_pair
    WHERE authority_id = :book AND crediting_number = ANY(CAST(:creditings AS integer[])) AND line > 0
    """,
    """
    CREATE TEMP TABLE crediting_matched_payment ON COMMIT DROP AS
    SELECT p.order_number, p.item FROM esep.crediting_pair p
    JOIN pg_temp.crediting_order o ON o.order_number = p.order_number WHERE p.authority_id = :book
    """,
    """
    ANALYZE pg_temp.crediting_named, pg_temp.crediting_order, pg_temp.crediting_matched_line,
        pg_temp.crediting_matched_payment
    """,
)

# One pass over both sides finds what the first rule matches and what is left of each.
MEET = f"""
    CREATE TEMP TABLE crediting_met ON COMMIT DROP AS
    SELECT l.crediting_number, l.line, p.order_number, p.item, coalesce(l.amount, p.amount) AS amount,
           l.is_returned, l.credited_on,
           CASE WHEN p.item IS NULL THEN l.order_number END AS named_order,
           CASE WHEN p.item IS NULL THEN l.item END AS named_item,
           CASE WHEN p.item IS NULL THEN l.iin WHEN l.line IS NULL THEN p.iin END AS iin,
           CASE WHEN p.item IS NULL THEN l.iban WHEN l.line IS NULL THEN p.iban END AS iban,
           CASE WHEN l.line IS NULL THEN p.dated END AS dated,
           CASE WHEN l.line IS NULL THEN p.is_covered END AS is_covered
    FROM ({_OPEN}) l FULL JOIN ({_UNCREDITED}) p
        ON p.order_number = l.order_number AND p.item = l.item AND p.amount = l.amount AND p.iin = l.iin
        AND p.iban = l.iban AND :is_on
"""

REST = (
    "ANALYZE pg_temp.crediting_met",
    """
    CREATE TEMP TABLE crediting_open_line ON COMMIT DROP AS
    SELECT crediting_number, line, named_order AS order_number, named_item AS item, iin, iban, amount, is_returned,
           credited_on, false AS is_paid_there
    FROM pg_temp.crediting_met WHERE item IS NULL
    """,
    # Several lines for one payment: the first is it, the others are left.
    """
    WITH place AS (
        SELECT m.crediting_number, m.line,
               row_number() OVER (PARTITION BY m.order_number, m.item
                                  ORDER BY m.is_returned, m.credited_on, m.crediting_number, m.line) AS place
        FROM pg_temp.crediting_met m
        JOIN (
            SELECT order_number, item FROM pg_temp.crediting_met WHERE line IS NOT NULL AND item IS NOT NULL
            GROUP BY order_number, item HAVING count(*) > 1
        ) many ON many.order_number = m.order_number AND many.item = m.item
    ),
    lost AS (
        DELETE FROM pg_temp.crediting_met m USING place p
        WHERE p.place > 1 AND m.crediting_number = p.crediting_number AND m.line = p.line
        RETURNING m.*
    )
    INSERT INTO pg_temp.crediting_open_line
    SELECT m.crediting_number, m.line, m.order_number, m.item, l.iin, l.iban, m.amount, m.is_returned, m.credited_on,
           true
    FROM lost m
    JOIN esep.crediting_line l ON l.authority_id = :book AND l.crediting_number = m.crediting_number
        AND l.line = m.line
    """,
    """
    CREATE TEMP TABLE crediting_open_payment ON COMMIT DROP AS
    SELECT order_number, item, iin, iban, amount, dated, is_covered FROM pg_temp.crediting_met WHERE line IS NULL
    """,
    """
    CREATE TEMP TABLE crediting_found (
        rule text, is_paired boolean, crediting_number integer, order_number integer, orders integer[], items integer[],
        lines integer[], paid bigint, credited bigint
    ) ON COMMIT DROP
    """,
    "ANALYZE pg_temp.crediting_open_line, pg_temp.crediting_open_payment",
)

# Takes what a rule hit (a row a pair) out of what is open, and keeps it, a row for each register and order.
_KEEP = """
    , gone_line AS (
        DELETE FROM pg_temp.crediting_open_line o USING hit h
        WHERE o.crediting_number = h.crediting_number AND o.line = h.line
    ),
    gone_payment AS (
        DELETE FROM pg_temp.crediting_open_payment o USING hit h
        WHERE o.order_number = h.order_number AND o.item = h.item
    )
    INSERT INTO pg_temp.crediting_found
    SELECT :rule, true, crediting_number, order_number, array_agg(order_number ORDER BY line),
           array_agg(item ORDER BY line), array_agg(line ORDER BY line), sum(paid), sum(credited)
    FROM hit GROUP BY crediting_number, order_number
"""


def pairs(keys: str, lines: str) -> str:
    """The statement of a rule that pairs open lines with open payments of equal keys; `lines` says which lines."""
    on = " AND ".join(f"p.{key} = l.{key}" for key in keys.split(", "))
    return f"""
        WITH l AS (
            SELECT l.*, count(*) OVER k AS many,
                   row_number() OVER (k ORDER BY is_returned, credited_on, crediting_number, line) AS place
            FROM pg_temp.crediting_open_line l WHERE NOT is_paid_there AND {lines}
            WINDOW k AS (PARTITION BY {keys})
        ),
        p AS (
            SELECT p.*, count(*) OVER k AS many, row_number() OVER (k ORDER BY order_number, item) AS place
            FROM pg_temp.crediting_open_payment p WINDOW k AS (PARTITION BY {keys})
        ),
        hit AS MATERIALIZED (
            SELECT l.crediting_number, l.line, p.order_number, p.item, p.amount AS paid, l.amount AS credited
            FROM l JOIN p ON {on} AND p.place = l.place WHERE l.many >= p.many
        )
        {_KEEP}
    """


def near_pairs(keys: str) -> str:
    """The statement of a rule that an agreement lets off exactness: one line and one payment, `tolerance` apart."""
    on = " AND ".join(f"p.{key} = l.{key}" for key in keys.split(", "))
    return f"""
        WITH l AS (
            SELECT l.*, count(*) OVER (PARTITION BY {keys}) AS many FROM pg_temp.crediting_open_line l
            WHERE NOT is_paid_there AND iin <> ''
        ),
        p AS (SELECT p.*, count(*) OVER (PARTITION BY {keys}) AS many FROM pg_temp.crediting_open_payment p),
        hit AS MATERIALIZED (
            SELECT l.crediting_number, l.line, p.order_number, p.item, p.amount AS paid, l.amount AS credited
            FROM l JOIN p ON {on} WHERE l.many = 1 AND p.many = 1 AND abs(p.amount - l.amount) <= :tolerance
        )
        {_KEEP.replace("GROUP BY crediting_number, order_number", "GROUP BY crediting_number, order_number, line")}
    """


PERSON = pairs("order_number, iin, iban, amount", "iin <> ''")
ACCOUNT = (
    pairs("order_number, item, iban, amount", "iin = '' AND item > 0"),
    pairs("order_number, iban, amount", "iin = ''"),
)
NEAR = {
    "reference": near_pairs("order_number, item, iin, iban"),
    "person": near_pairs("order_number, iin, iban"),
}

# A line that its own order would pay, were it not matched already, is that payment again and no other.
PAID_THERE = """
    UPDATE pg_temp.crediting_open_line l SET is_paid_there = true
    WHERE l.order_number IS NOT NULL AND EXISTS (
        SELECT 1 FROM esep.award_line w
        JOIN esep.payment p ON p.authority_id = w.authority_id AND p.due_month = w.due_month
            AND p.award_number = w.award_number AND p.version = w.version
        WHERE w.authority_id = :book AND w.iin = l.iin AND w.iban = l.iban AND p.order_number = l.order_number
            AND p.amount = l.amount)
"""

# Runs until it finds nothing: a line that has lost one of two candidates to another line may be sure of the second.
ANY_ORDER = f"""
    WITH choice AS (
        SELECT l.crediting_number, l.line, l.is_returned, l.credited_on, p.order_number, p.item, p.amount,
               count(*) OVER (PARTITION BY l.crediting_number, l.line) AS many
        FROM pg_temp.crediting_open_line l
        JOIN pg_temp.crediting_open_payment p ON p.iin = l.iin AND p.iban = l.iban AND p.amount = l.amount
            AND p.dated BETWEEN l.credited_on - CAST(:days AS integer) AND l.credited_on
        WHERE NOT l.is_paid_there
    ),
    hit AS MATERIALIZED (
        SELECT DISTINCT ON (order_number, item) crediting_number, line, order_number, item, amount AS paid,
               amount AS credited
        FROM choice WHERE many = 1
        ORDER BY order_number, item, is_returned, credited_on, crediting_number, line
    )
    {_KEEP}
"""

_PEOPLE = """
    WITH person AS (
        SELECT iin, iban, min(crediting_number) AS crediting_number, array_agg(line ORDER BY line) AS lines,
               sum(amount)::bigint AS amount, min(credited_on) AS first, max(credited_on) AS last
        FROM pg_temp.crediting_open_line WHERE iin <> '' AND NOT is_paid_there
        GROUP BY iin, iban
        HAVING min(crediting_number) = max(crediting_number) AND count(DISTINCT is_returned) = 1
    ),
    paid AS (
        SELECT h.crediting_number, h.lines, h.amount,
               array_agg(p.order_number ORDER BY p.order_number, p.item) AS orders,
               array_agg(p.item ORDER BY p.order_number, p.item) AS items, sum(p.amount) AS paid
        FROM person h
        JOIN pg_temp.crediting_open_payment p ON p.iin = h.iin AND p.iban = h.iban AND p.is_covered
            AND p.dated BETWEEN h.last - CAST(:days AS integer) AND h.first
        GROUP BY h.crediting_number, h.lines, h.amount
    ),
"""
# One line for all payments of a person, or all lines of a person for one payment: never some of many. The last rule.
SUM_OF_PERSON = f"""
    {_PEOPLE}
    hit AS MATERIALIZED (
        SELECT * FROM paid WHERE paid = amount
            AND (cardinality(lines) = 1) <> (cardinality(items) = 1)
    )
    INSERT INTO pg_temp.crediting_found
    SELECT :rule, false, crediting_number, orders[1], orders, items, lines, amount, amount FROM hit
"""

STORE = """
    INSERT INTO esep.crediting_match (
        authority_id, match_number, entry_number, crediting_number, rule, is_paired, orders, items, lines, amount_paid,
        amount_credited, note
    )
    SELECT :book,
           :last + row_number() OVER (
               ORDER BY crediting_number, array_position(CAST(:rules AS text[]), rule), order_number, lines
           ),
           :number, crediting_number, rule, is_paired, orders, items, lines, paid, credited, ''
    FROM (
        SELECT crediting_number, 'reference' AS rule, true AS is_paired, order_number,
               array_fill(order_number, ARRAY[count(*)::integer]) AS orders, array_agg(item) AS items,
               array_agg(line) AS lines, sum(amount)::bigint AS paid, sum(amount)::bigint AS credited
        FROM (
            SELECT crediting_number, line, order_number, item, amount FROM pg_temp.crediting_met
            WHERE line IS NOT NULL AND item IS NOT NULL ORDER BY crediting_number, order_number, line
        ) m GROUP BY crediting_number, order_number
        UNION ALL
        SELECT crediting_number, rule, is_paired, order_number, orders, items, lines, paid, credited
        FROM pg_temp.crediting_found
    ) f
"""

DROP = """
    DROP TABLE pg_temp.crediting_named, pg_temp.crediting_order, pg_temp.crediting_matched_line,
        pg_temp.crediting_matched_payment, pg_temp.crediting_met, pg_temp.crediting_open_line,
        pg_temp.crediting_open_payment, pg_temp.crediting_found
"""
