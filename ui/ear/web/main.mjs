// Listens to a chart of Plotly in the page: a piece that is pointed at sounds, a click says where it was.
import { agree, enter, makeLog, outgoing } from "../../components/web/log.mjs";
import { mounting } from "../../components/web/mount.mjs";
import { pageOfPlayers } from "../../components/web/page.mjs";

const DWELL_MS = 150, STILL_PX = 4, SHORT_MS = 600;

/** Where a point of the screen lies in the units of axes with these ranges, drawn in `box`. */
export function placeOf(point, box, xRange, yRange) {
  const share = [(point.x - box.left) / box.width, (box.bottom - point.y) / box.height];
  return [xRange, yRange].map(([low, high], axis) => low + share[axis] * (high - low));
}

export default mounting(".ear", makeEar);

function makeEar(root) {
  const audio = root.querySelector("audio"), wanted = root.querySelector("input");
  const log = makeLog(), bound = new WeakSet(), addresses = new Map(), page = pageOfPlayers();
  let data = null, pointed = null, timer = 0, down = null;
  const view = { root, post: () => undefined, update, dispose };
  const send = (entry) => { enter(log, entry); view.post(outgoing(log)); };
  const chartOf = (target) => (target instanceof Element && data ? target.closest(`.st-key-${data.place} .js-plotly-plot`) : null);

  function update(given) {
    data = given;
    agree(log, data.session, data.acknowledged);
    root.querySelector("span").textContent = data.words;
    if (data.heard) addresses.set(data.heard, data.address);
    if (data.heard && data.heard === pointed) sound(pointed);
  }
  function sound(piece) {
    const address = addresses.get(piece);
    if (!address || [...page.all].some((player) => player.playing?.())) return;
    audio.src = address;
    audio.volume = 0.7;
    audio.play().catch(() => undefined); // before the first click a browser lets nothing sound
  }
  function point(piece) {
    clearTimeout(timer);
    pointed = piece;
    timer = setTimeout(() => {
      if (pointed !== piece || !wanted.checked) return;
      if (addresses.has(piece)) sound(piece); else send({ hear: piece });
    }, DWELL_MS);
  }
  function leave() {
    clearTimeout(timer);
    pointed = null;
    audio.pause();
  }
  const on = {
    pointerover: (event) => {
      const chart = chartOf(event.target);
      if (!chart?.on || bound.has(chart)) return;
      bound.add(chart);
      chart.on("plotly_hover", ({ points: [first] }) => { if (first?.customdata) point(first.customdata[0]); });
      chart.on("plotly_unhover", leave);
    },
    pointerdown: (event) => {
      const area = event.target instanceof Element ? event.target.closest(".nsewdrag") : null;
      down = area && chartOf(area) && event.button === 0 ? { x: event.clientX, y: event.clientY, at: event.timeStamp, area } : null;
    },
    pointerup: (event) => {
      const began = down;
      down = null;
      if (!began || event.timeStamp - began.at > SHORT_MS) return;
      if (Math.hypot(event.clientX - began.x, event.clientY - began.y) > STILL_PX) return;
      const { xaxis, yaxis } = chartOf(began.area).layout;
      const [x, y] = placeOf(began, began.area.getBoundingClientRect(), xaxis.range, yaxis.range);
      leave();
      send({ x, y });
    },
  };
  // On the whole document and before Plotly, which keeps some of what a mouse does to itself.
  for (const [name, does] of Object.entries(on)) document.addEventListener(name, does, true);
  wanted.onchange = () => { if (!wanted.checked) leave(); };
  window.addEventListener("songloom:play", leave);
  function dispose() {
    leave();
    for (const [name, does] of Object.entries(on)) document.removeEventListener(name, does, true);
    window.removeEventListener("songloom:play", leave);
  }
  return view;
}
