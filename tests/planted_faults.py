# ruff: noqa: E501 (prose reads worse when it is broken)
"""Invented news with honest sentences about it, and by rule the faults that a model makes of them.

Part 0 (even numbers) was tuned on. Part 1 (odd numbers) was looked at once, after which three plain bugs were mended.
Part 2 was written after that and nothing was changed for it; see tests/test_evidence.py.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from rag.article import Article, NewsTime
from rag.citation import Citation
from rag.passage import Passage
from rag.sentences import sentences
from rag.speaker import speaker_at
from rag.words import terms

SEED = 7

# Publisher, day, headline | body | honest sentences, the first one or two of them word for word.
_NEWS = [
    (
        "Harlow Post", "2026-03-04", "Ferry to Harlow Bay fails twice",
        "The ferry to Harlow Bay ran 40 minutes late on Tuesday after its engine failed twice, the operator Bay Lines said.\n\n"
        "About 120 passengers had to wait on the pier. “We are ashamed of this morning,” said Nora Quill, the company's director. "
        "She promised to pay back every fare.\n\nThe mayor, Piet Aarden, said the town would not extend the contract, which ends on "
        "30 June.",
        "The ferry to Harlow Bay ran 40 minutes late on Tuesday after its engine failed twice, the operator Bay Lines said.",
        "On Tuesday the Harlow Bay ferry was 40 minutes late because its engine failed two times.",
        "Around 120 passengers waited on the pier.",
        "Nora Quill, the director of Bay Lines, said: “We are ashamed of this morning.”",
        "Piet Aarden said the town will not extend the contract that ends on June 30.",
        "Quill promised that every fare would be paid back.",
    ),
    (
        "North Wire", "2026-03-09", "Denmark opens its largest wind park",
        "Denmark opened its largest wind park off Ribe on Friday. It has 84 turbines and cost 1.4 billion euros.\n\n"
        "Energy minister Lars Holm said it would supply 900,000 homes by December. “The sea has become our power station,” he "
        "said.\n\nFishermen fear for their grounds. Their spokeswoman, Birthe Skov, said catches had fallen by 12 percent since "
        "building began in 2023.",
        "It has 84 turbines and cost 1.4 billion euros.",
        "Denmark's largest wind park, with 84 turbines, opened off Ribe on Friday.",
        "The park cost €1,400,000,000.",
        "Lars Holm, the Danish energy minister, said the park would supply 900,000 homes by December.",
        "“The sea has become our power station,” said Holm.",
        "Catches have fallen by 12% since 2023, according to Birthe Skov.",
    ),
    (
        "Sarn Weekly", "2026-02-14", "Two candidates left in Sarn",
        "Ines Marrow and Tobias Fenn will meet in the second round of the mayoral election in Sarn on 28 February. Marrow won "
        "38.2 percent of the vote on Sunday, Fenn 31.7 percent.\n\nTurnout was 54 percent, the lowest since 1998, the returning "
        "officer Gwen Pryor said.\n\nFenn said he would ask the Greens for support. “Nobody has won anything yet,” Marrow said.",
        "Turnout was 54 percent, the lowest since 1998, the returning officer Gwen Pryor said.",
        "Ines Marrow and Tobias Fenn face each other in a second round on 28 February.",
        "Marrow took 38.2% of the vote and Fenn 31.7%.",
        "“Nobody has won anything yet,” Marrow said.",
        "Gwen Pryor, the returning officer, put turnout at 54 percent, the lowest since 1998.",
        "Tobias Fenn wants to ask the Greens for support in the mayoral election.",
    ),
    (
        "Ledger", "2026-04-17", "Steel maker Ostrava Works cuts 2,300 jobs",
        "Ostrava Works will cut 2,300 jobs by the end of 2027, the steel maker said on Thursday. Its loss grew to 310 million "
        "euros last year from 95 million the year before.\n\n“Cheap imports left us no choice,” chief executive Milan Dvorak "
        "said.\n\nThe union leader Hana Vesela called the plan a disgrace and announced a strike for 4 May. The government has "
        "offered a loan of 150 million euros.",
        "Ostrava Works will cut 2,300 jobs by the end of 2027, the steel maker said on Thursday.",
        "The steel maker's loss rose to €310 million last year, from 95 million the year before.",
        "Chief executive Milan Dvorak blamed cheap imports.",
        "Union leader Hana Vesela announced a strike for May 4.",
        "The government offered the company a loan of 150 million euros.",
        "“Cheap imports left us no choice,” Dvorak said.",
    ),
    (
        "Coast Courier", "2026-01-21", "Storm floods Pellow",
        "A storm flooded the old harbour of Pellow in the night to Tuesday. Gusts of 137 kilometres an hour were measured at the "
        "lighthouse.\n\nFire chief Olwen Teague said 46 people were brought out of their houses, nobody was hurt. “The water came "
        "faster than in any year I remember,” she said.\n\nInsurers put the damage at 18 million pounds. The council meets on "
        "Thursday to talk about a higher sea wall.",
        "Insurers put the damage at 18 million pounds.",
        "A storm flooded Pellow's old harbour, with gusts of 137 kilometres an hour at the lighthouse.",
        "Olwen Teague, the fire chief, said 46 people were brought out of their houses and nobody was hurt.",
        "Insurers estimate the damage at £18m.",
        "The council will talk about a higher sea wall on Thursday.",
        "Teague said the water “came faster than in any year I remember”.",
    ),
    (
        "Halvern Standard", "2026-05-06", "Court clears former bank chief",
        "A court in Halvern cleared the former bank chief Edgar Voss of fraud on Wednesday. Judge Ruth Abelard said the "
        "prosecution had not proved that he knew of the false accounts.\n\nVoss, 61, had faced up to eight years in prison. “I "
        "waited four years for this sentence,” he said outside.\n\nProsecutor Dana Ilic said she would appeal within 14 days.",
        "Voss, 61, had faced up to eight years in prison.",
        "Edgar Voss, a former bank chief, was cleared of fraud by a court in Halvern on Wednesday.",
        "Judge Ruth Abelard said the prosecution had not proved that Voss knew of the false accounts.",
        "“I waited four years for this sentence,” Voss said.",
        "Prosecutor Dana Ilic will appeal within 14 days.",
        "Voss had faced a prison term of up to 8 years.",
    ),
    (
        "Aldermere Ledger", "2026-02-03", "Hospital moves to new building",
        "St Brannoc Hospital moved 212 patients to its new building in Aldermere on Saturday. The move took eleven hours and 35 "
        "ambulances.\n\nMatron Joyce Adeyemi said it had gone without a single fall. “We practised it six times,” she said.\n\nThe "
        "building cost 96 million pounds, 14 million more than planned, auditor Colin Marsh found. The old house will be sold in "
        "September.",
        "The move took eleven hours and 35 ambulances.",
        "On Saturday, St Brannoc Hospital moved 212 patients to a new building in Aldermere.",
        "It took 11 hours and thirty-five ambulances to move the patients.",
        "Auditor Colin Marsh found that the building cost 96 million pounds, £14 million more than planned.",
        "“We practised it six times,” said Joyce Adeyemi, the matron.",
        "The old house is to be sold in September.",
    ),
    (
        "Science Desk", "2026-06-11", "Bees return to the Tarn valley",
        "Wild bees have returned to the Tarn valley, a study in the journal Pollen says. The researchers counted 61 species last "
        "summer, up from 38 in 2019.\n\n“Farmers who leave a strip unmown did this,” said Yuki Tanabe of Corve University, who led "
        "the study. The strips cover 740 hectares.\n\nFarmer Josef Klamm said he lost a tenth of his hay but would go on. The "
        "subsidy of 420 euros a hectare ends in October.",
        "The researchers counted 61 species last summer, up from 38 in 2019.",
        "A study in the journal Pollen says that wild bees are back in the Tarn valley.",
        "The number of species rose to 61 last summer from 38 in 2019.",
        "Yuki Tanabe of Corve University, who led the study, said “farmers who leave a strip unmown did this”.",
        "Farmer Josef Klamm lost a tenth of his hay but will go on.",
        "A subsidy of €420 a hectare ends in October.",
    ),
    (
        "Harlow Post", "2026-03-18", "Bay Lines loses the ferry contract",
        "Bay Lines has lost the contract for the Harlow Bay ferry. The town gave it to Norsund Shipping for seven years, mayor "
        "Piet Aarden said on Monday.\n\nNorsund will run 22 crossings a day instead of 16 from 1 July and wants to hire 30 people. "
        "“We will bring a second ship,” said its manager, Ragna Solheim.\n\nBay Lines said it would go to court. Tickets will cost "
        "4.80 euros, 60 cents more than now.",
        "Bay Lines said it would go to court.",
        "Norsund Shipping will run the Harlow Bay ferry for seven years, Piet Aarden said on Monday.",
        "From 1 July there will be 22 crossings a day instead of 16.",
        "Norsund wants to hire 30 people.",
        "Ragna Solheim, the manager of Norsund, said: “We will bring a second ship.”",
        "A ticket will cost €4.80, which is 60 cents more than now.",
    ),
    (
        "North Wire", "2026-04-02", "Norway delays its wind auction",
        "Norway has delayed the auction of three wind areas in the Skagerrak until November, the energy ministry said on "
        "Wednesday. Only two of nine companies had made an offer.\n\nMinister Astrid Vik said the price of steel had changed the "
        "plan. “A bad auction is worse than a late one,” she said.\n\nThe areas were to produce 2,800 megawatts. The association of "
        "builders, led by Jonas Rudd, asked for a guarantee of 7.5 billion crowns.",
        "Only two of nine companies had made an offer.",
        "Norway put off the auction of three wind areas in the Skagerrak until November.",
        "Astrid Vik said that the price of steel had changed the plan.",
        "“A bad auction is worse than a late one,” the minister Astrid Vik said.",
        "The three areas were meant to produce 2,800 megawatts.",
        "Jonas Rudd's association asked for a guarantee of 7,500 million crowns.",
    ),
    (
        "Sarn Weekly", "2026-03-02", "Marrow becomes mayor of Sarn",
        "Ines Marrow is the new mayor of Sarn. She won 52.9 percent of the vote in the second round on Saturday, Gwen Pryor, the "
        "returning officer, said.\n\nTobias Fenn congratulated her and said he would stay on the council. “I shall open the books "
        "on my first day,” Marrow said.\n\nShe takes office on 15 March. Turnout rose to 61 percent.",
        "She takes office on 15 March.",
        "Ines Marrow won 52.9 percent of the vote and is the new mayor of Sarn.",
        "Fenn congratulated Marrow and will stay on the council.",
        "“I shall open the books on my first day,” Marrow said.",
        "Turnout rose to 61%.",
        "The second round was held on Saturday, and Marrow takes office on March 15.",
    ),
    (
        "Ledger", "2026-05-08", "Ostrava Works strike shuts three furnaces",
        "A strike at Ostrava Works shut three of five furnaces on Monday. The union said 6,400 workers had stayed away, the company "
        "spoke of 5,100.\n\n“Not one of them will be punished,” chief executive Milan Dvorak said. Union leader Hana Vesela said "
        "the strike would last until 20 May.\n\nAnalyst Pavel Rezek of Moldau Bank put the loss at 9 million euros a day.",
        "Analyst Pavel Rezek of Moldau Bank put the loss at 9 million euros a day.",
        "A strike on Monday shut three of the five furnaces at Ostrava Works.",
        "The union counted 6,400 workers who stayed away, the company 5,100.",
        "Hana Vesela said the strike will last until 20 May.",
        "Dvorak said: “Not one of them will be punished.”",
        "The loss is about €9 million a day, according to Pavel Rezek of Moldau Bank.",
    ),
    (
        "Coast Courier", "2026-02-20", "Pellow votes for a higher sea wall",
        "The council of Pellow voted 11 to 4 for a sea wall of 5.5 metres on Thursday. It will cost 23 million pounds, of which the "
        "state pays two thirds.\n\nCouncillor Bryn Hask voted against it. “We will live behind concrete,” he said. Engineer Salma "
        "Noor said a lower wall would hold for only 20 years.\n\nWork begins in April and takes three years.",
        "Work begins in April and takes three years.",
        "Pellow's council voted for a sea wall of 5.5 metres, by 11 votes to 4.",
        "The wall will cost £23 million, and the state pays two thirds of it.",
        "Bryn Hask, who voted against the wall, said: “We will live behind concrete.”",
        "Engineer Salma Noor said a lower wall would hold for just twenty years.",
        "The vote was on Thursday.",
    ),
    (
        "Halvern Standard", "2026-05-21", "Voss to return to Halvern Bank",
        "Edgar Voss is to return to Halvern Bank as an adviser on 1 September, the bank said on Tuesday. He will be paid 180,000 "
        "euros a year.\n\nThe shareholders' speaker, Lene Dahl, asked for a vote. “Cleared does not mean wanted,” she said. "
        "Chairman Otto Frei said the board had decided with one vote against.\n\nShares fell by 3.1 percent.",
        "Shares fell by 3.1 percent.",
        "Halvern Bank said on Tuesday that Edgar Voss will return as an adviser on 1 September.",
        "Voss will be paid €180,000 a year.",
        "“Cleared does not mean wanted,” said Lene Dahl, who speaks for the shareholders.",
        "The board decided with one vote against, chairman Otto Frei said.",
        "The bank's shares dropped 3.1%.",
    ),
    (
        "Aldermere Ledger", "2026-02-25", "Aldermere doctors leave over pay",
        "Seventeen doctors have left St Brannoc Hospital in Aldermere since November, its director Imran Sayeed said on Monday. "
        "Five wards work with nurses from agencies.\n\n“Nobody leaves for money alone,” said Dr. Ellen Frost of the doctors' "
        "union. She asked for 9 percent more pay.\n\nThe health ministry offered 4.5 percent. Talks go on in London on 5 March.",
        "Five wards work with nurses from agencies.",
        "Since November, 17 doctors have left St Brannoc Hospital, Imran Sayeed said on Monday.",
        "The doctors' union asked for 9% more pay, and the health ministry offered 4.5%.",
        "“Nobody leaves for money alone,” Ellen Frost said.",
        "The talks go on in London on March 5.",
        "Dr. Ellen Frost wants 9 percent more pay for the doctors.",
    ),
    (
        "Science Desk", "2026-06-25", "Comet to pass in August",
        "A comet found in January will pass the Earth on 12 August, the observatory of Monte Cielo said on Thursday. Its distance "
        "will be 34 million kilometres.\n\n“You will see it without a telescope,” said the astronomer Chiara Lodi. The comet "
        "returns every 710 years.\n\nHer colleague Femi Okafor said its tail of 3 million kilometres was still growing. Clouds may "
        "hide it in the north.",
        "Its distance will be 34 million kilometres.",
        "The comet, which was found in January, will pass the Earth on August 12, the Monte Cielo observatory said.",
        "It comes back every 710 years.",
        "“You will see it without a telescope,” astronomer Chiara Lodi said.",
        "Femi Okafor said the comet's tail of three million kilometres was still growing.",
        "Clouds may hide the comet in the north.",
    ),
    (
        "Crown Gazette", "2026-01-12", "José Ángel Peña leaves the orchestra",
        "The conductor José Ángel Peña leaves the Crown Orchestra in July after fourteen years, it said on Friday. He led 630 "
        "concerts.\n\n“One should go while they still clap,” Peña said. The violinist Anne-Marie Joubert called him the best "
        "teacher she had known.\n\nHis successor will be named by 1 April. The budget is 8.2 million crowns.",
        "He led 630 concerts.",
        "Jose Angel Pena is leaving the Crown Orchestra in July after 14 years.",
        "“One should go while they still clap,” Peña said.",
        "Anne-Marie Joubert, a violinist, called Peña the best teacher she had known.",
        "The orchestra has a budget of 8,200,000 crowns.",
        "A successor will be named by April 1.",
    ),
    (
        "Crown Gazette", "2026-01-30", "European Union fines Telvar",
        "The European Union fined the telephone company Telvar 245 million euros on Thursday. It had kept the calls of 1.9 million "
        "customers for six years.\n\n“The law says six months,” said commissioner Ilse Brandauer. Telvar's lawyer Marek Sobol said "
        "the company would pay under protest.\n\nIt has deleted the data. In 2024 it paid 12 million euros in a similar case.",
        "It has deleted the data.",
        "The EU fined Telvar 245 million euros on Thursday.",
        "Telvar had kept the calls of 1.9 million customers for six years.",
        "“The law says six months,” commissioner Ilse Brandauer said.",
        "Marek Sobol, a lawyer for Telvar, said it would pay under protest.",
        "In 2024 Telvar paid €12 million in a similar case.",
    ),
    # Part 2 from here on.
    (
        "Port Echo", "2026-07-02", "Sailors stranded as grain ship is held",
        "The grain ship Lorelei has been held in the port of Camber since 11 June because its owner owes 780,000 dollars in "
        "fees, harbour master Rui Tavares said on Wednesday. Nineteen sailors are on board.\n\n“We have water for nine days,” "
        "Captain Anil Deshmukh told this newspaper by telephone.\n\nThe seamen's mission sent food on Monday. Its chaplain, "
        "Greta Lindqvist, said three of the men had not been paid since January. The cargo of 27,000 tonnes of wheat is worth "
        "about 6 million dollars.",
        "Nineteen sailors are on board.",
        "The Lorelei has been held in Camber since June 11, as its owner owes $780,000 in fees.",
        "Anil Deshmukh, the captain, told the newspaper: “We have water for nine days.”",
        "According to Rui Tavares, the harbour master, the owner owes fees of 780,000 dollars.",
        "Greta Lindqvist said that three men have not been paid since January.",
        "The ship carries 27,000 tonnes of wheat worth some $6 million.",
        "On Monday the mission sent food to the sailors.",
    ),
    (
        "Port Echo", "2026-07-16", "Lorelei sold, crew goes home",
        "The stranded grain ship Lorelei was sold at auction for 4.3 million dollars on Tuesday. The buyer is Tern Maritime of "
        "Lisbon.\n\nAll nineteen sailors will fly home this week, harbour master Rui Tavares said. Each gets at least 5,200 dollars "
        "in unpaid wages.\n\n“I did not believe in it any more,” said the cook, Bao Nguyen. Lawyer Mireille Castan, who represented "
        "the crew, criticised the insurer for having waited 34 days.",
        "The buyer is Tern Maritime of Lisbon.",
        "The Lorelei fetched 4.3 million dollars at an auction on Tuesday.",
        "Rui Tavares said all 19 sailors would fly home this week.",
        "Each sailor receives at least $5,200 in unpaid wages.",
        "Bao Nguyen, the ship's cook, said: “I did not believe in it any more.”",
        "The crew's lawyer, Mireille Castan, criticised the insurer because it waited for 34 days.",
    ),
    (
        "Hill Herald", "2026-09-24", "Schools in Wend to share teachers",
        "Four village schools around Wend will share eleven teachers from next autumn, the county said on Thursday. Enrolment has "
        "dropped from 640 to 415 pupils in ten years.\n\nHeadteacher Petronella Ash welcomed the plan. “A small school with a good "
        "teacher beats a big one without,” she said.\n\nParents collected 1,870 signatures against it. Their representative Samir "
        "Haddad said the bus ride would take 55 minutes each way. The county assembly votes on 8 October.",
        "Enrolment has dropped from 640 to 415 pupils in ten years.",
        "From next autumn, four schools around Wend will share 11 teachers.",
        "In ten years the number of pupils fell from 640 to 415.",
        "Petronella Ash, a headteacher, welcomed the plan: “A small school with a good teacher beats a big one without.”",
        "Parents have gathered 1,870 signatures against the plan.",
        "Samir Haddad, who represents the parents, said the bus ride would take 55 minutes each way.",
        "The vote in the county assembly is on October 8.",
    ),
    (
        "Hill Herald", "2026-10-09", "County stops plan for Wend schools",
        "The county assembly rejected the plan to share teachers among four schools around Wend by 23 votes to 18 on Thursday. "
        "Samir Haddad, who had led the protest, spoke of a good day for children.\n\nCounty councillor Ottilie Brandt warned that "
        "two of the schools would now close by 2028. “Signatures do not teach,” she said.\n\nThe plan would have saved 310,000 "
        "euros a year. A new proposal is due in February.",
        "A new proposal is due in February.",
        "The assembly voted 23 to 18 on Thursday to reject the plan for the schools around Wend.",
        "Samir Haddad, the leader of the protest, called it a good day for children.",
        "Ottilie Brandt warned that two of the schools would close by 2028.",
        "“Signatures do not teach,” Brandt said.",
        "The county would have saved €310,000 a year.",
    ),
]  # fmt: skip
_FRESH_FROM = 18

_FOREIGN_NAMES = ["Carla Winters", "Hugo Bellamy", "Tamsin Rook", "Oskar Nyland", "Priya Raman", "Dov Lasker"]
_WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_INVENTED = ["We never saw it coming at all", "Somebody has to pay for this", "I have slept badly ever since"]
_PEOPLE = re.compile(r"\b[A-ZÁÉ][\w’-]+ [A-ZÁÉ][\w’ñ-]+\b")
_SPEAKERS = (
    "Nora Quill", "Piet Aarden", "Lars Holm", "Birthe Skov", "Ines Marrow", "Tobias Fenn", "Gwen Pryor", "Milan Dvorak",
    "Hana Vesela", "Ruth Abelard", "Edgar Voss", "Dana Ilic", "Joyce Adeyemi", "Colin Marsh", "Yuki Tanabe", "Josef Klamm",
    "Ragna Solheim", "Astrid Vik", "Jonas Rudd", "Pavel Rezek", "Bryn Hask", "Salma Noor", "Lene Dahl", "Otto Frei",
    "Imran Sayeed", "Ellen Frost", "Chiara Lodi", "Femi Okafor", "Ilse Brandauer", "Marek Sobol", "Anne-Marie Joubert",
    "Rui Tavares", "Anil Deshmukh", "Greta Lindqvist", "Bao Nguyen", "Mireille Castan", "Petronella Ash", "Samir Haddad",
    "Ottilie Brandt",
)  # fmt: skip
_NO_PEOPLE = (
    "Bay",
    "Works",
    "Bank",
    "Hospital",
    "University",
    "Orchestra",
    "Shipping",
    "Lines",
    "Union",
    "Cielo",
    "Brannoc",
)


@dataclass(frozen=True)
class Planted:
    """A sentence, what it cites, and the fault that was planted ("" for an honest one)."""

    fault: str
    text: str
    citation: Citation
    part: int


def planted() -> list[Planted]:
    """All honest sentences and all faults; the same on every run."""
    draw = random.Random(SEED)
    articles = [_article(number, news) for number, news in enumerate(_NEWS)]
    found = []
    for number, (article, news) in enumerate(zip(articles, _NEWS, strict=True)):
        for text in news[4:]:
            found.append(Planted("", text, _cited(text, article), _part(number)))
            for fault, changed, cited in _faults(text, number, articles, draw):
                found.append(Planted(fault, changed, _cited(changed, cited), _part(number)))
    return found


def _part(number: int) -> int:
    return 2 if number >= _FRESH_FROM else number % 2


def _article(number: int, news: tuple[str, ...]) -> Article:
    publisher, day, headline, body, *_ = news
    published = NewsTime(datetime.fromisoformat(f"{day}T09:00:00").replace(tzinfo=UTC), day, "test")
    return Article(identity=str(number), headline=headline, body=body, publisher=publisher, first_published=published)


def _cited(text: str, article: Article) -> Citation:
    """As the assistant cites: the passage's sentence that shares most words."""
    body, wanted = article.body, set(terms(text))
    span = max(sentences(body), key=lambda s: (len(wanted & set(terms(s.of(body)))), len(s)))
    passage = Passage(article.id, article.revision, 0, 0, len(body), body)
    return Citation(1, article, passage, span.start, span.end, speaker_at(body, span.start))


def _faults(text: str, number: int, articles: list[Article], draw: random.Random) -> Iterator[tuple[str, str, Article]]:
    article = articles[number]
    for fault, change in _CHANGES.items():
        changed = change(text, article.body, draw)
        if changed and changed != text:
            yield fault, changed, article
    yield "citation moved", text, articles[(number + draw.randrange(1, len(articles))) % len(articles)]
    twin = next(a for a in articles if a is not article and a.publisher == article.publisher)
    yield "citation moved to the same topic", text, twin


def _other_number(text: str, body: str, draw: random.Random) -> str:
    numbers = list(re.finditer(r"\d+(?:[.,]\d+)*", text))
    numbers = [m for m in numbers if not re.match(rf"(?:{'|'.join(_MONTHS)})", text[m.end() :].strip())]
    numbers = [m for m in numbers if not re.search(rf"(?:{'|'.join(_MONTHS)}) $", text[: m.start()])]
    if not numbers:
        return ""
    match = draw.choice(numbers)
    while True:
        digit = draw.choice([n for n in range(*match.span()) if text[n].isdigit()])
        changed = text[:digit] + draw.choice("123456789") + text[digit + 1 :]
        value = changed[match.start() : match.end()]
        if not re.search(rf"(?<!\d){re.escape(value)}(?!\d)", body):
            return changed


def _foreign_name(text: str, body: str, draw: random.Random) -> str:
    people = [m for m in _PEOPLE.finditer(text) if not m[0].endswith(_NO_PEOPLE) and m[0] in body]
    if people:
        match = draw.choice(people)
        return text[: match.start()] + draw.choice(_FOREIGN_NAMES) + text[match.end() :]
    surname = re.search(r"\b(Quill|Holm|Marrow|Fenn|Dvorak|Teague|Voss|Norsund|Peña|Telvar)\b", text)
    return text.replace(surname[0], draw.choice(_FOREIGN_NAMES).split()[1], 1) if surname else ""


def _other_speaker(text: str, body: str, draw: random.Random) -> str:
    """The words of one person of the article given to another one."""
    people = [name for name in _SPEAKERS if name in body]
    said = next((name for name in people if name in text or name.split()[1] in text), "")
    others = [name for name in people if name.split()[1] not in text]
    if not (re.search(r"\b(?:said|says)\b", text) and said and others):
        return ""
    return text.replace(said if said in text else said.split()[1], draw.choice(others), 1)


def _other_weekday(text: str, body: str, draw: random.Random) -> str:
    day = re.search("|".join(_WEEKDAYS), text)
    return text.replace(day[0], draw.choice([d for d in _WEEKDAYS if d not in body]), 1) if day else ""


def _other_date(text: str, body: str, draw: random.Random) -> str:
    month = re.search(rf"\b(?:{'|'.join(_MONTHS)})\b", text)
    return text.replace(month[0], draw.choice([m for m in _MONTHS if m not in body]), 1) if month else ""


def _changed_quotation(text: str, body: str, draw: random.Random) -> str:
    quoted = re.search(r"“([^”]+)”", text)
    if not quoted:
        return ""
    words = quoted[1].split()
    place = draw.randrange(len(words))
    return text.replace(
        quoted[1], " ".join([*words[:place], draw.choice(["rarely", "gladly", "money", "always"]), *words[place + 1 :]])
    )


def _invented_quotation(text: str, body: str, draw: random.Random) -> str:
    speaker = re.search(r"said (?:" + _PEOPLE.pattern + r")|(?:" + _PEOPLE.pattern + r") said", text)
    return f"“{draw.choice(_INVENTED)},” {speaker[0]}." if speaker else ""


def _denied(text: str, body: str, draw: random.Random) -> str:
    if re.search(r"\b(?:not|nobody|no)\b", text, re.IGNORECASE):
        return ""
    outside = re.sub(r"“[^”]*”", lambda m: "“" + "x" * (len(m[0]) - 2) + "”", text)
    verb = re.search(r"\b(?:will|would|was|were|is|has|had)\b", outside)
    return f"{text[: verb.end()]} not{text[verb.end() :]}" if verb else ""


def _reversed(text: str, body: str, draw: random.Random) -> str:
    pairs = [("rose", "fell"), ("fallen", "risen"), ("fell", "rose"), ("dropped", "rose"), ("opened", "closed"), ("more", "less"),
             ("won", "lost"), ("against", "for"), ("growing", "shrinking"), ("cleared", "convicted"), ("higher", "lower")]  # fmt: skip
    outside = re.sub(r"“[^”]*”", "", text)
    return next((text.replace(a, b, 1) for a, b in pairs if re.search(rf"\b{a}\b", outside)), "")


_CHANGES = {
    "number changed": _other_number,
    "name swapped": _foreign_name,
    "speaker swapped": _other_speaker,
    "weekday moved": _other_weekday,
    "month moved": _other_date,
    "quotation changed": _changed_quotation,
    "quotation invented": _invented_quotation,
    "not added": _denied,
    "turned round": _reversed,
}
