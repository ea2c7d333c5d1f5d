// What the listener did and Python has not taken in yet. No DOM in here.

export const makeLog = () => ({ session: null, last: 0, pending: [] });

/** Adds one thing that was done, a plain object such as `{do: "rate", item, stars}`. */
export function enter(log, entry) {
  log.last += 1;
  log.pending = [...log.pending, { seq: log.last, ...entry }];
}

/** What goes to Python: everything that it has not acknowledged. */
export const outgoing = (log) => ({ session: log.session, entries: log.pending });

/** Whom a log belongs to: what stands before the dot in the name of its session. */
export const ownerOf = (session) => session?.split(".")[0] ?? null;

/**
 * Drops what Python has taken in. After a new session of the server (it was restarted, or the page was
 * loaded again) what is pending is numbered anew, so that none of it is lost or taken twice; but what one
 * listener did is never told of another.
 */
export function agree(log, session, acknowledged) {
  if (log.session !== null && ownerOf(log.session) !== ownerOf(session)) log.pending = [];
  if (log.session !== session) {
    log.session = session;
    log.last = acknowledged;
    log.pending = log.pending.map(({ seq, ...entry }) => ({ seq: (log.last += 1), ...entry }));
    return;
  }
  log.pending = log.pending.filter((entry) => entry.seq > acknowledged);
  log.last = Math.max(log.last, acknowledged);
}
