// The page: choices in, answers out, as they move.

import { ask, paced } from "./api.js";
import { showAnswer } from "./answers.js";
import { buildControls } from "./controls.js";
import { copy } from "./copy.js";
import { showFront } from "./front.js";
import { showNeurons } from "./neurons.js";
import { DEFAULT_HARDWARE, adoptNames, fromAddress, toAddress } from "./state.js";

const WAIT_MS = 60;
const problem = document.getElementById("problem");

function showProblem(error) {
  problem.hidden = false;
  problem.textContent = error.message;
  // What is still shown answers another question.
  document.getElementById("answers").classList.add("stale");
}

async function start() {
  const [known, machines, [model]] = await Promise.all(["/v1/choices", "/v1/hardware", "/v1/models"].map((place) => ask(place)));
  const state = fromAddress(known);

  const answer = paced(async () => {
    try {
      const asked = { ...state.choices };
      const found = await ask("/v1/predict", state);
      if (adoptNames(state, asked, found.choices, known)) update();
      problem.hidden = true;
      document.getElementById("answers").classList.remove("stale");
      showAnswer(found);
      // The front of other hardware takes a search of seconds: the numbers do not wait for it.
      showFront(state, found);
      await showNeurons(state);
    } catch (error) {
      showProblem(error);
    }
  }, WAIT_MS);

  const changed = () => {
    toAddress(state);
    update();
    answer();
  };
  const update = buildControls(known, machines, state, changed);
  document.getElementById("choices").addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("reset").addEventListener("click", () => {
    state.choices = {};
    state.hardware = DEFAULT_HARDWARE;
    changed();
  });
  for (const button of document.querySelectorAll("button.copy")) {
    button.addEventListener("click", () => copy(button.dataset.form, state, model.shipped ? undefined : model.name));
  }
  changed();
}

start().catch(showProblem);
