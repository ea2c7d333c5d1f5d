// What is done with pieces in a tab, whichever component it comes from: one log, sent by a list that is on the page.
import { enter, makeLog, ownerOf } from "./log.mjs";

const TAB = Symbol.for("songloom.tab");

/** The tab's log, and what sends it: one function for each list of pieces on the page. */
export const tab = () => (globalThis[TAB] ??= { log: makeLog(), senders: new Set() });

/** Whoever listens at the moment, as far as a list of the page has said. */
export const hearerNow = () => ownerOf(tab().log.session);

/** Notes what was done. Where no list is on the page, the next one sends it. */
export function tell(op) {
  const { log, senders } = tab();
  enter(log, op);
  [...senders].at(-1)?.();
}
