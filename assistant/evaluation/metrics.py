"""Measures of ranking, answers and refusal: pure functions of plain values, each with its source. Higher is better
except for risk and calibration error.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby

# What the CMRC 2018 script leaves out before it compares; “……” is one entry of its list, so a single “…” stays.
_CMRC_PUNCTUATION = frozenset("-:_*^/\\~`+=，。：？！“”；’《》·、「」（）－～『』")
_CMRC_HAN = re.compile(r"[\u4e00-\u9fa5]")
_CMRC_WORD = re.compile(r"[^\W_]+(?:[.,'][^\W_]+)*|[^\w\s]|_")
_HAN = r"\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_UNIT = re.compile(rf"[{_HAN}]|[^\W{_HAN}_]+")
_ENGLISH_ARTICLES = frozenset(("a", "an", "the"))
_CUTOFF = 10


@dataclass(frozen=True, slots=True)
class RefusalScores:
    """How well refusals meet the questions that have no answer; a figure without a case to count is 0."""

    precision: float  # of the refused questions, the share without an answer
    recall: float  # of the questions without an answer, the share refused
    f1: float


@dataclass(frozen=True, slots=True)
class CoveragePoint:
    """One point of a risk–coverage curve: what answering from `threshold` upwards would give."""

    threshold: float
    coverage: float  # share of the questions that are answered
    risk: float  # share of those that are wrong


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """The questions whose probability lies in one bin: what was promised and what happened."""

    count: int
    probability: float  # mean of the probabilities
    happened: float  # share that came true


def hit_at(ranking: Sequence[str], gold: Collection[str], k: int) -> float:
    """1 if one of the first `k` names is gold, else 0 (also called success@k)."""
    return float(any(name in gold for name in ranking[:k]))


def mrr_at_10(ranking: Sequence[str], gold: Collection[str]) -> float:
    """One over the rank of the first gold name, 0 beyond rank 10 (Voorhees, TREC-8 QA track, 1999)."""
    for rank, name in enumerate(ranking[:_CUTOFF], start=1):
        if name in gold:
            return 1 / rank
    return 0.0


def ndcg_at_10(ranking: Sequence[str], gold: Collection[str]) -> float:
    """Normalised discounted cumulative gain with gain 1 for gold and a log2 discount (Järvelin and Kekäläinen, 2002).

    `ranking` holds each name once; the ideal ranking has min(len(gold), 10) gold names first.
    """
    if not gold:
        return 0.0
    gained = sum(1 / math.log2(rank + 1) for rank, name in enumerate(ranking[:_CUTOFF], start=1) if name in gold)
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(len(gold), _CUTOFF) + 1))
    return gained / ideal


def cmrc_exact_match(prediction: str, answers: Sequence[str]) -> float:
    """1 if the prediction equals an answer without punctuation and letter case, as `cmrc2018_evaluate.py` has it."""
    return float(any(_without_punctuation(prediction) == _without_punctuation(answer) for answer in answers))


def cmrc_f1(prediction: str, answers: Sequence[str]) -> float:
    """F1 over the longest common run of characters, best answer, as `cmrc2018_evaluate.py` has it (Cui et al., 2019).

    Han characters count singly, words of other scripts whole. The script splits those with NLTK; the pattern used here
    differs from it only inside mixed tokens such as “don't”.
    """
    predicted = _cmrc_units(prediction)
    return max((_cmrc_f1_of(predicted, _cmrc_units(answer)) for answer in answers), default=0.0)


def word_f1(prediction: str, answers: Sequence[str]) -> float:
    """F1 over the words two texts share, best answer, as the SQuAD 1.1 script defines it (Rajpurkar et al., 2016).

    Words are normalised for all of Unicode: NFKC, case folded, without punctuation of any script and English articles.
    """
    predicted = _squad_words(prediction)
    return max((_word_f1_of(predicted, _squad_words(answer)) for answer in answers), default=0.0)


def word_exact_match(prediction: str, answers: Sequence[str]) -> float:
    """1 if the prediction has exactly an answer's words, normalised as for `word_f1` (SQuAD's exact match)."""
    predicted = _squad_words(prediction)
    return float(any(predicted == _squad_words(answer) for answer in answers))


def holds(text: str, answers: Sequence[str]) -> bool:
    """Whether a text says one of the answers word for word: NFKC, case, punctuation and spaces aside.

    Han characters are words of their own, so 人民 is in 是人民。; other words count whole, so 4 is not in 1944.
    """
    words = " " + " ".join(_units(text)) + " "
    sought = (" ".join(_units(answer)) for answer in answers)
    return any(f" {answer} " in words for answer in sought if answer)


def auroc(scores: Sequence[float], positives: Sequence[bool]) -> float:
    """Area under the ROC curve: the chance that a positive scores above a negative, a tie counting half.

    The Mann–Whitney statistic with mid-ranks (Hanley and McNeil, 1982). Raises ValueError unless both kinds occur.
    """
    count = sum(positives)
    others = len(positives) - count
    if count == 0 or others == 0:
        raise ValueError("AUROC needs at least one positive and one negative")
    rank_sum = 0.0
    below = 0
    ranked = sorted(zip(scores, positives, strict=True), key=lambda pair: pair[0])
    for _, group in groupby(ranked, key=lambda pair: pair[0]):
        tied = [positive for _, positive in group]
        rank_sum += sum(tied) * (below + (len(tied) + 1) / 2)
        below += len(tied)
    return (rank_sum - count * (count + 1) / 2) / (count * others)


def refusal_scores(refused: Sequence[bool], answerable: Sequence[bool]) -> RefusalScores:
    """Precision, recall and F1 of refusing, where a question without an answer is what should be refused."""
    pairs = list(zip(refused, answerable, strict=True))
    right = sum(no and not yes for no, yes in pairs)
    precision = _share(right, sum(no for no, _ in pairs))
    recall = _share(right, sum(not yes for _, yes in pairs))
    return RefusalScores(precision, recall, _f1(precision, recall))


def risk_coverage(confidences: Sequence[float], correct: Sequence[bool]) -> tuple[CoveragePoint, ...]:
    """The risk–coverage curve of selective answering, one point for each confidence that occurs, highest first.

    El-Yaniv and Wiener (2010). Equal confidences cannot be told apart, so they are one point.
    """
    ranked = sorted(zip(confidences, correct, strict=True), key=lambda pair: -pair[0])
    points = []
    answered = wrong = 0
    for threshold, group in groupby(ranked, key=lambda pair: pair[0]):
        outcomes = [right for _, right in group]
        answered += len(outcomes)
        wrong += len(outcomes) - sum(outcomes)
        points.append(CoveragePoint(threshold, answered / len(ranked), wrong / answered))
    return tuple(points)


def area_under_risk_coverage(points: Sequence[CoveragePoint]) -> float:
    """The mean risk over all coverages, lower is better (AURC: Geifman, Uziel and El-Yaniv, 2019).

    A step function: what lies between two points has the risk of the later one, whose questions cannot be told apart.
    """
    covered = [0.0, *(point.coverage for point in points)]
    return sum((point.coverage - before) * point.risk for point, before in zip(points, covered[:-1], strict=True))


def reliability(probabilities: Sequence[float], happened: Sequence[bool], bins: int = 10) -> tuple[ReliabilityBin, ...]:
    """The rows of a reliability table over equally wide bins, lowest first, empty bins left out."""
    members: dict[int, list[tuple[float, bool]]] = {}
    for probability, true in zip(probabilities, happened, strict=True):
        members.setdefault(min(int(probability * bins), bins - 1), []).append((probability, true))
    rows = (members[key] for key in sorted(members))
    return tuple(
        ReliabilityBin(len(row), sum(p for p, _ in row) / len(row), sum(t for _, t in row) / len(row)) for row in rows
    )


def expected_calibration_error(probabilities: Sequence[float], happened: Sequence[bool], bins: int = 10) -> float:
    """How far probabilities are from what happens: the gaps of `reliability` weighted by size (Naeini et al., 2015)."""
    rows = reliability(probabilities, happened, bins)
    return _share(sum(row.count * abs(row.probability - row.happened) for row in rows), len(probabilities))


def share_interval(share: float, count: int) -> tuple[float, float]:
    """Between what the true share lies, 95 % sure, after `count` questions (Wilson, 1927)."""
    if count < 1:
        raise ValueError("a share needs at least one question")
    z = 1.959964  # of the normal distribution: 95 % lies within
    centre = share + z * z / (2 * count)
    spread = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    scale = 1 + z * z / count
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


def sign_test(better: int, worse: int) -> float:
    """How likely two equally good runs would differ at least so unevenly: the exact two-sided sign test."""
    count = better + worse
    tail = sum(math.comb(count, lesser) for lesser in range(min(better, worse) + 1))
    return float(min(1.0, 2 * tail / 2**count)) if count < 1000 else _normal_sign_test(better, worse)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which a share (0 to 1) of the values lies, interpolated linearly (Hyndman and Fan's type 7)."""
    if not values or not 0 <= share <= 1:
        raise ValueError("a percentile needs values and a share between 0 and 1")
    ranked = sorted(values)
    position = share * (len(ranked) - 1)
    low = math.floor(position)
    high = math.ceil(position)
    # Weighted from `low`, so that equal neighbours give exactly their value.
    return ranked[low] + (ranked[high] - ranked[low]) * (position - low)


def _normal_sign_test(better: int, worse: int) -> float:
    # Of so many the exact fraction is needlessly long; with the correction for continuity.
    distance = max(0.0, abs(better - worse) - 1) / math.sqrt(better + worse)
    return math.erfc(distance / math.sqrt(2))


def _without_punctuation(text: str) -> str:
    return "".join(character for character in text.lower().strip() if character not in _CMRC_PUNCTUATION)


def _cmrc_units(text: str) -> list[str]:
    spaced = _CMRC_HAN.sub(lambda match: f" {match[0]} ", _without_punctuation(text))
    return _CMRC_WORD.findall(spaced)


def _cmrc_f1_of(predicted: list[str], answer: list[str]) -> float:
    run = _longest_common_run(predicted, answer)
    return _f1(_share(run, len(predicted)), _share(run, len(answer)))


def _longest_common_run(first: list[str], second: list[str]) -> int:
    longest = 0
    previous = [0] * (len(second) + 1)
    for unit in first:
        current = [0]
        for column, other in enumerate(second):
            current.append(previous[column] + 1 if unit == other else 0)
        longest = max(longest, *current)
        previous = current
    return longest


def _squad_words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKC", text).casefold()
    kept = "".join(character for character in folded if not unicodedata.category(character).startswith("P"))
    return [word for word in kept.split() if word not in _ENGLISH_ARTICLES]


def _word_f1_of(predicted: list[str], answer: list[str]) -> float:
    if not predicted or not answer:
        return float(predicted == answer)
    shared = (Counter(predicted) & Counter(answer)).total()
    return _f1(shared / len(predicted), shared / len(answer))


def _units(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _UNIT.findall(folded)


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _share(part: float, whole: int) -> float:
    return part / whole if whole else 0.0
