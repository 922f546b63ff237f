"""Registers of what banks credited to whom."""

from datetime import datetime
from typing import Annotated

import typer

from commands import options
from commands.options import DryRun, File, Home, OneAuthority, Save, Tabs, Today, User

app = options.group(
    "Crediting registers of banks, against our payments person by person (есептелген төлемдер тізілімі)."
)


@app.command("import")
def import_file(
    file: File,
    bank: Annotated[str, typer.Option("--bank", help="BIC of the bank it is from.", show_default=False)],
    document: Annotated[str, typer.Option("--document", help="Number of the bank's document.", show_default=False)],
    dated: Annotated[
        datetime, typer.Option("--dated", formats=["%Y-%m-%d"], help="Date of the document.", show_default=False)
    ],
    user: User,
    today: Today = None,
    home: Home = None,
    dry_run: DryRun = False,
) -> None:
    """Import a register (CSV or XLSX) and find the payments of its lines; the same file again changes nothing."""
    from reconcile import crediting, crediting_report

    with options.desk(user, today, home) as desk:
        result = crediting.import_file(desk, file, bic=bank, document=document, dated=dated.date(), dry_run=dry_run)
    options.say(options.dry(dry_run) + crediting_report.imported(result))


@app.command("match")
def match(user: User, authority: OneAuthority = None, today: Today = None, home: Home = None) -> None:
    """Try the rules again on all lines that are open: payments may have come since."""
    from reconcile import crediting, crediting_report

    with options.desk(user, today, home) as desk:
        options.say(crediting_report.matched(crediting.match_again(desk, authority_code=authority)))


@app.command("list")
def list_creditings(authority: OneAuthority = None, tabs: Tabs = False, save: Save = None, home: Home = None) -> None:
    """Show the registers, and how much of each agrees with our payments."""
    from ledgers import creditings, setup
    from reconcile import crediting_report

    with options.books(home) as database, database.begin() as connection:
        book = None if authority is None else setup.authority(connection, authority).authority_id
        rows = creditings.rows(connection, book)
    options.say(crediting_report.listed(rows, tabs=tabs) + options.saved(rows, save))


@app.command("show")
def show(
    number: Annotated[int, typer.Argument(help="The register's number, like 3 for C3.")],
    authority: OneAuthority = None,
    tabs: Tabs = False,
    save: Save = None,
    home: Home = None,
) -> None:
    """Show a register: how many lines each rule found to be payments, and each line that differs with the reason."""
    from reconcile import crediting, crediting_report

    with options.books(home) as database, database.begin() as connection:
        result = crediting.show(connection, number, authority)
    options.say(crediting_report.shown(result, tabs=tabs) + options.saved(result.left, save))
