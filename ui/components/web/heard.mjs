// How much of a piece was heard: seconds that sounded, wherever in the piece, jumps not counted. No DOM of its own.

const LONGEST_STEP = 2, LEAST = 0.5, REST_MS = 30_000;

/**
 * Listens to an audio element. `tell(seconds, length)` is called when a hearing has ended: the piece came to
 * its end, it rested for half a minute, or `settle` was called. What sounds counts while `real()`.
 */
export function makeHearing(audio, tell, real = () => true) {
  let seconds = 0, at = null, length = 0, rest = 0;
  const goOn = () => {
    const step = at === null ? 0 : audio.currentTime - at;
    if (step > 0 && step < LONGEST_STEP) seconds += step;
    at = audio.currentTime;
  };
  const settle = () => {
    clearTimeout(rest);
    if (!audio.paused && real()) goOn(); // what sounded since the browser last told the time
    const heard = seconds;
    seconds = 0;
    if (heard > LEAST && length) tell(heard, length);
  };
  const on = {
    durationchange: () => { if (Number.isFinite(audio.duration)) length = audio.duration; },
    play: () => { clearTimeout(rest); on.durationchange(); at = audio.currentTime; },
    timeupdate: () => { if (!audio.paused) goOn(); },
    seeking: () => { at = null; },
    pause: () => {
      goOn();
      at = null;
      clearTimeout(rest);
      rest = setTimeout(settle, REST_MS);
    },
    ended: settle,
  };
  const listeners = Object.entries(on).map(([name, does]) => [name, () => { if (real()) does(); }]);
  for (const [name, does] of listeners) audio.addEventListener(name, does);
  globalThis.addEventListener?.("pagehide", settle);
  const dispose = () => {
    settle();
    for (const [name, does] of listeners) audio.removeEventListener(name, does);
    globalThis.removeEventListener?.("pagehide", settle);
  };
  return { settle, dispose };
}
