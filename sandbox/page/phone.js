// The phone: whose it is, its chat, its toasts, its menu of commands.

import { ask } from "./ask.js";
import { drawMessage, PAYING } from "./bubbles.js";
import { byId, keep, make } from "./dom.js";
import { dayOf } from "./times.js";
import { say } from "./words.js";

const TOAST_TIME = 3500;
const TYPING_TIME = 5000;
const SCREENFUL = 120;

let phones = [];
let role = 0;
let toasted = null;
let typing = { count: null, until: 0 };
const seen = [null, null];

const currentPhone = () => phones[role];

export function openPhone(hands) {
  const act = {
    press: (message, data) => act.do(`phones/${currentPhone().id}/press`, { message, data }),
    pay: (message) => act.do(`phones/${currentPhone().id}/pay`, { message }),
    command: (text) => write(text),
    copy: (text) => copy(text),
    scan: (message) => hands.scan(currentPhone().id, message),
    do: (path, body) => ask(path, body).catch((trouble) => toast(trouble.message)),
  };
  const write = (text) => act.do(`phones/${currentPhone().id}/write`, { text });

  byId("composer").onsubmit = (event) => {
    event.preventDefault();
    const input = byId("chat-input");
    if (input.value.trim()) write(input.value);
    input.value = "";
  };
  byId("start").onclick = () => write("/start");
  byId("unblock").onclick = () => act.do(`phones/${currentPhone().id}/block`, { blocked: false });
  byId("menu-toggle").onclick = () => showMenu(byId("menu").hidden, write);
  byId("alert-close").onclick = () => byId("alert").close();
  for (const button of byId("owners").children) {
    button.onclick = () => {
      role = Number(button.dataset.role);
      byId("chat").replaceChildren();
      toasted = typing.count = null;
      showMenu(false, write);
      hands.redraw();
    };
  }
  for (const button of byId("phone-language").children) {
    button.onclick = () => act.do(`phones/${currentPhone().id}/language`, { language: button.dataset.language });
  }
  return { draw: (state) => draw(state, act) };
}

export function unread() {
  return phones.reduce((sum, phone, index) => sum + countNew(phone, index), 0);
}

function draw(state, act) {
  phones = state.phones;
  const phone = currentPhone();
  drawOwners(phone);
  drawPeer(phone);
  drawChat(phone, act);
  drawToasts(phone);
  const fresh = phone.messages.length === 0 && !phone.blocked;
  byId("start").hidden = !fresh;
  byId("unblock").hidden = !phone.blocked;
  byId("composer").hidden = fresh || phone.blocked;
}

function drawOwners(phone) {
  for (const button of byId("owners").children) {
    const index = Number(button.dataset.role);
    button.setAttribute("aria-pressed", index === role);
    button.querySelector(".badge").hidden = index === role || countNew(phones[index], index) === 0;
  }
  for (const button of byId("phone-language").children) {
    button.setAttribute("aria-pressed", button.dataset.language === phone.language);
  }
}

function countNew(phone, index) {
  if (!phone) return 0;
  seen[index] ??= phone.messages.at(-1)?.message_id ?? 0;
  return phone.messages.filter((message) => message.message_id > seen[index]).length;
}

function drawPeer(phone) {
  const now = Date.now();
  if (typing.count !== null && phone.typing > typing.count) {
    typing.until = now + TYPING_TIME;
    setTimeout(() => drawPeer(currentPhone()), TYPING_TIME + 50);
  }
  typing.count = phone.typing;
  const busy = phone.typing > 0 && now < typing.until;
  byId("peer-status").textContent = say(phone.blocked ? "sandbox-blocked" : busy ? "sandbox-typing" : "sandbox-bot");
  byId("peer-status").className = busy ? "busy" : "";
}

function drawChat(phone, act) {
  const box = byId("chat");
  const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < SCREENFUL;
  const last = phone.messages.at(-1)?.message_id ?? 0;
  const isNew = last > (seen[role] ?? 0);
  // On a small screen the chat may lie behind another tab: nobody has seen its messages then.
  if (box.clientHeight > 0) seen[role] = last;
  keep(box, withDays(phone), (item) => item.key, (item) =>
    item.day ? make("div", { className: "day" }, item.day)
      : item.empty ? make("p", { className: "empty" }, say("sandbox-chat-empty"))
        : drawMessage(item.message, item.waiting, act));
  if (atEnd || isNew) scrollToLatest(box);
}

// To the end; but a picture too tall for the screen is shown from its top, where the QR code is.
function scrollToLatest(box) {
  box.scrollTop = box.scrollHeight;
  const latest = box.lastElementChild;
  if (latest.dataset.kind === "photo" && latest.offsetHeight > box.clientHeight) latest.scrollIntoView();
}

function withDays(phone) {
  if (phone.messages.length === 0) return [{ key: "empty", empty: say("sandbox-chat-empty") }];
  let day = "";
  return phone.messages.flatMap((message) => {
    const waiting = phone.presses.filter((press) => press.message === message.message_id).map((press) => press.data);
    if (phone.paying.includes(message.message_id)) waiting.push(PAYING);
    const item = { key: message.message_id, message, waiting };
    const own = dayOf(message.date * 1000);
    if (own === day) return [item];
    day = own;
    return [{ key: `day ${message.message_id}`, day: own }, item];
  });
}

function drawToasts(phone) {
  const last = phone.toasts.at(-1)?.id ?? 0;
  for (const note of phone.toasts) {
    if (toasted === null || note.id <= toasted) continue;
    if (note.alert) showAlert(note.text);
    else toast(note.text);
  }
  toasted = last;
}

function showAlert(text) {
  byId("alert-text").textContent = text;
  if (!byId("alert").open) byId("alert").showModal();
}

export function toast(text) {
  const note = make("div", { className: "toast" }, text);
  byId("toasts").append(note);
  setTimeout(() => note.remove(), TOAST_TIME);
}

function showMenu(open, write) {
  const items = (currentPhone()?.commands ?? []).map(({ command, description }) =>
    make("button", {
      type: "button",
      role: "menuitem",
      data: { testid: "command" },
      onclick: () => {
        showMenu(false, write);
        write(`/${command}`);
      },
    }, make("b", {}, `/${command}`), make("span", {}, description)));
  byId("menu").replaceChildren(...items);
  byId("menu").hidden = !open || items.length === 0;
  byId("menu-toggle").setAttribute("aria-expanded", String(!byId("menu").hidden));
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = make("textarea", { value: text, className: "off-screen" });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  toast(`${say("sandbox-copied")} ${text}`);
}
