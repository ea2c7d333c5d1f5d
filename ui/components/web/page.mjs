// The players of a page: one sounds at a time, the space key belongs to the one that has the focus, else to the one last touched.
const PAGE = Symbol.for("songloom.players");
const FIELDS = "input,textarea,select,button,a,summary,audio,video,[contenteditable=''],[contenteditable='true']," +
  "[role=button],[role=slider],[role=tab],[role=option],[role=checkbox],[role=radio],[role=switch],[role=combobox],[role=menuitem]";

/** The players of this page, shared by all rolls in it; made once with its listeners. */
export function pageOfPlayers() {
  if (window[PAGE]) return window[PAGE];
  const page = window[PAGE] = { all: new Set(), last: null };
  window.addEventListener("keydown", (event) => onSpace(event, page));
  window.addEventListener("songloom:play", (event) => {
    for (const player of page.all) if (player !== event.detail) player.pause();
    for (const other of document.querySelectorAll("audio,video")) other.pause();
  });
  document.addEventListener("play", () => page.all.forEach((player) => player.pause()), true);
  return page;
}

function onSpace(event, page) {
  if (event.code !== "Space" || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.defaultPrevented) return;
  const target = event.composedPath()[0];
  if (target instanceof Element && (target.closest(FIELDS) || target.isContentEditable)) return;
  const usable = [...page.all].filter((player) => player.usable());
  const path = event.composedPath();
  const player = usable.find((one) => path.includes(one.root)) ?? (usable.includes(page.last) ? page.last : usable[0]);
  if (!player) return;
  event.preventDefault();
  if (!event.repeat) player.toggle();
}
