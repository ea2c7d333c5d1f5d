// The sound of a roll: one audio element, its controls.
import { clock } from "./geometry.mjs";
import { makeHearing } from "../../components/web/heard.mjs";
import { pageOfPlayers } from "../../components/web/page.mjs";
import { hearerNow, tell } from "../../components/web/tab.mjs";

const PLAY = "M8 5v14l11-7z";
const PAUSE = "M7 5h4v14H7zM13 5h4v14h-4z";

/** A player for the elements in `root`; `onTime` is told the position in seconds while it changes. */
export function makePlayer(root, onTime) {
  const find = (name) => root.querySelector(name);
  const audio = find("audio"), button = find(".play"), seek = find(".seek"), volume = find(".volume"), mute = find(".mute");
  const page = pageOfPlayers();
  let words = {}, source = null, frame = 0, waiting = false, wanted = false, resumeAt = 0, tries = 0, item = "", hearer = null;
  const hearing = makeHearing(audio, (seconds, length) => { if (item && hearer === hearerNow()) tell({ do: "heard", item, seconds, length }); });
  const player = {
    root, name: "",
    ready: () => Boolean(source) && root.isConnected,
    usable: () => (Boolean(source) || waiting) && root.isConnected,
    playing: () => !audio.paused,
    time: () => audio.currentTime,
    touch: () => { page.last = player; },
    pause: () => audio.pause(),
    toggle: () => (source ? (audio.paused ? start() : audio.pause()) : want(!wanted)),
    seek: (seconds) => { audio.currentTime = Math.max(0, Math.min(seconds, audio.duration || seconds)); show(); },
    load, dispose,
  };

  /** Asked to play before the sound is there: it starts when it comes. */
  function want(yes) {
    wanted = yes && waiting;
    dress();
  }
  function start() {
    if (!source) return;
    hearer = hearerNow();
    player.touch();
    window.dispatchEvent(new CustomEvent("songloom:play", { detail: player }));
    audio.play().catch((error) => { if (error.name !== "AbortError") fail(); });
  }
  function fail() {
    const line = find(".failed");
    line.textContent = words.failed; line.hidden = false;
  }
  function show() {
    const length = Number.isFinite(audio.duration) ? audio.duration : 0;
    seek.max = String(length || 1); seek.value = String(audio.currentTime);
    seek.style.setProperty("--done", `${(100 * audio.currentTime) / (length || 1)}%`);
    const now = clock(audio.currentTime), all = clock(length);
    find(".time").textContent = waiting && !source ? words.waiting : `${now} / ${all}`;
    seek.setAttribute("aria-valuetext", `${now} / ${all}`);
    onTime(audio.currentTime);
    window.dispatchEvent(new CustomEvent("songloom:time", { detail: { player, seconds: audio.currentTime } }));
  }
  function follow() {
    show();
    if (!audio.paused) frame = requestAnimationFrame(follow);
  }
  function dress() {
    const still = audio.paused && !wanted;
    const text = still ? words.play : words.pause;
    button.classList.toggle("coming", waiting && !source);
    root.setAttribute("aria-busy", String(waiting && !source));
    button.setAttribute("aria-label", text); button.title = text;
    button.querySelector(".shape").setAttribute("d", still ? PLAY : PAUSE);
    root.classList.toggle("playing", !audio.paused);
    const silent = audio.muted || audio.volume === 0;
    volume.value = String(silent ? 0 : audio.volume); volume.style.setProperty("--done", `${100 * volume.value}%`);
    mute.classList.toggle("silent", silent);
    mute.setAttribute("aria-label", silent ? words.unmute : words.mute); mute.title = silent ? words.unmute : words.mute;
  }
  function load(address, texts, isWaiting, piece) {
    if (piece !== item) { hearing.settle(); item = piece; }
    words = texts; waiting = Boolean(isWaiting); wanted &&= waiting || Boolean(address);
    find(".player").hidden = !address && !waiting;
    seek.setAttribute("aria-label", words.seek); volume.setAttribute("aria-label", words.volume);
    if (address !== source) {
      if (source) { resumeAt = audio.currentTime; wanted = !audio.paused; }
      const [was, going] = [resumeAt, wanted];
      audio.pause();
      source = address; tries = 0; find(".failed").hidden = true;
      if (address) {
        audio.src = address;
        resumeAt = 0; wanted = false;
        if (was || going) audio.addEventListener("loadedmetadata", () => { audio.currentTime = Math.min(was, audio.duration); if (going) start(); }, { once: true });
      } else { audio.removeAttribute("src"); audio.load(); }
    }
    dress(); show();
  }
  function dispose() {
    cancelAnimationFrame(frame);
    hearing.dispose();
    audio.pause(); page.all.delete(player);
    if (page.last === player) page.last = null;
  }

  page.all.add(player);
  audio.volume = Number(volume.value);
  audio.onplay = () => { dress(); cancelAnimationFrame(frame); follow(); };
  audio.onpause = audio.onvolumechange = dress;
  audio.onended = () => { audio.currentTime = 0; dress(); show(); };
  audio.onloadedmetadata = audio.onseeked = audio.ondurationchange = show;
  audio.onwaiting = () => button.classList.add("waiting");
  audio.onplaying = audio.oncanplay = () => button.classList.remove("waiting");
  // While the page runs again its sounds are put away and brought back: what is not there is asked for a few times.
  audio.onerror = () => {
    if (!source) return;
    if (tries >= 3) { fail(); return; }
    tries += 1;
    const wants = source;
    setTimeout(() => { if (source === wants && root.isConnected) audio.src = wants; }, 400 * tries);
  };
  button.onclick = () => { player.touch(); player.toggle(); };
  seek.oninput = () => { player.touch(); player.seek(Number(seek.value)); };
  volume.oninput = () => { audio.muted = false; audio.volume = Number(volume.value); };
  mute.onclick = () => { audio.muted = !audio.muted; if (!audio.muted && audio.volume === 0) audio.volume = 0.9; };
  return player;
}
