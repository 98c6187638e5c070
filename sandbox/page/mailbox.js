// The mailbox: a list of letters and one that is open, its HTML in a frame without scripts.

import { byId, keep, make } from "./dom.js";
import { say } from "./words.js";

const read = new Set();
let letters = [];

export const unreadLetters = () => letters.filter((letter) => !read.has(letter.id)).length;

export function openMailbox(hands) {
  byId("mail-back").onclick = () => show(null);
  return { draw: (state) => draw(state, hands) };
}

function draw(state, hands) {
  letters = state.mail.letters;
  byId("mail-down").hidden = !state.mail.down;
  const items = letters.length
    ? [...letters].reverse().map((letter) => ({ ...letter, unread: !read.has(letter.id) }))
    : [{ id: "none", empty: say("sandbox-mail-empty") }];
  keep(byId("letters"), items, (item) => item.id, (item) =>
    item.empty ? make("li", { className: "empty" }, item.empty) : drawItem(item, hands));
}

function drawItem(letter, hands) {
  const open = async () => {
    read.add(letter.id);
    await show(letter);
    hands.redraw();
  };
  const button = make("button", { type: "button", onclick: open, data: { testid: "mail-item" } },
    make("i", { className: "initial" }, letter.from.trim().charAt(0).toUpperCase()),
    make("span", { className: "summary" }, make("b", {}, letter.subject), make("span", {}, letter.to)));
  return make("li", { className: letter.unread ? "unread" : "" }, button);
}

async function show(letter) {
  byId("letter").hidden = byId("mail-back").hidden = !letter;
  byId("letters").hidden = Boolean(letter);
  if (!letter) return;
  byId("letter-subject").textContent = letter.subject;
  byId("letter-from").textContent = letter.from;
  byId("letter-to").textContent = letter.to;
  byId("letter-html").hidden = !letter.html;
  byId("letter-text").hidden = letter.html;
  if (letter.html) byId("letter-html").src = `/sandbox/api/mail/${letter.id}/html`;
  else byId("letter-text").textContent = (await (await fetch(`/sandbox/api/mail/${letter.id}`)).json()).text;
}
