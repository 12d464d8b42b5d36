"""Bylines, datelines, footers, corrections, addresses, hidden characters: what is cut and what stays."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.clean import one_line, paragraphs_of, visible
from ingest.correction import cut_corrections
from ingest.credit import bylines, is_byline, wire, wire_within
from ingest.dateline import cut_dateline, own_line
from ingest.furniture import agency_of, cut_footer, is_footer, without_asides
from ingest.markup import plain
from ingest.times import news_time
from rag.address import canonical, web_address


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("By Ann Lee and Omar Haddad", ("Ann Lee", "Omar Haddad")),
        ("BY ANN LEE, OMAR HADDAD AND JO WU", ("ANN LEE", "OMAR HADDAD", "JO WU")),
        ("Ann Lee, The Associated Press", ("Ann Lee",)),
        ("Ann Lee, Health Editor", ("Ann Lee",)),
        ("Ann Lee in Harlow Bay; Omar Haddad for The Post", ("Ann Lee", "Omar Haddad")),
        ("Ann Lee (ann.lee@post.example)", ("Ann Lee",)),
        ("Martin King, Jr.", ("Martin King, Jr",)),
        ("Lee, Ann", ("Ann Lee",)),
        ("Staff", ()),
        ("Reuters", ()),
        ("https://post.example/ann", ()),
        ("von Jürgen Groß und Zoë Öz", ("Jürgen Groß", "Zoë Öz")),
        ("李明", ("李明",)),
        ("Ann Lee, Ann Lee", ("Ann Lee",)),
        ("By Strand & Voss", ("Strand & Voss",)),
        ("Ann Lee & Omar Haddad", ("Ann Lee", "Omar Haddad")),
    ],
)
def test_bylines(words, names):
    assert bylines(words) == names


def test_a_sentence_that_begins_with_by_is_no_byline():
    assert is_byline("By Ann Lee and Omar Haddad")
    assert is_byline("By Ludwig van Beek")
    assert not is_byline("By the time the fire was out, two houses had burned down.")
    assert not is_byline("By Monday the water had reached the bridge.")


def test_wires_have_one_spelling():
    assert wire("(AP)") == wire("The Associated Press") == "Associated Press"
    assert wire("The Harlow Post") == ""


@pytest.mark.parametrize(
    ("text", "place", "agency", "rest"),
    [
        ("HARLOW BAY (AP) — The ferry ran late.", "HARLOW BAY", "Associated Press", "The ferry ran late."),
        ("HARLOW BAY, March 4 (Reuters) - The ferry ran late.", "HARLOW BAY", "Reuters", "The ferry ran late."),
        ("HARLOW BAY, Freedonia (Harlow Wire) -- The ferry", "HARLOW BAY, Freedonia", "Harlow Wire", "The ferry"),
        ("Harlow Bay (AFP) – the ferry", "Harlow Bay", "Agence France-Presse", "the ferry"),
        ("DUBLIN — She ran.", "DUBLIN", "", "She ran."),
        ("BEIRUT/THE HAGUE, March 7 (Reuters) - A tank", "BEIRUT/THE HAGUE", "Reuters", "A tank"),
    ],
)
def test_datelines_are_cut(text, place, agency, rest):
    dateline, remainder = cut_dateline(text)
    assert (dateline.place, dateline.agency, remainder) == (place, agency, rest)


@pytest.mark.parametrize(
    "text",
    [
        "NATO — the alliance of 32 states — met on Tuesday.",
        "The ferry (AP) ran late.",
        "HARLOW BAY (AP) —",
        "A man from Harlow (his name was not given) - the second in a week - was hurt.",
        "GDP rose 2 %.",
    ],
)
def test_what_only_looks_like_a_dateline_stays(text):
    assert cut_dateline(text)[1] == text


@pytest.mark.parametrize("unit", ["A", "A/", "/", "A. ", "A a ", "“", ", ", " ", "\n ", "@", "1,", "www.", "<a "])
@pytest.mark.parametrize(
    "reads",
    [cut_dateline, own_line, bylines, wire_within, is_byline, plain, paragraphs_of, is_footer, agency_of,
     lambda text: cut_footer(["The ferry ran late.", text]), lambda text: cut_corrections([text, "The ferry ran late."]),
     lambda text: without_asides([text]), lambda text: plain(f"<p>x</p>{text}<p>y"), lambda text: news_time(text, "here")],
)  # fmt: skip
def test_one_character_again_and_again_takes_no_time(reads, unit):
    start = time.perf_counter()
    for text in ("A" + unit * 160, f"x{unit * (100_000 // len(unit))}y"):
        reads(text)
    assert time.perf_counter() - start < 5


def test_datelines_on_their_own_line():
    assert own_line("ISTANBUL").place == "ISTANBUL"
    assert own_line("GAZA CITY, Palestine").place == "GAZA CITY, Palestine"
    assert own_line("PARIS (AFP)").agency == "Agence France-Presse"
    assert own_line("The harbour") is None
    assert own_line("THE FERRY WAS LATE. NOBODY WAS HURT.") is None


FOOTERS = {
    "Harlow Wire publishes only part of its service on this website, in shortened form. For subscriptions contact the "
    "sales desk.": "Harlow Wire",
    "Bay Agency website contains only a portion of the news stories offered to subscribers.": "Bay Agency",
    "Copyright 2026 The Associated Press. All rights reserved.": "Associated Press",
    "© 2026 Harlow Post": "Harlow Post",
    "— Reuters": "Reuters",
    "(AP)": "Associated Press",
    "This story has been published from a syndicated feed without changes to the text.": "",
    "Please contact us for subscription options.": "",
    "This material may not be published, broadcast, rewritten or redistributed.": "",
    "(Reporting by Ann Lee in Harlow; Editing by Omar Haddad)": "",
}
REAL_ENDINGS = [
    "The paper has 2 million subscribers and will raise the price of subscriptions in May.",
    "The court will rule on the copyright of the photographs in June.",
    "“All rights reserved, that is what the letter was worth,” Lee said.",
    "The bridge carries only a portion of its former traffic.",
    "This report was published by the ministry of transport in 2024.",
    "The union told its members to contact the ministry.",
    "The crew had asked for permission to land and got no answer.",
    "The website of the agency was down for an hour.",
    "He follows the game on television.",
]


@pytest.mark.parametrize("footer", FOOTERS)
def test_footers_leave_the_text_and_name_their_agency(footer):
    assert cut_footer(["The ferry ran late.", footer]) == (["The ferry ran late."], footer)
    assert agency_of(footer) == FOOTERS[footer]


@pytest.mark.parametrize("ending", REAL_ENDINGS)
def test_a_real_last_paragraph_is_never_eaten(ending):
    assert not is_footer(ending)


def test_a_footer_counts_only_at_the_end_and_never_takes_everything():
    footer, text = "Copyright 2026 Harlow Post. All rights reserved.", "The ferry ran late."
    assert cut_footer([footer, text]) == ([footer, text], "")
    assert cut_footer([footer]) == ([footer], "")


@pytest.mark.parametrize(
    "note",
    [
        "Correction: An earlier version gave the wrong year.",
        "CORRECTION (March 4, 2026): The name is Lee.",
        "This article was amended on 4 March 2026 to correct a name.",
        "Editor’s note: This story has been corrected to show that two piers are cracked.",
        "An earlier version of this article misstated the depth.",
        "Clarification: the figure is for 2025.",
    ],
)
def test_corrections_are_taken_out_and_kept(note):
    assert cut_corrections(["One.", note, "Two."]) == (["One.", "Two."], note)


@pytest.mark.parametrize(
    "text",
    [
        "Corrections officers went on strike.",
        "The correction of the course took an hour.",
        "This article of faith holds.",
    ],
)
def test_text_about_corrections_stays(text):
    assert cut_corrections(["One.", text]) == (["One.", text], "")


def test_asides_of_a_page():
    assert without_asides(["Related: Ferry sinks", "The ferry ran late.", "Photo: Ann Lee", "ADVERTISEMENT"]) == [
        "The ferry ran late."
    ]
    assert without_asides(["Related companies fell, too.", "Watch the harbour master, he said."]) != []


@pytest.mark.parametrize(
    "paragraph",
    [
        "Watch: the minister said that the ferry would be watched from now on.",
        "Sources: the mine will close, two people told the paper.",
        "“Sign up for the ballot by Friday,” the council told voters.",
        "Watch: for ten years the walkers of Harlow Bay have called for a path along the harbour, and this autumn they will "
        "have one, with two bridges.",
    ],
)
def test_what_only_begins_like_an_aside_stays(paragraph):
    assert without_asides([paragraph]) == [paragraph]


def test_addresses():
    given_address = "HTTPS://Post.Example:443/News/1/?utm_source=x&id=7&fbclid=2#top"
    assert canonical(given_address) == "https://post.example/News/1?id=7"
    assert canonical("https://post.example") == canonical("https://post.example/")
    assert web_address(" https://post.example/a ") == "https://post.example/a"
    for refused in ("javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "//post.example/a", "https://", "http://[",
                    'https://post.example/"><script>'):  # fmt: skip
        assert web_address(refused) == ""


def test_hidden_characters_go_and_joiners_that_spell_stay():
    assert one_line("A\u202eb\x00c\u200bd\U000e0041e\nf\ud800") == "Abcde f\ufffd"
    assert one_line("نمی‌خواهم") == "نمی‌خواهم"
    assert one_line("👩‍🚒") == "👩‍🚒"
    assert one_line("क्‍ष") == "क्‍ष"
    assert one_line("ig\u200dnore") == "ignore"
    assert visible("e\u0301") == "é"


def test_long_lines_are_cut_at_a_word():
    assert one_line("word " * 100, 20) == "word word word…"


def test_paragraphs_wrapped_or_one_a_line():
    assert paragraphs_of("One is here.\nTwo is here.\n\nThree.") == ["One is here.", "Two is here.", "Three."]
    ferry = "The ferry that links the bay with the islands\nran two hours late on Tuesday after its engine\nfailed."
    wrapped = f"{ferry}\n\nNobody was hurt."
    assert paragraphs_of(wrapped) == [wrapped.split("\n\n")[0].replace("\n", " "), "Nobody was hurt."]


@given(st.text(max_size=300))
def test_cleaning_twice_changes_nothing_more(text):
    assert one_line(one_line(text)) == one_line(text)
    assert visible(visible(text)) == visible(text)
