// Lets somebody see the password they typed, where there is a script to do it.
for (const button of document.querySelectorAll("[data-reveal]")) {
  const input = document.getElementById(button.dataset.reveal);
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
  });
}
// What is sent is a password again, so no browser keeps it among the things that were typed.
document.addEventListener("submit", () => {
  for (const button of document.querySelectorAll("[data-reveal]")) document.getElementById(button.dataset.reveal).type = "password";
});
