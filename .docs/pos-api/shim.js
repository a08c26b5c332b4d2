// Links that were made for Square's app open this register instead. Load it before anything else, and say
// where the register is: countertop: for its own program, or its address in the same browser:
//
//   <script src="shim.js" data-register="http://127.0.0.1:7670"></script>
//
// It catches links that are pressed; for an address that a script opens: location = countertopLink(address).
const register = document.currentScript?.dataset.register ?? "countertop:";
function countertopLink(address) {
  const fields = /#Intent;(.*?);?end;?$/s.exec(address)?.[1].split(";") ?? [];
  const members = fields.map((field) => field.replace(/^[Sil]\./, "")).filter((field) => field.startsWith("com.squareup."));
  const link = address.startsWith("intent:") ? `countertop://charge?${members.join("&")}` : address.replace(/^square-commerce-v1:/i, "countertop:");
  return register === "countertop:" || link === address ? link : `${register}/#/request/${encodeURIComponent(link)}`;
}
addEventListener("click", (event) => {
  const link = event.target.closest?.('a[href^="intent:" i], a[href^="square-commerce-v1:" i]');
  if (link) (event.preventDefault(), location.assign(countertopLink(link.getAttribute("href"))));
}, true);
