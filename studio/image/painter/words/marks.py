"""Words for how a picture is drawn: algorithm, density and composition."""

from __future__ import annotations

from studio.image.painter.words.entry import Entry, Table, table
from studio.image.painter.words.scenes import AUTOMATON, CELLS, CHAOS, CIRCLES, DOTS, FLOW, FOLDS, PLANTS, REACTION


def _drawn(effect: str, *algorithms: str, variant: str = "", composition: str = "", palette: str = "") -> Entry:
    return Entry("algorithm", effect, algorithms=algorithms, variant=variant, composition=composition, palette=palette)


ALGORITHMS: Table = table(
    ("flow, flowing, flow field, ribbon, strand, stream of lines, current, wave, wavy, undulating", _drawn("flowing ribbons", FLOW)),
    ("hair, hairy, fur, furry, thread, string, stroke, brushstroke, brush stroke, grain lines", _drawn("flowing strokes", FLOW, variant="tapered")),
    ("line, linear, lines, stripe, striped, streak", _drawn("drawn lines", FLOW)),
    ("voronoi, cell, cellular pattern, facet, faceted, low poly, polygon, crystalline, shard, broken, fracture, fractured", _drawn("cells side by side", CELLS)),
    ("mosaic, terrazzo, collage, cut paper, papercut, patchwork, puzzle", _drawn("pieces of cut paper", CELLS, variant="paper")),
    ("stained glass, leaded glass, church window, rose window", _drawn("stained glass", CELLS, variant="glass")),
    ("crack, cracked, craquelure, dried mud", _drawn("cracked earth", CELLS, variant="rings")),
    ("stipple, stippled, stippling, pointillism, pointillist, dot, dotted, dots, pointillistic, engraving, etching", _drawn("stippled dots", DOTS)),
    ("sphere, spherical, orb, ball, globe", _drawn("round bodies", DOTS, CIRCLES, variant="moons")),
    ("ripple, rippling, interference, vibration, sound wave, echo", _drawn("crossing ripples", DOTS, variant="ripples")),
    ("cloth, drapery, folded, fold", _drawn("folds of cloth", DOTS, FOLDS, variant="folds")),
    ("reaction diffusion, reaction, diffusion, turing, turing pattern, organic, biological, growths, squiggle, squiggly, wiggle, wiggly", _drawn("patterns of two reacting substances", REACTION)),
    ("maze, labyrinth, meander, winding", _drawn("a winding maze", REACTION, variant="maze")),
    ("spot, spotted, spotty, speckle, speckled, freckle, polka dot, polka dots", _drawn("dividing spots", REACTION, variant="spots")),
    ("worm, squirm, noodle, spaghetti", _drawn("worms and islands", REACTION, variant="worms")),
    ("hole, holes, membrane, foam, foamy, cheese", _drawn("holes in a membrane", REACTION, variant="holes")),
    ("l system, lindenmayer, branching, root, rooted, dendrite, family tree", _drawn("branches grown by rules", PLANTS)),
    ("fractal, chaos, chaotic, strange attractor, attractor, butterfly effect, mathematics, mathematical, math, maths, equation", _drawn("a strange attractor", CHAOS)),
    ("veil, smoke trail, wisp, wispy, silk thread, light trail, light painting, ghost, ghostly, ethereal", _drawn("veils of a strange attractor", CHAOS)),
    ("symmetry, symmetrical, symmetric, icon, emblem, snow star", _drawn("a symmetric attractor", CHAOS, variant="symmetry")),
    ("cellular, cellular automaton, automaton, automata, game of life, pixel, pixelated, pixel art, 8 bit, retro game, minecraft", _drawn("cellular automata", AUTOMATON)),
    ("spiral, spiralling, spiraling, helix, curl, curly, hypnotic, hypnosis, vortices", _drawn("turning spirals", AUTOMATON, variant="spirals")),
    ("weave, woven, weaving, textile, fabric, tapestry, knit, knitted, knitting, carpet, rug, quilt, loom, embroidery, basket", _drawn("cloth woven row by row", AUTOMATON, variant="weave")),
    ("sandpile, enamel, bathroom tile, tiling, tessellation, kaleidoscope", _drawn("a carpet of small tiles", AUTOMATON, variant="sandpile")),
    ("domain warp, warp, warped, noise, perlin, fluid, liquid, melting, melted, melt, molten, psychedelic, trippy, acid", _drawn("noise folded into itself", FOLDS)),
    ("marble, marbled, marbling, swirl, swirly, swirling, suminagashi, ebru, oil slick, paint pour, pour painting", _drawn("swirls of ink on water", FOLDS, variant="ink")),
    ("silk, silky, satin, velvet, curtain, draped, smooth", _drawn("folded silk", FOLDS, variant="silk")),
    ("agate, geode, stratum, strata, layer, layered, sediment, onyx, malachite", _drawn("agate bands", FOLDS, variant="agate")),
    ("contour, contour line, map, topographic, topography, topographical, atlas, terrain, cartography", _drawn("contour lines", FOLDS, variant="contours")),
    ("watercolour, watercolor, wash, aquarelle, tie dye, dye, bleeding ink", _drawn("washes that run into each other", FOLDS, variant="ink")),
    ("circle, circular, circles, disc, disk, round, packing, circle packing, coin, button, marbles", _drawn("packed circles", CIRCLES)),
    ("bubble, bubbly, bubbles, soap, balloon, pearls, globule, droplet, drop, raindrop, dew, bead", _drawn("globes packed side by side", CIRCLES, variant="globes")),
    ("ring, rings, concentric, target, bullseye, vinyl, record", _drawn("ringed discs", CIRCLES, variant="rings")),
    ("geometric, geometry, geometrical, shape, shapes, bauhaus shapes, suprematism", _drawn("plain geometric shapes", CIRCLES, CELLS)),
)  # fmt: skip


def _dense(effect: str, density: float) -> Entry:
    return Entry("density", effect, density=density)


DENSITIES: Table = table(
    ("empty, emptiness, void, bare, almost nothing, nothing", _dense("almost empty", 0.02)),
    ("sparse, sparsely, minimal, minimalist, minimalism, simple, plain, few, a few, uncluttered, spacious, reduced", _dense("few and large forms", 0.12)),
    ("big, large, huge, giant, gigantic, enormous, massive, bold, chunky, thick, wide, fat, vast, colossal, heavy", _dense("large forms", 0.18)),
    ("medium, moderate, balanced", _dense("forms of middle size", 0.5)),
    ("small, little, thin, slender, narrow, delicate, fine, slim, dainty", _dense("small, fine forms", 0.74)),
    ("many, lots, lots of, plenty, numerous, several, crowd, crowded, full, filled, busy, cluttered, abundant", _dense("many forms", 0.8)),
    ("dense, densely, packed, tightly packed, thicket, lush, rich detail, thickly", _dense("densely filled", 0.88)),
    ("tiny, miniature, minute, micro, intricate, detailed, highly detailed, complex, ornate, elaborate, lace, lacy, filigree, millions, thousands, countless, infinite, maximalist", _dense("countless tiny forms", 0.95)),
)  # fmt: skip


def _placed(effect: str, composition: str) -> Entry:
    return Entry("composition", effect, composition=composition)


COMPOSITIONS: Table = table(
    ("centre, center, central, centred, centered, middle, focus, core, heart of, nucleus, alone, lonely, solitary, single", _placed("gathered in the middle", "centre")),
    ("third, thirds, rule of thirds, off centre, off center, asymmetric, asymmetrical, asymmetry, corner, to the side", _placed("gathered on a third", "thirds")),
    ("horizon, horizontal, panorama, panoramic, skyline, vista, far away, distance, distant, ground line", _placed("resting on a horizon", "horizon")),
    ("radial, mandala, radiating, radiate, circular symmetry, sunburst, starburst, rosette, compass, eye, vortex, whirl, whirlpool, whirlwind, spinning, rotation, rotating, turning", _placed("turning around the middle", "radial")),
    ("diagonal, diagonally, slanted, slant, tilted, oblique, slope, sloping, rising, falling, ascending, descending", _placed("along a diagonal", "diagonal")),
    ("scattered, scatter, random, everywhere, all over, spread, sprinkled, strewn, sprinkle, loose, repeating, pattern, patterned, wallpaper, background, texture, textured, seamless", _placed("spread over the whole picture", "scatter")),
    ("frame, framed, border, bordered, edge, surrounding, around the edge, window, oval, vignette", _placed("around the edge, open in the middle", "frame")),
)  # fmt: skip
