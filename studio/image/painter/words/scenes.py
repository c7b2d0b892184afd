"""Seasons, weather, times, places, elements and materials: words that bring colours and often a way to draw."""

from __future__ import annotations

from studio.image.painter.words.entry import Entry, Table, table

FLOW, CELLS, DOTS, REACTION = "flow-field", "voronoi", "stippling", "reaction-diffusion"
PLANTS, CHAOS, AUTOMATON, FOLDS, CIRCLES = "l-system", "attractor", "cellular", "domain-warp", "circle-packing"


def _scene(palette: str, effect: str, *algorithms: str, variant: str = "", composition: str = "", **shifts: float) -> Entry:
    return Entry("palette", effect, palette=palette, algorithms=algorithms, variant=variant, composition=composition, **shifts)  # type: ignore[arg-type]


_TIMES = table(
    (
        "autumn, autumnal, fall, october, november, harvest, thanksgiving",
        _scene("autumn", "russet, amber and bark brown", PLANTS, FLOW),
    ),
    ("spring, springtime, april, may, easter", _scene("spring", "fresh greens, blossom pink and pale sky", PLANTS, CIRCLES)),
    (
        "summer, summertime, june, july, august, holiday, vacation",
        _scene("summer", "sun yellow, poppy red and clear blue", CIRCLES, FLOW),
    ),
    (
        "winter, wintry, wintertime, december, january, christmas, xmas",
        _scene("winter", "ice blue, slate and snow white", AUTOMATON, PLANTS),
    ),
    ("dawn, sunrise, daybreak, morning, early", _scene("dawn", "peach, rose and first light blue", composition="horizon")),
    ("day, daytime, noon, midday, daylight", _scene("summer", "clear midday colours")),
    (
        "sunset, sundown, evening, golden hour, dusk, twilight, nightfall",
        _scene("sunset", "coral, rose and violet with a low gold sun", composition="horizon"),
    ),
    ("night, nighttime, midnight, nocturne, nocturnal", _scene("night", "midnight blue, indigo and star silver", energy=-0.05)),
    ("moonlight, moonlit, full moon", _scene("night", "silver light on midnight blue", DOTS, variant="moons")),
    ("halloween, haunted", _scene("lava", "pumpkin orange on black", PLANTS)),
    (
        "birthday, party, carnival, festival, fair, confetti",
        _scene("candy", "bubblegum pink, mint and lemon", CIRCLES, energy=0.1),
    ),
)

_SKIES = table(
    ("sun, sunny, sunshine, sunlight, sunbeam", _scene("summer", "sun yellow and warm light", energy=0.05)),
    ("rain, rainy, drizzle, puddle, wet", _scene("mist", "rain greys and pale blue", DOTS, variant="ripples")),
    ("storm, stormy, thunder, thunderstorm, lightning, tempest", _scene("storm", "thunder greys, cold blue and a flash", FLOW, FOLDS, energy=0.3)),
    ("hurricane, tornado, cyclone, typhoon", _scene("storm", "thunder greys in a whirl", FOLDS, FLOW, composition="radial", energy=0.35)),
    ("wind, windy, breeze, gust, blowing", _scene("mist", "airy greys and pale blue", FLOW, energy=0.12)),
    ("fog, foggy, mist, misty, haze, hazy, smoke, smoky, steam", _scene("mist", "soft greys, lichen and pale blue", FOLDS, PLANTS, softness=0.25)),
    ("cloud, cloudy, overcast, sky, skies, heaven", _scene("mist", "sky greys and pale blue", FOLDS, variant="silk", softness=0.15)),
    ("snow, snowy, blizzard, snowfall, snowman", _scene("frost", "white frost and glacier blue", AUTOMATON, DOTS)),
    ("snowflake, snow crystal", Entry("algorithm", "a six-armed snow crystal", palette="frost", algorithms=(AUTOMATON,), variant="crystal", composition="centre")),
    ("ice, icy, icicle, frost, frosty, frozen, glacier, iceberg, arctic, antarctic, polar", _scene("frost", "white frost, glacier blue and violet shade", CELLS, AUTOMATON)),
    ("rainbow, colourful, colorful, multicoloured, multicolored, multicolor, spectrum, every colour, all colours", _scene("rainbow", "every colour in turn")),
    ("northern lights, aurora, aurora borealis, polar lights", _scene("aurora", "green and violet light on polar night", FOLDS, FLOW, variant="silk")),
    ("star, starry, starlight, starry night, constellation", _scene("night", "star silver on midnight blue", DOTS, CHAOS)),
    ("moon, lunar, crescent, moons, planet, planetary", _scene("night", "moon silver on midnight blue", DOTS, variant="moons")),
    ("space, galaxy, galaxies, galactic, cosmos, cosmic, universe, nebula, nebulae, supernova, milky way, astronomy", _scene("galaxy", "violet nebula, magenta dust and starlight", CHAOS, FOLDS)),
    ("black hole, wormhole, portal", _scene("galaxy", "starlight around a dark middle", CHAOS, composition="frame")),
)  # fmt: skip

_PLACES = table(
    ("ocean, sea, seas, marine, deep sea, atlantic, pacific, nautical", _scene("ocean", "deep sea blues and green foam", FLOW, FOLDS)),
    ("underwater, seabed, abyss, submarine, aquarium", _scene("ocean", "deep sea blues and green light", REACTION, FOLDS)),
    ("reef, coral reef, seaweed, anemone, sponge", Entry("algorithm", "coral branches", palette="lagoon", algorithms=(REACTION,), variant="coral")),
    ("lagoon, tropical, tropics, island, beach, seaside, coast, coastal, shore, seashore", _scene("lagoon", "turquoise, shallow green and warm sand", FOLDS, FLOW)),
    ("lake, pond, river, stream, creek, waterfall, brook, water, watery, rapids", _scene("lagoon", "water greens and blues", FLOW, DOTS)),
    ("forest, wood, woods, woodland, wild wood, grove", _scene("forest", "moss, fern and dark pine", PLANTS, variant="grove")),
    ("jungle, rainforest, amazon", _scene("jungle", "lush greens with hot flowers", PLANTS, FLOW)),
    ("meadow, field, grass, grassy, grassland, prairie, pasture, savanna, savannah, lawn, hay", _scene("meadow", "grass green with poppy, daisy and cornflower", FLOW, composition="horizon")),
    ("garden, park, orchard, flowerbed", _scene("meadow", "garden greens with flowers", PLANTS, CIRCLES)),
    ("swamp, marsh, bog, wetland", _scene("moss", "deep green, lichen and wet bark", REACTION, FOLDS)),
    ("desert, sahara, arid, oasis, canyon, mesa", _scene("desert", "sand, terracotta and dusk violet", DOTS, FOLDS, composition="horizon")),
    ("dune, sand dune", Entry("algorithm", "stippled dunes", palette="desert", algorithms=(DOTS,), variant="dunes", composition="horizon")),
    ("mountain, mountainous, hill, hilly, alps, alpine, summit, peak, valley, highland, landscape, himalaya", _scene("stone", "granite, slate and far hills", DOTS, FOLDS, variant="dunes", composition="horizon")),
    ("volcano, volcanic, lava, magma, eruption", _scene("lava", "black rock split by molten orange", CELLS, FOLDS, energy=0.2)),
    ("cave, cavern, underground", _scene("stone", "cave greys", FOLDS, variant="agate", dark=True)),
    ("city, town, street, urban, building, skyscraper, downtown, metropolis", _scene("chalk", "city greys with a lamp-lit yellow", AUTOMATON, CELLS)),
    ("church, cathedral, chapel, temple, mosque, synagogue", _scene("jewel", "ruby, emerald, sapphire and gold", CELLS, variant="glass")),
    ("farm, countryside, village, rural, barn", _scene("earth", "clay, umber and field green", FLOW, composition="horizon")),
    ("japan, japanese, kyoto, zen garden, zen", _scene("ink", "black ink in many greys and one red", FOLDS, DOTS, energy=-0.15)),
    ("morocco, moroccan, marrakesh, persian, arabesque, ottoman", _scene("jewel", "jewel tones and gold", AUTOMATON, CHAOS, composition="radial")),
    ("mexico, mexican, fiesta", _scene("citrus", "orange, lime and hot red", CIRCLES)),
    ("holland, dutch, delft", _scene("porcelain", "cobalt on white porcelain", AUTOMATON)),
    ("africa, african, kente", _scene("earth", "clay, umber and sun", AUTOMATON, variant="weave")),
    ("india, indian, holi, bollywood", _scene("candy", "holi powder colours", CHAOS, CIRCLES)),
)  # fmt: skip

_ELEMENTS = table(
    ("fire, fiery, flame, flaming, burning, blaze, bonfire, campfire, inferno, ember", _scene("fire", "glowing reds, orange and ember black", FLOW, FOLDS, energy=0.2)),
    ("firework, sparkler, explosion, explode, burst, big bang", _scene("neon", "electric sparks on black", CHAOS, FLOW, composition="radial", energy=0.35)),
    ("earth, soil, mud, muddy, clay, ground, earthy, terracotta, pottery", _scene("earth", "clay, umber and stone", CELLS, FOLDS)),
    ("air, airy, breath, breathing", _scene("pastel", "light airy tints", FLOW, softness=0.2, energy=-0.1)),
    ("stone, rock, rocky, boulder, granite, cliff, gravel, concrete, cement", _scene("stone", "granite, slate and chalk", CELLS, variant="pebbles")),
    ("pebble, cobble, cobblestone, shingle", Entry("algorithm", "rounded pebbles", palette="stone", algorithms=(CELLS,), variant="pebbles")),
    ("crystal, mineral, quartz, prism, gem, gemstone, jewel, jewelry, treasure, amethyst, diamond, opal", _scene("jewel", "ruby, emerald, sapphire and gold", CELLS, CHAOS, variant="glass")),
    ("metal, metallic, steel, iron, machine, robot, robotic, gear", _scene("stone", "steel greys", AUTOMATON, CIRCLES)),
    ("patina, rusted, oxidised, oxidized, corroded", _scene("copper", "copper, rust and green patina", REACTION, FOLDS)),
    ("gold leaf, gilded, treasure chest, bullion, crown, royal, king, queen, palace", _scene("gold", "burnished gold, bronze and ink", CHAOS, CELLS)),
    ("wooden, timber, oak wood, plank, log, tree ring, bark", _scene("earth", "wood browns", CELLS, variant="rings")),
    ("glass, glassy, crystal clear", _scene("lagoon", "glass greens and blues", CELLS, variant="glass")),
    ("jelly, slime, goo, blob, amoeba, plankton", _scene("jungle", "wet greens and hot spots", REACTION, energy=0.1)),
    ("ink, inky, sumi, calligraphy", _scene("ink", "black ink in many greys on rice paper", FOLDS, CHAOS, variant="ink")),
    ("chalk, chalkboard, blackboard", _scene("chalk", "chalk white and soft greys on slate", DOTS, FLOW)),
    ("denim, jeans, batik, shibori", _scene("indigo", "indigo dye, washed blue and raw cotton", FOLDS, AUTOMATON)),
    ("porcelain, china, ceramic, tile, tiled, azulejo", _scene("porcelain", "cobalt on white porcelain", AUTOMATON, CELLS, variant="sandpile")),
    ("electricity, electrical, laser, glitch, cyberpunk, cyber, hologram, synthwave, vaporwave, disco, nightclub", _scene("neon", "electric pink, cyan and lime on black", FLOW, CHAOS, energy=0.2)),
)  # fmt: skip

_LIVING = table(
    ("tree, oak, willow, birch, branch, branches, twig, trunk", Entry("algorithm", "trees grown by rules", algorithms=(PLANTS,))),
    ("leaf, foliage, leafy, ivy, vine, bush, shrub, hedge", Entry("algorithm", "leaves and branches", palette="forest", algorithms=(PLANTS,))),
    ("plant, botanical, botany, growth, growing, grow, sprout, seedling", Entry("algorithm", "plants grown by rules", algorithms=(PLANTS,))),
    ("fern, frond, palm, feather, feathery, plume", Entry("algorithm", "ferns and feathered leaves", palette="forest", algorithms=(PLANTS,), variant="wreath")),
    ("wreath, garland, laurel", Entry("algorithm", "a wreath of plants", algorithms=(PLANTS,), variant="wreath", composition="frame")),
    ("moss garden, mossy, lichen, fungus, fungi, mushroom, mould, mold", _scene("moss", "deep green, lichen and wet bark", REACTION)),
    ("flower, floral, flowery, bouquet, petal, tulip, daisy, sunflower, wildflower, bloom, blooming", _scene("meadow", "flower reds, yellows and blues", PLANTS, CIRCLES)),
    ("blossom, cherry blossom, sakura, magnolia, orchid, peony", _scene("blossom", "cherry pink, petal white and twig brown", PLANTS, variant="single")),
    ("fruit, citrus, grapefruit, mango, lemonade, juice, juicy, melon, watermelon, pineapple", _scene("citrus", "lemon, orange, lime and leaf", CIRCLES, CELLS)),
    ("berry, blackberry, blueberry, grape, jam", _scene("berry", "plum, raspberry and cream", CIRCLES, DOTS)),
    ("candy, sweet, sweets, lollipop, bubblegum, ice cream, unicorn colours, cake, cupcake, sugar, sprinkles, dessert, donut, cotton candy", _scene("candy", "bubblegum pink, mint and lemon", CIRCLES)),
    ("leopard, cheetah, jaguar, giraffe, animal print", Entry("algorithm", "spots like an animal's coat", palette="earth", algorithms=(REACTION,), variant="leopard")),
    ("zebra, tiger, tabby", Entry("algorithm", "stripes like an animal's coat", algorithms=(REACTION,), variant="maze")),
    ("peacock, hummingbird, kingfisher, mermaid", _scene("lagoon", "iridescent greens and blues", FLOW, CHAOS)),
    ("butterfly, butterflies, moth, wing", Entry("algorithm", "wings of a strange attractor", algorithms=(CHAOS,))),
    ("shell, seashell, nautilus, snail, ammonite", Entry("algorithm", "a turning shell of folds", palette="dawn", algorithms=(FOLDS,), composition="radial")),
    ("honeycomb, hive, beehive, bee", Entry("algorithm", "cells side by side", palette="gold", algorithms=(CELLS,), density=0.5)),
    ("brain, neuron, nerve, fingerprint", Entry("algorithm", "a winding maze of ridges", algorithms=(REACTION,), variant="maze")),
    ("skin, scale, snake, lizard, reptile, dragon scale, turtle shell, crocodile", Entry("algorithm", "scales side by side", algorithms=(CELLS, REACTION))),
    ("blood, vein, artery", _scene("berry", "dark reds", PLANTS, REACTION)),
    ("microscope, microscopic, bacteria, virus, embryo, dna, biology, organism", Entry("algorithm", "spots that divide like living cells", algorithms=(REACTION,), variant="spots")),
)  # fmt: skip

_EMOJI = table(
    ("🌊, 🐳, 🐬, 🐟", _scene("ocean", "deep sea blues and green foam", FLOW, FOLDS)),
    ("🔥, 🌋", _scene("fire", "glowing reds, orange and ember black", FLOW, FOLDS, energy=0.2)),
    ("🌈", _scene("rainbow", "every colour in turn")),
    ("🌸, 🌺, 💮", _scene("blossom", "cherry pink, petal white and twig brown", PLANTS)),
    ("🌻, 🌼, 🌷, 💐", _scene("meadow", "flower reds, yellows and blues", PLANTS, CIRCLES)),
    ("🍁, 🍂", _scene("autumn", "russet, amber and bark brown", PLANTS, FLOW)),
    ("🌲, 🌳, 🌿, 🍃, 🌱, 🍀", _scene("forest", "moss, fern and dark pine", PLANTS)),
    ("🌵, 🏜", _scene("desert", "sand, terracotta and dusk violet", DOTS, variant="dunes")),
    ("❄, ⛄, ☃", _scene("frost", "white frost and glacier blue", AUTOMATON, variant="crystal")),
    ("☀, 🌞, 🌅, 🌇", _scene("sunset", "a low gold sun", composition="horizon")),
    ("🌙, 🌕, 🪐, 🌑", _scene("night", "moon silver on midnight blue", DOTS, variant="moons")),
    ("⭐, 🌟, ✨, 🌌, 🌠", _scene("galaxy", "violet nebula, magenta dust and starlight", CHAOS)),
    ("⚡, ⛈, 🌩, 🌪", _scene("storm", "thunder greys, cold blue and a flash", FLOW, energy=0.3)),
    ("🍭, 🍬, 🎉, 🎈, 🧁, 🦄", _scene("candy", "bubblegum pink, mint and lemon", CIRCLES)),
    ("🍋, 🍊, 🍓", _scene("citrus", "lemon, orange, lime and leaf", CIRCLES)),
    ("🏔, ⛰, 🗻", _scene("stone", "granite, slate and far hills", DOTS, variant="dunes", composition="horizon")),
    ("🫧, 🔵, 🟢, ⚪", Entry("algorithm", "packed circles", algorithms=(CIRCLES,))),
    ("🌀", Entry("algorithm", "turning spirals", algorithms=(AUTOMATON,), variant="spirals")),
    ("🦋", Entry("algorithm", "wings of a strange attractor", algorithms=(CHAOS,))),
    ("❤, 💕, 💖, 🥰, 😍", Entry("mood", "tender pinks, gently drawn", palette="blossom", energy=-0.1)),
    ("😀, 😃, 😄, 😊, 🙂", Entry("mood", "lively and bright", energy=0.1, chroma=0.15)),
    ("😢, 😭, ☹, 🙁, 💔", Entry("mood", "quiet and muted", palette="mist", energy=-0.15, chroma=-0.2)),
    ("😡, 😠, 🤬", Entry("mood", "wild and hot", palette="lava", energy=0.4)),
)  # fmt: skip

SCENES: Table = _TIMES | _SKIES | _PLACES | _ELEMENTS | _LIVING
EMOJI: Table = _EMOJI
