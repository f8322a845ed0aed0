// One control for each choice: a menu for names, a slider with a number beside it for numbers.

import { element } from "./elements.js";
import { defaultOf, isNumber, valueOf } from "./state.js";

const MAIN = ["surrogate", "slope", "neuron", "beta", "threshold", "architecture"];
const LOGARITHMIC = new Set(["slope", "learning_rate"]);
const STEPS = 200;

export function buildControls(known, machines, state, changed) {
  const updates = known.map((choice) => {
    const place = document.getElementById(MAIN.includes(choice.name) ? "main-choices" : "more-choices");
    const control = choice.name === "architecture" ? text(choice) : choice.kind === "name" ? menu(choice) : slider(choice);
    place.append(control.whole);
    control.listen((value) => {
      if (value === undefined || value === defaultOf(choice, state, known)) delete state.choices[choice.name];
      else state.choices[choice.name] = value;
      changed();
    });
    return () => control.show(state.choices[choice.name] ?? defaultOf(choice, state, known), rangeOf(choice, state, known));
  });
  updates.push(machineMenu(machines, state, changed));
  return () => updates.forEach((update) => update());
}

function label(choice, id) {
  return element("label", { for: id, title: choice.meaning }, choice.name.replaceAll("_", " "));
}

function menu(choice) {
  const id = `choice-${choice.name}`;
  const select = element("select", { id }, ...choice.allowed.map((name) => element("option", { value: name }, name)));
  const whole = element("div", { class: "choice" }, label(choice, id), select);
  return {
    whole,
    show: (value) => {
      if (![...select.options].some((option) => option.value === String(value))) {
        select.append(element("option", { value }, value));
      }
      select.value = value;
    },
    listen: (chosen) =>
      select.addEventListener("change", () => chosen(isNumber(choice) ? Number(select.value) : select.value)),
  };
}

function text(choice) {
  const id = `choice-${choice.name}`;
  const names = [...new Set([...choice.allowed, ...choice.measured])];
  const list = element("datalist", { id: `${id}-list` }, ...names.map((name) => element("option", { value: name })));
  const input = element("input", { id, list: `${id}-list`, autocomplete: "off", spellcheck: "false" });
  const whole = element("div", { class: "choice" }, label(choice, id), input, list);
  return {
    whole,
    show: (value) => {
      if (document.activeElement !== input) input.value = value;
    },
    listen: (chosen) => input.addEventListener("change", () => chosen(input.value.trim() || undefined)),
  };
}

function slider(choice) {
  const id = `choice-${choice.name}`;
  const range = element("input", { type: "range", id, min: 0, max: STEPS, step: 1 });
  const number = element("input", {
    type: "number", step: choice.kind === "whole" ? 1 : "any", "aria-label": `${choice.name}, as a number`,
  });
  const note = element("small");
  const whole = element("div", { class: "choice" }, label(choice, id), element("div", { class: "row" }, range, number), note);
  let ends = { least: 0, most: 1 };
  return {
    whole,
    show: (value, [least, most, where]) => {
      // A value that has no place on the slider is shown at its lower end.
      const placed = Number.isFinite(value) && (value > 0 || !LOGARITHMIC.has(choice.name)) ? value : least;
      ends = { least: Math.min(least, placed), most: Math.max(most, placed) };
      range.value = STEPS * placeOf(placed, ends, choice);
      range.setAttribute("aria-valuetext", value);
      if (document.activeElement !== number) number.value = value;
      note.textContent = `measured ${least} to ${most}${where}`;
    },
    listen: (chosen) => {
      range.addEventListener("input", () => {
        const value = valueAt(range.value / STEPS, ends, choice);
        number.value = value;
        chosen(value);
      });
      number.addEventListener("input", () => chosen(number.value === "" ? undefined : Number(number.value)));
    },
  };
}

// What was measured is what the slider spans; a number beyond it can be typed.
function rangeOf(choice, state, known) {
  if (choice.kind === "name") return [];
  const kinds = choice.measured_within.choices.map((name) => valueOf(name, state, known));
  const spelled = known.find((other) => other.name === "architecture").spelled;
  const within = kinds.reduce((found, kind) => found?.[spelled[kind] ?? kind], choice.measured_within.values);
  const ends = within ?? choice.measured;
  const [dataset, kind] = kinds;
  return [ends.least, ends.most, within ? `${kind === undefined ? "" : ` for ${kind}`} on ${dataset}` : ""];
}

function placeOf(value, { least, most }, choice) {
  if (most === least) return 0.5;
  return LOGARITHMIC.has(choice.name) ? Math.log(value / least) / Math.log(most / least) : (value - least) / (most - least);
}

function valueAt(place, { least, most }, choice) {
  const value = LOGARITHMIC.has(choice.name) ? least * (most / least) ** place : least + (most - least) * place;
  return choice.kind === "whole" ? Math.round(value) : Number(value.toPrecision(3));
}

function machineMenu(machines, state, changed) {
  const options = machines.map((machine) => element("option", { value: machine.name }, machine.name));
  const select = element("select", { id: "machine" }, ...options);
  const note = element("small");
  document.getElementById("hardware").append(
    element("div", { class: "choice" }, element("label", { for: "machine" }, "description"), select, note),
  );
  select.addEventListener("change", () => {
    state.hardware = select.value;
    changed();
  });
  return () => {
    select.value = state.hardware;
    note.textContent = machines.find((machine) => machine.name === state.hardware)?.description ?? "";
  };
}
