"""Bank files without books: check, convert, explain."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from commands import options
from commands.options import Charset, DryRun, File, Out, Tabs

app = options.group("Bank files, whatever they are: check, convert, explain. No books are needed.")


@app.command("check")
def check(
    file: File,
    charset: Charset = None,
    tabs: Tabs = False,
    everything: Annotated[bool, typer.Option("--all", help="Show every fault, not only the first hundred.")] = False,
) -> None:
    """Say what a file is, its totals, every fault in it, and what was read although it was unusual."""
    from reconcile import format_report
    from reconcile.check_file import check_file

    try:
        seen = check_file(file, charset=charset)
    except LookupError as error:
        raise typer.BadParameter(str(error.args[0]), param_hint="--charset") from None
    options.say(format_report.checked(seen, str(file), tabs=tabs, everything=everything))
    if seen.faults:
        raise typer.Exit(1)


@app.command("convert")
def convert(
    file: File,
    to: Annotated[
        str, typer.Option("--to", help="csv, xlsx, xml, mt102, pacs.008, pacs.004 or 1c.", show_default=False)
    ],
    out: Out,
    charset: Charset = None,
    write_charset: Annotated[
        str, typer.Option("--write-charset", help="Charset to write, if not the bank's (mt102) or UTF-8 (1c).")
    ] = "",
    bank: Annotated[str, typer.Option("--bank", help="BIC of the bank whose limits and habits count (mt102).")] = "",
    enterprise_code: Annotated[
        str, typer.Option("--enterprise-code", help="Code that the bank wants in the purpose (mt102).")
    ] = "",
    transliterate: Annotated[
        bool, typer.Option("--transliterate", help="Write letters that the charset lacks as others, and say which.")
    ] = False,
    original: Annotated[
        Path | None,
        typer.Option("--original", exists=True, dir_okay=False, help="The order that a return answers (pacs.004)."),
    ] = None,
    terminal: Annotated[
        str, typer.Option("--terminal", help="Your terminal of 12 characters in block 1 (mt102 out of pacs).")
    ] = "",
    created: Annotated[
        str,
        typer.Option(
            "--created", help="Moment that the message was made, like 2024-03-18T10:00:00+05:00; now if left out."
        ),
    ] = "",
    dry_run: DryRun = False,
) -> None:
    """Write a file in another form, and say what is lost or changed on the way; nothing is written over."""
    from formats.convert import Target, Wanted
    from reconcile import format_report
    from reconcile.convert_file import convert_file

    if to not in set(Target):
        raise typer.BadParameter(f"{to} is none of {', '.join(Target)}", param_hint="--to")
    wanted = Wanted(
        target=Target(to),
        bank=bank,
        enterprise_code=enterprise_code,
        charset=write_charset,
        created=created or options.moment(),
        original=original,
        terminal=terminal,
        is_transliterated=transliterate,
    )
    try:
        written = convert_file(file, wanted, out, charset=charset, dry_run=dry_run)
    except LookupError as error:
        raise typer.BadParameter(str(error.args[0]), param_hint="--charset or --write-charset") from None
    options.say(format_report.converted(written, dry_run=dry_run))


@app.command("explain")
def explain(
    word: Annotated[list[str], typer.Argument(help="A tag, subfield, code, key or message, as it stands in the file.")],
) -> None:
    """Explain a word of a bank message: its names, its form, what it is for, and how sure that is."""
    from formats import explain as dictionary
    from reconcile import format_report

    try:
        options.say(format_report.explained(dictionary.explain(" ".join(word))))
    except dictionary.UnknownTerm as unknown:
        print(unknown, file=sys.stderr)
        raise typer.Exit(1) from None
