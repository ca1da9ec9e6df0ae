"""An explanation for people: in words and as a waterfall, on a terminal and as a page of its own with a drawn chart.

The page needs no network. Names are shown, since an officer explains a case to the person concerned; identity numbers are masked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from publishing.explanation import Explanation, Part
from publishing.language import NOTHING, Language
from publishing.pages import render_page

BAR = 24
"""Characters on each side of zero in a terminal."""
_CHART_WIDTH, _ROW = 360.0, 26


@dataclass(frozen=True)
class Side:
    """One field of the record and of the resident, as shown."""

    title: str
    record: str | None
    resident: str | None


@dataclass(frozen=True)
class Chapter:
    """One candidate: its heading, both sides, its sum."""

    heading: str
    sides: Sequence[Side]
    explanation: Explanation


@dataclass(frozen=True)
class Story:
    """Everything that is told of one record: where it stands, the outcome in a sentence, decisions, candidates."""

    record_id: str
    place: str
    outcome: str
    decisions: Sequence[str]
    chapters: Sequence[Chapter]


def column_words(column: str, words: Language) -> str:
    """What was compared."""
    if column in {"prior", "competition"}:
        return words.text(f"explain.{column}")
    return words.text_or(f"explain.column.{column}", words.text_or(f"review.field.{column}", column))


def level_words(level: str, words: Language) -> str:
    """The outcome of a comparison; the number of a level stands in its words where it says something."""
    name, _, number = level.partition(" ")
    text = words.text_or(f"explain.level.{name}", level)
    return text.format(number=number) if "{number}" in text else text


def signed(weight: float, words: Language) -> str:
    """`+5,21`."""
    return f"{'-' if weight < 0 else '+'}{words.decimal(abs(weight), 2)}"


def told(story: Story, words: Language) -> str:
    """The story for a terminal of 110 columns."""
    lines = [f"{story.record_id}  ({story.place})", story.outcome, *story.decisions]
    for chapter in story.chapters:
        lines += ["", chapter.heading, *_sides(chapter.sides, words)]
        if chapter.explanation.parts:
            lines += ["", *_waterfall(chapter.explanation, words), _competitors(chapter.explanation, words)]
    if any(chapter.explanation.parts for chapter in story.chapters):
        lines += ["", words.text("explain.scale")]
    return "\n".join(lines)


def _sides(sides: Sequence[Side], words: Language) -> list[str]:
    lines = [f"  {'':<18} {words.text('explain.record'):<34} {words.text('explain.resident')}"]
    return lines + [f"  {side.title:<18} {side.record or NOTHING:<34} {side.resident or NOTHING}" for side in sides]


def _waterfall(explanation: Explanation, words: Language) -> list[str]:
    lines = []
    for part in explanation.parts:
        level = level_words(part.level, words) if part.level else ""
        bar = _bar(part.before, part.after, explanation.most)
        lines.append(f"  {column_words(part.column, words):<22} {level:<32} {signed(part.weight, words):>8}  {bar}".rstrip())
    total = words.text("explain.total_is", share=words.sure_percent(explanation.probability))
    bar = _bar(0.0, explanation.total, explanation.most)
    lines.append(f"  {words.text('explain.total'):<22} {total:<32} {signed(explanation.total, words):>8}  {bar}".rstrip())
    return lines


def _bar(before: float, after: float, most: float) -> str:
    """A stretch between two sums on a line whose middle is zero."""
    low, high = sorted(round((value / most + 1) * BAR) for value in (before, after))
    line = ["│" if place == BAR else " " for place in range(2 * BAR + 1)]
    for place in range(low, max(high, low + 1)):
        line[min(place, 2 * BAR)] = "█" if after >= before else "░"
    return "".join(line).rstrip()


def _competitors(explanation: Explanation, words: Language) -> str:
    if explanation.candidates <= 1:
        return f"  {words.text('explain.alone')}"
    share = words.sure_percent(explanation.runner_up)
    return "  " + words.text("explain.competitors", candidates=words.integer(explanation.candidates), share=share)


@dataclass(frozen=True)
class Bar:
    """One row of the drawn chart."""

    title: str
    level: str
    weight: str
    kind: str
    x: float
    width: float
    y: int
    link_x: float


def chart_bars(explanation: Explanation, words: Language) -> list[Bar]:
    """The rows of the chart, the sum last; x and width within the chart, zero in the middle."""
    parts = [*explanation.parts, Part("comparison", "total", "", explanation.total, 0.0)]
    bars = []
    for number, part in enumerate(parts):
        low, high = (_place(value, explanation.most) for value in sorted((part.before, part.after)))
        is_total = number == len(parts) - 1
        kind = "total" if is_total else part.kind if part.kind != "comparison" else ("for" if part.weight >= 0 else "against")
        title = words.text("explain.total") if is_total else column_words(part.column, words)
        level = words.text("explain.total_is", share=words.sure_percent(explanation.probability)) if is_total else ""
        level = level or (level_words(part.level, words) if part.level else "")
        width = max(round(high - low, 1), 1.0)
        bars.append(
            Bar(title, level, signed(part.weight, words), kind, round(low, 1), width, number * _ROW, _place(part.after, explanation.most))
        )
    return bars


def _place(value: float, most: float) -> float:
    return round((value / most + 1) / 2 * _CHART_WIDTH, 1)


def explanation_page(story: Story, words: Language) -> str:
    """The story as an HTML page."""
    chapters = [
        {
            "heading": chapter.heading,
            "sides": chapter.sides,
            "bars": chart_bars(chapter.explanation, words) if chapter.explanation.parts else [],
            "height": (len(chapter.explanation.parts) + 1) * _ROW,
            "competitors": _competitors(chapter.explanation, words).strip() if chapter.explanation.parts else "",
        }
        for chapter in story.chapters
    ]
    return render_page("explanation.html.j2", words, story=story, chapters=chapters, nothing=NOTHING, width=_CHART_WIDTH, row=_ROW)
