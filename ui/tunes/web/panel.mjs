// What opens over a card: why it is here, or what can be done with it.

export function fillPanel(panel, card, what, list, close) {
  panel.replaceChildren();
  panel.className = `panel ${what}`;
  if (what === "menu") fillMenu(panel, card, list, close);
  else fillReasons(panel, card, list.data.texts);
}

function fillMenu(panel, card, list, close) {
  panel.setAttribute("role", "menu");
  panel.setAttribute("aria-label", `${list.data.texts.more}: ${card.title}`);
  const buttons = card.menu.map((entry) => {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("role", "menuitem");
    button.textContent = entry.label;
    button.onclick = () => { close(); list.send(entry.op); if (entry.said) list.say(entry.said); };
    if (entry.apart) button.classList.add("apart");
    return button;
  });
  panel.append(...buttons);
  panel.onkeydown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const now = buttons.indexOf(panel.getRootNode().activeElement);
    buttons[(now + step + buttons.length) % buttons.length].focus();
  };
}

function fillReasons(panel, card, words) {
  const { because } = card;
  panel.setAttribute("role", "group");
  panel.setAttribute("aria-label", `${words.because}: ${card.title}`);
  panel.onkeydown = null;
  const title = document.createElement("h3");
  title.textContent = words.because;
  const rows = document.createElement("ul");
  const most = Math.max(...because.parts.map((part) => part.share), 1e-9);
  for (const part of because.parts) {
    const row = document.createElement("li"), text = document.createElement("span"), bar = document.createElement("span");
    text.textContent = part.text;
    bar.className = "bar"; bar.style.setProperty("--share", `${Math.round((100 * part.share) / most)}%`);
    const share = document.createElement("span");
    share.className = "share"; share.textContent = `${Math.round(100 * part.share)} %`;
    row.append(text, share, bar);
    rows.append(row);
  }
  panel.append(title, rows);
  for (const line of because.notes ?? []) {
    const p = document.createElement("p");
    p.textContent = line;
    panel.append(p);
  }
}
