// The sound of a roll: one audio element, its controls.
import { clock } from "./geometry.mjs";
import { pageOfPlayers } from "./page.mjs";

const PLAY = "M8 5v14l11-7z";
const PAUSE = "M7 5h4v14H7zM13 5h4v14h-4z";

/** A player for the elements in `root`; `onTime` is told the position in seconds while it changes. */
export function makePlayer(root, onTime) {
  const find = (name) => root.querySelector(name);
  const audio = find("audio"), button = find(".play"), seek = find(".seek"), volume = find(".volume"), mute = find(".mute");
  const page = pageOfPlayers();
  let words = {}, source = null, frame = 0;
  const player = {
    ready: () => Boolean(source) && root.isConnected,
    playing: () => !audio.paused,
    time: () => audio.currentTime,
    touch: () => { page.last = player; },
    pause: () => audio.pause(),
    toggle: () => (audio.paused ? start() : audio.pause()),
    seek: (seconds) => { audio.currentTime = Math.max(0, Math.min(seconds, audio.duration || seconds)); show(); },
    load, dispose,
  };

  function start() {
    if (!source) return;
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
    find(".time").textContent = `${now} / ${all}`;
    seek.setAttribute("aria-valuetext", `${now} / ${all}`);
    onTime(audio.currentTime);
  }
  function follow() {
    show();
    if (!audio.paused) frame = requestAnimationFrame(follow);
  }
  function dress() {
    const text = audio.paused ? words.play : words.pause;
    button.setAttribute("aria-label", text); button.title = text;
    button.querySelector(".shape").setAttribute("d", audio.paused ? PLAY : PAUSE);
    root.classList.toggle("playing", !audio.paused);
    const silent = audio.muted || audio.volume === 0;
    volume.value = String(silent ? 0 : audio.volume); volume.style.setProperty("--done", `${100 * volume.value}%`);
    mute.classList.toggle("silent", silent);
    mute.setAttribute("aria-label", silent ? words.unmute : words.mute); mute.title = silent ? words.unmute : words.mute;
  }
  function load(address, texts) {
    words = texts;
    find(".player").hidden = !address;
    seek.setAttribute("aria-label", words.seek); volume.setAttribute("aria-label", words.volume);
    if (address !== source) {
      const [was, going] = [audio.currentTime, !audio.paused];
      audio.pause();
      source = address; find(".failed").hidden = true;
      if (address) {
        audio.src = address;
        if (was) audio.addEventListener("loadedmetadata", () => { audio.currentTime = Math.min(was, audio.duration); if (going) start(); }, { once: true });
      } else { audio.removeAttribute("src"); audio.load(); }
    }
    dress(); show();
  }
  function dispose() {
    cancelAnimationFrame(frame);
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
  audio.onerror = () => { if (source) fail(); };
  button.onclick = () => { player.touch(); player.toggle(); };
  seek.oninput = () => { player.touch(); player.seek(Number(seek.value)); };
  volume.oninput = () => { audio.muted = false; audio.volume = Number(volume.value); };
  mute.onclick = () => { audio.muted = !audio.muted; if (!audio.muted && audio.volume === 0) audio.volume = 0.9; };
  return player;
}
