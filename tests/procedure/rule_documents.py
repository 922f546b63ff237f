"""Two new cases for the signatures and for the readings of the documents."""

import pytest

from ledgers.errors import LedgerError
from reconcile import act, forms, settings
from tests.procedure.rule_readings import not_offered
from tests.procedure.table import Table, d
from tests.procedure.town import Town

CASES = Table()


# --- Signatures and the forms -----------------------------------------------------------------------------------------


@CASES.row(
    "R-072/1",
    "both documents of an empty February 2024, on their forms",
    "Appendix 1 has two parties and no officials; Appendix 2 two officials and no party of the authority",
)
def r072_1(town: Town) -> None:
    town.quiet("01.02.2024", "29.02.2024")
    built = town.closed("01.03.2024", "02.2024")
    first, second = forms.transfer_act_form(built.act, "kk"), forms.payment_statement_form(built.statement, "kk")
    assert (len(first.parties), len(first.officials)) == (2, 0)
    assert (len(second.parties), len(second.officials)) == (0, 2)


@CASES.row(
    "R-072/2",
    "the director signs before the deputy; who built the documents signs; then deputy and director",
    "the first two are refused by the database, the others stand with name and day",
)
def r072_2(golden: Town) -> None:
    with pytest.raises(LedgerError):
        golden.sign("02.04.2024", "director", "Сейітов А.")
    with pytest.raises(LedgerError):
        golden.sign("02.04.2024", "deputy", "tester")
    golden.sign("02.04.2024", "deputy", "Өтегенова Ұ.")
    golden.sign("03.04.2024", "director", "Сейітов А.")
    signed = golden.ask("SELECT role, signer, signed_on FROM esep.act_signature ORDER BY signed_on")
    assert signed == [
        ("deputy", "Өтегенова Ұ.", d("02.04.2024")),
        ("director", "Сейітов А.", d("03.04.2024")),
    ]


def empty_february(town: Town, name: str, value: str) -> act.ActsBuilt:
    """The documents of a month without money, by a reading."""
    settings.change(town.at("01.02.2024"), name, value, reason="бұйрық № 5")
    town.quiet("01.02.2024", "29.02.2024")
    return town.closed("01.03.2024", "02.2024")


@CASES.row("AMB-7/1", "Appendix 1 by the default", "its title says АӘК, as the form is printed")
def amb7_1(town: Town) -> None:
    built = empty_february(town, "act_title", "as_printed")
    assert "АӘК төлеуге" in forms.transfer_act_form(built.act, "kk").title


@CASES.row("AMB-7/2", "Appendix 1 with the other reading", "its title says әлеуметтік көмек and АӘК no more")
def amb7_2(town: Town) -> None:
    title = forms.transfer_act_form(empty_february(town, "act_title", "social_aid").act, "kk").title
    assert "әлеуметтік көмек" in title
    assert "АӘК" not in title


@CASES.row("AMB-11/1", "Appendix 2 of an empty month by the default", "a row of totals, all 0")
def amb11_1(town: Town) -> None:
    form = forms.payment_statement_form(empty_february(town, "total_row", "add").statement, "kk")
    assert form.totals[:2] == (0, 0)


@CASES.row("AMB-11/2", "Appendix 2 with the other reading", "no row of totals, as the form is printed")
def amb11_2(town: Town) -> None:
    form = forms.payment_statement_form(empty_february(town, "total_row", "leave_out").statement, "kk")
    assert form.totals == ()


@CASES.row(
    "AMB-14/2",
    "the act of March is disputed on 10.04.2024; the setting for what follows",
    "the act cannot be signed while the protocol is open; an act that nobody signs is no reading",
)
def amb14_2(golden: Town) -> None:
    dispute(golden, "10.04.2024")
    with pytest.raises(LedgerError):
        golden.sign("11.04.2024", "authority", "Дәулетова Ә.")
    assert not_offered("disputed_act", "unsigned")


def dispute(town: Town, on: str) -> None:
    key = {"month": d("01.03.2024"), "act_number": 0, "dispute_number": 1, "opened_on": d(on), "document": "№ 4"}
    town.enter("act_disputed", on, "act_dispute", key | {"ours": 2_141_360_00, "theirs": 2_141_360_01})
