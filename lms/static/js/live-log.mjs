// The log on the phone: filled in from the session, checked gently, and handed over as the server reads it.
import { likelyFirstName } from "./first-names.mjs";
import { $, checkbox, parkedLine } from "./live-view.mjs";
import { loggedBlocks } from "./live-state.mjs";

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
  const item = document.getElementById("blok").content.firstElementChild.cloneNode(true);
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
