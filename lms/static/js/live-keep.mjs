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
