// Questions to the service, and when to ask them.

export async function ask(path, body) {
  const options = {};
  if (body !== undefined) {
    options.method = "POST";
    options.headers = { "content-type": "application/json" };
    options.body = JSON.stringify(body);
  }
  const response = await fetch(path, options);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail ?? response.statusText);
  return answer;
}

// While calls keep coming, as they do while a slider is dragged, the work is done again and again, each time after a
// pause and never twice at once; the last call is never lost.
export function paced(work, milliseconds) {
  let busy = false;
  let again = false;
  return async () => {
    again = true;
    if (busy) return;
    busy = true;
    while (again) {
      await new Promise((done) => setTimeout(done, milliseconds));
      again = false;
      await work();
    }
    busy = false;
  };
}
