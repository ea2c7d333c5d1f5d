// What the listener answered, as long as Python does not know of it. No DOM in here.

/** The stars that the listener sees: those of Python, unless a later answer waits in the log. */
export function starsNow(log, item, stars) {
  const own = log.pending.filter((op) => op.do === "rate" && op.item === item);
  return own.length ? own.at(-1).stars : stars;
}

/** The same for the heart. */
export function likedNow(log, item, liked) {
  const own = log.pending.filter((op) => op.do === "like" && op.item === item);
  return own.length ? own.at(-1).liked : liked;
}
