"""Markdown: front matter of three kinds, the heading, the body as plain paragraphs; and that wires stay plain text."""

import time

import pytest

from ingest.field_map import FieldMap
from ingest.readers import reader_for
from ingest.readers.markdown import Markdown
from ingest.source import Source
from rag.article import Article, Status
from rag.errors import ReaderError

STORY = "The *ferry* at [Orle](https://bell.example/orle) ran\nlate on Tuesday.\n\nNobody was hurt.\n"


def read(text: str, *mappings: str) -> Article:
    [article] = Markdown().read(Source("a.md", text.encode(), columns=FieldMap.parse(mappings)))
    return article


def test_yaml_front_matter_is_heard_first():
    article = read(
        "---\ntitle: 'Ferry late'\ndate: 2026-03-04 14:05:00 +01:00\nlastmod: 2026-03-05T08:00:00Z\n"
        "author:\n  - Ann Lee\n  - name: Omar Haddad\nlanguage: no\nsource: Orle Bell\nurl: https://bell.example/1\n"
        f"---\n\n# Ferry late\n\nORLE (AP) — {STORY}"
    )
    assert (article.headline, article.publisher, article.url) == ("Ferry late", "Orle Bell", "https://bell.example/1")
    assert article.body == "The ferry at Orle ran late on Tuesday.\n\nNobody was hurt."
    assert article.bylines == ("Ann Lee", "Omar Haddad") and article.language == "no"
    assert (article.dateline, article.originator) == ("ORLE", "Associated Press")
    assert article.first_published.instant.isoformat() == "2026-03-04T13:05:00+00:00"
    assert article.first_published.raw == "2026-03-04 14:05:00 +01:00"
    assert article.first_published.known_by == "front matter date"
    assert article.this_version.known_by == "front matter lastmod"


def test_toml_front_matter():
    article = read(f'+++\ntitle = "Ferry late"\ndate = 2026-03-04T14:05:00Z\nauthors = ["Ann Lee"]\n+++\n{STORY}')
    assert (article.headline, article.bylines, article.published) == (
        "Ferry late",
        ("Ann Lee",),
        "2026-03-04T14:05:00Z",
    )


def test_key_and_value_lines_and_yaml_that_is_none():
    article = read(f"Title: Ferry: late again\nDate: 2026-03-04\n\n{STORY}")
    assert (article.headline, article.published[:10]) == ("Ferry: late again", "2026-03-04")
    assert read(f"---\ntitle: Ferry: late\ndate: 2026-03-04\n---\n{STORY}").headline == "Ferry: late"


def test_without_front_matter_the_head_of_the_text_tells():
    article = read(f"# Ferry late\n\n*By Ann Lee*\n\n4 March 2026, 14:05 GMT\n\n{STORY}")
    assert (article.headline, article.bylines) == ("Ferry late", ("Ann Lee",))
    assert article.published == "2026-03-04T14:05:00Z"
    assert article.body == "The ferry at Orle ran late on Tuesday.\n\nNobody was hurt."
    assert read(f"Ferry late\n==========\n\n{STORY}").headline == "Ferry late"
    assert read(f"Ferry late\n\n{STORY}").headline == "Ferry late"


def test_another_heading_than_the_title_stays_in_the_text():
    article = read(f"---\ntitle: Ferry late\n---\n## What happened\n\n{STORY}")
    assert article.headline == "Ferry late" and article.body.startswith("What happened\n\nThe ferry")


def test_markup_becomes_words():
    article = read(
        "# Ferry late\n\n![Ferry at dusk. Photo: Ann Lee](ferry.jpg)\n\nThe ![late](clock.png) ferry &amp; `boat` ~~sank~~ "
        "<b>ran</b>.\n\n| Day | Hours |\n|---|---|\n| Monday | 2 |\n\n- one\n- two\n\n> “We waited.”\n\n"
        "```\nplain\n  code\n```\n\n{{< figure src=\"x\" >}}<script>alert(1)</script><!-- note -->\n"
    )  # fmt: skip
    assert article.body.split("\n\n") == [
        "The late ferry & boat sank ran.", "Day | Hours", "Monday | 2", "one", "two", "“We waited.”", "plain code",
    ]  # fmt: skip


@pytest.mark.parametrize("held", ["draft: true", "published: false"])
def test_a_draft_is_held_back(held):
    assert read(f"---\ntitle: Ferry\n{held}\n---\n{STORY}").status is Status.WITHHELD
    article = read(f"---\ntitle: Ferry\npublished: true\ndraft: false\ndate: 2026-03-04\n---\n{STORY}")
    assert article.status is Status.USABLE and article.published[:10] == "2026-03-04"


def test_the_users_own_names():
    article = read(
        f"---\nkop: Veerboot\ngeplaatst: 2026-03-04\ndate: 2001-01-01\n---\n{STORY}", "headline=kop", "date=geplaatst"
    )
    assert (article.headline, article.published[:10]) == ("Veerboot", "2026-03-04")


@pytest.mark.parametrize(
    "text",
    [f"# Ferry late\n\n{STORY}", f"---\ntitle: Ferry\n---\n{STORY}", f'+++\ntitle = "Ferry"\n+++\n{STORY}',
     f"\ufeff---\r\nheadline: Ferry\r\n---\r\n{STORY}"],
)  # fmt: skip
def test_markdown_is_known_by_its_content(text):
    assert reader_for(Source("unnamed", text.encode())).name == "markdown"


@pytest.mark.parametrize(
    "text",
    [f"#ferry is late, says Orle\n\n{STORY}", f"# 1 in Orle: the ferry\nagain late\n\n{STORY}", f"Ferry late\n\n{STORY}",
     f"---\nORLE (AP) — {STORY}", f"---\nSaid Holt: late\n---\n{STORY}", f"Headline: Ferry\nDate: 2026-03-04\n\n{STORY}",
     f"+++ URGENT +++ Ferry late\n\n{STORY}"],
)  # fmt: skip
def test_a_wire_stays_plain_text(text):
    assert reader_for(Source("a.txt", text.encode())).name == "text"


def test_data_stays_data():
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    start = time.perf_counter()
    assert read(f"---\ntitle: Ferry\n{bomb}author: *i\n---\n{STORY}").headline == "Ferry"
    assert read(f"---\ntitle: Ferry\nauthor: {'[' * 20_000}\n---\n{STORY}").headline == "Ferry"
    article = read(f"---\ntitle: Ferry\nauthor: !!python/object/apply:os.system ['touch gone']\n---\n{STORY}")
    assert article.headline == "Ferry" and time.perf_counter() - start < 10


@pytest.mark.parametrize("text", ["", "# ", "# Ferry late", "---\ntitle: Ferry\n---\n", "x" * 400, "![a](b)"])
def test_what_has_no_headline_or_no_text_is_a_reason(text):
    with pytest.raises(ReaderError, match=r"^no "):
        read(text)


@pytest.mark.parametrize(
    "unit", ["[", "![", "*a _b ", "`", "> ", "- ", "<a ", "[a](<", "|a", "{{<", "---\n", "a: b\n", "- - ", "? "]
)
def test_a_text_of_one_sign_takes_no_time(unit):
    start = time.perf_counter()
    many = unit * (20_000 // len(unit))
    for text in (many, f"# Ferry\n\n{many}", f"---\ntitle: Ferry\na: {many}\n---\n{STORY}"):
        try:
            read(text)
        except ReaderError as reason:
            assert "\n" not in str(reason)
    assert time.perf_counter() - start < 10
