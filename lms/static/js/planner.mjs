// The planner answers while somebody types: the same address is asked of the server, and only the plan is replaced.
// No rule of the planner lives here. Buttons make a step that the back button of the browser undoes.
// planner-minutes.mjs shows other minutes at once, before the server was asked; it hears "planner:new" for a new plan.
const WAIT = 350;
let timer = 0;
let asked = 0;

function take(page, opened, focus) {
  for (const part of document.querySelectorAll("[data-part]")) {
    const fresh = page.getElementById(part.id);
    if (fresh) part.replaceWith(document.adoptNode(fresh));
  }
  // What does not fit cannot be saved; what was typed in that form stays for when it does.
  const saving = document.getElementById("bewaren");
  const fresh = page.getElementById("bewaren");
  if (saving) saving.hidden = !fresh;
  else if (fresh) document.querySelector("[data-planner]").after(document.adoptNode(fresh));
  document.dispatchEvent(new Event("planner:new"));
  for (const id of opened) document.querySelector(`[data-keep="${CSS.escape(id)}"]`)?.setAttribute("open", "");
  const target = focus && document.getElementById(focus);
  (target?.disabled ? target.parentElement.querySelector("button:not(:disabled)") : target)?.focus({ preventScroll: true });
}

async function ask(form, query, { step, focus }) {
  const turn = ++asked;
  const opened = [...form.querySelectorAll("details[open][data-keep]")].map((part) => part.dataset.keep);
  const response = await fetch(`${form.action}?${query}`, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  if (turn !== asked) return;
  // Another page, or something to mend: show it as the server made it.
  if (!response.ok || !page.querySelector("[data-planner]")) {
    if (step || response.ok) window.location.assign(response.url);
    return;
  }
  take(page, opened, focus);
  window.history[step ? "pushState" : "replaceState"](null, "", response.url);
}

function query(form, button, step) {
  const data = new FormData(form);
  if (button?.name === "snel") data.set("uren", button.value);
  else if (button?.name) data.append(button.name, button.value);
  // While somebody types above, the fields of the blocks are left alone.
  const ofBlocks = (name) => name.startsWith("zet-") || name.startsWith("vorm-");
  return new URLSearchParams([...data].filter(([name, value]) => (ofBlocks(name) ? step && (value || name.startsWith("vorm-")) : value)));
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-planner]");
  if (!form) return;
  event.preventDefault();
  const button = event.submitter;
  if (button?.name === "snel") form.elements.uren.value = button.value;
  // What was changed with a handle keeps the handle in hand.
  const held = document.activeElement?.closest("[data-grip]")?.id;
  step(form, query(form, button, true), held || button?.id);
});

// Without a connection nothing is thrown away: the step is taken when there is one again.
function step(form, wanted, focus) {
  ask(form, wanted, { step: true, focus }).catch(() => {
    if (navigator.onLine) return window.location.assign(`${form.action}?${wanted}`);
    const verdict = document.querySelector(".plan-verdict span");
    if (verdict) verdict.textContent = "Geen verbinding. Wat je veranderde blijft staan.";
    const turn = asked;
    return window.addEventListener("online", () => turn === asked && step(form, wanted, focus), { once: true });
  });
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("[data-planner]");
  if (!form || event.target.closest("[data-part]")) return;
  clearTimeout(timer);
  timer = setTimeout(() => ask(form, query(form), { step: false }).catch(() => {}), WAIT);
});

window.addEventListener("popstate", () => window.location.reload());
