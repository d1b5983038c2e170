/** What somebody who mistyped a word probably meant. */

/** The nearest of `candidates` to `word`; null where none is near enough to be worth naming. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  const bare = (text: string) => text.replace(/^-+/, "").toLowerCase();
  const typed = bare(word);
  if (typed === "") return null;
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: distanceTo(typed, bare(candidate)) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance <= Math.max(2, typed.length / 2) ? best.candidate : null;
}

/** Words that contain one another count as near: `--cooldown` of `--sync-cooldown`, `--messages` of `--messages-db`. */
function distanceTo(typed: string, candidate: string): number {
  const edits = editDistance(typed, candidate);
  if (typed.length < 3) return edits;
  if (candidate.startsWith(typed) || typed.startsWith(candidate)) return Math.min(edits, 1);
  return candidate.includes(typed) ? Math.min(edits, 1.5) : edits;
}

/** Damerau–Levenshtein (optimal string alignment): insert, remove, replace, swap two neighbours. Exported for its test. */
export function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? Infinity;
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(Math.min(
        at(i - 1, j) + 1,
        at(i, j - 1) + 1,
        at(i - 1, j - 1) + same,
        swapped ? at(i - 2, j - 2) + 1 : Infinity,
      ));
    }
  }
  return at(a.length, b.length);
}
