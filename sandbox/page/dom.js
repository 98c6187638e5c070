// Builds elements; strings become text nodes, never markup.

export const byId = (id) => document.getElementById(id);

export function make(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  const { data = {}, ...rest } = properties;
  Object.assign(node, rest);
  Object.assign(node.dataset, data);
  node.append(...children.filter((child) => child !== null));
  return node;
}

// Keeps the children of `box` in step with `items`: same key and same content means the node stays.
export function keep(box, items, keyOf, build) {
  const old = new Map([...box.children].map((node) => [node.dataset.key, node]));
  let place = null;
  for (const item of items) {
    const key = String(keyOf(item));
    const content = JSON.stringify(item);
    let node = old.get(key);
    old.delete(key);
    if (!node || node.keptContent !== content) {
      const fresh = build(item);
      fresh.dataset.key = key;
      fresh.keptContent = content;
      if (node) node.replaceWith(fresh);
      node = fresh;
    }
    const next = place ? place.nextSibling : box.firstChild;
    if (node !== next) box.insertBefore(node, next);
    place = node;
  }
  for (const node of old.values()) node.remove();
}
