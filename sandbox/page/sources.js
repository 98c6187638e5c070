// Who tells the shop of money, or has to be asked: silence, troubles of their APIs, and how SePay's webhook is set up.

import { ask } from "./ask.js";
import { byId, keep, make } from "./dom.js";
import { toast } from "./phone.js";
import { say } from "./words.js";

const NAMES = {
  casso: "sandbox-source-casso",
  sepay: "sandbox-source-sepay",
  payos: "sandbox-source-payos",
  vnpay: "sandbox-source-vnpay",
  "sepay-pg": "sandbox-source-sepay-pg",
  bakong: "sandbox-source-bakong",
};
const TROUBLES = {
  none: "sandbox-trouble-none",
  down: "sandbox-trouble-down",
  busy: "sandbox-trouble-busy",
  html: "sandbox-trouble-html",
  hang: "sandbox-trouble-hang",
  wrong: "sandbox-trouble-wrong",
};

const quietly = (path, body) => ask(path, body).catch((trouble) => toast(trouble.message));

export const nameOf = (source) => say(NAMES[source]);

export function openSources() {
  for (const part of ["proof", "form"]) {
    byId(`sepay-${part}`).onchange = ({ target }) => quietly("sepay", { [part]: target.value });
  }
  byId("sepay-own-ids").onchange = ({ target }) => quietly("sepay", { own_ids: target.checked });
  byId("fault-vnpay-refunds").onchange = ({ target }) => quietly("vnpay", { refunds_refused: target.checked });
  byId("fault-vnpay-bounced").onchange = ({ target }) => quietly("vnpay", { refunds_bounced: target.checked });
  byId("payout-ending").onchange = ({ target }) => quietly("payouts", { ending: target.value });
  return { draw };
}

function draw({ sources }) {
  const rows = Object.keys(sources.trouble).map((source) => ({
    source, name: nameOf(source), silent: sources.silent[source] ?? null, trouble: sources.trouble[source],
  }));
  keep(byId("sources"), rows, (row) => row.source, drawRow);
  byId("sepay-proof").value = sources.sepay.proof;
  byId("sepay-form").value = sources.sepay.form;
  byId("sepay-own-ids").checked = sources.sepay.own_ids;
  byId("fault-vnpay-refunds").checked = sources.vnpay.refunds_refused;
  byId("fault-vnpay-bounced").checked = sources.vnpay.refunds_bounced;
  byId("payout-ending").value = sources.payouts.ending;
}

function drawRow({ source, name, silent, trouble }) {
  const select = make("select", {
    ariaLabel: `API ${name}`, className: trouble === "none" ? "" : "on", data: { testid: `trouble-${source}` },
    onchange: ({ target }) => quietly("sources", { source, trouble: target.value }),
  }, ...Object.entries(TROUBLES).map(([value, word]) => make("option", { value }, say(word))));
  select.value = trouble;
  const speaks = silent === null ? make("span")
    : choice(say("sandbox-silent"), `silent-${source}`, silent, (on) => quietly("sources", { source, silent: on }));
  return make("div", { className: "source" }, make("b", {}, name), select, speaks);
}

// A switch with its words; `onSwitch` hears where it stands then.
export function choice(words, testid, checked, onSwitch) {
  const box = make("input", { type: "checkbox", checked, data: { testid }, onchange: ({ target }) => onSwitch(target.checked) });
  return make("label", { className: "switch" }, box, make("i"), make("span", {}, words));
}
