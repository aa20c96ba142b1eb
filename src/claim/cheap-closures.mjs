/*
 * tsx has esbuild define the name of every function whenever it is made, and a theorem makes many: that takes 5% of
 * lda-equivalence. Here the helper that would do it returns the function as it is. An arrow's name is then empty, which
 * nothing asks for (stack traces infer it). Of the same length, so that places in stack traces stay.
 */
const naming = 'var __name=(target,value)=>__defProp(target,"name",{value,configurable:true});';
const nothing = "var __name=target=>target;".padEnd(naming.length);

/** The hook of Node's `module.register`, on top of tsx's. */
export async function load(url, context, nextLoad) {
  const loaded = await nextLoad(url, context);
  if (typeof loaded.source !== "string") return loaded;
  return { ...loaded, source: loaded.source.replace(naming, nothing) };
}
