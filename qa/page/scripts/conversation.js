// Buttons in the answers: some tell the server, some the browser alone can do. A new answer is brought
// into view; what asks once more gets the focus back, as does, from the panel's script, a number that
// opened it.
const EVENTS = {
  open: "open_quote",
  take: "take_answer",
  again: "ask_again",
  edit: "edit_question",
  put: "put_question",
  change: "change_asked",
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
let pressed = null;
let waited = false;

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
  pressed = act === "open" ? null : { exchange: data.exchange, act, told: button.dataset.told };
  trigger(EVENTS[act], data);
});

window.onrecord = Object.assign(window.onrecord ?? {}, {
  focusOpener() {
    const buttons = [...element.querySelectorAll("[data-act=open]")];
    const is_it = ({ exchange, quote }) => exchange === opener?.exchange && quote === opener?.quote;
    buttons.find((button) => is_it(told(button)))?.focus();
  },
});

// All answers are drawn anew: the button that was pressed is found again, or what stands nearest to it.
const refocus = () => {
  const exchange = element.querySelector(`#exchange-${pressed.exchange}`);
  if (!exchange || document.activeElement !== document.body) return;
  const buttons = [...exchange.querySelectorAll(`[data-act=${pressed.act}]`)];
  const again = buttons.find((button) => button.dataset.told === pressed.told);
  (again ?? buttons[0] ?? exchange.querySelector(".question")).focus({ preventScroll: true });
};

watch("value", () => {
  const pending = element.querySelector(".pending");
  const fresh = element.querySelector(".new");
  pending?.scrollIntoView({ block: "nearest" });
  if (fresh) {
    fresh.scrollIntoView({ block: waited ? "start" : "nearest" });
    spoken.textContent = fresh.querySelector(".quotes, .abstained").innerText;
  }
  waited = Boolean(pending);
  if (pressed) refocus();
});
