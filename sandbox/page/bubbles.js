// Draws one message: photo, text, time, and the buttons under it.

import { make } from "./dom.js";
import { drawText, isSafeLink } from "./entities.js";
import { drawInvoice, drawPayment } from "./invoices.js";
import { clockTime } from "./times.js";
import { say } from "./words.js";

// Stands for the button that pays among the presses that wait for their answer; no token of a bot's is so long.
export const PAYING = "-".repeat(65);

export function drawMessage(message, waiting, act) {
  const ours = !message.from.is_bot;
  const bubble = make("div", { className: "bubble" });
  if (message.photo) bubble.append(drawPhoto(message, act));
  if (message.invoice) bubble.append(drawInvoice(message.invoice));
  if (message.successful_payment || message.refunded_payment) bubble.append(drawPayment(message));
  const text = message.text ?? message.caption ?? "";
  if (text) bubble.append(drawWords(text, message.entities ?? message.caption_entities, act));
  bubble.append(drawTime(message));
  const node = make("article", {
    className: ours ? "message out" : "message in",
    data: { testid: "message", messageId: message.message_id, kind: message.photo ? "photo" : "text" },
  }, bubble);
  if (message.reply_markup) node.append(drawKeyboard(message, waiting, act));
  return node;
}

function drawWords(text, entities, act) {
  const words = make("div", { className: "words" });
  words.append(drawText(text, entities, act));
  return words;
}

function drawPhoto(message, act) {
  const size = message.photo.at(-1);
  const picture = make("img", {
    src: `/sandbox/api/photos/${encodeURIComponent(size.file_unique_id)}`,
    alt: say("sandbox-photo"),
    width: size.width,
    height: size.height,
  });
  const chip = make("span", { className: "scan-chip" }, say("sandbox-scan-this"));
  const label = { type: "button", className: "photo", data: { testid: "photo-scan" } };
  return make("button", { ...label, onclick: () => act.scan(message.message_id) }, picture, chip);
}

function drawTime(message) {
  const edited = message.edit_date ? `${say("sandbox-edited")} ` : "";
  return make("time", { className: "stamp" }, edited + clockTime(message.date * 1000));
}

function drawKeyboard(message, waiting, act) {
  const rows = message.reply_markup.inline_keyboard.map((row) =>
    make("div", { className: "row" }, ...row.map((button) => drawButton(message, button, waiting, act))));
  return make("div", { className: "keyboard" }, ...rows);
}

function drawButton(message, button, waiting, act) {
  const kind = button.pay ? "pay" : button.url ? "url" : button.copy_text ? "copy" : "press";
  const classes = ["choice", kind, button.style ?? ""];
  if (waiting.includes(button.pay ? PAYING : button.callback_data)) classes.push("waiting");
  const properties = { className: classes.join(" ").trim(), data: { testid: "choice", kind } };
  if (kind === "url" && isSafeLink(button.url)) {
    return make("a", { ...properties, href: button.url, target: "_blank", rel: "noopener noreferrer" }, button.text);
  }
  const onclick = {
    press: () => act.press(message.message_id, button.callback_data),
    pay: () => act.pay(message.message_id),
    copy: () => act.copy(button.copy_text.text),
    url: () => {},
  }[kind];
  return make("button", { ...properties, type: "button", onclick }, button.text);
}
