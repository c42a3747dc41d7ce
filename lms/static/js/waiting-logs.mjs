// Tells in the logbook which logs still wait on this device, and sends them.
import { PROBLEMS, sendQueue, waiting } from "./live-store.mjs";

const place = document.querySelector("[data-waiting]");
const { owner, connect, log } = place.dataset;

async function look() {
  const before = await waiting(owner);
  const problem = before.length ? await sendQueue(owner, { connect, log }) : null;
  const left = await waiting(owner);
  place.hidden = !left.length;
  place.querySelector("[data-text]").textContent = `${left.length === 1 ? "Eén log wacht" : `${left.length} logs wachten`} nog. ${PROBLEMS[problem] ?? ""}`;
  // What arrived belongs in the list above.
  if (left.length < before.length) window.location.reload();
}

window.addEventListener("online", look);
look();
