// The search box goes on as one types: a combobox with a list, as WAI-ARIA describes it. Without this script, or with
// any error in it, the box is the plain box it was. Texts are put in as texts, never as markup.
"use strict";
(() => {
  const box = document.getElementById("q");
  const form = box && box.form;
  if (!form) return;
  const PAUSE_MS = 200; // somebody who types fast asks once
  const list = document.createElement("ul");
  list.id = "vorschlaege";
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Vorschläge");
  list.hidden = true;
  const told = document.createElement("p");
  told.className = "unseen";
  told.setAttribute("role", "status");
  const place = document.createElement("div");
  place.className = "combo";
  const hadFocus = document.activeElement === box;
  box.replaceWith(place);
  place.append(box, list, told);
  if (hadFocus) box.focus();
  const say = (name, value) => box.setAttribute(name, value);
  say("role", "combobox");
  say("aria-autocomplete", "list");
  say("aria-controls", list.id);
  say("aria-expanded", "false");

  let timer = 0;
  let asked = null;
  let at = -1;

  const close = () => {
    clearTimeout(timer);
    if (asked) asked.abort();
    list.hidden = true;
    list.replaceChildren();
    told.textContent = "";
    at = -1;
    say("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  };
  const mark = (next) => {
    const lines = list.children;
    if (lines[at]) lines[at].setAttribute("aria-selected", "false");
    at = (next + lines.length + 1) % (lines.length + 1);
    if (at === lines.length) at = -1; // beside the list: what was typed stands
    if (at < 0) {
      box.removeAttribute("aria-activedescendant");
      return;
    }
    lines[at].setAttribute("aria-selected", "true");
    lines[at].scrollIntoView({ block: "nearest" });
    say("aria-activedescendant", lines[at].id);
  };
  const take = (line) => {
    box.value = line.dataset.query;
    close();
    box.focus();
  };
  const show = (suggestions) => {
    list.replaceChildren(...suggestions.map((one, number) => {
      const line = document.createElement("li");
      line.id = `vorschlag-${number}`;
      line.setAttribute("role", "option");
      line.setAttribute("aria-selected", "false");
      line.dataset.query = one.query;
      const kind = document.createElement("span");
      kind.className = "where";
      kind.textContent = ` ${one.kind}`;
      line.append(one.text, kind);
      // Before the box loses the focus.
      line.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        take(line);
      });
      return line;
    }));
    at = -1;
    box.removeAttribute("aria-activedescendant");
    list.hidden = suggestions.length === 0;
    say("aria-expanded", String(!list.hidden));
    told.textContent = list.hidden ? "" : suggestions.length === 1 ? "1 Vorschlag" : `${suggestions.length} Vorschläge`;
  };
  const ask = async () => {
    if (asked) asked.abort();
    asked = new AbortController();
    const typed = box.value;
    try {
      const answer = await fetch(`/suche/vorschlag?q=${encodeURIComponent(typed)}`, { signal: asked.signal });
      if (!answer.ok || answer.redirected) return close();
      const { suggestions } = await answer.json();
      if (box.value === typed && document.activeElement === box) show(suggestions);
    } catch {
      // Gone on typing, or no answer: there is nothing to suggest.
    }
  };

  box.addEventListener("input", () => {
    clearTimeout(timer);
    if (box.selectionStart !== box.value.length) return close();
    timer = setTimeout(ask, PAUSE_MS);
  });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    if (event.key === "ArrowDown") mark(at + 1);
    else if (event.key === "ArrowUp") mark(at < 0 ? list.children.length - 1 : at - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && at >= 0) take(list.children[at]);
    else return;
    event.preventDefault();
  });
  box.addEventListener("blur", close);
  form.addEventListener("submit", close);
})();
