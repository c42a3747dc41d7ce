// Logs that wait on this device until they arrive. Each carries the id it was born with, so sending twice is sending once.
import { all, put, remove } from "./live-store.mjs";

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
