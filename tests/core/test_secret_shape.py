"""Keys as providers make them, drawn by lot when the tests run: none is stored."""

import base64
import random
import string

import pytest

from pdd_tasks.core.prompt.provider_key import SHAPES
from pdd_tasks.core.prompt.redact import Redactor
from pdd_tasks.core.prompt.secret_shape import is_random, is_very_random


NONE = Redactor.of({})
ALNUM = string.ascii_letters + string.digits
UPPER = string.ascii_uppercase + string.digits
LOWER = string.ascii_lowercase + string.digits
HEX = string.digits + "abcdef"
WORD = ALNUM + "_-"

# What is before a secret, the secret as parts, what is after: a text stands for
# itself, a pair for so many characters drawn from an alphabet.
SAMPLES = {
    "openai": ("", ["sk-", (ALNUM, 48)], ""),
    "openai-project": ("OPENAI=", ["sk-proj-", (WORD, 74), "T3BlbkFJ", (WORD, 74)], ""),
    "anthropic": ("'", ["sk-ant-", "api03-", (WORD, 93), "AA"], "'"),
    "openrouter": ("", ["sk-or-", "v1-", (HEX, 64)], "."),
    "groq": ("", ["gsk_", (ALNUM, 52)], ""),
    "xai": ("", ["xai-", (ALNUM, 80)], ""),
    "perplexity": ("", ["pplx-", (ALNUM, 48)], ""),
    "replicate": ("", ["r8_", (ALNUM, 37)], ""),
    "huggingface": ("use ", ["hf_", (string.ascii_letters, 34)], ", then"),
    "nvidia": ("", ["nvapi-", (WORD, 64)], ""),
    "langchain": ("", ["lsv2_", "pt_", (HEX, 32), "_", (HEX, 10)], ""),
    "aws-id": ("id ", ["AK", "IA", (UPPER, 16)], ""),
    "aws-session-id": ("id ", ["AS", "IA", (UPPER, 16)], ""),
    "aws-secret": ("aws_secret_access_key = ", [(ALNUM + "+/", 40)], ""),
    "google": ("key=", ["AI", "za", (WORD, 35)], "&"),
    "google-token": ("", ["ya29", ".", (WORD, 120)], ""),
    "google-client": ('"client_secret": "', ["GOC", "SPX-", (WORD, 28)], '"'),
    "azure-storage": ("AccountName=x;AccountKey=", [(ALNUM + "+/", 86), "=="], ";"),
    "azure-client": ("", [(ALNUM, 3), "8Q~", (ALNUM, 34)], ""),
    "azure-sas": ("https://x.blob/?sv=1&sig=", [(ALNUM, 43), "%3D"], ""),
    "azure-openai": ("", [(ALNUM, 52), "JQQJ99", "BAAC", (ALNUM, 18)], ""),
    "alibaba": ("", ["LT", "AI", (ALNUM, 20)], ""),
    "digitalocean": ("", ["dop_", "v1_", (HEX, 64)], ""),
    "heroku": (
        "HEROKU_API_KEY=",
        [(HEX, 8), *["-", (HEX, 4)] * 3, "-", (HEX, 12)],
        "",
    ),
    "vault": ("", ["hvs", ".", (WORD, 90)], ""),
    "terraform": ("", [(ALNUM, 14), ".atlas", "v1.", (WORD, 67)], ""),
    "databricks": ("", ["da", "pi", (HEX, 32)], ""),
    "doppler": ("", ["dp.", "pt.", (ALNUM, 43)], ""),
    "pulumi": ("", ["pul-", (HEX, 40)], ""),
    "planetscale": ("", ["pscale_", "tkn_", (WORD, 43)], ""),
    "age": ("", ["AGE-SECRET-", "KEY-1", (UPPER, 58)], ""),
    "github": ("", ["gh", "p_", (ALNUM, 36)], ""),
    "github-app": ("", ["gh", "s_", (ALNUM, 36)], ""),
    "github-fine": ("", ["github_", "pat_", (ALNUM, 22), "_", (ALNUM, 59)], ""),
    "gitlab": ("", ["gl", "pat-", (WORD, 20)], ""),
    "gitlab-runner": ("", ["gl", "rt-", (WORD, 20)], ""),
    "atlassian": ("", ["ATAT", "T3", (WORD, 186)], ""),
    "circleci": ("", ["CCI", "PAT_", (ALNUM, 22), "_", (HEX, 40)], ""),
    "npm": ("//registry.npmjs.org/:_authToken=", ["npm", "_", (ALNUM, 36)], ""),
    "pypi": ("password = ", ["pypi", "-AgEIcHlwaS5vcmc", (WORD, 150)], ""),
    "rubygems": ("", ["ruby", "gems_", (HEX, 48)], ""),
    "crates": ("", ["c", "io", (ALNUM, 32)], ""),
    "nuget": ("", ["oy", "2", (LOWER, 43)], ""),
    "docker": ("", ["dckr_", "pat_", (WORD, 27)], ""),
    "postman": ("", ["PM", "AK-", (HEX, 24), "-", (HEX, 34)], ""),
    "slack-bot": ("", ["xo", "xb-", (string.digits, 12), "-", (ALNUM, 24)], ""),
    "slack-app": ("", ["xa", "pp-1-A0", (UPPER, 9), "-", (HEX, 64)], ""),
    "slack-hook": ("https://", ["hooks.slack.com/", "services/T0/B0", (ALNUM, 24)], ""),
    "discord-hook": (
        "https://discord.com/api/webhooks/",
        [(string.digits, 18), "/", (WORD, 68)],
        "",
    ),
    "telegram": ("bot", [(string.digits, 10), ":AA", (WORD, 33)], ""),
    "twilio": ("", ["S", "K", (HEX, 32)], ""),
    "sendgrid": ("", ["SG", ".", (WORD, 22), ".", (WORD, 43)], ""),
    "mailgun": ("", ["key", "-", (HEX, 32)], ""),
    "mailchimp": ("", [(HEX, 32), "-us", "12"], ""),
    "brevo": ("", ["xkey", "sib-", (HEX, 64), "-", (ALNUM, 16)], ""),
    "stripe": ("", ["sk_", "live_", (ALNUM, 24)], ""),
    "stripe-hook": ("", ["wh", "sec_", (ALNUM, 32)], ""),
    "square": ("", ["sq0", "atp-", (WORD, 22)], ""),
    "shopify": ("", ["shp", "at_", (HEX, 32)], ""),
    "plaid": (
        "",
        ["access-", "sandbox-", *[(HEX, 8), "-"], *[(HEX, 4), "-"] * 3, (HEX, 12)],
        "",
    ),
    "newrelic": ("", ["NR", "AK-", (UPPER, 27)], ""),
    "grafana": ("", ["gl", "sa_", (ALNUM, 32), "_", (HEX, 8)], ""),
    "sentry-dsn": ("SENTRY=https://", [(HEX, 32)], "@o1.ingest.sentry.io/1"),
    "datadog": ("DD_API_KEY: ", [(HEX, 32)], ""),
    "dynatrace": ("", ["dt0", "c01.", (UPPER, 24), ".", (UPPER, 64)], ""),
    "linear": ("", ["lin_", "api_", (ALNUM, 40)], ""),
    "notion": ("", ["ntn", "_", (ALNUM, 46)], ""),
    "airtable": ("", ["pa", "t", (ALNUM, 14), ".", (HEX, 64)], ""),
    "figma": ("", ["fig", "d_", (WORD, 40)], ""),
    "facebook": ("", ["EA", "A", (ALNUM, 120)], ""),
    "jwt": ("", ["ey", "J", (WORD, 34), ".ey", "J", (WORD, 60), ".", (WORD, 43)], ""),
    "bearer": ("Authorization: Bearer ", [(ALNUM, 40)], ""),
    "basic": ('{"Authorization": "Basic ', [(ALNUM, 32), "=="], '"}'),
    "url": ("postgres://someone:", [(ALNUM, 16)], "@db.example/x"),
    "assigned": ('"secret_token" => "', [(ALNUM, 32)], '"'),
    "twitter": ("consumer_secret='", [(ALNUM, 50)], "'"),
}


def drawn(parts, seed):
    """Return a key of some parts, the same for the same seed."""
    lot = random.Random(seed)  # noqa: S311 - nobody's key
    return "".join(
        part if isinstance(part, str) else "".join(lot.choices(part[0], k=part[1]))
        for part in parts
    )


def pem(seed):
    """Return the text of a private key that opens nothing."""
    lot = random.Random(seed)  # noqa: S311 - nobody's key
    body = base64.b64encode(lot.randbytes(600)).decode()
    lines = [body[i : i + 64] for i in range(0, len(body), 64)]
    name = "PRIVATE" + " KEY-----"
    return "\n".join([f"-----BEGIN RSA {name}", *lines, f"-----END RSA {name}", ""])


def test_at_least_nine_of_ten_samples_of_each_draw_are_hidden():
    assert len(SAMPLES) >= 60
    for seed in range(10):
        shown = []
        for name, (before, parts, after) in SAMPLES.items():
            key = drawn(parts, f"{name}{seed}")
            if key in NONE.text(f"it was {before}{key}{after} there"):
                shown.append(name)
        assert len(shown) <= len(SAMPLES) // 10, shown


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_key_of_each_provider_is_hidden_and_its_surroundings_stay(name):
    before, parts, after = SAMPLES[name]
    texts = [f"see {before}{drawn(parts, seed)}{after} here" for seed in range(20)]
    found = [NONE.text(text) for text in texts]
    good = [text for text in found if "[redacted:" in text]
    assert len(good) >= 18
    assert all(t.startswith("see ") and t.endswith(" here") for t in good)


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(lambda text: text, id="lines"),
        pytest.param(lambda text: text.replace("\n", "\\n"), id="escaped"),
        pytest.param(lambda text: text.partition("-----END")[0], id="cut-off"),
    ],
)
def test_a_private_key_is_hidden_whole(written):
    key = written(pem(1))
    found = NONE.text(f"key: {key}")
    assert "[redacted:private_key]" in found
    assert not any(line in found for line in pem(1).split("\n")[1:-2])


@pytest.mark.parametrize(
    "before",
    [
        pytest.param("a\\n", id="newline"),
        pytest.param("a\\u003d", id="json"),
        pytest.param("a\\x3d", id="bytes"),
        pytest.param("a%3D", id="address"),
        pytest.param("\x1b[32m", id="colour"),
        pytest.param("\\x1b[0;32m", id="shown-colour"),
        pytest.param('"', id="quote"),
        pytest.param("", id="start"),
    ],
)
def test_a_key_is_found_where_escaped_text_ends(before):
    key = drawn(SAMPLES["github"][1], 1)
    assert NONE.text(before + key) == f"{before}[redacted:github_token]"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a task-1234567890-abcdefghij-klm is no key", id="inside-a-word"),
        pytest.param("sk-learn-with-a-very-long-hyphenated-name", id="no-digit"),
        pytest.param("hf_download_the_whole_model_now", id="identifier"),
        pytest.param("the bearer of bad-news-is-often-shot-at-dawn", id="prose"),
        pytest.param("http://localhost:8080/path@1.2", id="port"),
        pytest.param("https://example.com/a:b", id="address"),
        pytest.param("def add(a: int, b: int) -> int:", id="code"),
        pytest.param("key = hashlib.sha256(text.encode()).hexdigest()", id="call"),
        pytest.param("token = self.tokens[position].value_of_it", id="attribute"),
        pytest.param("secret: aaaaaaaa1111111111111111", id="dull"),
        pytest.param("max_tokens: 16000000000000000", id="number"),
        pytest.param("-----BEGIN PUBLIC KEY-----\nMII\n", id="public"),
        pytest.param("ghp_short1", id="short"),
        pytest.param("password = 'changeme-changeme'", id="words"),
    ],
)
def test_ordinary_text_is_left_alone(text):
    assert NONE.text(text) == text


def test_every_shape_can_be_met():
    names = {shape.name for shape in SHAPES}
    assert {"openai_key", "jwt", "private_key", "assigned_secret"} <= names
    assert len(SHAPES) >= 60
    assert all(shape.literals for shape in SHAPES)


@pytest.mark.parametrize(
    "text, random_, very",
    [
        pytest.param("abcdefghijklmnop", False, False, id="letters"),
        pytest.param("1234567890123456", False, False, id="digits"),
        pytest.param("k3y0fth1sh0us3xx", True, True, id="both"),
        pytest.param("aBcDeFgHiJkLmNoP", True, True, id="capitals-all-over"),
        pytest.param("theNameOfAMethod", False, False, id="camel"),
        pytest.param("v1-of-the-a-2-b", True, False, id="short-runs"),
        pytest.param("a1a1a1a1a1a1a1a1", True, False, id="repeated"),
    ],
)
def test_randomness_is_told_from_words(text, random_, very):
    assert is_random(text) is random_
    assert is_very_random(text) is very
