"""Fits the adapter of questions (`embeddings.query_adapter`) for the bundled model: used by `fit`.

Each question is to come nearer to a window of a passage that answers it than to all other windows: a softmax over
cosines (InfoNCE; van den Oord et al. 2018), with the matrix held small. Questions in another language than their
passage compete with the windows of all libraries, so that the language does not decide; the others with their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from embeddings.embedder import Vectors

_TEMPERATURE = 0.04
_SMALLNESS = 0.3  # weight of the sum of squares of the matrix
_STEPS, _RATE = 50, 3e-3


@dataclass(frozen=True, slots=True)
class Pairs:
    """Questions of one kind over one library, and which of its windows answer each."""

    library: str
    questions: Vectors  # shape (n, dim), not adapted
    right: Sequence[NDArray[np.int64]]  # rows of the library's windows, for each question
    weight: float
    everywhere: bool  # they compete with the windows of all libraries


def fit_adapter(pairs: Sequence[Pairs], windows: Mapping[str, Vectors], direction: Vectors) -> Vectors:
    """The matrix, shape (dim, dim). `direction` is what search takes out of a question: its language."""
    offsets, together = {}, 0
    for name, vectors in windows.items():
        offsets[name] = together
        together += len(vectors)
    everything = torch.tensor(np.vstack(list(windows.values())))
    language = torch.tensor(direction)
    groups = []
    for one in pairs:
        known = [row for row, right in enumerate(one.right) if len(right)]
        if not known:
            continue
        against = everything if one.everywhere else torch.tensor(windows[one.library])
        wanted = torch.zeros(len(known), len(against), dtype=torch.bool)
        for place, row in enumerate(known):
            wanted[place, one.right[row] + (offsets[one.library] if one.everywhere else 0)] = True
        groups.append((torch.tensor(one.questions[known]), against, wanted, one.weight))
    dim = everything.shape[1]
    matrix = torch.zeros(dim, dim, requires_grad=True)
    optimiser = torch.optim.Adam([matrix], lr=_RATE)
    for _ in range(_STEPS):
        optimiser.zero_grad()
        loss = _SMALLNESS * matrix.square().sum()
        for questions, against, wanted, weight in groups:
            moved = questions + questions @ matrix
            moved = moved - (moved @ language)[:, None] * language
            cosines = torch.nn.functional.normalize(moved, dim=1) @ against.T / _TEMPERATURE
            right = torch.logsumexp(cosines.masked_fill(~wanted, -1e9), 1)
            loss = loss + weight * (torch.logsumexp(cosines, 1) - right).mean()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    fitted: Vectors = matrix.detach().numpy().astype(np.float16)
    return fitted
