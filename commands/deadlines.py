"""The deadlines: today's board, a calendar of them, and what happened outside of the books."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from commands import options
from commands.options import AuthorityCode, DryRun, Home, OneAuthority, Save, Tabs, Today, User

app = options.group("The deadlines of the order: what is due, overdue and met, by authority.")

States = Annotated[
    list[str] | None,
    typer.Option("--state", help="Only this state: overdue, 'due today', soon, waiting, open or met; may be repeated."),
]
MetSince = Annotated[
    datetime | None,
    typer.Option(
        "--met-since", formats=["%Y-%m-%d"], help="What was met from this day on; the month before if left out."
    ),
]


@app.callback(invoke_without_command=True, no_args_is_help=False)
def board(
    context: typer.Context,
    authority: OneAuthority = None,
    state: States = None,
    met_since: MetSince = None,
    today: Today = None,
    tabs: Tabs = False,
    save: Save = None,
    home: Home = None,
) -> None:
    """Show the board of the day: every deadline with its due day, how late it is, when and by whom it was met."""
    if context.invoked_subcommand is not None:
        return
    from reconcile import deadline_report, deadlines

    day = options.working_day(today)
    since = met_since.date() if met_since else None
    with options.books(home) as database, database.begin() as connection:
        rows = deadlines.board(connection, day, authority, states=deadlines.states(state or []), met_since=since)
    options.say(deadline_report.board(rows, day, tabs=tabs) + options.saved(rows, save))


@app.command("export")
def export(
    out: Annotated[Path, typer.Option("--out", help="The file to write: .ics, .csv or .xlsx.", dir_okay=False)],
    authority: OneAuthority = None,
    state: States = None,
    met_since: MetSince = None,
    today: Today = None,
    home: Home = None,
) -> None:
    """Write the board as a calendar (.ics, with reminders) or as a table (.csv, .xlsx)."""
    from reconcile import deadline_export, deadlines

    since = met_since.date() if met_since else None
    with options.books(home) as database, database.begin() as connection:
        rows = deadlines.board(
            connection,
            options.working_day(today),
            authority,
            states=deadlines.states(state or []),
            met_since=since,
        )
    options.say([f"wrote {deadline_export.save(rows, out)} deadlines to {out}"])


@app.command("note")
def note(
    rule: Annotated[str, typer.Argument(help="The rule, like P-003.")],
    subject: Annotated[str, typer.Argument(help="What it is about, like 'register 2019-09'; never a person's number.")],
    happening: Annotated[
        Literal["started", "met"], typer.Option("--as", help="Whether the term began or was met.", show_default=False)
    ],
    on: Annotated[datetime, typer.Option("--on", formats=["%Y-%m-%d"], help="The day on which it happened.")],
    words: Annotated[str, typer.Option("--note", help="What happened, with the number of the document.")],
    authority: AuthorityCode,
    user: User,
    today: Today = None,
    home: Home = None,
    dry_run: DryRun = False,
) -> None:
    """Note what happened outside of the books: a term of P-002 to P-019 that began or was met, an answer on paper."""
    from reconcile import deadline_report, deadlines

    with options.desk(user, today, home) as desk:
        result = deadlines.note(desk, rule, authority, subject, happening, on=on.date(), words=words, dry_run=dry_run)
    options.say(options.dry(dry_run) + deadline_report.noted(result))
