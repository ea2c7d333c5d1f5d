// Paints the roll on its two canvases: the music below, cursor and sounding notes above.
import { barAt, gridLines, isBlack, luminance, noteBox, numberEvery, pitchName, xOf, yOf } from "./geometry.mjs";
import { noteId } from "./edits.mjs";

const LEAST_HEIGHT = 4;

/** The page's colours as they are now; `dark` follows the page's background. */
export function readColours(element, palette) {
  const css = getComputedStyle(element);
  const value = (name, fallback) => css.getPropertyValue(name).trim() || fallback;
  const page = value("--st-background-color", "#ffffff");
  const accent = value("--st-primary-color", "#2f62d9");
  const dark = luminance(page) < 0.2;
  return {
    dark, page, accent,
    text: value("--st-text-color", dark ? "#fafafa" : "#262730"),
    stage: value("--st-secondary-background-color", page),
    font: css.fontFamily || "sans-serif",
    onAccent: luminance(accent) > 0.4 ? "#101114" : "#ffffff",
    tracks: dark ? palette.dark : palette.light,
  };
}

/** Fits a canvas to its size on the page at the screen's own resolution; returns its context, cleared. */
export function prepare(canvas, width, height) {
  const scale = globalThis.devicePixelRatio || 1;
  const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w; canvas.height = h;
    canvas.style.width = `${width}px`; canvas.style.height = `${height}px`;
  }
  const g = canvas.getContext("2d");
  g.setTransform(scale, 0, 0, scale, 0, 0);
  g.clearRect(0, 0, width, height);
  return g;
}

export function drawMusic(g, model, view, colours) {
  g.save();
  g.beginPath(); g.rect(view.keys, view.top, view.width - view.keys, view.height - view.top); g.clip();
  drawRows(g, view, colours);
  drawSeed(g, model, view, colours);
  drawGrid(g, model, view, colours);
  drawNotes(g, model, view, colours);
  drawWords(g, model, view, colours);
  if (model.draft) drawNote(g, model, view, colours, model.draft, { alpha: 0.85 });
  if (model.caret) drawCaret(g, model, view, colours);
  if (model.lasso) drawLasso(g, model.lasso, colours);
  g.restore();
  drawRuler(g, model, view, colours);
  if (view.keys) drawKeys(g, model, view, colours);
}

function fill(g, colour, alpha, x, y, w, h) {
  g.globalAlpha = alpha; g.fillStyle = colour; g.fillRect(x, y, w, h); g.globalAlpha = 1;
}

function drawRows(g, view, colours) {
  const { rows, rowHeight, width, keys } = view;
  for (let pitch = rows.low; pitch <= rows.high; pitch++) {
    const y = yOf(view, pitch, false);
    if (y > view.height || y + rowHeight < view.top) continue;
    if (isBlack(pitch) && rowHeight >= 5) fill(g, colours.text, colours.dark ? 0.05 : 0.04, keys, y, width, rowHeight);
    if (pitch % 12 === 0) fill(g, colours.text, 0.12, keys, Math.round(y + rowHeight) - 1, width, 1);
  }
  rows.drums.forEach((pitch, index) => {
    if (index % 2 === 0) fill(g, colours.text, 0.045, keys, yOf(view, pitch, true), width, rowHeight);
  });
}

function drawSeed(g, model, view, colours) {
  if (!model.newFrom) return;
  const x = xOf(view, model.newFrom);
  if (x > view.keys) fill(g, colours.text, colours.dark ? 0.06 : 0.05, view.keys, view.top, x - view.keys, view.height);
  g.strokeStyle = colours.accent; g.lineWidth = 1.5; g.setLineDash([4, 4]);
  g.beginPath(); g.moveTo(x, view.top); g.lineTo(x, view.height); g.stroke(); g.setLineDash([]);
}

/** Seed and new music named at their border; an invitation where there is nothing yet. */
function drawWords(g, model, view, colours) {
  g.textBaseline = "middle"; g.fillStyle = colours.text;
  if (!model.notes.length && !model.draft && model.editable) {
    g.globalAlpha = 0.7; g.textAlign = "center"; g.font = `500 15px ${colours.font}`;
    g.fillText(model.words.empty, view.keys + (view.width - view.keys) / 2, view.top + (view.height - view.top) / 2);
  }
  const x = xOf(view, model.newFrom);
  if (model.newFrom && x - view.keys > 50 && view.height >= 240) {
    const y = view.height - 12;
    g.font = `600 10px ${colours.font}`;
    label(g, colours, model.words.seed, x - g.measureText(model.words.seed).width - 18, y);
    label(g, colours, model.words.new, x + 6, y);
  }
  g.globalAlpha = 1; g.textAlign = "start";
}

function label(g, colours, text, x, y) {
  const width = g.measureText(text).width + 12;
  g.globalAlpha = 0.92; g.fillStyle = colours.stage;
  g.beginPath(); g.roundRect(x, y - 8, width, 16, 8); g.fill();
  g.globalAlpha = 0.8; g.fillStyle = colours.text; g.textAlign = "start";
  g.fillText(text, x + 6, y + 0.5);
}

function drawGrid(g, model, view, colours) {
  const from = Math.max(0, (view.scrollX - view.keys) / view.perTick);
  const to = from + view.width / view.perTick;
  const every = numberEvery(model.bars, view.perTick, 12);
  for (const [tick, number] of gridLines(model.bars, 0, from, to, view.perTick)) {
    if (number !== null && number % every) continue;
    fill(g, colours.text, number === null ? 0.07 : 0.2, Math.round(xOf(view, tick)), view.top, 1, view.height);
  }
  const step = model.step;
  if (!step || step * view.perTick < 8) return;
  for (let i = barAt(model.bars, from); i < model.bars.length && model.bars[i][0] < to; i++) {
    for (let tick = model.bars[i][0]; tick < model.bars[i][1]; tick += step) {
      fill(g, colours.text, 0.035, Math.round(xOf(view, tick)), view.top, 1, view.height);
    }
  }
}

function drawNotes(g, model, view, colours) {
  for (const note of model.notes) {
    if (model.moving?.has(noteId(note))) continue;
    const chosen = model.selected.has(noteId(note));
    drawNote(g, model, view, colours, note, { chosen });
  }
  for (const note of model.ghosts ?? []) drawNote(g, model, view, colours, note, { chosen: true });
}

function drawNote(g, model, view, colours, note, { alpha, chosen } = {}) {
  const track = model.tracks[note.track];
  const box = noteBox(view, note, track.drum);
  if (box.x > view.width || box.x + box.w < view.keys || box.y > view.height || box.y + box.h < view.top) return;
  const seed = note.start < model.newFrom;
  const inset = box.h >= 8 ? 1 : box.h >= 4 ? 0.5 : 0;
  const height = Math.max(track.drum ? 2.5 : LEAST_HEIGHT, box.h - 2 * inset);
  const y = box.y + (box.h - height) / 2;
  g.globalAlpha = (alpha ?? 0.5 + 0.5 * (note.velocity / 127)) * (track.muted ? 0.35 : 1) * (seed ? 0.55 : 1);
  g.fillStyle = colours.tracks[note.track % colours.tracks.length];
  g.beginPath();
  if (track.drum) {
    const side = Math.min(height, 12);
    g.roundRect(box.x, box.y + (box.h - side) / 2, Math.min(box.w, side), side, side / 2);
  } else {
    g.roundRect(box.x, y, box.w, height, Math.min(4, height / 3, box.w / 3));
  }
  g.fill();
  g.globalAlpha = 1;
  if (chosen) { g.strokeStyle = colours.text; g.lineWidth = 2; g.stroke(); }
}

function drawCaret(g, model, view, colours) {
  const { tick, pitch, drum, duration } = model.caret;
  const box = noteBox(view, { start: tick, pitch, duration }, drum);
  g.strokeStyle = colours.accent; g.lineWidth = 1.5; g.setLineDash([3, 2]);
  g.beginPath(); g.roundRect(box.x + 0.5, box.y + 0.5, Math.max(6, box.w), box.h - 1, 3); g.stroke(); g.setLineDash([]);
}

function drawLasso(g, { x0, y0, x1, y1 }, colours) {
  fill(g, colours.accent, 0.12, x0, y0, x1 - x0, y1 - y0);
  g.strokeStyle = colours.accent; g.lineWidth = 1; g.strokeRect(x0 + 0.5, y0 + 0.5, x1 - x0, y1 - y0);
}

function drawRuler(g, model, view, colours) {
  fill(g, colours.stage, 1, 0, 0, view.width, view.top);
  fill(g, colours.text, 0.14, 0, view.top - 1, view.width, 1);
  g.save();
  g.beginPath(); g.rect(view.keys, 0, view.width - view.keys, view.top); g.clip();
  g.textBaseline = "middle";
  g.font = `500 11px ${colours.font}`;
  const every = numberEvery(model.bars, view.perTick);
  for (let i = 0; i < model.bars.length; i += every) {
    const x = xOf(view, model.bars[i][0]);
    if (x < view.keys - 60 || x > view.width) continue;
    fill(g, colours.text, 0.25, Math.round(x), 14, 1, 8);
    g.globalAlpha = 0.72; g.fillStyle = colours.text;
    g.fillText(String(i + model.firstBar), x + 5, 12);
  }
  drawChords(g, model, view, colours);
  g.restore();
  g.globalAlpha = 1;
}

function drawChords(g, model, view, colours) {
  g.font = `600 12px ${colours.font}`; g.globalAlpha = 1; g.fillStyle = colours.text;
  let free = -Infinity;
  for (const [tick, text] of model.chords) {
    const x = xOf(view, tick) + 4;
    if (x < free || x > view.width) continue;
    free = x + g.measureText(text).width + 3;
    if (free > view.keys) g.fillText(text, x, 31);
  }
}

function drawKeys(g, model, view, colours) {
  const { rows, rowHeight, keys } = view;
  g.save();
  g.beginPath(); g.rect(0, view.top, keys, view.height - view.top); g.clip();
  fill(g, colours.stage, 1, 0, view.top, keys, view.height);
  const ivory = colours.dark ? "#b4b8c3" : "#ffffff";
  g.textBaseline = "middle"; g.font = `500 10px ${colours.font}`;
  for (let pitch = rows.low; pitch <= rows.high; pitch++) {
    const y = yOf(view, pitch, false);
    if (y > view.height || y + rowHeight < view.top) continue;
    fill(g, ivory, 1, 0, y, keys - 1, rowHeight);
    if (isBlack(pitch)) fill(g, "#2a2c34", 1, 0, y + 0.5, keys * 0.58, rowHeight - 1);
    else if (pitch % 12 === 0 || pitch % 12 === 5) fill(g, "#2a2c34", 0.28, 0, Math.round(y + rowHeight) - 1, keys - 1, 1);
  }
  g.fillStyle = "#3a3d47";
  for (let pitch = Math.ceil(rows.low / 12) * 12; pitch <= rows.high; pitch += 12) {
    g.fillText(pitchName(pitch, model.flats), keys - 16, yOf(view, pitch, false) + rowHeight / 2);
  }
  g.fillStyle = colours.text;
  if (rowHeight >= 9) for (const pitch of rows.drums) g.fillText(model.drumNames[pitch] ?? String(pitch), 4, yOf(view, pitch, true) + rowHeight / 2);
  fill(g, colours.text, 0.2, keys - 1, view.top, 1, view.height);
  g.restore();
}

/** Cursor at `tick`, and the notes that sound there lit. */
export function drawCursor(g, model, view, colours, tick) {
  const x = xOf(view, tick);
  g.save();
  g.beginPath(); g.rect(view.keys, 0, view.width - view.keys, view.height); g.clip();
  for (const note of model.notes) {
    if (note.start > tick || note.start + note.duration <= tick || model.tracks[note.track].muted) continue;
    const box = noteBox(view, note, model.tracks[note.track].drum);
    g.shadowColor = g.strokeStyle = colours.dark ? "#ffffff" : colours.text;
    g.shadowBlur = 6; g.lineWidth = 1.5;
    g.beginPath(); g.roundRect(box.x, box.y, box.w, Math.max(2, box.h), Math.min(5, box.h / 2)); g.stroke();
  }
  g.shadowBlur = 0;
  fill(g, colours.accent, 1, Math.round(x) - 1, 0, 2, view.height);
  g.fillStyle = colours.accent;
  g.beginPath(); g.moveTo(x - 6, 0); g.lineTo(x + 6, 0); g.lineTo(x, 9); g.fill();
  g.restore();
}
