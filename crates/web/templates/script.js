// Makes the pages quicker to use; each of them works without.
"use strict";
document.documentElement.classList.add("scripts");

// One tick for all of a page.
document.addEventListener("change", event => {
  const all = event.target.closest("[data-all]");
  if (!all) return;
  for (const tick of all.form.querySelectorAll("tbody input[name=number]")) tick.checked = all.checked;
});

// A step that is opened is filled in next.
document.addEventListener("toggle", event => {
  const step = event.target;
  if (step.open && step.matches(".step, .call")) step.querySelector("input:not([type=hidden]), select, textarea")?.focus();
}, true);

// The number of a card, typed or read: a reader's stroke of Enter asks who it is, and fills in what the number says.
const LOOKED_UP = ["certno", "psn_name", "psn_no", "psn_cert_type", "insutype"];

function post(form) {
  form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "lookup", value: "1" }));
  form.submit();
}

async function lookUp(form) {
  const body = new URLSearchParams(new FormData(form));
  body.set("lookup", "1");
  const reply = await fetch(form.action, { method: "POST", body });
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  const found = page.getElementById("found");
  // Signed out meanwhile, or away: the button goes to the page itself.
  if (!reply.ok || !found) return post(form);
  for (const name of LOOKED_UP) {
    const [own, fresh] = [document, page].map(of => of.querySelector(`#new [name=${name}]`));
    if (own && fresh) own.value = fresh.value;
  }
  document.getElementById("found").replaceWith(found);
  const next = page.querySelector("#new [autofocus]");
  if (next) document.getElementById(next.id)?.focus();
}

document.addEventListener("submit", event => {
  if (event.submitter?.name !== "lookup") return;
  event.preventDefault();
  lookUp(event.target);
});

document.addEventListener("keydown", event => {
  const form = event.target.form;
  if (event.key !== "Enter" || !form?.matches("#new") || !event.target.matches("input")) return;
  // Nowhere else does a reader's Enter send a form that is half filled in.
  event.preventDefault();
  if (form.matches("[data-looks-up]") && ["certno", "psn_no"].includes(event.target.name)) return lookUp(form);
  const fields = [...form.querySelectorAll("input:not([type=hidden]), select, textarea, button[data-main]")];
  fields[fields.indexOf(event.target) + 1]?.focus();
});

// What changes by itself is put in anew after so many seconds, but not from under somebody who is at it.
async function look() {
  const shown = document.getElementById("live");
  if (!shown?.dataset.live) return;
  if (!document.hidden && !shown.contains(document.activeElement)) {
    try {
      const reply = await fetch(location.href);
      const page = new DOMParser().parseFromString(await reply.text(), "text/html");
      const fresh = page.getElementById("live");
      if (reply.ok && fresh && !shown.contains(document.activeElement)) {
        const opened = [...shown.querySelectorAll("details")].map(details => details.open);
        fresh.querySelectorAll("details").forEach((details, at) => { details.open = opened[at] ?? details.open; });
        shown.replaceWith(fresh);
        document.querySelector(".clock time").textContent = page.querySelector(".clock time").textContent;
      }
    } catch {
      // The platform was stopped, or is being started: the next turn tries again.
    }
  }
  wait();
}

function wait() {
  const seconds = Number(document.getElementById("live")?.dataset.live);
  if (seconds) setTimeout(look, seconds * 1000);
}

wait();
