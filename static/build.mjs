// Builds static/src into static/dist: one script, one style sheet, the fonts, and a sprite of the icons in icons.json.
// `node static/build.mjs` builds once; with --watch it keeps building the script and the styles.
import { context } from "esbuild";
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
rmSync(path("dist"), { recursive: true, force: true });
mkdirSync(path("dist"));

const symbols = JSON.parse(readFileSync(path("src/icons.json"), "utf8")).map((name) => {
  const svg = readFileSync(path(`../node_modules/lucide-static/icons/${name}.svg`), "utf8");
  const shapes = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>")).replace(/\s+/g, " ").trim();
  return `<symbol id="${name}" viewBox="0 0 24 24">${shapes}</symbol>`;
});
writeFileSync(path("dist/icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
copyFileSync(path("src/mark.svg"), path("dist/mark.svg"));
cpSync(path("src/img"), path("dist/img"), { recursive: true });
mkdirSync(path("dist/type")); // what the server itself sets texts in: small pictures of them, and PDFs
for (const face of ["Serif", "Serif-Bold", "Serif-Italic", "Serif-BoldItalic", "Sans", "SansMono"])
  copyFileSync(path(`../node_modules/dejavu-fonts-ttf/ttf/DejaVu${face}.ttf`), path(`dist/type/${face}.ttf`));

const build = await context({
  entryPoints: { studio: path("src/main.js"), pad: path("src/pad.js"), write: path("src/write.js"), house: path("src/css/house.css") },
  outdir: path("dist"), bundle: true, minify: true, format: "esm", target: ["chrome109", "safari16.4", "firefox115"],
  loader: { ".woff2": "file" }, assetNames: "fonts/[name]-[hash]", legalComments: "none", logLevel: "info",
});
if (process.argv.includes("--watch")) await build.watch();
else { await build.rebuild(); await build.dispose(); }
