"""Payment orders to the banks."""

from datetime import datetime
from typing import Annotated

import typer

from commands import options
from commands.options import DryRun, File, Home, OneAuthority, Out, Today, User

app = options.group("MT-102 payment orders to the banks (төлем тапсырмасы, платёжное поручение).")


@app.command("send")
def send(
    out: Out,
    user: User,
    authority: OneAuthority = None,
    today: Today = None,
    home: Home = None,
    dry_run: DryRun = False,
) -> None:
    """Write MT-102 files for everything whose money has come, resends included; one for each kind and bank."""
    from reconcile import order, payment_report

    with options.desk(user, today, home) as desk:
        result = order.send(desk, out, authority_code=authority, dry_run=dry_run)
        options.say(options.dry(dry_run) + payment_report.orders_sent(result))


@app.command("refused")
def refused(file: File, user: User, today: Today = None, home: Home = None) -> None:
    """Import a bank's refusal of our files (MT905, or pacs.002 of a whole message): their items go again."""
    from reconcile import payment_report, refusal

    with options.desk(user, today, home) as desk:
        options.say(payment_report.refused(refusal.import_file(desk, file)))


@app.command("refuse")
def refuse(
    file: Annotated[str, typer.Option("--file", help="The file, like GCVP-00100000071.", show_default=False)],
    reason: Annotated[str, typer.Option("--reason", help="What the bank says.", show_default=False)],
    user: User,
    code: Annotated[str, typer.Option("--code", help="The bank's code, if it gives one.")] = "",
    on: Annotated[
        datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The day of the refusal; today if left out.")
    ] = None,
    today: Today = None,
    home: Home = None,
    dry_run: DryRun = False,
) -> None:
    """Say that a bank refused a file, where it sent no message: its items go again."""
    from reconcile import payment_report, refusal

    with options.desk(user, today, home) as desk:
        day = on.date() if on else None
        result = refusal.refuse(desk, file, reason=reason, code=code, on=day, dry_run=dry_run)
    options.say(options.dry(dry_run) + payment_report.refused([result]))
