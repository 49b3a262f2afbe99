/* .error-summary a[href="#id_error"]: leads to the field that is wrong, opens the fold it lies in and
   puts the focus there. Without scripts the link scrolls to the sentence beside the field. */
"use strict";
(() => {
  const fields = "input:not([type=hidden], :disabled), select:not(:disabled), textarea:not(:disabled)";
  addEventListener("click", (event) => {
    const link = event.target.closest(".error-summary a");
    const wrong = link && document.getElementById(link.hash.slice(1));
    if (!wrong) return;
    event.preventDefault();
    for (let fold = wrong.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    const around = wrong.closest("fieldset.ask, .mb-3, .question, .because") || wrong.parentElement;
    around.querySelector(fields)?.focus({ preventScroll: true });
    wrong.scrollIntoView({ block: "center" });
  });
})();
