// The bank's app: scan, form, pay, statement.

import { ask } from "./ask.js";
import { byId, keep, make } from "./dom.js";
import { clockTime, money } from "./times.js";
import { say } from "./words.js";

const SOURCES = { casso: "sandbox-source-casso", payos: "sandbox-source-payos" };

let scanned = { account: "", sources: [] };

const digits = (text) => Number(text.replace(/\D/g, ""));
const grouped = (amount) => new Intl.NumberFormat("vi-VN").format(amount);

export function openBank(hands) {
  byId("bank-scan").onclick = () => scan(hands.buyer().id);
  byId("bank-again").onclick = () => showForm(false);
  byId("bank-amount").oninput = ({ target }) => {
    target.value = digits(target.value) ? grouped(digits(target.value)) : "";
  };
  byId("transfer").onsubmit = (event) => {
    event.preventDefault();
    pay();
  };
  return { draw, scan };
}

async function scan(phone, message) {
  showTrouble("");
  const body = message === undefined ? { phone } : { phone, message };
  try {
    fill(await ask("bank/scan", body));
  } catch (trouble) {
    showForm(false);
    showTrouble(trouble.message);
  }
}

function fill(code) {
  scanned = code;
  byId("bank-holder").textContent = code.holder || say("sandbox-bank-unknown-holder");
  byId("bank-bin").textContent = `${code.bank} · ${code.account}`;
  byId("bank-account").value = code.account;
  byId("bank-amount").value = code.amount ? grouped(code.amount) : "";
  byId("bank-memo").value = code.memo ?? "";
  byId("bank-fault").value = "none";
  byId("bank-both").checked = true;
  byId("bank-sources").hidden = code.sources.length < 2;
  showForm(true);
}

async function pay() {
  const button = byId("bank-pay");
  button.disabled = true;
  button.textContent = say("sandbox-bank-paying");
  showTrouble("");
  const account = byId("bank-account").value.trim();
  const alone = account === scanned.account && !byId("bank-both").checked;
  try {
    await ask("bank/pay", {
      account,
      amount: digits(byId("bank-amount").value),
      memo: byId("bank-memo").value,
      fault: byId("bank-fault").value,
      ...(alone ? { sources: scanned.sources.slice(0, 1) } : {}),
    });
    showForm(false);
  } catch (trouble) {
    showTrouble(trouble.message);
  } finally {
    button.disabled = false;
    button.textContent = say("sandbox-bank-pay");
  }
}

function showForm(open) {
  byId("transfer").hidden = !open;
  byId("bank-scan").hidden = open;
  byId("transfer").parentElement.scrollTop = 0;
}

function showTrouble(text) {
  byId("bank-trouble").textContent = text;
  byId("bank-trouble").hidden = !text;
}

function draw(state) {
  const payments = [...state.bank.payments].reverse();
  const items = payments.length ? payments : [{ ref: "none", empty: say("sandbox-bank-history-empty") }];
  keep(byId("payments"), items, (item) => item.ref, (item) =>
    item.empty ? make("li", { className: "empty" }, item.empty) : drawPayment(item));
}

function drawPayment(payment) {
  const head = make("div", { className: "line" }, make("b", {}, `− ${money(payment.amount)}`),
    ...payment.reports.flatMap(outcomes));
  const fault = payment.fault === "none" ? null
    : make("span", { className: "fault-chip" }, say(`sandbox-fault-${payment.fault}`));
  const foot = make("div", { className: "foot" },
    make("time", {}, clockTime(Date.parse(payment.at))), make("span", {}, payment.account), fault);
  return make("li", { data: { testid: "payment", fault: payment.fault } },
    head, make("p", { className: "memo" }, payment.memo), foot);
}

function outcomes(report) {
  const name = say(SOURCES[report.source]);
  const counts = new Map();
  for (const status of report.answers) counts.set(status, (counts.get(status) ?? 0) + 1);
  const chips = [...counts].map(([status, count]) => outcome(name, status, count));
  if (!report.done) chips.push(chip("waiting", "sandbox-answer-waiting", name));
  else if (!report.answers.length) chips.push(chip("lost", "sandbox-answer-never", name));
  return chips;
}

function outcome(name, status, count) {
  const number = `${name} ${status || ""}${count > 1 ? ` ×${count}` : ""}`;
  if (status === 0) return chip("trouble", "sandbox-answer-silent", number);
  if (status < 300) return chip("good", "sandbox-answer-ok", number);
  if (status < 500) return chip("bad", "sandbox-answer-refused", number);
  return chip("trouble", "sandbox-answer-trouble", number);
}

function chip(kind, word, number) {
  return make("span", { className: `chip ${kind}`, data: { testid: "answer" } }, `${number} ${say(word)}`.trim());
}
