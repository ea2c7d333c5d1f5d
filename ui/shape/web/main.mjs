// All pieces between two, under one slider: the picture follows the thumb at once, Python hears where it came to rest.
import { agree, enter, makeLog, outgoing } from "../../components/web/log.mjs";
import { mounting } from "../../components/web/mount.mjs";

export default mounting(".morph", makeMorph);

function makeMorph(root) {
  const find = (name) => root.querySelector(name);
  const slider = find("input"), log = makeLog();
  let data = null;
  const view = { root, post: () => undefined, update, dispose };

  function show() {
    const at = Number(slider.value), words = `${Math.round((100 * at) / (data.strips.length - 1))}%`;
    find("path").setAttribute("d", data.strips[at]);
    find("output").textContent = words;
    slider.setAttribute("aria-valuetext", words);
    find("svg").setAttribute("aria-label", `${data.from} – ${data.to}, ${words}`);
  }
  function update(given) {
    const moved = data?.piece !== given.piece;
    data = given;
    agree(log, data.session, data.acknowledged);
    find(".from").textContent = data.from;
    find(".to").textContent = data.to;
    find("svg").setAttribute("viewBox", data.box);
    slider.setAttribute("aria-label", data.label);
    slider.max = String(data.strips.length - 1);
    if (moved) slider.value = String(data.at);
    show();
  }
  function dispose() { slider.oninput = slider.onchange = null; }

  slider.oninput = show;
  slider.onchange = () => { enter(log, { at: Number(slider.value) }); view.post(outgoing(log)); };
  return view;
}
