"""The books that one verb has open: their locks, the next entry of each, and the first day that is not closed.

A verb that places many lines makes many entries, in several books, in one transaction. Under the locks the numbers are
counted here, so that an entry asks the database nothing that is known already.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from ledgers import posting
from ledgers.journal import EntryDraft, Event

# The column by which an index finds the rows of an entry, in the tables that are written here.
_FOUND_BY = ("line_number", "statement_number", "transfer_number", "return_number", "notice_number", "award_number")


class OpenBooks:
    """Some books under their locks, until the end of the transaction; `today` is the day of late money."""

    def __init__(self, connection: Connection, books: Iterable[int], *, today: date) -> None:
        self._connection = connection
        self._today = today
        self.numbers = tuple(sorted(set(books)))
        posting.lock(connection, self.numbers)
        rows = connection.execute(
            text("""
                SELECT k.book, coalesce(e.number, 0) + 1 AS next_entry, coalesce(a.account_id, 0) AS last_account,
                       (l.month + interval '1 month')::date AS open_from
                FROM unnest(CAST(:books AS integer[])) AS k (book)
                LEFT JOIN LATERAL (SELECT max(number) AS number FROM esep.entry WHERE authority_id = k.book) e ON true
                LEFT JOIN LATERAL (SELECT max(account_id) AS account_id FROM esep.account WHERE authority_id = k.book) a
                    ON true
                LEFT JOIN LATERAL (
                    SELECT max(month) AS month FROM esep.month_lock WHERE authority_id = k.book OR k.book = 0
                ) l ON true
            """),
            {"books": list(self.numbers)},
        ).all()
        self._next = {row.book: int(row.next_entry) for row in rows}
        self._last_account = {row.book: int(row.last_account) for row in rows}
        self._open_from: dict[int, date] = {row.book: row.open_from for row in rows if row.open_from}

    def day(self, book: int, wanted: date) -> date:
        """The day itself, or today when its month is closed: late money is booked in the open month.

        Book 0 is closed with whichever book is closed: a closed month was compared with the cash of all books.
        """
        return wanted if wanted >= self._open_from.get(book, date.min) else self._today

    def enter(
        self,
        book: int,
        draft: EntryDraft,
        rows: Mapping[str, Sequence[Mapping[str, Any]]],
        events: Sequence[Event] = (),
    ) -> int:
        """Append and seal the next entry of a book, with its register rows and postings; returns its number."""
        number = self._next[book]
        own = {"authority_id": book, "entry_number": number}
        written = {table: [{**value, **own} for value in values] for table, values in rows.items() if values}
        for table, values in written.items():
            posting.append(self._connection, table, values)
        if events:
            posting.post(self._connection, book, number, draft.booked_on, events)
        wrote, bind = _narrowed(written)
        # Accounts get rising numbers, so those of this entry are above the last one seen under the lock.
        wrote["account"] = "f.account_id > :last_account"
        posting.seal(self._connection, book, number, draft, wrote, bind | {"last_account": self._last_account[book]})
        self._next[book] = number + 1
        return number

    def enter_many(self, book: int, entries: Sequence[tuple[EntryDraft, Sequence[Event]]]) -> list[int]:
        """Append and seal the next entries of a book, which bring postings alone; returns their numbers.

        One question for all: for kinds that start no deadline, like the settlement of a file.
        """
        first = self._next[book]
        drafts = {first + place: draft for place, (draft, _) in enumerate(entries)}
        events = [
            (first + place, draft.booked_on, event) for place, (draft, own) in enumerate(entries) for event in own
        ]
        posting.post_many(self._connection, book, events)
        bind = {"last_account": self._last_account[book]}
        posting.seal_many(self._connection, book, drafts, {"account": "f.account_id > :last_account"}, bind)
        self._next[book] = first + len(entries)
        return list(drafts)

    def reverse(self, book: int, draft: EntryDraft) -> int:
        """Turn the entry that the draft names round; returns the number of the reversal.

        Raises:
            Overdrawn: what the entry brought was already used.
        """
        if draft.reverses is None:
            raise ValueError("the draft of a reversal names the entry it reverses")
        number = posting.reverse(self._connection, book, draft.reverses, draft)
        self._next[book] = number + 1
        return number


def _narrowed(rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> tuple[dict[str, str], dict[str, Any]]:
    """For each table the condition that finds its rows by a key, and the parameters of the conditions."""
    wrote: dict[str, str] = {}
    bind: dict[str, Any] = {}
    for table, values in rows.items():
        column = next(name for name in _FOUND_BY if name in values[0])
        wrote[table] = f"f.{column} = ANY(CAST(:of_{table} AS bigint[]))"
        bind[f"of_{table}"] = [value[column] for value in values]
    return wrote, bind
