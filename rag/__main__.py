"""python -m rag ask | replay | search | verify | repair | erase | redact"""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict

from .command_line import DEFAULT_ARCHIVE, OneLineParser, count, day, print_json, run
from .errors import WrongUse


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    return run(lambda: options.command(options))


def _ask(options: argparse.Namespace) -> int:
    from .assistant import Assistant
    from .filter import Filter
    from .printed import answer_lines
    from .receipt import Receipt
    from .receipt_file import check_ending, keep

    if options.receipt:
        check_ending(options.receipt)
    if options.base_url and not options.model:
        raise WrongUse("--base-url is the address of a model: name one with --model openai:NAME.")
    assistant = Assistant.open(
        options.archive, options.model, base_url=options.base_url, entailment=options.entailment, strict=options.strict
    )
    only = Filter(as_of=options.as_of)
    answer = assistant.ask(options.question, asked_on=options.asked_on, only=only)
    if options.receipt:
        keep(Receipt.of(answer, assistant.searcher, asked_on=options.asked_on, only=only), options.receipt)
    assistant.close()
    if options.json:
        print_json(answer.to_json())
    else:
        print("\n".join(answer_lines(answer)))
    return 0


def _replay(options: argparse.Namespace) -> int:
    from .assistant import Assistant
    from .receipt_file import kept
    from .replay import replay

    if options.base_url and not options.model:
        raise WrongUse("--base-url is the address of a model: name one with --model openai:NAME.")
    receipt = kept(options.receipt)
    assistant = Assistant.open(
        options.archive, options.model, base_url=options.base_url, entailment=options.entailment, strict=options.strict
    )
    replayed = replay(receipt, assistant)
    assistant.close()
    print_json(replayed.to_json()) if options.json else print("\n".join(replayed.lines()))
    return 0 if replayed.same else 1


def _search(options: argparse.Namespace) -> int:
    from .filter import Filter
    from .neighbours import merged, widened
    from .printed import hit_json, hit_lines
    from .search import Searcher

    searcher = Searcher.open(options.archive)
    question = searcher.understand(options.question, options.asked_on or options.as_of)
    hits = searcher.search(question, options.k, Filter(as_of=options.as_of))
    searcher.close()
    if options.neighbours:
        hits = merged(widened(hit, options.neighbours) for hit in hits)
    if options.json:
        print_json([hit_json(rank, hit) for rank, hit in enumerate(hits, start=1)])
    else:
        print("\n".join(line for rank, hit in enumerate(hits, start=1) for line in hit_lines(rank, hit)))
    return 0


def _verify(options: argparse.Namespace) -> int:
    from .archive import Archive
    from .upkeep import verify

    found = verify(Archive.open(options.archive))
    if options.json:
        print_json(found.to_json())
    else:
        print("\n".join(found.lines()))
    return 0 if found.sound else 1


def _repair(options: argparse.Namespace) -> int:
    from .archive import Archive
    from .upkeep import re_embed, repair

    if options.embedder and not options.re_embed:
        raise WrongUse("--embedder says with what to embed anew: add --re-embed.")
    archive = Archive.open(options.archive)
    if options.re_embed:
        re_embed(archive, options.embedder, _progress)
    repaired = repair(archive, _progress)
    if options.json:
        print_json({"passages": repaired})
    else:
        print(f"Both indexes hold the archive's {repaired} passages again.")
    return 0


def _erase(options: argparse.Namespace) -> int:
    from .archive import Archive
    from .removal import erase

    if not (options.id or options.url or options.publisher):
        raise WrongUse("nothing is named to be erased: give --id, --url or --publisher.")
    erased = erase(
        Archive.open(options.archive),
        ids=options.id,
        urls=options.url,
        publisher=options.publisher,
        reason=options.reason or "erased",
    )
    _print(options, erased)
    return 0 if erased.proven else 1


def _redact(options: argparse.Namespace) -> int:
    from .archive import Archive
    from .redaction import Redactor
    from .removal import redact

    archive = Archive.open(options.archive)
    if options.trail:
        rules = [asdict(rule) for rule in Redactor(archive).rules]
        print_json(rules) if options.json else print("\n".join(map(_trail_line, rules)) or "Nothing was ever redacted.")
        return 0
    if not options.name:
        raise WrongUse("no name is given: python -m rag redact NAME --reason WHY, or --trail to see what was redacted.")
    scopes = [
        f"article:{options.id}" if options.id else "",
        f"publisher:{options.publisher}" if options.publisher else "",
    ]
    if all(scopes):
        raise WrongUse("--id and --publisher are two scopes: give one of them.")
    replaced = redact(archive, options.name, options.replacement, scope="".join(scopes), reason=options.reason)
    _print(options, replaced)
    return 0 if replaced.proven else 1


def _trail_line(rule: dict) -> str:
    return (
        f"{rule['made']}: a name of {rule['words']} words replaced by “{rule['replacement']}” in {rule['articles']} articles"
        f" ({rule['scope'] or 'all'}): {rule['reason'] or 'no reason given'}"
    )


def _print(options: argparse.Namespace, done) -> None:
    if options.json:
        print_json(asdict(done) | {"proven": done.proven})
    else:
        print("\n".join(done.lines()))


def _progress(what: str, done: int, total: int) -> None:
    end = "\n" if done == total else ""
    print(f"\r{what}: {done} of {total} passages", end=end, file=sys.stderr, flush=True)


def _parser() -> OneLineParser:
    parser = OneLineParser(prog="python -m rag", description="Ask an archive of news, search it, check it, mend it.")
    commands = parser.add_subparsers(
        required=True, metavar="ask | replay | search | verify | repair | erase | redact", parser_class=OneLineParser
    )

    ask = _command(commands, "ask", _ask, "answer a question from the archive, every sentence cited")
    ask.add_argument("question")
    ask.add_argument("--receipt", metavar="FILE", help="keep a receipt of the answer: FILE.json, FILE.md or FILE.html")
    replay = _command(commands, "replay", _replay, "ask a receipt's question again; exit 1 where something changed")
    replay.add_argument("receipt", metavar="FILE.json", help="a receipt that ask --receipt or the chat made")
    for command in (ask, replay):
        command.add_argument(
            "--model", help="ollama:NAME, openai:NAME or anthropic:NAME; without it the archive is quoted"
        )
        command.add_argument(
            "--base-url", help="address of an OpenAI-compatible server, such as http://127.0.0.1:8080/v1"
        )
        command.add_argument(
            "--strict", action="store_true", help="leave out what a model writes and the archive does not carry"
        )
        command.add_argument(
            "--entailment", metavar="NAME", help="a cross-encoder for natural-language inference that checks it too"
        )
    search = _command(commands, "search", _search, "the passages that a question needs")
    search.add_argument("question")
    search.add_argument("-k", type=count, default=10, help="how many passages (10)")
    search.add_argument(
        "--neighbours", type=count, metavar="N", help="widen each passage by N sentences before and after it"
    )
    for command in (ask, search):
        command.add_argument(
            "--asked-on", type=day, metavar="DATE", help='the day from which "yesterday" counts (today)'
        )
        command.add_argument(
            "--as-of", type=day, metavar="DATE", help="the archive as it stood at the end of this day (UTC)"
        )

    _command(commands, "verify", _verify, "compare archive and indexes, exactly; exit 1 where they differ")
    repair = _command(commands, "repair", _repair, "rebuild both indexes from the archive, without embedding again")
    repair.add_argument("--re-embed", action="store_true", help="embed every passage anew first")
    repair.add_argument("--embedder", help="with --re-embed: a sentence-transformers model by name or path (minilm)")
    _removal_commands(commands)
    return parser


def _removal_commands(commands) -> None:
    erase = _command(
        commands, "erase", _erase, "remove articles for good, and prove that nothing of them is left on disk"
    )
    erase.add_argument("--id", action="append", default=[], help="an article's id; may be given several times")
    erase.add_argument("--url", action="append", default=[], help="an article's address; may be given several times")
    erase.add_argument("--publisher", default="", help="every article of this publisher")
    redact = _command(commands, "redact", _redact, "replace a name in place, now and in whatever arrives later")
    redact.add_argument("name", nargs="?", help="the name as the articles spell it, in any case")
    redact.add_argument("--with", dest="replacement", default="[name removed]", help="what stands there instead")
    redact.add_argument("--id", default="", help="only in this article")
    redact.add_argument("--publisher", default="", help="only in the articles of this publisher")
    redact.add_argument("--trail", action="store_true", help="list what was redacted, when and why; names are not kept")
    for command in (erase, redact):
        command.add_argument("--reason", default="", help="kept in the trail: do not repeat the name here")


def _command(commands, name: str, function, text: str) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=text, description=text[:1].upper() + text[1:] + ".")
    command.add_argument(
        "--archive", default=DEFAULT_ARCHIVE, metavar="DIR", help=f"the archive's folder ({DEFAULT_ARCHIVE})"
    )
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(command=function)
    return command


if __name__ == "__main__":
    sys.exit(main())
