// Minutes of a block change under the finger: list, bar, clock times and verdict follow at once. When the hand rests,
// the server is asked for the plan with that change, since only the server knows what then still fits.
// Buttons, the keys on a handle and dragging that handle do the same; without script the buttons ask the server each time.
const REST = 450;
const LONGEST = 180;
const KEYS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 5, PageDown: -5 };
let waiting = 0;
// A change that the server does not know yet: the block and its minutes.
let pending = null;

const blocks = () => [...document.querySelectorAll("[data-planner] [data-block]")];
const find = (id) => blocks().find((block) => block.dataset.block === id);
const minutesOf = (block) => Number(block.dataset.minutes);
const clock = (minute) => `${Math.floor(minute / 60) % 24}.${String(minute % 60).padStart(2, "0")}`;
const inWords = (count) => (count === 1 ? "1 minuut" : `${count} minuten`);

function drawHour(bar) {
  const own = blocks().filter((block) => block.dataset.hour === bar.dataset.hour);
  const room = Number(bar.dataset.room);
  const spent = own.reduce((sum, block) => sum + minutesOf(block), 0);
  const wide = Math.max(room, spent);
  const start = bar.dataset.start === undefined ? null : Number(bar.dataset.start);
  let at = 0;
  for (const block of own) {
    const minutes = minutesOf(block);
    const segment = bar.querySelector(`[data-segment="${CSS.escape(block.dataset.block)}"]`);
    segment?.setAttribute("x", `${(at / wide) * 100}%`);
    segment?.setAttribute("width", `${(minutes / wide) * 100}%`);
    if (segment?.querySelector("text")) segment.querySelector("text").textContent = minutes;
    const [from, until] = start === null ? [at, at + minutes] : [clock(start + at), clock(start + at + minutes)];
    block.querySelector("[data-times]").textContent = start === null ? `minuut ${from}–${until}` : `${from}–${until}`;
    at += minutes;
    const grip = document.getElementById(`grip-${block.dataset.block}`);
    if (grip) {
      grip.style.insetInlineStart = `${(at / wide) * 100}%`;
      grip.setAttribute("aria-valuenow", minutes);
      grip.setAttribute("aria-valuetext", start === null ? inWords(minutes) : `${inWords(minutes)}, tot ${until}`);
    }
  }
  const rest = bar.querySelector("[data-rest]");
  rest?.setAttribute("x", `${(at / wide) * 100}%`);
  rest?.setAttribute("width", `${((wide - at) / wide) * 100}%`);
  return spent - room;
}

function draw() {
  const bars = [...document.querySelectorAll("[data-planner] .hour-bar")];
  const over = bars.map(drawHour).reduce((sum, late) => sum + Math.max(0, late), 0);
  const all = blocks().reduce((sum, block) => sum + minutesOf(block), 0);
  const room = bars.reduce((sum, bar) => sum + Number(bar.dataset.room), 0);
  document.querySelector("[data-total]").textContent = `${all} van ${room} min`;
  const verdict = document.querySelector(".plan-verdict");
  verdict.dataset.state = over ? "over" : room - all > 4 ? "under" : "fits";
  verdict.querySelector("span").textContent = over
    ? `${inWords(over)} te lang. We zoeken wat korter kan.`
    : all === room ? "Past precies." : `Past. Je houdt ${inWords(room - all)} over.`;
}

function settle(id) {
  clearTimeout(waiting);
  pending = null;
  const button = document.getElementById(`plus-${id}`);
  const block = find(id);
  if (!button || !block) return;
  button.disabled = false;
  button.value = `${id}:${minutesOf(block)}`;
  button.form.requestSubmit(button);
}

function change(id, minutes) {
  const block = find(id);
  const given = Math.min(LONGEST, Math.max(Number(block.dataset.floor), Math.round(minutes)));
  if (given === minutesOf(block)) return;
  block.dataset.minutes = given;
  block.querySelector("[data-stepper] b").textContent = `${given} min`;
  block.querySelector(`#min-${CSS.escape(id)}`).toggleAttribute("disabled", given <= Number(block.dataset.floor));
  block.querySelector(`#plus-${CSS.escape(id)}`).toggleAttribute("disabled", given >= LONGEST);
  draw();
  pending = { id, minutes: given };
  clearTimeout(waiting);
  waiting = setTimeout(settle, REST, id);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-planner] [data-stepper] button");
  if (!button || event.defaultPrevented) return;
  event.preventDefault();
  const id = button.closest("[data-block]").dataset.block;
  change(id, minutesOf(find(id)) + (button.id.startsWith("plus-") ? 1 : -1));
});

// ── the handles on the bar, for whoever has room to drag ──

function drag(event, grip, bar) {
  const block = find(grip.dataset.grip);
  const from = event.clientX;
  const begun = minutesOf(block);
  const own = blocks().filter((one) => one.dataset.hour === block.dataset.hour);
  const wide = Math.max(Number(bar.dataset.room), own.reduce((sum, one) => sum + minutesOf(one), 0));
  const perPixel = wide / bar.getBoundingClientRect().width;
  const move = (moved) => change(grip.dataset.grip, begun + (moved.clientX - from) * perPixel);
  grip.setPointerCapture(event.pointerId);
  grip.addEventListener("pointermove", move);
  grip.addEventListener("lostpointercapture", () => grip.removeEventListener("pointermove", move), { once: true });
}

function gripFor(block, bar) {
  const grip = document.createElement("div");
  const id = block.dataset.block;
  grip.id = `grip-${id}`;
  grip.className = "grip";
  grip.dataset.grip = id;
  grip.tabIndex = 0;
  for (const [name, value] of Object.entries({
    role: "slider", "aria-label": `Duur van ${block.dataset.name}`, "aria-valuemin": block.dataset.floor, "aria-valuemax": LONGEST,
  })) grip.setAttribute(name, value);
  grip.addEventListener("pointerdown", (event) => drag(event, grip, bar));
  grip.addEventListener("keydown", (event) => {
    const now = minutesOf(find(id));
    const wanted = event.key === "Home" ? Number(block.dataset.floor) : event.key in KEYS ? now + KEYS[event.key] : null;
    if (wanted === null) return;
    event.preventDefault();
    change(id, wanted);
  });
  return grip;
}

function addGrips() {
  for (const bar of document.querySelectorAll("[data-planner] .hour-bar")) {
    const rail = document.createElement("div");
    rail.className = "grips";
    bar.before(rail);
    rail.append(bar, ...blocks().filter((one) => one.dataset.floor && one.dataset.hour === bar.dataset.hour).map((one) => gripFor(one, bar)));
    drawHour(bar);
  }
}

document.addEventListener("planner:new", () => {
  addGrips();
  // An answer to what was asked before does not take back what the hand did since.
  if (pending && find(pending.id)) change(pending.id, pending.minutes);
});
addGrips();
