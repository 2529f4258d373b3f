// The name a user probably meant: "unknown key `hots`: did you mean `hosts`?".
//
// Edit distance with transpositions, case ignored. Gives undefined rather than a far-fetched guess: at most one
// edit per three letters, and one edit for very short words.

export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  // Long inputs are never typing errors of a name, and comparing them costs time.
  if (word.length === 0 || word.length > 100) return undefined;
  const wanted = word.toLowerCase();
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const name of candidates) {
    if (name === word) return name;
    const longest = Math.max(word.length, name.length);
    const allowed = Math.max(1, Math.floor(longest / 3));
    if (Math.abs(word.length - name.length) > allowed) continue;
    const distance = editDistance(wanted, name.toLowerCase());
    // Two letters that share nothing are not a typing error of each other.
    if (distance > allowed || distance >= longest) continue;
    if (best === undefined || distance < best.distance) best = { name, distance };
  }
  return best?.name;
}

/** Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b`. */
export function editDistance(a: string, b: string): number {
  let beforePrevious: readonly number[] = [];
  let previous: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = at(previous, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let cost = Math.min(at(previous, j) + 1, at(row, j - 1) + 1, substituted);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) cost = Math.min(cost, at(beforePrevious, j - 2) + 1);
      row.push(cost);
    }
    beforePrevious = previous;
    previous = row;
  }
  return at(previous, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
