/** The two ways to say how far a task is: the slider and the number beside it follow each other. */

for (const slider of document.querySelectorAll("input[data-pair]")) {
  if (!(slider instanceof HTMLInputElement)) continue;
  const number = document.getElementById(slider.dataset.pair ?? "");
  if (!(number instanceof HTMLInputElement)) continue;
  slider.value = number.value;
  slider.addEventListener("input", () => {
    number.value = slider.value;
    number.dispatchEvent(new Event("input", { bubbles: true }));
  });
  number.addEventListener("input", () => {
    slider.value = number.value;
  });
}
