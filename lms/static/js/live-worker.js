// Opens live sessions without a connection. It keeps no list of files and knows no release: each page put itself and its
// files in a cache of its own (live-keep.mjs), and this answers from there. So a new release strands no open page.
const PAGE = /^\/live\/(\d+)$/;
const SLOW = 3000;
const OLD = 60 * 24 * 3600_000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(sweep().then(() => self.clients.claim())));

// What nobody opened for two months leaves the device.
async function sweep() {
  for (const name of await caches.keys()) {
    if (!name.startsWith("live-")) continue;
    const page = await (await caches.open(name)).match(`/live/${name.slice(5)}`);
    if (page && Number(page.headers.get("X-Kept")) < Date.now() - OLD) await caches.delete(name);
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  const page = PAGE.exec(url.pathname);
  if (request.mode === "navigate" && page) event.respondWith(open(event, `live-${page[1]}`, url.pathname));
  else if (url.pathname.startsWith("/static/"))
    event.respondWith(caches.match(request, { ignoreVary: true }).then((kept) => kept ?? fetch(request)));
});

async function open(event, name, path) {
  const cache = await caches.open(name);
  const kept = await cache.match(path);
  if (!kept) return fetch(event.request).catch(() => nothingKept());
  const isRunning = await cache.match(`${path}/loopt`);
  const asked = fetch(event.request).then(async (answer) => {
    // The pack was closed, or the plan is gone: from now on this device does not open it either.
    if (answer.status === 403 || (answer.status === 404 && !isRunning)) await caches.delete(name);
    return answer;
  });
  if (isRunning) {
    event.waitUntil(asked.catch(() => {}));
    return kept;
  }
  const slow = new Promise((resolve) => { setTimeout(resolve, SLOW, kept); });
  const answer = await Promise.race([asked.catch(() => kept), slow]);
  return answer.status >= 500 ? kept : answer;
}

function nothingKept() {
  const page = `<!doctype html><html lang="nl-BE"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Geen verbinding</title><main><h1>Deze sessie staat nog niet op dit toestel</h1>
<p>Open ze één keer met verbinding. Daarna werkt ze ook zonder.</p></main></html>`;
  return new Response(page, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": "default-src 'none'" } });
}
