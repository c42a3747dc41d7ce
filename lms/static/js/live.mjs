// The live session: reads the plan from the page, keeps every act on the device, and counts by the clock on the wall.
import * as act from "./live-state.mjs";
import { PROBLEMS, all, enqueue, get, keep, mark, put, remove, sendQueue, storage, waiting } from "./live-store.mjs";
import {
  $, clockOf, fillLog, minutes, missing, payloadOf, readForm, showClock, showErrors, showPhase, showParked, warnOfNames,
} from "./live-view.mjs";

// The page as the server sent it, before anything here changes it: this is what is put on the device.
const html = `<!doctype html>\n${document.documentElement.outerHTML}`;
let facts = JSON.parse(document.getElementById("sessie").textContent);
const TICK = 500, REMEMBER = 10_000, AWAY = 3 * 60_000, OLD = 4 * 3600_000, FORGOTTEN = 60 * 24 * 3600_000, RETRY = 30_000;
let state = null;
let shown = { key: "", proposals: [] };
let lock = null;
let away = 0;
let problem = null;
let last = { wall: Date.now(), steady: performance.now() };

const notice = (name, isShown) => {
  const place = document.querySelector(`[data-notice="${name}"]`);
  place.hidden = !isShown;
  return place;
};

// ── keeping ───────────────────────────────────────────────────────────────

let writes = 0;

async function remember() {
  const turn = ++writes;
  delete document.documentElement.dataset.kept;
  state.seen = Date.now();
  await put("sessions", state);
  notice("full", !storage.isSafe);
  if (turn === writes) document.documentElement.dataset.kept = "1";
}

async function become(fresh, { focus = false } = {}) {
  const before = state.phase;
  state = fresh;
  draw();
  if (before !== state.phase || focus) $("name").focus();
  if (before !== state.phase) window.scrollTo(0, 0);
  await remember();
  if (before !== state.phase) {
    await mark(facts.plan, ["running", "between", "log"].includes(state.phase)).catch(() => {});
  }
}

function draw() {
  shown = { key: "", proposals: [] };
  showPhase(state, facts);
  if (state.phase === "ready") showBell("bell", state.hour);
  if (state.phase === "between") showBell("bell-2", act.nextHour(state));
  if (state.phase === "log") fillLog(state, facts, Date.now());
  if (state.phase === "done") showDone();
  if (act.isTiming(state)) shown = showClock(state, Date.now(), shown);
  wake();
}

function showBell(id, hour) {
  const field = document.getElementById(id);
  if (field.dataset.typed) return;
  field.value = clockOf(act.bellFor(facts, hour, Date.now()));
}

// ── the clock ─────────────────────────────────────────────────────────────

function tick() {
  const now = Date.now(), steady = performance.now();
  const passed = now - last.wall, really = steady - last.steady;
  last = { wall: now, steady };
  if (!state) return;
  // Time never runs back: then the clock of the device was set, and what is remembered moves along.
  if (passed < -1000 || passed < really - 2000) move(passed - Math.max(0, really));
  else if (act.isTiming(state) && passed > AWAY) wasAway(passed);
  if (!act.isTiming(state)) {
    if (state.phase === "ready") showBell("bell", state.hour);
    if (state.phase === "between") showBell("bell-2", act.nextHour(state));
    return;
  }
  shown = showClock(state, now, shown);
  const isSoon = $("clock").dataset.state === "soon";
  if (isSoon && state.warned !== state.at) {
    state.warned = state.at;
    // A quiet signal: it is felt and seen, never heard.
    if (state.paused === null && document.visibilityState === "visible") navigator.vibrate?.([120, 80, 120]);
    remember();
  } else if (now - state.seen > REMEMBER) remember();
}

function move(by) {
  state = act.shifted(state, by);
  draw();
  remember();
}

function wasAway(gap) {
  away = gap;
  $("text", notice("away", true)).textContent = `Je was ${minutes(Math.round(gap / 60_000))} weg. De klok liep door.`;
}

async function wake() {
  const isWanted = act.isTiming(state) && state.paused === null && document.visibilityState === "visible";
  try {
    if (isWanted && (!lock || lock.released)) lock = await navigator.wakeLock?.request("screen");
    else if (!isWanted && lock) { await lock.release(); lock = null; }
  } catch {
    // The device wants to sleep: the wall clock goes on without the screen.
  }
}

// ── buttons ───────────────────────────────────────────────────────────────

function bellTyped(id, hour) {
  const now = Date.now(), typed = /^\s*(\d{1,2})\s*[.:u]?\s*(\d{2})\s*$/.exec(document.getElementById(id).value);
  if (!typed) return act.bellFor(facts, hour, now);
  const day = new Date(now);
  const bell = new Date(day.getFullYear(), day.getMonth(), day.getDate(), Number(typed[1]), Number(typed[2])).getTime();
  // A bell that lies behind us belongs to a lesson past midnight, or is a slip: then the length of the hour counts.
  return bell > now ? bell : act.bellFor({ ...facts, start: null }, hour, now);
}

const ACTS = {
  async start() {
    const isFirst = state.phase === "ready";
    const hour = isFirst ? state.hour : act.nextHour(state);
    const begun = isFirst ? { begun: Date.now() } : {};
    navigator.storage?.persist?.().catch(() => {});
    await become({ ...act.startHour(state, bellTyped(isFirst ? "bell" : "bell-2", hour), Date.now()), ...begun });
  },
  next: () => become(act.next(state, Date.now()), { focus: true }),
  back: () => become(act.back(state), { focus: true }),
  more: () => become(act.more(state)),
  pause: () => become(act.pause(state, Date.now())),
  undo: () => become(act.undo(state), { focus: true }),
  finish: () => become(act.finish(state, Date.now())),
  log: () => become(act.toLog(state)),
  unjump() { move(away); },
  async mend() {
    const item = await get("queue", state.log);
    await become({ ...state, phase: "log" });
    showErrors(item?.errors ?? {});
  },
  again() {
    notice("old", false);
    for (const part of document.querySelectorAll("main details")) part.open = false;
    return become(act.newSession(facts, Date.now()));
  },
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button || !state) return;
  if (button.dataset.act || button.dataset.take) notice("away", false);
  if (button.dataset.act) ACTS[button.dataset.act]();
  else if (button.dataset.take)
    become(act.take(state, shown.proposals[Number(button.dataset.take)], Date.now()), { focus: true });
  else if (button.dataset.unpark) {
    const isLog = state.phase === "log";
    if (isLog) state.form = readForm();
    state = act.unpark(state, button.dataset.unpark);
    if (isLog) fillLog(state, facts, Date.now());
    else showParked(state);
    remember();
  }
});

document.addEventListener("change", (event) => {
  const list = event.target.closest("[data-ask], [data-asked]");
  if (!list || !state) return;
  state = act.tick(state, event.target.previousElementSibling.textContent, event.target.checked);
  $("asked-count").textContent = ` (${state.asked.length})`;
  remember();
});

document.addEventListener("input", (event) => {
  if (event.target.id === "bell" || event.target.id === "bell-2") event.target.dataset.typed = "1";
  if (event.target.matches("#worked, #vraag")) warnOfNames(event.target, facts);
  if (!event.target.closest("[data-log]") || event.target.closest("[data-asked]")) return;
  for (const item of $("blocks").children) $("actual", item).disabled = $("outcome", item).value !== "gedaan";
  state.form = readForm();
  remember();
});

document.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (event.target.matches("[data-park]")) {
    const field = document.getElementById("vraag"), words = field.value.trim();
    if (!words) return;
    state = act.park(state, words, Date.now());
    field.value = "";
    showParked(state);
    await remember();
  } else if (event.target.matches("[data-log]")) await saveLog();
});

async function saveLog() {
  state.form = readForm();
  const errors = missing(state.form);
  showErrors(errors);
  await remember();
  if (Object.keys(errors).length) return;
  await enqueue(facts.owner, payloadOf(state, facts));
  await become({ ...state, phase: "done", trail: [] });
  await deliver();
}

// ── sending ───────────────────────────────────────────────────────────────

async function deliver() {
  const before = problem;
  problem = await sendQueue(facts.owner, facts.urls);
  await forget();
  await showQueue();
  if (problem === "mend" && before !== "mend" && state.phase === "done") await showDone();
}

// What arrived is no longer needed here, and what nobody looked at for two months neither.
async function forget() {
  const item = await get("queue", state.log);
  if (item?.state === "sent" && state.form) {
    state = { ...state, form: null, asked: [], parked: [] };
    await remember();
  }
  for (const one of await all("sessions")) if (one.seen < Date.now() - FORGOTTEN) await remove("sessions", one.plan);
}

async function showQueue() {
  const item = await get("queue", state.log);
  const count = (await waiting(facts.owner)).length;
  // The last page tells it about its own log.
  const place = notice("queue", count > 0 && Boolean(problem) && (state.phase !== "done" || count > 1));
  $("badge", place).textContent = count > 1 ? `${count} logs bewaard op dit toestel` : "bewaard op dit toestel";
  $("text", place).textContent = PROBLEMS[problem] ?? "";
  $("sign-in").hidden = problem !== "signedout";
  notice("other", problem === "other");
  if (state.phase === "done") await showDone(item);
}

async function showDone(known) {
  const item = known ?? (await get("queue", state.log));
  const isSent = item?.state === "sent";
  const badge = $("done-badge");
  badge.textContent = isSent ? "verstuurd" : "bewaard op dit toestel";
  badge.className = `pill ${isSent ? "pill-good" : "pill-lamp"}`;
  $("done-text").textContent = isSent ? "Je sessie staat in je logboek." : (PROBLEMS[problem] ?? "Je log is veilig. Het vertrekt vanzelf.");
  const isOut = problem === "signedout";
  document.querySelector("[data-done-sign-in]").hidden = isSent || !isOut;
  $("done-notes").replaceChildren(...(item?.notes ?? []).map((note) => {
    const line = document.createElement("li");
    line.textContent = note;
    return line;
  }));
  if (isSent && item.url) $("done-link").href = item.url;
  document.querySelector('[data-act="mend"]').hidden = item?.state !== "mend";
}

// ── opening ───────────────────────────────────────────────────────────────

// A plan that was changed, or a session that was revised, counts from the next start on; what runs goes on as it began.
async function open() {
  const kept = await get("sessions", facts.plan);
  const isBusy = kept && !["ready", "done"].includes(kept.phase);
  const log = kept && (await get("queue", kept.log));
  const isFinished = kept?.phase === "done" && (Date.now() - kept.seen < 12 * 3600_000 || (log && log.state !== "sent"));
  state = isBusy || isFinished ? kept : act.newSession(facts, Date.now());
  const gap = Date.now() - state.seen;
  if (isBusy && gap < -1000) state = act.shifted(state, gap);
  else if (act.isTiming(state) && gap > AWAY && gap < OLD) wasAway(gap);
  notice("old", isBusy && gap >= OLD);
  draw();
  notice("offline", !navigator.onLine);
  setInterval(tick, TICK);
  await mark(facts.plan, isBusy).catch(() => {});
  await showQueue();
  await keep(facts, html).then(
    () => { $("kept-line").hidden = false; },
    () => notice("unkept", navigator.onLine),
  );
  document.documentElement.dataset.ready = "1";
  await deliver();
}

document.addEventListener("visibilitychange", () => {
  if (!state) return;
  if (document.visibilityState === "visible") { tick(); wake(); deliver(); } else remember();
});
window.addEventListener("online", () => { notice("offline", false); deliver(); });
window.addEventListener("offline", () => notice("offline", true));
setInterval(() => { if (state && problem && problem !== "mend" && navigator.onLine) deliver(); }, RETRY);
open();
