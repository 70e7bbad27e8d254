// The simulator behind the page: what is asked of it, and what it tells by itself.

export async function post(path, body) {
  const answer = await fetch(`/sim/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const given = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(given.error ?? `HTTP ${answer.status}`);
  return given;
}

export async function load() {
  // ?also=NUMBER on the page's address puts one more phone on the desk.
  const answer = await fetch(`/sim/phones${window.location.search}`, { cache: "no-store" });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return answer.json();
}

// Calls `on[type](event)` for each event; `on.again()` after a break, `on.lost()` when it begins.
export function listen(on) {
  const stream = new EventSource("/sim/events");
  let broken = false;
  stream.onopen = () => {
    if (broken) on.again();
    broken = false;
  };
  stream.onerror = () => {
    if (!broken) on.lost();
    broken = true;
  };
  stream.onmessage = ({ data }) => {
    const event = JSON.parse(data);
    on[event.type]?.(event);
  };
}
