// Small behaviours that pages ask for by data attributes; every page works without them.
(() => {
  // <select data-autosubmit> sends its form at once.
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-autosubmit]")) event.target.form.requestSubmit();
  });

  // <form data-confirm="question"> asks before it is sent.
  document.addEventListener("submit", (event) => {
    const question = event.target.dataset.confirm;
    if (question && !window.confirm(question)) event.preventDefault();
  });

  // <select data-shows="group"> shows the elements <... data-shown-by="group" data-shown-for="value …"> of its value.
  const show = (select) => {
    document.querySelectorAll(`[data-shown-by="${select.dataset.shows}"]`).forEach((part) => {
      const wanted = part.dataset.shownFor.split(" ").includes(select.value);
      part.hidden = !wanted;
      part.querySelectorAll("input, select, textarea").forEach((field) => {
        field.disabled = !wanted;
      });
    });
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches("select[data-shows]")) show(event.target);
  });
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("select[data-shows]").forEach(show);
  });

  // <button data-copy="ID"> copies the text of that element.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
  });

  // A failed request in the background is said in the page, in the server's words.
  const say = (html) => {
    const box = document.getElementById("messages");
    if (box) {
      box.innerHTML = html;
      box.scrollIntoView({ block: "nearest" });
    }
  };
  document.addEventListener("htmx:responseError", (event) => say(event.detail.xhr.responseText));
  document.addEventListener("htmx:sendError", () => {
    const lost = document.getElementById("connection-lost");
    if (lost) say(lost.innerHTML);
  });
})();
