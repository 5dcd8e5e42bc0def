// The connection of a page to the chat room, with what every browser has: WebSocket.
//
// The server says JSON objects, each with a type; see event.go. The page says plain text:
// its name when it is asked for it, and then what is to be read by everybody.

// rejoinTimes is how often the page asks for its own name after a connection was lost, and
// rejoinAfter how many milliseconds lie between: the server may take half a minute to find
// out that the connection is no more.
const rejoinTimes = 9;
const rejoinAfter = 5_000;

// Room is a connection that comes back by itself, and then asks for the name it had.
export class Room {
  #url;
  #onEvent;
  #onState;
  #ws;
  #name = ""; // that the user wants, or has
  #isIn = false;
  #rejoins = 0; // how often the name may still be asked for
  #timer; // of the next attempt
  #opened; // when, if it is
  #failures = 0; // since a connection lasted

  // onEvent is told what the server says, and onState "connecting", "open", "waiting" (for
  // the next attempt) or "closed" (until connect is called), and why.
  constructor(url, onEvent, onState) {
    this.#url = url;
    this.#onEvent = onEvent;
    this.#onState = onState;
    this.connect();
    // A machine that wakes up need not wait for its turn.
    addEventListener("online", () => { if (this.#timer) this.connect(); });
    // Browsers keep pages that the user has left for a while, with their connections. Who
    // goes back to the page comes back into the room.
    addEventListener("pagehide", () => this.#ws.close(1000));
  }

  // isIn says whether the page has a name and is in the room.
  get isIn() {
    return this.#isIn;
  }

  // connect opens a connection unless there is one.
  connect() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#ws && this.#ws.readyState !== WebSocket.CLOSED) return;
    this.#onState("connecting", "");
    this.#ws = new WebSocket(this.#url);
    this.#ws.onopen = () => {
      this.#opened = Date.now();
      this.#onState("open", "");
    };
    this.#ws.onmessage = (event) => this.#heard(JSON.parse(event.data));
    this.#ws.onclose = (event) => this.#closed(event.code, event.reason);
  }

  // join asks for a name.
  join(name) {
    this.#name = name;
    this.#rejoins = 0;
    this.#send(name);
  }

  // say says something to everybody. It reports whether it was sent.
  say(text) {
    return this.#isIn && this.#send(text);
  }

  #send(text) {
    if (this.#ws.readyState !== WebSocket.OPEN) return false;
    this.#ws.send(text);
    return true;
  }

  #heard(event) {
    switch (event.type) {
      case "name":
        if (this.#name) {
          this.#send(this.#name);
          return;
        }
        break;
      case "welcome":
        this.#name = event.name;
        this.#isIn = true;
        this.#rejoins = rejoinTimes; // for when the connection is lost
        this.#onState("open", "");
        break;
      case "refused":
        if (!this.#isIn && this.#rejoins > 0) {
          this.#rejoins--;
          this.#onState("open", "the name is not free yet");
          const ws = this.#ws;
          setTimeout(() => { if (ws === this.#ws) this.#send(this.#name); }, rejoinAfter);
          return;
        }
        if (!this.#isIn) this.#name = "";
        break;
    }
    this.#onEvent(event);
  }

  #closed(code, reason) {
    const why = reason || `code ${code}`;
    this.#isIn = false;
    if (isFinal(code)) {
      this.#onState("closed", why);
      return;
    }
    this.#onState("waiting", why);
    this.#timer = setTimeout(() => this.connect(), this.#delay());
  }

  // #delay is how long to wait before the next attempt: at random, or all pages of a server
  // that stops would come back at the same time, and longer after each failure.
  #delay() {
    if (Date.now() - this.#opened > 10_000) this.#failures = 0;
    this.#opened = undefined;
    return Math.random() * Math.min(30_000, 500 * 2 ** this.#failures++);
  }
}

// isFinal says whether connecting again would end like that as well.
function isFinal(code) {
  return [1002, 1003, 1007, 1008, 1009].includes(code) || (code >= 3500 && code < 4000) || code >= 4500;
}
