// Server-sent events over fetch: EventSource can send no token. Comes back by itself, and asks for what it missed.

const SILENT_MS = 6000; // three signs of life
const FIRST_PAUSE_MS = 500, LONGEST_PAUSE_MS = 5000;

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

export class Refused extends Error {}

export async function follow(url, token, hear) {
  // Until the token is refused (Refused); whatever else goes wrong is tried again.
  let lastId = null, wait = FIRST_PAUSE_MS;
  for (;;) {
    try {
      for await (const event of connection(url, token, lastId)) {
        lastId = event.id;
        wait = FIRST_PAUSE_MS;
        hear(event.type, JSON.parse(event.data));
      }
    } catch (error) {
      if (error instanceof Refused) throw error;
    }
    // Not all at once: two hundred walls lose the same server in the same moment.
    await pause(wait * (0.5 + Math.random()));
    wait = Math.min(wait * 2, LONGEST_PAUSE_MS);
  }
}

async function* connection(url, token, lastId) {
  const aborting = new AbortController();
  let alarm = setTimeout(() => aborting.abort(), SILENT_MS);
  const headers = { Accept: "text/event-stream" };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (lastId) headers["Last-Event-ID"] = lastId;
  try {
    const response = await fetch(url, { headers, signal: aborting.signal, cache: "no-store" });
    if (response.status === 401) throw new Refused();
    if (!response.ok) throw new Error(response.statusText);
    for await (const event of events(response.body)) {
      clearTimeout(alarm);
      alarm = setTimeout(() => aborting.abort(), SILENT_MS);
      yield event;
    }
  } finally {
    clearTimeout(alarm);
    aborting.abort();
  }
}

async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += value;
    const frames = text.split("\n\n");
    text = frames.pop();
    for (const frame of frames) {
      const fields = Object.fromEntries(frame.split("\n").map((line) => line.split(/: (.*)/s, 2)));
      if (fields.data) yield { id: fields.id, type: fields.event, data: fields.data };
    }
  }
}
