// What the service says of one network.

import { TARGETS, amount, between, element, fillTable, share } from "./elements.js";

const UNLIKELY = 0.8;
const COLORS = ["#0b5c8a", "#8a4b0b", "#1a6b3c", "#7a2a6b", "#4a5866", "#8a1f2d", "#2b4fa8", "#5f5a12", "#0f6b6b"];
const CARDS = ["latency_us", "accuracy", "sparsity", "energy_nj"];

export function showAnswer(answer) {
  const badge = document.getElementById("domain");
  badge.textContent = answer.in_domain ? "inside what was measured" : "outside what was measured";
  badge.className = `badge ${answer.in_domain ? "inside" : "outside"}`;
  const notes = [...answer.reasons, ...answer.warnings];
  document.getElementById("reasons").replaceChildren(...notes.map((note) => element("li", {}, note)));
  document.getElementById("cards").replaceChildren(...CARDS.map((name) => cardOf(name, answer)).filter(Boolean));
  showOutcome(answer.outcome);
  showLayers(answer);
  showNeighbours(answer.neighbours);
  const source = answer.provenance;
  document.getElementById("provenance").textContent =
    `Fitted on ${source.fitted_rows} rows, data ${source.data_sha256.slice(0, 12)}, spikecast ${source.spikecast}. ` +
    "Intervals hold nine of ten networks. Energy is an estimate.";
}

function cardOf(name, answer) {
  const interval = answer[name];
  if (interval === null) return null;
  const { title, unit, form } = TARGETS[name];
  const value = element("b", { id: `value-${name}` }, `${form(interval.value)} ${unit}`.trim());
  return element("div", { class: "card" }, title, value, element("span", {}, between(interval, form)));
}

function showOutcome(outcome) {
  const place = document.getElementById("outcome");
  const likely = Object.entries(outcome).sort((a, b) => b[1] - a[1]);
  const listed = likely.map(([name, probability]) => `${name} ${(100 * probability).toFixed(0)} %`).join(", ");
  const doubtful = outcome.ok < UNLIKELY;
  place.className = doubtful ? "warning" : "";
  place.textContent = doubtful ? `May not train: ${listed}. The numbers hold if it does.` : `Outcome: ${listed}.`;
}

function showLayers({ layers, latency_cycles, latency_us, provenance }) {
  // The layers of a pipeline work at the same time: their cycles say when each is done.
  const pipeline = provenance.mode === "pipeline";
  document.getElementById("work").hidden = pipeline;
  const perCycle = latency_us.value / latency_cycles.value;
  fillTable(
    document.getElementById("layers"),
    ["layer", "sparsity", "90 % interval", "spikes in", pipeline ? "done at cycle" : "cycles", "µs"],
    layers.map((layer) => [
      layer.layer, share(layer.sparsity.value), between(layer.sparsity, share), amount(layer.spikes_in),
      amount(layer.latency_cycles), amount(perCycle * layer.latency_cycles),
    ]),
  );
  document.getElementById("timeline").replaceChildren(
    ...layers.map((layer, index) => {
      const words = `${layer.layer}: ${amount(perCycle * layer.latency_cycles)} µs`;
      const bar = element("div", { title: words }, words);
      bar.style.flexGrow = layer.latency_cycles;
      bar.style.flexBasis = 0;
      bar.style.background = COLORS[index % COLORS.length];
      return bar;
    }),
  );
}

function showNeighbours(neighbours) {
  fillTable(
    document.getElementById("neighbours"),
    ["network", "distance", "accuracy", "sparsity", "cycles", "seeds"],
    neighbours.map((neighbour) => [
      network(neighbour.choices),
      neighbour.distance.toFixed(2),
      neighbour.accuracy === null ? "–" : share(neighbour.accuracy),
      neighbour.sparsity === null ? "–" : share(neighbour.sparsity),
      amount(neighbour.latency_cycles),
      Object.entries(neighbour.outcomes).map(([name, count]) => `${count} ${name}`).join(", "),
    ]),
  );
}

function network({ surrogate, slope, neuron, beta, threshold }) {
  return `${surrogate} ${amount(slope)}, ${neuron}, beta ${beta}, threshold ${threshold}`;
}
