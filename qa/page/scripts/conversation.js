// Buttons in the answers: some tell the server, some the browser alone can do. One question is asked at a
// time: while an answer is on its way, buttons that ask do nothing, and a question from the box waits. A new
// answer is brought into view; what asks once more gets the focus back, as does, from the panel's script, a
// number that opened it.
const EVENTS = {
  open: "open_quote",
  take: "take_answer",
  again: "ask_again",
  edit: "edit_question",
  put: "put_question",
  change: "change_asked",
};
const ASKS = ["again", "put", "change"];
const LONGEST = 60_000; // milliseconds after which an answer is no longer waited for
const UNHEARD = 3_000; // after which the server has begun to answer, or never will

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

// Until when an answer is waited for at most: at first, what this browser kept.
let until = performance.now() + 10_000;
let last = null; // the question from the box that was let through, or waits
const busy = () => performance.now() < until;
const asking = () => {
  until = performance.now() + UNHEARD;
};

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
  if (ASKS.includes(act)) {
    if (busy()) return;
    asking();
  }
  if (act === "open") {
    opener = { exchange: data.exchange, quote: data.quote };
    window.onrecord.openPanel();
  }
  pressed = act === "open" ? null : { exchange: data.exchange, act, told: button.dataset.told };
  trigger(EVENTS[act], data);
});

window.onrecord = Object.assign(window.onrecord ?? {}, {
  // What is sent when a question is put from the box: it, and the history. Null where Enter was pressed twice.
  async inTurn(question) {
    if (busy() && question === last) return [null, null];
    last = question;
    while (busy()) await new Promise((done) => setTimeout(done, 30));
    asking();
    return [question, window.onrecord.kept()];
  },
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
  // By what is to be drawn: it may not be there yet. No text can hold these quotes, which are escaped in it.
  until = String(props.value).includes('aria-busy="true"') ? performance.now() + LONGEST : 0;
  if (!busy()) last = null;
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
