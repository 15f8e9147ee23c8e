// Puts in what has changed, twice a second, and presses buttons without leaving the page.
"use strict";
const PAUSE = 500;
const parts = root => [...root.querySelectorAll("[data-part]")];

// Answers may overtake each other: one that was asked for before what is shown is left out.
let asked = 0;
let seen = 0;

async function look() {
  const turn = ++asked;
  const reply = await fetch("/outage-demo/live");
  if (!reply.ok) return;
  const fresh = new DOMParser().parseFromString(await reply.text(), "text/html");
  if (turn < seen) return;
  seen = turn;
  const shown = new Map(parts(document).map(part => [part.dataset.part, part]));
  for (const part of parts(fresh)) {
    const old = shown.get(part.dataset.part);
    if (old && old.outerHTML !== part.outerHTML) old.replaceWith(part);
  }
  const now = document.querySelector("[data-now]").dataset.now;
  document.querySelector(".clock time").textContent = now.replace("T", " ");
}

async function turn() {
  try {
    if (!document.hidden) await look();
    delete document.body.dataset.away;
  } catch {
    // The platform was stopped, or is being started: the next turn tries again.
    document.body.dataset.away = "";
  }
  setTimeout(turn, PAUSE);
}

document.addEventListener("submit", async event => {
  const form = event.target.closest("[data-part=controls]");
  if (!form) return;
  event.preventDefault();
  const body = new URLSearchParams([[event.submitter.name, event.submitter.value]]);
  try {
    await fetch(form.action, { method: "POST", body, redirect: "manual" });
    await look();
  } catch {
    // Nobody answers: the page says so until the next turn finds somebody, and the button may be pressed again.
    document.body.dataset.away = "";
  }
});

turn();
