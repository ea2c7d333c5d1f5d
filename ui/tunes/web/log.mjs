// What the listener did and Python has not taken in yet: one log for a tab, whichever list it came from. No DOM in here.

export const makeLog = () => ({ session: null, last: 0, pending: [] });

/** Adds what was done; `op` is a plain object such as `{do: "rate", item, stars}`. */
export function note(log, op) {
  log.last += 1;
  log.pending = [...log.pending, { seq: log.last, ...op }];
}

/**
 * Drops what Python has taken in. After a new session of the server (it was restarted, or the page was
 * loaded again) what is pending is numbered anew, so that none of it is lost or taken twice.
 */
export function agree(log, session, acknowledged) {
  if (log.session !== session) {
    log.session = session;
    log.last = acknowledged;
    log.pending = log.pending.map(({ seq, ...op }) => ({ seq: (log.last += 1), ...op }));
    return;
  }
  log.pending = log.pending.filter((op) => op.seq > acknowledged);
  log.last = Math.max(log.last, acknowledged);
}

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
