"""Words that carry no wish of their own and are never called unknown, and words that turn the next one around."""

from __future__ import annotations

STOP = frozenset(  # one block of words reads better than two hundred quoted ones
    """a about above across after again against all along also although always am among an and any anything are around art artistic
    artwork as aspect at back be because been before behind being below beneath beside best between beyond both but by can colour
    colours color colors colored coloured could create depict depicting did different do does doing done draw drawing drawn each
    either else even every everything feel feeling feels for from generate get give go going good great had has have having he her
    here hers high him his how i if image images in inside into is it its itself just kind like looking looks look made make makes
    making me mine more most much my need nice of off on one ones only onto or other our out over own paint painted painting
    palette per perhaps photo photograph picture pictures piece please prompt put quite rather really right same scene set she show
    showing side so some something sort stuff style such sure than that the their them then there these they thing things this those
    through thanks thank to together too toward towards try two type under until up upon us use used using very via view want was
    way we well were what when where which while who why will with within work would wonderful yes you your yours left top bottom
    abstract generative procedural design composition shade shades tone tones hue hues three four five six seven eight nine ten
    im ive id its lets don dont t s re ve ll d m hi hello hey ok okay cool-looking nicely maybe seed size""".split()  # noqa: SIM905
)

NEGATORS = frozenset("no without not never avoid except minus nor excluding".split())  # noqa: SIM905
