declare module "mathjs/lib/browser/math.js" {
  const mathjs: typeof import("mathjs");
  export default mathjs;
}
