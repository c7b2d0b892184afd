// Simple Markdown while it is being said: paragraphs, headings, lists, quotes, code, emphasis. Never HTML. The server draws the
// whole answer at its end (studio.text.markdown); this draws the same simple forms, so that nothing jumps then.
const FENCE = /^\s*```/;
const ITEM = /^\s*(?:[-*+]|\d{1,9}[.)])\s+/;

/** The blocks of `text`: [{kind, lines}], kind of p, h, ul, ol, quote, code. Pure; tested by node --test. */
export function blocksOf(text) {
  const blocks = [];
  let block = null;
  for (const line of text.split("\n")) {
    if (block?.kind === "code") {
      if (FENCE.test(line)) block = null;
      else block.lines.push(line);
      continue;
    }
    if (FENCE.test(line)) blocks.push((block = { kind: "code", lines: [] }));
    else if (!line.trim()) block = null;
    else {
      const kind = kindOf(line, block);
      if (!block || block.kind !== kind || kind === "h") blocks.push((block = { kind, lines: [] }));
      block.lines.push(line);
    }
  }
  return blocks;
}

function kindOf(line, block) {
  if (/^#{1,6}\s/.test(line)) return "h";
  if (ITEM.test(line)) return /^\s*\d/.test(line) ? "ol" : "ul";
  if (/^\s*>/.test(line)) return "quote";
  return block && block.kind !== "h" && block.kind !== "code" ? block.kind : "p"; // a line that only goes on
}

/** Pieces of one line: [{tag, text}], tag of "", strong, em, code. */
export function piecesOf(line) {
  return line.split(/(\*\*[^*]+\*\*|\*[^*\s][^*]*\*|`[^`]+`)/).filter(Boolean).map((part) => {
    if (/^\*\*.+\*\*$/.test(part)) return { tag: "strong", text: part.slice(2, -2) };
    if (/^\*.+\*$/.test(part)) return { tag: "em", text: part.slice(1, -1) };
    if (/^`.+`$/.test(part)) return { tag: "code", text: part.slice(1, -1) };
    return { tag: "", text: part };
  });
}

const make = (tag, ...children) => {
  const node = document.createElement(tag);
  node.append(...children);
  return node;
};
const inline = (line) => piecesOf(line).map(({ tag, text }) => (tag ? make(tag, text) : text));
const lined = (lines) => lines.flatMap((line, n) => [...(n ? [make("br")] : []), ...inline(line)]);

function nodeOf({ kind, lines }) {
  if (kind === "code") return make("pre", make("code", lines.join("\n")));
  if (kind === "h") return make("h3", ...inline(lines[0].replace(/^#+\s*/, "")));
  if (kind === "quote") return make("blockquote", make("p", ...lined(lines.map((line) => line.replace(/^\s*>\s?/, "")))));
  if (kind === "p") return make("p", ...lined(lines));
  const items = [];
  for (const line of lines) ITEM.test(line) ? items.push([line.replace(ITEM, "")]) : items.at(-1).push(line.trim());
  return make(kind, ...items.map((item) => make("li", ...lined(item))));
}

/** Draws `text` into `place`; blocks that stay the same stay untouched, so a selection in them lasts. */
export function draw(place, text) {
  const blocks = blocksOf(text);
  const drawn = place.drawn ?? [];
  const same = drawn.findIndex((source, n) => source !== JSON.stringify(blocks[n]));
  const keep = place.drawn ? (same < 0 ? Math.min(drawn.length, blocks.length) : same) : 0;
  while (place.childNodes.length > keep) place.lastChild.remove();
  for (const block of blocks.slice(keep)) place.append(nodeOf(block));
  place.drawn = blocks.map((block) => JSON.stringify(block));
}
