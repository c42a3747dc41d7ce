// Shows a state of a session. It changes only what the page has to tell; what is done with it stands in live.mjs.
import { inClass, judge, left, loggedBlocks, nextBlock, nextHour, running } from "./live-state.mjs";

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
  if (isRunning) showBlock(state, facts);
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

function showBlock(state, facts) {
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
  // What a group still has to hear comes back in the check-in of an hour.
  const isOpening = inHour[0] === block && facts.waiting.length > 0;
  show($("waiting-box"), isOpening);
  if (isOpening) $("waiting").replaceChildren(...facts.waiting.map((one) => line(one.answer ? `${one.text} ${one.answer}` : one.text)));
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

// ── the log ───────────────────────────────────────────────────────────────
// The log on the phone: filled in from the session, checked gently, and handed over as the server reads it.
const form = () => $("log");
const field = (id) => document.getElementById(id);
const localDay = (moment) => {
  const day = new Date(moment);
  return [day.getFullYear(), String(day.getMonth() + 1).padStart(2, "0"), String(day.getDate()).padStart(2, "0")].join("-");
};

// Fill the form in: with what was typed before, else from the session as it went.
export function fillLog(state, facts, now) {
  const typed = state.form ?? {};
  field("heads").value = typed.heads ?? facts.heads ?? "";
  field("worked").value = typed.worked ?? "";
  field("day").value = typed.day ?? localDay(state.begun ?? now);
  field("day").max = localDay(now);
  field("group").value = typed.group ?? facts.group ?? "";
  for (const radio of form().elements.mood) radio.checked = radio.value === typed.mood;
  const blocks = typed.blocks ?? loggedBlocks(state);
  $("blocks").replaceChildren(...blocks.map((block, place) => blockLine(block, state.blocks[place].name)));
  const possible = [...new Set(state.blocks.flatMap((block) => block.ask))];
  $("asked").replaceChildren(...possible.map((question) => checkbox(question, state.asked.includes(question))));
  $("asked-count").textContent = ` (${state.asked.length})`;
  $("log-parked-box").hidden = !state.parked.length;
  $("log-parked-count").textContent = ` (${state.parked.length})`;
  $("log-parked").replaceChildren(...state.parked.map(parkedLine));
}

function blockLine(block, name) {
  const item = template("blok");
  item.querySelector("legend").textContent = `${name} · ${block.planned ? `gepland ${block.planned} min` : "niet gepland in de klas"}`;
  $("outcome", item).value = block.outcome;
  $("actual", item).value = block.actual ?? "";
  $("actual", item).disabled = block.outcome !== "gedaan";
  item.dataset.id = block.id;
  item.dataset.planned = block.planned;
  return item;
}

// What stands in the form now, to keep it while somebody types.
export function readForm() {
  const blocks = [...$("blocks").children].map((item) => {
    const outcome = $("outcome", item).value;
    const actual = $("actual", item).value.trim();
    return { id: item.dataset.id, outcome, planned: Number(item.dataset.planned), actual: outcome === "gedaan" && actual ? actual : null };
  });
  return {
    heads: field("heads").value.trim(), worked: field("worked").value, day: field("day").value, group: field("group").value,
    mood: form().elements.mood.value, blocks,
  };
}

export function payloadOf(state, facts) {
  return {
    client_id: state.log, session: state.slug, digest: state.digest, plan: facts.plan,
    ...state.form, group: state.form.group || null, asked: state.asked, parked: state.parked,
  };
}

// What can be told without the server: only what is certainly missing.
export function missing(typed) {
  const heads = Number(typed.heads);
  const errors = {};
  if (!Number.isInteger(heads) || heads < 1 || heads > 60) errors.heads = "Met hoeveel jongeren was je? Typ een getal van 1 tot 60.";
  if (!typed.day) errors.day = "Wanneer was het? Kies de dag.";
  return errors;
}

// Show what is wrong at its field, with a list on top that leads there.
export function showErrors(errors) {
  for (const old of document.querySelectorAll("[data-log] .error.live-error")) old.remove();
  for (const item of $("blocks").children) item.querySelector(".error").hidden = true;
  for (const control of form().querySelectorAll('[aria-invalid="true"]')) control.removeAttribute("aria-invalid");
  const summary = field("foutmelding");
  const told = Object.entries(errors);
  summary.hidden = !told.length;
  if (!told.length) return;
  $("errors").replaceChildren(...told.map(([name, message]) => {
    const item = document.createElement("li"), link = document.createElement("a");
    link.textContent = message;
    link.href = `#${place(name, message)}`;
    item.append(link);
    return item;
  }));
  summary.focus();
}

function place(name, message) {
  const block = /^blocks-(\d+)$/.exec(name);
  const item = block && $("blocks").children[Number(block[1])];
  if (item) {
    item.closest("details").open = true;
    item.querySelector(".error").hidden = false;
    item.querySelector(".error span").textContent = message;
    $("actual", item).setAttribute("aria-invalid", "true");
    return "blocks";
  }
  const control = field(name.replace(/-\d+$/, ""));
  if (!control) return "heads";
  const note = document.createElement("p");
  note.className = "error live-error";
  note.textContent = message;
  const details = control.closest("details");
  if (details) details.open = true;
  if (control.matches("input, textarea, select")) {
    control.before(note);
    control.setAttribute("aria-invalid", "true");
  } else control.prepend(note);
  return control.id;
}

// A gentle warning for what is probably a first name. It never blocks; one click and it stays away for this text.
const passed = new Set();

export function warnOfNames(control, facts) {
  const names = (warnOfNames.names ??= new Set(facts.names.split(" ")));
  const note = document.querySelector(`[data-name-for="${control.id}"]`);
  const name = likelyFirstName(control.value, facts.known, names);
  if (!name || passed.has(name)) {
    note.hidden = true;
    return;
  }
  if (note.dataset.name === name && !note.hidden) return;
  note.dataset.name = name;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-quiet";
  button.textContent = "Dat is geen naam";
  button.addEventListener("click", () => { passed.add(name); note.hidden = true; control.focus(); });
  note.replaceChildren(`Staat er met ‘${name}’ een naam van een jongere? Noem liever de klas of het uur.`, button);
  note.hidden = false;
}

// ── first names ───────────────────────────────────────────────────────────
// Is there probably a first name in a text? For a gentle warning that never blocks. The same rule as
// lms/didactics/first_names.py, with its list; only words with a capital are looked at.
export function likelyFirstName(text, known, names) {
  const words = (one) => one.match(/\p{L}+/gu) ?? [];
  const expected = new Set(words(known).map((word) => word.toLowerCase()));
  return words(text).find((word) => {
    const folded = word.toLowerCase();
    return word[0] !== word[0].toLowerCase() && names.has(folded) && !expected.has(folded);
  }) ?? null;
}
