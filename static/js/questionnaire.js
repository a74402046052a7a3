// Keys of the questionnaire: 1 to 5 choose a level, n "not applicable", ? "don't know"; not while typing.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input:not([type=radio]), textarea, select, [contenteditable]")) return;
  const choices = { n: "not_applicable", "?": "unknown" };
  const value = /^[1-5]$/.test(event.key) ? event.key : choices[event.key];
  if (!value) return;
  const radio = document.querySelector(`#answer input[name=choice][value="${value}"]`);
  if (!radio || radio.matches(":disabled")) return;
  radio.checked = true;
  radio.focus();
  radio.dispatchEvent(new Event("change", { bubbles: true }));
  event.preventDefault();
});
