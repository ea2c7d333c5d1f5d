// What the listener did and Python has not taken in yet. No DOM in here.

export const makeLog = () => ({ session: null, last: 0, pending: [] });

/** Adds one thing that was done, a plain object such as `{do: "rate", item, stars}`. */
export function enter(log, entry) {
  log.last += 1;
  log.pending = [...log.pending, { seq: log.last, ...entry }];
}

/** What goes to Python: everything that it has not acknowledged. */
export const outgoing = (log) => ({ session: log.session, entries: log.pending });

/**
 * Drops what Python has taken in. After a new session of the server (it was restarted, or the page was
 * loaded again) what is pending is numbered anew, so that none of it is lost or taken twice.
 */
export function agree(log, session, acknowledged) {
  if (log.session !== session) {
    log.session = session;
    log.last = acknowledged;
    log.pending = log.pending.map(({ seq, ...entry }) => ({ seq: (log.last += 1), ...entry }));
    return;
  }
  log.pending = log.pending.filter((entry) => entry.seq > acknowledged);
  log.last = Math.max(log.last, acknowledged);
}
