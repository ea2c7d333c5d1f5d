// The roll's pure logic, without a browser: node --test tests/ui/roll.test.mjs
import assert from "node:assert/strict";
import { test } from "node:test";
import * as geometry from "../../ui/roll/web/geometry.mjs";
import { enter, makeLog } from "../../ui/components/web/log.mjs";
import * as edits from "../../ui/roll/web/edits.mjs";

const BARS = [[0, 480, 480], [480, 2400, 480], [2400, 3840, 720], [3840, 5280, 720]];
const TRACKS = [{ drum: false, notes: [0, 60, 480, 80, 480, 64, 240, 90] }, { drum: true, notes: [0, 36, 60, 100] }];

function roll(options = {}) {
  const notes = geometry.readNotes(TRACKS);
  const rows = geometry.makeRows(TRACKS, notes, Boolean(options.editable), [36, 42]);
  return { notes, view: geometry.layout({ width: 400, height: 200, rows, bars: BARS, chords: 0, editable: false, zoom: 1, ...options }) };
}

test("ticks and pixels are each other's inverse, scrolled and zoomed too", () => {
  const { view } = roll({ zoom: 3 });
  view.scrollX = 57;
  for (const tick of [0, 480, 5279]) assert.ok(Math.abs(geometry.tickOf(view, geometry.xOf(view, tick)) - tick) < 1e-6);
});

test("every pitch and drum has a row of its own", () => {
  const { view } = roll({ editable: true });
  for (const [pitch, drum] of [[60, false], [36, false], [96, false], [36, true], [42, true]]) {
    assert.deepEqual(geometry.rowAt(view, geometry.yOf(view, pitch, drum) + 1), { pitch, drum });
  }
  assert.equal(geometry.rowAt(view, view.top - 1), null);
});

test("a small roll shows the whole piece and at least an octave", () => {
  const { view } = roll();
  assert.ok(geometry.xOf(view, 5280) <= 400);
  assert.ok(view.rows.high - view.rows.low >= 12);
  assert.equal(view.contentHeight, 200);
});

test("a hit finds the note and its right edge", () => {
  const { notes, view } = roll();
  const box = geometry.noteBox(view, notes[0], false);
  assert.equal(geometry.hit(view, notes, TRACKS, box.x + 1, box.y + 1).edge, false);
  assert.equal(geometry.hit(view, notes, TRACKS, box.x + box.w - 1, box.y + 1).edge, true);
  assert.equal(geometry.hit(view, notes, TRACKS, box.x + 1, box.y - 1), null);
});

test("the grid counts from each bar's start", () => {
  assert.equal(geometry.snap(BARS, 700, 240), 480);
  assert.equal(geometry.snap(BARS, 2500, 320), 2400);
  assert.equal(geometry.snap(BARS, 2720, 320, true), 2720);
  assert.equal(geometry.snap(BARS, -50, 240), 0);
});

test("lines are bars with numbers and beats without", () => {
  const lines = geometry.gridLines(BARS, 0, 0, 2400, 0.1);
  assert.deepEqual(lines.filter(([, number]) => number !== null), [[0, 0], [480, 1], [2400, 2]]);
  assert.deepEqual(lines.filter(([tick]) => tick > 480 && tick < 2400).map(([tick]) => tick), [960, 1440, 1920]);
  assert.equal(geometry.gridLines(BARS, 0, 0, 2400, 0.01).length, 3);
  assert.equal(geometry.numberEvery(BARS, 0.01), 4);
  assert.equal(geometry.barAndBeat(BARS, 0, 3120), "2.2");
});

test("seconds follow the tempo map and back", () => {
  const tempo = [[0, 0, 0.001], [1000, 1, 0.002]];
  assert.equal(geometry.secondsAt(tempo, 1500), 2);
  assert.equal(geometry.tickAt(tempo, 2), 1500);
  assert.equal(geometry.tickAt(tempo, 0.5), 500);
  assert.equal(geometry.clock(75.9), "1:15");
});

test("pitches are spelled as the key asks", () => {
  assert.equal(geometry.pitchName(70), "A♯4");
  assert.equal(geometry.pitchName(70, true), "B♭4");
  assert.ok(geometry.luminance("#ffffff") > 0.99 && geometry.luminance("rgb(0, 0, 0)") === 0);
});

test("notes are shown as they will be once Python knows of everything", () => {
  const log = makeLog();
  const note = { track: 0, start: 0, pitch: 60, duration: 240, velocity: 90 };
  for (let i = 0; i < 20; i++) enter(log, { edits: [edits.addition({ ...note, start: i * 240 })] });
  enter(log, { edits: [edits.removal(note), edits.shift({ ...note, start: 240 }, 60, 1)] });
  const seen = edits.withPending([], log);
  assert.deepEqual([seen.length, seen[0]], [19, { ...note, start: 300, pitch: 61 }]);
});

test("edits here do what they do in Python", () => {
  const note = { track: 0, start: 0, pitch: 60, duration: 240, velocity: 70 };
  const other = { ...note, start: 240, velocity: 90 };
  const moved = edits.applyEdit([note, other], edits.shift(note, 480, 2));
  assert.deepEqual(moved, [{ ...note, start: 480, pitch: 62 }, other]);
  assert.deepEqual(edits.applyEdit([note], edits.stretch(note, 60)), [{ ...note, duration: 60 }]);
  assert.deepEqual(edits.applyEdit([note, other], edits.removal(note)), [other]);
  assert.deepEqual(edits.applyEdit([note], edits.removal(other)), [note]);
  assert.deepEqual(edits.applyEdit([note], { op: "undo" }), [note]);
  assert.deepEqual(edits.result(edits.shift(note, 480, 2)), { track: 0, start: 480, pitch: 62, duration: 240 });
});
