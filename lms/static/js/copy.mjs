// Offers copying a list, one item a line, where the browser allows it.
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const lines = [...document.getElementById(button.dataset.copy).children].map((item) => item.textContent);
    await navigator.clipboard.writeText(lines.join("\n"));
    const label = button.querySelector("span");
    label.textContent = button.dataset.done;
    label.setAttribute("role", "status");
  });
}
