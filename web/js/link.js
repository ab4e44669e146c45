/**
 * A one-time link is `/vao#secret`: the part after # never reaches a server, a log or a referrer.
 * This puts it into `<input data-link-secret>` of the page's form and clears it from the address;
 * `<form data-link-auto>` is then sent at once.
 */

const secret = decodeURIComponent(location.hash.slice(1));
if (secret !== "" && secret !== "main") {
  history.replaceState(null, "", location.pathname + location.search);
  const field = document.querySelector("input[data-link-secret]");
  if (field instanceof HTMLInputElement) {
    field.value = secret;
    for (const part of document.querySelectorAll("[data-link-only]")) part.removeAttribute("hidden");
    for (const part of document.querySelectorAll("[data-link-else]")) part.setAttribute("hidden", "");
    if (field.form?.matches("[data-link-auto]")) field.form.requestSubmit();
  }
}
