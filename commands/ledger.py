"""Looks into the books, and their proof."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from commands import options
from commands.options import AuthorityCode, Home, Save, Tabs

app = options.group("Look into the books, and prove them.")


@app.command("balances")
def balances(
    authority: Annotated[str | None, typer.Option("--authority", help="One authority's book; all if left out.")] = None,
    on: Annotated[
        datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="As of the end of this day.")
    ] = None,
    tabs: Tabs = False,
    save: Save = None,
    home: Home = None,
) -> None:
    """Show every account that is open, with its reference: where the money is."""
    from ledgers import queries, setup
    from reconcile import report

    with options.books(home) as database, database.begin() as connection:
        codes = {0: "SC"} | {one.authority_id: one.code for one in setup.authorities(connection)}
        book = None if authority is None else setup.authority(connection, authority).authority_id
        rows = queries.balances(connection, book, on=on.date() if on else None)
    options.say(report.balances(rows, codes, tabs=tabs) + options.saved(rows, save))


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
    from reconcile import report

    with options.books(home) as database, database.begin() as connection:
        published = proof.read_digest(digest.read_text("utf-8")) if digest else ()
        found = proof.verify(connection, published)
        heads = proof.heads(connection)
    if write_digest is not None and found.is_sound:
        write_digest.write_text("".join(f"{head}\n" for head in heads), encoding="utf-8")
    options.say(report.verified(found))
    if not found.is_sound:
        raise typer.Exit(1)


def trace(
    reference: Annotated[
        str, typer.Argument(help="A request, file, payment, statement line or order number, or an IIN.")
    ],
    tabs: Tabs = False,
    home: Home = None,
) -> None:
    """Follow a payment, a file, a request or a person through the books."""
    from ledgers import trace as tracing
    from reconcile import report

    with options.books(home) as database, database.begin() as connection:
        facts = tracing.trace(connection, reference)
    options.say(report.trace(facts, reference, tabs=tabs))
