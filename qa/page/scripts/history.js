// The records that this browser keeps. Each has an entry of its own in the browser's storage, so that tabs
// side by side write none of each other's, and it is there in the moment in which its answer is shown.
const OURS = "onrecord-history-";
const MOST = 20;

const read = (key) => {
  try {
    const record = JSON.parse(localStorage.getItem(key));
    return key === OURS + record?.number ? record : null;
  } catch {
    return null;
  }
};
const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(OURS));
// What is ours by its name, and no record, is forgotten, as are the oldest beyond the last twenty.
const stored = () => {
  const found = keys().map((key) => [key, read(key)]);
  const records = found.map(([, record]) => record).filter((record) => Number.isInteger(record?.number));
  const kept = records.sort((one, other) => one.number - other.number).slice(-MOST);
  for (const [key, record] of found) if (!kept.includes(record)) localStorage.removeItem(key);
  return kept;
};
const texts = (records) => new Map(records.map((record) => [record.number, JSON.stringify(record)]));
// Where the storage is full or switched off, the page goes on without a history.
const tried = (work, otherwise) => {
  try {
    return work();
  } catch {
    return otherwise;
  }
};

const found = tried(stored, []);
let before = texts(found);

watch("value", () => {
  const now = texts(props.value ?? []);
  const changed = [...now].filter(([number, text]) => before.get(number) !== text);
  const cleared = before.size > 0 && now.size === 0;
  before = now;
  tried(() => {
    if (cleared) for (const key of keys()) localStorage.removeItem(key);
    for (const [number, text] of changed) localStorage.setItem(OURS + number, text);
    if (changed.length) stored();
  });
});

window.onrecord = Object.assign(window.onrecord ?? {}, { kept: () => props.value ?? [] });

// Told again where a busy server refused to hear it.
const restore = () => {
  if (document.querySelector("#answers section > *")) return;
  trigger("restore_history", { records: found });
  setTimeout(restore, 3_000);
};
restore();
