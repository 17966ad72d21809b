import pytest

from pdd_tasks.core.model.failure import Failure, FailureKind, summary


def _failure(**fields: str) -> Failure:
    plain = {"test": "t.py::b", "exception": "", "where": "", "line": "", "message": ""}
    return Failure(kind=FailureKind.OTHER, **{**plain, **fields})


@pytest.mark.parametrize(
    "failures, said",
    [
        pytest.param((), "", id="none"),
        pytest.param(
            (_failure(exception="KeyError", message="'x'"),),
            "t.py::b: KeyError: 'x'",
            id="one",
        ),
        pytest.param(
            (_failure(exception="KeyError"),), "t.py::b: KeyError", id="no message"
        ),
        pytest.param((_failure(),), "t.py::b: other", id="nothing but its kind"),
        pytest.param(
            (_failure(test="", message="ended"),), "the example: ended", id="a program"
        ),
        pytest.param(
            (_failure(message="x"), _failure(), _failure()),
            "t.py::b: x (and 2 more)",
            id="three",
        ),
    ],
)
def test_failures_are_summed_up_in_a_clause(failures, said):
    assert summary(failures) == said
