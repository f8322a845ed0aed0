// The choices that differ from their defaults, and the hardware; the address of the page holds them.

export const DEFAULT_HARDWARE = "sparse-core";

export function fromAddress(known) {
  const asked = new URLSearchParams(location.search);
  const state = { choices: {}, hardware: asked.get("hardware") || DEFAULT_HARDWARE };
  for (const choice of known) {
    const text = asked.get(choice.name);
    if (text === null || text === "") continue;
    state.choices[choice.name] = isNumber(choice) && Number.isFinite(Number(text)) ? Number(text) : text;
  }
  return state;
}

export function toAddress(state) {
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(state.choices)) asked.set(name, value);
  if (state.hardware !== DEFAULT_HARDWARE) asked.set("hardware", state.hardware);
  const query = asked.toString();
  history.replaceState(null, "", query ? `?${query}` : location.pathname);
}

// Names may be given in short, as sre: once the service has answered with their full names, those are the choices.
// Returns whether any was short.
export function adoptNames(state, asked, answered, known) {
  const short = known.filter(({ name, kind, allowed }) =>
    kind === "name" && name in asked && asked[name] !== answered[name] && state.choices[name] === asked[name] &&
    allowed.includes(answered[name]));
  for (const { name } of short) state.choices[name] = answered[name];
  return short.length > 0;
}

// A choice's default hangs on another choice for some: the slope's on the surrogate.
export function defaultOf(choice, state, known) {
  if (!choice.default_within) return choice.default;
  return choice.default_within.values[valueOf(choice.default_within.choice, state, known)] ?? choice.default;
}

export function valueOf(name, state, known) {
  return state.choices[name] ?? known.find((choice) => choice.name === name).default;
}

export function isNumber(choice) {
  return choice.kind !== "name" || choice.allowed.every((value) => typeof value === "number");
}
