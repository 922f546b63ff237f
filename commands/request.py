"""Requests to the authority."""

from datetime import datetime
from typing import Annotated

import typer

from commands import options
from commands.options import AuthorityCode, DryRun, Home, OneAuthority, Out, Save, Tabs, Today, User

app = options.group("Requests to the authority for the money of its needs (өтінім, заявка).")

Request = Annotated[str, typer.Option("--request", help="The request, like AST-2024-0001.", show_default=False)]


@app.command("send")
def send(out: Out, user: User, today: Today = None, home: Home = None) -> None:
    """Ask the authorities for the money of their needs; writes each request as XML and PDF."""
    from reconcile import report, request

    with options.desk(user, today, home) as desk:
        options.say(report.requests_sent(request.send(desk, out)))


@app.command("arrived")
def arrived(
    authority: AuthorityCode,
    request: Request,
    on: Annotated[datetime, typer.Option("--on", formats=["%Y-%m-%d"], help="The day it arrived.", show_default=False)],
    user: User,
    today: Today = None,
    home: Home = None,
) -> None:
    """Tell when a request came to the authority: its money is due from that day on. Without it, it came when sent."""
    from reconcile import funding_report
    from reconcile.request import arrived

    with options.desk(user, today, home) as desk:
        options.say(funding_report.arrived(arrived(desk, authority, request, on.date())))


@app.command("list")
def list_requests(
    authority: OneAuthority = None, today: Today = None, tabs: Tabs = False, save: Save = None, home: Home = None
) -> None:
    """Show what was asked, came and is awaited, and from when and by when: until the 1st, overdue, over year end."""
    from reconcile import funding_report
    from reconcile.request import listed

    with options.books(home) as database, database.begin() as connection:
        rows = listed(connection, options.working_day(today), authority)
    options.say(funding_report.request_list(rows, tabs=tabs) + options.saved(rows, save))


@app.command("release")
def release(
    authority: AuthorityCode,
    request: Request,
    reason: Annotated[str, typer.Option("--reason", help="Why; it stands in the books.", show_default=False)],
    user: User,
    kind: Annotated[str | None, typer.Option("--kind", help="Only this kind of aid; all of them if left out.")] = None,
    today: Today = None,
    home: Home = None,
    dry_run: DryRun = False,
) -> None:
    """Let go of what a request's awards no longer need: awaited money is withdrawn, money that came is refunded."""
    from reconcile import funding_report
    from reconcile.release import release

    with options.desk(user, today, home) as desk:
        result = release(desk, authority, request, reason, aid_kind=kind, dry_run=dry_run)
    options.say(options.dry(dry_run) + funding_report.released(result))
