// Shelves of pieces: each is seen, heard, rated and left out; what is done goes to Python through the log.
import { agree, enter, outgoing, ownerOf } from "../../components/web/log.mjs";
import { mounting } from "../../components/web/mount.mjs";
import { tab, tell } from "../../components/web/tab.mjs";
import { likedNow, starsNow } from "./answers.mjs";
import { fillPanel } from "./panel.mjs";
import { makeCard, showCard } from "./card.mjs";
import { makeSound } from "./sound.mjs";

export default mounting(".tunes", makeList);

function makeList(root) {
  const { log, senders } = tab();
  const post = () => list.post(outgoing(log));
  const list = {
    root, log, data: null, wanted: null, following: null, cards: new Map(), shelves: new Map(), panel: root.querySelector(".panel"), post: () => undefined,
    send: (op) => { enter(log, op); post(); list.show(); },
    say: (text) => { root.querySelector(".said").textContent = text; },
    stars: (card) => starsNow(log, card.id, card.stars),
    liked: (card) => likedNow(log, card.id, card.liked),
  };
  list.sound = makeSound(root.querySelector("audio"), {
    ask: (item) => list.send({ do: "sound", item }),
    tell: (item, seconds, length) => tell({ do: "heard", item, seconds, length }),
    show: () => list.show(),
    who: () => ownerOf(log.session),
  });
  list.show = () => { for (const view of list.cards.values()) showCard(view, list); };
  list.update = (data) => update(list, data);
  list.open = (button, card, what) => {
    if (what === "reasons" && card.because.ask) { list.wanted = card.id; list.send({ do: "why", item: card.id }); }
    else openPanel(list, button, card, what);
  };
  list.dispose = () => { list.following?.abort(); senders.delete(post); list.sound.dispose(); };
  senders.add(post);
  return list;
}

function update(list, data) {
  const { root, log } = list;
  // What a page that was left, or a roll with no list beside it, has told and nobody sent.
  const late = (!list.data || log.session !== data.session) && log.pending.length > 0;
  list.data = data;
  agree(log, data.session, data.acknowledged);
  root.lang = data.lang;
  const seen = new Set();
  const sections = data.shelves.map((shelf) => showShelf(list, shelf, seen));
  for (const [key] of list.cards) if (!seen.has(key)) list.cards.delete(key);
  const holder = root.querySelector(".shelves");
  place(holder, sections);
  for (const shelf of data.shelves) for (const card of shelf.cards) list.sound.offer(card.id, card.sound, card.problem);
  list.show();
  const asked = [...list.cards.values()].find((view) => view.card.id === list.wanted && view.card.because && !view.card.because.ask);
  if (asked) { list.wanted = null; openPanel(list, asked.find(".because"), asked.card, "reasons"); }
  if (late && log.pending.length) list.post(outgoing(log));
}

/** Puts the children in order and leaves those that are in place untouched, so that nothing loses the focus. */
function place(holder, children) {
  children.forEach((child, index) => { if (holder.children[index] !== child) holder.insertBefore(child, holder.children[index] ?? null); });
  while (holder.children.length > children.length) holder.lastChild.remove();
}

function showShelf(list, shelf, seen) {
  let view = list.shelves.get(shelf.id);
  if (!view) list.shelves.set(shelf.id, (view = makeShelf(shelf.id)));
  view.section.className = `shelf ${shelf.layout}`;
  view.title.textContent = shelf.title; view.title.hidden = !shelf.title;
  view.lead.textContent = shelf.lead ?? ""; view.lead.hidden = !shelf.lead;
  view.head.hidden = !shelf.title && !shelf.lead;
  const words = list.data.texts;
  for (const [button, word] of [[view.back, words.back], [view.on, words.on]]) {
    button.title = word; button.setAttribute("aria-label", `${word}: ${shelf.title}`);
  }
  place(view.row, shelf.cards.map((card) => {
    const key = `${shelf.id}|${card.id}`;
    seen.add(key);
    let found = list.cards.get(key);
    if (!found) list.cards.set(key, (found = makeCard(list)));
    found.card = card;
    return found.item;
  }));
  view.turn();
  return view.section;
}

function makeShelf(id) {
  const section = document.createElement("section");
  section.dataset.shelf = id;
  section.innerHTML = `<header><div><h2></h2><p class="lead"></p></div><div class="turn">
    <button type="button" class="icon back"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="m15 5-7 7 7 7"/></svg></button>
    <button type="button" class="icon on"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="m9 5 7 7-7 7"/></svg></button></div></header>
    <ul class="cards" role="list"></ul>`;
  const find = (name) => section.querySelector(name);
  const view = { section, head: find("header"), title: find("h2"), lead: find(".lead"), row: find("ul"), back: find(".back"), on: find(".on") };
  view.turn = () => {
    const room = view.row.scrollWidth - view.row.clientWidth;
    find(".turn").hidden = room < 4;
    view.back.disabled = view.row.scrollLeft < 4;
    view.on.disabled = view.row.scrollLeft > room - 4;
  };
  const by = (sign) => view.row.scrollBy({ left: sign * view.row.clientWidth * 0.85, behavior: "smooth" });
  view.back.onclick = () => by(-1);
  view.on.onclick = () => by(1);
  view.row.onscroll = view.turn;
  new ResizeObserver(view.turn).observe(view.row);
  return view;
}

function openPanel(list, button, card, what) {
  const { panel } = list;
  if (panel.matches(":popover-open") && panel.dataset.of === `${what}|${card.id}`) { panel.hidePopover(); return; }
  panel.dataset.of = `${what}|${card.id}`;
  fillPanel(panel, card, what, list, () => { panel.hidePopover(); button.focus(); });
  panel.showPopover();
  beside(panel, button);
  panel.querySelector("button")?.focus({ preventScroll: true });
  // It stays with its button while the page scrolls, and closes when that is out of sight.
  list.following?.abort();
  list.following = new AbortController();
  const { signal } = list.following;
  window.addEventListener("scroll", () => { if (!beside(panel, button)) panel.hidePopover(); }, { capture: true, passive: true, signal });
  panel.addEventListener("toggle", (event) => { if (event.newState === "closed") list.following.abort(); }, { signal });
}

/** Puts the panel below its button, or above where there is more room; returns whether the button can be seen. */
function beside(panel, button) {
  const box = button.getBoundingClientRect(), own = panel.getBoundingClientRect(), edge = 8;
  const left = Math.max(edge, Math.min(box.left, innerWidth - own.width - edge));
  const below = box.bottom + 6, above = box.top - own.height - 6;
  const top = below + own.height < innerHeight - edge || above < edge ? below : above;
  Object.assign(panel.style, { left: `${left}px`, top: `${Math.max(edge, Math.min(top, innerHeight - own.height - edge))}px` });
  return button.isConnected && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
}
