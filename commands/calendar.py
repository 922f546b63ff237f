"""The working days."""

from typing import Annotated

import typer

from commands import options
from commands.options import DryRun, File, Home, Save, Tabs, Today, User

app = options.group("The working days of Kazakhstan, and days that the government moved.")


@app.command("show")
def show(
    year: Annotated[int, typer.Argument(help="The year, like 2024.")],
    month: Annotated[int | None, typer.Option("--month", min=1, max=12, help="Only this month, day by day.")] = None,
    on_version: Annotated[
        int | None, typer.Option("--on-version", help="As this version had it; 0 came along. The latest if left out.")
    ] = None,
    tabs: Tabs = False,
    save: Save = None,
    home: Home = None,
) -> None:
    """Show which days are worked, why the others are not, which were moved, and on which banks settle."""
    from reconcile import calendar, calendar_report

    with options.books(home) as database, database.begin() as connection:
        version = calendar.load(connection, on_version)
    rows = calendar.days(version, year, month)
    shown = calendar_report.year if month is None else calendar_report.month
    options.say(shown(rows, version.version, tabs=tabs) + options.saved(rows, save))


@app.command("import")
def import_file(file: File, user: User, today: Today = None, home: Home = None, dry_run: DryRun = False) -> None:
    """Import moved days (CSV or XLSX); they make a new version, and open deadlines are computed again."""
    from reconcile import calendar, calendar_report

    with options.desk(user, today, home) as desk:
        result = calendar.import_file(desk, file, dry_run=dry_run)
    options.say(options.dry(dry_run) + calendar_report.imported(result))
