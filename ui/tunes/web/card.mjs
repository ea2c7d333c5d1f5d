// One piece: its notes as a strip that fills while it sounds, its name, stars, heart, why it is here, what can be done.
import { MOST, starsAfterKey, starsAt } from "./stars.mjs";

const SETTLE_MS = 700;
const PLAY = "M8 5v14l11-7z", PAUSE = "M7 5h4v14H7zM13 5h4v14h-4z";
const STAR = "M12 2.6l2.9 6 6.6.9-4.8 4.6 1.2 6.5-5.9-3.2-5.9 3.2 1.2-6.5L2.5 9.5l6.6-.9z";
const HEART = "M12 20.5C5.5 15.6 3 12.6 3 9.2 3 6.6 5 4.8 7.4 4.8c1.9 0 3.5 1 4.6 2.8 1.1-1.8 2.7-2.8 4.6-2.8C19 4.8 21 6.6 21 9.2c0 3.4-2.5 6.4-9 11.3z";
const MARKUP = `<article>
  <div class="music">
    <button type="button" class="play"><svg viewBox="0 0 24 24" aria-hidden="true"><path class="shape" d="${PLAY}"/></svg></button>
    <div class="strip" aria-hidden="true"><svg preserveAspectRatio="none"><path class="all"/></svg><svg class="done" preserveAspectRatio="none"><path/></svg></div>
  </div>
  <h3 class="title"></h3>
  <p class="line"></p>
  <p class="trouble" role="status" hidden></p>
  <div class="acts">
    <div class="stars" role="slider" tabindex="0" aria-valuemin="0" aria-valuemax="${MOST}">${`<svg viewBox="0 0 24 24" aria-hidden="true"><path class="empty" d="${STAR}"/><path class="full" d="${STAR}"/></svg>`.repeat(MOST)}</div>
    <span class="guess"></span>
    <button type="button" class="icon like" aria-pressed="false"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="${HEART}"/></svg></button>
    <button type="button" class="icon more" aria-haspopup="menu"><svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="5" cy="12" r="1.6"/><circle cx="12" cy="12" r="1.6"/><circle cx="19" cy="12" r="1.6"/></svg></button>
  </div>
  <button type="button" class="because" aria-haspopup="true"></button>
</article>`;

export function makeCard(list) {
  const item = document.createElement("li");
  item.innerHTML = MARKUP;
  const find = (name) => item.querySelector(name);
  const view = { item, card: null, find, hover: null, typed: undefined, timer: 0 };
  find(".play").onclick = () => list.sound.press(view.card.id, view.card.sound);
  find(".strip").onclick = (event) => {
    const box = find(".strip").getBoundingClientRect();
    if (list.sound.item() === view.card.id) list.sound.seek(view.card.id, (event.clientX - box.left) / box.width);
    else list.sound.press(view.card.id, view.card.sound);
  };
  find(".like").onclick = () => list.send({ do: "like", item: view.card.id, liked: !list.liked(view.card) });
  find(".more").onclick = (event) => list.open(event.currentTarget, view.card, "menu");
  find(".because").onclick = (event) => list.open(event.currentTarget, view.card, "reasons");
  attachStars(view, find(".stars"), list);
  return view;
}

function attachStars(view, stars, list) {
  const at = (event) => { const box = stars.getBoundingClientRect(); return starsAt((event.clientX - box.left) / box.width); };
  const rate = (value) => { list.send({ do: "rate", item: view.card.id, stars: value }); list.say(starsText(value, list.data.texts)); };
  const commit = () => {
    clearTimeout(view.timer);
    if (view.typed === undefined) return;
    const value = view.typed;
    view.typed = undefined;
    rate(value);
  };
  stars.onpointermove = (event) => { if (event.pointerType === "mouse") { view.hover = at(event); showCard(view, list); } };
  stars.onpointerleave = () => { view.hover = null; showCard(view, list); };
  stars.onclick = (event) => {
    const value = at(event);
    view.hover = null;
    rate(value === list.stars(view.card) ? null : value);
  };
  stars.onkeydown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const value = starsAfterKey(view.typed === undefined ? list.stars(view.card) : view.typed, event.key);
    if (value === undefined) { if (event.key === "Enter") commit(); return; }
    event.preventDefault();
    view.typed = value;
    clearTimeout(view.timer);
    view.timer = setTimeout(commit, SETTLE_MS); // arrows pass many values on the way to the one that is meant
    showCard(view, list);
  };
  stars.onblur = commit;
}

const starsText = (value, words) => (value === null || value === undefined ? words.noStars : words.stars.replace("{stars}", String(value)));

export function showCard(view, list) {
  const { card, find, item } = view;
  if (!card || !list.data) return;
  const words = list.data.texts;
  if (view.drawn !== card) { fill(view, card, words); view.drawn = card; }
  const state = list.sound.state(card.id);
  item.dataset.state = state;
  const playing = state === "playing", play = find(".play");
  const word = `${playing ? words.pause : state === "waiting" ? words.waiting : words.play}: ${card.title}`;
  if (play.title !== word) { play.title = word; play.setAttribute("aria-label", word); }
  play.querySelector(".shape").setAttribute("d", playing ? PAUSE : PLAY);
  find(".strip .done").style.clipPath = `inset(0 ${(100 * (1 - list.sound.share(card.id))).toFixed(2)}% 0 0)`;
  const trouble = card.problem ?? (state === "failed" ? words.failed : "");
  if (find(".trouble").textContent !== trouble) { find(".trouble").textContent = trouble; find(".trouble").hidden = !trouble; }
  const given = view.typed === undefined ? list.stars(card) : view.typed;
  const shown = view.hover ?? given;
  const stars = find(".stars");
  stars.classList.toggle("given", given !== null);
  [...stars.children].forEach((star, index) => {
    const part = Math.max(0, Math.min(1, (shown ?? 0) - index));
    star.querySelector(".full").style.clipPath = `inset(0 ${100 * (1 - part)}% 0 0)`;
  });
  stars.setAttribute("aria-valuenow", String(given ?? 0));
  stars.setAttribute("aria-valuetext", starsText(given, words));
  const liked = list.liked(card), like = find(".like");
  like.setAttribute("aria-pressed", String(Boolean(liked)));
  find(".guess").hidden = given !== null || !card.guess;
}

function fill(view, card, words) {
  const { find, item } = view;
  item.querySelector("article").setAttribute("aria-label", card.title);
  find(".title").textContent = card.title; find(".title").title = card.title;
  find(".line").textContent = card.line;
  find(".music").hidden = !card.path;
  if (card.path) {
    for (const svg of item.querySelectorAll(".strip svg")) svg.setAttribute("viewBox", card.box);
    for (const path of item.querySelectorAll(".strip path")) path.setAttribute("d", card.path);
  }
  find(".stars").setAttribute("aria-label", `${words.rate}: ${card.title}`);
  find(".guess").textContent = card.guess ?? "";
  find(".guess").title = words.guess;
  find(".like").title = words.like; find(".like").setAttribute("aria-label", `${words.like}: ${card.title}`);
  find(".like").hidden = card.liked === undefined;
  find(".more").title = words.more; find(".more").setAttribute("aria-label", `${words.more}: ${card.title}`);
  find(".more").hidden = !card.menu?.length;
  const because = find(".because");
  because.hidden = !card.because;
  because.textContent = card.because?.lead ?? "";
}
