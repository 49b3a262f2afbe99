/* Runs before the first paint: says that scripts are on, and turns the chosen theme (light, dark or
   as the system) into the attribute the styles listen to. Without scripts the page is light. */
"use strict";
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const stored = () => {
    try { return localStorage.getItem("genjin.theme"); } catch { return null; }
  };
  const apply = () => {
    root.dataset.bsTheme = stored() || (dark.matches ? "dark" : "light");
  };
  root.classList.add("js");
  apply();
  dark.addEventListener("change", apply);
  addEventListener("genjin:theme", apply);
})();
