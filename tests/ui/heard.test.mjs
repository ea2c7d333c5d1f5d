// How much was heard, and how it reaches Python, without a browser: node --test tests/ui/heard.test.mjs
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { makeHearing } from "../../ui/components/web/heard.mjs";
import { tab, tell } from "../../ui/components/web/tab.mjs";

/** An audio element of 60 seconds that plays as the test says. */
function player() {
  const audio = new EventTarget();
  Object.assign(audio, { currentTime: 0, duration: NaN, paused: true });
  const say = (name) => audio.dispatchEvent(new Event(name));
  const load = (seconds) => { audio.duration = seconds; say("durationchange"); };
  const play = (seconds) => {
    audio.paused = false; say("play");
    for (let passed = 0; passed < seconds; passed += 0.25) { audio.currentTime += 0.25; say("timeupdate"); }
  };
  const pause = () => { audio.paused = true; say("pause"); };
  const seek = (to) => { audio.currentTime = to; say("seeking"); say("timeupdate"); };
  load(60);
  return { audio, say, load, play, pause, seek };
}

test("seconds that sounded count, jumps do not", () => {
  const told = [], { audio, play, pause, seek, say } = player();
  makeHearing(audio, (...heard) => told.push(heard));
  play(5); seek(30); play(4); pause(); seek(10); play(1); pause();
  assert.deepEqual(told, []);
  say("ended");
  assert.deepEqual(told, [[10, 60]]);
  say("ended");
  assert.equal(told.length, 1);
});

test("a hearing ends when it rests, is settled or goes away; a moment is none", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const told = [], { audio, play, pause } = player();
  const hearing = makeHearing(audio, (...heard) => told.push(heard));
  play(3); pause(); mock.timers.tick(29_000);
  play(2); pause(); mock.timers.tick(29_000);
  assert.deepEqual(told, []);
  mock.timers.tick(2_000);
  assert.deepEqual(told, [[5, 60]]);
  play(0.25); hearing.settle();
  assert.equal(told.length, 1);
  play(2); hearing.settle();
  play(7); hearing.dispose(); play(9); hearing.settle();
  assert.deepEqual(told.slice(1), [[2, 60], [7, 60]]);
  mock.timers.reset();
});

test("what sounded since the browser last told the time counts too", () => {
  const told = [], { audio, play, pause } = player();
  const hearing = makeHearing(audio, (...heard) => told.push(heard));
  play(1); audio.currentTime = 1.25; hearing.settle();
  play(1); pause(); audio.currentTime = 9; hearing.settle();
  assert.deepEqual(told, [[1.25, 60], [1, 60]]);
});

test("what is no music does not count", () => {
  let real = false;
  const told = [], { audio, load, play, say } = player();
  const hearing = makeHearing(audio, (...heard) => told.push(heard), () => real);
  load(2); play(2); say("ended");
  real = true;
  load(40); play(3); hearing.settle();
  assert.deepEqual(told, [[3, 40]]);
});

test("what a roll tells is sent by one list, or by the next one", () => {
  const { log, senders } = tab(), sent = [];
  tell({ do: "heard", item: "tune:a" });
  const [first, second] = [() => sent.push("first"), () => sent.push("second")];
  senders.add(first); senders.add(second);
  tell({ do: "heard", item: "tune:b" });
  senders.delete(second);
  tell({ do: "heard", item: "tune:c" });
  assert.deepEqual(sent, ["second", "first"]);
  assert.deepEqual(log.pending.map((entry) => entry.item), ["tune:a", "tune:b", "tune:c"]);
  assert.equal(tab().log, log);
});
