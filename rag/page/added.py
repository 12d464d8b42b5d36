"""The card that tells what became of articles added from the page. All of it escaped here."""

from __future__ import annotations

from .wording import articles_words, plain

_MOST_REASONS = 5


def added_card(report: dict | None = None, *, done: bool = False, error: str = "") -> str:
    """What becomes of added articles: "3 articles added, 1 there already.", and why something could not be read.

    ``report`` is that of `ingest.Report.to_json`.
    """
    if error:
        return f'<div class="dl-added dl-added-bad" role="status">{plain(error)}</div>'
    if report is None or (not report["inputs"] and not done):
        return '<div class="dl-added" role="status">Reading …</div>'
    already = report["unchanged"] + report["duplicate"]
    parts = [f"{articles_words(report['stored'])} added" if report["stored"] or not report["inputs"] else ""]
    parts += [f"{articles_words(already)} there already" if already else ""]
    parts += [f"{report['quarantined']} could not be read" if report["quarantined"] else ""]
    parts += [f"{articles_words(report['killed'])} removed by a kill" if report["killed"] else ""]
    line = ", ".join(filter(None, parts)) + ("." if done else " so far …")
    return f'<div class="dl-added" role="status">{plain(line)}{_whys(report["reasons"])}</div>'


def _whys(reasons: list[dict]) -> str:
    if not reasons:
        return ""
    listed = [plain(f"{why['location'].rsplit('/', 1)[-1]}: {why['reason']}") for why in reasons[:_MOST_REASONS]]
    if len(reasons) > _MOST_REASONS:
        listed.append(f"and {len(reasons) - _MOST_REASONS} more: python -m ingest --quarantine lists them")
    return f"<ul>{''.join(f'<li>{line}</li>' for line in listed)}</ul>"
