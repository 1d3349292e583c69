"use strict";
// The screen of an agent asks twelve times a second whether something is new. The answer costs the server no database
// and no session (see config/live.py); only when something is new the panel is fetched.
(() => {
  const root = document.querySelector("[data-live]");
  if (!root) return;
  let seen = root.dataset.seen || "0";
  const ask = async () => {
    let wait = 80;
    try {
      const answer = await fetch(`${root.dataset.live}&seen=${seen}`, { cache: "no-store" });
      if (answer.status === 200) {
        seen = await answer.text();
        htmx.trigger(root, "call-changed");
        htmx.trigger(document.body, "calls-changed");
      } else if (answer.status !== 204) wait = 5000;
    } catch {
      wait = 3000;
    }
    setTimeout(ask, wait);
  };
  ask();
})();
