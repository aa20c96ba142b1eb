// What every page has: dark and light, lines to copy, charts that answer, and the filter of the contents.

import { element } from "./load.js";
import { answerCharts } from "./tips.js";

const dark = matchMedia("(prefers-color-scheme: dark)");
const root = document.documentElement;
const toggle = element<HTMLButtonElement>("theme");
const isDark = () => (root.dataset.theme ?? (dark.matches ? "dark" : "light")) === "dark";
const label = () => {
  toggle.textContent = isDark() ? "Light" : "Dark";
};
toggle.hidden = false;
label();
dark.addEventListener("change", label);
toggle.addEventListener("click", () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  try {
    localStorage.setItem("icl-theme", root.dataset.theme);
  } catch {
    // Where nothing may be stored the choice lasts as long as the page.
  }
  label();
});

for (const button of document.querySelectorAll<HTMLButtonElement>(".copy")) button.hidden = false;
document.addEventListener("click", async ({ target }) => {
  const button = (target as Element).closest<HTMLButtonElement>(".copy");
  if (!button) return;
  const text = button.dataset.copy!;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    // A page opened as a file may have no clipboard: the line is selected instead.
    const line = button.previousElementSibling!;
    getSelection()?.selectAllChildren(line);
    button.textContent = "Selected";
  }
  setTimeout(() => {
    button.textContent = "Copy";
  }, 1500);
});

answerCharts();

const filter = document.getElementById("filter") as HTMLFormElement | null;
if (filter) {
  filter.hidden = false;
  const value = (id: string) => element<HTMLInputElement | HTMLSelectElement>(id).value;
  const rows = [...document.querySelectorAll<HTMLElement>(".theorem")];
  const apply = () => {
    const words = value("search").toLowerCase().split(/\s+/).filter(Boolean);
    const [paper, status, verdict, assumption] = ["paper", "status", "verdict", "assumption"].map(value);
    let shown = 0;
    for (const row of rows) {
      const { dataset } = row;
      const fits =
        words.every((word) => dataset.words!.includes(word)) &&
        (paper === "" || dataset.paper === paper) &&
        (status === "" || dataset.status === status) &&
        (verdict === "" || dataset.verdicts!.split(" ").includes(verdict!)) &&
        (assumption === "" || dataset.assumptions!.split(" ").includes(assumption!));
      row.hidden = !fits;
      if (fits) shown++;
    }
    for (const section of document.querySelectorAll<HTMLElement>(".paper")) {
      section.hidden = !section.querySelector(".theorem:not([hidden])");
    }
    element("matches").textContent = `${shown} of ${rows.length} theorems`;
  };
  filter.addEventListener("input", apply);
  filter.addEventListener("submit", (event) => event.preventDefault());
  apply();
}
