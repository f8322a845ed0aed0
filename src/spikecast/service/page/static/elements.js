// Elements and text from plain values. Text is always set as text, never read as HTML.

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && value !== false) made.setAttribute(name, value);
  }
  made.append(...children.map((child) => (child instanceof Node ? child : String(child))));
  return made;
}

export function fillTable(table, heads, rows) {
  const head = element("tr", {}, ...heads.map((text) => element("th", { scope: "col" }, text)));
  const lines = rows.map((cells) => element("tr", {}, ...cells.map((text) => element("td", {}, text))));
  table.replaceChildren(element("thead", {}, head), element("tbody", {}, ...lines));
}

export const share = (value) => value.toFixed(3);

export function amount(value) {
  if (value === null || value === undefined) return "–";
  const digits = Math.abs(value) >= 1000 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString("en", { maximumFractionDigits: digits, minimumFractionDigits: digits });
}

// What the page shows of a network, in the order of its tables.
export const TARGETS = {
  accuracy: { title: "accuracy", unit: "", form: share },
  sparsity: { title: "sparsity", unit: "", form: share },
  latency_us: { title: "latency", unit: "µs", form: amount },
  energy_nj: { title: "energy", unit: "nJ", form: amount },
};

export const heading = (name) => [TARGETS[name].title, TARGETS[name].unit].filter(Boolean).join(", ");

export const between = (interval, form) => `${form(interval.low)} to ${form(interval.high)}`;
