/**
 * Runs an import of what draws: vega, vega-lite, @resvg/resvg-js and dejavu-fonts-ttf, which whoever never draws need
 * not install. @throws RangeError that says what to install when one of them is missing.
 */
export async function withDrawingPackages<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ERR_MODULE_NOT_FOUND" && code !== "MODULE_NOT_FOUND") throw error;
    throw new RangeError(
      "drawing needs more packages: npm install vega@5 vega-lite@5 @resvg/resvg-js dejavu-fonts-ttf",
    );
  }
}
