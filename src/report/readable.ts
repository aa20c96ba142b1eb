/** How a piece of a formula stands to its neighbours. */
type Kind =
  | "letter"
  | "word"
  | "sign"
  | "relation"
  | "open"
  | "close"
  | "bar"
  | "slash"
  | "comma"
  | "fraction"
  | "space";

interface Piece {
  readonly kind: Kind;
  readonly text: string;
}

const table = (kind: Kind, text: string): [string, Piece][] =>
  text
    .trim()
    .split(/\s+/)
    .map((entry) => entry.split("="))
    .map(([name, symbol]) => [name!, { kind, text: symbol! }]);

/** The commands that are one symbol, by name. */
const symbols: Readonly<Record<string, Piece>> = Object.fromEntries([
  ...table(
    "letter",
    `alpha=α beta=β gamma=γ delta=δ epsilon=ε varepsilon=ε zeta=ζ eta=η theta=θ iota=ι kappa=κ lambda=λ mu=μ nu=ν xi=ξ
    pi=π rho=ρ sigma=σ tau=τ upsilon=υ phi=φ varphi=φ chi=χ psi=ψ omega=ω Gamma=Γ Delta=Δ Theta=Θ Lambda=Λ Xi=Ξ Pi=Π
    Sigma=Σ Upsilon=Υ Phi=Φ Psi=Ψ Omega=Ω ell=ℓ top=ᵀ infty=∞ forall=∀ exists=∃ angle=∠ partial=∂ nabla=∇ sum=Σ prod=Π
    int=∫ emptyset=∅ ldots=… dots=… cdots=⋯ prime=′ star=*`,
  ),
  ...table("word", "arg=arg min=min max=max sup=sup inf=inf lim=lim log=log ln=ln exp=exp sin=sin cos=cos tan=tan"),
  ...table("word", "Pr=Pr det=det dim=dim ker=ker deg=deg gcd=gcd"),
  ...table("sign", "cdot=· times=× pm=± mp=∓ circ=∘ oplus=⊕ otimes=⊗ cup=∪ cap=∩ setminus=∖ wedge=∧ vee=∨"),
  ...table(
    "relation",
    `ll=≪ gg=≫ le=≤ leq=≤ ge=≥ geq=≥ ne=≠ neq=≠ approx=≈ equiv=≡ sim=~ simeq=≃ propto=∝ to=→ rightarrow=→ mapsto=↦
    implies=⇒ Rightarrow=⇒ iff=⇔ in=∈ notin=∉ subset=⊂ subseteq=⊆ perp=⊥ mid=|`,
  ),
  ...table("open", "langle=⟨ lfloor=⌊ lceil=⌈"),
  ...table("close", "rangle=⟩ rfloor=⌋ rceil=⌉"),
]);

const characters: Readonly<Record<string, Kind>> = {
  ...{ "+": "sign", "-": "sign", "=": "relation", "<": "relation", ">": "relation", "(": "open", "[": "open" },
  ...{ ")": "close", "]": "close", "|": "bar", "/": "slash", ",": "comma", ";": "comma", ":": "comma" },
};

const accents: Readonly<Record<string, string>> = {
  ...{ hat: "\u0302", widehat: "\u0302", tilde: "\u0303", widetilde: "\u0303", bar: "\u0304", overline: "\u0304" },
  ...{ vec: "\u20d7", dot: "\u0307", ddot: "\u0308" },
};

const scripts = (from: string, to: string) => new Map([...from].map((char, i) => [char, [...to][i]!]));
const superscripts = scripts("0123456789+−=()abcdefghijklmnoprstuvwxyzᵀ", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵀ");
const subscripts = scripts("0123456789+−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ");

/** A wide gap, until the line is put together. */
const gap = "\u2003";

/** Commands that say how large or in which font something is, and nothing else. */
const silent = /^(left|right|[bB]ig{1,2}[lr]?|limits|displaystyle|textstyle|!)$/;

/**
 * A formula in TeX as a line of Unicode for a terminal: "\frac{k\lambda}{B}" is "kλ/B", "W^\top" is "Wᵀ". It knows what
 * statements of theorems use: letters, relations, operators, accents, scripts, fractions and roots; of any other
 * command it writes the name. Cost: linear in the text.
 * @param unknown hears of each command that it does not know.
 */
export function readable(tex: string, unknown: (command: string) => void = () => undefined): string {
  const tokens = tex.match(/\\[a-zA-Z]+|\\.|\s+|./gsu) ?? [];
  let at = 0;

  /** Pieces up to the brace that closes them, or to the end. */
  function group(): Piece[] {
    const pieces: Piece[] = [];
    while (at < tokens.length) {
      const token = tokens[at]!;
      if (token === "}") {
        at++;
        break;
      }
      if (token === "^" || token === "_") {
        at++;
        const before = pieces.pop() ?? { kind: "letter", text: "" };
        pieces.push({ ...before, text: before.text + script(joined(argument()), token) });
      } else pieces.push(...piece());
    }
    return pieces;
  }

  /** What a command applies to: a group, or one piece. */
  function argument(): Piece[] {
    while (/^\s/.test(tokens[at] ?? "")) at++;
    if (tokens[at] === "{") {
      at++;
      return group();
    }
    return at < tokens.length ? piece() : [];
  }

  /** The text of a group as it stands, spaces and all. */
  function words(): string {
    let text = "";
    if (tokens[at] !== "{") return joined(argument());
    for (at++; at < tokens.length && tokens[at] !== "}"; at++) text += tokens[at];
    at++;
    return text;
  }

  function piece(): Piece[] {
    const token = tokens[at++]!;
    if (token === "{") return [{ kind: "letter", text: joined(group()) }];
    if (/^\s/.test(token)) return [];
    if (!token.startsWith("\\")) return [plain(token)];
    const name = token.slice(1);
    const symbol = Object.hasOwn(symbols, name) ? symbols[name] : undefined;
    if (symbol) return [symbol];
    const accent = Object.hasOwn(accents, name) ? accents[name] : undefined;
    if (accent !== undefined) return [{ kind: "letter", text: (joined(argument()) + accent).normalize("NFC") }];
    if (silent.test(name)) return [];
    if (/^[dt]?frac$/.test(name)) {
      const over = joined(argument());
      return [{ kind: "fraction", text: `${/[ /]/.test(over) ? `(${over})` : over}/${inParentheses(argument())}` }];
    }
    if (name === "sqrt") return [{ kind: "letter", text: `√${inParentheses(argument())}` }];
    if (/^(mathrm|operatorname|mathbf|mathit|mathcal|mathbb|mathsf|bm|boldsymbol)$/.test(name)) {
      const text = joined(argument());
      return [{ kind: [...text].length > 1 ? "word" : "letter", text }];
    }
    if (/^(text|textrm|textit|mbox)$/.test(name)) return [{ kind: "space", text: words() }];
    if (/^q?quad$/.test(name)) return [{ kind: "space", text: gap }];
    if (/^[,;: ]$|^\\$|^thinspace$/.test(name)) return [{ kind: "space", text: " " }];
    if (name === "|") return [{ kind: "bar", text: "‖" }];
    if (!/^[a-zA-Z]/.test(name)) return [plain(name)];
    unknown(token);
    return [{ kind: "word", text: name }];
  }

  return joined(group())
    .replaceAll(new RegExp(` *${gap}[ ${gap}]*`, "g"), "  ")
    .replaceAll("  ", gap)
    .replaceAll(/ +/g, " ")
    .replaceAll(gap, "  ")
    .trim();
}

function plain(char: string): Piece {
  const kind = Object.hasOwn(characters, char) ? characters[char]! : "letter";
  return { kind, text: char === "-" ? "−" : char === "'" ? "′" : char };
}

function script(text: string, side: "^" | "_"): string {
  if (/^[*ᵀ′]$/.test(text)) return text;
  // A word, such as "max" or "MM", is easier to read at full size.
  if (/^\p{L}{2,}$/u.test(text)) return side + text;
  const small = [...text.replaceAll(" ", "")].map((char) => (side === "^" ? superscripts : subscripts).get(char));
  if (small.every((char) => char !== undefined)) return small.join("");
  return /^.′?$/u.test(text) ? side + text : `${side}(${text})`;
}

/** As a divisor or under a root: one symbol with its scripts, a number, a word or a value f(x) stands by itself. */
function inParentheses(pieces: readonly Piece[]): string {
  const text = joined(pieces);
  const alone = pieces.length === 1 && !/[ /]/.test(text);
  return alone || /^(\p{N}+|\p{L}\p{M}*[^\s/()\p{L}]*\(\p{L}\))$/u.test(text) ? text : `(${text})`;
}

function joined(pieces: readonly Piece[]): string {
  let text = "";
  let before: Kind | undefined;
  // What ends something that a sign or a word can follow.
  const ends = (kind?: Kind) => kind === "letter" || kind === "close" || kind === "word" || kind === "fraction";
  let unary = false;
  let bars = 0;
  for (const { kind, text: own } of pieces) {
    const starts = kind === "letter" || kind === "word" || kind === "fraction";
    if (kind === "relation") text += before === undefined || before === "open" ? "" : " ";
    else if (kind === "sign") text += ends(before) || before === "bar" || before === "space" ? " " : "";
    else if (kind === "word") text += ends(before) || (before === "bar" && bars % 2 === 0) ? " " : "";
    else if (before === "word" && (starts || (kind === "bar" && bars % 2 === 0))) text += " ";
    else if (before === "fraction" && (starts || kind === "open")) text += " · ";
    if (before === "relation" || before === "comma" || (before === "sign" && !unary)) text += " ";
    unary = kind === "sign" && !(ends(before) || before === "bar" || before === "space");
    if (kind === "bar") bars++;
    text += own;
    before = kind;
  }
  return text;
}
