// Checks an exercise without leaving the page: the same form, the same answer of the server, only its card is replaced.
// Also tells how many characters are left under a text with a limit; without script the hint says the limit.
const waiting = new WeakSet();

function count(area) {
  const place = document.querySelector(`[data-count-of="${area.id}"]`);
  if (!place) return;
  const left = Number(area.dataset.limit) - area.value.length;
  place.textContent = left < 0 ? `${-left} tekens te veel` : `nog ${left} tekens`;
}

document.addEventListener("input", (event) => {
  if (event.target.matches?.("[data-limit]")) count(event.target);
});
document.querySelectorAll("[data-limit]").forEach(count);

async function send(form) {
  const response = await fetch(form.action, {
    method: "POST",
    body: new URLSearchParams(new FormData(form)),
    headers: { Accept: "text/html" },
  });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return { page, address: response.url };
}

function replace(card, page, address) {
  const fresh = page.getElementById(card.id);
  if (!fresh) {
    // Another page than this lesson: completed, signed out or refused. Show it as it came.
    window.location.assign(address);
    return;
  }
  card.replaceWith(document.adoptNode(fresh));
  fresh.querySelectorAll("[data-limit]").forEach(count);
  const steps = page.querySelector(".lesson-side");
  if (steps) document.querySelector(".lesson-side")?.replaceWith(document.adoptNode(steps));
  const target = fresh.querySelector('[data-result="wrong"], [data-result="partly"], .error') ?? fresh;
  target.setAttribute("tabindex", "-1");
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "nearest" });
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const card = form.closest("[data-exercise]");
  if (!card || event.defaultPrevented) return;
  event.preventDefault();
  if (waiting.has(form)) return;
  waiting.add(form);
  card.setAttribute("aria-busy", "true");
  try {
    const { page, address } = await send(form);
    replace(card, page, address);
  } catch {
    // No connection: let the browser send the form itself, so nothing is lost and its own message shows.
    waiting.delete(form);
    card.removeAttribute("aria-busy");
    form.submit();
  }
});
