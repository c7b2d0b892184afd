"""The word tables as the page docs/painter.md: `python -m studio.image.painter.words.page > docs/painter.md`."""

from __future__ import annotations

from studio.image.painter.models import MODELS
from studio.image.painter.words import NEGATORS, SHADES, TABLES

_HEAD = """# What the built-in painter understands

The built-in painter makes abstract pictures on the computer itself: no AI, no internet, no key. It reads the words below;
what they leave open is chosen by the seed. The same prompt, model, size and seed give the same picture again.
It cannot draw subjects such as a fox or a face: connect a model for those.

- Plurals and simple endings are understood too (waves, swirling, reddish). Capital letters and accents do not matter.
- Two colours, two moods or two scenes blend. Of two ways to draw, or two places, the first word decides.
- "{shades}" before a colour change that colour.
- "{negators}" turn the word after them around; so does the negative prompt: what is named there is kept out.
"""


def page() -> str:
    """The whole page, made from the tables."""
    parts = [_HEAD.format(shades='", "'.join(sorted(SHADES)), negators='", "'.join(sorted(NEGATORS)))]
    parts.append("## Models\n")
    parts.append("\n".join(f"- **{model.name}** (`{model.id}`): {model.description}" for model in MODELS) + "\n")
    for title, words in TABLES.items():
        parts.append(f"## {title}\n")
        if title == "Colours":
            parts.append(", ".join(words) + "\n")
            continue
        groups: dict[int, list[str]] = {}
        for word, entry in words.items():
            groups.setdefault(id(entry), []).append(word)
        lines = [f"- {', '.join(group)}: *{words[group[0]].effect}*" for group in groups.values()]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


if __name__ == "__main__":
    print(page(), end="")
