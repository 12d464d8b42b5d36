"""Entailment: the opinion of a natural-language-inference model, if one is named, on whether a text carries a sentence."""

from __future__ import annotations

from collections.abc import Callable

from .cross_encoder import opened
from .errors import WrongUse

# (premise, hypothesis) -> the probability, 0 to 1, that who takes the premise for true must take the hypothesis so.
Entailment = Callable[[str, str], float]
CARRIES = 0.5  # from here on a premise counts as carrying the hypothesis


def nli(name: str) -> Entailment:
    """A sentence-transformers cross-encoder with the label "entailment": a folder, or the hub's id ``owner/name``.

    A folder is read without any connection; an id asks the hub. Loaded at the first use; a premise beyond the model's
    window is cut. Raises WrongUse.
    """
    loaded: list = []

    def entails(premise: str, hypothesis: str) -> float:
        if not loaded:
            loaded.extend(_loaded(name))
        model, place = loaded
        row = model.predict([(premise, hypothesis)], apply_softmax=True, show_progress_bar=False)[0]
        return float(row[place])

    return entails



def _loaded(name: str) -> tuple:
    """The model and the place of "entailment" among its labels."""
    model = opened(name, "an NLI cross-encoder", "model")
    labels = {label.lower(): place for label, place in model.config.label2id.items()}
    if "entailment" not in labels:
        raise WrongUse(f"{name} tells {', '.join(labels)} apart: give a cross-encoder with the label entailment.")
    return model, labels["entailment"]
