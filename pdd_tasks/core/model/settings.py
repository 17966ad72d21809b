"""Settings as validated values; where they come from is `plugin.config`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pdd_tasks.core.model.ceiling import Ceiling
from pdd_tasks.core.model.profile import STANDARD, Profile
from pdd_tasks.core.model.step import Step


class Replies(StrEnum):
    """Where a model's replies come from."""

    LIVE = "live"  # recorded replies are reused, missing ones are asked for
    RECORD = "record"  # as live; what is recorded carries a label
    REPLAY = "replay"  # recorded replies only; a missing one is an error
    REFRESH = "refresh"  # all are asked for; what was recorded is replaced


class Provider(StrEnum):
    """Who is asked where nothing is recorded."""

    LITELLM = "litellm"  # a provider, or a server that speaks the OpenAI protocol
    COMMAND = "command"  # a program: an agent's command line, or any other
    MANUAL = "manual"  # a person, who carries request and answer by files


class CommandForm(StrEnum):
    """The form of what a command prints."""

    TEXT = "text"  # the reply, and nothing else
    JSON = "json"  # one JSON value
    JSONL = "jsonl"  # one JSON value a line


class CacheWrite(StrEnum):
    """Whether replies that were asked live go to the remote place."""

    AUTO = "auto"  # in CI, but not for a pull request
    ON = "on"
    OFF = "off"


class LockPlace(StrEnum):
    """Where the files of locks lie."""

    PROJECT = "project"  # below .pdd, where every run of the project finds them
    RUNTIME = "runtime"  # in the user's runtime directory, for network file systems


class AutoDeps(StrEnum):
    """What auto-deps puts into a prompt's block."""

    NAMED = "named"  # what the prompt declares or names
    RULES = "rules"  # that, and what it clearly is about
    MODEL = "model"  # that, and what a model chooses where several are good


class OnBreaking(StrEnum):
    """What happens to a unit when an example it includes changes in a breaking way."""

    CONTINUE = "continue"  # it is made anew
    STOP = "stop"  # a person looks first


class Cycles(StrEnum):
    """What happens to units whose prompts include each other's examples."""

    REFUSE = "refuse"  # they are named, and not synced
    CONDENSE = "condense"  # they are synced one by one, with the examples that stand


class Strictness(StrEnum):
    """Whether falling short fails a unit."""

    ADVISORY = "advisory"
    REQUIRED = "required"


class SafetyPlace(StrEnum):
    """Where safety copies are kept, if git is to be had."""

    REFS = "refs"  # commits below refs/pdd/safety
    BRANCH = "branch"  # commits that are branches, below pdd/safety
    FOLDER = "folder"  # files below .pdd/safety


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What a model costs, micro-dollars for a million tokens."""

    input: int
    output: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandReply:
    """Where a reply stands in what a command prints.

    All but the first are paths: names with dots between, `*` for all members,
    ``name[key=value]`` for what has such a member; ``a + b`` adds numbers.

    Attributes:
        form: The form of what it prints.
        text: The reply; the last one counts. Not used with `CommandForm.TEXT`.
        prompt_tokens: Tokens sent; empty if it does not say.
        completion_tokens: Tokens received; empty if it does not say.
        cost: Dollars charged; empty if it does not say.
        model: Who answered; empty if it does not say.
        failed: What is true, or a text, if it failed; empty if only its exit code
            says so.
    """

    form: CommandForm = CommandForm.TEXT
    text: str = ""
    prompt_tokens: str = ""
    completion_tokens: str = ""
    cost: str = ""
    model: str = ""
    failed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSettings:
    """Which model is asked, and how.

    Attributes:
        provider: Who is asked.
        model: The model's name as litellm knows it, ``provider/name``; empty if
            none is chosen.
        endpoint: Name of the endpoint in request keys; empty means the provider.
        api_base: Address of an OpenAI-compatible server; empty means the provider's.
        temperature: None leaves it to the provider.
        max_tokens: Upper limit of a reply, in tokens.
        timeout_s: Seconds to wait for one reply.
        retries: Further requests after a rate limit, a server error or a timeout.
        replies: Where replies come from.
        label: What recordings say they are; required with `Replies.RECORD`.
        prices: Model name → price, over the known table.
        agent: The ready-made command that is asked; empty means `command`.
        command: The program that is asked, with its arguments.
        command_version: The program that prints its version, with its arguments.
        command_environment: Names of environment variables that it may see.
        command_reply: Where the reply stands in what it prints; None means the
            agent's, or all of the text.
        command_max_cost: Micro-dollars that one reply of it may cost, which it is
            told to hold; None means that nothing holds it.
        cache_user: Whether the user's own replies, of all projects, are used.
        cache_remote: Address of a place that shares replies; empty means none.
        cache_write: Whether replies go there, too.
    """

    provider: Provider = Provider.LITELLM
    model: str = ""
    endpoint: str = ""
    api_base: str = ""
    temperature: float | None = 0.0
    max_tokens: int = 16_000
    timeout_s: float = 600.0
    retries: int = 3
    replies: Replies = Replies.LIVE
    label: str = ""
    prices: Mapping[str, Price] = field(default_factory=dict, hash=False)
    agent: str = ""
    command: tuple[str, ...] = ()
    command_version: tuple[str, ...] = ()
    command_environment: tuple[str, ...] = ()
    command_reply: CommandReply | None = None
    command_max_cost: int | None = None
    cache_user: bool = False
    cache_remote: str = ""
    cache_write: CacheWrite = CacheWrite.AUTO


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything a person can set for one unit.

    Attributes:
        target_coverage: Line and branch coverage wanted, percent, 0 to 100.
        coverage: Whether falling short of it fails the unit.
        verify: Whether an unmet requirement fails the unit.
        max_attempts: Upper limit of attempts of one step's loop, at least 1.
        stability_runs: How often new tests must pass, at least 1.
        run_timeout_s: Seconds an example may run.
        test_timeout_s: Seconds a test run may take.
        output_limit_bytes: Captured output of a child process is cut there.
        file_limit_bytes: No file that an example or a test writes grows beyond that.
        interpreter: The project's own interpreter; empty means the language's.
        format: Command that formats generated files, as `Language.format`; None
            means the language's, an empty one none.
        environment: Names of environment variables passed on to child processes.
        budget: Micro-dollars one sync may spend.
        max_calls: Upper limit of upstream requests; None means no limit.
        ceiling: Limits of spending that are committed with the project.
        confirm_above: Micro-dollars that a run may cost at most without a question;
            None asks never.
        max_operations: Upper limit of operations that a run may begin; None means no
            limit.
        max_time_s: Seconds after which a run begins no operation and no model call;
            None means no limit.
        max_llm_calls_per_minute: Upper limit of upstream requests to one model of one
            endpoint in any minute, of all runs; None means no limit.
        max_tokens_per_minute: The same of tokens, sent and received.
        max_concurrent_calls: How many model calls of one sync may be in flight; None
            means no limit.
        force: Skips questions; never changes the plan.
        accept_updates: Publishes proposed prompt changes.
        on_breaking: What a breaking change of an included example leads to.
        accept_breaking: Takes breaking changes of included examples.
        cycles: What happens to units whose prompts include each other's examples.
        interactive: Opens the merge wizard at a conflict, where there is a terminal.
        fix: Repairs code that a person edited, after a safety copy.
        merge_threshold: Definitions added or removed by both sides of a merge, above
            which a model is asked before rules join them.
        merge_driver: ``auto`` for mergiraf where it is on the path, ``off``, or a
            command that merges three files.
        safety: Where safety copies are kept.
        safety_days: Days after which safety copies may be dropped, at least 30.
        safety_keep: How many of the newest safety copies are kept at any age.
        log_ttl_days: Days after which operations leave the log; None keeps them.
        output_cost: A CSV file to append costs to; empty means none.
        wait_s: Seconds to wait for a unit that another run holds; None means no limit.
        max_concurrent_syncs: How many units of the project may be worked on at a time,
            by all runs together; None means no limit.
        max_concurrent_runs: How many examples and test runs of one sync may run at a
            time; None means one a core.
        lock_dir: Where the files of locks lie.
        language_order: Languages in the order in which those of one basename run.
        auto_deps: What auto-deps puts into a prompt's block.
        context_files: Globs of documents that auto-deps may include, too.
        remove_redundant: Takes out of a prompt what its includes give as well.
        profile: Which steps are done, how hard, and what their failure means.
        resume_from: Step to begin with; those before it are left as they stand.
        yes: Answers every question of a profile with yes.
        model: Which model is asked, and how.
    """

    target_coverage: float = 90.0
    coverage: Strictness = Strictness.ADVISORY
    verify: Strictness = Strictness.ADVISORY
    max_attempts: int = 3
    stability_runs: int = 3
    run_timeout_s: float = 60.0
    test_timeout_s: float = 300.0
    output_limit_bytes: int = 1_000_000
    file_limit_bytes: int = 1_000_000_000
    interpreter: str = ""
    format: tuple[str, ...] | None = None
    environment: tuple[str, ...] = ()
    budget: int = 10_000_000
    max_calls: int | None = None
    ceiling: Ceiling = field(default_factory=Ceiling)
    confirm_above: int | None = None
    max_operations: int | None = None
    max_time_s: float | None = None
    max_llm_calls_per_minute: int | None = None
    max_tokens_per_minute: int | None = None
    max_concurrent_calls: int | None = None
    force: bool = False
    accept_updates: bool = False
    on_breaking: OnBreaking = OnBreaking.CONTINUE
    accept_breaking: bool = False
    cycles: Cycles = Cycles.REFUSE
    interactive: bool = False
    fix: bool = False
    merge_threshold: int = 50
    merge_driver: str = "auto"
    safety: SafetyPlace = SafetyPlace.REFS
    safety_days: int = 90
    safety_keep: int = 20
    log_ttl_days: float | None = 30.0
    output_cost: str = ""
    wait_s: float | None = None
    max_concurrent_syncs: int | None = None
    max_concurrent_runs: int | None = None
    lock_dir: LockPlace = LockPlace.PROJECT
    language_order: tuple[str, ...] = ()
    auto_deps: AutoDeps = AutoDeps.NAMED
    context_files: tuple[str, ...] = ()
    remove_redundant: bool = False
    profile: Profile = STANDARD
    resume_from: Step | None = None
    yes: bool = False
    model: ModelSettings = field(default_factory=ModelSettings)
