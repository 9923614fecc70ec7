// The records that this browser keeps. Each tab holds those it shows as its value, and writes into the
// browser's storage only what it changed, so that several tabs keep their conversations side by side.
const KEY = "onrecord-history";
const MOST = 20;

const stored = () => {
  try {
    const found = JSON.parse(localStorage.getItem(KEY));
    return Array.isArray(found) ? found.filter((record) => Number.isInteger(record?.number)) : [];
  } catch {
    return [];
  }
};
const texts = (records) => new Map(records.map((record) => [record.number, JSON.stringify(record)]));
// One tab at a time, where the browser can arrange that.
const alone = (work) => (navigator.locks ? navigator.locks.request(KEY, work) : work());

let before = texts(stored());

watch("value", () => {
  const now = texts(props.value ?? []);
  const changed = [...now].filter(([number, text]) => before.get(number) !== text);
  const cleared = before.size > 0 && now.size === 0;
  before = now;
  if (!changed.length && !cleared) return;
  alone(() => {
    const all = cleared ? new Map() : texts(stored());
    for (const [number, text] of changed) all.set(number, text);
    const kept = [...all].sort(([a], [b]) => a - b).slice(-MOST);
    try {
      localStorage.setItem(KEY, `[${kept.map(([, text]) => text).join()}]`);
    } catch {
      // The storage is full or switched off: the page goes on without a history.
    }
  });
});

trigger("restore_history", { records: stored() });
