// Buttons in the answers: some tell the server, some the browser alone can do. A new question is
// brought into view; the panel's script gives the focus back to the number that opened it.
const EVENTS = {
  open: "open_quote",
  take: "take_answer",
  again: "ask_again",
  edit: "edit_question",
  put: "put_question",
  spelling: "toggle_spelling",
  drop: "drop_piece",
};
const told = (button) => ({
  exchange: Number(button.closest("[data-number]")?.dataset.number ?? 0),
  ...JSON.parse(button.dataset.told ?? "{}"),
});
// What a screen reader is told: the newest answer alone, though all of them are drawn anew.
const spoken = Object.assign(document.createElement("div"), { className: "unseen" });
spoken.setAttribute("role", "status");
element.after(spoken);
let opener = null;
let newest = "";

element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (!button) return;
  const { act } = button.dataset;
  const data = told(button);
  if (act === "link") {
    const address = new URL(location.pathname, location.origin);
    address.search = data.query;
    window.onrecord.copy(address.href);
    return;
  }
  if (act === "open") {
    opener = { exchange: data.exchange, quote: data.quote };
    window.onrecord.openPanel();
  }
  trigger(EVENTS[act], data);
});

window.onrecord = Object.assign(window.onrecord ?? {}, {
  focusOpener() {
    const buttons = [...element.querySelectorAll("[data-act=open]")];
    const is_it = ({ exchange, quote }) => exchange === opener?.exchange && quote === opener?.quote;
    buttons.find((button) => is_it(told(button)))?.focus();
  },
});

watch("value", () => {
  const all = element.querySelectorAll(".exchange");
  const last = all[all.length - 1];
  const now = last ? `${last.id} ${last.querySelector(".question").textContent}` : "";
  if (last?.classList.contains("pending")) last.scrollIntoView({ block: "nearest" });
  else if (now !== newest && element.dataset.shown) last?.scrollIntoView({ block: "start" });
  if (now !== newest && element.dataset.shown && !last?.classList.contains("pending")) {
    spoken.textContent = last?.querySelector(".quotes, .abstained")?.innerText ?? "";
  }
  newest = now;
  element.dataset.shown = "yes";
});
