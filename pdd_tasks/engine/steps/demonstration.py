"""An example from the code's public interface."""

from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.trace_update import released
from pdd_tasks.engine.material import common, section
from pdd_tasks.engine.reply_code import code_in
from pdd_tasks.engine.source import shown, texts
from pdd_tasks.engine.work import Result, Work


def write_example(work: Work) -> Result:
    """Ask for a minimal runnable program that uses the public interface.

    Returns:
        What it leaves behind.
    """
    view = work.view
    values = common(view)
    values["code_section"] = shown(texts(view), values["fence"], "The code")
    values["example_section"] = section(
        "The example so far", values["example"], values["fence"]
    )
    path = view.unit.example
    example = work.ask("example", values, lambda text: code_in(work, text, path))
    files = {path: example.encode()}
    after = work.after(files)
    digests = after.digests(Artifact.EXAMPLE)
    context = {
        str(view.unit.prompt): view.triggers[Step.AUTO_DEPS][str(view.unit.prompt)]
    }
    trace = work.with_record(
        released(view.trace, digests),
        Step.EXAMPLE,
        after,
        outputs=digests,
        context=context,
    )
    return Result(files=files, trace=trace)
