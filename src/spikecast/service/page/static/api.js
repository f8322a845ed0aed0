// Questions to the service. A newer question of the same kind makes the older one moot.

const running = new Map();

export async function ask(kind, path, body) {
  running.get(kind)?.abort();
  const control = new AbortController();
  running.set(kind, control);
  const options = { signal: control.signal };
  if (body !== undefined) {
    options.method = "POST";
    options.headers = { "content-type": "application/json" };
    options.body = JSON.stringify(body);
  }
  const answer = await fetch(path, options);
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.detail ?? answer.statusText);
  return told;
}

export function debounced(work, milliseconds) {
  let timer;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...values), milliseconds);
  };
}
