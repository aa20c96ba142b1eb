/** How near, in pixels, the pointer must come to a mark to be answered. */
const reach = 28;

/**
 * Charts name their marks in titles, which browsers show late, and on the mark itself alone. Here the nearest mark's
 * title is shown at once, to the pointer, to a finger and, with the arrow keys, to the keyboard.
 */
export function answerCharts(): void {
  const tip = document.createElement("div");
  tip.id = "tip";
  tip.setAttribute("role", "status");
  tip.hidden = true;
  document.body.append(tip);
  let lit: Element | undefined;
  const hide = () => {
    tip.hidden = true;
    lit?.classList.remove("lit");
    lit = undefined;
  };
  const show = (mark: Element) => {
    if (mark === lit) return;
    hide();
    lit = mark;
    mark.classList.add("lit");
    tip.textContent = mark.getAttribute("data-tip");
    tip.hidden = false;
    const box = mark.getBoundingClientRect();
    const own = tip.getBoundingClientRect();
    const left = Math.max(8, Math.min(innerWidth - own.width - 8, box.left + box.width / 2 - own.width / 2));
    const above = box.top - own.height - 8;
    tip.style.left = `${left}px`;
    tip.style.top = `${above > 8 ? above : box.bottom + 8}px`;
  };
  for (const chart of document.querySelectorAll<SVGSVGElement>("svg.chart")) {
    for (const title of chart.querySelectorAll("title")) {
      title.parentElement!.setAttribute("data-tip", title.textContent!);
      title.remove();
    }
    const marks = [...chart.querySelectorAll("[data-tip]")];
    if (marks.length === 0) continue;
    const nearest = (x: number, y: number) => {
      let [best, least]: [Element | undefined, number] = [undefined, reach];
      for (const mark of marks) {
        const { left, right, top, bottom } = mark.getBoundingClientRect();
        const across = Math.max(left - x, 0, x - right);
        const down = Math.max(top - y, 0, y - bottom);
        const distance = Math.hypot(across, down);
        if (distance < least) [best, least] = [mark, distance];
      }
      return best;
    };
    const follow = ({ clientX, clientY }: PointerEvent) => {
      const mark = nearest(clientX, clientY);
      if (mark) show(mark);
      else hide();
    };
    chart.addEventListener("pointermove", follow);
    chart.addEventListener("pointerdown", follow);
    chart.addEventListener("pointerleave", hide);
    chart.addEventListener("blur", hide);
    chart.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (event.key === "Escape") hide();
      if (step === undefined) return;
      event.preventDefault();
      const at = lit ? marks.indexOf(lit) : -1;
      show(marks[(at + step + marks.length) % marks.length]!);
    });
  }
  addEventListener("scroll", hide, { passive: true });
}
