// Where a click on a chart was, without a browser: node --test tests/ui/ear.test.mjs
import assert from "node:assert/strict";
import { test } from "node:test";
import { placeOf } from "../../ui/ear/web/main.mjs";

test("a click has a place in the units of the axes", () => {
  const box = { left: 100, bottom: 500, width: 400, height: 200 };
  assert.deepEqual(placeOf({ x: 100, y: 500 }, box, [-2, 2], [0, 10]), [-2, 0]);
  assert.deepEqual(placeOf({ x: 500, y: 300 }, box, [-2, 2], [0, 10]), [2, 10]);
  assert.deepEqual(placeOf({ x: 200, y: 450 }, box, [-2, 2], [0, 10]), [-1, 2.5]);
});
