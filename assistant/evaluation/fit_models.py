"""The models that `fit` fits: a conditional logit over candidates, and a logistic regression. Both linear."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch

# On standardised weights: keeps signals that say the same from growing against each other.
_L2_CHOICE, _L2_PROBABILITY = 0.02, 0.003


def fit_choice(
    choices: Sequence[tuple[np.ndarray, np.ndarray]], names: Sequence[str], importance: Sequence[float]
) -> dict[str, float]:
    """Weights that make a right candidate the most likely one; signals that never vary get 0.

    Each choice: shapes (n, names) and (n,).
    """
    spread = np.vstack([signals - signals.mean(0) for signals, _ in choices]).std(0)
    scale = np.where(spread > 1e-9, spread, np.inf)
    groups = [
        (torch.tensor(signals / scale), torch.tensor(right), weight)
        for (signals, right), weight in zip(choices, importance, strict=True)
    ]
    weight = torch.zeros(len(names), dtype=torch.float64, requires_grad=True)

    def loss() -> torch.Tensor:
        total = torch.zeros((), dtype=torch.float64)
        for signals, right, counts in groups:
            chosen = torch.log_softmax(signals @ weight, 0)
            total = total - counts * torch.logsumexp(chosen[right], 0)
        return total / sum(importance) + _L2_CHOICE * weight.square().sum()

    _minimise(loss, [weight])
    fitted = weight.detach().numpy() / scale
    return {name: round(float(value), 4) for name, value in zip(names, fitted, strict=True)}


def fit_probability(
    names: Sequence[str], signals: np.ndarray, answerable: np.ndarray, importance: np.ndarray
) -> dict[str, float]:
    """Intercept and weights of a logistic regression. Shapes (n, names), (n,), (n,)."""
    centre, spread = signals.mean(0), signals.std(0)
    scale = np.where(spread > 1e-9, spread, np.inf)
    x = torch.tensor((signals - centre) / scale)
    y, counts = torch.tensor(answerable, dtype=torch.float64), torch.tensor(importance)
    weight = torch.zeros(len(names), dtype=torch.float64, requires_grad=True)
    intercept = torch.zeros((), dtype=torch.float64, requires_grad=True)

    def loss() -> torch.Tensor:
        each = torch.nn.functional.binary_cross_entropy_with_logits(x @ weight + intercept, y, reduction="none")
        return (each * counts).sum() / counts.sum() + _L2_PROBABILITY * weight.square().sum()

    _minimise(loss, [weight, intercept])
    slopes = weight.detach().numpy() / scale
    constant = float(intercept.detach()) - float((slopes * centre).sum())
    return {"intercept": round(constant, 4)} | {n: round(float(v), 4) for n, v in zip(names, slopes, strict=True)}


def _minimise(loss: Callable[[], torch.Tensor], parameters: list[torch.Tensor]) -> None:
    optimiser = torch.optim.LBFGS(parameters, max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        value = loss()
        value.backward()  # type: ignore[no-untyped-call]
        return value

    optimiser.step(closure)  # type: ignore[no-untyped-call]
