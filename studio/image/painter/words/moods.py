"""Feelings, light and art terms: words that change how still, soft, bright or strong a picture is."""

from __future__ import annotations

from studio.image.painter.words.entry import Entry, Table, table


def _mood(effect: str, palette: str = "", **shifts: float | bool | str | tuple[str, ...]) -> Entry:
    return Entry("mood", effect, palette=palette, **shifts)  # type: ignore[arg-type]


_FEELINGS = table(
    ("calm, calming, peace, peaceful, still, stillness, quiet, silent, silence, serene, serenity, tranquil, relaxed, relaxing, restful, meditation, meditative, sleep, sleepy, slow", _mood("still and slow", energy=-0.35, chroma=-0.08)),
    ("gentle, tender, quietly, caring, lullaby, cosy, cozy, comfortable, hug", _mood("gently drawn", energy=-0.2, softness=0.15)),
    ("happy, happiness, joy, joyful, joyous, cheerful, fun, funny, glad, smile, smiling, laugh, laughing, celebration, celebrate, delight, delightful", _mood("lively and bright", energy=0.12, chroma=0.15, light=0.03)),
    ("excited, exciting, excitement, wow, thrilling, adventure, adventurous, amazing, awesome", _mood("lively and strong in colour", energy=0.25, chroma=0.15)),
    ("playful, silly, whimsical, crazy, wacky, goofy, game, play, playing", _mood("playful, many turns", energy=0.25, chroma=0.12)),
    ("sad, sadness, sorrow, melancholy, melancholic, lonesome, grief, cry, crying, tears, gloomy, gloom, miserable, homesick", _mood("quiet and muted", palette="mist", energy=-0.15, chroma=-0.25, light=-0.04)),
    ("angry, anger, rage, furious, fury, mad, fight, war, violent, hate", _mood("wild and hot", palette="lava", energy=0.4, chroma=0.1)),
    ("afraid, fear, fearful, scary, scared, spooky, creepy, nightmare, horror, eerie, sinister, evil, monster", _mood("dark and restless", palette="storm", energy=0.2, light=-0.06, dark=True)),
    ("love, loving, romance, romantic, valentine, lovely, sweetheart, affection", _mood("tender pinks, gently drawn", palette="blossom", energy=-0.1)),
    ("dream, dreamy, dreaming, dreamlike, fantasy, fairy, fairytale, fairy tale, magic, magical, enchanted, imaginary, surreal, mystical", _mood("soft and strange", energy=0.1, softness=0.25, chroma=0.05)),
    ("mystery, mysterious, secret, hidden, unknown lands, shadow, shadowy", _mood("dark, with little light", energy=0.05, light=-0.05, dark=True)),
    ("hope, hopeful, optimistic, new beginning, fresh, freshness", _mood("light and fresh", energy=0.0, light=0.05, chroma=0.08)),
    ("nostalgia, nostalgic, memory, memories, old, ancient, antique, faded, worn, weathered, history, historic", _mood("faded, as if long ago", energy=-0.1, chroma=-0.3)),
    ("wild, energetic, energy, dynamic, fast, speed, moving, movement, motion, dance, dancing, rhythm, rhythmic, music, musical, jazz, restless, turbulent, turbulence, frenzy, frantic, power, powerful, strong", _mood("full of movement", energy=0.35)),
    ("confused, confusing, anxious, anxiety, nervous, stress, stressed, worry, worried, busy mind", _mood("restless turns", energy=0.3, chroma=-0.05)),
    ("brave, courage, proud, hero, heroic, epic, dramatic, drama, majestic, grand", _mood("strong contrasts and movement", energy=0.2, chroma=0.12, light=-0.03)),
    ("bored, boring, tired, lazy", _mood("hardly moving, muted", energy=-0.3, chroma=-0.25)),
    ("elegant, elegance, graceful, grace, refined, beautiful, pretty, beauty", _mood("long calm lines", energy=-0.12)),
)  # fmt: skip

_LIGHT = table(
    ("dark, darkness, darker, pitch black, dim, unlit", _mood("dark colours on a dark ground", light=-0.12, dark=True)),
    ("bright, brilliant, luminous, brightly, brighter, shining, shiny, shine, radiant", _mood("bright colours", light=0.05, chroma=0.15)),
    ("light, airy light, lightness, weightless", _mood("light, airy colours", light=0.06, energy=-0.05)),
    ("glow, glowing, lit, lights, lantern, candle, candlelight, lamp, neon light, bioluminescent, bioluminescence, phosphorescent, firefly, fireflies", _mood("light on a dark ground", dark=True, chroma=0.15)),
    ("sparkle, sparkling, glitter, glittering, twinkle, twinkling, shimmer, shimmering", _mood("small lights on a dark ground", dark=True, density=0.85)),
    ("neon, electric, fluorescent, day glo", _mood("electric pink, cyan and lime on black", palette="neon", dark=True)),
    ("pastel, pastels, pale, powdery, washed out, tint, tinted", _mood("soft rose, mint, lilac and butter", palette="pastel", chroma=-0.1)),
    ("vivid, vibrant, saturated, intense, colour explosion, color explosion, loud", _mood("strong, saturated colours", chroma=0.35)),
    ("muted, subdued, dusty, dull, desaturated, drab, greyish, understated, subtle", _mood("muted colours", chroma=-0.4)),
    ("soft, softly, blur, blurred, blurry, out of focus, fuzzy, fluffy, woolly", _mood("soft edges", softness=0.4, energy=-0.08)),
    ("sharp, crisp, hard, spiky, jagged, angular, pointed, razor", _mood("crisp, angular edges", softness=-0.3, energy=0.2)),
    ("warm, warmth, hot, heat, spicy", _mood("warm reds and golds", palette="sunset")),
    ("cool, cold, chilly, freezing", _mood("cold blues", palette="frost")),
    ("monochrome, black and white, greyscale, grayscale, colourless, colorless", _mood("ink greys only", palette="ink", chroma=-1.0)),
    ("contrast, high contrast, stark, graphic", _mood("strong contrasts", chroma=0.1, softness=-0.2, density=0.35)),
    ("transparent, translucent, see through, sheer, light as air", _mood("thin, light layers", softness=0.2, light=0.05)),
)  # fmt: skip

_ART = table(
    ("vintage, retro, seventies, 70s, sixties, 60s, mid century, midcentury", _mood("mustard, teal, brick and cream", palette="retro")),
    ("bauhaus, de stijl, mondrian, constructivism, constructivist, primary colours, primary colors", _mood("primary red, blue and yellow with black", palette="bauhaus")),
    ("risograph, riso, screenprint, screen print, print, poster, linocut, woodcut", _mood("two bright printing inks", palette="riso")),
    ("impressionism, impressionist, monet, renoir", _mood("broken soft colours", palette="meadow", softness=0.15, algorithms=("stippling", "flow-field"))),
    ("van gogh, expressionism, expressionist, expressive, munch", _mood("strong turning strokes", energy=0.35, chroma=0.15, algorithms=("flow-field",))),
    ("klimt, art nouveau, art deco, byzantine", _mood("gold and ornament", palette="gold", algorithms=("circle-packing", "cellular"))),
    ("kandinsky, delaunay, kusama, hilma af klint", _mood("circles and rings", palette="rainbow", algorithms=("circle-packing",))),
    ("hokusai, ukiyo e, woodblock", _mood("indigo waves", palette="indigo", algorithms=("flow-field", "domain-warp"))),
    ("escher, op art, optical illusion, illusion, riley, vasarely", _mood("black and white that seems to move", palette="ink", algorithms=("reaction-diffusion", "cellular"))),
    ("pollock, action painting, splatter, splash, drip, abstract expressionism", _mood("wild splashes", energy=0.45, density=0.8)),
    ("rothko, colour field, color field", _mood("large soft fields", softness=0.4, energy=-0.3, density=0.05, algorithms=("domain-warp",))),
    ("gothic, medieval, baroque, renaissance", _mood("ruby, emerald, sapphire and gold", palette="jewel")),
    ("scandinavian, nordic, hygge, modern, contemporary, clean", _mood("plain and light", palette="mist", density=0.2, energy=-0.15)),
    ("futuristic, future, sci fi, science fiction, technology, tech, digital, computer, matrix", _mood("electric light on black", palette="neon", algorithms=("cellular", "flow-field"))),
    ("boho, bohemian, tribal, folk, folk art, ethnic", _mood("clay, umber and stone", palette="earth", algorithms=("cellular", "circle-packing"))),
    ("alien, otherworldly, extraterrestrial", _mood("unearthly green and violet", palette="aurora", energy=0.2)),
    ("underworld, hell, apocalypse, doom", _mood("black rock split by molten orange", palette="lava", energy=0.2)),
    ("paradise, utopia, eden, oasis of calm", _mood("lush greens with hot flowers", palette="jungle")),
)  # fmt: skip

MOODS: Table = _FEELINGS | _LIGHT | _ART
