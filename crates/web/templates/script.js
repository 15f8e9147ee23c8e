// Makes the pages quicker to use; each of them works without.
"use strict";
document.documentElement.classList.add("scripts");

// One tick for all of a page.
document.addEventListener("change", event => {
  const all = event.target.closest("[data-all]");
  if (!all) return;
  for (const tick of all.form.querySelectorAll("tbody input[name=number], [data-all]")) tick.checked = all.checked;
});

// A step that is opened is filled in next. One that comes open with a refusal leaves the refusal its focus.
document.addEventListener("toggle", event => {
  const step = event.target;
  if (document.querySelector("main [role=alert]") && !step.contains(document.activeElement)) return;
  if (step.open && step.matches(".step, .call")) step.querySelector("input:not([type=hidden]), select, textarea")?.focus();
}, true);

// An Enter that ends the typing of a word (an input method's) is none of ours.
const isEnter = event => event.key === "Enter" && !event.isComposing && event.keyCode !== 229;

// Of several steps in one form the one is taken whose field has the focus, and none on a tick; without scripts Enter takes none.
document.addEventListener("keydown", event => {
  if (!isEnter(event) || !event.target.matches("#bulk input")) return;
  event.preventDefault();
  if (!event.target.matches("[type=checkbox]")) event.target.closest(".step")?.querySelector("[name=action]").click();
});

// The number of a card, typed or read: it says who it is, and fills in what the number says. A reader's stroke of Enter asks, and
// so does leaving the field.
const NUMBERS = ["certno", "psn_no"];
const LOOKED_UP = ["certno", "psn_name", "psn_no", "psn_cert_type", "insutype"];
const numbers = form => NUMBERS.map(name => form.elements[name]?.value.trim() ?? "").join(" ");
let asked = "";

function post(form) {
  changed.delete(form);
  form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "lookup", value: "1" }));
  form.submit();
}

function notFound(text) {
  asked = "";
  document.getElementById("found").replaceChildren(Object.assign(document.createElement("p"), { className: "problem", textContent: text }));
}

// `goesOn`: whoever asked waits for the answer, and goes on where something is missing.
async function lookUp(form, number, goesOn) {
  const body = new URLSearchParams(new FormData(form));
  body.set("lookup", number);
  asked = numbers(form);
  let reply, page;
  try {
    reply = await fetch(form.action, { method: "POST", body, signal: AbortSignal.timeout(15000) });
    page = new DOMParser().parseFromString(await reply.text(), "text/html");
  } catch {
    // A page that cannot be fetched would take all that is typed along.
    return notFound("没有查到：网络不通，或平台没有回应。所填的都在，可以照样填写，或稍后再按号码查。");
  }
  const found = page.getElementById("found");
  // Signed out meanwhile, or too busy: the button goes to the page itself.
  if (!reply.ok || !found) return goesOn ? post(form) : notFound("没有查到：登录已到时，或平台正忙。请点“按号码查姓名和险种”。");
  // Another number stands there by now: this is the answer to one of before.
  if (numbers(form) !== asked) return;
  for (const name of LOOKED_UP) {
    const [own, fresh] = [document, page].map(of => of.querySelector(`#new [name=${name}]`));
    // What was typed meanwhile stays.
    if (own && fresh && own.value === (body.get(name) ?? "")) own.value = fresh.value;
  }
  asked = numbers(form);
  document.getElementById("found").replaceWith(found);
  const next = page.querySelector("#new [autofocus]");
  if (goesOn && next) document.getElementById(next.id)?.focus();
}

document.addEventListener("submit", event => {
  if (event.submitter?.name !== "lookup") return;
  event.preventDefault();
  lookUp(event.target, "1", true);
});

document.addEventListener("change", event => {
  const { form, name, value } = event.target;
  if (!form?.matches("#new[data-looks-up]") || !NUMBERS.includes(name) || !value.trim()) return;
  if (numbers(form) !== asked) lookUp(form, name, false);
});

document.addEventListener("keydown", event => {
  const form = event.target.form;
  if (!isEnter(event) || !form?.matches("#new") || !event.target.matches("input")) return;
  // Nowhere else does a reader's Enter send a form that is half filled in.
  event.preventDefault();
  if (form.matches("[data-looks-up]") && NUMBERS.includes(event.target.name)) return lookUp(form, event.target.name, true);
  const fields = [...form.querySelectorAll("input:not([type=hidden]), select, textarea, button[data-main]")];
  fields[fields.indexOf(event.target) + 1]?.focus();
});

// What is typed and not sent is not left without asking.
const TYPED = "#new, #bulk, .step form, form.sheet:not(.narrow)";
const changed = new Set();
document.addEventListener("input", event => {
  const { form, type } = event.target;
  if (form?.matches(TYPED) && !(type === "checkbox" && form.id === "bulk")) changed.add(form);
});
document.addEventListener("submit", event => {
  if (!event.defaultPrevented) changed.delete(event.target);
});
addEventListener("beforeunload", event => {
  if (changed.size) event.preventDefault();
});
// What has come back refused is filled in too.
if (document.querySelector("main [role=alert]")) document.querySelectorAll("#new").forEach(form => changed.add(form));

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
