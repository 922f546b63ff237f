"""Statements of the bank account."""

from datetime import datetime
from typing import Annotated

import typer

from commands import options
from commands.options import AuthorityCode, DryRun, File, Home, Save, Tabs, Today, User

app = options.group("Statements of the State Corporation's bank account (1C exchange format).")

Line = Annotated[str, typer.Option("--line", help="The statement line, like S12.", show_default=False)]
Reason = Annotated[str, typer.Option("--reason", help="Why; it stands in the books.", show_default=False)]


@app.command("import")
def import_file(file: File, user: User, today: Today = None, home: Home = None) -> None:
    """Import a bank statement: transfers come in, sent files are settled, returned money is seen."""
    from reconcile import report, statement

    with options.desk(user, today, home) as desk:
        options.say(report.statement_import(statement.import_file(desk, file)))


@app.command("waiting")
def waiting(today: Today = None, tabs: Tabs = False, save: Save = None, home: Home = None) -> None:
    """Show money that nobody could place, and debits that fit no file: why, and for how many working days."""
    from reconcile import funding_report
    from reconcile import waiting as waits

    with options.books(home) as database, database.begin() as connection:
        rows = waits.waiting(connection, options.working_day(today))
    options.say(funding_report.waiting(rows, tabs=tabs) + options.saved(rows, save))


@app.command("place")
def place(
    line: Line,
    authority: AuthorityCode,
    reason: Reason,
    user: User,
    part: Annotated[
        list[str] | None,
        typer.Option("--part", help="REQUEST/KIND=AMOUNT, like AST-2024-0001/A=18460,00; may be given again."),
    ] = None,
    anew: Annotated[
        bool, typer.Option("--anew", help="Turn round what the line was placed as, and place it whole.")
    ] = False,
    today: Today = None,
    home: Home = None,
    dry_run: DryRun = False,
) -> None:
    """Say where the money of a line belongs: on requests of an authority, or without --part as its transfer on 205."""
    from reconcile import funding_report, reallocate

    with options.desk(user, today, home) as desk:
        result = reallocate.place(desk, line, authority, part or [], reason, anew=anew, dry_run=dry_run)
    options.say(options.dry(dry_run) + funding_report.placed(result))


@app.command("undo")
def undo(
    line: Line, reason: Reason, user: User, today: Today = None, home: Home = None, dry_run: DryRun = False
) -> None:
    """Turn round what a line was placed as: a debit is tried again, money waits on 205."""
    from reconcile import funding_report
    from reconcile.undo import undo

    with options.desk(user, today, home) as desk:
        result = undo(desk, line, reason, dry_run=dry_run)
    options.say(options.dry(dry_run) + funding_report.undone(result))


@app.command("settle")
def settle(
    line: Line,
    file: Annotated[str, typer.Option("--file", help="The file it is of, like GCVP-00100000071.", show_default=False)],
    reason: Reason,
    user: User,
    today: Today = None,
    home: Home = None,
    dry_run: DryRun = False,
) -> None:
    """Say which file a debit is of, where the bank names none of ours: the amount must be the same."""
    from reconcile import funding_report
    from reconcile.settle import settle

    with options.desk(user, today, home) as desk:
        result = settle(desk, line, file, reason, dry_run=dry_run)
    options.say(options.dry(dry_run) + funding_report.settled(result))


@app.command("control")
def control(tabs: Tabs = False, save: Save = None, home: Home = None) -> None:
    """Show whether the statements follow each other: gaps, overlaps, corrected files, balances that do not join."""
    from reconcile import control_report, statement_control

    with options.books(home) as database, database.begin() as connection:
        result = statement_control.control(connection)
    options.say(control_report.control(result, tabs=tabs) + options.saved(result.links, save))


@app.command("balance")
def balance(
    on: Annotated[
        datetime | None,
        typer.Option("--on", formats=["%Y-%m-%d"], help="The day; the last one that the statements reach if left out."),
    ] = None,
    tabs: Tabs = False,
    save: Save = None,
    home: Home = None,
) -> None:
    """Show the bank's balance on a day as the cash of all books and what has not cleared, line by line."""
    from reconcile import bank_balance, control_report

    with options.books(home) as database, database.begin() as connection:
        result = bank_balance.balance(connection, on.date() if on else None)
    options.say(control_report.balance(result, tabs=tabs) + options.saved(result.items, save))
