"""Refunds to the authority."""

from typing import Annotated

import typer

from commands import options
from commands.options import DryRun, Home, OneAuthority, Out, Tabs, Today, User

app = options.group("Refunds to the authority (уәкілетті органға қайтару).")


@app.command("send")
def send(
    out: Out,
    user: User,
    authority: OneAuthority = None,
    line: Annotated[
        list[str] | None,
        typer.Option("--line", help="A statement line, like S12, whose excess goes back too; may be given again."),
    ] = None,
    today: Today = None,
    home: Home = None,
    dry_run: DryRun = False,
    tabs: Tabs = False,
) -> None:
    """Send refundable money back by MT-100; on the month's last working day also what nobody decided or resent.

    A dry run lists everything that would go back, why, and how long it waited.
    """
    from reconcile import refund, returns_report

    with options.desk(user, today, home) as desk:
        result = refund.send(desk, out, authority_code=authority, lines=line or (), dry_run=dry_run)
    options.say(options.dry(dry_run) + returns_report.refunds_sent(result, dry_run=dry_run, tabs=tabs))
