"use strict";
// The agent answers with the keys 1 to 5: they press the answers of the question that is next.
(() => {
  const typing = (one) => /^(INPUT|SELECT|TEXTAREA)$/.test(one.tagName) || one.isContentEditable;
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (document.documentElement.dataset.shortcuts === "off" || document.querySelector("dialog[open]")) return;
    if (!/^[1-5]$/.test(event.key)) return;
    const answer = document.querySelector(`#questions [data-next] [data-choice="${event.key}"]`);
    if (!answer) return;
    event.preventDefault();
    answer.click();
  });
  document.addEventListener("htmx:afterSettle", () => {
    const next = document.querySelector("#questions [data-next]");
    if (next) {
      next.focus({ preventScroll: true });
      next.scrollIntoView({ block: "nearest" });
    }
  });
})();
