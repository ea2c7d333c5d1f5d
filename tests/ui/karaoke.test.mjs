// What is sung when, and what is scrolled to, without a browser: node --test tests/ui/karaoke.test.mjs
import assert from "node:assert/strict";
import { test } from "node:test";
import { scrollFor, sungAt } from "../../ui/karaoke/web/follow.mjs";

const spans = [[0, 1], [1, 1.5], [3, 4]];

test("a syllable is sung from its first note to the end of its last", () => {
  assert.deepEqual([0, 0.99, 1, 1.49].map((at) => sungAt(spans, at)), [0, 0, 1, 1]);
  assert.deepEqual([1.6, 2.9, 4, 99].map((at) => sungAt(spans, at)), [-1, -1, -1, -1]);
  assert.equal(sungAt(spans, 3.2), 2);
  assert.equal(sungAt(spans, -1), -1);
  assert.equal(sungAt([], 1), -1);
});

test("a sound that is put to a syllable's start sings it, rounded as it may be", () => {
  assert.equal(sungAt([[0, 1.23], [1.23, 2]], 1.2299), 1);
});

test("nothing is scrolled while what is sung is in sight", () => {
  assert.equal(scrollFor(150, 100, 400), null);
  assert.equal(scrollFor(500, 100, 400), 420);
  assert.equal(scrollFor(10, 100, 400), 0);
});
