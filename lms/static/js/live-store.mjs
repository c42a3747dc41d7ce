// What a phone remembers of its sessions: two drawers of IndexedDB, the logs that wait, and the page itself. When there is no room or no storage at all it
// remembers as long as the page is open, and says so by `isSafe`.
const NAME = "live", VERSION = 1;
const DRAWERS = { sessions: "plan", queue: "client_id" };
const memory = { sessions: new Map(), queue: new Map() };
export const storage = { isSafe: true };

let opened = null;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = () => {
      for (const [drawer, keyPath] of Object.entries(DRAWERS))
        if (!asked.result.objectStoreNames.contains(drawer)) asked.result.createObjectStore(drawer, { keyPath });
    };
    asked.onsuccess = () => {
      // Another tab with a newer release may change the drawers; this one opens them again when it needs them.
      asked.result.onversionchange = () => { asked.result.close(); opened = null; };
      resolve(asked.result);
    };
    asked.onerror = () => { opened = null; reject(asked.error); };
    asked.onblocked = asked.onerror;
  });
  return opened;
}

async function within(drawer, mode, act) {
  const base = await open();
  return new Promise((resolve, reject) => {
    const transaction = base.transaction(drawer, mode, { durability: "strict" });
    const asked = act(transaction.objectStore(drawer));
    transaction.oncomplete = () => resolve(asked.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error ?? asked.error);
  });
}

export async function put(drawer, value) {
  memory[drawer].set(value[DRAWERS[drawer]], value);
  try {
    await within(drawer, "readwrite", (store) => store.put(value));
    storage.isSafe = true;
  } catch {
    storage.isSafe = false;
  }
  return storage.isSafe;
}

export async function remove(drawer, key) {
  memory[drawer].delete(key);
  await within(drawer, "readwrite", (store) => store.delete(key)).catch(() => {});
}

export async function get(drawer, key) {
  const found = await within(drawer, "readonly", (store) => store.get(key)).catch(() => undefined);
  return found ?? memory[drawer].get(key);
}

export async function all(drawer) {
  const found = await within(drawer, "readonly", (store) => store.getAll()).catch(() => []);
  const known = new Map([...memory[drawer], ...found.map((one) => [one[DRAWERS[drawer]], one])]);
  return [...known.values()];
}

// ── the queue ─────────────────────────────────────────────────────────────

// Logs that wait on this device until they arrive. Each carries the id it was born with, so sending twice is sending once.
const KEEP_SENT = 7 * 24 * 3600_000;

export async function waiting(owner) {
  return (await all("queue")).filter((one) => one.state !== "sent" && one.owner === owner);
}

export async function enqueue(owner, payload) {
  const item = { client_id: payload.client_id, owner, payload, state: "wait", errors: {}, made: Date.now(), url: null };
  await put("queue", item);
  return item;
}

// Who is signed in, and a token that fits: asked just before sending, because a page may be a day old.
async function connect(address) {
  const answer = await fetch(address, { redirect: "manual", cache: "no-store", headers: { Accept: "application/json" } });
  if (answer.type === "opaqueredirect") return { problem: "signedout" };
  if (answer.status === 403) return { problem: "locked" };
  if (!answer.ok) return { problem: "later" };
  return answer.json();
}

async function send(item, address, token) {
  const answer = await fetch(address, {
    method: "POST", redirect: "manual", cache: "no-store", body: JSON.stringify(item.payload),
    headers: { "Content-Type": "application/json", "X-CSRFToken": token, Accept: "application/json" },
  });
  if (answer.type === "opaqueredirect") return "signedout";
  if (answer.status === 403) return "locked";
  if (answer.ok) {
    const { url, notes } = await answer.json();
    await put("queue", { ...item, state: "sent", errors: {}, url, notes, payload: null, sent: Date.now() });
    return null;
  }
  if (answer.status === 422 || answer.status === 409) {
    const told = await answer.json().catch(() => ({ errors: {} }));
    await put("queue", { ...item, state: "mend", errors: told.errors ?? {} });
    return "mend";
  }
  return "later";
}

async function sendAll(owner, urls) {
  const old = (await all("queue")).filter((one) => one.state === "sent" && one.sent < Date.now() - KEEP_SENT);
  for (const one of old) await remove("queue", one.client_id);
  const items = (await waiting(owner)).filter((one) => one.state === "wait");
  if (!items.length) return null;
  try {
    const { token, owner: here, problem } = await connect(urls.connect);
    if (problem) return problem;
    // Somebody else is signed in on this device: the log waits for whoever gave the session.
    if (here !== owner) return "other";
    let told = null;
    for (const item of items) told = (await send(item, urls.log, token)) ?? told;
    return told;
  } catch {
    return "offline";
  }
}

// Gives what stands in the way, or null: offline, later, signedout, locked, other, mend. One tab sends at a time.
export function sendQueue(owner, urls) {
  if (!navigator.locks) return sendAll(owner, urls);
  return navigator.locks.request("live-queue", () => sendAll(owner, urls));
}

export const PROBLEMS = {
  offline: "Je hebt nu geen verbinding. Het log vertrekt vanzelf zodra die er is.",
  later: "De site antwoordt nu niet. We proberen het straks opnieuw.",
  signedout: "Je bent afgemeld. Meld je aan, dan vertrekt het log.",
  locked: "Je pakket is gesloten. Het log blijft op dit toestel bewaard.",
  other: "Er is iemand anders aangemeld. Het log vertrekt als jij je hier aanmeldt.",
  mend: "Er klopt nog iets niet in het log. Kijk het even na.",
};

// ── the page itself ───────────────────────────────────────────────────────

// Puts this page and everything it names on the device, so it opens without a connection. First the files, then the page,
// and only then what an older release left behind: whatever happens in between, there is always one that is whole.
export const cacheName = (plan) => `live-${plan}`;
const path = (plan) => `/live/${plan}`;

export async function keep(facts, html) {
  await navigator.serviceWorker.register(facts.urls.worker, { scope: "/live/" });
  const cache = await caches.open(cacheName(facts.plan));
  for (const address of facts.assets)
    if (!(await cache.match(address, { ignoreVary: true }))) await cache.add(address);
  await cache.put(path(facts.plan), new Response(html, { headers: { ...facts.headers, "X-Kept": String(Date.now()) } }));
  const named = new Set([...facts.assets, path(facts.plan), `${path(facts.plan)}/loopt`]);
  for (const request of await cache.keys())
    if (!named.has(new URL(request.url).pathname)) await cache.delete(request);
  await navigator.serviceWorker.ready;
}

// While a session runs its page is opened as it was kept, whatever the connection or a new release brings.
export async function mark(plan, isRunning) {
  if (!("caches" in window)) return;
  const cache = await caches.open(cacheName(plan));
  if (isRunning) await cache.put(`${path(plan)}/loopt`, new Response("1"));
  else await cache.delete(`${path(plan)}/loopt`);
}
