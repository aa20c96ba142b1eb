// What one set of simulations for all claims of a theorem saves: CPU seconds of judging its claims together, and each
// by itself on simulations of its own, at equal rates and seeds. `npx tsx bench/shared-simulations.ts [theorem…]`.

import { drawHere } from "../src/claim/drawing.js";
import { judgeItem, suiteItems } from "../src/claim/suite.js";
import { statedWorld } from "../src/claim/theorem.js";
import { theorems } from "../theorems/index.js";

const named = process.argv.slice(2);
const chosen = named.length === 0 ? theorems : theorems.filter(({ id }) => named.includes(id));
const draw = drawHere(theorems);

async function cpuSeconds(run: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

let [sumTogether, sumApart] = [0, 0];
for (const theorem of chosen) {
  const item = suiteItems([theorem]).find(({ world }) => world === statedWorld)!;
  // Once unmeasured, so that neither pays for compiling the code.
  await judgeItem({ ...item, claims: item.claims.slice(0, 1) }, theorems, { draw });
  const together = await cpuSeconds(() => judgeItem(item, theorems, { draw }));
  const apart = await cpuSeconds(async () => {
    for (const claim of item.claims) await judgeItem({ ...item, claims: [claim] }, theorems, { draw });
  });
  sumTogether += together;
  sumApart += apart;
  const ratio = (apart / together).toFixed(1);
  const [one, other] = [together, apart].map((seconds) => seconds.toFixed(1).padStart(6));
  console.log(`${theorem.id.padEnd(30)} together ${one} s, apart ${other} s: ${ratio} times`);
}
console.log(
  `in all: ${sumTogether.toFixed(0)} against ${sumApart.toFixed(0)} s, ${(sumApart / sumTogether).toFixed(2)} times`,
);
