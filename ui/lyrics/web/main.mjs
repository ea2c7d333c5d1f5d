// The words as they will be sung. Whatever is in them is written as text; a click on a word tells Python which.
import { agree, enter, makeLog, outgoing } from "../../components/web/log.mjs";
import { mounting } from "../../components/web/mount.mjs";

export default mounting(".sheet", makeSheet);

/** An element with a class and text. */
function make(tag, name, text = "") {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.textContent = text;
  return element;
}

function makeSheet(root) {
  const find = (name) => root.querySelector(name);
  const log = makeLog(), sections = find(".sections");
  let data = null, drawn = "", buttons = [];
  const view = { root, post: () => undefined, update, dispose: () => undefined };

  function update(given) {
    data = given;
    agree(log, data.session, data.acknowledged);
    const now = JSON.stringify([data.sections, data.lang]);
    if (now === drawn) return;
    drawn = now;
    root.lang = data.lang;
    find(".hint").textContent = data.hint;
    sections.setAttribute("aria-label", data.label);
    const focused = buttons.indexOf(root.getRootNode().activeElement);
    buttons = [];
    sections.replaceChildren(...data.sections.map(section));
    buttons.forEach((button, at) => { button.tabIndex = at ? -1 : 0; });
    if (focused >= 0 && buttons[focused]) focus(focused);
  }
  function section(one) {
    const element = document.createElement("section"), list = document.createElement("ol");
    list.replaceChildren(...one.lines.map(line));
    element.append(make("h3", "", one.title), list, make("p", "mood", one.mood));
    return element;
  }
  function line(one) {
    const element = document.createElement("li"), words = make("span", "words");
    const count = make("span", "count", one.count), rhyme = make("span", "rhyme", one.rhyme);
    count.title = one.counted;
    if (one.rhyme) rhyme.title = one.rhymed;
    one.words.forEach((each, at) => words.append(each.lead, word(one, each, at)));
    words.append(one.tail);
    element.append(count, words, rhyme);
    if (one.by) element.append(make("span", "by", one.by));
    if (one.note) element.append(make("span", "note", one.note));
    return element;
  }
  function word(line, one, at) {
    const button = make("button", [one.guess && "guess", one.fixed && "fixed"].filter(Boolean).join(" "));
    button.type = "button";
    button.title = one.said;
    button.setAttribute("aria-label", one.said);
    one.syllables.forEach((syllable, nth) => {
      if (nth && !syllable.over) button.append(make("span", "dot", "·"));
      button.append(syllable.over ? ruby(syllable) : make("span", mark(one, syllable), syllable.text));
    });
    button.onclick = () => { focus(buttons.indexOf(button)); enter(log, { line: line.number, word: at }); view.post(outgoing(log)); };
    buttons.push(button);
    return button;
  }
  const mark = (one, syllable) => (one.syllables.length < 2 ? "" : ["", "strong", "weak"][syllable.stress]);
  function ruby(syllable) {
    const element = make("ruby", "", syllable.text);
    element.append(make("rt", "", syllable.over));
    return element;
  }
  function focus(at) {
    buttons.forEach((button, nth) => { button.tabIndex = nth === at ? 0 : -1; });
    buttons[at].focus({ preventScroll: false });
  }
  sections.onkeydown = (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const at = buttons.indexOf(event.target.closest("button"));
    if (!step || at < 0 || !buttons[at + step]) return;
    event.preventDefault();
    focus(at + step);
  };
  return view;
}
