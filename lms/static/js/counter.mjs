// Tells how many characters are left under a text with a limit. Without script the hint says the limit.
function show(area) {
  const place = document.querySelector(`[data-count-of="${area.id}"]`);
  if (!place) return;
  const left = Number(area.dataset.limit) - area.value.length;
  place.textContent = left < 0 ? `${-left} tekens te veel` : `nog ${left} tekens`;
}

document.addEventListener("input", (event) => {
  if (event.target.matches?.("[data-limit]")) show(event.target);
});
document.querySelectorAll("[data-limit]").forEach(show);
