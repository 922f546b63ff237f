"""The documents of the month, and what becomes of them."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from commands import options
from commands.options import AuthorityCode, DryRun, File, Home, Month, OneAuthority, Out, Save, Tabs, Today, User

app = options.group("The documents of the month: Appendix 1 (act), Appendix 2 (statement by banks), and their life.")


class Role(StrEnum):
    """Who signs, and as what."""

    corporation = "corporation"
    authority = "authority"
    deputy = "deputy"
    director = "director"


class Outcome(StrEnum):
    """How a dispute ends."""

    explained = "explained"
    withdrawn = "withdrawn"
    corrective_act = "corrective_act"


ActNumber = Annotated[int, typer.Option("--act", min=0, help="0 is the act itself, k its corrective act No k.")]
On = Annotated[
    datetime, typer.Option("--on", formats=["%Y-%m-%d"], help="The day, like 2024-04-15.", show_default=False)
]
OneMonth = Annotated[
    datetime | None,
    typer.Option("--month", formats=["%Y-%m"], help="Only this month; all that were built if left out."),
]


@app.command("build")
def build(authority: AuthorityCode, month: Month, out: Out, user: User, today: Today = None, home: Home = None) -> None:
    """Write the act (Appendix 1) and the statement by banks (Appendix 2) of a closed month, in Kazakh and Russian."""
    from reconcile import act, act_report

    with options.desk(user, today, home) as desk:
        options.say(act_report.acts_built(act.build(desk, authority, month.date(), out)))


@app.command("sign")
def sign(
    authority: AuthorityCode,
    month: Month,
    role: Annotated[Role, typer.Option("--as", help="In which role it was signed.", show_default=False)],
    signer: Annotated[str, typer.Option("--signer", help="Who signed: surname and names.", show_default=False)],
    on: On,
    user: User,
    act: ActNumber = 0,
    today: Today = None,
    home: Home = None,
) -> None:
    """Record a signature: both sides under Appendix 1, the deputy and then the director under Appendix 2."""
    from reconcile import act_report, act_sign

    with options.desk(user, today, home) as desk:
        result = act_sign.sign(desk, authority, month.date(), role.value, signer, on.date(), act_number=act)
    options.say(act_report.signed(result))


@app.command("sent")
def sent(authority: AuthorityCode, month: Month, on: On, user: User, today: Today = None, home: Home = None) -> None:
    """Record that Appendix 2 was sent to the authority, which is due by the 20th."""
    from reconcile import act_report, act_sign

    with options.desk(user, today, home) as desk:
        options.say(act_report.sent(act_sign.sent(desk, authority, month.date(), on.date())))


@app.command("status")
def status(
    authority: OneAuthority = None,
    month: OneMonth = None,
    tabs: Tabs = False,
    save: Save = None,
    home: Home = None,
) -> None:
    """Show where the documents stand: drafts, signatures, disputes, corrections; since when and by whom."""
    from reconcile import act_report, act_status

    with options.books(home) as database, database.begin() as connection:
        rows = act_status.status(connection, authority, month.date() if month else None)
    options.say(act_report.statuses(rows, tabs=tabs) + options.saved(rows, save))


@app.command("check")
def check(
    user: User,
    authority: OneAuthority = None,
    month: OneMonth = None,
    folder: Annotated[
        Path | None, typer.Option("--folder", help="Also look at the copies in this folder.", file_okay=False)
    ] = None,
    today: Today = None,
    home: Home = None,
) -> None:
    """Prove that no byte of a document was changed since it was built, in the archive and in a folder of copies."""
    from reconcile import act_report, act_status

    with options.desk(user, today, home) as desk:
        options.say(act_report.checked(act_status.check(desk, authority, month.date() if month else None, folder)))


@app.command("dispute")
def dispute(
    file: File,
    authority: AuthorityCode,
    month: Month,
    document: Annotated[str, typer.Option("--document", help="The authority's letter, like 'letter No 12'.")],
    out: Out,
    user: User,
    act: ActNumber = 0,
    today: Today = None,
    home: Home = None,
    dry_run: DryRun = False,
) -> None:
    """Set the authority's lines (CSV, XLSX) against the act, and write the protocol of differences line by line."""
    from reconcile import act_dispute, act_report

    with options.desk(user, today, home) as desk:
        result = act_dispute.dispute(
            desk, file, authority, month.date(), document, out, act_number=act, dry_run=dry_run
        )
    options.say(options.dry(dry_run) + act_report.disputed(result))


@app.command("settle")
def settle(
    authority: AuthorityCode,
    month: Month,
    dispute: Annotated[int, typer.Option("--dispute", min=1, help="The number of the dispute.", show_default=False)],
    outcome: Annotated[Outcome, typer.Option("--outcome", help="How it ends.", show_default=False)],
    note: Annotated[str, typer.Option("--note", help="Why; it stands in the books.", show_default=False)],
    user: User,
    act: ActNumber = 0,
    today: Today = None,
    home: Home = None,
) -> None:
    """End a dispute: explained, withdrawn, or to be put right by a corrective act after the act is signed."""
    from reconcile import act_report, act_settle

    with options.desk(user, today, home) as desk:
        result = act_settle.settle(desk, authority, month.date(), dispute, outcome.value, note, act_number=act)
    options.say(act_report.settled(result))


@app.command("correct")
def correct(
    authority: AuthorityCode,
    month: Month,
    reason: Annotated[str, typer.Option("--reason", help="Why; it stands in the act.", show_default=False)],
    out: Out,
    user: User,
    today: Today = None,
    home: Home = None,
    dry_run: DryRun = False,
) -> None:
    """Build the next corrective act to a signed act, dated today; what was signed stays as it is."""
    from reconcile import act_correct, act_report

    with options.desk(user, today, home) as desk:
        result = act_correct.correct(desk, authority, month.date(), reason, out, dry_run=dry_run)
    options.say(options.dry(dry_run) + act_report.corrected(result))
