"""What the authority decided on returned payments."""

from commands import options
from commands.options import File, Home, Today, User

app = options.group("What the authority decided on returned payments.")


@app.command("import")
def import_file(file: File, user: User, today: Today = None, home: Home = None) -> None:
    """Import the authority's resolutions: resend with corrected details, or refund (CSV, XLSX or XML)."""
    from reconcile import report, resolve

    with options.desk(user, today, home) as desk:
        options.say(report.resolution_import(resolve.import_file(desk, file)))
