"""The user's own names for columns: what is understood, and that a named column wins over every other spelling."""

import json

import pytest

from ingest.field_map import FieldMap
from ingest.readers.fields import SPELLINGS, spelled
from ingest.readers.json_records import JsonRecords
from ingest.source import Source
from rag.article import Article
from rag.errors import ReaderError, WrongUse


def read(value, *mappings: str) -> list:
    data = value if isinstance(value, str) else json.dumps(value)
    return list(JsonRecords().read(Source("a.json", data.encode(), columns=FieldMap.parse(mappings))))


@pytest.mark.parametrize(
    ("mapping", "concept"),
    [("headline=Kop", "headline"), ("author=Kop", "bylines"), ("published = Kop", "first_published"),
     ("First-Published=Kop", "first_published"), ("updated=Kop", "this_version"), ("guid=Kop", "guid")],
)  # fmt: skip
def test_a_field_goes_by_any_of_its_names(mapping, concept):
    assert FieldMap.parse([mapping]) == FieldMap(((concept, "Kop"),))


@pytest.mark.parametrize("mapping", ["headline", "=Kop", "headline=", "", "kop=headline", "tags=x"])
def test_what_makes_no_sense_is_refused_on_one_line(mapping):
    with pytest.raises(WrongUse, match=r"^--map .*\.$") as refused:
        FieldMap.parse([mapping])
    assert "headline" in str(refused.value)


def test_every_field_can_be_mapped_under_its_own_name():
    for concept in SPELLINGS:
        assert spelled(concept) in SPELLINGS[concept]
        renamed = FieldMap.parse([f"{concept}=Kolom"]).renamed({"kolom": "x"})
        assert renamed == {concept: "x"}


def test_a_column_with_an_equals_sign_and_a_dot_in_its_name():
    assert FieldMap.parse(["body=a=b.c"]).renamed({"A=B.c": "x", "a=b": {"c": "y"}}) == {"body": "x", "a=b": {"c": "y"}}


def test_the_mapped_column_wins_and_an_empty_one_stays_empty():
    columns = FieldMap.parse(["published=geplaatst"])
    record = {"date": "2026-01-01", "published_at": "2026-01-02", "Geplaatst": None, "title": "t"}
    assert columns.renamed(record) == {"first_published": None, "title": "t"}


def test_a_record_without_the_columns_is_of_another_kind():
    record = {"title": "Ferry", "text": "It ran."}
    assert FieldMap.parse(["headline=Kop"]).renamed(record) == record
    assert FieldMap().renamed(record) == record and not FieldMap().names(record)


def test_a_dotted_path_leads_through_objects_and_lists():
    columns = FieldMap.parse(["body=content.text", "author=people.name", "section=tags.1", "url=links.9999999999"])
    record = {"content": {"Text": "It ran."}, "people": [{"name": "Ann"}, 7, {"name": "Omar"}], "tags": ["a", "b"]}
    renamed = columns.renamed(record)
    assert renamed["body"] == "It ran." and renamed["bylines"] == ["Ann", "Omar"] and renamed["section"] == "b"
    assert "content" not in renamed and "url" not in renamed


def test_a_field_named_twice_takes_both_columns():
    assert FieldMap.parse(["body=lead", "body=rest"]).renamed({"rest": "b", "lead": "a"}) == {"body": ["a", "b"]}


def test_json_is_read_by_it():
    dutch = {"Kop": "Veerboot te laat", "Inhoud": {"tekst": "De boot was laat."}, "Datum": "2026-03-04",
             "date": "2001-01-01", "reacties": [{"name": "x"}]}  # fmt: skip
    mappings = ("headline=Kop", "body=Inhoud.tekst", "published=Datum")
    for value in (dutch, [dutch], {"articles": [dutch]}, json.dumps(dutch) + "\n" + json.dumps(dutch)):
        articles = read(value, *mappings)
        assert all(isinstance(article, Article) for article in articles), articles
        assert articles[0].headline == "Veerboot te laat" and articles[0].body == "De boot was laat."
        assert articles[0].published[:10] == "2026-03-04"
    assert all(isinstance(item, ReaderError) for item in read(dutch))


def test_behind_a_broken_record_the_mapped_one_is_found():
    good = json.dumps({"Kop": "Veerboot", "Tekst": "De boot was laat."})
    items = read(f'[{good}, {{"Kop": oops, "x": [{{"name": "y"}}, {{"b": 1}}]}}, {good}]', "headline=Kop", "body=Tekst")
    assert [isinstance(item, Article) for item in items] == [True, False, True]


def test_the_quarantine_keeps_the_record_as_it_stood():
    [error] = read({"Kop": "Veerboot"}, "headline=Kop")
    assert json.loads(error.raw) == {"Kop": "Veerboot"}
