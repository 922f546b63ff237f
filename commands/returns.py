"""Payments that the banks returned; `return` is a word of Python, so the module has another name."""

from datetime import datetime
from typing import Annotated

import typer

from commands import options
from commands.options import AuthorityCode, DryRun, File, Home, Month, OneAuthority, Out, Save, Tabs, Today, User

app = options.group("Payments that the banks returned (қайтару, возврат).")

Reason = Annotated[str, typer.Option("--reason", help="Why; it stands in the books.", show_default=False)]
Line = Annotated[str, typer.Option("--line", help="The statement line, like S12.", show_default=False)]
Over = Annotated[bool, typer.Option("--over", help="The bank gave more; what is above waits on 205.")]
Payments = Annotated[
    list[str], typer.Option("--payment", help="The payment, like P20000006/1; may be given again.", show_default=False)
]


@app.command("import")
def import_file(file: File, user: User, today: Today = None, home: Home = None) -> None:
    """Import an MT-102 by which a bank returns payments; its money is a line of the statement."""
    from reconcile import report, returns

    with options.desk(user, today, home) as desk:
        options.say(report.return_import(returns.import_file(desk, file)))


@app.command("place")
def place(
    reason: Reason,
    user: User,
    message: Annotated[
        list[str] | None, typer.Option("--message", help="BIC/REFERENCE or BIC/NUMBER; may be given again.")
    ] = None,
    item: Annotated[
        list[str] | None,
        typer.Option("--item", help="NUMBER=PAYMENT, like 1=P20000006/1, or NUMBER=none; may be given again."),
    ] = None,
    line: Annotated[str | None, typer.Option("--line", help="The statement line of the money, like S12.")] = None,
    file: Annotated[str | None, typer.Option("--file", help="The MT-102 whose debit the bank turned round.")] = None,
    authority: OneAuthority = None,
    short: Annotated[bool, typer.Option("--short", help="The bank kept a part: it is claimed of it (R-006).")] = False,
    over: Over = False,
    today: Today = None,
    home: Home = None,
    dry_run: DryRun = False,
) -> None:
    """Say what a bank gave back: whose payments a parked message has, which messages a line brings, or a storno."""
    from reconcile import returns_report
    from reconcile.return_hand import Said
    from reconcile.return_place import place

    said = Said(
        reason=reason,
        messages=message or (),
        items=item or (),
        line=line,
        file=file,
        authority_code=authority,
        short=short,
        over=over,
    )
    with options.desk(user, today, home) as desk:
        result = place(desk, said, dry_run=dry_run)
    options.say(options.dry(dry_run) + returns_report.placed(result))


@app.command("claim-paid")
def claim_paid(
    line: Line,
    payment: Annotated[str, typer.Option("--payment", help="The payment, like P20000006/1.", show_default=False)],
    reason: Reason,
    user: User,
    authority: OneAuthority = None,
    over: Over = False,
    today: Today = None,
    home: Home = None,
    dry_run: DryRun = False,
) -> None:
    """Say that a line pays what a bank had kept of a returned payment."""
    from reconcile import claim, returns_report

    with options.desk(user, today, home) as desk:
        result = claim.paid(desk, line, payment, reason, authority_code=authority, over=over, dry_run=dry_run)
    options.say(options.dry(dry_run) + returns_report.claim_paid(result))


@app.command("notify")
def notify(out: Out, user: User, today: Today = None, home: Home = None) -> None:
    """Tell the authorities what came back: due on the working day after the return."""
    from reconcile import report, returns

    with options.desk(user, today, home) as desk:
        options.say(report.notices_sent(returns.notify(desk, out)))


@app.command("arrived")
def arrived(
    authority: AuthorityCode,
    notice: Annotated[str, typer.Option("--notice", help="The notice, like AST-1.", show_default=False)],
    on: Annotated[datetime, typer.Option("--on", formats=["%Y-%m-%d"], help="The day it arrived.", show_default=False)],
    user: User,
    today: Today = None,
    home: Home = None,
) -> None:
    """Tell when a notice of returns came to the authority: three working days to examine it run from that day."""
    from reconcile import funding_report, returns

    with options.desk(user, today, home) as desk:
        options.say(funding_report.arrived(returns.arrived(desk, authority, notice, on.date())))


@app.command("carry-over")
def carry_over(
    authority: AuthorityCode,
    payment: Payments,
    month: Month,
    reason: Reason,
    user: User,
    despite_december: Annotated[
        bool, typer.Option("--despite-december", help="Also from December; the refund then names its budget year.")
    ] = False,
    today: Today = None,
    home: Home = None,
    dry_run: DryRun = False,
) -> None:
    """Leave returns out of what goes back at the end of a month; they wait for the next."""
    from reconcile import returns_report
    from reconcile.carry_over import carry_over

    with options.desk(user, today, home) as desk:
        result = carry_over(
            desk, authority, payment, month.date(), reason, despite_december=despite_december, dry_run=dry_run
        )
    options.say(options.dry(dry_run) + returns_report.carried_over(result))


@app.command("waiting")
def waiting(
    authority: OneAuthority = None, today: Today = None, tabs: Tabs = False, save: Save = None, home: Home = None
) -> None:
    """Show all that came back and is not done with: why, for how long, by when it is decided, and what to do."""
    from reconcile import return_waiting, returns_report

    with options.books(home) as database, database.begin() as connection:
        rows = return_waiting.waiting(connection, options.working_day(today), authority)
    options.say(returns_report.waiting(rows, tabs=tabs) + options.saved(rows, save))
