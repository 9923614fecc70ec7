// The article beside the answers: scrolled to the quote that was opened, which takes the focus.
const root = document.documentElement;
let asked = false;

const close = () => {
  delete root.dataset.panel;
  window.onrecord.focusOpener();
};

element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (!button) return;
  if (button.dataset.act === "close") close();
  else if (button.dataset.act === "copy") window.onrecord.copy(button.previousElementSibling.textContent);
  else {
    const exchange = Number(button.closest("[data-number]").dataset.number);
    asked = true;
    trigger("open_quote", { exchange, ...JSON.parse(button.dataset.told) });
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && root.dataset.panel) close();
});

window.onrecord = Object.assign(window.onrecord ?? {}, {
  openPanel() {
    asked = true;
    root.dataset.panel = "open";
  },
});

const show = () => {
  const place = element.querySelector("mark.current");
  const panel = element.querySelector(".sources");
  if (place) panel.scrollTop += place.getBoundingClientRect().top - panel.getBoundingClientRect().top - panel.clientHeight / 3;
  else panel.scrollTop = 0;
  if (asked) (place ?? panel).focus({ preventScroll: true });
  asked = false;
};
watch("value", show);
