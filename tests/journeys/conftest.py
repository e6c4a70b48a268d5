"""The platform that journeys walk through: web, worker, beat and broker of its own for each module."""

import pytest

from tests.stack import Stack


@pytest.fixture(scope="module")
def stack(request, tmp_path_factory):
    """Everything up, with the small world; down again whatever happens."""
    name = request.module.__name__.rpartition(".")[2].removeprefix("test_")
    made = Stack(name, tmp_path_factory.mktemp(name))
    try:
        yield made.up()
    finally:
        made.down()
