"""The command line: registers the commands, and prints a refusal as a sentence.

Everything heavy is imported inside the commands, so that `esep --help` answers at once.
"""

import os
import sys

import typer

from commands import (
    act,
    aid,
    authority_list,
    award,
    bank,
    breaks,
    calendar,
    crediting,
    db,
    deadlines,
    formats,
    hold,
    ledger,
    month,
    need,
    order,
    refund,
    request,
    resolution,
    returns,
    setting,
    setup,
    statement,
)

app = typer.Typer(
    help="The books of social aid: from signed decisions to the act and the statement that close a month.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(db.app, name="db")
app.add_typer(setup.app, name="setup")
app.add_typer(calendar.app, name="calendar")
app.add_typer(setting.app, name="setting")
app.add_typer(aid.app, name="aid")
app.add_typer(award.app, name="award")
app.add_typer(hold.app, name="hold")
app.add_typer(need.app, name="need")
app.add_typer(request.app, name="request")
app.add_typer(statement.app, name="statement")
app.add_typer(bank.app, name="bank")
app.add_typer(order.app, name="order")
app.add_typer(returns.app, name="return")
app.add_typer(resolution.app, name="resolution")
app.add_typer(refund.app, name="refund")
app.add_typer(month.app, name="month")
app.add_typer(authority_list.app, name="authority-list")
app.add_typer(act.app, name="act")
app.add_typer(deadlines.app, name="deadlines")
app.add_typer(crediting.app, name="crediting")
app.add_typer(breaks.app, name="breaks")
app.add_typer(ledger.app, name="ledger")
app.add_typer(formats.app, name="format")
app.command("trace")(ledger.trace)


def main() -> None:
    """Run the command line; a refusal is printed as a sentence, never as a traceback."""
    # What is written here names people: it is for the user who runs the command alone.
    os.umask(0o077)
    try:
        app(standalone_mode=True)
    except Exception as error:
        lines = _refusal(error)
        if lines is None:
            raise
        print("\n".join(lines), file=sys.stderr)
        sys.exit(1)


def _refusal(error: Exception) -> list[str] | None:
    from formats.errors import FormatError
    from ledgers.errors import LedgerError
    from reconcile.errors import Refusal

    if isinstance(error, FormatError):
        from reconcile import report

        return report.faults(error)
    if isinstance(error, OSError) and error.filename:
        return [f"{error.filename}: {error.strerror}; name a folder or file that can be written"]
    return str(error).splitlines() if isinstance(error, LedgerError | Refusal) else None


if __name__ == "__main__":
    main()
