// Draws a text with its Bot API entities; offsets count UTF-16 units, as JavaScript's strings do.

import { make } from "./dom.js";

const TAGS = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote",
};

export const isSafeLink = (address) => /^https?:\/\//i.test(address);

// `act` holds what a tap does: command(text) writes it, copy(text) takes it to the clipboard.
export function drawText(text, entities = [], act) {
  const fragment = document.createDocumentFragment();
  fragment.append(...drawRange(text, 0, text.length, [...entities], act));
  return fragment;
}

function drawRange(text, from, to, entities, act) {
  const nodes = [];
  let at = from;
  while (entities.length) {
    const entity = entities.shift();
    const end = Math.min(entity.offset + entity.length, to);
    if (entity.offset < at || end <= entity.offset) continue;
    if (entity.offset > at) nodes.push(text.slice(at, entity.offset));
    const inner = [];
    while (entities.length && entities[0].offset < end) inner.push(entities.shift());
    const node = dress(entity, text.slice(entity.offset, end), act);
    node.append(...drawRange(text, entity.offset, end, inner, act));
    nodes.push(node);
    at = end;
  }
  if (at < to) nodes.push(text.slice(at, to));
  return nodes;
}

function dress(entity, words, act) {
  if (entity.type === "url" || entity.type === "text_link") return link(entity.url ?? words);
  if (entity.type === "email") return make("span", { className: "address" });
  if (entity.type === "bot_command") {
    return make("button", { type: "button", className: "command", onclick: () => act.command(words) });
  }
  if (entity.type === "spoiler") {
    return make("span", { className: "spoiler", onclick: (event) => event.currentTarget.classList.add("open") });
  }
  const node = make(TAGS[entity.type] ?? "span");
  if (entity.type === "code" || entity.type === "pre") node.onclick = () => act.copy(words);
  return node;
}

function link(address) {
  return isSafeLink(address)
    ? make("a", { href: address, target: "_blank", rel: "noopener noreferrer" })
    : make("span", { className: "address" });
}
