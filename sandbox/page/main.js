// Puts the page together and draws it anew after every change on the street.

import { ask, listen } from "./ask.js";
import { openBank } from "./bank.js";
import { openControls } from "./controls.js";
import { byId } from "./dom.js";
import { openMailbox, unreadLetters } from "./mailbox.js";
import { openPhone, unread } from "./phone.js";
import { openSources } from "./sources.js";
import { currentLanguage, loadWords } from "./words.js";

const KEPT_LANGUAGE = "chotdon-sandbox-language";

let state = null;

const phone = openPhone({ scan: (owner, message) => { showTab("bank"); bank.scan(owner, message); }, redraw: draw });
const bank = openBank({ redraw: draw });
const mailbox = openMailbox({ redraw: draw });
const controls = openControls({ buyer: () => state.phones[0] });
const sources = openSources();

function draw() {
  if (!state) return;
  for (const part of [phone, bank, mailbox, controls, sources]) part.draw(state);
  badge("phone", unread());
  badge("mail", unreadLetters());
}

function badge(tab, count) {
  const mark = document.querySelector(`#tabs [data-tab=${tab}] .badge`);
  mark.textContent = count;
  mark.hidden = count === 0;
}

function showTab(tab) {
  document.body.dataset.tab = tab;
  for (const button of byId("tabs").children) button.setAttribute("aria-current", String(button.dataset.tab === tab));
  draw();
}

async function speak(language) {
  await loadWords(language);
  localStorage.setItem(KEPT_LANGUAGE, currentLanguage());
  for (const button of byId("language").children) {
    button.setAttribute("aria-pressed", String(button.dataset.language === currentLanguage()));
  }
  for (const box of ["chat", "payments", "khqr-payments", "page-payments", "letters", "sources"]) byId(box).replaceChildren();
  draw();
}

// Who chooses a language by hand wants to read the chat in it, too.
async function choose(language) {
  await speak(language);
  await Promise.allSettled(state.phones.map(({ id }) => ask(`phones/${id}/language`, { language })));
}

for (const button of byId("tabs").children) button.onclick = () => showTab(button.dataset.tab);
for (const button of byId("language").children) button.onclick = () => choose(button.dataset.language);

showTab("phone");
await speak(localStorage.getItem(KEPT_LANGUAGE) ?? navigator.language);
listen((fresh) => { state = fresh; draw(); }, (offline) => { byId("offline").hidden = !offline; });
