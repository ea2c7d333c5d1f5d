// Where things are: ticks to pixels and back, rows, hits, grid and time. No DOM in here.

export const EDGE = 7;
const KEYS_WIDTH = 40;
const SHARP = ["C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B"];
const FLAT = ["C", "D♭", "D", "E♭", "E", "F", "G♭", "G", "A♭", "A", "B♭", "B"];
const BLACK = new Set([1, 3, 6, 8, 10]);

export const isBlack = (pitch) => BLACK.has(pitch % 12);

export function pitchName(pitch, flats = false) {
  return (flats ? FLAT : SHARP)[pitch % 12] + (Math.floor(pitch / 12) - 1);
}

/** Flat numbers of each track to one list of note objects, in order of tracks. */
export function readNotes(tracks) {
  const notes = [];
  tracks.forEach((track, index) => {
    for (let i = 0; i < track.notes.length; i += 4) {
      const [start, pitch, duration, velocity] = track.notes.slice(i, i + 4);
      notes.push({ track: index, start, pitch, duration, velocity });
    }
  });
  return notes;
}

/** The rows of the roll: pitches from `high` down to `low`, then one row for each drum used or in `kit`. */
export function makeRows(tracks, notes, editable, kit = []) {
  let low = 128, high = -1;
  const drums = new Set();
  for (const note of notes) {
    if (tracks[note.track].drum) drums.add(note.pitch);
    else { low = Math.min(low, note.pitch); high = Math.max(high, note.pitch); }
  }
  const pitched = tracks.some((track) => !track.drum);
  if (editable) {
    if (tracks.some((track) => track.drum)) kit.forEach((pitch) => drums.add(pitch));
    low = Math.min(low, 36); high = Math.max(high, 96);
  } else if (high < 0) {
    [low, high] = drums.size ? [1, 0] : [60, 72];
  } else {
    const missing = Math.max(0, 12 - (high - low + 1));
    low = Math.max(0, low - 1 - Math.floor(missing / 2)); high = Math.min(127, high + 1 + Math.ceil(missing / 2));
  }
  if (!pitched) [low, high] = [1, 0];
  return { low, high, drums: [...drums].sort((a, b) => b - a), gap: drums.size && pitched && high >= low ? 1 : 0 };
}

export const rowCount = (rows) => rows.high - rows.low + 1 + rows.gap + rows.drums.length;

/**
 * Sizes for a roll in `width` × `height` pixels; `zoom` 1 shows the whole piece where that stays readable.
 * When editable a row is at least `row` pixels high, and grows with the zoom as well.
 */
export function layout({ width, height, rows, bars, chords, editable, zoom, row = 12 }) {
  const count = Math.max(1, rowCount(rows));
  const top = 22 + (chords ? 20 : 0);
  const ticks = bars[bars.length - 1][1];
  const bottom = editable ? 0 : 6;
  const rowHeight = editable ? Math.max(row * Math.min(2, Math.sqrt(zoom)), (height - top) / count) : Math.max(2.5, (height - top - bottom) / count);
  const keys = rowHeight >= 5 && height >= 220 && width > 320 ? KEYS_WIDTH : 0;
  const room = Math.max(40, width - keys - 8);
  const leastPerBar = editable ? 84 : 13;
  const perTick = Math.max(room / ticks, (leastPerBar * bars.length) / ticks) * zoom;
  return {
    width, height, rows, ticks, top, keys, rowHeight, perTick, scrollX: 0, scrollY: 0,
    contentWidth: Math.max(width, Math.floor(keys + ticks * perTick + 8)),
    contentHeight: Math.max(height, Math.floor(top + count * rowHeight + bottom)),
  };
}

export const xOf = (view, tick) => view.keys + tick * view.perTick - view.scrollX;
export const tickOf = (view, x) => (x - view.keys + view.scrollX) / view.perTick;

/** Top of the row of `pitch`. */
export function yOf(view, pitch, drum) {
  const { rows, rowHeight, top, scrollY } = view;
  const row = drum ? rows.high - rows.low + 1 + rows.gap + rows.drums.indexOf(pitch) : rows.high - pitch;
  return top + row * rowHeight - scrollY;
}

/** What the row at height `y` stands for, null above, below and between. */
export function rowAt(view, y) {
  const { rows, rowHeight, top, scrollY } = view;
  if (y < top) return null;
  const row = Math.floor((y - top + scrollY) / rowHeight);
  const pitched = rows.high - rows.low + 1;
  if (row < pitched) return { pitch: rows.high - row, drum: false };
  const drum = rows.drums[row - pitched - rows.gap];
  return drum === undefined ? null : { pitch: drum, drum: true };
}

export function noteBox(view, note, drum) {
  const x = xOf(view, note.start);
  return { x, y: yOf(view, note.pitch, drum), w: Math.max(2, note.duration * view.perTick - 1), h: view.rowHeight };
}

/** The topmost note under (x, y) and whether its right edge was hit, or null. */
export function hit(view, notes, tracks, x, y) {
  for (let i = notes.length - 1; i >= 0; i--) {
    const box = noteBox(view, notes[i], tracks[notes[i].track].drum);
    const reach = Math.max(box.x + box.w, box.x + 5);
    if (x >= box.x && x <= reach && y >= box.y && y < box.y + box.h) {
      return { note: notes[i], edge: x > reach - Math.min(EDGE, box.w / 3) };
    }
  }
  return null;
}

export const inBox = (box, x0, y0, x1, y1) =>
  box.x < Math.max(x0, x1) && box.x + box.w > Math.min(x0, x1) && box.y < Math.max(y0, y1) && box.y + box.h > Math.min(y0, y1);

/** Index of the bar that holds `tick`, by bisection; the first or last outside the piece. */
export function barAt(bars, tick) {
  let low = 0, high = bars.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (bars[middle][0] <= tick) low = middle; else high = middle - 1;
  }
  return low;
}

/** The grid line at or before `tick`, counted from its bar's start; `round` gives the nearest. */
export function snap(bars, tick, step, round = false) {
  const start = bars[barAt(bars, tick)][0];
  const steps = (tick - start) / step;
  return Math.max(0, start + (round ? Math.round(steps) : Math.floor(steps + 1e-9)) * step);
}

/** Bar and beat lines between two ticks as [tick, bar number or null]; beats only where `perTick` leaves room. */
export function gridLines(bars, firstBar, from, to, perTick) {
  const lines = [];
  for (let i = barAt(bars, from); i < bars.length && bars[i][0] <= to; i++) {
    const [start, end, beat] = bars[i];
    lines.push([start, i + firstBar]);
    if (beat * perTick >= 9) for (let tick = start + beat; tick < end; tick += beat) lines.push([tick, null]);
  }
  return lines;
}

/** Every how many bars a number fits: 1, 2, 4, 8, … */
export function numberEvery(bars, perTick, room = 30) {
  const width = ((bars[bars.length - 1][1] - bars[0][0]) / bars.length) * perTick;
  let every = 1;
  while (width * every < room && every < 4096) every *= 2;
  return every;
}

/** "bar.beat" of a tick, as musicians count: 1.1 is the start. */
export function barAndBeat(bars, firstBar, tick) {
  const index = barAt(bars, tick);
  return `${index + firstBar}.${Math.floor((tick - bars[index][0]) / bars[index][2]) + 1}`;
}

export function secondsAt(tempo, tick) {
  let entry = tempo[0];
  for (const next of tempo) if (next[0] <= tick) entry = next; else break;
  return entry[1] + (tick - entry[0]) * entry[2];
}

export function tickAt(tempo, seconds) {
  let entry = tempo[0];
  for (const next of tempo) if (next[1] <= seconds) entry = next; else break;
  return entry[0] + (seconds - entry[1]) / entry[2];
}

export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** WCAG relative luminance of a colour as the browser writes it: rgb(…), rgba(…) or #rrggbb. */
export function luminance(colour) {
  const parts = colour.startsWith("#")
    ? [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16))
    : (colour.match(/[\d.]+/g) ?? ["255", "255", "255"]).slice(0, 3).map(Number);
  const [r, g, b] = parts.map((part) => {
    const value = part / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
