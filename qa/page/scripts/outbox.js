// What the server hands out: text for the clipboard, or a file for the visitor's disk.
const say = (words) => {
  const line = document.querySelector("#note .note");
  line?.replaceChildren(Object.assign(document.createElement("p"), { textContent: words }));
};

const copy = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without a secure context, or where the browser asks first: the old way, from a field.
    const field = Object.assign(document.createElement("textarea"), { value: text });
    const before = document.activeElement;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
    before?.focus({ preventScroll: true });
  }
  say(props.copied);
};

const save = (text, name, type) => {
  const address = URL.createObjectURL(new Blob([text], { type }));
  Object.assign(document.createElement("a"), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
};

window.onrecord = Object.assign(window.onrecord ?? {}, { copy });

watch("value", () => {
  const { text, name, type } = props.value ?? {};
  if (!text) return;
  if (name) save(text, name, type);
  else copy(text);
});
