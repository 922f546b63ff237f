"""What keeps an award from being sent."""

from datetime import datetime
from typing import Annotated

import typer

from commands import options
from commands.options import AuthorityCode, DryRun, File, Home, OneAuthority, Save, Tabs, Today, User

app = options.group("Holds: what is not sent waits, because of a death, a search, a fact to be cleared (тоқтата тұру).")

Document = Annotated[str, typer.Option("--document", help="The paper that says so.")]


@app.command("place")
def place(
    reason: Annotated[
        str,
        typer.Option(
            "--reason",
            help="suspended, death, missing, wanted, document_expired, account_blocked, no_movement or other.",
            show_default=False,
        ),
    ],
    user: User,
    iin: Annotated[str, typer.Option("--iin", help="The person, all of whose unsent aid waits.")] = "",
    award: Annotated[int, typer.Option("--award", help="One award, like 20000006, instead of the person.")] = 0,
    on: Annotated[
        datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The day it is of; today if left out.")
    ] = None,
    document: Document = "",
    note: Annotated[str, typer.Option("--note", help="What others should know.")] = "",
    authority: OneAuthority = None,
    today: Today = None,
    home: Home = None,
    dry_run: DryRun = False,
) -> None:
    """Stop what is not sent of a person or an award; what was sent stays lawful."""
    from formats.holds import HoldLine
    from reconcile import hold, payment_report

    with options.desk(user, today, home) as desk:
        line = HoldLine(0, iin, reason, on.date() if on else desk.today, document, note)
        result = hold.place(desk, line, award=award, authority_code=authority, dry_run=dry_run)
    options.say(options.dry(dry_run) + payment_report.placed(result))


@app.command("end")
def end(
    authority: AuthorityCode,
    number: Annotated[int, typer.Option("--hold", help="Its number, as in the list.", show_default=False)],
    note: Annotated[str, typer.Option("--note", help="Why it ends; it stands in the books.", show_default=False)],
    user: User,
    document: Document = "",
    today: Today = None,
    home: Home = None,
    dry_run: DryRun = False,
) -> None:
    """End a hold: what it stopped goes with the next files."""
    from reconcile import hold, payment_report

    with options.desk(user, today, home) as desk:
        ended = hold.end(desk, authority, number, document=document, note=note, dry_run=dry_run)
    options.say(options.dry(dry_run) + payment_report.ended(ended, authority))


@app.command("import")
def import_file(file: File, user: User, today: Today = None, home: Home = None) -> None:
    """Place holds by a list (CSV or XLSX: iin, reason, placed_on, document, note), whole or not at all."""
    from reconcile import hold, payment_report

    with options.desk(user, today, home) as desk:
        options.say(payment_report.hold_import(hold.import_file(desk, file)))


@app.command("list")
def list_holds(
    authority: OneAuthority = None,
    ended: Annotated[bool, typer.Option("--ended", help="Also those that are over.")] = False,
    tabs: Tabs = False,
    save: Save = None,
    home: Home = None,
) -> None:
    """Show the holds, and how much each keeps from being sent."""
    from ledgers import holds, setup
    from reconcile import payment_report

    with options.books(home) as database, database.begin() as connection:
        book = None if authority is None else setup.authority(connection, authority).authority_id
        rows = holds.rows(connection, book, ended=ended)
    options.say(payment_report.holds(rows, tabs=tabs) + options.saved(rows, save))
