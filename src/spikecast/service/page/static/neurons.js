// The same choices with a leaky (LIF) and with a lapicque neuron.

import { ask } from "./api.js";
import { amount, between, fillTable, share } from "./elements.js";

const ROWS = [
  ["accuracy", "accuracy", share],
  ["sparsity", "sparsity", share],
  ["latency, µs", "latency_us", amount],
  ["energy, nJ", "energy_nj", amount],
];

export async function showNeurons(state) {
  const { alpha: _, ...choices } = state.choices;
  const body = (neuron) => ({ choices: { ...choices, neuron }, hardware: state.hardware });
  const table = document.getElementById("neurons");
  try {
    const [lif, lapicque] = await Promise.all(
      ["leaky", "lapicque"].map((neuron) => ask("/v1/predict", body(neuron))),
    );
    const cell = (answer, name, form) =>
      answer[name] === null ? "–" : `${form(answer[name].value)} (${between(answer[name], form)})`;
    const rows = ROWS.map(([title, name, form]) => [title, cell(lif, name, form), cell(lapicque, name, form)]);
    const of = (answer) => `beta ${answer.choices.beta}, threshold ${answer.choices.threshold}`;
    rows.push(["membrane", of(lif), of(lapicque)]);
    rows.push(["measured there", lif.in_domain ? "yes" : "no", lapicque.in_domain ? "yes" : "no"]);
    fillTable(table, ["", "LIF", "Lapicque"], rows);
  } catch (error) {
    fillTable(table, [error.message], []);
  }
}
