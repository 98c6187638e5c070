// What was begun on VNPay's and SePay's own pages: how it stands, what the shop said to each notice, what went back;
// and what payOS pays out.

import { codeChip, counted, statusChip } from "./answers.js";
import { byId, keep, make } from "./dom.js";
import { nameOf } from "./sources.js";
import { clockTime, money } from "./times.js";
import { say } from "./words.js";

const STATES = {
  waiting: ["waiting", "sandbox-vnpay-state-waiting"],
  paid: ["good", "sandbox-vnpay-state-paid"],
  suspected: ["trouble", "sandbox-vnpay-state-suspected"],
  failed: ["bad", "sandbox-vnpay-state-failed"],
  cancelled: ["lost", "sandbox-vnpay-state-cancelled"],
  expired: ["lost", "sandbox-vnpay-state-expired"],
  AUTHENTICATION_NOT_NEEDED: ["waiting", "sandbox-pg-status-waiting"],
  CAPTURED: ["good", "sandbox-pg-status-captured"],
  CANCELLED: ["lost", "sandbox-pg-status-cancelled"],
};
const PAYOUTS = {
  RECEIVED: ["waiting", "sandbox-payout-moving"],
  PROCESSING: ["waiting", "sandbox-payout-moving"],
  SUCCEEDED: ["good", "sandbox-payout-succeeded"],
  FAILED: ["bad", "sandbox-payout-failed"],
  CANCELLED: ["bad", "sandbox-payout-rejected"],
  REVERSED: ["bad", "sandbox-payout-reversed"],
};

export function drawCheckouts({ vnpay, sepay_pg: pg, payouts }) {
  const items = [
    ...vnpay.map((each) => ({
      ...each, source: "vnpay", path: `/sandbox/vnpay/paymentv2/Transaction/${each.page}`, chip: codeChip,
    })),
    ...pg.map((each) => ({
      ...each, source: "sepay-pg", number: each.invoice, state: each.status, refunds: [],
      path: `/sandbox/sepay/v1/checkout/${each.page}`, chip: statusChip,
    })),
    ...payouts.map((each) => ({ ...each, page: each.id, draw: drawPayout })),
  ];
  items.sort((one, other) => Date.parse(other.at) - Date.parse(one.at));
  keep(byId("page-payments"), items, (item) => item.page, (item) => (item.draw ?? drawItem)(item));
}

function drawPayout({ account, amount, at, memo, state }) {
  const [kind, word] = PAYOUTS[state];
  const head = make("div", { className: "line" }, make("b", {}, `−${money(amount)}`),
    make("span", { className: `chip ${kind}`, data: { testid: "payout-state" } }, `${say("sandbox-payouts")}: ${say(word)}`));
  const foot = make("div", { className: "foot" }, make("time", {}, clockTime(Date.parse(at))),
    make("span", {}, account), make("span", {}, memo));
  return make("li", { data: { testid: "payout", state } }, head, foot);
}

function drawItem({ amount, answers, at, chip, number, path, refunds, source, state }) {
  const [kind, word] = STATES[state];
  const name = nameOf(source);
  const head = make("div", { className: "line" }, make("b", {}, money(amount)),
    make("span", { className: `chip ${kind}`, data: { testid: "page-state" } }, `${name}: ${say(word)}`),
    ...counted(answers, (answer, count) => chip(name, answer, count)));
  const link = make("a", { href: path, target: "_blank", rel: "noopener noreferrer" }, number);
  const foot = make("div", { className: "foot" }, make("time", {}, clockTime(Date.parse(at))), link,
    ...refunds.map(drawRefund));
  return make("li", { data: { testid: "page-payment", state } }, head, foot);
}

function drawRefund({ amount, refused }) {
  const word = say(refused ? "sandbox-refund-refused" : "sandbox-refund-taken");
  return make("span", { className: "fault-chip", data: { testid: "page-refund" } }, `${word}: ${money(amount)}`);
}
