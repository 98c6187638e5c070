// The street's clock and what goes wrong on demand.

import { ask } from "./ask.js";
import { byId } from "./dom.js";
import { toast } from "./phone.js";
import { fullDate, fullTime } from "./times.js";

let ahead = 0;
let heard = null;

export function openControls(hands) {
  const quietly = (path, body) => ask(path, body).catch((trouble) => toast(trouble.message));
  for (const button of document.querySelectorAll("[data-forward]")) {
    button.onclick = () => quietly("clock", { seconds: Number(button.dataset.forward) });
  }
  byId("fault-chat-down").onchange = ({ target }) => quietly("faults", { chat_down: target.checked });
  byId("fault-limit").onchange = ({ target }) => quietly("faults", { limit_next: target.checked });
  byId("fault-pay-twice").onchange = ({ target }) => quietly("faults", { pay_twice: target.checked });
  byId("fault-payos-down").onchange = ({ target }) => quietly("faults", { payos_down: target.checked });
  byId("fault-payos-slow").onchange = ({ target }) => quietly("faults", { payos_slow: target.checked });
  byId("fault-payos-limit").onchange = ({ target }) => quietly("faults", { payos_limit_next: target.checked });
  byId("fault-mail-down").onchange = ({ target }) => quietly("faults", { mail_down: target.checked });
  byId("fault-block").onchange = ({ target }) =>
    quietly(`phones/${hands.buyer().id}/block`, { blocked: target.checked });
  setInterval(tick, 1000);
  return { draw };
}

function draw(state) {
  // Drawn again, an old state must not set the clock back.
  if (state !== heard) ahead = Date.parse(state.now) - Date.now();
  heard = state;
  byId("fault-chat-down").checked = state.chat.down;
  byId("fault-limit").checked = state.chat.limit_next;
  byId("fault-pay-twice").checked = state.chat.pay_twice;
  byId("fault-mail-down").checked = state.mail.down;
  byId("payos-faults").hidden = !state.payos.links.length;
  byId("fault-payos-down").checked = state.payos.down;
  byId("fault-payos-slow").checked = state.payos.slow;
  byId("fault-payos-limit").checked = state.payos.limit_next;
  byId("fault-block").checked = state.phones[0].blocked;
  tick();
}

function tick() {
  const now = Date.now() + ahead;
  byId("clock").textContent = fullTime(now);
  byId("clock-date").textContent = fullDate(now);
}
