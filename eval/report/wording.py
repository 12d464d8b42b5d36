"""Figures and addresses as a reader sees them."""

from __future__ import annotations

from urllib.parse import quote

from rag.page.wording import safe_address

_MINUS = "−"
_EDGE_WORDS = 6
NOTHING = "–"


def figure(value: float | None, unit: str = "") -> str:
    """ "0.842" for a share; "12 ms", "1.35 s", "24.1 words"; a dash where nothing was measured."""
    if value is None:
        return NOTHING
    if unit == "s":
        return _signed(f"{value * 1000:.0f} ms" if abs(value) < 0.9995 else f"{value:.2f} s")
    return _signed(f"{value:.1f} {unit}" if unit else f"{value:.3f}")


def spoken(name: str) -> str:
    """ "gold_quoted" -> "gold quoted"."""
    return name.replace("_", " ")


def difference(value: float, unit: str = "") -> str:
    """The same with its sign: "+0.031"."""
    text = figure(value, unit)
    return f"+{text}" if value > 0 and any(sign in "123456789" for sign in text) else text


def between(low: float, high: float, unit: str = "", form=figure) -> str:
    """ "0.801 to 0.883"; "11.5 to 14.0 words"."""
    return f"{form(low, unit).removesuffix(f' {unit}') if unit else form(low)} to {form(high, unit)}"


def probability(p: float | None) -> str:
    """ "0.031", and "< 0.001" below what can be told."""
    if p is None:
        return NOTHING
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def percent(share: float) -> str:
    return f"{share * 100:.0f} %"


def link_to(url: str, words: str = "") -> str:
    """The address with a text fragment that leads the browser to the words; "" where it is no ordinary address.

    https://wicg.github.io/scroll-to-text-fragment/: "text=first words,last words", with "-", "&" and "," written in
    percent. It replaces whatever fragment the address had: what stands behind ``:~:`` is for the browser alone.
    """
    address = safe_address(url)
    spoken = words.split()
    if not address or not spoken:
        return address
    short = len(spoken) <= 2 * _EDGE_WORDS
    edges = [spoken] if short else [spoken[:_EDGE_WORDS], spoken[-_EDGE_WORDS:]]
    return f"{address}{'' if '#' in address else '#'}:~:text={','.join(_escaped(' '.join(edge)) for edge in edges)}"


def _escaped(words: str) -> str:
    return quote(words.encode("utf-8", "replace"), safe="").replace("-", "%2D")


def _signed(text: str) -> str:
    """With a real minus; what rounds to nothing has no sign."""
    bare = text.removeprefix("-")
    return bare if bare == text or not any(sign in "123456789" for sign in bare) else _MINUS + bare
