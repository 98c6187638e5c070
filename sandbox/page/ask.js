// Talks to the street: JSON there and back; a refusal is thrown as the sentence that tells it.

import { say } from "./words.js";

export async function ask(path, body) {
  let answer;
  try {
    answer = await fetch(`/sandbox/api/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Error(say("sandbox-error-network"));
  }
  const result = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(say(result.error) || say("sandbox-error-request"));
  return result;
}

export function listen(draw, setOffline) {
  const events = new EventSource("/sandbox/api/events");
  events.onmessage = (event) => {
    setOffline(false);
    draw(JSON.parse(event.data));
  };
  events.onerror = () => setOffline(true);
}
