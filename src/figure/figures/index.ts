import type { Figure } from "../figure.js";
import { benignB, benignD } from "./benign.js";
import { digitsFigure } from "./digits.js";
import { direction } from "./direction.js";
import { exploreDirection } from "./explore-direction.js";
import { exploreTradeOff } from "./explore-trade-off.js";
import { figure1 } from "./figure-1.js";
import { figure2 } from "./figure-2.js";
import { lda } from "./lda.js";
import { scaling } from "./scaling.js";
import { softmaxFigure } from "./softmax.js";
import { softmaxLengths } from "./softmax-lengths.js";
import { threshold } from "./threshold.js";
import { training } from "./training.js";

/** Every figure there is. */
export const figures: readonly Figure[] = [
  ...[figure1, figure2, benignD, benignB],
  ...[threshold, direction, scaling, lda, training],
  ...[softmaxLengths, softmaxFigure, digitsFigure],
  ...[exploreTradeOff, exploreDirection],
];

/** The figure of that name. @throws RangeError listing the names there are. */
export function figureOf(id: string): Figure {
  const figure = figures.find((candidate) => candidate.id === id);
  if (!figure)
    throw new RangeError(`there is no figure "${id}"; there are ${figures.map((each) => each.id).join(", ")}`);
  return figure;
}
