// Accuracy against latency: what was measured, the predicted front, and where the choices lie.

import { ask } from "./api.js";
import { heading } from "./elements.js";

const look = { measured: "#8795a1", yours: "#d9541e" };
const TICKS = [1, 2, 5].flatMap((digit) => [1, 10, 100, 1e3, 1e4, 1e5].map((power) => digit * power));
const fronts = new Map();
let newest;

export async function showFront(state, answer) {
  const place = document.getElementById("front");
  const structure = ["dataset", "architecture", "timesteps", "input_size"];
  const asked = new URLSearchParams({ hardware: state.hardware, candidates: 1024 });
  for (const name of structure) if (name in state.choices) asked.set(name, state.choices[name]);
  newest = answer;
  const note = document.getElementById("front-note");
  try {
    const found = await frontOf(asked.toString());
    // While the front was searched for, the choices may have moved on.
    if (answer !== newest) return;
    draw(place, found, answer);
    note.textContent = found.measured.length
      ? "Grey: measured networks. Line: the predicted front. Your choice moves among them."
      : "Nothing was measured on this hardware: the line is predicted.";
  } catch (error) {
    if (answer !== newest) return;
    note.textContent = error.message;
    window.Plotly.purge(place);
  }
}

// Asked for once: every search keeps the service busy for seconds, whether or not anybody still waits for it.
function frontOf(query) {
  if (!fronts.has(query)) {
    const found = ask(`/v1/pareto?${query}`);
    fronts.set(query, found);
    found.catch(() => fronts.delete(query));
  }
  return fronts.get(query);
}

function draw(place, { front, measured }, answer) {
  const ink = getComputedStyle(document.body).color;
  const accent = getComputedStyle(document.documentElement).getPropertyValue("--accent");
  const points = (rows) => ({ x: rows.map((row) => row.latency_us), y: rows.map((row) => row.accuracy) });
  const error = (interval) => ({
    type: "data", symmetric: false, array: [interval.high - interval.value], arrayminus: [interval.value - interval.low],
  });
  const traces = [
    { ...points(measured), name: "measured", mode: "markers", marker: { color: look.measured, size: 6, opacity: 0.6 } },
    { ...points(front), name: "predicted front", mode: "lines", line: { color: accent, width: 2 } },
    {
      x: [answer.latency_us.value], y: [answer.accuracy.value], name: "your choice", mode: "markers",
      marker: { color: look.yours, size: 13, symbol: "diamond" },
      error_x: { ...error(answer.latency_us), color: look.yours }, error_y: { ...error(answer.accuracy), color: look.yours },
    },
  ];
  const axis = { gridcolor: "rgba(128,128,128,.25)", zeroline: false };
  const layout = {
    height: 380, margin: { l: 50, r: 10, t: 10, b: 45 }, font: { color: ink, family: "system-ui, sans-serif" },
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", legend: { orientation: "h", y: 1.12 },
    xaxis: { ...axis, title: { text: heading("latency_us") }, type: "log", tickvals: TICKS, tickformat: "," }, yaxis: { ...axis, title: { text: heading("accuracy") } },
  };
  window.Plotly.react(place, traces, layout, { displayModeBar: false, responsive: true });
}
