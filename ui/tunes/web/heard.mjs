// How much of a piece was heard: seconds that sounded, wherever in the piece, jumps not counted. No DOM in here.

const LONGEST_STEP = 2;

export const makeHeard = () => ({ seconds: 0, at: null });

/** Told the position while the sound goes on; a jump or a step back adds nothing. */
export function goOn(heard, position) {
  const step = heard.at === null ? 0 : position - heard.at;
  if (step > 0 && step < LONGEST_STEP) heard.seconds += step;
  heard.at = position;
}

/** Told that the sound stopped or jumped. */
export function pause(heard) { heard.at = null; }
