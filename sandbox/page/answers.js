// What the shop's door said to notices, one chip for each answer and how often it came.

import { make } from "./dom.js";
import { say } from "./words.js";

export function counted(answers, draw) {
  const counts = new Map();
  for (const answer of answers) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  return [...counts].map(([answer, count]) => draw(answer, count));
}

export function statusChip(name, status, count) {
  const words = labelled(name, status || "", count);
  if (status === 0) return chip("trouble", "sandbox-answer-silent", words);
  if (status < 300) return chip("good", "sandbox-answer-ok", words);
  if (status < 500) return chip("bad", "sandbox-answer-refused", words);
  return chip("trouble", "sandbox-answer-trouble", words);
}

// VNPay's door answers codes of its own, and comes again for all but these.
export function codeChip(name, code, count) {
  const words = labelled(name, code, count);
  if (code === "HTTP 0") return chip("trouble", "sandbox-answer-silent", name);
  if (code === "00" || code === "02") return chip("good", "sandbox-answer-ok", words);
  if (code === "97") return chip("bad", "sandbox-answer-refused", words);
  return chip("trouble", "sandbox-answer-trouble", words);
}

export function chip(kind, word, label) {
  return make("span", { className: `chip ${kind}`, data: { testid: "answer" } }, `${label} ${say(word)}`.trim());
}

const labelled = (name, answer, count) => `${name} ${answer}${count > 1 ? ` ×${count}` : ""}`;
