// What the page shows of the calls in telepact.js.
import { CallError, Socket, call, post } from "./telepact.js";

const api = "/api/telepact";
const $ = (id) => document.getElementById(id);

// show writes text into an output element and says what kind of text it is.
function show(output, state, text) {
  output.dataset.state = state;
  output.textContent = text;
}

// inWords says what an error means to who looks at the page.
function inWords(error) {
  if (!(error instanceof CallError)) return error.message;
  switch (error.tag) {
    case "ErrorNobody":
      return "There is nobody to greet.";
    case "ErrorTooLong":
      return `No call may take longer than ${error.value.limit} ms.`;
    default:
      return error.message;
  }
}

// Greetings: one call over HTTP each.
$("greet").addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    const { message } = await call(api, "fn.greet", { subject: $("subject").value });
    show($("greeting"), "ok", message);
  } catch (error) {
    show($("greeting"), "error", inWords(error));
  }
});

// Messages as they are.
$("byhand").addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    show($("answer"), "ok", await post(api, $("message").value));
  } catch (error) {
    show($("answer"), "error", error.message);
  }
});

// Calls in flight over one socket.
const endpoint = new URL("/ws/telepact", location.href);
endpoint.protocol = endpoint.protocol.replace("http", "ws");

const states = {
  connecting: "Connecting …",
  open: "Connected",
  waiting: "Not connected; trying again soon",
  closed: "Closed",
};

const socket = new Socket(endpoint, (state, why) => {
  show($("connection"), state, why ? `${states[state]} (${why})` : states[state]);
});

$("wait").addEventListener("submit", (event) => {
  event.preventDefault();
  start($("name").value, $("milliseconds").valueAsNumber);
});

$("race").addEventListener("click", () => {
  [["tortoise", 1500], ["dog", 600], ["hare", 150]].forEach(([name, ms]) => start(name, ms));
});

async function start(name, milliseconds) {
  const { id, result } = socket.call("fn.wait", { name, milliseconds });
  const row = inFlight(id, `${name}, ${milliseconds} ms`);
  try {
    const answer = await result;
    landed(row, "ok", `${answer.name} is there`);
  } catch (error) {
    landed(row, "error", inWords(error));
  }
}

// inFlight adds a call to the list, above those that are answered.
function inFlight(id, what) {
  const row = $("calls").insertRow(0);
  row.dataset.state = "flight";
  for (const text of [String(id), what, "in flight"]) row.insertCell().textContent = text;
  count();
  return row;
}

function landed(row, state, text) {
  show(row.cells[2], state, text);
  $("calls").insertBefore(row, $("calls").querySelector("tr:not([data-state=flight])"));
  row.dataset.state = state;
  while ($("calls").rows.length > 50) $("calls").lastElementChild.remove();
  count();
}

function count() {
  $("count").textContent = $("calls").querySelectorAll("[data-state=flight]").length;
}
