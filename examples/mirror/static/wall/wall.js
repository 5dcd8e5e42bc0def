// A page for a screen on the wall: it shows the models, and can change nothing.
import { Mirror } from "../mirror.js";

const greenhouseID = 1;
const climateID = 2;

const $ = (id) => document.getElementById(id);

const states = {
  connecting: "Connecting …",
  open: "Connected",
  waiting: "Not connected; trying again soon",
  closed: "Closed",
};

const mirror = new Mirror({
  changed: show,
  state(state) {
    $("connection").dataset.state = state;
    $("connection").textContent = states[state];
  },
});

function show() {
  const greenhouse = mirror.models.get(greenhouseID)?.value;
  const climate = mirror.models.get(climateID)?.value;
  if (!greenhouse || !climate) return;
  document.title = greenhouse.name;
  $("name").textContent = greenhouse.name;
  $("rooms").replaceChildren(...greenhouse.rooms.map((room) => card(room, climate.rooms[room.name])));
}

function card(room, measured) {
  const made = $("room").content.firstElementChild.cloneNode(true);
  const text = (name, text) => { made.querySelector(`.${name}`).textContent = text; };
  text("name", room.name);
  text("temperature", measured ? `${measured.temperature.toFixed(1)} °C` : "…");
  text("set", `${room.heat.toFixed(1)} °C · lamp ${room.lamp} %${room.water ? " · watering" : ""}`);
  return made;
}

mirror.listen("/events");
