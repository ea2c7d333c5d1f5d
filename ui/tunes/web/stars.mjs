// Half stars: where a pointer or a key leads. No DOM in here.

export const MOST = 5;

/** Stars (0.5 to 5) for a pointer at `share` (0 to 1) of the row's width. */
export const starsAt = (share) => Math.min(MOST, Math.max(0.5, Math.ceil(share * MOST * 2) / 2));

/** Stars after a key (null: none), or undefined when the key means nothing here. */
export function starsAfterKey(stars, key) {
  const now = stars ?? 0;
  if (key === "ArrowRight" || key === "ArrowUp") return Math.min(MOST, now + 0.5);
  if (key === "ArrowLeft" || key === "ArrowDown") return now - 0.5 > 0 ? now - 0.5 : null;
  if (key === "Home") return 0.5;
  if (key === "End") return MOST;
  if (key === "Delete" || key === "Backspace" || key === "0") return null;
  if (/^[1-5]$/.test(key)) return Number(key);
  return undefined;
}
