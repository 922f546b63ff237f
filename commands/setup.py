"""Who takes part."""

from commands import options
from commands.options import File, Home, Today, User

app = options.group("Who takes part: State Corporation, banks, authorities, aid kinds.")


@app.command("import")
def import_file(file: File, user: User, today: Today = None, home: Home = None) -> None:
    """Import who takes part (a TOML file); a change becomes a new version, the same file again changes nothing."""
    from reconcile import report, setup

    with options.desk(user, today, home) as desk:
        options.say(report.setup_import(setup.import_file(desk, file)))
