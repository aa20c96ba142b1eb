import type { Paper } from "../src/claim/theorem.js";

export const magenVardi2025: Paper = {
  authors: "Magen & Vardi",
  year: 2025,
  title: "Transformers are almost optimal metalearners for linear classification",
  reference: "arXiv 2510.19797 (NeurIPS 2025)",
};

export const shenZhouYangShen2024: Paper = {
  authors: "Shen, Zhou, Yang & Shen",
  year: 2024,
  title: "On the training convergence of transformers for in-context classification of Gaussian mixtures",
  reference: "arXiv 2410.11778 (ICML 2025)",
};

export const freiVardi2024: Paper = {
  authors: "Frei & Vardi",
  year: 2024,
  title: "Trained transformer classifiers generalize and exhibit benign overfitting in-context",
  reference: "arXiv 2410.01774 (ICLR 2025)",
};

export const zhangFreiBartlett2024: Paper = {
  authors: "Zhang, Frei & Bartlett",
  year: 2024,
  title: "Trained transformers learn linear models in-context",
  reference: "arXiv 2306.09927 (JMLR 25, 2024)",
};
