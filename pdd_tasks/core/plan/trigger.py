"""What is compared of each step: a change of it makes the step due.

Triggers are chosen so that no step makes itself or an earlier one due.
"""

from collections.abc import Mapping
from pathlib import PurePosixPath

from pdd_tasks.core.model.artifact import Artifact, Digest, text_digest
from pdd_tasks.core.model.run_inputs import SETTINGS, example_inputs, test_inputs
from pdd_tasks.core.model.settings import Strictness
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.unit import DevUnit


Triggers = Mapping[str, str]
"""Name of an input → its digest, or its value."""


def triggers(
    unit: DevUnit,
    digests: Mapping[PurePosixPath, Digest],
    prompt: Triggers,
    outside: str,
) -> dict[Step, Triggers]:
    """Return what is compared of each step.

    Args:
        unit: The unit.
        digests: Digests of the files that stand.
        prompt: What is compared of its prompt and of what that includes.
        outside: Its prompt's text without the auto-deps block.
    """

    def files(*artifacts: Artifact) -> dict[str, str]:
        paths = (path for artifact in artifacts for path in unit.paths(artifact))
        return {str(path): str(digests[path]) for path in paths if path in digests}

    target = {"target coverage": f"{unit.settings.target_coverage:g}"}
    tested = {f"test {SETTINGS}": test_inputs(unit, digests)[SETTINGS]}
    shown = {f"example {SETTINGS}": example_inputs(unit, digests)[SETTINGS]}
    runs = {**shown, **tested}
    code_and_tests = files(Artifact.CODE, Artifact.TESTS)
    return {
        Step.AUTO_DEPS: {str(unit.prompt): text_digest(outside)},
        Step.UPDATE: {**prompt, **files(Artifact.CODE)},
        Step.GENERATE: prompt,
        Step.EXAMPLE: files(Artifact.CODE),
        Step.CRASH: {**prompt, **code_and_tests, **files(Artifact.EXAMPLE), **runs},
        Step.VERIFY: verify_triggers(unit, digests, prompt),
        Step.TEST: {**code_and_tests, **target},
        Step.FIX: {**prompt, **code_and_tests, **tested},
    }


def verify_triggers(
    unit: DevUnit, digests: Mapping[PurePosixPath, Digest], prompt: Triggers
) -> dict[str, str]:
    """Return what is compared of the verify step.

    Args:
        unit: The unit.
        digests: Digests of the files that stand.
        prompt: What is compared of its prompt and of what that includes.
    """
    files = (*unit.code, unit.example)
    shown = {str(path): str(digests[path]) for path in files if path in digests}
    strict = unit.settings.verify is Strictness.REQUIRED
    judged = {"verify": str(Strictness.REQUIRED)} if strict else {}
    return {**prompt, **shown, **judged}
