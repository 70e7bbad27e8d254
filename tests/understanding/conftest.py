"""What all tests of understanding share."""

import pytest

from tests.understanding.test_labelled_messages import understanding


@pytest.fixture(scope="session", autouse=True)
def _built_before_hypothesis_times_the_first_example() -> None:
    understanding()
