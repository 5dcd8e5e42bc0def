// What the page shows of the models, and what it proposes when somebody moves a slider.
import { Mirror, insert, move, removeAt, set } from "./mirror.js";

const greenhouseID = 1;
const climateID = 2;
const lampWatts = 800;
const every = 40; // milliseconds between the proposals of a slider that moves

const $ = (id) => document.getElementById(id);

const states = {
  connecting: "Connecting …",
  open: "Connected",
  waiting: "Not connected; trying again soon",
  closed: "Closed",
};

const mirror = new Mirror({
  changed(id) {
    if (id === greenhouseID && released) held = undefined;
    show();
  },
  refused(id, why) {
    $("why").textContent = `Not done: ${why}.`;
  },
  state(state, why) {
    $("connection").dataset.state = state;
    $("connection").textContent = why ? `${states[state]} (${why})` : states[state];
    $("again").hidden = state !== "closed";
  },
});

// held is the slider or the field that somebody is changing. What the server says does not take
// it out of their hands; once they have let go, its answer counts, whatever that is.
let held;
let released = false;

function show() {
  const greenhouse = mirror.models.get(greenhouseID)?.value;
  const climate = mirror.models.get(climateID)?.value;
  if (!greenhouse || !climate) return;
  document.title = greenhouse.name;
  put($("name"), greenhouse.name);
  put($("vents"), greenhouse.vents);
  $("vents-shown").textContent = `${greenhouse.vents} %`;
  $("outside").textContent = degrees(climate.outside);
  const watts = greenhouse.rooms.reduce((sum, room) => sum + (room.lamp * lampWatts) / 100, 0);
  $("watts").value = watts;
  $("watts-shown").textContent = `${Math.round(watts)} W`;
  const cards = $("rooms").children;
  while (cards.length < greenhouse.rooms.length) $("rooms").append(card());
  while (cards.length > greenhouse.rooms.length) cards[cards.length - 1].remove();
  greenhouse.rooms.forEach((room, i) => showRoom(cards[i], room, climate.rooms[room.name]));
}

function showRoom(card, room, measured) {
  const $$ = (name) => card.querySelector(`.${name}`);
  put($$("name"), room.name);
  put($$("heat"), room.heat);
  put($$("lamp"), room.lamp);
  $$("heat-shown").textContent = degrees(room.heat);
  $$("lamp-shown").textContent = `${room.lamp} %`;
  $$("water").checked = room.water;
  $$("temperature").textContent = measured ? degrees(measured.temperature) : "…";
  $$("moisture").textContent = measured ? `soil ${measured.moisture} %` : "";
}

function put(input, value) {
  input.disabled = false;
  if (input !== held) input.value = value;
}

const degrees = (n) => `${n.toFixed(1)} °C`;

// propose sends what somebody wants. It is shown when the server says that it is so.
function propose(...ops) {
  $("why").textContent = "";
  if (mirror.propose(greenhouseID, ...ops)) return;
  $("why").textContent = "Not done: there is no connection.";
  held = undefined;
  show();
}

// bind makes a slider or a field propose values: a slider while it moves, too.
function bind(input, path) {
  const isSlider = input.type === "range";
  const wanted = () => set(path(), isSlider ? input.valueAsNumber : input.value.trim());
  let timer;
  input.addEventListener("input", () => {
    if (held !== input || released) $("why").textContent = "";
    held = input;
    released = false;
    if (!isSlider) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      mirror.propose(greenhouseID, wanted());
    }, every);
  });
  input.addEventListener("change", () => {
    clearTimeout(timer);
    timer = undefined;
    released = true;
    propose(wanted());
  });
  input.addEventListener("blur", () => {
    if (held !== input || released) return;
    held = undefined; // it was left as it had been
    show();
  });
}

// card makes what shows a room; which one is a matter of where it stands.
function card() {
  const made = $("room").content.firstElementChild.cloneNode(true);
  const index = () => [...$("rooms").children].indexOf(made);
  const $$ = (name) => made.querySelector(`.${name}`);
  for (const field of ["name", "heat", "lamp"]) bind($$(field), () => ["rooms", index(), field]);
  $$("water").addEventListener("change", (event) => propose(set(["rooms", index(), "water"], event.target.checked)));
  $$("up").addEventListener("click", () => propose(move(["rooms"], index(), Math.max(index() - 1, 0))));
  $$("remove").addEventListener("click", () => propose(removeAt(["rooms"], index())));
  return made;
}

bind($("name"), () => ["name"]);
bind($("vents"), () => ["vents"]);

$("add").addEventListener("submit", (event) => {
  event.preventDefault();
  const rooms = mirror.models.get(greenhouseID)?.value.rooms;
  if (!rooms) return;
  propose(insert(["rooms"], rooms.length, { name: $("new").value.trim(), heat: 18, lamp: 0, water: false }));
  $("new").value = "";
});

$("again").addEventListener("click", () => mirror.connect("/ws"));

mirror.connect("/ws");
