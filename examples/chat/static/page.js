// What the page shows of the room in room.js.
import { Room } from "./room.js";

const maxLines = 300; // that the page keeps
const $ = (id) => document.getElementById(id);

const states = {
  connecting: "Connecting …",
  open: "Connected",
  waiting: "Not connected; trying again soon",
  closed: "Closed",
};

let me = "";

const url = new URL("/ws", location.href);
url.protocol = url.protocol.replace("http", "ws");

const room = new Room(url, heard, (state, why) => {
  $("connection").dataset.state = state;
  $("connection").textContent = why ? `${states[state]} (${why})` : states[state];
  $("again").hidden = state !== "closed";
  $("say").disabled = true; // until there is a welcome
});

function heard(event) {
  hint("");
  switch (event.type) {
    case "name":
      ask("");
      break;
    case "refused":
      if (room.isIn) hint(event.text);
      else ask(event.text);
      break;
    case "welcome":
      me = event.name;
      $("me").textContent = me;
      $("outside").hidden = true;
      $("inside").hidden = false;
      $("say").disabled = false;
      $("lines").replaceChildren(); // what was said comes again
      $("text").focus();
      break;
    case "people":
      $("people").replaceChildren(...(event.people ?? []).map((name) => element("li", name === me ? "mine" : "", name)));
      break;
    default:
      add(event);
  }
}

// ask shows the form for the name, and why the last one would not do.
function ask(why) {
  me = "";
  $("why").textContent = why;
  $("inside").hidden = true;
  $("outside").hidden = false;
  $("name").select();
}

function hint(text) {
  $("hint").textContent = text;
}

// add shows a line, and what came before it as long as the reader has not gone there.
function add(event) {
  const list = $("lines");
  const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 20;
  const line = element("li", event.type);
  const at = new Date(event.at);
  const time = element("time", "", at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }));
  time.dateTime = event.at;
  if (event.type === "said") {
    if (event.name === me) line.classList.add("mine");
    line.append(element("strong", "", event.name), " ", time, element("p", "", event.text));
  } else {
    line.append(`${event.name} ${event.type === "joined" ? "has joined" : "has left"} `, time);
  }
  list.append(line);
  while (list.children.length > maxLines) list.firstElementChild.remove();
  if (isAtEnd) list.scrollTop = list.scrollHeight;
}

function element(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

$("outside").addEventListener("submit", (event) => {
  event.preventDefault();
  room.join($("name").value);
});

$("talk").addEventListener("submit", (event) => {
  event.preventDefault();
  if (room.say($("text").value)) $("text").value = "";
});

$("again").addEventListener("click", () => room.connect());
