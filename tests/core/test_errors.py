import pickle

import pytest

from pdd_tasks import errors
from pdd_tasks.errors import ExitCode, PddError


KINDS = [
    value
    for value in vars(errors).values()
    if isinstance(value, type) and issubclass(value, PddError)
]


@pytest.mark.parametrize("kind", [pytest.param(k, id=k.__name__) for k in KINDS])
@pytest.mark.parametrize(
    "hint", [pytest.param("", id="no-hint"), pytest.param("try `x`", id="hint")]
)
def test_an_error_survives_pickling(kind, hint):
    error = pickle.loads(pickle.dumps(kind("it failed", hint=hint)))  # noqa: S301 - our own bytes
    assert type(error) is kind
    assert (error.message, error.hint) == ("it failed", hint)


@pytest.mark.parametrize(
    "hint, text",
    [
        pytest.param("", "it failed", id="no-hint"),
        pytest.param("try `x`", "it failed\n  hint: try `x`", id="hint"),
    ],
)
def test_a_hint_stands_on_its_own_line(hint, text):
    assert str(PddError("it failed", hint=hint)) == text


@pytest.mark.parametrize(
    "kind, code",
    [
        pytest.param(errors.ConfigError, ExitCode.REFUSED, id="config"),
        pytest.param(errors.StateError, ExitCode.REFUSED, id="state"),
        pytest.param(errors.ConflictError, ExitCode.CONFLICT, id="conflict"),
        pytest.param(errors.DisplacedError, ExitCode.CONFLICT, id="displaced"),
        pytest.param(errors.BudgetError, ExitCode.BUDGET, id="budget"),
        pytest.param(errors.ReplyError, ExitCode.FAILED, id="reply"),
        pytest.param(errors.ReplayMissError, ExitCode.FAILED, id="replay-miss"),
        pytest.param(errors.MissingKeyError, ExitCode.REFUSED, id="missing-key"),
        pytest.param(errors.RunError, ExitCode.FAILED, id="run"),
    ],
)
def test_a_kind_of_error_has_its_exit_code(kind, code):
    assert kind("it failed").exit_code is code
