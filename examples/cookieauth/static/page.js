// Calls need no token here: the browser adds the cookie to requests of its own origin.

const $ = (id) => document.getElementById(id);

// call makes one call. It throws the tag and value of an answer other than Ok_.
async function call(fn, args = {}) {
  const response = await fetch("/api/telepact", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify([{}, { [fn]: args }]),
  });
  if (!response.ok) throw new Error(`HTTP status ${response.status}: ${await response.text()}`);
  const [, body] = await response.json();
  const [[tag, value]] = Object.entries(body);
  if (tag === "Ok_") return value;
  throw Object.assign(new Error(`${tag} ${JSON.stringify(value)}`), { tag, value });
}

// attempt does something and shows the notes as they are then, or why it failed.
async function attempt(action) {
  try {
    $("message").textContent = "";
    await action();
    await show();
  } catch (error) {
    if (error.tag === "ErrorUnauthenticated_") {
      letIn($("inside").hidden ? "" : "Your session has ended.");
    } else if (error.tag === "ErrorLimit") {
      $("message").textContent = `There may be ${error.value.limit} ${error.value.what}.`;
    } else {
      $("message").textContent = error.message;
    }
  }
}

// show fills in what users see of themselves.
async function show() {
  const [me, { notes }] = await Promise.all([call("fn.whoAmI"), call("fn.listNotes")]);
  $("me").textContent = me.name;
  $("expires").dateTime = me.expires;
  $("expires").textContent = new Date(me.expires).toLocaleTimeString([], { timeStyle: "short" });
  $("notes").replaceChildren(...notes.map((text) => {
    const item = document.createElement("li");
    item.textContent = text;
    return item;
  }));
  $("outside").hidden = true;
  $("inside").hidden = false;
}

// letIn shows the form to log in with.
function letIn(why) {
  if (location.hash === "#wrong") {
    why = "Name or password is wrong.";
    history.replaceState(null, "", "/");
  }
  $("message").textContent = why;
  $("notes").replaceChildren(); // they are not for whoever comes next
  $("inside").hidden = true;
  $("outside").hidden = false;
  $("name").focus();
}

$("add").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(async () => {
    await call("fn.addNote", { text: $("text").value });
    $("text").value = "";
  });
});

$("everywhere").addEventListener("click", () => attempt(() => call("fn.endSessions")));

attempt(async () => {});
