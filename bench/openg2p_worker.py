"""Runs the MT940 worker of OpenG2P on one statement and says what it made of it, as JSON.

    VENV/bin/python bench/openg2p_worker.py DATABASE_URL statement.mt940 sent.csv

It needs an environment of its own with `openg2p-g2p-bridge-celery-workers` 1.1.0, `openg2p-g2p-bridge-models` and
`openg2p-g2p-bridge-bank-connectors` 1.1.0, `sqlalchemy<2.1` and `psycopg2-binary`; the worker is called as a function,
without Celery. `sent.csv` has what was sent, `reference;amount` a line. Only the worker's own call is timed.
"""

import json
import logging
import os
import sys
import time
import uuid
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

ENVELOPE = "ENVELOPE-1"


def main(url: str, statement: Path, sent: Path) -> None:
    """Fill the worker's own tables, call it once, and print what it stored."""
    os.environ["g2p_bridge_celery_workers_db_datasource"] = url  # noqa: SIM112 - the prefix that the worker reads
    logging.disable(logging.CRITICAL)
    from openg2p_g2p_bridge_bank_connectors.app import Initializer
    from openg2p_g2p_bridge_celery_workers.tasks import mt940_processor
    from openg2p_g2p_bridge_models import models
    from sqlalchemy import create_engine
    from sqlalchemy.orm import Session

    Initializer()
    engine = create_engine(url)
    models.Disbursement.metadata.drop_all(engine)
    models.Disbursement.metadata.create_all(engine)
    text = statement.read_text("utf-8")
    rows = [line.split(";") for line in sent.read_text("utf-8").splitlines()]
    with Session(engine) as session:
        _fill(session, models, text, rows)
        session.commit()
    began = time.perf_counter()
    mt940_processor.mt940_processor_worker("S1")
    seconds = time.perf_counter() - began
    with Session(engine) as session:
        recons = session.query(models.DisbursementRecon).all()
        errors = session.query(models.DisbursementErrorRecon).all()
        state = session.query(models.AccountStatement).one()
        answer = {
            "seconds": seconds,
            "status": state.statement_process_status.value,
            "error": state.statement_process_error_code,
            "reconciled": sorted(one.disbursement_id for one in recons if not one.reversal_found),
            "reversed": sorted(one.disbursement_id for one in recons if one.reversal_found),
            "errors": sorted((one.disbursement_id, one.error_reason.value) for one in errors),
        }
    print(json.dumps(answer))


def _fill(session: Any, models: Any, text: str, rows: list[list[str]]) -> None:
    now = datetime.now(UTC).replace(tzinfo=None)
    common = {"active": True, "created_at": now}
    account = next(line[4:] for line in text.splitlines() if line.startswith(":25:"))
    session.add(
        models.BenefitProgramConfiguration(
            benefit_program_mnemonic="AID",
            benefit_program_name="Social aid",
            funding_org_code="AST",
            funding_org_name="Astana",
            sponsor_bank_code="EXAMPLE",
            sponsor_bank_account_number=account,
            sponsor_bank_branch_code="1",
            sponsor_bank_account_currency="KZT",
            **common,
        )
    )
    session.add(models.AccountStatement(statement_id="S1", statement_date=now, **common))
    session.add(models.AccountStatementLob(statement_id="S1", statement_lob=text, **common))
    session.add(
        models.DisbursementEnvelopeBatchStatus(
            disbursement_envelope_id=ENVELOPE,
            number_of_disbursements_received=len(rows),
            total_disbursement_amount_received=0,
            funds_available_with_bank="FUNDS_AVAILABLE",
            funds_blocked_with_bank="FUNDS_BLOCK_SUCCESS",
            number_of_disbursements_reconciled=0,
            number_of_disbursements_reversed=0,
            **common,
        )
    )
    batch = uuid.uuid4()
    ids = {"disbursement_envelope_id": ENVELOPE, "beneficiary_id": "1"}
    session.bulk_insert_mappings(
        models.Disbursement,
        [
            {
                "disbursement_id": reference,
                "beneficiary_name": "-",
                "disbursement_amount": float(amount.replace(",", ".")),
                "narrative": f"aid of {date(2024, 3, 18)}",
                **ids,
                **common,
            }
            for reference, amount in rows
        ],
    )
    session.bulk_insert_mappings(
        models.DisbursementBatchControl,
        [{"disbursement_id": one, "bank_disbursement_batch_id": batch, **ids, **common} for one, _ in rows],
    )


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
