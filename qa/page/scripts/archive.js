// The archive's table and article: what is chosen is told to the server, and shown when it comes.
const EVENTS = { show: "show_article", remove: "remove_article" };
element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (button) trigger(EVENTS[button.dataset.act], JSON.parse(button.dataset.told));
});
watch("value", () => {
  const article = element.querySelector(".source");
  article?.scrollIntoView({ block: "nearest" });
  article?.focus({ preventScroll: true });
});
