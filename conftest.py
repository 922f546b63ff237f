"""How properties are searched for; what tests share stands in `tests/conftest.py`."""

import pytest
from hypothesis import settings

# A test that fails must fail again on the next run and on every machine, however slow it is. New examples are looked
# for with `pytest --hypothesis-profile=search`.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("search", max_examples=2000, deadline=None)
settings.load_profile("steady")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a person write what came out over the expected files of a story, to be read before it is committed."""
    parser.addoption("--update-golden", action="store_true", help="write the expected files of the stories anew")
