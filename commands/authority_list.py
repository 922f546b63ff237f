"""The authority's own list of orders and refunds against ours."""

from typing import Annotated

import typer

from commands import options
from commands.options import AuthorityCode, DryRun, File, Home, Month, Out, Save, Tabs, Today, User

app = options.group("The authority's own list of its orders and refunds against ours, line by line (уәкілетті орган).")

Line = Annotated[str, typer.Option("--line", help="A line of a list, like L2/7: list 2, line 7.", show_default=False)]
Reason = Annotated[str, typer.Option("--reason", help="Why; it stands in the books.", show_default=False)]


@app.command("import")
def import_file(
    file: File,
    authority: AuthorityCode,
    month: Month,
    document: Annotated[
        str, typer.Option("--document", help="The letter that it came with, like 'letter No 5'.", show_default=False)
    ],
    user: User,
    today: Today = None,
    home: Home = None,
    dry_run: DryRun = False,
) -> None:
    """Import the authority's list of a month (CSV, XLSX, or its account as 1C) and compare it with the books."""
    from reconcile import authority_list, list_report

    with options.desk(user, today, home) as desk:
        result = authority_list.import_file(desk, file, authority, month.date(), document, dry_run=dry_run)
    options.say(options.dry(dry_run) + list_report.imported(result, dry_run=dry_run))


@app.command("show")
def show(authority: AuthorityCode, month: Month, tabs: Tabs = False, save: Save = None, home: Home = None) -> None:
    """Show the list in force of a month against the books: every order, both totals and the difference."""
    from reconcile import authority_list, list_report

    with options.books(home) as database, database.begin() as connection:
        comparison = authority_list.show(connection, authority, month.date())
    options.say(list_report.shown(comparison, tabs=tabs) + options.saved(list_report.rows(comparison), save))


@app.command("match")
def match(
    authority: AuthorityCode,
    line: Line,
    reason: Reason,
    user: User,
    transfer: Annotated[int, typer.Option("--transfer", help="The transfer of ours that it is.")] = 0,
    refund: Annotated[int, typer.Option("--refund", help="The refund order of ours that it is.")] = 0,
    today: Today = None,
    home: Home = None,
    dry_run: DryRun = False,
) -> None:
    """Match a line by hand to a transfer or a refund order of the same amount."""
    from reconcile import authority_list, list_report

    if (transfer > 0) == (refund > 0):
        raise typer.BadParameter("name one of them, a transfer or a refund order", param_hint="--transfer, --refund")
    with options.desk(user, today, home) as desk:
        result = authority_list.match(
            desk,
            authority,
            line,
            "transfer" if transfer else "refund",
            transfer or refund,
            reason,
            dry_run=dry_run,
        )
    options.say(options.dry(dry_run) + list_report.matched(result))


@app.command("unmatch")
def unmatch(
    authority: AuthorityCode,
    line: Line,
    reason: Reason,
    user: User,
    today: Today = None,
    home: Home = None,
    dry_run: DryRun = False,
) -> None:
    """Undo a match by hand; it stays in the books that it was made."""
    from reconcile import authority_list, list_report

    with options.desk(user, today, home) as desk:
        result = authority_list.unmatch(desk, authority, line, reason, dry_run=dry_run)
    options.say(options.dry(dry_run) + list_report.matched(result))


@app.command("protocol")
def protocol(authority: AuthorityCode, month: Month, out: Out, today: Today = None, home: Home = None) -> None:
    """Write the protocol of differences of a month in Kazakh and Russian, timing differences apart from real ones."""
    from reconcile import list_protocol, list_report

    with options.books(home) as database, database.begin() as connection:
        made = list_protocol.make(connection, authority, month.date(), options.working_day(today), out)
    options.say(list_report.protocols(made))
