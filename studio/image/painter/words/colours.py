"""Colour words and the colour each one names."""

from __future__ import annotations

from studio.image.painter.words.entry import Entry, Table

_HEX = {
    "red": "d22f27", "scarlet": "e0301e", "crimson": "a8142f", "vermilion": "e34a2b", "ruby": "9b1039", "cherry": "b5122b",
    "maroon": "6d1526", "burgundy": "5e1224", "brick": "9c3f2c", "rust": "a8481f", "rusty": "a8481f", "ginger": "b9622a",
    "orange": "f0821e", "tangerine": "f4861f", "apricot": "f4b183", "peach": "f7c2a3", "coral": "f2705b", "salmon": "ee8f78",
    "pumpkin": "e0701a", "amber": "f0a21c", "gold": "d6a032", "golden": "d6a032", "mustard": "cf9f2a", "honey": "dd9a2c",
    "yellow": "f6d02f", "lemon": "f5e04a", "canary": "f8e04f", "butter": "f4e3a0", "cream": "f5ead0", "beige": "ddccb0",
    "ivory": "f4efdf", "sand": "dcc196", "tan": "c79f6f", "khaki": "b3a46a", "ochre": "c4882c", "brown": "6d4529",
    "chocolate": "4c2c1c", "chestnut": "77402a", "caramel": "b3702f", "coffee": "4b3325", "umber": "5d4630", "sepia": "6e4f33",
    "bronze": "9a6b34", "copper": "b96f43", "brass": "b5913f", "silver": "bcc1c6", "grey": "858585", "gray": "858585",
    "charcoal": "37383c", "slate": "546576", "ash": "a9a9a2", "pewter": "8a8d8f", "black": "141316", "jet": "101014",
    "ebony": "221d1a", "white": "fbfbf8", "pearl": "eae6df", "green": "3c9447", "lime": "b0d936", "olive": "7c7d36",
    "emerald": "0f8a5a", "jade": "2fa37c", "mint": "a0dfc4", "sage": "9caf88", "moss": "66753a", "fern green": "5a8f4a",
    "pine": "1f4d3a", "chartreuse": "c3e04a", "pistachio": "b8d49a", "avocado": "6d8339", "teal": "167d80", "turquoise": "3fc0b8",
    "aqua": "52cfd3", "aquamarine": "7fdcc4", "cyan": "24c4dd", "petrol": "155565", "blue": "2a6cc4", "navy": "15244f",
    "azure": "3f95e0", "sapphire": "1b449c", "cobalt": "1f4ab0", "ultramarine": "2a34a8", "cerulean": "3294c4", "periwinkle": "8f9be0",
    "indigo": "33297a", "violet": "7a45bd", "purple": "6f3399", "lilac": "c2a8e0", "lavender": "b9a8dc", "mauve": "a9829f",
    "plum": "6a2450", "aubergine": "3c1a33", "eggplant": "3c1a33", "mulberry": "8a2a5a", "magenta": "cc2a92", "fuchsia": "d83aa0",
    "pink": "f096b4", "rose": "e0708a", "blush": "efb9b6", "raspberry": "b3214f", "strawberry": "e2405a", "wine": "621530",
    "sky blue": "8ec6ea", "royal blue": "2d49b8", "baby blue": "aed6f0", "baby pink": "f8c4d4", "hot pink": "f0409a",
    "midnight blue": "0f1738", "forest green": "1f5a33", "sea green": "3f9c7d", "blood red": "7d0f16", "off white": "f3efe4",
}  # fmt: skip

# words that change the colour word right after them: OKLab lightness added, chroma multiplied
SHADES: dict[str, tuple[float, float]] = {
    "dark": (-0.16, 0.95), "deep": (-0.13, 1.1), "light": (0.16, 0.75), "pale": (0.2, 0.5),
    "soft": (0.1, 0.65), "pastel": (0.2, 0.5), "bright": (0.06, 1.25), "vivid": (0.02, 1.3),
    "electric": (0.05, 1.4), "neon": (0.08, 1.4), "muted": (0.0, 0.5), "dusty": (0.04, 0.5),
    "warm": (0.02, 1.1), "icy": (0.16, 0.5), "rich": (-0.06, 1.2), "dull": (-0.03, 0.4),
}  # fmt: skip

COLOURS: Table = {name: Entry("palette", f"{name} and its shades", colour=f"#{code}") for name, code in _HEX.items()}
