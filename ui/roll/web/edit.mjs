// Drawing, moving, lengthening and deleting notes with mouse, touch and keyboard.
import { barAndBeat, hit, inBox, noteBox, pitchName, rowAt, snap, tickOf } from "./geometry.mjs";
import { addition, noteId, removal, result, shift, stretch } from "./edits.mjs";

const VELOCITY = 90;
const DOUBLE_CLICK = 400;
const TOUCH_SLOP = 8;

/** Grid steps in ticks of a quarter's 480, as [name, ticks, triplet]. */
export const STEPS = [
  ["1/4", 480, false], ["1/8", 240, false], ["1/16", 120, false], ["1/32", 60, false],
  ["1/4", 320, true], ["1/8", 160, true], ["1/16", 80, true],
];

/** Listens on the roll's canvas; `roll` gives model, view and commit (see main). */
export function attachEditing(roll) {
  const { canvas } = roll;
  const pen = { mode: null, last: { id: "", at: 0 } };
  canvas.onpointerdown = (event) => onDown(roll, pen, event);
  canvas.onpointermove = (event) => (pen.mode ? onDrag(roll, pen, event) : onHover(roll, event));
  canvas.onpointerup = (event) => onUp(roll, pen, event);
  canvas.onpointercancel = () => { stop(roll, pen); roll.redraw(); };
  canvas.onkeydown = (event) => onKey(roll, event);
  canvas.ontouchstart = null;
  canvas.addEventListener("touchstart", (event) => {
    const [x, y] = roll.point(event.touches[0]);
    if (event.touches.length === 1 && roll.editable() && hit(roll.view, roll.model.notes, roll.model.tracks, x, y)) event.preventDefault();
  }, { passive: false });
}

const chosen = (model) => model.notes.filter((note) => model.selected.has(noteId(note)));
const isDrum = (model, note) => model.tracks[note.track].drum;

function stop(roll, pen) {
  pen.mode = null;
  Object.assign(roll.model, { draft: null, lasso: null, ghosts: null, moving: null });
}

function onDown(roll, pen, event) {
  if (event.button !== 0) return;
  const { model, view, canvas } = roll;
  const [x, y] = roll.point(event);
  roll.player.touch();
  canvas.focus({ preventScroll: true });
  if (!roll.editable() || y < view.top) { pen.mode = "seek"; roll.seekTo(x); grab(canvas, event); return; }
  const found = hit(view, model.notes, model.tracks, x, y);
  Object.assign(pen, { x, y, moved: false, touch: event.pointerType === "touch" });
  model.caret = null;
  if (found) {
    pressNote(roll, pen, found, event);
  } else if (event.shiftKey) {
    pen.mode = "lasso"; model.lasso = { x0: x, y0: y, x1: x, y1: y };
  } else if (pen.touch) {
    pen.mode = "tap";
  } else {
    model.selected = new Set();
    pen.mode = "draw"; model.draft = freshNote(roll, x, y);
    if (!model.draft) pen.mode = null; else roll.audition(model.draft.pitch, isDrum(model, model.draft));
  }
  grab(canvas, event);
  roll.redraw();
}

const grab = (canvas, event) => { if (event.isTrusted) canvas.setPointerCapture(event.pointerId); };

function pressNote(roll, pen, { note, edge }, event) {
  const { model } = roll;
  const id = noteId(note), now = event.timeStamp;
  if (pen.last.id === id && now - pen.last.at < DOUBLE_CLICK) {
    pen.last = { id: "", at: 0 }; pen.mode = null;
    roll.commit([removal(note)]);
    return;
  }
  pen.last = { id, at: now };
  if (event.shiftKey) {
    if (model.selected.has(id)) model.selected.delete(id); else model.selected.add(id);
  } else if (!model.selected.has(id)) model.selected = new Set([id]);
  roll.chooseTrack(note.track);
  pen.note = note; pen.mode = edge ? "resize" : "move";
  if (!edge) roll.audition(note.pitch, isDrum(model, note));
}

/** The note that a click at (x, y) draws on the chosen track, null where no row of that track is. */
function freshNote(roll, x, y) {
  const { model, view } = roll;
  const row = rowAt(view, y), start = snap(model.bars, tickOf(view, x), model.step);
  if (!row || start >= view.ticks || tickOf(view, x) < 0) return null;
  const track = roll.trackFor(row.drum);
  return track < 0 ? null : { track, start, pitch: row.pitch, duration: model.step, velocity: VELOCITY };
}

function onHover(roll, event) {
  const [x, y] = roll.point(event);
  const found = roll.editable() && y >= roll.view.top && hit(roll.view, roll.model.notes, roll.model.tracks, x, y);
  roll.canvas.classList.toggle("on-note", Boolean(found && !found.edge));
  roll.canvas.classList.toggle("on-edge", Boolean(found && found.edge));
}

function onDrag(roll, pen, event) {
  const { model, view } = roll;
  const [x, y] = roll.point(event);
  pen.moved ||= Math.hypot(x - pen.x, y - pen.y) > (pen.touch ? TOUCH_SLOP : 3);
  if (pen.mode === "seek") roll.seekTo(x);
  else if (pen.mode === "draw") {
    const end = snap(model.bars, tickOf(view, x) + model.step / 2, model.step, true);
    model.draft = { ...model.draft, duration: Math.max(model.step, Math.min(end, view.ticks) - model.draft.start) };
  } else if (pen.mode === "lasso") {
    Object.assign(model.lasso, { x1: x, y1: y });
    for (const note of model.notes) {
      if (inBox(noteBox(view, note, isDrum(model, note)), pen.x, pen.y, x, y)) model.selected.add(noteId(note));
    }
  } else if (pen.moved && (pen.mode === "move" || pen.mode === "resize")) {
    const before = pen.edits?.[0];
    pen.edits = pen.mode === "move" ? dragged(roll, pen, x, y) : stretched(roll, pen, x);
    model.moving = new Set(pen.edits.map((edit) => noteId(edit)));
    model.ghosts = pen.edits.map((edit) => ({ ...result(edit), velocity: VELOCITY }));
    const [now] = pen.edits;
    if (pen.mode === "move" && now && before && now.toPitch !== before.toPitch) roll.audition(now.toPitch, isDrum(model, now));
  }
  roll.redraw();
}

function dragged(roll, pen, x, y) {
  const { model, view } = roll;
  const start = snap(model.bars, pen.note.start + (x - pen.x) / view.perTick, model.step, true);
  const row = rowAt(view, y);
  const semitones = row && row.drum === isDrum(model, pen.note) ? row.pitch - pen.note.pitch : 0;
  return moves(roll, start - pen.note.start, semitones);
}

/** Moves of all selected notes, kept inside the piece and the pitches; ordered so that none meets another's old place. */
export function moves(roll, ticks, semitones) {
  const notes = chosen(roll.model);
  if (!notes.length) return [];
  const by = Math.max(ticks, -Math.min(...notes.map((note) => note.start)));
  const up = notes.length > 1 && notes.some((note) => isDrum(roll.model, note)) ? 0
    : Math.min(127 - Math.max(...notes.map((note) => note.pitch)), Math.max(semitones, -Math.min(...notes.map((note) => note.pitch))));
  if (!by && !up) return [];
  notes.sort((a, b) => (by ? (a.start - b.start) * -Math.sign(by) : (a.pitch - b.pitch) * -Math.sign(up)));
  return notes.map((note) => shift(note, by, up));
}

function stretched(roll, pen, x) {
  const { model, view } = roll;
  const { start, duration } = pen.note;
  const end = snap(model.bars, start + duration + (x - pen.x) / view.perTick, model.step, true);
  return lengthen(roll, Math.max(model.step, end - start) - duration);
}

function lengthen(roll, ticks) {
  const least = Math.min(roll.model.step, ...chosen(roll.model).map((note) => note.duration));
  return ticks ? chosen(roll.model).map((note) => stretch(note, Math.max(least, note.duration + ticks))) : [];
}

function onUp(roll, pen, event) {
  const { model } = roll;
  const { mode, edits, moved } = pen;
  const [x, y] = roll.point(event);
  const draft = mode === "tap" && !moved ? freshNote(roll, x, y) : model.draft;
  stop(roll, pen); pen.edits = null;
  if ((mode === "draw" || mode === "tap") && draft) {
    roll.commit([addition(draft)]);
    model.selected = new Set([noteId(draft)]);
  } else if ((mode === "move" || mode === "resize") && moved && edits?.length) {
    pen.last = { id: "", at: 0 };
    roll.commit(edits);
  }
  roll.redraw();
}

function onKey(roll, event) {
  if (!event.ctrlKey && !event.metaKey && (event.key === "+" || event.key === "-")) { roll.zoomBy(event.key === "+" ? 1.5 : 1 / 1.5); return; }
  if (!roll.editable()) { seekByKey(roll, event); return; }
  const { model } = roll;
  const command = event.ctrlKey || event.metaKey;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (command && (key === "z" || key === "y")) roll.commit([{ op: key === "y" || event.shiftKey ? "redo" : "undo" }]);
  else if (command && key === "a") model.selected = new Set(model.notes.filter((note) => note.track === roll.track()).map(noteId));
  else if (command || event.altKey) return;
  else if (key.startsWith("Arrow")) onArrow(roll, key.slice(5), event.shiftKey);
  else if (key === "Delete" || key === "Backspace") roll.commit(chosen(model).map(removal));
  else if (key === "Escape") { model.selected = new Set(); model.caret = null; }
  else if (key === "Enter") drawAtCaret(roll);
  else if (key === "," || key === ".") chooseNext(roll, key === "." ? 1 : -1);
  else if (key === "[" || key === "]") roll.commit(lengthen(roll, key === "]" ? model.step : -model.step));
  else return;
  event.preventDefault(); event.stopPropagation();
  roll.redraw();
}

const ARROWS = { Left: [-1, 0], Right: [1, 0], Up: [0, 1], Down: [0, -1] };

function onArrow(roll, name, octave) {
  const { model } = roll;
  const [steps, semitones] = ARROWS[name];
  if (model.selected.size) {
    const edits = moves(roll, steps * model.step, semitones * (octave ? 12 : 1));
    if (!edits.length) return;
    roll.commit(edits);
    if (semitones) roll.audition(edits[0].toPitch, isDrum(model, edits[0]));
    return;
  }
  const caret = (model.caret ??= roll.firstCaret());
  const { rows } = roll.view;
  caret.tick = Math.max(0, Math.min(roll.view.ticks - model.step, caret.tick + steps * model.step));
  if (caret.drum) {
    const index = rows.drums.indexOf(caret.pitch) - semitones;
    caret.pitch = rows.drums[Math.max(0, Math.min(rows.drums.length - 1, index))];
  } else caret.pitch = Math.max(rows.low, Math.min(rows.high, caret.pitch + semitones * (octave ? 12 : 1)));
  caret.duration = model.step;
  roll.reveal(caret);
  roll.say(place(roll, { ...caret, start: caret.tick }, caret.drum));
}

/** "C5, bar 2.3": how a place on the roll is read out. */
export function place(roll, { pitch, start }, drum) {
  const { model } = roll;
  const name = drum ? model.drumNames[pitch] ?? String(pitch) : pitchName(pitch, model.flats);
  return `${name}, ${model.words.bar} ${barAndBeat(model.bars, model.firstBar, start)}`;
}

function drawAtCaret(roll) {
  const { model } = roll;
  const caret = (model.caret ??= roll.firstCaret());
  const track = roll.trackFor(caret.drum);
  if (track < 0) return;
  const note = { track, start: caret.tick, pitch: caret.pitch, duration: model.step, velocity: VELOCITY };
  roll.commit([addition(note)]);
  roll.audition(note.pitch, caret.drum);
  model.selected = new Set();
  caret.tick = Math.min(roll.view.ticks - model.step, caret.tick + model.step);
  roll.reveal(caret);
}

function chooseNext(roll, direction) {
  const { model } = roll;
  const notes = model.notes.filter((note) => note.track === roll.track()).sort((a, b) => a.start - b.start || a.pitch - b.pitch);
  if (!notes.length) return;
  const now = notes.findIndex((note) => model.selected.has(noteId(note)));
  const next = now < 0 ? (direction > 0 ? 0 : notes.length - 1) : (now + direction + notes.length) % notes.length;
  model.caret = null;
  model.selected = new Set([noteId(notes[next])]);
  roll.reveal({ tick: notes[next].start, pitch: notes[next].pitch, drum: isDrum(model, notes[next]) });
  roll.say(`${place(roll, notes[next], isDrum(model, notes[next]))}, ${model.words.selected}`);
}

function seekByKey(roll, event) {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!step || !roll.player.ready() || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  roll.seekByBar(step);
}
