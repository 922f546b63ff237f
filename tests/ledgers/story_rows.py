"""Register rows for the tests' stories, as the verbs would write them."""

from datetime import date
from typing import Any

MONTH = date(2024, 3, 1)
AMOUNTS = {"A": 18_460_00, "B": 7_384_00}
BANKS = {"HSBKKZKX": "601", "CASPKZKA": "722", "KPSTKZKA": "563"}


def day(number: int) -> date:
    return MONTH.replace(day=number)


def resolution(award: int, outcome: str, on: date) -> dict[str, Any]:
    return {
        "due_month": MONTH,
        "award_number": award,
        "attempt": 1,
        "version": 1,
        "outcome": outcome,
        "number": "12-р",
        "decided_on": on,
        "signer": "Дәулетова Әсел",
        "reason": "-",
        "award_version": 2 if outcome == "resend" else 1,
    }


def payment_order(number: int, message: str, kind: str, bic: str, on: date, many: int, amount: int) -> dict[str, Any]:
    return {
        "order_number": number,
        "message": message,
        "reference": f"GCVP-001{number:08d}",
        "aid_kind": kind,
        "bic": bic,
        "dated": on,
        "count": many,
        "amount": amount,
        "file_name": f"{number}.txt",
    }


def award_line(person: Any, number: int, kind: str, bic: str) -> dict[str, Any]:
    return {
        "due_month": MONTH,
        "award_number": number,
        "version": 1,
        "file_line": number % 10_000_000 + 1,
        "decision_number": f"2024-{kind}",
        "decided_on": day(5),
        "signer": "Дәулетова Әсел",
        "case_id": f"CASE-{number}",
        "source_system": "Е-Собес",
        "aid_kind": kind,
        "amount": AMOUNTS[kind],
        "iin": person.iin,
        "surname": person.surname,
        "first_name": person.first_name,
        "patronymic": person.patronymic,
        "birth_date": person.birth_date,
        "sex": person.sex,
        "branch_code": "0101",
        "payment_code": "501",
        "address": person.address,
        "bic": bic,
        "iban": person.iban(BANKS[bic]),
        "phone": person.phone,
        "guardian_iin": "",
        "guardian_surname": "",
        "guardian_first_name": "",
        "guardian_patronymic": "",
    }
