// Copies of the models that a server hosts, as plain JavaScript values, kept in step by what
// the server sends. Nothing here knows what the models are about: take the file as it is.
//
// Integers beyond Number.MAX_SAFE_INTEGER lose digits, as everywhere in JavaScript.

// Mirror has the models by their numbers: models.get(1) is { type, rev, value }. Values are
// never changed, but replaced; what is the same in two of them is the same object.
export class Mirror {
  models = new Map();
  #on;
  #ws;
  #timer; // of the next attempt
  #failures = 0; // since a connection lasted

  // on.changed(id) is called after each change, on.refused(id, why) after a proposal that the
  // server did not want, and on.state("connecting" | "open" | "waiting" | "closed", why).
  constructor(on) {
    this.#on = on;
  }

  // connect opens a WebSocket in place of the one before, and another one whenever it is lost.
  // The server is told what is known already, and sends what has happened since.
  connect(path) {
    clearTimeout(this.#timer);
    const url = new URL(path, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    const known = [...this.models].map(([id, model]) => [id, model.rev]);
    url.searchParams.set("codec", "json");
    if (known.length > 0) url.searchParams.set("since", JSON.stringify(Object.fromEntries(known)));
    this.#on.state("connecting", "");
    this.#ws?.close();
    const ws = (this.#ws = new WebSocket(url));
    let opened = Infinity;
    ws.onopen = () => {
      opened = Date.now();
      this.#on.state("open", "");
    };
    ws.onmessage = (event) => {
      if (ws === this.#ws && !this.receive(event.data)) ws.close(4000, "out of step");
    };
    ws.onclose = ({ code, reason }) => {
      if (ws !== this.#ws) return;
      if (isFinal(code)) return this.#on.state("closed", reason || `code ${code}`);
      this.#on.state("waiting", reason || `code ${code}`);
      this.#later(opened, () => this.connect(path));
    };
  }

  // listen receives Server-Sent Events, which can only be watched. Each connection begins with
  // everything.
  listen(path) {
    this.#on.state("connecting", "");
    const source = new EventSource(path);
    let opened = Infinity;
    const again = () => {
      source.close(); // a browser would not come back after a server that said no
      this.#on.state("waiting", "");
      this.#later(opened, () => this.listen(path));
    };
    source.onopen = () => {
      opened = Date.now();
      this.#on.state("open", "");
    };
    source.onmessage = (event) => {
      if (!this.receive(event.data)) again();
    };
    source.onerror = again;
  }

  // #later waits before the next attempt: at random, or all pages of a server that stops would
  // come back at the same time, and longer after each failure.
  #later(opened, connect) {
    if (Date.now() - opened > 10_000) this.#failures = 0;
    this.#timer = setTimeout(connect, Math.random() * Math.min(30_000, 500 * 2 ** this.#failures++));
  }

  // receive takes a message. It returns false when the copy is no longer that of the server.
  receive(text) {
    const message = JSON.parse(text);
    const model = this.models.get(message.id);
    switch (message.t) {
      case "snapshot":
        this.models.set(message.id, { type: message.type, rev: message.rev, value: plain(message.value) });
        break;
      case "patch":
        if (model && message.patch.rev <= model.rev) return true; // known already
        try {
          const value = message.patch.ops.reduce(apply, model.value);
          this.models.set(message.id, { ...model, rev: message.patch.rev, value });
        } catch (problem) {
          console.warn("a patch does not fit:", problem);
          this.models.delete(message.id);
          return false;
        }
        break;
      case "reject":
        this.#on.refused(message.id, message.error);
        return true;
      default:
        return true; // of a server that can do more
    }
    this.#on.changed(message.id);
    return true;
  }

  // propose asks the server for a change: a list of what set, remove, insert, removeAt, move
  // and reorder return. Nothing changes before the server says so. It reports whether it was
  // sent.
  propose(id, ...ops) {
    if (this.#ws?.readyState !== WebSocket.OPEN) return false;
    this.#ws.send(JSON.stringify({ t: "patch", id, patch: { rev: 0, ops } }));
    return true;
  }
}

// A path is an array of names and indices: ["rooms", 0, "lamp"].
export const set = (path, value) => ({ Set: { path: segments(path), value: tagged(value) } });
export const remove = (path) => ({ Remove: { path: segments(path) } });
export const insert = (path, index, value) => ({ Insert: { path: segments(path), index, value: tagged(value) } });
export const removeAt = (path, index) => ({ RemoveAt: { path: segments(path), index } });
export const move = (path, from, to) => ({ Move: { path: segments(path), from, to } });
export const reorder = (path, order) => ({ Reorder: { path: segments(path), order } });

const segments = (path) => path.map((p) => (typeof p === "number" ? { Index: p } : { Key: p }));

// apply returns what an operation makes of a value.
export function apply(value, op) {
  const [name, o] = Object.entries(op)[0];
  const path = o.path.map((segment) => segment.Key ?? segment.Index);
  if (name === "Set" && path.length === 0) return plain(o.value);
  if (name === "Set" || name === "Remove") {
    const key = path.pop();
    return change(value, path, (parent) => {
      if (name === "Remove" ? Array.isArray(parent) : !fits(parent, key)) throw new Error(`no place for ${key}`);
      if (name === "Set") parent[key] = plain(o.value);
      else delete parent[key];
    });
  }
  return change(value, path, (list) => edit(list, name, o));
}

function edit(list, name, { index, value, from, to, order }) {
  const end = name === "Insert" ? list.length : list.length - 1;
  if ([index, from, to].some((i) => i > end)) throw new Error("beyond the end of a list");
  if (name === "Insert") list.splice(index, 0, plain(value));
  else if (name === "RemoveAt") list.splice(index, 1);
  else if (name === "Move") list.splice(to, 0, ...list.splice(from, 1));
  else if (name === "Reorder" && isPermutation(order, list.length)) list.splice(0, list.length, ...order.map((i) => list[i]));
  else throw new Error(`${name} cannot be carried out`);
}

const isPermutation = (order, length) =>
  order.length === length && [...order].sort((a, b) => a - b).every((index, i) => index === i);

// change returns a value in which fn has changed a copy of what is at the path. All else is
// shared with the value as it was.
function change(value, [key, ...rest], fn) {
  if (typeof value !== "object" || value === null) throw new Error(`${value} has nothing inside`);
  const copy = Array.isArray(value) ? [...value] : Object.assign(Object.create(null), value);
  if (key === undefined) fn(copy);
  else if (fits(copy, key) && key in copy) copy[key] = change(copy[key], rest, fn);
  else throw new Error(`there is no ${key}`);
  return copy;
}

// fits says whether there is, or may be, such a key.
function fits(value, key) {
  return Array.isArray(value) ? typeof key === "number" && key < value.length : typeof key === "string";
}

// plain returns the JavaScript value of one on the wire, where each says its kind.
export function plain(value) {
  if (value === "Null") return null;
  const [kind, content] = Object.entries(value)[0];
  if (kind === "List") return content.map(plain);
  if (kind !== "Map") return content;
  const map = Object.create(null); // or "__proto__" would be no key like any other
  for (const [key, entry] of Object.entries(content)) map[key] = plain(entry);
  return map;
}

// tagged returns the value on the wire. The server makes a Float of an Int where it wants one.
export function tagged(value) {
  if (value === null || value === undefined) return "Null";
  if (typeof value === "boolean") return { Bool: value };
  if (typeof value === "number") return Number.isInteger(value) ? { Int: value } : { Float: value };
  if (typeof value === "string") return { Str: value };
  if (Array.isArray(value)) return { List: value.map(tagged) };
  return { Map: Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, tagged(entry)])) };
}

// isFinal says whether connecting again would end like that as well.
function isFinal(code) {
  return [1002, 1003, 1007, 1008, 1009].includes(code) || (code >= 3500 && code < 4000) || code >= 4500;
}
