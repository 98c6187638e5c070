// The page's sentences: they come from the shop's own catalogue and enter the page as text only.

let words = {};
let language = "vi";

export const say = (id) => words[id] ?? "";
export const currentLanguage = () => language;

export async function loadWords(wanted) {
  const answer = await fetch(`/sandbox/api/texts/${encodeURIComponent(wanted)}`);
  ({ words, language } = await answer.json());
  document.documentElement.lang = language;
  writeAll(document);
}

function writeAll(root) {
  for (const node of root.querySelectorAll("[data-text]")) node.textContent = say(node.dataset.text);
  for (const node of root.querySelectorAll("[data-placeholder]")) node.placeholder = say(node.dataset.placeholder);
  for (const node of root.querySelectorAll("[data-label]")) node.setAttribute("aria-label", say(node.dataset.label));
  for (const node of root.querySelectorAll("[data-title]")) {
    node.title = say(node.dataset.title);
    node.setAttribute("aria-label", say(node.dataset.title));
  }
  document.title = say("sandbox-title");
}
