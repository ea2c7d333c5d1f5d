// Words that run along with the sound of a piano roll's player; a click on a syllable moves it.
import { agree, enter, makeLog, outgoing } from "../../components/web/log.mjs";
import { mounting } from "../../components/web/mount.mjs";
import { pageOfPlayers } from "../../components/web/page.mjs";
import { scrollFor, sungAt } from "./follow.mjs";

const SVG = "http://www.w3.org/2000/svg", AGAIN = "M20 11a8 8 0 1 0-2.3 5.7M20 5v6h-6", TRIES = 3, RETRY_MS = 400;

export default mounting(".karaoke", makeKaraoke);

function makeKaraoke(root) {
  const find = (name) => root.querySelector(name);
  const strip = find(".strip"), lines = find(".lines"), log = makeLog(), page = pageOfPlayers();
  const calm = globalThis.matchMedia?.("(prefers-reduced-motion: reduce)");
  let data = null, words = "", address = null, syllables = [], spans = [], items = [], notes = new Map(), now = { word: -1, note: -1 };
  const view = { root, post: () => undefined, update, dispose };
  const player = () => [...page.all].find((one) => one.name === data.player && one.ready());

  function update(given) {
    data = given;
    agree(log, data.session, data.acknowledged);
    root.lang = data.lang;
    root.setAttribute("aria-label", data.label);
    strip.setAttribute("aria-label", data.texts.strip);
    lines.setAttribute("aria-label", data.texts.words);
    const text = JSON.stringify([data.lines, data.again]);
    if (text !== words) { words = text; write(); }
    if (data.strip !== address) { address = data.strip; fetchStrip(address, TRIES); }
  }
  function write() {
    syllables = []; items = []; spans = data.lines.flat().map(([, from, to]) => [from, to]);
    now.word = -1;
    const list = document.createElement("ol");
    data.lines.forEach((line, number) => list.append(lineOf(line, number)));
    lines.replaceChildren(list);
    if (syllables[0]) syllables[0].tabIndex = 0;
  }
  function lineOf(line, number) {
    const item = document.createElement("li"), text = document.createElement("span");
    text.className = "text";
    for (const [written, from] of line) {
      const button = document.createElement("button"), said = written.trimEnd();
      button.type = "button"; button.tabIndex = -1; button.textContent = said;
      button.onclick = () => { choose(button); seek(from); };
      syllables.push(button); items.push(item);
      text.append(button, written.slice(said.length));
    }
    item.append(text);
    if (data.again[number]) item.append(againButton(number));
    return item;
  }
  function againButton(number) {
    const button = document.createElement("button"), icon = document.createElementNS(SVG, "svg"), path = document.createElementNS(SVG, "path");
    button.type = "button"; button.className = "again"; button.title = data.again[number];
    button.setAttribute("aria-label", data.again[number]);
    icon.setAttribute("viewBox", "0 0 24 24"); icon.setAttribute("aria-hidden", "true");
    path.setAttribute("d", AGAIN);
    icon.append(path); button.append(icon);
    button.onclick = () => { enter(log, { again: number }); view.post(outgoing(log)); };
    return button;
  }
  async function fetchStrip(wanted, tries) {
    if (!wanted) { strip.replaceChildren(); strip.hidden = true; return; }
    const answer = await fetch(wanted).catch(() => null);
    const text = answer?.ok ? await answer.text() : "";
    if (wanted !== address) return;
    const drawing = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
    if (drawing.localName === "svg") put(document.importNode(drawing, true));
    // While the page runs again what it shows is put away and brought back.
    else if (tries && root.isConnected) setTimeout(() => fetchStrip(wanted, tries - 1), RETRY_MS);
  }
  function put(drawing) {
    const [, , width, height] = drawing.getAttribute("viewBox").split(/\s+/).map(Number);
    Object.assign(drawing.style, { width: `${width}px`, height: `${height}px` });
    drawing.setAttribute("aria-hidden", "true");
    strip.replaceChildren(drawing);
    strip.hidden = false;
    notes = new Map([...drawing.querySelectorAll(".note")].map((note) => [note.id, note]));
    now.note = -1;
    const playing = player();
    if (playing) follow(shown(playing));
  }
  const shown = (one) => (one.playing() || one.time() > 0 ? one.time() : -1); // before the first sound nothing is sung
  const drawn = (index) => (data.onsets[index]?.[2] ?? []).map((id) => notes.get(id)).filter(Boolean);

  function follow(seconds) {
    const word = sungAt(spans, seconds), note = sungAt(data.onsets, seconds);
    if (word !== now.word) {
      syllables[now.word]?.classList.remove("lit");
      syllables[word]?.classList.add("lit");
      if (word >= 0 && items[word] !== items[now.word]) mark(items[word]);
      now.word = word;
    }
    if (note !== now.note) {
      drawn(now.note).forEach((one) => one.classList.remove("lit"));
      drawn(note).forEach((one) => one.classList.add("lit"));
      now.note = note;
      const first = drawn(note)[0];
      if (first) scroll(strip, "left", "scrollLeft", first.getBoundingClientRect().left - strip.getBoundingClientRect().left + strip.scrollLeft, strip.clientWidth);
    }
  }
  function mark(item) {
    lines.querySelector(".now")?.classList.remove("now");
    item.classList.add("now");
    scroll(lines, "top", "scrollTop", item.offsetTop, lines.clientHeight);
  }
  function scroll(element, side, where, at, size) {
    const goal = scrollFor(at, element[where], size);
    if (goal !== null) element.scrollTo({ [side]: goal, behavior: calm?.matches ? "instant" : "smooth" });
  }
  function seek(seconds) {
    const one = player();
    if (one) { one.touch(); one.seek(seconds); }
    else follow(seconds);
  }
  function choose(button) {
    syllables.forEach((one) => { one.tabIndex = one === button ? 0 : -1; });
    button.focus({ preventScroll: true });
  }
  lines.onkeydown = (event) => {
    const at = syllables.indexOf(event.target);
    if (at < 0) return;
    const first = (step) => {
      const kinds = [...new Set(items)], row = kinds[kinds.indexOf(items[at]) + step];
      return row ? items.indexOf(row) : at;
    };
    const goal = { ArrowRight: () => at + 1, ArrowLeft: () => at - 1, ArrowDown: () => first(1), ArrowUp: () => first(-1) }[event.key]?.();
    if (goal === undefined || !syllables[goal]) return;
    event.preventDefault();
    choose(syllables[goal]);
  };
  strip.onclick = (event) => {
    const id = (event.target.closest?.(".note") ?? nearest(event.clientX))?.id;
    const onset = data.onsets.find(([, , ids]) => ids.includes(id));
    if (onset) seek(onset[0]);
  };
  /** The note closest to where was clicked: heads are small. */
  function nearest(x) {
    const away = (note) => { const box = note.getBoundingClientRect(); return Math.abs(box.left + box.width / 2 - x); };
    return [...notes.values()].reduce((best, note) => (best && away(best) <= away(note) ? best : note), null);
  }
  const onTime = ({ detail }) => { if (data && detail.player.name === data.player) follow(shown(detail.player)); };
  window.addEventListener("songloom:time", onTime);
  function dispose() { window.removeEventListener("songloom:time", onTime); }
  return view;
}
