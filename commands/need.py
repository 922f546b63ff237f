"""The need for budget money."""

from commands import options
from commands.options import Home, Today, User

app = options.group("The need for budget money (қажеттілік, потребность).")


@app.command("form")
def form(user: User, today: Today = None, home: Home = None) -> None:
    """Form the needs whose day has come: ten days before a memorial date, the 27th, or at once."""
    from reconcile import need, report

    with options.desk(user, today, home) as desk:
        options.say(report.needs_formed(need.form(desk)))
