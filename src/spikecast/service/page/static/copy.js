// The question on the page as a command, as Python, as curl, or as a link.

import { DEFAULT_HARDWARE } from "./state.js";

const quoted = (value) => (/^[\w.+-]+$/.test(String(value)) ? String(value) : `'${String(value).replaceAll("'", `'\\''`)}'`);
const python = (value) => (typeof value === "number" ? String(value) : JSON.stringify(value));

export const forms = {
  cli: ({ choices, hardware }, model) => {
    const options = Object.entries(choices).map(([name, value]) => `--${name.replaceAll("_", "-")} ${quoted(value)}`);
    if (hardware !== DEFAULT_HARDWARE) options.push(`--hardware ${quoted(hardware)}`);
    if (model) options.push(`--model ${quoted(model)}`);
    return ["spikecast predict", ...options].join(" ");
  },
  python: ({ choices, hardware }, model) => {
    const given = Object.entries(choices).map(([name, value]) => `${JSON.stringify(name)}: ${python(value)}`).join(", ");
    return `from spikecast import Predictor\n\nprint(Predictor.load(${model ? python(model) : ""}).predict({${given}}, hardware=${python(hardware)}))`;
  },
  curl: ({ choices, hardware }) =>
    `curl ${location.origin}/v1/predict -H 'content-type: application/json' -d ${quoted(JSON.stringify({ choices, hardware }))}`,
  url: () => location.href,
};

// A model other than the shipped one is named as its folder is.
export async function copy(form, state, model) {
  const text = forms[form](state, model);
  const place = document.getElementById("copied");
  // What stands there until the clipboard holds the new text would be taken for it.
  place.textContent = "";
  try {
    await navigator.clipboard.writeText(text);
    place.textContent = `Copied: ${text}`;
  } catch {
    // Browsers refuse where the page is not trusted; then it can be read and copied by hand.
    place.textContent = text;
  }
}
