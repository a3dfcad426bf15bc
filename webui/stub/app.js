// The minimal page: asks the daemon every two seconds and shows what it says. Everything that came from a store or the
// configuration is inserted as text (textContent), never as markup.
"use strict";

const kPollMs = 2000;

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

const count = (n) => (typeof n === "number" ? n.toLocaleString() : "–");

function ago(time, now) {
  const seconds = Math.round((now - time) / 1000);
  const words = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
  for (const [unit, size] of [["day", 86400], ["hour", 3600], ["minute", 60]]) {
    if (Math.abs(seconds) >= size) return words.format(-Math.round(seconds / size), unit);
  }
  return "just now";
}

// In the reader's zone, with UTC on hover.
function when(text, now) {
  const time = text ? new Date(text) : null;
  if (!time || Number.isNaN(time.getTime())) return element("span", "", "never");
  const exact = time.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
  const made = element("time", "", `${ago(time, now)} (${exact})`);
  made.dateTime = text;
  made.title = `${text} (UTC)`;
  return made;
}

const outcomes = { done: "complete", partial: "in part", failed: "failed", cancelled: "cancelled" };

function fact(list, name, value) {
  list.append(element("dt", "", name));
  const dd = element("dd");
  dd.append(value);
  list.append(dd);
}

function storeCard(store, now) {
  const card = element("article", "store");
  card.append(element("h3", "", store.name));
  const facts = element("dl", "facts");
  fact(facts, "Items", count(store.items));
  fact(facts, "Versions", count(store.versions));
  const run = store.last_run;
  fact(facts, "Last run", run ? when(run.finished_at || run.started_at, now) : "none yet");
  if (run) fact(facts, "Result", `${run.kind}, ${outcomes[run.outcome] || run.outcome}`);
  if (store.state === "paused") fact(facts, "Schedule", "paused");
  else if (store.next_run_at) fact(facts, "Next", when(store.next_run_at, now));
  card.append(facts);
  if (store.running) {
    const { kind, type, done, total } = store.running;
    const text = `Running now: ${kind}${type ? `, ${type}` : ""}${done ? ` – ${count(done)}` : ""}${total ? ` of ${count(total)}` : ""}`;
    card.append(element("p", "running quiet", text));
    const bar = element("progress");
    bar.setAttribute("aria-label", `Progress of ${store.name}`);
    if (total) {
      bar.max = total;
      bar.value = Math.min(done || 0, total);
    }
    card.append(bar);
  }
  if (store.problems && store.problems.length) {
    const list = element("ul", "problems");
    for (const problem of store.problems) list.append(element("li", "", problem));
    card.append(list);
  }
  return card;
}

const names = (stores) => stores.map((store) => store.name).join(", ");

// One sentence: are the stores backed up?
function summarise(stores) {
  if (stores.length === 0) return ["warn", "No store is configured yet: add one to backstock.yaml."];
  const never = stores.filter((store) => !store.last_complete_at);
  const failing = stores.filter((store) => store.last_run && store.last_run.outcome === "failed");
  const limping = stores.filter((store) => store.last_run && store.last_run.outcome !== "done");
  const all = stores.length === 1 ? `${stores[0].name} is` : stores.length === 2 ? "Both stores are" : `All ${stores.length} stores are`;
  if (failing.length) return ["bad", `The last backup failed: ${names(failing)}.`];
  // Nothing is known and something is wrong: the vault cannot be read, for one.
  const troubled = never.filter((store) => !store.last_run && store.problems && store.problems.length);
  if (troubled.length) return ["bad", `Needs attention: ${names(troubled)}.`];
  if (never.length) {
    const started = never.every((store) => store.running);
    return ["warn", `${started ? "The first complete backup is running" : "Not yet backed up completely"}: ${names(never)}.`];
  }
  if (limping.length) return ["warn", `Backed up, but the last run was not complete: ${names(limping)}.`];
  if (stores.some((store) => store.problems && store.problems.length)) return ["warn", `${all} backed up, with problems named below.`];
  return ["good", `${all} backed up.`];
}

function show(status) {
  const stores = Array.isArray(status.stores) ? status.stores : [];
  const now = status.now ? new Date(status.now) : new Date();
  const [mood, sentence] = summarise(stores);
  const summary = document.getElementById("summary");
  // Only when it changes, or a screen reader would say it every two seconds.
  if (summary.textContent !== sentence) summary.textContent = sentence;
  summary.dataset.mood = mood;
  document.getElementById("version").textContent = status.version || "";
  document.getElementById("stores").replaceChildren(...stores.map((store) => storeCard(store, now)));
}

function showConnection(sentence) {
  const notice = document.getElementById("connection");
  notice.hidden = !sentence;
  if (notice.textContent !== sentence) notice.textContent = sentence;
}

async function poll() {
  try {
    const answer = await fetch("/api/v1/status", { cache: "no-store", signal: AbortSignal.timeout(10000) });
    if (!answer.ok) throw new Error(`the daemon answered ${answer.status}`);
    show(await answer.json());
    showConnection("");
  } catch (error) {
    document.getElementById("summary").dataset.mood = "calm";
    showConnection("The daemon does not answer; what is shown may be old. It is asked again every few seconds (systemctl status backstock says more).");
  }
  setTimeout(poll, kPollMs);
}

poll();
