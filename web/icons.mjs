// Makes icons.svg, one sprite of the icons named in icons.txt, from the Tabler outline set.
import { readFileSync, writeFileSync } from "node:fs";

const names = readFileSync("icons.txt", "utf8").split("\n").map((line) => line.trim()).filter((line) => line && !line.startsWith("#"));
const out = ['<svg xmlns="http://www.w3.org/2000/svg">'];
// The mark of Diên Hồng: an assembly seated in half circles around one point.
out.push('<symbol id="mark" viewBox="0 0 32 32"><g fill="none" stroke="currentColor" stroke-width="2.6" stroke-linecap="round"><path d="M3.5 23a12.5 12.5 0 0 1 25 0"/><path d="M9.3 23a6.7 6.7 0 0 1 13.4 0"/></g><circle cx="16" cy="22.4" r="2.2" fill="currentColor"/></symbol>');
for (const name of [...new Set(names)].sort()) {
  const source = readFileSync(`node_modules/@tabler/icons/icons/outline/${name}.svg`, "utf8");
  const inner = source.replace(/<!--[\s\S]*?-->/g, "").replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "").replace(/<path stroke="none"[^>]*\/>/, "").replace(/\s*\n\s*/g, "").replace(/\s+\/>/g, "/>").trim();
  // The presentation stands on the symbol itself, so that it also holds where no style sheet reaches.
  out.push(`<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${inner}</symbol>`);
}
out.push("</svg>\n");
writeFileSync("icons.svg", out.join("\n"));
