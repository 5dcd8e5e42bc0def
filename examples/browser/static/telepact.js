// Calls of a Telepact server with what every browser has: fetch and WebSocket.
//
// A request is [headers, {function: arguments}], an answer [headers, {tag: value}].
// The tag Ok_ holds a result, every other one an error. Integers beyond 2^53 lose
// digits in JSON.parse, as ever in JavaScript.

// CallError is an answer other than Ok_. Its message is meant for developers.
export class CallError extends Error {
  constructor(tag, value) {
    super(`${tag} ${JSON.stringify(value)}`);
    this.name = "CallError";
    this.tag = tag;
    this.value = value;
  }
}

// LostError is a call without an answer, because the connection broke. Where the server
// may have run it, whether to call again is for the caller to decide.
export class LostError extends Error {
  constructor(mayHaveRun) {
    super(mayHaveRun ? "the connection broke before the answer came; the call may have run" : "the call was not sent");
    this.name = "LostError";
    this.mayHaveRun = mayHaveRun;
  }
}

// resultOf takes an answer apart: it returns the result, or throws a CallError.
function resultOf([, body]) {
  const [[tag, value]] = Object.entries(body);
  if (tag !== "Ok_") throw new CallError(tag, value);
  return value;
}

// post sends one message, as text, and returns the text of the answer. It throws when
// HTTP itself fails. With status 429 there is an answer as well: it says when to try again.
export async function post(url, text) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: text,
  });
  const answer = await response.text();
  if (!response.ok && response.status !== 429) {
    throw new Error(`HTTP status ${response.status}: ${answer.trim()}`);
  }
  return answer;
}

// call makes one call over HTTP.
export async function call(url, fn, args) {
  return resultOf(JSON.parse(await post(url, JSON.stringify([{}, { [fn]: args }]))));
}

// Socket makes many calls at the same time over one WebSocket. Answers come as they are
// ready; the header @id_ says which call an answer is for. When the connection ends it
// opens another one, later each time it fails.
export class Socket {
  #url;
  #onState;
  #ws;
  #nextID = 1;
  #calls = new Map(); // those without an answer, by id
  #opened; // when, if it is
  #failures = 0; // since a connection lasted
  #isOver = false;

  // onState is told "connecting", "open", "waiting" (for the next attempt) or "closed"
  // (for good), and why.
  constructor(url, onState = () => {}) {
    this.#url = url;
    this.#onState = onState;
    this.#open();
  }

  // call returns the id of the call, and a promise of its result. Without a connection
  // the call is sent as soon as there is one.
  call(fn, args) {
    const id = this.#nextID++;
    const text = JSON.stringify([{ "@id_": id }, { [fn]: args }]);
    const result = new Promise((resolve, reject) => {
      this.#calls.set(id, { text, resolve, reject, sent: false });
    });
    if (this.#isOver) this.#end(() => true);
    else this.#send();
    return { id, result };
  }

  #open() {
    this.#onState("connecting", "");
    this.#ws = new WebSocket(this.#url, "telepact.json");
    this.#ws.onopen = () => {
      this.#opened = Date.now();
      this.#onState("open", "");
      this.#send();
    };
    this.#ws.onmessage = (event) => this.#answered(JSON.parse(event.data));
    this.#ws.onclose = (event) => this.#closed(event.code, event.reason);
  }

  #send() {
    if (this.#ws.readyState !== WebSocket.OPEN) return;
    for (const call of this.#calls.values()) {
      if (call.sent) continue;
      this.#ws.send(call.text);
      call.sent = true;
    }
  }

  #answered(answer) {
    const id = answer[0]["@id_"];
    const call = this.#calls.get(id);
    if (!call) return; // nobody asked
    this.#calls.delete(id);
    try {
      call.resolve(resultOf(answer));
    } catch (error) {
      call.reject(error);
    }
  }

  #closed(code, reason) {
    // A server that stops answers every call that it has run before it closes. So those
    // without an answer did not run, and the next server gets them.
    const drained = code === 1001 && reason === "drained";
    for (const call of this.#calls.values()) call.sent &&= !drained;
    this.#end((call) => call.sent);
    if (isFinal(code)) {
      this.#isOver = true;
      this.#end(() => true);
      this.#onState("closed", reason || `code ${code}`);
      return;
    }
    this.#onState("waiting", reason || `code ${code}`);
    setTimeout(() => this.#open(), this.#delay());
  }

  // #delay is how long to wait before the next attempt: at random, or all clients of a
  // server that stops would come back at the same time, and longer after each failure.
  #delay() {
    if (Date.now() - this.#opened > 10_000) this.#failures = 0;
    this.#opened = undefined;
    return Math.random() * Math.min(30_000, 500 * 2 ** this.#failures++);
  }

  // #end gives up the calls that which says.
  #end(which) {
    for (const [id, call] of this.#calls) {
      if (!which(call)) continue;
      this.#calls.delete(id);
      call.reject(new LostError(call.sent));
    }
  }
}

// isFinal says whether connecting again would end like that as well.
function isFinal(code) {
  return [1002, 1003, 1007, 1008].includes(code) || (code >= 3500 && code < 4000) || code >= 4500;
}
