// What is sung at a time. No DOM in here.

/** Index of the last of `spans`, [from, to, …] in order, that has begun at `seconds` and not ended; -1 where none sounds. */
export function sungAt(spans, seconds) {
  let low = 0, high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle][0] <= seconds + 0.005) low = middle + 1; else high = middle;
  }
  return low && seconds < spans[low - 1][1] ? low - 1 : -1;
}

/** Where to scroll so that `at` is in sight; null where it is. `size` is what is seen, from `start` on. */
export function scrollFor(at, start, size, from = 0.08, to = 0.7, lead = 0.2) {
  return at < start + size * from || at > start + size * to ? Math.max(0, at - size * lead) : null;
}
