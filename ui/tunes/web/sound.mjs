// The one sound of a list of pieces: asked for when it is wanted, heard from one audio element, what was heard is told.
import { pageOfPlayers } from "../../components/web/page.mjs";
import { makeHearing } from "../../components/web/heard.mjs";

// A hundredth of a second of silence. Playing it inside the click lets the sound start later, once it is
// made: some browsers allow a page to play only what a click itself started.
const SILENCE = "data:audio/wav;base64,UklGRnIAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YU4AAACA" +
  `${"gICA".repeat(25)}gIA=`;

/**
 * `ask(item)` is called when a piece has no sound yet, `tell(item, seconds, length)` when hearing it has
 * ended, `show()` whenever something to be seen changed; `who()` is whoever listens at the moment.
 */
export function makeSound(audio, { ask, tell, show, who }) {
  const page = pageOfPlayers();
  let item = null, waiting = false, failed = null, hearer = null, place = 0;
  const real = () => Boolean(item) && !waiting;
  // It is told if whoever heard it is still there.
  const hearing = makeHearing(audio, (seconds, length) => { if (hearer === who()) tell(item, seconds, length); }, real);
  const sound = {
    root: audio.parentElement,
    usable: () => Boolean(item) && audio.isConnected,
    pause: () => { waiting = false; audio.pause(); },
    toggle: () => (item ? sound.press(item, sound.address) : undefined),
    address: null,
    state: (id) => (id !== item ? "idle" : failed ? "failed" : waiting ? "waiting" : audio.paused ? "paused" : "playing"),
    share: (id) => (id === item && real() && audio.duration ? audio.currentTime / audio.duration : 0),
    time: () => (real() ? [audio.currentTime, Number.isFinite(audio.duration) ? audio.duration : 0] : [0, 0]),
    item: () => item,
    press, seek, offer, dispose,
  };

  function press(id, address) {
    page.last = sound;
    if (id === item && real() && !failed) {
      if (audio.paused) start(); else audio.pause();
      return;
    }
    hearing.settle();
    item = id; hearer = who(); failed = null; sound.address = address ?? null; place = 0;
    window.dispatchEvent(new CustomEvent("songloom:play", { detail: sound }));
    if (address) begin(address);
    else {
      waiting = true;
      audio.src = SILENCE;
      audio.play().catch(() => undefined); // where it is not allowed, the second click plays
      ask(id);
    }
    show();
  }
  function begin(address) {
    waiting = false; sound.address = address;
    audio.src = address;
    start();
  }
  function start() {
    window.dispatchEvent(new CustomEvent("songloom:play", { detail: sound }));
    audio.play().catch((error) => { if (error.name !== "AbortError") show(); });
  }
  /** Python has a sound or a problem for a piece. */
  function offer(id, address, problem) {
    if (id !== item) return;
    if (problem) { failed = problem; waiting = false; audio.pause(); }
    else if (address && waiting) begin(address);
    else if (address && !failed && address !== sound.address && audio.paused) { place = audio.currentTime; audio.src = address; sound.address = address; }
  }
  function seek(id, share) {
    if (id !== item || !real() || !audio.duration) return;
    audio.currentTime = Math.max(0, Math.min(1, share)) * audio.duration;
    show();
  }
  function dispose() {
    hearing.dispose();
    audio.pause();
    page.all.delete(sound);
    if (page.last === sound) page.last = null;
  }

  page.all.add(sound);
  audio.ontimeupdate = audio.onplay = audio.onpause = () => { if (real()) show(); };
  audio.onloadedmetadata = () => { if (real() && place) { audio.currentTime = place; place = 0; } show(); };
  audio.onended = () => { if (real()) { audio.currentTime = 0; show(); } };
  audio.onerror = () => { if (real()) { failed = "failed"; show(); } };
  return sound;
}
