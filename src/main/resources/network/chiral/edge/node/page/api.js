// Talks to the admin API of the node that serves this page.

const ROOT = new URL("../api/v1", import.meta.url).pathname;
const TOKEN = "chiral-admin-token";
const FIRST_RETRY_MS = 1000;
const MAX_RETRY_MS = 15000;
// The node sends a status each second while it is there.
const SILENCE_MS = 20000;

/** An answer that is no success: a problem document (RFC 9457). */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || `The node answered ${status}.`);
    this.status = status;
  }
}

export function keepToken(token) {
  sessionStorage.setItem(TOKEN, token);
}

export function hasToken() {
  return sessionStorage.getItem(TOKEN) !== null;
}

export function forgetToken() {
  sessionStorage.removeItem(TOKEN);
}

function headers(more) {
  const token = sessionStorage.getItem(TOKEN);
  return token === null ? { ...more } : { ...more, Authorization: `Bearer ${token}` };
}

async function call(method, path, options = {}) {
  const response = await fetch(ROOT + path, {
    method,
    headers: headers(method === "GET" ? {} : { "X-Chiral-Admin": "page" }),
    ...options,
  });
  if (response.ok) return response;
  let problem = {};
  try {
    problem = await response.json();
  } catch {
    // not every answer on the way is the node's
  }
  throw new Refused(response.status, problem);
}

export async function get(path) {
  return (await call("GET", path)).json();
}

export async function post(path) {
  return (await call("POST", path)).json();
}

export async function download(path) {
  return (await call("GET", path)).blob();
}

/**
 * Listens to the node's events until stop() is called, and again after each loss.
 *
 * EventSource sends no token, so this reads the stream itself.
 *
 * @param onEvent called with topic and data
 * @param onState called with "open", "lost" or "refused" (and the problem)
 */
export function listen(onEvent, onState) {
  const stopped = new AbortController();
  (async () => {
    let pause = FIRST_RETRY_MS;
    while (!stopped.signal.aborted) {
      try {
        await stream(stopped.signal, onEvent, () => {
          pause = FIRST_RETRY_MS;
          onState("open");
        });
      } catch (problem) {
        if (stopped.signal.aborted) return;
        if (problem instanceof Refused && problem.status === 401) {
          onState("refused", problem);
          return;
        }
      }
      if (stopped.signal.aborted) return;
      onState("lost");
      await new Promise((resolve) => setTimeout(resolve, pause));
      pause = Math.min(2 * pause, MAX_RETRY_MS);
    }
  })();
  return { stop: () => stopped.abort() };
}

async function stream(stopped, onEvent, onOpen) {
  const silent = new AbortController();
  const response = await call("GET", "/events", { signal: AbortSignal.any([stopped, silent.signal]) });
  onOpen();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const watchdog = setTimeout(() => silent.abort(), SILENCE_MS);
    const { value, done } = await reader.read().finally(() => clearTimeout(watchdog));
    if (done) return;
    text += value;
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      dispatch(text.slice(0, end), onEvent);
      text = text.slice(end + 2);
    }
  }
}

function dispatch(block, onEvent) {
  let topic = "";
  let data = "";
  for (const line of block.split("\n")) {
    if (line.startsWith("event: ")) topic = line.slice(7);
    if (line.startsWith("data: ")) data += line.slice(6);
  }
  if (topic !== "") onEvent(topic, JSON.parse(data));
}
