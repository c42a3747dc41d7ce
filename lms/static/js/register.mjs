// Shows the field for another school only when that choice is made. Without this script it simply stays visible.
const choice = document.getElementById("school");
const other = document.querySelector("[data-other-school]");
if (choice && other) {
  const show = () => { other.hidden = choice.value !== "anders"; };
  choice.addEventListener("change", show);
  show();
}
