import { describe, expect, it } from "vitest";
import { readable } from "../../src/report/readable.js";
import { theorems } from "../../theorems/index.js";

const raw = String.raw;

describe("formulas as Unicode", () => {
  it.each([
    [raw`W_t/\|W_t\|_F \to W_{MM}`, "Wₜ/‖Wₜ‖_F → W_MM"],
    [raw`\arg\min \|W\|_F \text{ s.t. } m_\tau^\top W u_\tau \ge 1`, "arg min ‖W‖_F s.t. m_τᵀWu_τ ≥ 1"],
    [raw`h_n(t) = \mathbb{E}(g - t)_+^n,\quad h_1 = \frac{k\lambda}{B\sigma}`, "hₙ(t) = E(g − t)₊ⁿ,  h₁ = kλ/(Bσ)"],
    [raw`e^{-t/\kappa}\,\|W_0\|^2, \qquad \kappa = 1/\lambda_{\min}`, "e^(−t/κ) ‖W₀‖²,  κ = 1/λ_min"],
    [raw`\Gamma = (1 + \tfrac1N)\Lambda + \tfrac{\mathrm{tr}\,\Lambda}{N} I`, "Γ = (1 + 1/N)Λ + (tr Λ)/N · I"],
    [raw`\Bigl(1 + \tfrac{k-1}{NR^2}\Bigr)^{-1}`, "(1 + (k − 1)/(NR²))⁻¹"],
    [raw`|\mathrm{err} - \tfrac12| \le \tilde R/\sqrt{2\pi}`, "|err − 1/2| ≤ R̃/√(2π)"],
    [raw`y_i^{\mathrm{noisy}} \ \forall i \text{ and } \Pr[\hat y \ne y] \approx 0`, "yᵢ^noisy ∀i and Pr[ŷ ≠ y] ≈ 0"],
    [raw`P(\cdot \mid x) \propto |\log s|`, "P(· | x) ∝ |log s|"],
    [raw`|a| \log |b|`, "|a| log |b|"],
    [raw`\log |b|`, "log |b|"],
    [raw`\ge 2`, "≥ 2"],
    [raw`(\le 2)`, "(≤ 2)"],
    [raw`c < c' \implies \mathrm{TV}_{c'} > -\infty`, "c < c′ ⇒ TV_c′ > −∞"],
    [raw`\lim_{N, M \to \infty} x`, "lim_(N, M → ∞) x"],
    [raw`W^*\,x \cdot y`, "W* x · y"],
    [raw`\sqrt d \ll \frac{1}{\mathrm{SNR}^2}`, "√d ≪ 1/SNR²"],
  ])("%s", (tex, text) => {
    expect(readable(tex)).toBe(text);
  });

  it.each(theorems.map(({ id, statement }) => [id, statement]))("%s: nothing of TeX is left", (_, statement) => {
    const unknown: string[] = [];
    expect(readable(statement!, (command) => unknown.push(command))).not.toMatch(/[\\{}]/);
    expect(unknown).toEqual([]);
  });

  it("writes the name of a command that it does not know, and closes what is left open", () => {
    const unknown: string[] = [];
    expect(readable(raw`\nosuch x`, (command) => unknown.push(command))).toBe("nosuch x");
    expect(unknown).toEqual([raw`\nosuch`]);
    expect(readable(raw`x^{2`)).toBe("x²");
    expect(readable("")).toBe("");
    expect(readable("^2")).toBe("²");
    expect(readable(raw`\frac`)).toBe("/()");
    expect(readable(raw`\constructor`)).toBe("constructor");
  });
});
