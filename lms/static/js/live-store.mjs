// What a phone remembers of its sessions: two drawers of IndexedDB. When there is no room or no storage at all it
// remembers as long as the page is open, and says so by `isSafe`.
const NAME = "live", VERSION = 1;
const DRAWERS = { sessions: "plan", queue: "client_id" };
const memory = { sessions: new Map(), queue: new Map() };
export const storage = { isSafe: true };

let opened = null;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = () => {
      for (const [drawer, keyPath] of Object.entries(DRAWERS))
        if (!asked.result.objectStoreNames.contains(drawer)) asked.result.createObjectStore(drawer, { keyPath });
    };
    asked.onsuccess = () => {
      // Another tab with a newer release may change the drawers; this one opens them again when it needs them.
      asked.result.onversionchange = () => { asked.result.close(); opened = null; };
      resolve(asked.result);
    };
    asked.onerror = () => { opened = null; reject(asked.error); };
    asked.onblocked = asked.onerror;
  });
  return opened;
}

async function within(drawer, mode, act) {
  const base = await open();
  return new Promise((resolve, reject) => {
    const transaction = base.transaction(drawer, mode, { durability: "strict" });
    const asked = act(transaction.objectStore(drawer));
    transaction.oncomplete = () => resolve(asked.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error ?? asked.error);
  });
}

export async function put(drawer, value) {
  memory[drawer].set(value[DRAWERS[drawer]], value);
  try {
    await within(drawer, "readwrite", (store) => store.put(value));
    storage.isSafe = true;
  } catch {
    storage.isSafe = false;
  }
  return storage.isSafe;
}

export async function remove(drawer, key) {
  memory[drawer].delete(key);
  await within(drawer, "readwrite", (store) => store.delete(key)).catch(() => {});
}

export async function get(drawer, key) {
  const found = await within(drawer, "readonly", (store) => store.get(key)).catch(() => undefined);
  return found ?? memory[drawer].get(key);
}

export async function all(drawer) {
  const found = await within(drawer, "readonly", (store) => store.getAll()).catch(() => []);
  const known = new Map([...memory[drawer], ...found.map((one) => [one[DRAWERS[drawer]], one])]);
  return [...known.values()];
}
