// The question on the page as a command, as Python, as curl, or as a link.

import { USUAL_HARDWARE } from "./state.js";

const quoted = (value) => (/^[\w.+-]+$/.test(String(value)) ? String(value) : `'${String(value).replaceAll("'", `'\\''`)}'`);
const python = (value) => (typeof value === "number" ? String(value) : JSON.stringify(value));

export const forms = {
  cli: ({ choices, hardware }) => {
    const options = Object.entries(choices).map(([name, value]) => `--${name.replaceAll("_", "-")} ${quoted(value)}`);
    if (hardware !== USUAL_HARDWARE) options.push(`--hardware ${quoted(hardware)}`);
    return ["spikecast predict", ...options].join(" ");
  },
  python: ({ choices, hardware }) => {
    const given = Object.entries(choices).map(([name, value]) => `${JSON.stringify(name)}: ${python(value)}`).join(", ");
    return `from spikecast import Predictor\n\nprint(Predictor.load().predict({${given}}, hardware=${python(hardware)}))`;
  },
  curl: ({ choices, hardware }) =>
    `curl ${location.origin}/v1/predict -H 'content-type: application/json' -d ${quoted(JSON.stringify({ choices, hardware }))}`,
  url: () => location.href,
};

export async function copy(form, state) {
  const text = forms[form](state);
  const told = document.getElementById("copied");
  try {
    await navigator.clipboard.writeText(text);
    told.textContent = `Copied: ${text}`;
  } catch {
    // Browsers refuse where the page is not trusted; then it can be read and copied by hand.
    told.textContent = text;
  }
}
