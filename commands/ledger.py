"""Looks into the books, as they are and as they were known, and their proof."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands import options
from commands.options import AuthorityCode, Home, OneAuthority, Out, Save, Tabs, Today

if TYPE_CHECKING:
    from sqlalchemy import Connection

app = options.group("Look into the books, and prove them.")

_MOMENTS = ["%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]

KnownAt = Annotated[
    datetime | None,
    typer.Option(
        "--known-at", formats=_MOMENTS, metavar="MOMENT", help="As known at this moment, like '2024-03-20 12:00'."
    ),
]
"""What was known at a moment, by the clock on the wall."""

KnownAtEntry = Annotated[
    int | None, typer.Option("--known-at-entry", min=0, help="As known up to this entry of the authority's book.")
]
"""What was known up to an entry."""

Since = Annotated[
    datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="From this booking day on; all before opens.")
]
"""The first booking day."""

Until = Annotated[
    datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Up to the end of this booking day.")
]
"""The last booking day."""


def _day(value: datetime | None) -> date | None:
    return value.date() if value else None


def _known(connection: "Connection", book: int | None, moment: datetime | None, entry: int | None) -> dict[int, int]:
    """The last entry of each book that an answer may use."""
    from ledgers import history

    if entry is not None and (book is None or moment is not None):
        raise typer.BadParameter("give --known-at-entry with --authority and without --known-at: entries are of a book")
    return history.known(connection, book, moment=moment.astimezone() if moment else None, entry=entry)


@app.command("balances")
def balances(
    authority: Annotated[str | None, typer.Option("--authority", help="One authority's book; all if left out.")] = None,
    on: Annotated[
        datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="As of the end of this day.")
    ] = None,
    known_at: KnownAt = None,
    known_at_entry: KnownAtEntry = None,
    tabs: Tabs = False,
    save: Save = None,
    home: Home = None,
) -> None:
    """Show every account that is open, with its reference: where the money is."""
    from ledgers import history, setup
    from reconcile import report

    with options.books(home) as database, database.begin() as connection:
        codes = {0: "SC"} | {one.authority_id: one.code for one in setup.authorities(connection)}
        book = None if authority is None else setup.authority(connection, authority).authority_id
        rows = history.balances(connection, _known(connection, book, known_at, known_at_entry), on=_day(on))
    options.say(report.balances(rows, codes, tabs=tabs) + options.saved(rows, save))


@app.command("trial")
def trial(
    authority: OneAuthority = None,
    since: Since = None,
    until: Until = None,
    known_at: KnownAt = None,
    known_at_entry: KnownAtEntry = None,
    collapsed: Annotated[
        bool, typer.Option("--collapsed", help="By the numbers of the chart: 100, 200, 210 ...")
    ] = False,
    tabs: Tabs = False,
    save: Save = None,
    home: Home = None,
) -> None:
    """Show the trial balance: opening, debit, credit and closing of each account, and that debit is credit."""
    from ledgers import history, setup
    from reconcile import history_report

    with options.books(home) as database, database.begin() as connection:
        codes = {0: "SC"} | {one.authority_id: one.code for one in setup.authorities(connection)}
        book = None if authority is None else setup.authority(connection, authority).authority_id
        books = _known(connection, book, known_at, known_at_entry)
        count = history.trial_by_number if collapsed else history.trial
        lines = count(connection, books, since=_day(since), until=_day(until))
    said = [history_report.known(books, codes)] if known_at or known_at_entry is not None else []
    shown = history_report.trial(lines, history.totals(lines), codes, tabs=tabs)
    options.say(([] if tabs else said) + shown + options.saved(lines, save))


@app.command("card")
def card(
    account: Annotated[
        str, typer.Argument(help="The account as balances write it: cash, transit[FILE], funding[REQUEST]/KIND.")
    ],
    authority: AuthorityCode,
    since: Since = None,
    until: Until = None,
    known_at: KnownAt = None,
    known_at_entry: KnownAtEntry = None,
    tabs: Tabs = False,
    save: Save = None,
    home: Home = None,
) -> None:
    """Show the card of one account: every movement with its entry, its document, who entered it, and the balance."""
    from ledgers import account_card, setup
    from reconcile import history_report

    with options.books(home) as database, database.begin() as connection:
        book = setup.authority(connection, authority).authority_id
        last = _known(connection, book, known_at, known_at_entry)[book]
        found = account_card.card(
            connection,
            book,
            account_card.AccountName.parse(account),
            last_known=last,
            since=_day(since),
            until=_day(until),
        )
    options.say(
        history_report.card(found, authority, _day(since), tabs=tabs) + options.saved(found.movements, save),
    )


@app.command("entries")
def entries(
    authority: AuthorityCode,
    collapsed: Annotated[
        bool, typer.Option("--collapsed", help="By the numbers of the chart: 100, 200, 210 ...")
    ] = False,
    tabs: Tabs = False,
    save: Save = None,
    home: Home = None,
) -> None:
    """Show the journal of an authority's book: every entry with its postings."""
    from ledgers import queries, setup
    from reconcile import report

    with options.books(home) as database, database.begin() as connection:
        book = setup.authority(connection, authority).authority_id
        if collapsed:
            numbered = queries.number_entries(connection, book)
            options.say(report.collapsed(numbered, tabs=tabs) + options.saved(numbered, save))
        else:
            journal = queries.entries(connection, book)
            options.say(report.journal(journal, tabs=tabs) + options.saved(report.journal_lines(journal), save))


@app.command("verify")
def verify(
    digest: Annotated[Path | None, typer.Option("--digest", exists=True, help="A digest file written earlier.")] = None,
    write_digest: Annotated[
        Path | None, typer.Option("--write-digest", help="Write the heads of all books here.")
    ] = None,
    home: Home = None,
) -> None:
    """Compute every entry again from its rows; name the first broken one, and a tail that was cut off."""
    from ledgers import verify as proof
    from reconcile import digest as digests
    from reconcile import report

    with options.books(home) as database, database.begin() as connection:
        published = proof.read_digest(digests.checked(digest.read_text("utf-8"), digest.name)) if digest else ()
        found = proof.verify(connection, published)
        heads = proof.heads(connection)
    if write_digest is not None and found.is_sound:
        write_digest.write_text("".join(f"{head}\n" for head in heads), encoding="utf-8")
    options.say(report.verified(found))
    if not found.is_sound:
        raise typer.Exit(1)


@app.command("digest")
def digest(out: Out, today: Today = None, home: Home = None) -> None:
    """Write the day's digest, the heads of all books, to be kept where nobody who keeps the books can change it."""
    from ledgers import verify as proof
    from reconcile import digest as digests

    with options.books(home) as database, database.begin() as connection:
        heads = proof.heads(connection)
    options.say(digests.written(digests.write(heads, options.working_day(today), out)))


def trace(
    reference: Annotated[
        str,
        typer.Argument(
            help="A request, file, payment, statement line or order number, an IIN, a transfer T4, a month's act "
            "AST/2024-03, a crediting line C3/45, a list line L2/7, a difference AST/12."
        ),
    ],
    full: Annotated[
        bool, typer.Option("--full", help="Also the document, the version, the match and who entered it.")
    ] = False,
    tabs: Tabs = False,
    save: Save = None,
    home: Home = None,
) -> None:
    """Follow a payment, a file, a request or a person through the books."""
    from ledgers import setup
    from ledgers import trace as tracing
    from reconcile import history_report, report

    with options.books(home) as database, database.begin() as connection:
        codes = {0: "SC"} | {one.authority_id: one.code for one in setup.authorities(connection)}
        facts = tracing.trace(connection, reference)
    lines = history_report.trace_lines(facts, codes)
    if full:
        shown = history_report.full_trace(lines, reference, tabs=tabs)
    else:
        shown = report.trace(facts, reference, tabs=tabs)
    options.say(shown + options.saved(lines, save))
