// What changed between two texts, word by word: pieces {text, is} with `is` one of "same", "gone", "new".

const WORDS = /(?<=\s)|(?=[,.;:!?…]+(?:\s|$))/;  // after a gap, and before the signs that end a word

/** The longest common run of words (by the table of Wagner and Fischer); texts of at most some thousand words. */
export function wordDiff(before, after) {
  const old = before.split(WORDS), now = after.split(WORDS);
  const bare = (word) => word.trim();
  const longest = Array.from({ length: old.length + 1 }, () => new Uint16Array(now.length + 1));
  for (let i = old.length - 1; i >= 0; i--)
    for (let j = now.length - 1; j >= 0; j--)
      longest[i][j] = bare(old[i]) === bare(now[j]) ? longest[i + 1][j + 1] + 1 : Math.max(longest[i + 1][j], longest[i][j + 1]);
  const pieces = [];
  const put = (text, is) => {
    const last = pieces.at(-1);
    if (last?.is === is) last.text += text;
    else if (text) pieces.push({ text, is });
  };
  let i = 0, j = 0;
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && bare(old[i]) === bare(now[j])) { put(now[j++], "same"); i++; }
    else if (j === now.length || (i < old.length && longest[i + 1][j] >= longest[i][j + 1])) put(old[i++], "gone");
    else put(now[j++], "new");
  }
  return pieces;
}
