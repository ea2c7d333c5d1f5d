// One roll on the page: takes what Python says, keeps what the listener does, draws.
import { barAt, layout, makeRows, readNotes, rowCount, secondsAt, tickAt, tickOf, xOf, yOf } from "./geometry.mjs";
import { agree, enter, makeLog, outgoing } from "../../components/web/log.mjs";
import { mounting } from "../../components/web/mount.mjs";
import { noteId, removal, result, withPending } from "./edits.mjs";
import { drawCursor, drawMusic, prepare, readColours } from "./draw.mjs";
import { makePlayer } from "./player.mjs";
import { attachEditing, place, STEPS } from "./edit.mjs";

const LOGS = Symbol.for("songloom.roll.logs");

export default mounting(".roll", makeRoll);

function makeRoll(root) {
  const find = (name) => root.querySelector(name);
  const roll = {
    root, canvas: find("canvas.notes"), over: find("canvas.over"), stage: find(".stage"),
    data: null, model: null, view: null, colours: null, zoom: 1, log: null, base: [], seconds: 0, placed: false, frame: 0,
    editable: () => Boolean(roll.data?.editable),
    point: (event) => { const box = roll.canvas.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; },
    track: () => Number(find("select.track").value || 0),
    say: (text) => { find(".said").textContent = text; },
  };
  roll.player = makePlayer(root, (seconds) => { roll.seconds = seconds; follow(roll); });
  roll.update = (data) => update(roll, data);
  roll.redraw = () => { cancelAnimationFrame(roll.frame); roll.frame = requestAnimationFrame(() => draw(roll)); };
  roll.commit = (edits) => commit(roll, edits);
  roll.audition = (pitch, drum) => { if (!drum && !roll.player.playing()) sound(roll, pitch); };
  roll.chooseTrack = (index) => { find("select.track").value = String(index); };
  roll.trackFor = (drum) => {
    const { tracks } = roll.model;
    return tracks[roll.track()]?.drum === drum ? roll.track() : tracks.findIndex((track) => Boolean(track.drum) === drum);
  };
  roll.firstCaret = () => firstCaret(roll);
  roll.reveal = (spot) => reveal(roll, spot);
  roll.seekTo = (x) => { if (roll.player.ready()) roll.player.seek(secondsAt(roll.data.tempo, Math.max(0, tickOf(roll.view, x)))); };
  roll.zoomBy = (factor) => zoomBy(roll, factor);
  roll.seekByBar = (step) => {
    const { bars, tempo } = roll.data;
    const bar = barAt(bars, tickAt(tempo, roll.player.time()) + 1) + step;
    roll.player.seek(secondsAt(tempo, bars[Math.max(0, Math.min(bars.length - 1, bar))][0]));
  };
  attachEditing(roll);
  attachTools(roll);
  const watcher = new ResizeObserver(() => { if (roll.data) { arrange(roll); draw(roll); } });
  watcher.observe(roll.stage);
  roll.stage.onscroll = () => { scrolled(roll); roll.redraw(); };
  roll.stage.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoomBy(roll, Math.exp(-event.deltaY / 300), roll.point(event)[0]);
  }, { passive: false });
  roll.dispose = () => { watcher.disconnect(); cancelAnimationFrame(roll.frame); roll.player.dispose(); roll.tones?.close(); };
  return roll;
}

/**
 * The log of a session of this roll, kept beside the page: while Streamlit is busy at the start it may draw the roll
 * anew, and what was done before must still arrive. What a new session of the server shows may be another take: edits
 * of the one before mean nothing to it.
 */
function logOf(session) {
  const logs = (window[LOGS] ??= new Map());
  if (!logs.has(session)) logs.set(session, makeLog());
  return logs.get(session);
}

function update(roll, data) {
  const { root, canvas } = roll;
  if (roll.data?.session !== data.session) roll.log = logOf(data.session);
  const had = roll.model;
  roll.data = data;
  agree(roll.log, data.session, data.acknowledged);
  roll.base = readNotes(data.tracks);
  roll.model = {
    tracks: data.tracks, bars: data.bars, firstBar: data.firstBar, chords: data.chords, newFrom: data.newFrom,
    flats: data.flats, drumNames: data.drumNames, editable: data.editable, words: data.texts, notes: withPending(roll.base, roll.log),
    step: had?.step ?? 240, selected: had?.selected ?? new Set(), caret: had?.caret ?? null,
    draft: had?.draft ?? null, lasso: had?.lasso ?? null, ghosts: had?.ghosts ?? null, moving: had?.moving ?? null,
  };
  prune(roll.model);
  root.lang = data.lang;
  root.classList.toggle("editing", data.editable);
  roll.stage.style.height = `${data.height}px`;
  canvas.setAttribute("role", data.editable ? "application" : "img");
  canvas.setAttribute("aria-label", data.editable ? `${data.label}. ${data.texts.help}` : data.label);
  roll.colours = readColours(root, data.palette);
  root.style.setProperty("--on-accent", roll.colours.onAccent);
  root.style.colorScheme = roll.colours.dark ? "dark" : "light";
  fillTools(roll);
  arrange(roll);
  roll.player.name = data.name;
  roll.player.load(data.audio, data.texts, data.waiting, data.item);
  draw(roll);
}

function prune(model) {
  const there = new Set(model.notes.map(noteId));
  model.selected = new Set([...model.selected].filter((id) => there.has(id)));
}

/** Sizes and scroll area; twice, because a scrollbar that appears takes room itself. */
function arrange(roll) {
  const { stage, data, model } = roll;
  const rows = makeRows(model.tracks, model.notes, data.editable, data.kit);
  const row = globalThis.matchMedia?.("(pointer: coarse)").matches ? 18 : 12;
  for (let turn = 0; turn < 2; turn++) {
    const [width, height] = [stage.clientWidth, stage.clientHeight];
    if (roll.view && turn && roll.view.width === width && roll.view.height === height) break;
    roll.view = layout({ width, height, rows, bars: data.bars, chords: data.chords.length, editable: data.editable, zoom: roll.zoom, row });
    const pane = roll.root.querySelector(".pane"), spacer = roll.root.querySelector(".spacer");
    Object.assign(pane.style, { width: `${width}px`, height: `${height}px`, marginBottom: `${-height}px` });
    Object.assign(spacer.style, { width: `${roll.view.contentWidth}px`, height: `${roll.view.contentHeight}px` });
  }
  if (!roll.placed && stage.clientWidth && data.editable) {
    roll.placed = true;
    const pitches = model.notes.filter((note) => !model.tracks[note.track].drum).map((note) => note.pitch);
    const middle = pitches.length ? pitches.reduce((sum, pitch) => sum + pitch, 0) / pitches.length : 67;
    stage.scrollTop = yOf(roll.view, Math.round(middle), false) - (roll.view.height + roll.view.top) / 2;
    if (rowCount(rows) === rows.drums.length) stage.scrollTop = 0;
  }
  scrolled(roll);
}

function scrolled(roll) {
  roll.view.scrollX = roll.stage.scrollLeft;
  roll.view.scrollY = roll.stage.scrollTop;
}

function draw(roll) {
  const { view, model, colours } = roll;
  if (!view || !view.width) return;
  drawMusic(prepare(roll.canvas, view.width, view.height), model, view, colours);
  drawOver(roll);
}

function drawOver(roll) {
  const { view, model, colours, data } = roll;
  if (!view?.width) return;
  const g = prepare(roll.over, view.width, view.height);
  const shown = roll.player?.ready() && (roll.seconds > 0 || roll.player.playing());
  roll.over.dataset.cursor = shown ? xOf(view, tickAt(data.tempo, roll.seconds)).toFixed(1) : "";
  if (shown) drawCursor(g, model, view, colours, tickAt(data.tempo, roll.seconds));
}

/** Cursor to where the sound is; the view turns the page when it runs out of sight. */
function follow(roll) {
  if (!roll.view?.width) return;
  const x = xOf(roll.view, tickAt(roll.data.tempo, roll.seconds));
  const { view, stage } = roll;
  if (roll.player?.playing() && (x > view.width - 24 || x < view.keys)) stage.scrollLeft += x - view.keys - 40;
  drawOver(roll);
}

function commit(roll, edits) {
  if (!edits.length) return;
  const { model } = roll;
  enter(roll.log, { edits });
  roll.post(outgoing(roll.log));
  model.notes = withPending(roll.base, roll.log);
  const kept = edits.filter((edit) => edit.op === "move" || edit.op === "resize").map(result);
  if (kept.length) model.selected = new Set(kept.map(noteId));
  prune(model);
  const [edit] = edits;
  const drum = edit.track !== undefined && model.tracks[edit.track].drum;
  if (edit.op === "undo" || edit.op === "redo") roll.say(model.words[edit.op]);
  else if (edit.op === "delete") roll.say(`${edits.length} ${model.words.notes} ${model.words.deleted}`);
  else if (edit.op === "add") roll.say(`${place(roll, edit, drum)}, ${model.words.added}`);
  else roll.say(place(roll, result(edit), drum));
  arrange(roll);
  roll.redraw();
}

function firstCaret(roll) {
  const { model, view } = roll;
  const drum = Boolean(model.tracks[roll.track()]?.drum);
  const own = model.notes.filter((note) => note.track === roll.track());
  const last = own.reduce((best, note) => (best && best.start > note.start ? best : note), null);
  const tick = last ? Math.min(view.ticks - model.step, last.start + last.duration) : 0;
  return { tick, pitch: last?.pitch ?? (drum ? view.rows.drums.at(-1) : 67), drum, duration: model.step };
}

function reveal(roll, { tick, pitch, drum }) {
  const { view, stage } = roll;
  const x = xOf(view, tick), y = yOf(view, pitch, drum);
  if (x < view.keys || x > view.width - 40) stage.scrollLeft += x - view.width / 3;
  if (y < view.top) stage.scrollTop += y - view.top - 24;
  if (y + view.rowHeight > view.height) stage.scrollTop += y + view.rowHeight - view.height + 24;
  scrolled(roll);
}

function zoomBy(roll, factor, x = roll.view.width / 2) {
  const tick = tickOf(roll.view, x), half = (roll.view.height - roll.view.top) / 2;
  const middle = (roll.stage.scrollTop + half) / roll.view.rowHeight;
  roll.zoom = Math.max(1, Math.min(24, roll.zoom * factor));
  arrange(roll);
  roll.stage.scrollLeft += xOf(roll.view, tick) - x;
  roll.stage.scrollTop = middle * roll.view.rowHeight - half;
  scrolled(roll);
  roll.redraw();
}

function attachTools(roll) {
  const find = (name) => roll.root.querySelector(name);
  find(".grid").onchange = (event) => { roll.model.step = Number(event.target.value); roll.redraw(); };
  find("select.track").onchange = () => { roll.model.caret = null; roll.redraw(); };
  find(".undo").onclick = () => commit(roll, [{ op: "undo" }]);
  find(".redo").onclick = () => commit(roll, [{ op: "redo" }]);
  find(".delete").onclick = () => commit(roll, roll.model.notes.filter((note) => roll.model.selected.has(noteId(note))).map(removal));
  find(".zoom-in").onclick = () => zoomBy(roll, 1.5);
  find(".zoom-out").onclick = () => zoomBy(roll, 1 / 1.5);
}

function fillTools(roll) {
  const { data, root, model } = roll;
  const find = (name) => root.querySelector(name);
  find(".tools").hidden = find(".help").hidden = !data.editable;
  if (!data.editable) return;
  const words = data.texts;
  find(".tools").setAttribute("aria-label", words.tools);
  find(".help").textContent = words.help;
  find(".grid-word").textContent = words.grid; find(".track-word").textContent = words.track;
  for (const [name, word] of [["undo", "undo"], ["redo", "redo"], ["delete", "delete"], ["zoom-in", "zoomIn"], ["zoom-out", "zoomOut"]]) {
    find(`.${name}`).setAttribute("aria-label", words[word]); find(`.${name}`).title = words[word];
  }
  find(".undo").disabled = !data.canUndo; find(".redo").disabled = !data.canRedo;
  const steps = STEPS.map(([name, ticks, triplet]) => [ticks, triplet ? `${name} ${words.triplet}` : name]);
  options(find(".grid"), steps, model.step);
  options(find("select.track"), data.tracks.map((track, index) => [index, track.name || `${words.track} ${index + 1}`]), roll.track());
  find(".track-field").hidden = data.tracks.length < 2;
}

function options(select, pairs, value) {
  if (JSON.stringify(pairs) !== select.dataset.pairs) {
    select.dataset.pairs = JSON.stringify(pairs);
    select.replaceChildren(...pairs.map(([id, text]) => new Option(text, String(id))));
  }
  select.value = String(value);
}

/** A short soft tone, so that the listener hears the note under the pointer. */
function sound(roll, pitch) {
  const context = (roll.tones ??= new AudioContext());
  const [tone, gain, now] = [context.createOscillator(), context.createGain(), context.currentTime];
  tone.type = "triangle"; tone.frequency.value = 440 * 2 ** ((pitch - 69) / 12);
  gain.gain.setValueAtTime(0.0001, now);
  gain.gain.exponentialRampToValueAtTime(0.12, now + 0.01);
  gain.gain.exponentialRampToValueAtTime(0.0001, now + 0.35);
  tone.connect(gain).connect(context.destination);
  tone.start(now); tone.stop(now + 0.4);
}
