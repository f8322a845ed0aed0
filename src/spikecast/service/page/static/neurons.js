// The same choices with a leaky (LIF) and with a lapicque neuron.

import { ask } from "./api.js";
import { TARGETS, between, fillTable, heading } from "./elements.js";

export async function showNeurons(state) {
  const { alpha: _, ...choices } = state.choices;
  const body = (neuron) => ({ choices: { ...choices, neuron }, hardware: state.hardware });
  const table = document.getElementById("neurons");
  try {
    const [lif, lapicque] = await Promise.all(
      ["leaky", "lapicque"].map((neuron) => ask("/v1/predict", body(neuron))),
    );
    const cell = (answer, name) => {
      const { form } = TARGETS[name];
      return answer[name] === null ? "–" : `${form(answer[name].value)} (${between(answer[name], form)})`;
    };
    const rows = Object.keys(TARGETS).map((name) => [heading(name), cell(lif, name), cell(lapicque, name)]);
    const of = (answer) => `beta ${answer.choices.beta}, threshold ${answer.choices.threshold}`;
    rows.push(["membrane", of(lif), of(lapicque)]);
    rows.push(["measured there", lif.in_domain ? "yes" : "no", lapicque.in_domain ? "yes" : "no"]);
    fillTable(table, ["", "LIF", "Lapicque"], rows);
  } catch (error) {
    fillTable(table, [error.message], []);
  }
}
