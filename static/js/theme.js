// Sets the theme before the first paint: the reader's choice, or the device's where the choice is "auto".
(() => {
  const root = document.documentElement;
  const device = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const choice = root.dataset.theme || "auto";
    root.dataset.bsTheme = choice === "auto" ? (device.matches ? "dark" : "light") : choice;
    document.dispatchEvent(new CustomEvent("govern:theme"));
  };
  device.addEventListener("change", apply);
  apply();
})();
