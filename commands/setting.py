"""What the order leaves open, as settings."""

from typing import Annotated

import typer

from commands import options
from commands.options import DryRun, Home, OneAuthority, Save, Tabs, Today, User

app = options.group("What the order leaves open (AMB-1 to AMB-15): each question is a setting with a default.")

Reason = Annotated[str, typer.Option("--reason", help="Why; it stands in the books with the change.")]
Name = Annotated[str, typer.Argument(help="The setting, like transfer_term; see: esep setting list")]


@app.command("list")
def list_settings(authority: OneAuthority = None, tabs: Tabs = False, save: Save = None, home: Home = None) -> None:
    """Show every setting: the question it answers, its value and default, and who said so since when."""
    from ledgers import settings, setup
    from reconcile import settings_report

    with options.books(home) as database, database.begin() as connection:
        codes = {0: "SC"} | {one.authority_id: one.code for one in setup.authorities(connection)}
        book = 0 if authority is None else setup.authority(connection, authority).authority_id
        rows = settings.in_force(connection, book)
    options.say(settings_report.listed(rows, codes, tabs=tabs) + options.saved(rows, save))


@app.command("explain")
def explain(name: Name) -> None:
    """Show the readings of one setting, those too that are not offered, and why."""
    from ledgers import settings
    from reconcile import settings_report

    settings.known(name)
    options.say(settings_report.readings(name))


@app.command("set")
def set_setting(
    name: Name,
    value: Annotated[str, typer.Argument(help="The reading to choose; see: esep setting explain NAME")],
    reason: Reason,
    user: User,
    authority: OneAuthority = None,
    today: Today = None,
    home: Home = None,
    dry_run: DryRun = False,
) -> None:
    """Choose a reading, for one authority or for all that say nothing themselves; open deadlines follow it."""
    from reconcile import settings, settings_report

    with options.desk(user, today, home) as desk:
        result = settings.change(desk, name, value, reason=reason, authority_code=authority, dry_run=dry_run)
    options.say(options.dry(dry_run) + settings_report.changed(result))
