r"""What the keys of common providers look like, to find those that nobody named.

One row a kind of key; providers that have the same are in one.
"""

from collections.abc import Iterator
from typing import Final

from pdd_tasks.core.prompt.secret_shape import (
    Found,
    after,
    always,
    inside,
    is_random,
    is_very_random,
    likely,
    places,
    sure,
)


_ALNUM: Final = "[A-Za-z0-9]"
_HEX: Final = "[0-9a-f]"

SHAPES: Final = (
    # models
    sure("anthropic_key", "sk-ant-"),
    sure("openrouter_key", "sk-or-"),
    likely("openai_key", "sk-"),
    likely("groq_key", "gsk_"),
    likely("xai_key", "xai-"),
    likely("perplexity_key", "pplx-"),
    likely("replicate_token", "r8_"),
    likely("huggingface_token", "hf_", "api_org_", of=r"\w"),
    sure("nvidia_key", "nvapi-"),
    sure("langchain_key", "lsv2_pt_", "lsv2_sk_"),
    sure("langfuse_key", "sk-lf-", "pk-lf-"),
    sure("pinecone_key", "pcsk_"),
    likely("together_key", "tgp_v1_"),
    likely("cerebras_key", "csk-"),
    # clouds
    sure("aws_key_id", "AKIA", "ASIA", "ABIA", "ACCA", of="[A-Z0-9]"),
    sure("aws_bedrock_key", "ABSK", least=60, of="[A-Za-z0-9+/=]"),
    sure("google_key", "AIza", least=30),
    sure("google_token", "ya29.", least=20),
    sure("google_client_secret", "GOCSPX-"),
    sure("google_refresh_token", "1//0", least=30),
    after(
        "azure_key",
        ("AccountKey=", "SharedAccessKey=", "SharedSecretKey="),
        r"\w+=([\w+/=-]{30,})",
        always,
    ),
    inside("azure_client_secret", ("Q~",), r"\b[\w~.-]{3}\dQ~[\w~.-]{31,34}", always),
    inside("azure_api_key", ("JQQJ99",), r"\b\w{40,60}JQQJ99\w{16,40}", always),
    after("azure_signature", ("sig=",), r"sig=([\w%+/-]{40,}=*)", is_random),
    likely("alibaba_key_id", "LTAI", least=12, of=_ALNUM),
    likely("tencent_key_id", "AKID", least=24, of=_ALNUM),
    sure("digitalocean_token", "dop_v1_", "doo_v1_", "dor_v1_"),
    sure("heroku_key", "HRKU-"),
    sure("flyio_token", "fo1_", "fm2_", "fm1r_", "fm1a_", of=r"[\w+/=,-]", least=30),
    sure("vault_token", "hvs.", "hvb.", "hvr.", least=20),
    inside(
        "terraform_token", (".atlasv1.",), r"\b\w{14}\.atlasv1\.[\w=-]{40,}", always
    ),
    likely("databricks_token", "dapi", least=32, of="[0-9a-f-]"),
    sure("doppler_token", "dp.pt.", "dp.st.", "dp.ct.", "dp.sa.", of=r"[\w.-]"),
    sure("pulumi_token", "pul-", least=40, of=_HEX),
    likely("netlify_token", "nfp_", least=30),
    likely("supabase_key", "sbp_", "sb_secret_"),
    sure(
        "planetscale_token", "pscale_tkn_", "pscale_pw_", "pscale_oauth_", of="[\\w.=-]"
    ),
    sure("age_key", "AGE-SECRET-KEY-1", least=30),
    sure("onepassword_token", "ops_eyJ", "A3-", least=24),
    likely("yandex_token", "AQVN", "t1.", "y0_", least=35, of=r"[\w.=-]"),
    # code, packages and builds
    likely("github_token", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", of=r"\w"),
    sure("github_token", "github_pat_", least=20, of=r"\w"),
    sure(
        "gitlab_token",
        *("glpat-", "gldt-", "glrt-", "glcbt-", "glptt-", "glft-", "gloas-"),
        *("glsoat-", "glagent-", "glimt-", "glffct-", "GR1348941"),
        of=r"[\w.-]",
    ),
    sure("atlassian_token", "ATATT3", "ATCTT3", "ATBB", least=24, of=r"[\w=-]"),
    likely("circleci_token", "CCIPAT_", "CCIPRJ_"),
    likely("buildkite_token", "bkua_", "bkaj_", "bkat_"),
    likely("sonar_token", "squ_", "sqp_", "sqa_", least=30),
    likely("sourcegraph_token", "sgp_", least=30),
    likely("npm_token", "npm_", least=30, of=r"\w"),
    after(
        "npm_token", ("_authToken=",), r"_authToken=[\"']?([\w/+=-]{16,})", is_random
    ),
    likely("pypi_token", "pypi-", least=30),
    likely("rubygems_key", "rubygems_", least=40),
    likely("crates_token", "cio", least=32, of=_ALNUM),
    likely("nuget_key", "oy2", least=43, of="[a-z0-9]"),
    sure("docker_token", "dckr_pat_", "dckr_oat_"),
    likely("clojars_token", "CLOJARS_", least=40),
    likely("artifactory_key", "AKCp", "cmVmdGtu", least=56, of=_ALNUM),
    sure("postman_key", "PMAK-"),
    sure("openshift_token", "sha256~", least=40),
    # messages and mail
    sure(
        "slack_token",
        "xoxb-",
        "xoxp-",
        "xoxa-",
        "xoxe-",
        "xoxo-",
        "xoxr-",
        "xoxs-",
        "xoxe.",
        "xapp-",
        least=10,
        of=r"[\w.-]",
    ),
    after(
        "slack_hook",
        ("hooks.slack.com/",),
        r"hooks\.slack\.com/\w{1,20}/[\w/]{20,}",
        always,
    ),
    after(
        "discord_hook",
        ("/api/webhooks/",),
        r"/api/webhooks/(\d{5,}/[\w-]{40,})",
        always,
    ),
    inside(
        "discord_token",
        (".",),
        r"(?<![\w.-])[MNO][\w-]{23,27}\.[\w-]{6,7}\.[\w-]{27,45}(?![\w-])",
        is_random,
    ),
    after(
        "teams_hook",
        (".webhook.office.com/",),
        r"\.webhook\.office\.com/(webhookb2/[\w@/-]{40,})",
        always,
    ),
    inside("telegram_token", (":A",), r"(?<!\d)\d{8,12}:A[\w-]{34}(?![\w-])", always),
    likely("twilio_key", "SK", least=32, of=_HEX),
    sure("sendgrid_key", "SG.", least=40, of=r"[\w.-]"),
    likely("mailgun_key", "key-", "pubkey-", least=32, of=_HEX),
    inside("mailchimp_key", ("-us",), r"\b[0-9a-f]{32}-us\d{1,2}\b", always),
    sure("brevo_key", "xkeysib-", "xsmtpsib-"),
    # money and shops
    sure(
        "stripe_key",
        "sk_live_",
        "sk_test_",
        "rk_live_",
        "rk_test_",
        "sk_prod_",
        "rk_prod_",
        "whsec_",
        of=r"\w",
    ),
    likely("square_token", "sq0atp-", "sq0csp-", "sq0idp-", "EAAA"),
    sure("shopify_token", "shpat_", "shpca_", "shppa_", "shpss_"),
    sure("razorpay_key", "rzp_live_", "rzp_test_", least=14),
    sure("flutterwave_key", "FLWSECK_", "FLWPUBK_", "FLWSECK-"),
    after(
        "plaid_token",
        ("access-",),
        r"access-(?:sandbox|development|production)-[0-9a-f-]{36}",
        always,
    ),
    sure("easypost_key", "EZAK", "EZTK", least=54, of=_ALNUM),
    sure("shippo_token", "shippo_live_", "shippo_test_"),
    # watching, and other services
    sure("newrelic_key", "NRAK-", "NRII-", "NRJS-", "NRRA-"),
    sure("grafana_token", "glsa_", "glc_", "eyJrIjoi", least=30, of=r"[\w=+/]"),
    sure("sentry_token", "sntrys_", "sntryu_", least=30, of=r"[\w=+/]"),
    inside(
        "sentry_dsn", ("://",), r"(?<=://)[0-9a-f]{32}(?::[0-9a-f]{32})?(?=@)", always
    ),
    sure("dynatrace_token", "dt0c01.", "dt0s16.", least=40, of=r"[\w.]"),
    sure("linear_key", "lin_api_", "lin_oauth_"),
    likely("notion_token", "ntn_", "secret_", least=40, of=_ALNUM),
    inside("airtable_token", ("pat",), r"\bpat\w{14}\.[0-9a-f]{40,}", always),
    sure("figma_token", "figd_", "figo_"),
    sure("dropbox_token", "sl.", least=100),
    likely("facebook_token", "EAA", least=80, of=_ALNUM),
    likely("prefect_key", "pnu_", "pnb_", least=30, of=_ALNUM),
    likely("typeform_token", "tfp_", least=40, of=r"[\w.=-]"),
    likely("hubspot_token", "pat-na1-", "pat-eu1-", "pat-na2-", least=30),
    likely("contentful_token", "CFPAT-", least=30),
    sure("duffel_token", "duffel_live_", "duffel_test_"),
    sure("readme_key", "rdme_", least=30),
    after("okta_token", ("SSWS ",), r"SSWS ([\w-]{30,})", always),
    # forms that many share
    sure("jwt", "eyJ", least=30, of=r"[\w.=-]"),
    after(
        "private_key",
        ("-----BEGIN ",),
        r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:[^-]|-(?!----)){16,}"
        r"(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----)?",
        always,
    ),
    after(
        "bearer",
        ("earer ", "EARER "),
        r"(?i:earer) {1,3}([\w.~+/-]{20,}=*)",
        is_random,
    ),
    after(
        "authorization",
        ("uthorization", "UTHORIZATION"),
        r"(?i:uthorization)[\\\"' ]{0,4}[:=,] {0,3}b?[\\\"']{0,3}"
        r"(?i:basic|token|apikey|digest|negotiate)? {0,3}([\w.~+/:-]{12,}=*)",
        is_very_random,
    ),
    after(
        "url_password",
        ("://",),
        r"://[\w.%+~-]{0,100}:([^\s/@:\"'<>{}\\]{4,200})(?=@)",
        always,
    ),
    inside(
        "assigned_secret",
        ("=", ":"),
        r"(?i:key|token|secret|passw(?:or)?d|pwd|credential|auth|signature)"
        r"(?:[_-](?:id|value|base|v?\d))?[\\\"'\] ]{0,4}(?:=>|:=|=|:)[ \t]{0,3}"
        r"[\\\"'`]{0,3}([\w+/=.~%-]{16,300})",
        is_very_random,
    ),
)


def shapes_in(text: str) -> Iterator[Found]:
    """Yield every place in a text that looks like a key; they may overlap."""
    for shape in SHAPES:
        yield from places(shape, text)
