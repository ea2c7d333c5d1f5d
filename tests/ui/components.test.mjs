// The log and the mount that components share, without a browser: node --test tests/ui/components.test.mjs
import assert from "node:assert/strict";
import { test } from "node:test";
import { agree, enter, makeLog, outgoing } from "../../ui/components/web/log.mjs";
import { latest, mounting } from "../../ui/components/web/mount.mjs";
import { likedNow, starsNow } from "../../ui/tunes/web/answers.mjs";

const numbers = (log) => log.pending.map((entry) => entry.seq);

test("the log keeps everything until it is acknowledged", () => {
  const log = makeLog();
  agree(log, ".a", 4);
  for (let i = 0; i < 6; i++) enter(log, { do: "rate" });
  assert.deepEqual(numbers(log), [5, 6, 7, 8, 9, 10]);
  agree(log, ".a", 7);
  assert.deepEqual(outgoing(log), { session: ".a", entries: [8, 9, 10].map((seq) => ({ seq, do: "rate" })) });
  agree(log, ".a", 5); // said before the 7, come after it
  assert.deepEqual(numbers(log), [8, 9, 10]);
  agree(log, ".a", 30);
  enter(log, { do: "like" });
  assert.deepEqual(numbers(log), [31]);
});

test("a new session of the server gets what is pending under new numbers", () => {
  const log = makeLog();
  agree(log, ".a", 20);
  enter(log, { do: "rate", stars: 1 });
  enter(log, { do: "rate", stars: 2 });
  agree(log, ".b", 0);
  assert.deepEqual(outgoing(log), { session: ".b", entries: [{ seq: 1, do: "rate", stars: 1 }, { seq: 2, do: "rate", stars: 2 }] });
});

test("what one listener did is not told of another", () => {
  const log = makeLog();
  enter(log, { do: "rate", stars: 1 });
  agree(log, "ann.1", 0);
  assert.deepEqual(numbers(log), [1]);
  agree(log, "ben.2", 0);
  assert.deepEqual(outgoing(log), { session: "ben.2", entries: [] });
  enter(log, { do: "rate", stars: 2 });
  agree(log, "ben.3", 0);
  assert.deepEqual(numbers(log), [1]);
});

test("answers are seen before Python knows of them", () => {
  const log = makeLog();
  assert.equal(starsNow(log, "x", 3), 3);
  for (const stars of [4, 4.5]) enter(log, { do: "rate", item: "x", stars });
  enter(log, { do: "like", item: "x", liked: true });
  assert.deepEqual([starsNow(log, "x", 3), starsNow(log, "y", 3)], [4.5, 3]);
  assert.deepEqual([likedNow(log, "x", false), likedNow(log, "y", false)], [true, false]);
  agree(log, null, 3);
  assert.deepEqual([starsNow(log, "x", 3), likedNow(log, "x", false)], [3, false]);
});

test("data that comes late does not take the place of newer data", () => {
  const [old, young] = [{ session: "a", turn: 1 }, { session: "a", turn: 2 }];
  assert.equal(latest(old, undefined), old);
  assert.equal(latest(young, old), young);
  assert.equal(latest(old, young), young);
  assert.equal(latest({ ...old, session: "b" }, young).session, "b"); // the server began anew
});

test("a place of the page has one view as long as its element stays", () => {
  const made = [];
  const call = mounting(".view", (root) => {
    const view = { root, told: [], gone: false, update: (data) => view.told.push(data.turn), dispose: () => { view.gone = true; } };
    made.push(view);
    return view;
  });
  let root = {};
  const sent = [], parentElement = { querySelector: () => root };
  const show = (turn) => call({ data: { session: "a", turn }, parentElement, setStateValue: (name, value) => sent.push([name, value]) });
  show(1); show(3); show(2);
  assert.deepEqual(made.map((view) => view.told), [[1, 3, 3]]);
  made[0].post({ session: ".a", entries: [] });
  assert.deepEqual(sent, [["ops", { session: ".a", entries: [] }]]);
  root = {};
  const away = show(4);
  assert.deepEqual([made.length, made[0].gone, made[1].told], [2, true, [4]]);
  away();
  assert.equal(made[1].gone, true);
  show(5);
  assert.equal(made.length, 3);
});
