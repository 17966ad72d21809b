"""A judge compares a good run with the prompt; it may demote, never excuse."""

from pdd_tasks.core.model.settings import Strictness
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.trace import ExampleRun
from pdd_tasks.core.prompt.reply import VERDICT_SCHEMA, Verdict, verdict
from pdd_tasks.core.prompt.requirement import requirements
from pdd_tasks.engine.material import common, numbered, section
from pdd_tasks.engine.source import shown, texts
from pdd_tasks.engine.steps.runs import example_line, reported
from pdd_tasks.engine.work import NO_FILES, Result, Work
from pdd_tasks.errors import StepError


SURE = 0.8
"""Confidence below which a verdict counts for nothing."""


def judge(work: Work) -> Result:
    """Run the example, ask for a verdict on each requirement, and record it.

    Returns:
        What it leaves behind.
    """
    with work.world.runner.bench(work.unit) as bench:
        run = bench.example(NO_FILES)
    if not run.good:
        return _demoted(work, run)
    wanted = requirements(work.view.expansion.skeleton)
    values = common(work.view)
    values["requirements"] = numbered(wanted)
    values["output"] = run.output
    tag = values["fence"]
    code = texts(work.view)
    values["code_section"] = shown(code, tag)
    values["example_section"] = section(values["example_path"], values["example"], tag)
    values["output_section"] = section("What it printed", run.output or "(nothing)")
    material = "\n".join((*code.values(), values["example"], run.output))
    found = work.ask(
        "verify",
        values,
        lambda text: verdict(text, wanted, material),
        schema=VERDICT_SCHEMA,
    )
    return _recorded(work, run, found)


def _demoted(work: Work, run: ExampleRun) -> Result:
    msg = f"unit {work.unit.id}: {example_line(run)}, though it ran well before"
    hint = "make the example deterministic, then run the command again"
    return Result(
        trace=work.view.trace,
        report=reported(work, example=run),
        failure=StepError(msg, hint=hint),
    )


def _recorded(work: Work, run: ExampleRun, found: Verdict) -> Result:
    after = work.after({})
    said = said_of(found)
    report = reported(work, example=run)
    strict = work.unit.settings.verify is Strictness.REQUIRED
    if strict and said != "met":
        trace = work.with_surrender(work.view.trace, after, said, 1)
        msg = f"unit {work.unit.id}: the verdict is {said}"
        hint = "change the prompt or the code, or set `verify: advisory`"
        return Result(trace=trace, report=report, failure=StepError(msg, hint=hint))
    context = {
        "verdict": said,
        str(work.unit.prompt): work.view.triggers[Step.AUTO_DEPS][
            str(work.unit.prompt)
        ],
    }
    trace = work.with_record(work.view.trace, Step.VERIFY, after, context=context)
    met = sum(1 for j in found.judgements if j.finding == "met")
    note = f"{met} of {len(found.judgements)} requirements met"
    warning = () if said == "met" else (f"warning: the verdict is {said}",)
    return Result(trace=trace, report=report, notes=(note, *warning))


def said_of(found: Verdict) -> str:
    """Return a verdict as a clause: ``met``, ``unmet: R2 …`` or ``uncertain …``."""
    if found.confidence < SURE:
        return f"uncertain (confidence {found.confidence:g})"
    if found.unmet:
        names = ", ".join(f"{j.requirement} ({j.quote!r})" for j in found.unmet)
        return f"unmet: {names}"
    return "met"
