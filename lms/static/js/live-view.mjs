// Shows a state of a session. It changes only what the page has to tell; what is done with it stands in live.mjs.
import { inClass, judge, left, nextBlock, nextHour, running } from "./live-state.mjs";

export const $ = (name, within = document) => within.querySelector(`[data-${name}]`);
const template = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);
const text = (name, words) => { const place = $(name); if (place.textContent !== words) place.textContent = words; };
const show = (place, isShown) => { place.hidden = !isShown; };
export const minutes = (count) => (count === 1 ? "1 minuut" : `${count} minuten`);

export function clockOf(moment) {
  const at = new Date(moment);
  return `${at.getHours()}.${String(at.getMinutes()).padStart(2, "0")}`;
}

const digits = (seconds) => `${seconds < 0 ? "+" : ""}${Math.floor(Math.abs(seconds) / 60)}:${String(Math.abs(seconds) % 60).padStart(2, "0")}`;

export function showPhase(state, facts) {
  document.getElementById("inhoud").dataset.phase = state.phase;
  for (const part of document.querySelectorAll("[data-in]")) show(part, part.dataset.in === state.phase);
  const isRunning = state.phase === "running";
  for (const name of ["left", "segs", "bell-line"]) show($(name), isRunning);
  const { number, title } = facts.session;
  if (isRunning) showBlock(state);
  else {
    const names = { ready: `Sessie ${number}: ${title}`, between: `Lesuur ${state.hour} is klaar`, log: "Hoe ging het?", done: "Klaar" };
    text("name", names[state.phase]);
    text("count", title);
    text("status", "");
    text("pace", "");
    show($("form"), false);
    $("clock").dataset.state = "";
    $("clock").style.setProperty("--left", state.phase === "ready" ? ".6" : ".25");
  }
  if (state.phase === "between") {
    text("between", `Start lesuur ${nextHour(state)} als iedereen er weer is. De klok wacht op jou.`);
    text("start-next", `Start lesuur ${nextHour(state)}`);
  }
}

function showBlock(state) {
  const block = running(state);
  const inHour = state.blocks.filter((one) => one.hour === state.hour && inClass(one));
  text("name", block.name);
  const hours = new Set(state.blocks.map((one) => one.hour)).size;
  text("count", `${hours > 1 ? `Lesuur ${state.hour} · ` : ""}Oefening ${inHour.indexOf(block) + 1} van ${inHour.length}`);
  text("bell", clockOf(state.bell));
  text("form", block.form ? `Werkvorm: ${block.form}` : "");
  show($("form"), Boolean(block.form));
  $("segs").replaceChildren(...inHour.map((one) => {
    const segment = document.createElement("span");
    segment.style.setProperty("--m", Math.max(1, one.minutes));
    segment.className = one === block ? "now" : state.blocks.indexOf(one) < state.at ? "done" : "";
    return segment;
  }));
  $("how").replaceChildren(...block.how.map((step) => line(step)));
  text("need", block.need ? `Nodig: ${block.need}` : "");
  text("safety", block.safety);
  show($("safety-box"), Boolean(block.safety));
  text("notes", block.notes);
  show($("notes-box"), Boolean(block.notes));
  $("ask").replaceChildren(...block.ask.map((question) => checkbox(question, state.asked.includes(question))));
  show($("ask-box"), block.ask.length > 0);
  const following = nextBlock(state);
  text("next", following ? `${following.name} · ${following.minutes} min` : nextHour(state) ? `einde van lesuur ${state.hour}` : "einde van de sessie");
  text("next-label", following ? "Volgende" : nextHour(state) ? "Rond af" : "Naar het log");
  for (const button of document.querySelectorAll('[data-in="running"] [data-act="back"]')) button.disabled = !state.trail.length;
  show($("undo-line"), Boolean(state.undo));
  if (state.undo) text("undo-text", state.undo.texts.join(" "));
  showParked(state);
}

function line(words) {
  const item = document.createElement("li");
  item.textContent = words;
  return item;
}

export function checkbox(words, isChecked) {
  const item = template("bijvraag");
  item.querySelector("span").textContent = words;
  item.querySelector("input").checked = isChecked;
  return item;
}

export function showParked(state) {
  text("parked-count", state.parked.length ? ` (${state.parked.length})` : "");
  $("parked").replaceChildren(...state.parked.map(parkedLine));
}

export function parkedLine(one) {
  const item = template("geparkeerd");
  item.querySelector("span").textContent = one.text;
  item.querySelector("button").dataset.unpark = one.client_id;
  item.querySelector("button").setAttribute("aria-label", `Haal weg: ${one.text}`);
  return item;
}

// ── what changes by the second ────────────────────────────────────────────

// Gives the proposals that stand on the screen, for the buttons.
export function showClock(state, now, shown) {
  const rest = Math.round(left(state, now) / 1000);
  text("left", digits(rest));
  const all = running(state).minutes * 60;
  $("clock").style.setProperty("--left", Math.max(0, Math.min(1, rest / (all || 1))).toFixed(3));
  const isSoon = rest <= 120 && all > 180;
  $("clock").dataset.state = rest < 0 ? "late" : isSoon ? "soon" : "";
  const status = state.paused !== null ? "Gepauzeerd" : now > state.bell ? "De bel is gegaan. Rond af." : rest < 0 ? "Over tijd. Rond af." : isSoon ? "Minder dan twee minuten" : "";
  text("status", status);
  $("status").dataset.tone = status && status !== "Gepauzeerd" ? "warn" : "";
  show($("icon-pause"), state.paused === null);
  show($("icon-play"), state.paused !== null);
  $("icon-pause").parentElement.setAttribute("aria-label", state.paused === null ? "Pauzeer de klok" : "Laat de klok verder lopen");
  const plan = judge(state, now);
  showPace(state, plan.late);
  const key = JSON.stringify([state.hour, state.at, plan]);
  if (key !== shown.key) showProposals(plan);
  return { key, proposals: plan.proposals };
}

function showPace(state, late) {
  const spare = -late;
  let words = "Op schema";
  if (late > 0) words = `${minutes(late)} te laat voor de bel`;
  else if (spare > state.slack) words = `${minutes(spare - state.slack)} voor op schema`;
  else if (spare > 0) words = `Op schema, ${minutes(spare)} speling`;
  text("pace", words);
  $("pace").dataset.tone = late > 0 ? "warn" : "";
}

const TITLES = { shorten: "Inkorten", home: "Naar huis", skip: "Laten vallen" };
const TAKE = { shorten: "Kort in", home: "Geef naar huis", skip: "Laat vallen" };

function showProposals(plan) {
  const box = $("late");
  // Whoever stands on a button of the old proposals keeps a place in the same ones of now.
  const at = [...box.querySelectorAll("[data-take]")].indexOf(document.activeElement);
  show(box, plan.late > 0);
  text("late-title", `Je komt ${minutes(plan.late)} te kort voor de bel`);
  $("proposals").replaceChildren(...plan.proposals.map((proposal, place) => {
    const item = template("voorstel");
    $("title", item).textContent = TITLES[proposal.kind];
    $("cuts", item).replaceChildren(...proposal.cuts.map((cut) => line(cut.text)));
    $("reason", item).textContent = proposal.reason ?? "";
    const button = $("take", item);
    button.textContent = TAKE[proposal.kind];
    button.dataset.take = place;
    button.hidden = !proposal.blocks;
    return item;
  }));
  if (at >= 0) box.querySelectorAll("[data-take]")[at]?.focus();
}
