// Files go up in pieces, each on its own way (tus): with progress, pause and resumption. Without this script, or with any
// error in it, the form sends them all at once as it always did. Texts are put in as texts, never as markup.
"use strict";
(() => {
  const form = document.getElementById("aufnehmen");
  const section = document.getElementById("unterwegs");
  if (!form || !section || !window.tus || !window.tus.isSupported) return;
  const PIECE_BYTES = 8 * 1024 * 1024; // every piece tells the server that somebody is there
  const AT_ONCE = 3;
  const RETRY_AFTER_MS = [0, 1000, 3000, 5000, 10000, 20000, 30000];
  const list = section.querySelector("ul");
  const told = document.getElementById("unterwegs-stand");
  const waiting = [];
  const all = [];
  let running = 0;

  const size = (bytes) =>
    bytes < 1024 * 1024
      ? `${Math.ceil(bytes / 1024)} KiB`
      : `${(bytes / 1024 / 1024).toLocaleString("de-DE", { maximumFractionDigits: 1 })} MiB`;
  const button = (text, name, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "second";
    const unseen = document.createElement("span");
    unseen.className = "unseen";
    unseen.textContent = `: ${name}`;
    made.append(text, unseen);
    made.addEventListener("click", act);
    return made;
  };
  const count = () => {
    const of = (state) => all.filter((one) => one.state === state).length;
    const parts = [`${of("done")} von ${all.length} Dateien aufgenommen`];
    if (of("failed")) parts.push(`${of("failed")} nicht`);
    if (of("paused")) parts.push(`${of("paused")} angehalten`);
    told.textContent = `${parts.join(", ")}.`;
  };
  const next = () => {
    while (running < AT_ONCE && waiting.length) {
      running += 1;
      waiting.shift().begin();
    }
    count();
  };
  // Why it did not go, as the server says it.
  const reason = (error) => {
    const answer = error.originalResponse;
    const status = answer ? answer.getStatus() : 0;
    if (status === 401 || status === 403)
      return "Sie sind nicht mehr angemeldet. Melden Sie sich an und wählen Sie die Datei noch einmal; es geht weiter, wo es aufhörte.";
    const said = answer && (answer.getHeader("content-type") || "").startsWith("text/plain") ? answer.getBody() : "";
    return said || "Der Server ist nicht erreichbar. Was angekommen ist, bleibt einen Tag; setzen Sie es später fort.";
  };

  const take = (file, reference, csrf) => {
    const line = document.createElement("li");
    const bar = document.createElement("progress");
    const words = document.createElement("span");
    const name = document.createElement("span");
    const doing = document.createElement("span");
    bar.max = Math.max(file.size, 1);
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    name.textContent = file.name;
    words.className = "where";
    words.textContent = " wartet";
    line.append(name, " ", bar, words, doing);
    list.append(line);
    const one = { state: "waiting" };
    all.push(one);
    const end = (state, text) => {
      if (one.state === "running") running -= 1;
      one.state = state;
      words.textContent = ` ${text}`;
      next();
    };
    const upload = new window.tus.Upload(file, {
      endpoint: form.action + "/teile",
      chunkSize: PIECE_BYTES,
      retryDelays: RETRY_AFTER_MS,
      headers: { "X-Schriftgut-Csrf": csrf },
      metadata: { filename: file.name, akte: reference },
      removeFingerprintOnSuccess: true,
      fingerprint: async (of) => ["schriftgut", reference, of.name, of.size, of.lastModified].join("|"),
      onProgress: (sent, whole) => {
        bar.value = sent;
        words.textContent = sent < whole ? ` ${size(sent)} von ${size(whole)}` : " wird aufgenommen";
      },
      onSuccess: ({ lastResponse } = {}) => {
        bar.value = bar.max;
        const document_ = lastResponse && lastResponse.getHeader("Schriftgut-Dokument");
        if (document_) {
          const link = document.createElement("a");
          link.href = `/dokument/${document_}`;
          link.textContent = file.name;
          name.replaceChildren(link);
        }
        doing.replaceChildren();
        end("done", "aufgenommen");
      },
      onError: (error) => {
        doing.replaceChildren(button("Noch einmal", file.name, resume));
        end("failed", reason(error));
      },
    });
    const pause = () => {
      upload.abort();
      const was = waiting.indexOf(one);
      if (was >= 0) waiting.splice(was, 1);
      doing.replaceChildren(button("Fortsetzen", file.name, resume), button("Verwerfen", file.name, discard));
      end("paused", "angehalten");
    };
    const resume = () => {
      one.state = "waiting";
      words.textContent = " wartet";
      doing.replaceChildren(button("Anhalten", file.name, pause));
      waiting.push(one);
      next();
    };
    const discard = async () => {
      await upload.abort(true).catch(() => {});
      line.remove();
      all.splice(all.indexOf(one), 1);
      count();
    };
    one.begin = async () => {
      one.state = "running";
      const earlier = upload.url ? [] : await upload.findPreviousUploads().catch(() => []);
      if (one.state !== "running") return;
      if (earlier.length) upload.resumeFromPreviousUpload(earlier[earlier.length - 1]);
      upload.start();
    };
    resume();
  };

  form.addEventListener("submit", (event) => {
    const { csrf, akte, dateien } = form.elements;
    if (!dateien.files.length) return;
    event.preventDefault();
    section.hidden = false;
    for (const file of dateien.files) take(file, akte.value.trim(), csrf.value);
    dateien.value = "";
    told.focus();
  });
  window.addEventListener("beforeunload", (event) => {
    if (all.some((one) => one.state === "running" || one.state === "waiting")) event.preventDefault();
  });
})();
