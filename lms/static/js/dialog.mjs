// Opens a form page as a dialog over the page where its link stands. Without script, and for whoever opens it in a new tab,
// the link leads to that page; the form itself is sent there either way, so errors show as they always do.
async function open(link) {
  const response = await fetch(link.href, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const part = response.ok && !response.redirected && page.querySelector("[data-dialog-part]");
  if (!part) throw new Error("no form");
  const heading = document.createElement("h2");
  heading.id = "dialoog-titel";
  heading.append(...part.querySelector("h1").childNodes);
  part.querySelector("h1").replaceWith(heading);
  part.classList.remove("narrow");
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.setAttribute("aria-labelledby", heading.id);
  dialog.append(document.adoptNode(part));
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => {
    if (!event.target.closest("[data-close]")) return;
    event.preventDefault();
    dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-dialog]");
  if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  open(link).catch(() => window.location.assign(link.href));
});
